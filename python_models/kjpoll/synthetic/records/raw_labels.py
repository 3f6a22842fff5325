"""Labels and types of raw columns, in the language of the country that was asked."""

from __future__ import annotations

import re

from kjpoll.synthetic.catalog import BLANK, Catalog, SyntheticError, SyntheticVariable
from kjpoll.synthetic.records.fillers import Column

LANGUAGE = {"KOR": "ko", "JPN": "ja"}

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)")
_TAGGED = re.compile(r"\.[a-z]")
_COLUMNS = {
    "ko": {
        "id": "응답자 번호", "weight": "가중치", "interviewer": "조사원 번호", "start_time": "조사 시작 시각",
        "open_text": "기타 의견", "choice": "순위",
    },
    "ja": {
        "id": "整理番号", "weight": "ウェイト", "interviewer": "調査員番号", "start_time": "調査開始日時",
        "open_text": "自由回答", "choice": "位",
    },
}  # fmt: skip


def language(catalog: Catalog, variable: SyntheticVariable) -> str:
    """ko or ja."""
    return LANGUAGE[catalog.samples[variable.sample_id].country]


def variable_label(catalog: Catalog, variable: SyntheticVariable) -> str:
    """The question as numbered in the questionnaire, with the option or the rank that the column holds."""
    tongue = language(catalog, variable)
    if variable.role != "answer":
        kind = catalog.fillers.get((variable.sample_id, variable.variable), variable.role)
        return _COLUMNS[tongue][kind]
    label = getattr(catalog.questions[variable.question_id], f"label_{tongue}")
    if variable.question_number:
        label = f"{variable.question_number}. {label}"
    if variable.layout == "indicator":
        category = catalog.category(variable.question_id, variable.category_id)
        return f"{label} / {getattr(category, f'label_{tongue}')}"
    if variable.layout == "ranked":
        ranked = catalog.ranked(variable.sample_id, variable.question_id)
        return f"{label} / {ranked.index(variable) + 1}{_COLUMNS[tongue]['choice']}"
    return label


def is_number(text: str) -> bool:
    """Whether a code survives as a number: '1' and '-9' do, '01' does not."""
    return _NUMBER.fullmatch(text) is not None


def is_tagged(text: str) -> bool:
    """Whether a code is a tagged missing value of a dta file: '.a' to '.z'."""
    return _TAGGED.fullmatch(text) is not None


def is_numeric(catalog: Catalog, variable: SyntheticVariable, column: Column) -> bool:
    """Whether the column can be stored as numbers without changing a code, in this file or in its list."""
    codes = {c for c, _ in catalog.code_lists.get(variable.code_list, []) if c != BLANK}
    values = (codes | set(column)) - {""}
    if variable.layout == "delimited" or not values:
        return False
    return all(is_number(value) or is_tagged(value) for value in values)


def code_labels(catalog: Catalog, variable: SyntheticVariable) -> dict[str, str]:
    """Label by code; none where every code is its own label, since such cells need no explanation."""
    tongue = language(catalog, variable)
    labels = {
        code: getattr(catalog.category(variable.question_id, category_id), f"label_{tongue}")
        for code, category_id in catalog.code_lists.get(variable.code_list, [])
        if code != BLANK
    }
    return labels if any(code != label for code, label in labels.items()) else {}


def value_labels(catalog: Catalog, variable: SyntheticVariable) -> dict[int | str, str]:
    """Label by code of a numeric column; tagged missings by their letter."""
    labels = code_labels(catalog, variable)
    return {code[1:] if is_tagged(code) else int(code): label for code, label in labels.items()}


def missing_codes(catalog: Catalog, variable: SyntheticVariable) -> list[int | str]:
    """The codes of a numeric column that stand for no substantive answer; sav files allow three."""
    codes = [
        code[1:] if is_tagged(code) else int(code)
        for code, category_id in catalog.code_lists.get(variable.code_list, [])
        if code != BLANK and catalog.category(variable.question_id, category_id).missing_type
    ]
    if len(codes) > 3:
        raise SyntheticError(
            f"sample {variable.sample_id}, variable {variable.variable}: code list {variable.code_list} has "
            f"{len(codes)} missing codes; a sav file allows 3 for a variable"
        )
    return codes
