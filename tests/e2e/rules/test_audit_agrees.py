"""The SQL rules and the suites of Great Expectations, built from the same seeds, catch the same faults.

The files of one copy are damaged so that every expectation fails somewhere, each fault on a sample of its own.
Both have to name it there and nowhere else; of the sound files neither says anything.
"""

import html
import re

import pytest
from kjpoll.checks.gate import GateClosed, close_gate, unexplained_failures

from tests.support.wave_edit import editing

pytestmark = pytest.mark.long

IN_RANGE = "every number of age_group is in range"
READABLE = "the file can be read as the samples seed says"
RELATIONS = "current_relations"


def sample(project, sample_id: str) -> dict[str, str]:
    (row,) = [row for row in project.seed("survey/samples") if row["sample_id"] == sample_id]
    return row


def recode(project, sample_id: str, variable: str, old, new, how_many: int) -> None:
    """Give the first records with one code another one."""
    n_records = sample(project, sample_id)["n_expected"]
    with editing(project, sample_id) as wave:
        rows = [row for row in range(1, int(n_records) + 1) if wave.get(row, variable) == old][:how_many]
        assert rows
        for row in rows:
            wave.set(row, variable, new)


def add_column(project, sample_id: str, *values) -> None:
    with editing(project, sample_id) as wave:
        wave.add_column("NEW", *values)


def forget_column(project, sample_id: str) -> None:
    """The crosswalk knows a column that the file lacks."""
    ghost = {"sample_id": sample_id, "variable": "GHOST", "role": "ignored", "review": "reviewed"}
    project.append("crosswalk/variables", ghost | {"note": "no such column"})


def lose_a_record(project, sample_id: str) -> None:
    with editing(project, sample_id) as wave:
        wave.rows.pop()


def blur_identifier(project, sample_id: str, *value) -> None:
    """The fourth record has the identifier of the third, or the value given."""
    identifier = sample(project, sample_id)["id_variable"]
    with editing(project, sample_id) as wave:
        wave.set(4, identifier, *(value or [wave.get(3, identifier)]))


def relabel(project, sample_id: str, variable: str, **labels: int) -> None:
    """Give codes the labels of other codes: _2=1 labels the code 2 as 1."""
    with editing(project, sample_id) as wave:
        own = wave.value_labels[variable]
        wave.value_labels[variable] = own | {float(c[1:]): own[float(other)] for c, other in labels.items()}


def break_file(project, file: str) -> None:
    (project.root / "data" / "raw" / file).write_bytes(b"PK this is no workbook")


