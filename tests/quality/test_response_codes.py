"""Each expectation of the response-code audit is met by a sound sample and broken by one fault."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from python_models.quality import AuditTables, audit, write_data_docs

SAMPLE = "KOR-2023"


def table(names, *rows, sample=True):
    frame = pd.DataFrame(rows, columns=names.split())
    if sample:
        frame.insert(0, "sample_id", SAMPLE)
    return frame


SOUND = AuditTables(
    samples=table("n_expected", (1008,)),
    stg_column=table(
        "variable role code_list category_set",
        ("ID", "id", None, None), ("Q1", "answer", "good_bad", "good_bad"), ("AGE", "answer", None, "age_group")),
    code_lists=table(
        "code_list code category_id",
        ("good_bad", "1", "good"), ("good_bad", "2", "bad"), ("good_bad", "9", "no_answer"),
        ("good_bad", "5", "no such category"), sample=False),
    categories=table(
        "category_set category_id value_min value_max label_en label_ko label_ja",
        ("good_bad", "good", None, None, "Good", "좋음", "良い"), ("good_bad", "bad", None, None, "Bad", "나쁨", "悪い"),
        ("reserved", "no_answer", None, None, "No answer", "무응답", "無回答"),
        ("age_group", "young", 18, 59, "Young", "청년", "若い"), ("age_group", "old", 60, 120, "Old", "노년", "老いた"),
        sample=False),
    missing_bands=table(
        "country question_id missing_type min_pct max_pct",
        ("KOR", "impression", "dont_know", 1, 10), ("KOR", None, "dont_know", 0, 20), ("KOR", None, "no_answer", 0, 2),
        sample=False),
    variable=table("variable", ("ID",), ("Q1",), ("AGE",)),
    value_label=table("variable code label", ("Q1", "1", "좋음"), ("Q1", "2", "나 쁨."), ("Q1", "9", "거절")),
    wave_file=table("n_rows", (1008,)),
    file_problem=pd.DataFrame(columns=["rule", "file", "sample_id", "what"], dtype="object"),
    int_judged_sample=pd.DataFrame({"sample_id": [SAMPLE]}),
    int_identifier_count=table("n_ids", (1008,)),
    int_code_frequency=table(
        "variable code number n",
        ("Q1", "1", None, 600), ("Q1", "2", None, 400), ("Q1", "9", None, 8), ("AGE", "34", 34.0, 1008)),
    int_missing_share=table(
        "country question_id missing_type n base_n is_judged",
        ("KOR", "impression", "dont_know", 50, 1008, True), ("KOR", "impression", "no_answer", 8, 1008, True),
        ("KOR", "new", "dont_know", 150, 1008, True), ("KOR", "not judged", "dont_know", 1008, 1008, False)),
)
NAMES = {
    "the file can be read as the samples seed says": "unreadable_file",
    "the file has as many records as the agency reports": "wrong_n",
    "every record has an identifier of its own": "duplicate_respondent",
    "every column of the file is in the crosswalk": "unknown_variable",
    "every column of the crosswalk is in the file": "missing_variable",
    "every code has a category": "unknown_code",
    "no label contradicts the code list": "contradicting_label",
    "every number of age_group is in range": "number_out_of_range",
    "no share of missing answers is above its band": "missing_share",
    "no share of missing answers is below its band": "missing_share",
}


def outcome(**changed):
    """The rows of the audit by expectation; a list is added to the sound rows, a frame takes their place."""
    tables = {}
    for name, rows in changed.items():
        sound = getattr(SOUND, name)
        added = pd.DataFrame([dict(zip([c for c in sound if c != "sample_id"], row)) for row in rows]) \
            if isinstance(rows, list) else None
        if added is not None and "sample_id" in sound:
            added["sample_id"] = SAMPLE
        tables[name] = rows if added is None else pd.concat([sound, added], ignore_index=True)
    return audit(replace(SOUND, **tables)).rows.set_index("expectation")


def test_a_sound_sample_meets_every_expectation():
    rows = outcome()
    assert rows["success"].all()
    assert rows["rule"].to_dict() == NAMES
    assert rows["unexpected"].isna().all() and (rows["n_unexpected"] == 0).all()
    assert [rows.loc[name, "n_elements"] for name in NAMES] == [0, 1, 1, 3, 3, 3, 2, 1, 3, 3]


FAULTS = [
    ("int_code_frequency", [("Q1", "7", None, 3)], "every code has a category", "Q1 = 7 (3)"),
    # A code of the list whose category the question's set does not have means nothing.
    ("int_code_frequency", [("Q1", "5", None, 3)], "every code has a category", "Q1 = 5 (3)"),
    ("int_code_frequency", [("AGE", "4x", None, 2)], "every code has a category", "AGE = 4x (2)"),
    ("int_code_frequency", [("AGE", "134", 134.0, 3)], "every number of age_group is in range", "AGE = 134 (3)"),
    ("variable", [("Q2",)], "every column of the file is in the crosswalk", "Q2"),
    ("variable", SOUND.variable.head(2), "every column of the crosswalk is in the file", "AGE"),
    ("wave_file", SOUND.wave_file.assign(n_rows=1007), "the file has as many records as the agency reports",
     "1007 records with 1008 identifiers"),
    ("int_identifier_count", SOUND.int_identifier_count.assign(n_ids=1006), "every record has an identifier of its own",
     "1008 records with 1006 identifiers"),
    ("value_label", SOUND.value_label.replace("좋음", "悪い"), "no label contradicts the code list",
     "Q1 = 1 means good and is labelled '悪い' (bad)"),
    ("int_missing_share", [("KOR", "sex", "no_answer", 30, 1000, True)], "no share of missing answers is above its band",
     "sex no_answer 3.0% (30)"),
    ("int_missing_share", SOUND.int_missing_share.replace({"n": {50: 5}}), "no share of missing answers is below its band",
     "impression dont_know 0.5% (5)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rows", "expectation", "unexpected"), FAULTS, ids=[f"{f[0]}-{f[3]}" for f in FAULTS])
def test_one_fault_breaks_one_expectation(name, rows, expectation, unexpected):
    found = outcome(**{name: rows})
    failed = {expectation} | ({"every record has an identifier of its own"} if name == "wave_file" else set())
    assert set(found.index[~found["success"]]) == failed
    assert found.loc[expectation, "unexpected"] == unexpected
    assert found.loc[expectation, "n_unexpected"] == 1


def test_the_faults_break_every_expectation():
    assert {fault[2] for fault in FAULTS} | {"the file can be read as the samples seed says"} == set(NAMES)


def test_a_country_without_a_band_has_no_believed_share():
    shares = table("country question_id missing_type n base_n is_judged", ("CHN", "sex", "no_answer", 30, 1000, True))
    assert not outcome(int_missing_share=shares)["success"].all()


def test_of_a_file_that_cannot_be_judged_only_the_file_is_audited():
    problem = pd.DataFrame({
        "rule": ["wrong_encoding"], "file": ["2023/KOR.csv"], "sample_id": [SAMPLE], "what": ["byte 17 is no utf-8"]})
    nothing = {name: getattr(SOUND, name).head(0) for name in (
        "wave_file", "int_judged_sample", "variable", "int_code_frequency", "int_missing_share", "value_label",
        "int_identifier_count")}
    found = outcome(file_problem=problem, **nothing)
    assert set(found.index) == set(list(NAMES)[:2])
    read = found.loc["the file can be read as the samples seed says"]
    assert (read["success"], read["rule"]) == (False, "wrong_encoding")
    assert read["unexpected"] == "wrong_encoding: byte 17 is no utf-8"


def test_many_faults_are_cut_short_and_counted():
    found = outcome(int_code_frequency=[("Q1", str(code), None, 1) for code in range(10, 25)])
    shown = found.loc["every code has a category", "unexpected"]
    assert shown.startswith("Q1 = 10 (1); ")
    assert shown.endswith("; and 5 more")


def test_an_expectation_that_cannot_be_evaluated_is_an_error(monkeypatch):
    # A text where a number belongs: the comparison with the band fails inside Great Expectations.
    monkeypatch.setattr("python_models.quality.response_codes.suites.number_column", lambda category_set: "item")
    with pytest.raises(RuntimeError, match=f"{SAMPLE}: the expectation 'every number of age_group is in range' could not"):
        audit(SOUND)


def test_the_pages_say_what_failed_and_need_no_network(tmp_path):
    failed = replace(SOUND, int_code_frequency=pd.concat(
        [SOUND.int_code_frequency, SOUND.int_code_frequency.head(1).assign(code="<b>7")]))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "KOR-1999.html").write_text("of an earlier audit")
    write_data_docs(audit(failed).results, tmp_path / "docs")
    pages = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "docs").iterdir()}
    assert set(pages) == {"index.html", f"{SAMPLE}.html"}
    assert "0 of 1 samples passed" in pages["index.html"]
    assert "every code has a category" in pages["index.html"]
    assert "Q1 = &lt;b&gt;7 (600)" in pages[f"{SAMPLE}.html"]
    assert all(name in pages[f"{SAMPLE}.html"] for name in NAMES)
    for page in pages.values():
        links = re.findall(r"""\s(?:src|href|action|data)\s*=\s*["']?([^"'\s>]*)""", page)
        assert {link.split("#")[0] for link in links} <= {"", "index.html", f"{SAMPLE}.html"}
        # A browser that keeps to it loads nothing, whatever a wave file may hold.
        assert """content="default-src 'none'; style-src 'unsafe-inline'">""" in page
        assert not re.search(r"<script|<iframe|<img|@import|url\(|https?:", page)
