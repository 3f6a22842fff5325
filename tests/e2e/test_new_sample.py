"""A twenty-third sample comes in by its file and by seed rows alone."""

import csv
import datetime
import os
import shutil
import signal
import time
from collections import defaultdict
from fractions import Fraction

import duckdb
import pytest
from kjpoll.release import difference
from kjpoll.release.changes import COLUMNS
from kjpoll.release.signed import UNSIGNED, unsigned_changes

from tests.support.build_comparison import fingerprints, rebuilt, table_bytes
from tests.support.project import WITHOUT_UNIT_TESTS
from tests.support.signing import release_accepted
from tests.support.wave_edit import editing

pytestmark = pytest.mark.long

N = 40
SAMPLE = "KOR-2024"
REPLACED = "JPN-2018"
RESPONDENTS = range(1, N + 1)
HISTORY = ["1;3", "10", "2;5;10"]
AI_LETTERS = {"A": "helps", "B": "no_difference", "C": "harms", "Z": "dont_know"}
THREATS = ["north_korea", "china", "counterpart", "russia", "usa", "middle_east", "india", "other"]
RELATIONS = {"1": "very_good", "5": "very_bad", "9": "dont_know"}
IMPRESSION = ["good", "relatively_good", "neither", "relatively_bad", "bad"]


def weight(i: int) -> Fraction:
    return [Fraction(1, 2), Fraction(1), Fraction(3, 2)][i % 3]


def record(i: int) -> dict[str, str]:
    """The answers of respondent i as they stand in the file."""
    impression = i % 5 + 1
    in_universe = impression <= 2
    threat = ["9", "", ""] if i == N else [str(i % 8 + 1), str((i + 3) % 8 + 1) if i % 4 else "", ""]
    return {
        "SEQ": str(20240000 + i),
        "WT": str(float(weight(i))),
        # More favourable than any wave before: a later wave does not make what was printed wrong.
        "Q1": "9" if i % 20 == 0 else "5" if i % 5 == 0 else "1",
        "Q2": str(impression),
        "Q3_1": ("9" if i == 5 else str(i % 2)) if in_universe else "97",
        "Q3_2": ("9" if i == 5 else str(1 - i % 2)) if in_universe else "97",
        "Q4_1": threat[0],
        "Q4_2": threat[1],
        "Q4_3": threat[2],
        "Q5": "99" if i == 7 else HISTORY[i % 3],
        "Q6": "Z" if i > 36 else "ABC"[i % 3],
        "SQ1": "MF"[i % 2],
        "YOB": str(2024 - age(i)),
        "MEMO": 'a, "quoted"\nremark' if i == 3 else "",
    }


def age(i: int) -> int:
    return 18 + (i * 7) % 60


def age_band(years: int) -> str:
    bands = [(19, "age_18_19"), (29, "age_20_29"), (39, "age_30_39"), (49, "age_40_49"), (59, "age_50_59")]
    return next((name for last, name in bands if years <= last), "age_60_plus")


def answers(i: int) -> dict[str, set[str]]:
    """What respondent i's answers mean, question by question; a question that was skipped is left out."""
    said = record(i)
    lists = {"1": "comfort_women", "2": "textbooks", "3": "forced_labour", "5": "territorial_dispute",
             "10": "other", "99": "dont_know"}  # fmt: skip
    meant = {
        "current_relations": {RELATIONS[said["Q1"]]},
        "impression_of_counterpart": {IMPRESSION[int(said["Q2"]) - 1]},
        "military_threat": {
            "dont_know" if code == "9" else THREATS[int(code) - 1]
            for code in (said["Q4_1"], said["Q4_2"], said["Q4_3"])
            if code
        },
        "history_issue_to_solve": {lists[code] for code in said["Q5"].split(";")},
        "ai_translation_effect": {AI_LETTERS[said["Q6"]]},
        "sex": {{"M": "male", "F": "female"}[said["SQ1"]]},
        "age_group": {age_band(age(i))},
    }
    if said["Q3_1"] == "9":
        meant["reasons_good_impression"] = {"dont_know"}
    elif said["Q3_1"] != "97":
        meant["reasons_good_impression"] = {"popular_culture"} if said["Q3_1"] == "1" else {"other"}
    return meant


