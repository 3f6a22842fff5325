"""What keeps a proposed row from being accepted: it would leave a column or a code without a meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kjpoll.common.properties import seed_properties
from kjpoll.common.seed_cells import cell_faults, like
from kjpoll.onboarding.layouts import MULTIPLE, NUMERIC
from kjpoll.onboarding.review.answer_shares import meanings
from kjpoll.onboarding.review.survey import Row, Survey

ALLOWED = seed_properties()["variables"].allowed
# Of names that there are, how many an error lists.
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


# In what the columns of a question have to agree.
SHARED = ("layout", "question_number", "comparability", "referent")
# Roles of one column of a sample each, and the column of the samples seed that names it.
NAMED_ROLES = {"id": "id_variable", "weight": "weight_variable"}
DESIGN_ROLES = ("stratum", "cluster")


def variable_faults(survey: Survey, row: Row, counts: Mapping[str, int] | None) -> list[str]:
    """Why a row of variables is still open, in words; none where it can be accepted.

    `counts`: code verbatim -> records of the column, None where the file does not have it.
    """
    if counts is None:
        return ["the file has no such column"]
    if row["role"] not in ALLOWED["role"]:
        return row_faults(survey, "variables", row)
    if row["role"] != "answer":
        return _no_answer_faults(survey, row)
    if not row["question_id"]:
        return ["it has no question"]
    if row["question_id"] not in survey.questions:
        return [unknown("question", row["question_id"], survey.questions)]
    if row["universe"] not in ("", AS_DELIVERED) and row["universe"] not in survey.universes:
        return [unknown("universe", row["universe"], survey.universes)]
    return [
        *row_faults(survey, "variables", row),
        *question_faults(survey, row["question_id"]),
        *_layout_faults(survey, row),
        *_sibling_faults(survey, row),
        *_code_faults(survey, row, counts),
    ]


def faults_in_words(faults: Iterable[tuple[str, str]]) -> list[str]:
    """Variable and fault as they are reported, a fault that several variables have once."""
    variables: dict[str, list[str]] = {}
    for variable, fault in faults:
        variables.setdefault(fault, []).append(variable)
    return [f"{in_short(names)}: {fault}" for fault, names in variables.items()]


def in_short(names: Sequence[str]) -> str:
    """Names of columns that follow one another, in a line."""
    return ", ".join(names) if len(names) < 3 else f"{names[0]} to {names[-1]} ({len(names)})"


def sample_faults(survey: Survey, row: Row) -> list[str]:
    """What a row of samples lacks or a build would refuse; none where it can be accepted."""
    faults = [f"{column} is empty" for column in FROM_THE_AGENCY if not row[column]]
    return faults + [fault for fault in row_faults(survey, "samples", row) if fault not in faults]


def question_faults(survey: Survey, question_id: str) -> list[str]:
    """What a build would refuse in the row of a question and in those of its categories."""
    question = survey.questions[question_id]
    faults = [
        f"question {question_id}: {fault}"
        for fault in row_faults(survey, "questions", question)
        if question["category_set"] in survey.category_sets() or not fault.startswith("category_set is '")
    ]
    categories = survey.own_categories_of(question_id)
    if question["category_set"] and not categories:
        faults.append(f"question {question_id}: the set {question['category_set']} has no category yet")
    for category_id, category in categories.items():
        name = f"category {category_id} of {question['category_set']}"
        faults += [f"{name}: {fault}" for fault in row_faults(survey, "categories", category)]
        if question["answer_type"] == "numeric" and not category["missing_type"]:
            faults.append(f"{name} is no missing answer, but the answers to {question_id} are numbers")
    return faults


def row_faults(survey: Survey, seed: str, row: Row) -> list[str]:
    """What a build would refuse in the cells of a row, the label in the first language included."""
    faults = cell_faults(seed, row, survey.rows_of_seed)
    if survey.label in row and not row[survey.label]:
        faults.append(f"{survey.label} is empty")
    return faults


def unknown(what: str, name: str, known: Mapping[str, object]) -> str:
    """That there is no such thing, with the names that are most like it."""
    return f"there is no {what} {name!r}{like(name, known)}"


def _no_answer_faults(survey: Survey, row: Row) -> list[str]:
    role = row["role"]
    faults = [
        f"its role is {role}, yet it has the {name} {row[name]!r}" for name in OF_AN_ANSWER if row[name]
    ]
    if role == "ignored" and not row["note"]:
        faults.append("it is ignored, and no note says why")
    if role in NAMED_ROLES:
        named = survey.sample(row["sample_id"])[NAMED_ROLES[role]]
        if named != row["variable"]:
            faults.append(
                f"its role is {role}, but the {NAMED_ROLES[role]} in survey/samples.csv is {named or 'empty'}"
            )
    if role in DESIGN_ROLES:
        others = [
            other["variable"]
            for other in survey.rows_of(row["sample_id"])
            if other["role"] == role and other["variable"] != row["variable"]
        ]
        faults += [f"the column {other} has the role {role} too" for other in others]
    return faults


def _sibling_faults(survey: Survey, row: Row) -> list[str]:
    """What the columns of a question contradict each other in, which nobody could read."""
    others = [
        other
        for other in survey.rows_of(row["sample_id"])
        if other["question_id"] == row["question_id"] and other["variable"] != row["variable"]
    ]
    if others and row["layout"] and row["layout"] not in MULTIPLE:
        return [f"the column {others[0]['variable']} answers {row['question_id']} too, which has one answer"]
    return [
        f"its {column} is {row[column] or 'empty'}, that of {other['variable']} is {other[column] or 'empty'}; "
        "the columns of a question agree in it"
        for column in SHARED
        for other in [next((other for other in others if other[column] != row[column]), None)]
        if other
    ]


def _layout_faults(survey: Survey, row: Row) -> list[str]:
    layout, question = row["layout"], survey.questions[row["question_id"]]
    if not layout:
        return [f"layout is empty; write one of {', '.join(ALLOWED['layout'])}"]
    if layout not in ALLOWED["layout"]:
        return []
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
