"""Multiple answers that contradict themselves, repeat themselves or say nothing: each reported once, in every layout."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from tests.support.project import Project
from tests.support.wave_edit import editing

pytestmark = pytest.mark.long

FIELDS = ["rule", "sample_id", "question_id", "variable", "code", "n", "first_rows"]
HISTORY, SYSTEM, THREAT = "history_issue_to_solve", "counterpart_political_system", "military_threat"
GOOD, BAD, IMPROVED = "reasons_good_impression", "reasons_bad_impression", "issues_improved_past_year"
# Code lists in which an empty cell gets a meaning, so that a delimited cell may hold nothing at all.
EMPTY_MAY_BE = (
    "political_system__01to12_dk99_many",
    "issues_improved__1to9_dk99_many",
    "reasons_bad__ko_text_8opt_skip_many",
)
Get = Callable[[str], Any]


@dataclass(frozen=True)
class Fault:
    """Change the first `n` records that fit; `rule` None: what is done is no fault."""

    rule: str | None
    sample_id: str
    question_id: str
    n: int
    fits: Callable[[Get], bool]
    changed: Callable[[Get], dict[str, Any]]


def is_empty(cell: Any) -> bool:
    """An empty cell of any format: no text, nothing in a workbook, not a number."""
    return cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))


def beside(
    sample_id: str, question_id: str, chosen: str, code: Any, free: str, missing: Any, n: int = 2
) -> Fault:
    """A missing answer in the column `free` of who has the choice `code` in the column `chosen`."""
    return Fault("contradictory_choice", sample_id, question_id, n,
                 lambda get: get(chosen) == code and (get(free) in (0, "0") or is_empty(get(free))),
                 lambda get: {free: missing})  # fmt: skip


def within(
    sample_id: str, question_id: str, variable: str, delimiter: str, missing: str, n: int = 2
) -> Fault:
    """A missing answer behind the choices of a delimited cell."""
    return Fault("contradictory_choice", sample_id, question_id, n,
                 lambda get: delimiter in (get(variable) or ""),
                 lambda get: {variable: f"{get(variable)}{delimiter}{missing}"})  # fmt: skip


def again(sample_id: str, question_id: str, variable: str, delimiter: str, n: int = 2) -> Fault:
    """The first choice of a delimited cell once more at its end."""
    return Fault("repeated_choice", sample_id, question_id, n,
                 lambda get: delimiter in (get(variable) or ""),
                 lambda get: {variable: f"{get(variable)}{delimiter}{get(variable).split(delimiter)[0]}"})  # fmt: skip


def second_too(sample_id: str, question_id: str, first: str, second: str, n: int = 2) -> Fault:
    """The first rank in the second one too, of who has chosen two."""
    return Fault("repeated_choice", sample_id, question_id, n,
                 lambda get: not is_empty(get(first)) and not is_empty(get(second)) and get(first) != get(second),
                 lambda get: {second: get(first)})  # fmt: skip


def nothing(
    sample_id: str, question_id: str, variables: list[str], unchosen: Any, n: int = 2,
    answers: Callable[[Any], bool] = lambda cell: True, rule: str | None = "nothing_chosen",
) -> Fault:  # fmt: skip
    """Each column as where nothing is chosen, of records one of whose columns answers."""
    return Fault(rule, sample_id, question_id, n,
                 lambda get: any(answers(get(variable)) for variable in variables),
                 lambda get: dict.fromkeys(variables, unchosen))  # fmt: skip


def numbered(stem: str, last: int, end: str = "") -> list[str]:
    return [f"{stem}{number}{end}" for number in range(1, last + 1)]


NAN = float("nan")
FAULTS = [
    beside("JPN-2013", THREAT, "問１６_1", "1", "問１６_8", "9", n=7),
    within("KOR-2014", HISTORY, "문17", ";", "99"),
    within("JPN-2018", GOOD, "q03", "/", "-9"),
    beside("KOR-2020", THREAT, "Q16_R1", "1", "Q16_R4", "-1"),
    beside("KOR-2021", THREAT, "Q18_1", 1, "Q18_8", 88),
    beside("JPN-2021", THREAT, "Q18_R1", 1, "Q18_R4", 88),
    within("KOR-2023", IMPROVED, "Q9", ",", "99"),
    beside("JPN-2020", THREAT, "q16_1", 1, "q16_8", "b"),
    beside("KOR-2019", BAD, "q5_1", 2, "q5_5", "a"),
    beside("JPN-2014", HISTORY, "問17_1", "○", "問17_2", "無回答"),
    beside("KOR-2016", THREAT, "문13_1순위", "북한", "문13_4순위", "모름"),
    within("JPN-2019", HISTORY, "Q18", "|", "わからない"),
    again("KOR-2014", SYSTEM, "문15", ";", n=7),
    again("KOR-2023", IMPROVED, "Q9", ",", n=200),  # enough to look like a jump, were each counted
    again("KOR-2016", BAD, "문3", "|"),
    second_too("JPN-2015", SYSTEM, "問12_1位", "問12_2位"),
    second_too("KOR-2015", SYSTEM, "Q12_R1", "Q12_R2"),
    second_too("KOR-2019", BAD, "q5_1", "q5_2"),
    second_too("JPN-2014", THREAT, "問18_第1位", "問18_第2位"),
    nothing("KOR-2013", SYSTEM, numbered("문12_", 12), "0", n=7),
    nothing("KOR-2015", HISTORY, numbered("Q14_", 10), 0),
    nothing("KOR-2022", THREAT, numbered("q19_", 8), 0),
    nothing("KOR-2016", GOOD, numbered("문2_", 9), None, answers=lambda cell: cell == "선택"),
    nothing("KOR-2013", THREAT, numbered("문16_", 3, "순위"), ""),
    nothing("KOR-2018", GOOD, numbered("Q3_R", 5), NAN, answers=lambda cell: cell in range(1, 10)),
    nothing("KOR-2019", BAD, numbered("q5_", 5), NAN, answers=lambda cell: cell in range(1, 10)),
    nothing("KOR-2016", THREAT, numbered("문13_", 4, "순위"), None),
    nothing("KOR-2014", SYSTEM, ["문15"], ""),
    nothing("KOR-2023", IMPROVED, ["Q9"], ""),
    nothing("KOR-2016", BAD, ["문3"], None, answers=lambda cell: cell not in (None, "비해당")),
    # Where the questionnaire has a code for no answer, an empty answer is one.
    nothing("JPN-2013", THREAT, numbered("問１６_", 8), "0", rule=None),
    nothing("JPN-2021", THREAT, numbered("Q18_R", 4), NAN, rule=None),
]


def damage(project: Project, sample_id: str) -> list[tuple]:
    """Do all faults of the sample, each to records of its own; the violations that they have to give."""
    expected, used = [], set()
    with editing(project, sample_id) as wave:
        for fault in (fault for fault in FAULTS if fault.sample_id == sample_id):
            rows = [row for row in range(1, 1001) if row not in used and fault.fits(partial(wave.get, row))][
                : fault.n
            ]
            assert len(rows) == fault.n, fault
            used.update(rows)
            for row in rows:
                for variable, value in fault.changed(partial(wave.get, row)).items():
                    wave.set(row, variable, value)
            if fault.rule:
                first_rows = ", ".join(map(str, rows[:5]))
                expected.append((fault.rule, sample_id, fault.question_id, None, None, fault.n, first_rows))
    return expected


@pytest.fixture(scope="module")
def found(rules, built, tmp_path_factory):
    """(the violations that all faults together have to give, quality.violation)."""
    project = Project.copied(tmp_path_factory.mktemp("choices") / "project", kept=built)
    for code_list in EMPTY_MAY_BE:
        project.append(
            "crosswalk/code_lists",
            {"code_list": code_list, "code": "<blank>", "category_id": "no_further_choice"},
        )
    expected = [
        row
        for sample_id in sorted({fault.sample_id for fault in FAULTS})
        for row in damage(project, sample_id)
    ]
    outcome = rules.run(project.root)
    yield expected, outcome.violations.astype(object).where(outcome.violations.notna(), None)
    outcome.close()


def test_each_fault_is_reported_once_and_nothing_else(found):
    expected, rows = found
    reported = [tuple(row) for row in rows[FIELDS].itertuples(index=False)]
    assert sorted(reported, key=str) == sorted(expected, key=str)


def test_each_says_what_resolves_it(found):
    said = found[1].groupby("rule")["resolve_with"].unique().map(list).to_dict()
    assert said == {
        "contradictory_choice": ["correct the file: keep one of the two"],
        "repeated_choice": ["correct the file: keep it once"],
        "nothing_chosen": [
            "correct the file, or give the question a code for no_answer in crosswalk/code_lists.csv"],
    }  # fmt: skip


def test_only_a_repetition_lets_the_gate_open(found):
    severity = found[1].groupby("rule")["severity"].unique().map(list).to_dict()
    assert severity == {
        "contradictory_choice": ["error"],
        "repeated_choice": ["warn"],
        "nothing_chosen": ["error"],
    }
