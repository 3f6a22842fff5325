"""Respondents of one sample whose answers meet the margins exactly.

The records are synthetic: they reproduce published shares (and, where there are core records, published
regressions), not any person.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kjpoll.synthetic.catalog import SKIPPED, Catalog, Margin, Question, SyntheticError, SyntheticSample
from kjpoll.synthetic.core import core_answers, core_positions
from kjpoll.synthetic.records.ages import AGE, years
from kjpoll.synthetic.records.latent_answers import Answer, answers_to, band_answers, in_order
from kjpoll.synthetic.records.latents import Latents


@dataclass
class People:
    """``n`` respondents in row order: age in years (-1 unknown) and an answer list per question."""

    sample: SyntheticSample
    n: int
    age: np.ndarray
    answers: dict[str, list[Answer]] = field(default_factory=dict)


def generate(catalog: Catalog, sample_id: str) -> People:
    """The people of a sample, with an answer to every question that its variables ask.

    Raises SyntheticError when margins, universes or core records contradict each other.
    """
    sample = catalog.samples[sample_id]
    asked = catalog.asked(sample_id)
    extra = sorted(q for s, q in catalog.margins if s == sample_id and q not in asked)
    if extra:
        raise SyntheticError(
            f"sample {sample_id}: synthetic/margins has questions without a variable: {', '.join(extra)}; "
            "add their rows to crosswalk/variables or remove the margins"
        )
    known = core_answers(catalog, sample_id)
    people = People(sample, sample.n_expected, np.full(sample.n_expected, -1, dtype=np.int64))
    latents: Latents | None = None
    for question_id in catalog.question_order(sample_id, first=AGE):
        question = catalog.questions[question_id]
        universe = _universe(catalog, people, question_id)
        margins = _margins(catalog, sample_id, question_id, len(universe))
        if question_id in known:
            people.answers[question_id] = list(known[question_id])
        elif question_id == AGE:
            people.answers[AGE] = band_answers(sample_id, people.n, margins)
        else:
            if latents is None:
                raise SyntheticError(f"sample {sample_id}: no variable for {AGE}, which every sample needs")
            people.answers[question_id] = answers_to(catalog, sample, latents, question, universe, margins)
        _check(sample_id, question, people.answers[question_id], margins)
        if question_id == AGE:
            people.age = years(catalog, sample, [str(band) for band in people.answers[AGE]])
            topics = {q: catalog.questions[q].topic for q in known}
            latents = Latents(sample_id, people.age, core_positions(catalog, known), topics)
    return people


def _universe(catalog: Catalog, people: People, question_id: str) -> np.ndarray:
    """Row indices of those who were asked the question: each parent has an answer that lets people in."""
    inside = np.ones(people.n, dtype=bool)
    for parent, conditions in catalog.conditions(people.sample.sample_id, question_id).items():
        answers: list[Any] = people.answers[parent]
        holds = np.zeros(people.n, dtype=bool)
        for condition in conditions:
            if not condition.is_of_numbers:
                holds |= [catalog.admits(condition, answer) for answer in answers]
            elif parent == AGE:
                holds |= (people.age >= 0) & [condition.has(age) for age in people.age]
            else:
                raise SyntheticError(
                    f"sample {people.sample.sample_id}, question {question_id}: the generator knows the numbers of "
                    f"{AGE} alone, not those of {parent}; name categories or nets in survey/universes"
                )
        inside &= holds
    return np.flatnonzero(inside)


def _margins(catalog: Catalog, sample_id: str, question_id: str, base: int) -> list[Margin]:
    """The question's margins in answer order, checked against the number of people asked."""
    where = f"sample {sample_id}, question {question_id}"
    margins = [
        m
        for m in catalog.margins.get((sample_id, question_id), [])
        if catalog.category(question_id, m.category_id).missing_type != SKIPPED
    ]
    if not margins:
        raise SyntheticError(f"{where}: synthetic/margins has no rows; add them for every category")
    wrong = [m for m in margins if m.base_n != base]
    if wrong:
        raise SyntheticError(
            f"{where}: synthetic/margins gives base_n {wrong[0].base_n} for {wrong[0].category_id}, but the "
            f"answers make {base} people who were asked; recompute the margins"
        )
    total = sum(m.n for m in margins)
    if catalog.questions[question_id].answer_type != "multiple" and total != base:
        raise SyntheticError(f"{where}: synthetic/margins sums to {total}, not to its base of {base} people")
    return in_order(catalog, question_id, margins)


def _check(sample_id: str, question: Question, answers: list[Answer], margins: list[Margin]) -> None:
    """Count again: the answers must be the margins, whatever made them."""
    got = Counter(c for a in answers for c in (a if isinstance(a, tuple) else (a,)))
    got.pop(SKIPPED, None)
    for margin in margins:
        if got.pop(margin.category_id, 0) != margin.n:
            raise SyntheticError(
                f"sample {sample_id}, question {question.question_id}, category {margin.category_id}: the "
                f"records do not give the {margin.n} people of synthetic/margins; for a question of the core "
                "records the margins must be its counts"
            )
    if any(got.values()):
        raise SyntheticError(
            f"sample {sample_id}, question {question.question_id}: answers without a margin: {sorted(got)}; "
            "add them to synthetic/margins"
        )
