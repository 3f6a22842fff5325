"""The shares of a sample's answers, from how often each code occurs: before any build."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kjpoll.common.code_text import PLAIN_NUMBER
from kjpoll.onboarding.layouts import MULTIPLE, NUMERIC
from kjpoll.onboarding.profile import BLANK
from kjpoll.onboarding.review.survey import Row, Survey

# No category has such a name.
ANY_NUMBER = "(number)"


@dataclass(frozen=True)
class Asking:
    """A question in a sample: `counts` of each substantive category, out of `base` records.

    The base of a single answer is the substantive answers, that of several answers all who were asked. `line`
    is what two askings have in common that can be compared: comparability, whom the question is about, its
    options.
    """

    counts: dict[str, int]
    base: int
    line: tuple[object, ...]


def asking(
    survey: Survey, question_id: str, rows: Sequence[Row], counts: Mapping[str, Mapping[str, int]]
) -> Asking:
    """How `question_id` was answered in the columns `rows` of one sample.

    `counts`: variable -> code verbatim -> records. Codes that mean nothing (yet) are left out.
    """
    categories = survey.categories_of(question_id)
    chosen: dict[str, int] = dict.fromkeys(_offered(survey, question_id, rows), 0)
    base = 0
    for number, row in enumerate(rows):
        means = _totals(survey, row, counts.get(row["variable"], {}))
        for category_id, n in means.items():
            if category_id in chosen:
                chosen[category_id] += n
        if row["layout"] not in MULTIPLE:
            base = sum(n for category_id, n in means.items() if category_id in chosen)
        elif number == 0:
            records = sum(counts.get(row["variable"], {}).values())
            base = records - sum(n for name, n in means.items() if _missing(categories, name) == "skipped")
    referents = {row["referent"] for row in rows}
    comparability = {row["comparability"] for row in rows}
    return Asking(
        chosen, base, (tuple(sorted(comparability)), tuple(sorted(referents)), tuple(sorted(chosen)))
    )


def _offered(survey: Survey, question_id: str, rows: Sequence[Row]) -> list[str]:
    """The substantive categories that the columns can give, in the order of the question's set."""
    categories = survey.own_categories_of(question_id)
    given: set[str] = set()
    for row in rows:
        if row["layout"] == "indicator":
            given.add(row["category_id"])
        elif row["layout"] in NUMERIC:
            given.update(
                name
                for name, category in categories.items()
                if category["value_min"] and category["position"]
            )
        else:
            given.update(survey.codes_of(row["code_list"]).values())
    return [name for name in categories if name in given and not _missing(categories, name)]


def meanings(survey: Survey, row: Row, counts: Mapping[str, int]) -> Iterator[tuple[str, int, list[str]]]:
    """(code verbatim, records, categories that it means) of one column; '' for what nothing explains, ANY_NUMBER for
    a number of a numeric question."""
    codes = survey.codes_of(row["code_list"])
    for code, n in counts.items():
        if code in codes:
            yield code, n, [codes[code]]
        elif row["layout"] == "delimited" and row["delimiter"] and code != BLANK:
            yield code, n, [codes.get(part, "") for part in code.split(row["delimiter"])]
        elif row["layout"] in NUMERIC:
            yield code, n, [_band(survey, row, code)]
        else:
            yield code, n, [""]


def _totals(survey: Survey, row: Row, counts: Mapping[str, int]) -> dict[str, int]:
    """category_id -> records, of one column."""
    totals: dict[str, int] = {}
    for _, n, categories in meanings(survey, row, counts):
        for name in categories:
            name = row["category_id"] if name == "chosen" and row["layout"] == "indicator" else name
            totals[name] = totals.get(name, 0) + n
    return totals


def _band(survey: Survey, row: Row, text: str) -> str:
    """The category into which a number falls; of a year of birth, the age reached in the year of the sample. A number of a
    numeric question within its bounds falls into none and is ANY_NUMBER."""
    question = survey.questions[row["question_id"]]
    if question["answer_type"] == "numeric":
        number = float(text) if PLAIN_NUMBER.fullmatch(text) else math.nan
        lowest, highest = (
            float(question[name] or end) for name, end in (("value_min", "-inf"), ("value_max", "inf"))
        )
        return ANY_NUMBER if lowest <= number <= highest else ""
    try:
        value = float(text)
    except ValueError:
        return ""
    if row["layout"] == "birth_year":
        year = survey.year_of(row["sample_id"])
        if year is None:
            return ""
        value = year - value
    bands = survey.categories_of(row["question_id"]).items()
    return next(
        (
            name
            for name, band in bands
            if band["value_min"]
            and band["position"]
            and float(band["value_min"]) <= value <= float(band["value_max"])
        ),
        "",
    )


def _missing(categories: Mapping[str, Row], category_id: str) -> str:
    return categories[category_id]["missing_type"] if category_id in categories else ""
