"""Corrections of proposed rows, and new rows beside them, as a person asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kjpoll.onboarding.profile import FileProfile
from kjpoll.onboarding.review.decision import Decision
from kjpoll.onboarding.review.drafting import draft_categories, draft_row
from kjpoll.onboarding.review.faults import AS_DELIVERED, OF_AN_ANSWER, row_faults, unknown
from kjpoll.onboarding.review.proposal_notes import Rationale
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.sample_row import check_settings
from kjpoll.onboarding.review.shared_rows import (
    add_category,
    correct_category,
    correct_question,
    give_codes,
    new_question,
    put_question,
)
from kjpoll.onboarding.review.survey import Row, Survey

CORRECTED = ("role", *OF_AN_ANSWER, "note")


@dataclass(frozen=True)
class Corrected:
    """`done`: what was done, in words. `rationales`: variable -> why its row is as it was drafted."""

    done: list[str]
    rationales: dict[str, Rationale] = field(default_factory=dict)


def correct(
    root: Path, survey: Survey, sample_id: str, decision: Decision, profile: Callable[[], FileProfile]
) -> Corrected:
    """Do in `survey` what the decision corrects and adds. `sample_id`: '' where no sample is concerned. Raises ReviewError for
    what cannot be done."""
    _check_options(decision)
    settings, done, rationales = decision.settings, [], {}
    # A code list first: the row that is to have it looks for it.
    done += give_codes(survey, decision.new_code_list, decision.codes, decision.code_notes)
    if decision.new_question is not None:
        question: Mapping[str, str] = new_question(survey, decision.new_question, settings, decision.like)
        if decision.draft_categories is not None:
            if "category_set" not in settings:
                question = {**question, "category_set": decision.new_question}
            question, drafted = draft_categories(
                root, survey, sample_id, profile(), decision.draft_categories, question
            )
            done += drafted
        done.append(put_question(survey, question))
    elif decision.new_category is not None:
        done.append(add_category(survey, decision.new_category, settings))
    elif decision.question is not None:
        done.append(correct_question(survey, decision.question, settings))
    elif decision.category is not None:
        done.append(correct_category(survey, decision.category, settings))
    elif decision.corrected_variable is not None:
        variable = decision.corrected_variable
        corrected = _correct_variable(root, survey, sample_id, variable, settings, profile)
        done += corrected.done
        rationales = corrected.rationales
    elif settings:
        done.append(_correct_sample(survey, sample_id, settings))
    return Corrected(done, rationales)


def proposed_row(survey: Survey, sample_id: str, variable: str) -> int:
    """The position of a column's proposed row. Raises ReviewError where there is none."""
    positions = survey.variables.find(sample_id=sample_id, variable=variable)
    rows = [survey.variables.rows[position] for position in positions]
    if rows and rows[0]["review"] != "proposed":
        raise ReviewError(
            f"the row of {variable} in {sample_id} is accepted; open it again first with --sample {sample_id} --reopen-column "
            f"{variable}"
        )
    if not positions:
        known = {row["variable"]: row for row in survey.rows_of(sample_id) if row["review"] == "proposed"}
        raise ReviewError(f"{sample_id}: {unknown('proposed row of the column', variable, known)}")
    return positions[0]


def _check_options(decision: Decision) -> None:
    if " and " in decision.target:
        raise ReviewError(f"--set is for one row: give {decision.target} one after the other")
    for option, value in (("--like", decision.like), ("--draft-categories", decision.draft_categories)):
        if value is not None and decision.new_question is None:
            raise ReviewError(f"{option} is for a new question: add --new-question ID")
    if decision.target in ("--column", "--question", "--category") and not decision.settings:
        raise ReviewError(f"{decision.target} needs --set: what should its row say?")


def _correct_sample(survey: Survey, sample_id: str, settings: Mapping[str, str]) -> str:
    check_settings(survey, settings)
    (position,) = survey.samples.find(sample_id=sample_id)
    before = survey.samples.rows[position]
    if before["review"] != "proposed":
        raise ReviewError(
            f"the row of {sample_id} in survey/samples.csv is accepted; open it again first with --sample {sample_id} "
            "--reopen-sample"
        )
    after = {**before, **settings}
    # The year of a wave that has none yet comes with the day.
    survey.samples.replace(position, after)
    survey.date_wave(after)
    _check_cells(survey, "samples", before, after, settings)
    return f"corrected the row of {sample_id} in survey/samples.csv"


def _correct_variable(
    root: Path,
    survey: Survey,
    sample_id: str,
    variable: str,
    settings: Mapping[str, str],
    profile: Callable[[], FileProfile],
) -> Corrected:
    position = proposed_row(survey, sample_id, variable)
    before = survey.variables.rows[position]
    _check_names(survey, settings)
    # A column that is no answer any more keeps nothing that only an answer has.
    emptied = dict.fromkeys(OF_AN_ANSWER, "") if settings.get("role", "answer") != "answer" else {}
    row: Row = {**before, **emptied, **settings}
    question_id = settings.get("question_id")
    if question_id and before["role"] != "answer" and "role" not in settings:
        row = {**row, "role": "answer", "note": settings.get("note", "")}
    done = [f"corrected {variable} of {sample_id}"]
    rationales = {}
    if question_id and (question_id != before["question_id"] or before["role"] != "answer"):
        # The old question's code list, category and referent say nothing of the new one.
        kept = ("layout", "delimiter", "question_number")
        cleared = {name: "" for name in OF_AN_ANSWER if name not in settings and name not in kept}
        row, drafted, rationales[variable] = draft_row(root, survey, profile(), {**row, **cleared}, settings)
        done += drafted
    _check_cells(survey, "variables", before, row, settings)
    survey.variables.replace(position, row)
    return Corrected(done, rationales)


def _check_names(survey: Survey, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        if name not in CORRECTED:
            raise ReviewError(
                f"--set {name}={value}: there is no {name} to set; there are {', '.join(CORRECTED)}"
            )
    question_id, code_list = settings.get("question_id"), settings.get("code_list")
    if question_id and question_id not in survey.questions:
        raise ReviewError(
            f"{unknown('question', question_id, survey.questions)}; a new one is made with --new-question {question_id}"
        )
    if code_list and not survey.codes_of(code_list):
        known = {row["code_list"]: row for row in survey.code_lists.rows}
        raise ReviewError(
            f"{unknown('code list', code_list, known)}; a new one is made with --new-code-list {code_list}"
        )
    universe = settings.get("universe", "")
    if universe not in ("", AS_DELIVERED) and universe not in survey.universes:
        raise ReviewError(
            f"--set universe={universe}: {unknown('universe', universe, survey.universes)}; {AS_DELIVERED} where the file alone "
            "says who was asked, else a new one needs its rows in survey/universes.csv"
        )


def _check_cells(survey: Survey, seed: str, before: Row, after: Row, settings: Mapping[str, str]) -> None:
    """Raises ReviewError where a setting makes a row that a build cannot use; what it lacked before it may lack still."""
    known = row_faults(survey, seed, before)
    faults = [fault for fault in row_faults(survey, seed, after) if fault not in known]
    if faults:
        said = " ".join(f"--set {name}={value}" for name, value in settings.items())
        raise ReviewError(f"{said}: {'; '.join(faults)}; nothing was written")