def variable(name: str, question_id: str, layout: str, code_list: str = "", **more: str) -> dict[str, str]:
    return {"sample_id": SAMPLE, "variable": name, "role": "answer", "question_id": question_id,
            "layout": layout, "code_list": code_list, "question_number": name.partition("_")[0],
            "comparability": "identical", "review": "reviewed", **more}  # fmt: skip


def describe(project) -> None:
    """The seed rows of the new wave: all that a maintainer writes beside adding the file."""
    project.append("survey/samples", {
        "sample_id": SAMPLE, "wave": 2024, "country": "KOR", "series": "KOR", "file": "2024/KOR.csv", "format": "csv",
        "encoding": "utf-16", "delimiter": "tab", "header_row": 3, "id_variable": "SEQ", "weight_variable": "WT",
        "n_expected": N, "fieldwork_start": "2024-08-01", "fieldwork_end": "2024-08-20",
        "mode": "telephone", "agency": "none", "population": "18+", "synthetic": "true",
        "source_id": "genron2023_ja", "review": "reviewed",
    })  # fmt: skip
    project.append(
        "survey/waves",
        {"wave": 2024, "year": 2024, **dict.fromkeys(("label_en", "label_ko", "label_ja"), 2024)},
    )
    project.append("survey/questions", {
        "question_id": "ai_translation_effect", "topic": "relations", "label_en": "What machine translation does",
        "label_ko": "기계 번역의 영향", "label_ja": "機械翻訳の影響", "answer_type": "ordinal",
        "category_set": "ai_effect",
    })  # fmt: skip
    categories = [("helps", 1, "positive", ""), ("no_difference", 2, "neither", ""), ("harms", 3, "negative", ""),
                  ("dont_know", "", "", "dont_know")]  # fmt: skip
    project.append("survey/categories", *(
        {"category_set": "ai_effect", "category_id": name, "position": position, "net": net,
         "missing_type": missing, "label_en": name, "label_ko": name, "label_ja": name}
        for name, position, net, missing in categories
    ))  # fmt: skip
    project.append(
        "crosswalk/code_lists",
        *({"code_list": "ai_effect__letters", "code": c, "category_id": m} for c, m in AI_LETTERS.items()),
        {"code_list": "sex__letters", "code": "M", "category_id": "male"},
        {"code_list": "sex__letters", "code": "F", "category_id": "female"},
    )
    other = {"sample_id": SAMPLE, "review": "reviewed"}
    indicator = "reserved__indicator_1_0_dk9_skip97"
    project.append(
        "crosswalk/variables",
        other | {"variable": "SEQ", "role": "id"},
        other | {"variable": "WT", "role": "weight"},
        variable("Q1", "current_relations", "single", "current_relations_5__1to5_dk9"),
        variable("Q2", "impression_of_counterpart", "single", "good_bad_5__1to5"),
        variable("Q3_1", "reasons_good_impression", "indicator", indicator, category_id="popular_culture"),
        variable("Q3_2", "reasons_good_impression", "indicator", indicator, category_id="other"),
        *(
            variable(f"Q4_{k}", "military_threat", "ranked", "military_threat__1to8_dk9_ranked")
            for k in (1, 2, 3)
        ),
        variable(
            "Q5", "history_issue_to_solve", "delimited", "history_issues__1to10_dk99_many", delimiter=";"
        ),
        variable("Q6", "ai_translation_effect", "single", "ai_effect__letters"),
        variable("SQ1", "sex", "single", "sex__letters"),
        variable("YOB", "age_group", "birth_year"),
        other | {"variable": "MEMO", "role": "ignored", "note": "open text"},
    )


def come_in(project) -> None:
    """Put the file and its seed rows into the project."""
    path = project.root / "data/raw/2024/KOR.csv"
    path.parent.mkdir()
    with path.open("w", encoding="utf-16", newline="") as stream:
        stream.write('한일 국민 상호인식 조사 2024년, "확정\n\n')
        writer = csv.DictWriter(stream, list(record(1)), delimiter="\t")
        writer.writeheader()
        writer.writerows(record(i) for i in RESPONDENTS)
    describe(project)
    # Forty made-up people agree with no series.
    questions = {
        row["question_id"] for row in project.seed("crosswalk/variables") if row["sample_id"] == SAMPLE
    }
    project.append(
        "crosswalk/waivers",
        *(
            {
                "rule": "drift",
                "sample_id": SAMPLE,
                "question_id": question_id,
                "n_max": len(RESPONDENTS),
                "reason": "made up for the test",
                "expires": datetime.date.today() + datetime.timedelta(days=1),
            }
            for question_id in sorted(questions - {""})
        ),
    )


