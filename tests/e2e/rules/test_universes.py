"""Who is asked: of half the sample, of those who gave two answers, of those whom only the file knows; and each of them wrong."""

import pytest

from tests.support.partial_rehearsal import rehearse_copy
from tests.support.project import Project
from tests.support.wave_edit import editing

pytestmark = pytest.mark.long

SAMPLE, N = "KOR-2020", 1006
VARIABLES, LISTS, UNIVERSES = "crosswalk/variables", "crosswalk/code_lists", "survey/universes"
# A question that everyone is asked in all samples, with its column.
QUESTION, COLUMN = "importance_of_relations", "Q7"
IMPRESSION, AGE = "Q1", "DQ2"
SKIPPED, NO_ANSWER = "77", "-9"
# What is found of who was asked; a smaller base moves shares too, which is no matter here.
OF_STATUS = (
    "skipped_though_asked",
    "answered_though_skipped",
    "partly_asked",
    "nobody_answered",
    "unsound_universe",
)


def allow_skips(project: Project, **cells: str) -> None:
    """The question has a code list of its own, in which codes stand for skipped and for no answer."""
    (row,) = [r for r in project.seed(VARIABLES) if (r["sample_id"], r["variable"]) == (SAMPLE, COLUMN)]
    own = [r | {"code_list": "of_a_part"} for r in project.seed(LISTS) if r["code_list"] == row["code_list"]]
    of_a_part = {"code_list": "of_a_part", "note": ""}
    project.append(
        LISTS,
        *own,
        of_a_part | {"code": SKIPPED, "category_id": "skipped"},
        of_a_part | {"code": NO_ANSWER, "category_id": "no_answer"},
    )
    where = {"sample_id": SAMPLE, "variable": COLUMN}
    project.change(VARIABLES, where, code_list="of_a_part", **cells)


def skip(project: Project, rows, code: str = SKIPPED) -> None:
    with editing(project, SAMPLE) as wave:
        for row in rows:
            wave.set(row, COLUMN, code)


@pytest.fixture
def found(rules, built, rehearsed_copy):
    """found(): the rules on who was asked that find something, with what they say."""
    outcomes = []

    def rehearse(targets=("gate",)):
        outcome = rehearse_copy(rules, built, rehearsed_copy, targets)
        outcomes.append(outcome)
        rows = outcome.violations.astype(object).where(outcome.violations.notna(), None)
        return [
            (row.rule, row.sample_id, row.question_id, row.n, row.finding)
            for row in rows.itertuples()
            if row.rule in OF_STATUS
        ]

    yield rehearse
    for outcome in outcomes:
        outcome.close()


