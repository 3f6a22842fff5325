"""Corruptions of what the seeds say of a sample: what was asked, of whom, when and how."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from benchmarks.mutation.case import VARIABLES, Case, Row, blind
from benchmarks.mutation.seed_rows import alter, exchange

SAMPLES = "survey/samples"


# what was asked


@blind("contradicts_availability")
def comparability_changed(case: Case) -> str:
    flags = ("identical", "wording", "options", "scale")
    sample_id = case.sample()
    question_id = case.one(case.asked(sample_id))
    columns = case.of_question(sample_id, question_id)
    flag = case.one(flag for flag in flags if flag != columns[0]["comparability"])
    for column in columns:
        where = {"sample_id": sample_id, "variable": column["variable"]}
        case.project.change(VARIABLES, where, comparability=flag)
    return f"{sample_id} {question_id}: {columns[0]['comparability']} is {flag}"


def _change_column(case: Case, fits: Callable[[Row], bool], change: Callable[[Row], Row]) -> str:
    sample_id = case.sample()
    return alter(case, VARIABLES, lambda row: row["sample_id"] == sample_id and fits(row), change)


@blind()
def referent_changed(case: Case) -> str:
    names = sorted({row["referent"] for row in case.variables if row["referent"]})
    return _change_column(
        case,
        lambda row: bool(row["referent"]),
        lambda row: {"referent": case.one(["", *(name for name in names if name != row["referent"])])},
    )


@blind()
def number_of_a_question_in_the_questionnaire_changed(case: Case) -> str:
    return _change_column(
        case,
        lambda row: bool(row["question_number"]),
        lambda row: {"question_number": f"{row['question_number']}a"},
    )


@blind("swapped_variables", "contradicting_variable_label", "scrambled_column")
def questions_of_two_columns_exchanged_in_the_crosswalk(case: Case) -> str:
    rows = exchange(
        case,
        VARIABLES,
        lambda row, other: (
            row["layout"] == "single"
            and all(row[name] == other[name] for name in ("sample_id", "code_list", "layout"))
        ),
        "question_id",
    )
    return f"{rows[0]['sample_id']}: {rows[0]['question_id']} and {rows[1]['question_id']}"


@blind("contradicts_availability", "missing_variable", "dangling_reference", "incomplete_row")
def column_ignored(case: Case) -> str:
    """A question that was asked is no longer read."""

    def change(row: Row) -> Row:
        left = (
            "question_id",
            "layout",
            "category_id",
            "code_list",
            "delimiter",
            "question_number",
            "comparability",
            "referent",
        )
        return {"role": "ignored", **dict.fromkeys(left, ""), "note": "not used"}

    return _change_column(case, lambda row: row["layout"] in ("single", "number", "delimited"), change)


# samples


def _change_sample(case: Case, change: Callable[[Row], Row]) -> str:
    sample_id = case.sample()
    return alter(case, SAMPLES, lambda row: row["sample_id"] == sample_id, change)


@blind("sidecar_mismatch")
def synthetic_records_called_real(case: Case) -> str:
    return _change_sample(case, lambda _: {"synthetic": "false"})


@blind("sidecar_mismatch")
def mode_of_the_interview_changed(case: Case) -> str:
    modes = ("face-to-face interview", "leave-behind self-completion", "web panel", "telephone interview")
    return _change_sample(case, lambda row: {"mode": case.one(m for m in modes if m != row["mode"])})


@blind("sidecar_mismatch")
def agency_or_population_changed(case: Case) -> str:
    name, value = case.one(
        (("agency", "Gallup"), ("population", "20+ nationwide"), ("population", "18 to 69"))
    )
    return _change_sample(case, lambda _: {name: value})


@blind("sidecar_mismatch")
def fieldwork_moved_within_its_wave(case: Case) -> str:
    def change(row: Row) -> Row:
        by = datetime.timedelta(days=case.one((-20, -7, -1, 1, 7, 20)))
        dates = {
            name: str(datetime.date.fromisoformat(row[name]) + by)
            for name in ("fieldwork_start", "fieldwork_end")
        }
        return case.one(
            (dates, {"fieldwork_end": str(datetime.date.fromisoformat(row["fieldwork_end"]) + abs(by))})
        )

    return _change_sample(case, change)


@blind("implausible_cell", "invalid_cell", "invalid_sample")
def fieldwork_impossible(case: Case) -> str:
    """It ends before it starts, or lies in another year than its wave."""

    def change(row: Row) -> Row:
        start, end = row["fieldwork_start"], row["fieldwork_end"]
        other_year = str(int(row["wave"]) + case.one((-1, 1)))
        return case.one(
            (
                {"fieldwork_start": end, "fieldwork_end": start},
                {"fieldwork_start": other_year + start[4:], "fieldwork_end": other_year + end[4:]},
                {"fieldwork_end": other_year + end[4:]},
            )
        )

    return _change_sample(case, change)


@blind()
def design_effect_changed(case: Case) -> str:
    return _change_sample(case, lambda _: {"design_effect": case.one(("1", "1.1", "1.3", "2", "2.5"))})


@blind("implausible_cell", "invalid_cell")
def design_effect_impossible(case: Case) -> str:
    return _change_sample(case, lambda _: {"design_effect": case.one(("0", "0.5", "-1.5", "15", "50"))})


@blind()
def source_of_a_sample_changed(case: Case) -> str:
    sources = [row["source_id"] for row in case.project.seed("published/sources")]
    return _change_sample(
        case, lambda row: {"source_id": case.one(s for s in sources if s != row["source_id"])}
    )


@blind(
    "wrong_sample",
    "sidecar_mismatch",
    "unreadable_file",
    "wrong_encoding",
    "no_id_variable",
    "invalid_sample",
)
def files_of_two_samples_exchanged_in_the_seed(case: Case) -> str:
    rows = exchange(case, SAMPLES, lambda row, other: row["format"] == other["format"], "file")
    return f"{rows[0]['sample_id']} and {rows[1]['sample_id']}"


@blind("implausible_cell", "invalid_cell")
def question_id_that_is_no_column_name(case: Case) -> str:
    question_id = case.one(case.questions)
    words = (
        "select",
        "from",
        "user",
        "respondent_id",
        "weight",
        "wave",
        "1st_question",
        "trust in others",
        "Trust",
    )
    new = case.one((*words, question_id.upper(), f"{question_id}?", f"{question_id}-2"))
    case.project.rename(question_id, new)
    return f"{question_id}: {new!r}"