def change_others(project) -> set[str]:
    """A code list gets a line and another a note, and in a file two rows change places and two people their sex; who
    uses the code list."""
    users = {
        row["code_list"]: set() for row in project.seed("crosswalk/variables") if row["layout"] == "single"
    }
    for row in project.seed("crosswalk/variables"):
        users.get(row["code_list"], set()).add(row["sample_id"])
    listed = {
        row["code_list"]: row
        for row in project.seed("crosswalk/code_lists")
        if row["category_id"] == "dont_know"
    }
    few = {name: samples for name, samples in users.items()
           if name in listed and len(samples) < 12 and not samples & {SAMPLE, REPLACED}}  # fmt: skip
    name = max(few, key=lambda name: len(few[name]))
    # A code that nobody gave changes no number, and a note nothing at all.
    project.append("crosswalk/code_lists", listed[name] | {"code": "8888"})
    other = next(row for row in project.seed("crosswalk/code_lists") if row["code_list"] != name)
    project.change("crosswalk/code_lists", {key: other[key] for key in ("code_list", "code")}, note="a note")
    with editing(project, REPLACED) as edit:
        edit.rows[0], edit.rows[1] = edit.rows[1], edit.rows[0]
        sexes = [edit.get(row, "f1") for row in range(1, len(edit.rows) + 1)]
        second = next(row for row, sex in enumerate(sexes, 1) if sex != sexes[0])
        edit.set(1, "f1", sexes[second - 1])
        edit.set(second, "f1", sexes[0])
    return few[name]


@pytest.fixture(scope="module")
def stopped(built, copy):
    """The changes come onto a build that stands; the project, and what dbt said."""
    project = copy("grown")
    shutil.copy(built.build_file, project.build_file)
    shutil.copy(built.release, project.release)
    come_in(project)
    change_others(project)
    return project, project.dbt("build", **WITHOUT_UNIT_TESTS)


def unsigned(project):
    with duckdb.connect(project.build_file, read_only=True) as con:
        return unsigned_changes(con, project.signed)


def test_a_build_stops_that_changes_the_records_of_an_old_sample(stopped, built):
    """A new sample is no change, nor what belongs to it; a code and a note that change no value are none."""
    project, run = stopped
    assert run.code != 0 and UNSIGNED in run.output, run.output
    assert project.release_sha256() == built.release_sha256()
    changes = unsigned(project)
    assert {(change.key.sample_id, change.causes) for change in changes} == {(REPLACED, ("raw file",))}
    assert {"file", "answers"} == {change.key.aspect for change in changes}
    assert f"nothing was released: {len(changes)} values of what was released would change" in run.output
    assert f"answers  {REPLACED}" in run.output and "2 of 1000 rows" in run.output
    assert "Traceback" not in run.output


@pytest.fixture(scope="module")
def grown(stopped):
    project, _ = stopped
    release_accepted(project)
    return project


def test_what_is_accepted_and_what_is_new_is_signed(grown):
    assert unsigned(grown) == []
    *_, row = csv.DictReader((grown.signed / "accepted.csv").read_text(encoding="utf-8").splitlines())
    assert (row["accepted_by"], row["cause"]) == ("A. Tester", "raw file") and int(row["n_values"]) == 2
    toplines = (grown.signed / "toplines.csv").read_text(encoding="utf-8").splitlines()
    n = sum(record(i)["Q1"] == "1" for i in RESPONDENTS)
    assert f"{SAMPLE},current_relations,very_good,{n},{N}" in toplines


