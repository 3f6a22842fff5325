"""Columns that are swapped, reversed, shifted, exchanged or scrambled, and shares that jump, in each of the four formats."""

import csv
import datetime

import pytest

from tests.support.partial_rehearsal import rehearse_copy
from tests.support.project import Project
from tests.support.wave_edit import editing

pytestmark = pytest.mark.long

REVERSED = {str(code): str(6 - code) for code in range(1, 6)}
LEADER = ["よい", "どちらかといえばよい", "どちらともいえない", "どちらかといえばよくない", "よくない"]
FUTURE = ["よくなる", "どちらかといえばよくなる", "変わらない", "どちらかといえば悪くなる", "悪くなる"]
# Rules that say in another way what the other waves have.
OF_OTHER_WAVES = ("drift", "uncompared_question", "choice_count", "heaped_number")
# Rule, sample, question, variable, and what the finding and the remedy have to say.
FAULTS = [
    # csv. The question decides who is asked for reasons: what follows from it is not reported once more.
    ("reversed_scale", "KOR-2020", "impression_of_counterpart", "Q1",
     "in reverse: good 1% relatively_good 11% neither 16% relatively_bad 45% bad 27%",
     "crosswalk/variables.csv: KOR-2020,Q1,answer,impression_of_counterpart,single,,good_bad_5__reversed5,,Q1,identical,,"),
    # The crosswalk points at the list in the other direction; the file is sound.
    ("reversed_scale", "JPN-2022", "importance_of_relations", "問10", "as coded: important",
     "crosswalk/variables.csv: JPN-2022,問10,answer,importance_of_relations,single,,importance_5__reversed5_dk88_na99,,"),
    ("reversed_scale", "JPN-2023", "future_relations", "問2", "in reverse: better", "correct the file"),        # xlsx
    ("swapped_variables", "KOR-2022", "current_relations", "q1", "the columns q1 and q2",                      # dta
     ("crosswalk/variables.csv: KOR-2022,q1,answer,future_relations,single,,future_relations_5__1to5_dka,,Q2,identical,,,reviewed, "
     "and crosswalk/variables.csv: KOR-2022,q2,answer,current_relations,single,,current_relations_5__1to5_dka,,Q1,")),
    ("swapped_variables", "KOR-2021", "military_threat", "Q18_2", "the columns Q18_2 and Q18_4",               # sav
     "crosswalk/variables.csv: KOR-2021,Q18_2,answer,military_threat,indicator,russia,"),
    ("shifted_codes", "JPN-2023", "impression_of_counterpart_leader", "問7",                                   # xlsx
     "as coded: good 1% relatively_good 5%", f"{LEADER[0]} = bad, {LEADER[1]} = good"),
    ("exchanged_codes", "KOR-2017", "future_relations", "q6",                                                  # csv
     "the codes 2 (somewhat_better) and 3 (no_change) of q6 fit the other waves better exchanged", "2 = no_change, 3 = somewhat_better"),
    ("exchanged_codes", "KOR-2013", "knows_counterpart_leader", "문11", "the codes 1", "correct the file"),     # csv
    ("exchanged_codes", "JPN-2020", "should_improve_relations", "q8", "the codes 1", "correct the file"),      # dta
    # The question decides who is asked for reasons, as above.
    ("scrambled_column", "JPN-2019", "impression_of_counterpart", "Q3",                                        # xlsx
     "the answers of Q3 do not stand beside those of the same respondents", "compare Q3 with the agency's file"),
    # Sorted, and known by that alone: it goes with no other question.
    ("scrambled_column", "JPN-2020", "economic_relations", "q17", "the answers of q17 stand sorted", "compare q17 with"),  # dta
    # A block: one finding that names every column that tells something.
    ("scrambled_column", "KOR-2016", "future_relations", "문6",                                                # xlsx
     "the columns 문1, 문4, 문5, 문6 were moved together", "compare 문6 with the agency's file"),
    # What the respondents are does not move as opinion does.
    ("drift", "JPN-2021", "sex", "F1", "and no publication reports it",                                        # sav
     ("is it another question, or worded otherwise? Then correct its rows in crosswalk/variables.csv (question_id, comparability, "
      "referent); or correct the file; where opinion did move, add the published number to published/toplines.csv, or "
      "survey/known_changes.csv: JPN-2021,sex,")),
    # The first wave of a question, of which the successor differs.
    ("drift", "KOR-2013", "sex", "성별", "49.4% in 2014",                                                      # csv
     "survey/known_changes.csv: KOR-2014,sex,"),
    # Of two askings nobody can tell which is wrong.
    ("drift", "JPN-2022", "popular_culture_effect", "問5",
     "either JPN-2021 or JPN-2022 is wrong: no other wave is comparable", "JPN-2022,popular_culture_effect,"),
    # The published total of the two agrees.
    ("drift", "JPN-2015", "current_relations", "問1", "% of those in the published group negative, ",
     "survey/known_changes.csv: JPN-2015,current_relations,"),
    # The code list has an option more than before.
    ("drift", "JPN-2021", "party_support", "F4", "% of the options that both waves offer, ",
     "survey/known_changes.csv: JPN-2021,party_support,"),
    # The code list has nothing but `other` in common with the wave before.
    ("uncompared_question", "JPN-2022", "response_to_conflict", "問12", "fewer than two of its options are those of 2021",
     "correct the code list of the column"),
    ("choice_count", "KOR-2014", "history_issue_to_solve", None, "0% of those who chose any chose 2 or more, in the other waves ",
     "does it have all choices, and no more than the questionnaire allows?"),                                  # csv
    # All ages above 66 are one.
    ("heaped_number", "KOR-2020", "age_group", "DQ2", "the numbers beside it and the other waves let expect 4 records",
     "give the column a code list with it"),
]  # fmt: skip


