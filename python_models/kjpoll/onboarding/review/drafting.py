"""What the review drafts: the rest of a row once a person has named its question, and the categories of a new question."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kjpoll.common.label_text import plain
from kjpoll.onboarding.profile import FileProfile
from kjpoll.onboarding.propose import History
from kjpoll.onboarding.propose.named_question import drafted_categories, row_of_question
from kjpoll.onboarding.review.faults import OF_AN_ANSWER
from kjpoll.onboarding.review.proposal_notes import Rationale
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Row, Survey

# What stays of a row whose question changes: the file shows it, whatever the question is.
OF_THE_FILE = ("layout", "delimiter", "question_number")


def draft_row(
    root: Path, survey: Survey, profile: FileProfile, row: Row, settings: Mapping[str, str]
) -> tuple[Row, list[str], Rationale]:
    """The row with the cells drafted that neither the person set nor the file shows, what was drafted and what is open in
    words, and why. New code lists go into `survey`.

    `row`: with the settings, its question among them.
    """
    sample = survey.sample(row["sample_id"])
    history = History.of_project(root)
    proposal, lists = row_of_question(sample, profile, history, row)
    kept = {name for name in OF_AN_ANSWER if name in settings or (name in OF_THE_FILE and row[name])}
    cells = {name: proposal.row[name] for name in OF_AN_ANSWER if name not in kept}
    drafted = {**row, **cells}
    for code_list, codes in lists.items():
        if code_list == drafted["code_list"]:
            add_code_list(survey, code_list, codes)
    shown = [f"{name} {value}" for name, value in cells.items() if value and name != "code_list"]
    done = [f"drafted for {row['variable']}: {', '.join(shown)}"] if shown else []
    if cells.get("code_list"):
        done += _of_list(survey, drafted["code_list"], proposal.why, drafted["code_list"] in lists)
    why = "; ".join(filter(None, ("a person named the question", proposal.why)))
    rationale = Rationale(row["question_id"], proposal.score, why, None, 0.0)
    return drafted, done, rationale


def _of_list(survey: Survey, code_list: str, why: str, is_new: bool) -> list[str]:
    codes = survey.codes_of(code_list)
    meanings = ", ".join(f"{code} = {category or '?'}" for code, category in codes.items())
    done = [f"{'drafted the code list' if is_new else 'code list'} {code_list}: {meanings} ({why})"]
    is_open = [code for code, category in codes.items() if not category]
    if is_open:
        done.append(
            f"open: the code{'s' * (len(is_open) > 1)} {', '.join(is_open)}; say what each means with "
            f"--code {code_list} CODE CATEGORY"
        )
    return done


def add_code_list(survey: Survey, code_list: str, codes: Mapping[str, str]) -> None:
    """Rows for a list that the seed has not got, in the order of the codes."""
    position = survey.code_lists.position_of("code_list", code_list)
    for code, category_id in sorted(codes.items(), reverse=True):
        row = {"code_list": code_list, "code": code, "category_id": category_id}
        survey.code_lists.insert(position, row)


def draft_categories(
    root: Path,
    survey: Survey,
    sample_id: str,
    profile: FileProfile,
    variable: str,
    question: Mapping[str, str],
) -> tuple[Mapping[str, str], list[str]]:
    """The row of a new question with the label that the file gives it, and what was drafted in words; the categories of its set
    go into `survey`. Raises ReviewError where the set is there already, or where nothing in the column names an answer."""
    category_set = question["category_set"]
    if category_set in survey.category_sets():
        raise ReviewError(
            f"the category set {category_set} is there already; leave --draft-categories out to use it, or name a new one "
            "with --set category_set=..."
        )
    if variable not in {column.name for column in profile.variables}:
        raise ReviewError(f"--draft-categories {variable}: the file of {sample_id} has no such column")
    drafted = drafted_categories(
        survey.sample(sample_id), profile, History.of_project(root), variable, category_set
    )
    if not drafted.rows:
        raise ReviewError(
            f"--draft-categories {variable}: neither labels nor words in the column name an answer; make each category with "
            f"--new-category {category_set} ID --set {survey.label}=..."
        )
    header = survey.header("categories")
    for row in drafted.rows:
        survey.put("categories", {name: value for name, value in row.items() if name in header})
    names = ", ".join(f"{row['category_id']} ({row[drafted.label]})" for row in drafted.rows)
    done = [f"drafted the categories of {category_set} from {variable}: {names}"]
    if drafted.label != survey.label:
        done.append(
            f"open: {survey.label} of each; --category {category_set} ID --set {survey.label}=... "
            "(--set category_id=... gives one another name)"
        )
    labels = {}
    if drafted.label in survey.header("questions") and not question.get(drafted.label):
        labels = {drafted.label: drafted.question_label} if plain(drafted.question_label) else {}
    return {**question, **labels}, done