def test_only_what_a_change_reaches_is_rebuilt(grown, built, copy):
    found = rebuilt(fingerprints(built), fingerprints(grown))
    users = change_others(copy("unbuilt"))
    assert len(users) > 3
    assert {"answer", "int_unanswered_part", "fct_response"} <= found.pop(SAMPLE)
    assert {"answer", "stg_respondent", "fct_response"} <= found.pop(REPLACED)
    for sample_id in users:
        tables = found.pop(sample_id)
        assert {"int_unanswered_part", "fct_response"} <= tables and "answer" not in tables
    # The panel has a column for the new question, and so have its rows of all samples; records are compared with those of
    # the two waves before and after.
    neighbours = {"KOR-2022", "KOR-2023"} & found.keys()
    assert {sample_id for sample_id, tables in found.items() if tables != {"panel"}} == neighbours
    assert all(found[sample_id] == {"panel", "int_shared_pattern"} for sample_id in neighbours)


def test_the_release_tells_the_changes_as_a_comparison_of_the_two_files_does(grown, built):
    """The build looks only at the samples that it rebuilt; the comparison of the files looks at all."""
    columns = ", ".join(COLUMNS)
    changes = grown.query(f"select {columns} from quality.release_change order by all")
    whole = difference(built.release, grown.release)  # noqa: F841
    assert changes == duckdb.sql(f"select {columns} from whole order by all").fetchall()
    added = [row for row in changes if row[:3] == ("marts.dim_respondent", "added", SAMPLE)]
    assert [(row[COLUMNS.index("n")], row[COLUMNS.index("first_respondents")]) for row in added] == [
        (N, f"{SAMPLE}-0001, {SAMPLE}-0002, {SAMPLE}-0003")
    ]


def test_a_replaced_file_replaces_its_rows(grown, built):
    first_two = f"select agency_id from staging.stg_respondent where sample_id = '{REPLACED}' and row <= 2 order by row"
    assert grown.query(first_two, of=grown.build_file) == built.query(first_two, of=built.build_file)[::-1]


def test_the_release_has_23_samples_and_the_numbers_still_agree(grown):
    assert grown.query(
        "select n_samples, n_respondents from quality.release order by built_at desc limit 1"
    ) == [(23, 22_099 + N)]
    assert grown.query("select count(*) from marts.dim_sample") == [(23,)]
    for name in ("topline", "claim", "regression"):
        verdict = "close" if name == "regression" else "agrees"
        (counts,) = grown.query(
            f"select count(*) filter (eligible), count(*) filter (eligible and {verdict}) "
            f"from quality.reconciliation_{name}"
        )
        assert counts[0] == counts[1] > 100, name


def test_respondents_keep_the_order_of_the_file(grown):
    rows = grown.query(
        "select respondent_id, agency_id, sex, age, age_group, weight from marts.dim_respondent "
        "where sample_id = ? order by respondent_id", SAMPLE,
    )  # fmt: skip
    assert rows == [
        (f"KOR-2024-{i:04d}", str(20240000 + i), ["male", "female"][i % 2], age(i), 1 + sum(age(i) > last for last in (19, 29, 39, 49, 59)),
         float(weight(i)))
        for i in RESPONDENTS
    ]  # fmt: skip


def expected_toplines() -> dict[tuple[str, str], tuple]:
    """(question, category) -> n, base, weighted and unweighted percent, from the records alone."""
    base, weighted_base = defaultdict(int), defaultdict(Fraction)
    n, weighted = defaultdict(int), defaultdict(Fraction)
    for i in RESPONDENTS:
        for question, categories in answers(i).items():
            base[question] += 1
            weighted_base[question] += weight(i)
            for category in categories:
                n[question, category] += 1
                weighted[question, category] += weight(i)
    return {
        key: (
            n[key],
            base[key[0]],
            pytest.approx(float(100 * weighted[key] / weighted_base[key[0]])),
            pytest.approx(float(Fraction(100 * n[key], base[key[0]]))),
        )
        for key in n
    }


def test_its_toplines_are_those_of_the_records(grown):
    rows = grown.query(
        "select question_id, category_id, n, base_n, pct, pct_unweighted from analysis.topline "
        "where wave = 2024 and country = 'KOR'"
    )
    found = {(row[0], row[1]): row[2:] for row in rows if row[2]}
    expected = expected_toplines()
    assert len(expected) > 30
    assert found == expected
    # The weights tell: somewhere the weighted share is another one.
    assert any(abs(row[4] - row[5]) > 1 for row in rows)
    assert {row[0] for row in rows if not row[2]} <= {key[0] for key in expected}


