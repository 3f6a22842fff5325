"""What keeps a proposed row from being accepted: it would leave a column or a code without a meaning."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from kjpoll.common.properties import seed_properties
from kjpoll.onboarding.layouts import MULTIPLE, NUMERIC
from kjpoll.onboarding.review.answer_shares import meanings
from kjpoll.onboarding.review.survey import Row, Survey

ALLOWED = seed_properties()["variables"].allowed
# Of names that there are, how many an error lists.
LISTED = 12
# The universe of a question of which the file alone says who was asked.
AS_DELIVERED = "as_delivered"
OF_AN_ANSWER = (
    "question_id",
    "layout",
    "category_id",
    "code_list",
    "delimiter",
    "question_number",
    "comparability",
    "referent",
    "universe",
)
# What of a sample is not in its file: a person has it from the agency.
FROM_THE_AGENCY = (
    "n_expected",
    "fieldwork_start",
    "fieldwork_end",
    "mode",
    "agency",
    "population",
    "source_id",
)


def variable_faults(survey: Survey, row: Row, counts: Mapping[str, int] | None) -> list[str]:
    """Why a row of variables is still open, in words; none where it can be accepted.

    `counts`: code verbatim -> records of the column, None where the file does not have it.
    """
    if counts is None:
        return ["the file has no such column"]
    if not_allowed := _not_allowed(row, "role"):
        return not_allowed
    if row["role"] != "answer":
        faults = [
            f"its role is {row['role']}, yet it has the {name} {row[name]!r}"
            for name in OF_AN_ANSWER
            if row[name]
        ]
        return (
            [*faults, "it is ignored, and no note says why"]
            if row["role"] == "ignored" and not row["note"]
            else faults
        )
    if not row["question_id"]:
        return ["it has no question"]
    if row["question_id"] not in survey.questions:
        return [unknown("question", row["question_id"], survey.questions)]
    if row["universe"] not in ("", AS_DELIVERED) and row["universe"] not in survey.universes:
        return [unknown("universe", row["universe"], survey.universes)]
    return [*_layout_faults(survey, row), *_code_faults(survey, row, counts)]


def sample_faults(survey: Survey, row: Row) -> list[str]:
    """What a row of samples lacks; none where it can be accepted."""
    faults = [f"{column} is empty" for column in FROM_THE_AGENCY if not row[column]]
    if row["source_id"] and row["source_id"] not in survey.sources:
        faults.append(f"the source {row['source_id']} has no row in published/sources.csv")
    return faults


def unknown(what: str, name: str, known: Mapping[str, object]) -> str:
    """That there is no such thing, with the names that are most like it, or the first of all."""
    like = get_close_matches(name, known, n=3)
    if like:
        others = f"like it are {', '.join(like)}"
    else:
        rest = len(known) - LISTED
        others = f"there are {', '.join(list(known)[:LISTED]) or 'none'}" + (
            f" and {rest} more" if rest > 0 else ""
        )
    return f"there is no {what} {name!r}; {others}"


def _not_allowed(row: Row, column: str) -> list[str]:
    allowed = ALLOWED[column]
    return (
        []
        if row[column] in allowed
        else [f"its {column} is {row[column]!r}, which is none of {', '.join(allowed)}"]
    )


def _layout_faults(survey: Survey, row: Row) -> list[str]:
    layout, question = row["layout"], survey.questions[row["question_id"]]
    if not_allowed := _not_allowed(row, "layout"):
        return not_allowed
    faults = []
    is_numeric = question["answer_type"] == "numeric"
    if (question["answer_type"] == "multiple") != (layout in MULTIPLE) or is_numeric and layout != "number":
        faults.append(f"the layout {layout} does not fit a question of type {question['answer_type']}")
    if layout == "delimited" and not row["delimiter"]:
        faults.append("it has no delimiter")
    if layout == "indicator" and row["category_id"] not in survey.categories_of(row["question_id"]):
        faults.append(
            f"it stands for {row['category_id'] or 'no category'!r}, which the question does not have"
        )
    if not row["code_list"] and layout not in NUMERIC:
        faults.append("it has no code list")
    elif row["code_list"] and not survey.codes_of(row["code_list"]):
        faults.append(f"there is no code list {row['code_list']!r}")
    return faults


def _code_faults(survey: Survey, row: Row, counts: Mapping[str, int]) -> list[str]:
    """Codes of the list without a category, or with one that the question does not have; codes of the file
    that mean nothing."""
    categories, faults = survey.categories_of(row["question_id"]), []
    for code, category_id in survey.codes_of(row["code_list"]).items():
        if not category_id:
            faults.append(f"code {code} of {row['code_list']} has no category")
        elif category_id not in categories:
            faults.append(
                f"code {code} of {row['code_list']} means {category_id}, which the question does not have"
            )
    if row["layout"] == "birth_year" and survey.year_of(row["sample_id"]) is None:
        faults.append(
            f"years of birth give no age before {row['sample_id']} has a year: say it with kjpoll review --sample "
            f"{row['sample_id']} --set year=YYYY, or for all samples of the wave in survey/waves.csv"
        )
        return faults
    known = survey.codes_of(row["code_list"])
    for code, n, means in meanings(survey, row, counts):
        if "" in means and code not in known:
            faults.append(f"code {code} ({n} records) means nothing")
    return faults
