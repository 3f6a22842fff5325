"""Rows that all samples share: questions, categories and code lists, made and corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kjpoll.common.languages import label_columns
from kjpoll.common.properties import seed_properties
from kjpoll.common.seed_cells import cell_faults
from kjpoll.onboarding.review.drafting import add_code_list
from kjpoll.onboarding.review.faults import row_faults, unknown
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Row, Survey

# A column with more different values than that is no list to choose from.
MOST_SHOWN = 20
# What says nothing about the answers: it can be corrected of a question that accepted rows have.
WORDS = ("topic", "note")


def new_question(
    survey: Survey, question_id: str, settings: Mapping[str, str], like: str | None
) -> dict[str, str]:
    """The row of a question that the seed has not got, with the cells of the one that it is like but labels and note. Raises
    ReviewError for what cannot be."""
    if question_id in survey.questions:
        raise ReviewError(
            f"there is a question {question_id} already; correct it with --question {question_id}, or give the new one "
            "another name"
        )
    if like is not None and like not in survey.questions:
        raise ReviewError(f"--like {like}: {unknown('question', like, survey.questions)}")
    header = survey.header("questions")
    check_names("questions", header, settings)
    taken = {
        name: value
        for name, value in (survey.questions[like].items() if like else ())
        if name not in ("question_id", "note", *label_columns(header))
    }
    return {**dict.fromkeys(header, ""), **taken, **settings, "question_id": question_id}


def put_question(survey: Survey, row: Row) -> str:
    """Put the new question among the others. Raises ReviewError where a build could not use it."""
    question_id = row["question_id"]
    faults = [
        fault + _known_values(survey, "questions", fault) for fault in row_faults(survey, "questions", row)
    ]
    if faults:
        raise ReviewError(
            f"--new-question {question_id}; nothing was written. Say each with --set, or take the cells of a question like it "
            "with --like QUESTION:\n" + "\n".join(f"- {fault}{_how(row, fault)}" for fault in faults)
        )
    survey.put("questions", row)
    return f"added the question {question_id} to survey/questions.csv"


def _how(row: Row, fault: str) -> str:
    if not fault.startswith("category_set is"):
        return ""
    name = row["category_set"] or row["question_id"]
    return (
        f". A new set is drafted from a column of the file with --draft-categories COLUMN, or made category by category with "
        f"--new-category {name} ID"
    )


def _known_values(survey: Survey, seed: str, fault: str) -> str:
    """For a cell that is empty, the values that stand in other rows where these are few."""
    column = fault.removesuffix(" is empty")
    if column == fault or column.startswith("label_"):
        return ""
    values = sorted({row.get(column, "") for row in survey.rows_of_seed(seed)} - {""})
    return f" (there are {', '.join(values)})" if 0 < len(values) <= MOST_SHOWN else ""


def add_category(survey: Survey, name: tuple[str, str], settings: Mapping[str, str]) -> str:
    """A category that its set has not got; of the first the set is made. Raises ReviewError for what cannot be."""
    category_set, category_id = name
    header = survey.header("categories")
    check_names("categories", header, settings)
    if category_id in survey.category_sets().get(category_set, {}):
        raise ReviewError(
            f"the set {category_set} has the category {category_id} already; correct it with --category {category_set} "
            f"{category_id}"
        )
    row = {
        **dict.fromkeys(header, ""),
        **settings,
        "category_set": category_set,
        "category_id": category_id,
    }
    _check_row(survey, "categories", row, f"--new-category {category_set} {category_id}")
    survey.put("categories", row)
    return f"added {category_id} to the set {category_set} in survey/categories.csv"


def correct_question(survey: Survey, question_id: str, settings: Mapping[str, str]) -> str:
    """Raises ReviewError where the cells are of accepted rows, or would be none that a build can use."""
    if question_id not in survey.questions:
        raise ReviewError(
            f"{unknown('question', question_id, survey.questions)}; a new one is made with --new-question {question_id}"
        )
    check_names("questions", survey.header("questions"), settings)
    old = survey.questions[question_id]
    row = {**old, **settings}
    _check_unused(survey, [question_id], old, row, f"the question {question_id}")
    _check_row(survey, "questions", row, f"--question {question_id}")
    survey.put("questions", row, {"question_id": question_id})
    return f"corrected the question {question_id} in survey/questions.csv"


def correct_category(survey: Survey, name: tuple[str, str], settings: Mapping[str, str]) -> str:
    """With another category_id in the code lists and columns that have it too. Raises ReviewError as for a question."""
    category_set, category_id = name
    of_set = survey.category_sets().get(category_set, {})
    if category_id not in of_set:
        what = unknown(f"category of the set {category_set}", category_id, of_set)
        raise ReviewError(f"{what}; a new one is made with --new-category {category_set} {category_id}")
    header = survey.header("categories")
    check_names("categories", header, settings, also=("category_id",))
    old = of_set[category_id]
    row = {**old, **settings}
    questions = [
        question_id
        for question_id, question in survey.questions.items()
        if question["category_set"] == category_set
    ]
    _check_unused(survey, questions, old, row, f"the set {category_set}")
    renamed = row["category_id"]
    if renamed != category_id and renamed in of_set:
        raise ReviewError(f"the set {category_set} has a category {renamed} already; choose another name")
    _check_row(survey, "categories", row, f"--category {category_set} {category_id}")
    survey.put("categories", row, {"category_set": category_set, "category_id": category_id})
    if renamed != category_id:
        _rename(survey, questions, category_id, renamed)
    return f"corrected {category_id} of the set {category_set} in survey/categories.csv"


def _rename(survey: Survey, questions: Sequence[str], old: str, new: str) -> None:
    """No accepted row has the category: the lists of the questions' columns are drafts."""
    lists = set()
    for position, row in enumerate(survey.variables.rows):
        if row["question_id"] in questions:
            lists.add(row["code_list"])
            if row["category_id"] == old:
                survey.variables.replace(position, {**row, "category_id": new})
    for position, row in enumerate(survey.code_lists.rows):
        if row["code_list"] in lists and row["category_id"] == old:
            survey.code_lists.replace(position, {**row, "category_id": new})


