"""Whom a question was asked, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kjpoll.report.site import Site

AS_DELIVERED = "as_delivered"
EVERYBODY = "everybody"
# The answers that let people in, by question: a row of dim_universe has a net, a category or a range of numbers.
CONDITIONS = """
select dim_question.question_id, dim_question.label_en as question, conditions.value_min, conditions.value_max,
    string_agg(dim_category.label_en, ', ' order by position) filter (position is not null) as answers
from marts.dim_universe as conditions
inner join marts.dim_question using (question_id)
left join marts.dim_category
    on conditions.question_id = dim_category.question_id
    and (conditions.category_id = dim_category.category_id or conditions.net = dim_category.net)
where conditions.universe = ?
group by all
order by dim_question.question_id, min(position), value_min nulls first
"""


def asked_of(site: Site, asked: Iterable[Mapping[str, Any]]) -> str | None:
    """Whom a question was asked, None if everybody. `asked`: rows of marts.availability, with sample_id and universe.

    Where the samples differ, each part names its samples.
    """
    samples: dict[str | None, list[str]] = {}
    for row in asked:
        samples.setdefault(row["universe"], []).append(row["sample_id"])
    if len(samples) < 2:
        return next((universe_words(site, universe) for universe in samples if universe), None)
    return "; ".join(
        f"{universe_words(site, universe) if universe else EVERYBODY} ({', '.join(sorted(names))})"
        for universe, names in samples.items()
    )


def universe_words(site: Site, universe: str) -> str:
    """Who is in a universe."""
    if universe == AS_DELIVERED:
        return "those whom the wave file does not call skipped"
    answers: dict[str, list[str]] = {}
    for row in site.rows(CONDITIONS, [universe]):
        answers.setdefault(row["question"], []).append(
            row["answers"] or numbers(row["value_min"], row["value_max"])
        )
    return "those who answered " + " and ".join(
        f"“{', '.join(said)}” to “{question}”" for question, said in answers.items()
    )


def parents(site: Site, asked: Iterable[Mapping[str, Any]]) -> list[str]:
    """The questions whose answers decide, in any of the samples, who was asked."""
    names = sorted({row["universe"] for row in asked if row["universe"]})
    found = site.rows(
        "select distinct question_id from marts.dim_universe where list_contains(?, universe) order by question_id",
        [names],
    )
    return [row["question_id"] for row in found]


def numbers(low: float | None, high: float | None) -> str:
    """A range of numbers, either end of which may be open."""
    if high is None:
        return f"{low:g} or more"
    return f"{high:g} or less" if low is None else f"{low:g} to {high:g}"
