"""Write answers as the codes of a raw file: the crosswalk read backwards."""

from __future__ import annotations

from collections.abc import Callable

from kjpoll.synthetic.catalog import BLANK, SILENT, SKIPPED, Catalog, SyntheticError, SyntheticVariable
from kjpoll.synthetic.records.ages import AGE
from kjpoll.synthetic.records.fillers import Column, filler
from kjpoll.synthetic.records.latent_answers import Answer
from kjpoll.synthetic.records.people import People


def render(catalog: Catalog, people: People) -> dict[str, Column]:
    """The columns of a sample's raw file in the order of its variables.

    Raises SyntheticError, naming sample, variable and category, for an answer without a code.
    """
    asked = catalog.asked(people.sample.sample_id)
    columns: dict[str, Column] = {}
    for variable in catalog.variables[people.sample.sample_id]:
        if variable.variable in columns:
            raise SyntheticError(f"{_at(variable)}: the column is described twice in crosswalk/variables")
        if variable.role == "answer":
            siblings = [v for v in asked[variable.question_id] if v.layout == variable.layout]
            columns[variable.variable] = _answer_column(catalog, people, variable, siblings)
        elif variable.role == "id":
            columns[variable.variable] = [str(people.sample.wave * 10_000 + i + 1) for i in range(people.n)]
        elif variable.role == "weight":
            # No weights were used: an agency that ships the column fills it with ones.
            columns[variable.variable] = ["1"] * people.n
        else:
            columns[variable.variable] = filler(catalog, people.sample, variable)
    return columns


def _at(variable: SyntheticVariable) -> str:
    return f"sample {variable.sample_id}, variable {variable.variable}"


def _answer_column(
    catalog: Catalog, people: People, variable: SyntheticVariable, siblings: list[SyntheticVariable]
) -> Column:
    code = _coder(catalog, variable)
    answers = people.answers[variable.question_id]
    if variable.layout == "single":
        return [code(_one(variable, a)) for a in answers]
    if variable.layout == "indicator":
        return [code(_ticked(catalog, variable, siblings, a)) for a in answers]
    if variable.layout == "ranked":
        rank = [v.variable for v in siblings].index(variable.variable)
        return [code(_choice(catalog, variable, rank, a)) for a in answers]
    if variable.layout == "delimited":
        return [_joined(catalog, variable, code, a) for a in answers]
    if variable.layout in ("number", "birth_year"):
        return _numbers(catalog, people, variable, code)
    raise SyntheticError(
        f"{_at(variable)}: unknown layout {variable.layout!r}; use single, indicator, ranked, delimited, "
        "number or birth_year"
    )


def _codes(catalog: Catalog, variable: SyntheticVariable) -> dict[str, str]:
    """Code by category; the first code of a category in the list's order is used."""
    code_of: dict[str, str] = {}
    for code, category_id in catalog.code_lists.get(variable.code_list, []):
        code_of.setdefault(category_id, "" if code == BLANK else code)
    return code_of


def _coder(catalog: Catalog, variable: SyntheticVariable) -> Callable[[str], str]:
    codes = _codes(catalog, variable)

    def code(category_id: str) -> str:
        try:
            return codes[category_id]
        except KeyError:
            raise SyntheticError(
                f"{_at(variable)}: category {category_id!r} of question {variable.question_id} has no code "
                f"in code list {variable.code_list!r}; add it there, or take it out of synthetic/margins"
            ) from None

    return code


def _one(variable: SyntheticVariable, answer: Answer) -> str:
    if isinstance(answer, tuple):
        raise SyntheticError(
            f"{_at(variable)}: a set of answers to {variable.question_id} does not fit the layout 'single'; "
            "use indicator, ranked or delimited"
        )
    return answer


def _ticked(
    catalog: Catalog, variable: SyntheticVariable, siblings: list[SyntheticVariable], answer: Answer
) -> str:
    """What an indicator column says: a box of its own for 'don't know' wins over a code in every column."""
    boxes = {v.category_id for v in siblings}
    picked = answer if isinstance(answer, tuple) else (answer,)
    if not isinstance(answer, tuple) and answer not in boxes and _is_silent(catalog, variable, answer):
        return answer
    unseen = set(picked) - boxes
    if unseen:
        raise SyntheticError(
            f"{_at(variable)}: question {variable.question_id} has no indicator column for {sorted(unseen)}; "
            "add the variable or take the category out of synthetic/margins"
        )
    return "chosen" if variable.category_id in picked else "not_chosen"


def _is_silent(catalog: Catalog, variable: SyntheticVariable, answer: str) -> bool:
    return answer == SKIPPED or catalog.category(variable.question_id, answer).missing_type in SILENT


def _choice(catalog: Catalog, variable: SyntheticVariable, rank: int, answer: Answer) -> str:
    """What the column of the choice number ``rank`` (from 0) says; silence stands in the first column."""
    if answer == SKIPPED:
        return SKIPPED
    picked = answer if isinstance(answer, tuple) else (answer,)
    return picked[rank] if rank < len(picked) else "no_further_choice"


def _joined(catalog: Catalog, variable: SyntheticVariable, code: Callable[[str], str], answer: Answer) -> str:
    """All chosen codes in one cell, in the questionnaire's order."""
    picked = answer if isinstance(answer, tuple) else (answer,)
    order = {c: i for i, c in enumerate(_codes(catalog, variable))}
    codes = [code(c) for c in sorted(picked, key=lambda c: order.get(c, -1))]
    broken = [c for c in codes if variable.delimiter and variable.delimiter in c]
    if broken or (len(codes) > 1 and "" in codes):
        raise SyntheticError(
            f"{_at(variable)}: code {(broken or [BLANK])[0]!r} cannot stand in a list delimited by "
            f"{variable.delimiter!r}; use another delimiter or code"
        )
    return variable.delimiter.join(codes)


def _numbers(
    catalog: Catalog, people: People, variable: SyntheticVariable, code: Callable[[str], str]
) -> Column:
    """Years of age, or of birth at the wave's year; missing answers by their special code."""
    answers = people.answers[variable.question_id]
    if catalog.questions[variable.question_id].category_set != AGE:
        raise SyntheticError(
            f"{_at(variable)}: layout {variable.layout!r} is for years of age; "
            f"{variable.question_id} has none"
        )
    column = []
    for age, answer in zip(people.age.tolist(), answers, strict=True):
        if age < 0:
            column.append(code(_one(variable, answer)))
        else:
            column.append(str(age if variable.layout == "number" else people.sample.wave - age))
    years = {cell for cell, age in zip(column, people.age, strict=True) if age >= 0}
    taken = years & set(_codes(catalog, variable).values())
    if taken:
        raise SyntheticError(
            f"{_at(variable)}: the special code {min(taken)!r} of {variable.code_list!r} is also a "
            "number that occurs; use another code"
        )
    return column