# Expectation -> sample -> the damage done to its file.
FAULTS = {
    READABLE: {
        "KOR-2016": lambda p: break_file(p, "2016/KOR.xlsx"),
    },
    "the file has as many records as the agency reports": {
        "JPN-2017": lambda p: lose_a_record(p, "JPN-2017"),
    },
    "every record has an identifier of its own": {
        "JPN-2023": lambda p: blur_identifier(p, "JPN-2023"),
        "JPN-2018": lambda p: blur_identifier(p, "JPN-2018", ""),
    },
    "every column of the file is in the crosswalk": {
        "KOR-2023": lambda p: add_column(p, "KOR-2023", 1, "A new question"),
        "KOR-2014": lambda p: add_column(p, "KOR-2014", "1"),
    },
    "every column of the crosswalk is in the file": {
        "KOR-2017": lambda p: forget_column(p, "KOR-2017"),
    },
    "every code has a category": {
        "JPN-2016": lambda p: recode(p, "JPN-2016", "Q1", 3, 7, 2),
        "KOR-2022": lambda p: recode(p, "KOR-2022", "q6", 3, 77, 1),
        # Nobody says don't know any more, which follows from the unknown code and is not reported once more.
        "JPN-2015": lambda p: recode(p, "JPN-2015", "問1", "88", "77", 9_999),
        "JPN-2014": lambda p: recode(p, "JPN-2014", "問1", "どちらともいえない", "普通", 1),
    },
    IN_RANGE: {
        "KOR-2020": lambda p: recode(p, "KOR-2020", "DQ2", "45", "130", 1),
    },
    "no label contradicts the code list": {
        "KOR-2019": lambda p: relabel(p, "KOR-2019", "q3", _1=2, _2=1),
        "KOR-2018": lambda p: relabel(p, "KOR-2018", "Q2", _4=5, _5=4),
    },
    "no label has two meanings": {
        "JPN-2020": lambda p: relabel(p, "JPN-2020", "q1", _1=2),
    },
    "no share of missing answers is above its band": {
        "KOR-2015": lambda p: recode(p, "KOR-2015", "Q1", 3, 8, 60),
        "KOR-2013": lambda p: recode(p, "KOR-2013", "문5", "3", "9", 60),
    },
    "no share of missing answers is below its band": {
        "JPN-2019": lambda p: recode(p, "JPN-2019", "Q1", "わからない", "どちらともいえない", 9_999),
        "JPN-2022": lambda p: recode(p, "JPN-2022", "問1", "88", "3", 9_999),
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def damaged(rehearsal, built, tmp_path_factory):
    project = type(built).copied(tmp_path_factory.mktemp("audit") / "project", kept=built)
    for faults in FAULTS.values():
        for damage in faults.values():
            damage(project)
    outcome = rehearsal.run(project.root)
    pages = {
        path.stem: path.read_text(encoding="utf-8") for path in (project.root / "build/data_docs").iterdir()
    }
    return outcome, pages


def failed(outcome) -> set[tuple[str, str]]:
    rows = outcome.audit[~outcome.audit["success"].astype(bool)]
    return set(zip(rows["expectation"], rows["sample_id"]))


def rules_of(outcome) -> dict[tuple[str, str], str]:
    """(expectation, sample) -> the rule that tells the same."""
    return {(row.expectation, row.sample_id): row.rule for row in outcome.audit.itertuples()}


EXPECTED = {(expectation, sample_id) for expectation, faults in FAULTS.items() for sample_id in faults}


def test_both_are_silent_on_the_sound_files(sound):
    assert failed(sound) == set()
    rules = set(rules_of(sound).values())
    assert not set(sound.violations["rule"]) & rules and sound.gate is None


def test_every_expectation_has_a_fault(sound):
    assert {expectation for expectation, _ in rules_of(sound)} == set(FAULTS)


def test_the_suites_catch_every_fault_where_it_is(damaged):
    assert failed(damaged[0]) == EXPECTED


def test_the_rules_catch_the_same(damaged):
    outcome, _ = damaged
    rules = rules_of(outcome)
    expected = {(rules[fault], fault[1]) for fault in EXPECTED}
    assert all(isinstance(rule, str) for rule, _ in expected)
    found = set(zip(outcome.violations["rule"], outcome.violations["sample_id"]))
    assert (
        found & {(rule, sample_id) for _, sample_id in EXPECTED for rule in set(rules.values())} == expected
    )
    assert {sample_id for rule, sample_id in found if rule in set(rules.values())} == {s for _, s in EXPECTED}
    assert len(unexplained_failures(outcome.violations, outcome.audit)) == 0


def test_a_suite_without_its_rule_closes_the_gate(damaged):
    outcome, _ = damaged
    for rule in sorted({rules_of(outcome)[fault] for fault in EXPECTED}):
        others = outcome.violations[outcome.violations["rule"] != rule].assign(is_waived=True)
        with pytest.raises(GateClosed, match=rf"\(the rule {rule} found nothing\)"):
            close_gate(others, outcome.audit)


def test_waived_violations_are_not_stopped_by_the_suites(damaged):
    outcome, _ = damaged
    passed = close_gate(outcome.violations.assign(is_waived=True), outcome.audit)
    assert passed["n_waived"].tolist() == [len(outcome.violations)]


def test_a_share_outside_its_band_is_reported_with_its_seed_line(damaged):
    found = damaged[0].violations
    found = found[found["rule"] == "missing_share"].set_index("sample_id")
    assert set(found["question_id"]) == {RELATIONS} and set(found["code"]) == {"dont_know"}
    row = found.loc["KOR-2013"]
    assert row["variable"] == "문5" and row["severity"] == "error"
    share = re.fullmatch(r"(\d+\.\d)% of the 1004 asked, outside the band of 0 to 5%", row["finding"])
    assert share and float(share[1]) == pytest.approx(100 * row["n"] / 1004, abs=0.05)
    assert row["resolve_with"] == (
        f"correct the file; or, where it is true, survey/missing_bands.csv: KOR,{RELATIONS},dont_know,0,{-(-100 * row['n'] // 1004)},<note>"
    )
    assert (
        row["waive_with"] == f"missing_share,KOR-2013,{RELATIONS},문5,dont_know,{row['n']},<reason>,<expires>"
    )
    below = found.loc["JPN-2022"]
    assert below["n"] == 0 and below["first_rows"] in (None, "") or below.isna()["first_rows"]
    assert below["resolve_with"] == (
        f"correct the file; or, where it is true, survey/missing_bands.csv: JPN,{RELATIONS},dont_know,0,19,<note>"
    )


def test_the_pages_are_written_though_the_audit_fails(damaged):
    outcome, pages = damaged
    assert len(pages) == 23
    assert f"{22 - len({s for _, s in EXPECTED})} of 22 samples passed" in pages["index"]
    for row in outcome.audit[~outcome.audit["success"].astype(bool)].itertuples():
        assert row.expectation in pages["index"]
        assert f"{row.expectation}: {row.unexpected}" in html.unescape(pages[row.sample_id])
    for page in pages.values():
        assert not re.search(r"""(src|href|action)\s*=\s*["']?\s*(https?:)?//|<script|@import|url\(""", page)