def _check_unused(survey: Survey, questions: Sequence[str], old: Row, new: Row, what: str) -> None:
    words = (*WORDS, *label_columns(new))
    changed = [name for name in new if name not in words and new[name] != old[name]]
    users = {
        row["sample_id"]
        for row in survey.variables.rows
        if row["review"] == "reviewed" and row["question_id"] in questions
    }
    if changed and users:
        raise ReviewError(
            f"{what} is that of accepted rows ({_some(sorted(users))}), whose numbers {', '.join(changed)} would change; labels "
            f"and {', '.join(WORDS)} can be corrected. Make a question of its own with --new-question, or open these rows again "
            "first with --reopen"
        )


def check_names(
    seed: str, header: Sequence[str], settings: Mapping[str, str], also: Sequence[str] = ()
) -> None:
    """Raises ReviewError for a setting that is no column of the seed, or one that names the row."""
    can = [name for name in header if name not in seed_properties()[seed].key or name in also]
    for name, value in settings.items():
        if name not in can:
            raise ReviewError(f"--set {name}={value}: there is no {name} to set; there are {', '.join(can)}")


def _check_row(survey: Survey, seed: str, row: Row, what: str) -> None:
    faults = row_faults(survey, seed, row)
    # A set in another language than the first one gets its labels one by one.
    faults = [fault for fault in faults if fault != f"{survey.label} is empty" or what.startswith("--new")]
    if faults:
        raise ReviewError(
            f"{what}; nothing was written. Say each with --set:\n"
            + "\n".join(f"- {fault}{_known_values(survey, seed, fault)}" for fault in faults)
        )


def give_codes(
    survey: Survey,
    new_list: str | None,
    codes: Sequence[tuple[str, str, str]],
    notes: Sequence[tuple[str, str, str]],
) -> list[str]:
    """What codes mean, and the notes on them. Raises ReviewError for a list or category that is not there, or a code of
    accepted rows."""
    done = []
    if new_list is not None:
        done.append(_new_list(survey, new_list, codes))
        codes = [code for code in codes if code[0] != new_list]
    done += [_give_code(survey, *code) for code in codes]
    for code_list, code, note in notes:
        position = _position(survey, code_list, code)
        if position is None:
            raise ReviewError(f"the code list {code_list} has no code {code!r} to note something of")
        survey.code_lists.replace(position, {**survey.code_lists.rows[position], "note": note})
        done.append(f"noted of code {code} of {code_list}: {note}")
    return done


def _new_list(survey: Survey, name: str, codes: Sequence[tuple[str, str, str]]) -> str:
    of_list = {code: category_id for code_list, code, category_id in codes if code_list == name}
    if survey.codes_of(name):
        raise ReviewError(
            f"there is a code list {name} already; give it further codes with --code {name} CODE CATEGORY, or give the new one "
            "another name"
        )
    if not of_list:
        raise ReviewError(
            f"--new-code-list {name}: say what its codes mean, each with --code {name} CODE CATEGORY"
        )
    for code, category_id in of_list.items():
        _check_code(survey, name, code, category_id)
    add_code_list(survey, name, of_list)
    return f"added the code list {name} to crosswalk/code_lists.csv"


def is_settled(survey: Survey, code_list: str) -> bool:
    """Whether reviewed samples use the code list, so that a code of it keeps its meaning."""
    return bool(survey.variables.find(code_list=code_list, review="reviewed"))


def _give_code(survey: Survey, code_list: str, code: str, category_id: str) -> str:
    position = _position(survey, code_list, code)
    before = survey.code_lists.rows[position]["category_id"] if position is not None else ""
    if is_settled(survey, code_list) and before and before != category_id:
        raise ReviewError(
            f"code {code} of {code_list} means {before} in samples that are reviewed; give the column a code list of its own"
        )
    if not category_id:
        if position is None:
            raise ReviewError(f"the code list {code_list} has no code {code!r} to take out")
        survey.code_lists.remove(position)
        return f"took code {code} out of {code_list}"
    _check_code(survey, code_list, code, category_id)
    row = {"code_list": code_list, "code": code, "category_id": category_id}
    if position is None:
        survey.code_lists.insert(survey.code_lists.find(code_list=code_list)[-1] + 1, row)
    else:
        survey.code_lists.replace(position, {**survey.code_lists.rows[position], **row})
    return f"code {code} of {code_list} means {category_id}"


def _position(survey: Survey, code_list: str, code: str) -> int | None:
    if not survey.codes_of(code_list):
        known = {row["code_list"]: row for row in survey.code_lists.rows}
        raise ReviewError(
            f"{unknown('code list', code_list, known)}; a new one is made with --new-code-list {code_list} --code {code_list} "
            "CODE CATEGORY"
        )
    return next(iter(survey.code_lists.find(code_list=code_list, code=code)), None)


def _check_code(survey: Survey, code_list: str, code: str, category_id: str) -> None:
    row = {"code_list": code_list, "code": code, "category_id": category_id}
    faults = cell_faults("code_lists", row, survey.rows_of_seed)
    if faults:
        raise ReviewError(f"--code {code_list} {code} {category_id}: {'; '.join(faults)}")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:3])} and {len(names) - 3} more"