def test_who_was_not_asked_is_skipped(grown):
    (counts,) = grown.query(
        "select count(distinct respondent_id) filter (answer_status = 'skipped'), "
        "count(distinct respondent_id) filter (answer_status = 'dont_know'), count(distinct respondent_id) "
        "from marts.fct_multiple_response where sample_id = ? and question_id = 'reasons_good_impression'", SAMPLE,
    )  # fmt: skip
    skipped = sum("reasons_good_impression" not in answers(i) for i in RESPONDENTS)
    assert counts == (skipped, 1, N) and skipped == 24


def test_the_panel_has_the_new_question(grown):
    positions = {"helps": 1, "no_difference": 2, "harms": 3, "dont_know": None}
    rows = grown.query(
        "select ai_translation_effect from marts.panel where sample_id = ? order by respondent_id", SAMPLE
    )
    assert [row[0] for row in rows] == [positions[AI_LETTERS[record(i)["Q6"]]] for i in RESPONDENTS]
    assert grown.query("select count(ai_translation_effect) from marts.panel where wave < 2024") == [(0,)]
    assert grown.query(
        "select sample_id from marts.availability where question_id = 'ai_translation_effect' and asked"
    ) == [(SAMPLE,)]


def test_the_other_samples_are_as_they_were(grown, built):
    for query in (
        f"select * from marts.fct_response where wave < 2024 and sample_id <> '{REPLACED}'",
        f"select * from marts.fct_multiple_response where wave < 2024 and sample_id <> '{REPLACED}'",
        "select * from analysis.topline where wave < 2024",
        *(f"select * from analysis.figure_{number:02d}" for number in (1, 9, 16)),
    ):
        counted = f"select count(*), bit_xor(hash(t)) from ({query}) t"
        assert grown.query(counted) == built.query(counted) != [(0, None)], query


def test_the_trend_goes_on(grown):
    (row,) = grown.query(
        "select pct, previous_wave, round(change - (pct - before.earlier), 9) from analysis.trend, "
        "(select pct as earlier from analysis.trend where country = 'KOR' and question_id = 'current_relations' "
        "and net = 'positive' and wave = 2023) as before "
        "where country = 'KOR' and question_id = 'current_relations' and net = 'positive' and wave = 2024"
    )
    positive = sum(weight(i) for i in RESPONDENTS if record(i)["Q1"] == "1")
    assert row == (float(100 * positive / sum(map(weight, RESPONDENTS))), 2023, 0.0)


def killed_while_it_releases(project, *arguments: str) -> None:
    unfinished = project.root / ".warehouse.duckdb.new"
    with project.started(*arguments) as process:
        assert any("of 2 OK hook: kjpoll.on-run-end.0" in line for line in process.stdout)
        while not (unfinished.exists() and unfinished.stat().st_size > 1_000_000):
            assert process.poll() is None, "the build ended before it could be killed"
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert unfinished.exists()


def test_what_is_undone_leaves_nothing_behind_nor_does_a_killed_build(grown, built, tmp_path):
    """The last test here: the file and the seeds as they were, and the sample gone, onto what stands. The first build is
    killed while the new release is being written (benchmarks/crash.py kills builds at any moment). After the next, from
    another working directory, all tables of the release are those of the build that began from nothing, byte for byte
    and in their order.
    """
    for folder in ("data/raw", "dbt_project/seeds"):
        shutil.rmtree(grown.root / folder)
        shutil.copytree(built.root / folder, grown.root / folder)
    before = grown.release_sha256()
    build = ("build", "--exclude-resource-type", "unit_test")
    killed_while_it_releases(grown, *build)
    assert grown.release_sha256() == before
    run = grown.dbt(*build, "--profiles-dir", str(grown.root), cwd=tmp_path)
    assert run.code == 0, run.output
    assert table_bytes(grown.release) == table_bytes(built.release)
    assert fingerprints(grown) == fingerprints(built)
    assert grown.left_over() == []
    assert not (tmp_path / "build").exists() and not list(tmp_path.glob("*.duckdb"))