def recode(project: Project, sample_id: str, changes: dict[str, dict], at_most: int = 10_000) -> None:
    """Change the answers of some columns: variable -> value -> the value in its place."""
    with editing(project, sample_id) as wave:
        for variable, change in changes.items():
            rows = [row for row in rows_of(project, sample_id) if wave.get(row, variable) in change]
            for row in rows[:at_most]:
                wave.set(row, variable, change[wave.get(row, variable)])


def exchange(project: Project, sample_id: str, one: str, other: str) -> None:
    with editing(project, sample_id) as wave:
        for row in rows_of(project, sample_id):
            values = wave.get(row, one), wave.get(row, other)
            wave.set(row, other, values[0])
            wave.set(row, one, values[1])


def keep_the_first(project: Project, sample_id: str, variable: str, delimiter: str) -> None:
    """Of every list of choices the first, as a program leaves it that reads one code from a cell."""
    with editing(project, sample_id) as wave:
        for row in rows_of(project, sample_id):
            wave.set(row, variable, wave.get(row, variable).partition(delimiter)[0])


def move_by_a_row(project: Project, sample_id: str, first: str, last: str) -> None:
    """All columns from the first to the last of the file; what stood in the last row stands in the first."""
    with editing(project, sample_id) as wave:
        rows = rows_of(project, sample_id)
        columns = list(wave.header)
        for variable in columns[columns.index(first) : columns.index(last) + 1]:
            values = [wave.get(row, variable) for row in rows]
            for row, value in zip(rows, values[-1:] + values[:-1], strict=True):
                wave.set(row, variable, value)


def sort_column(project: Project, sample_id: str, variable: str) -> None:
    with editing(project, sample_id) as wave:
        rows = rows_of(project, sample_id)
        for row, value in zip(rows, sorted((wave.get(row, variable) for row in rows), key=str), strict=True):
            wave.set(row, variable, value)


def rows_of(project: Project, sample_id: str) -> range:
    (sample,) = [row for row in project.seed("survey/samples") if row["sample_id"] == sample_id]
    return range(1, int(sample["n_expected"]) + 1)


@pytest.fixture(scope="module")
def damaged(built, tmp_path_factory) -> Project:
    project = Project.copied(tmp_path_factory.mktemp("series") / "project", kept=built)
    recode(project, "KOR-2020", {"Q1": REVERSED, "DQ2": {str(age): "90" for age in range(66, 90)}})
    project.change(
        "crosswalk/variables",
        {"sample_id": "JPN-2022", "variable": "問10"},
        code_list="importance_5__1to5_dk88_na99",
    )
    exchange(project, "KOR-2022", "q1", "q2")
    exchange(project, "KOR-2021", "Q18_2", "Q18_4")
    recode(
        project,
        "JPN-2023",
        {
            "問2": dict(zip(FUTURE, FUTURE[::-1], strict=True)),
            "問7": dict(zip(LEADER, LEADER[1:] + LEADER[:1], strict=True)),
        },
    )
    keep_the_first(project, "KOR-2014", "문17", ";")
    recode(project, "KOR-2017", {"q6": {"2": "3", "3": "2"}})
    recode(project, "KOR-2013", {"문11": {"1": "2", "2": "1"}})
    recode(project, "JPN-2020", {"q8": {1: 2, 2: 1}})
    sort_column(project, "JPN-2020", "q17")
    move_by_a_row(project, "JPN-2019", "Q3", "Q3")
    move_by_a_row(project, "KOR-2016", "문1", "문6")
    recode(project, "JPN-2021", {"F1": {2: 1}}, at_most=200)
    recode(project, "JPN-2021", {"F4": {10: 1}}, at_most=380)
    recode(project, "JPN-2021", {"Q8": {2: 1}}, at_most=120)
    recode(project, "JPN-2021", {"Q8": {2: 3}})
    recode(project, "JPN-2015", {"問1": {"4": "5"}}, at_most=330)
    recode(project, "KOR-2013", {"성별": {"2": "1"}}, at_most=200)
    for code in "1234":
        project.change(
            "crosswalk/code_lists",
            {"code_list": "response_to_conflict__1to5_5opt_dk88_na99", "code": code},
            category_id="other",
        )
    project.append(
        "crosswalk/code_lists",
        {
            "code_list": "party_support__1to11_11opt_dk88_na99",
            "code": "12",
            "category_id": "sanseito",
        },
    )
    return project