# Blocks of records, as interviewers who had one form each.
HALF = [row for row in range(1, N + 1) if row // 100 % 2]


def test_a_split_ballot_is_as_delivered(found, rehearsed_copy):
    allow_skips(rehearsed_copy, universe="as_delivered")
    skip(rehearsed_copy, HALF)
    assert found() == []


def test_a_split_ballot_that_the_crosswalk_does_not_know_is_found(found, rehearsed_copy):
    allow_skips(rehearsed_copy)
    skip(rehearsed_copy, HALF)
    assert found() == [
        (
            "skipped_though_asked",
            SAMPLE,
            QUESTION,
            len(HALF),
            "skipped, although the question is asked of everyone",
        )
    ]


def test_a_block_without_an_answer_is_found_in_a_split_ballot_too(found, rehearsed_copy):
    allow_skips(rehearsed_copy, universe="as_delivered")
    skip(rehearsed_copy, HALF)
    # The records 201 to 299 are of the half that was asked.
    skip(rehearsed_copy, range(210, 290), NO_ANSWER)
    ((rule, sample_id, question_id, n, finding),) = found()
    assert (rule, sample_id, question_id, n) == ("partly_asked", SAMPLE, QUESTION, 80)
    assert finding == f"no answer from the records 210 to 289, 80 of the {N - len(HALF)} who were asked"


def test_somebody_was_asked(found, rehearsed_copy):
    allow_skips(rehearsed_copy, universe="as_delivered")
    skip(rehearsed_copy, range(1, N + 1))
    assert found() == [
        (
            "nobody_answered",
            SAMPLE,
            QUESTION,
            0,
            "the crosswalk says that the question was asked, but the file calls every record skipped",
        )
    ]


def ask_the_young_and_fond(project: Project) -> tuple[list[int], list[int]]:
    """The question is put to those of 20 to 39 and of 60 and more who have a good impression: who they are, and the others."""
    allow_skips(project, universe="young_or_old_and_fond")
    condition = {"universe": "young_or_old_and_fond"}
    project.append(
        UNIVERSES,
        condition | {"question_id": "age_group", "value_min": 20, "value_max": 39},
        condition | {"question_id": "age_group", "value_min": 60},
        condition | {"question_id": "impression_of_counterpart", "net": "positive"},
    )
    with editing(project, SAMPLE) as wave:
        inside = [
            row
            for row in range(1, N + 1)
            if wave.get(row, IMPRESSION) in ("1", "2")
            and (20 <= int(wave.get(row, AGE)) <= 39 or int(wave.get(row, AGE)) >= 60)
        ]
    outside = [row for row in range(1, N + 1) if row not in inside]
    assert min(len(inside), len(outside)) > 30
    skip(project, outside)
    return inside, outside


def test_a_filter_on_two_questions_one_of_numbers(found, rehearsed_copy):
    ask_the_young_and_fond(rehearsed_copy)
    assert found() == []


def test_whoever_is_on_the_wrong_side_of_two_questions_is_found(found, rehearsed_copy):
    inside, outside = ask_the_young_and_fond(rehearsed_copy)
    skip(rehearsed_copy, inside[:2])
    skip(rehearsed_copy, outside[:3], "3")
    parents = "the answers to age_group and impression_of_counterpart lie"
    assert found() == [
        (
            "answered_though_skipped",
            SAMPLE,
            QUESTION,
            3,
            f"has an answer, although {parents} outside the universe",
        ),
        ("skipped_though_asked", SAMPLE, QUESTION, 2, f"skipped, although {parents} in the universe"),
    ]


def without_the_parent(project: Project) -> list[str]:
    """The file was delivered without the question that decides who gives reasons: the columns of these."""
    rows = project.seed(VARIABLES)
    for row in rows:
        if row["sample_id"] == SAMPLE and row["question_id"] == "impression_of_counterpart":
            row.update({name: "" for name in row if name not in ("sample_id", "variable", "review")})
            row.update(role="ignored", note="the agency keeps it")
    project.rewrite(VARIABLES, rows)
    return [
        row["variable"]
        for row in rows
        if row["sample_id"] == SAMPLE
        and row["question_id"] in ("reasons_good_impression", "reasons_bad_impression")
    ]


def test_a_filter_whose_parent_is_not_delivered(found, rehearsed_copy):
    columns = without_the_parent(rehearsed_copy)
    assert [(rule, question_id, finding) for rule, _, question_id, _, finding in found()] == [
        ("unsound_universe", question_id, "asked without its parent impression_of_counterpart")
        for question_id in ("reasons_bad_impression", "reasons_good_impression")
    ]
    for column in columns:
        rehearsed_copy.change(VARIABLES, {"sample_id": SAMPLE, "variable": column}, universe="as_delivered")
    assert found() == []


def test_what_holds_in_a_sample_is_public(rules, built, rehearsed_copy):
    """Seen behind the gate: nothing is wrong with half a sample of a question that is compared with no other."""
    allow_skips(rehearsed_copy, universe="as_delivered", comparability="wording")
    skip(rehearsed_copy, HALF)
    outcome = rehearse_copy(rules, built, rehearsed_copy, ("availability", "dim_universe"))
    assert outcome.gate is None
    rows = outcome.query(
        f"select universe, n_asked from marts.availability where sample_id = '{SAMPLE}' and question_id = '{QUESTION}'"
    )
    assert rows.values.tolist() == [["as_delivered", N - len(HALF)]]
    filtered = outcome.query(
        "select child.question_id, dim_universe.net from marts.availability as child "
        "inner join marts.dim_universe using (universe) "
        f"where child.sample_id = '{SAMPLE}' and child.question_id like 'reasons%' order by all"
    )
    assert filtered.values.tolist() == [
        ["reasons_bad_impression", "negative"],
        ["reasons_good_impression", "positive"],
    ]
    outcome.close()


def test_a_wrong_row_of_universes_hides_what_follows_from_it(found, rehearsed_copy):
    """A net of the parent is misspelt: nothing is said of those whom its answers lead past a question."""
    inside, _ = ask_the_young_and_fond(rehearsed_copy)
    skip(rehearsed_copy, inside[:1])
    rehearsed_copy.change(UNIVERSES, {"universe": "impression_of_counterpart__positive"}, net="positiv")
    with editing(rehearsed_copy, SAMPLE) as wave:
        fond = next(
            row for row in range(1, N + 1) if wave.get(row, IMPRESSION) == "1" and wave.get(row, "Q2_1")
        )
        for number in range(1, 11):
            wave.set(fond, f"Q2_{number}", "")
    assert [row[:3] for row in found()] == [("unsound_universe", None, "impression_of_counterpart")]