@pytest.fixture(scope="module")
def outcome(damaged, rules):
    return rules.run(damaged.root)


def test_each_fault_is_reported_once_by_its_own_rule(outcome):
    # The code list that the crosswalk no longer points at is reported as a warning of its own.
    errors = outcome.violations.query("severity == 'error'")
    found = errors[["rule", "sample_id", "question_id", "variable"]].astype(object)
    found = found.where(found.notna(), None).itertuples(index=False, name=None)
    assert sorted(found, key=str) == sorted((fault[:4] for fault in FAULTS), key=str)
    assert outcome.gate is not None


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault[:4])))
def test_the_finding_names_what_was_seen_and_what_would_resolve_it(outcome, fault):
    rule, sample_id, question_id, variable, finding, remedy = fault
    rows = outcome.violations.query(
        "rule == @rule and sample_id == @sample_id and question_id == @question_id"
    )
    (row,) = rows[rows["variable"].fillna("") == (variable or "")].itertuples()
    assert row.severity == "error" and finding in row.finding and remedy in row.resolve_with
    against = {"scrambled_column": "beside those of the same respondents"}.get(rule, "in the series: ")
    assert rule == "uncompared_question" or row.n > 0
    assert against in row.finding or rule in OF_OTHER_WAVES
    assert row.waive_with.startswith(f"{rule},{sample_id},{question_id},{variable or ''},")


def test_the_wave_that_disagrees_with_the_others_is_accused(outcome):
    drift = outcome.violations.query("rule == 'drift'").set_index(["sample_id", "question_id"])["finding"]
    assert "of the two, it is at odds with 2015 and 2016 (log likelihood ratio " in drift["KOR-2013", "sex"]
    assert (
        "of the two, it is at odds with 2013 and 2016 (log likelihood ratio "
        in drift["JPN-2015", "current_relations"]
    )


def test_a_share_that_comes_back_is_not_reported_at_the_next_wave(outcome):
    rows = outcome.query(
        "select sample_id, is_jump, explained_by from quality.drift "
        "where question_id = 'sex' and country = 'JPN' and is_jump order by sample_id"
    )
    assert rows.drop_duplicates()["sample_id"].tolist() == ["JPN-2021", "JPN-2022"]
    assert set(rows[rows["sample_id"] == "JPN-2022"]["explained_by"]) == {"return"}


def test_the_printed_line_resolves_a_reversed_scale(outcome, damaged, rules, built):
    known = {("KOR-2020", "impression_of_counterpart"), ("JPN-2022", "importance_of_relations")}
    for row in outcome.violations.query("rule == 'reversed_scale'").itertuples():
        if (row.sample_id, row.question_id) in known:
            (line,) = csv.reader([row.resolve_with.partition("crosswalk/variables.csv: ")[2]])
            damaged.change(
                "crosswalk/variables", {"sample_id": line[0], "variable": line[1]}, code_list=line[6]
            )
    left = rehearse_copy(rules, built, damaged).violations
    assert not known & set(zip(left["sample_id"], left["question_id"]))


def test_a_waived_finding_hides_no_other_fault_of_its_question(rehearsed_copy, rules, built):
    """The labels of two codes are known to be exchanged; the answers are reversed besides."""
    with editing(rehearsed_copy, "KOR-2023") as wave:
        labels = wave.value_labels["Q4"]
        labels[1.0], labels[2.0] = labels[2.0], labels[1.0]
    recode(rehearsed_copy, "KOR-2023", {"Q4": {code: 6 - code for code in range(1, 6)}})
    rehearsed_copy.append(
        "crosswalk/waivers",
        {
            "rule": "contradicting_label",
            "sample_id": "KOR-2023",
            "question_id": "impression_of_counterpart",
            "n_max": 1008,
            "reason": "known",
            "expires": datetime.date.today() + datetime.timedelta(days=1),
        },
    )
    found = rehearse_copy(rules, built, rehearsed_copy).violations[
        ["rule", "sample_id", "variable", "is_waived"]
    ]
    assert set(found.itertuples(index=False, name=None)) == {
        ("contradicting_label", "KOR-2023", "Q4", True),
        ("reversed_scale", "KOR-2023", "Q4", False),
    }
