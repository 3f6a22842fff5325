"""Answers to one question: exact counts, handed out by latent scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from kjpoll.synthetic.catalog import (
    SILENT,
    SKIPPED,
    Catalog,
    Margin,
    Question,
    SyntheticError,
    SyntheticSample,
)
from kjpoll.synthetic.records.ages import AGE, age_quotas
from kjpoll.synthetic.records.assign import choose, cut, cut_with_quotas
from kjpoll.synthetic.records.draws import descending, mix, normals
from kjpoll.synthetic.records.latents import NOMINAL_ON_TOPIC, REVERSED, Latents, direction

Answer = str | tuple[str, ...]
"""A category id, or the chosen category ids of a multiple question in order of preference."""

_COARSE = {("education", "middle_or_less"): Decimal("2.5"), ("education", "college_or_more"): Decimal("6.5")}
"""Where coarse categories without a net stand among the positions of their set; an assumption."""

_LAST = Decimal(1000)
""""Other" and the missing kinds stand behind every position."""


def in_order(catalog: Catalog, question_id: str, margins: Sequence[Margin]) -> list[Margin]:
    """The margins in the order in which answers are handed out, from the highest score to the lowest."""
    return sorted(margins, key=lambda m: _place(catalog, question_id, m.category_id))


def band_answers(sample_id: str, n: int, margins: Sequence[Margin]) -> list[Answer]:
    """Age bands dealt out at random to ``n`` people, before anything else is known of them."""
    order = descending(normals(n, sample_id, AGE, "score"), sample_id, AGE)
    return _by_row(n, cut(order, [(m.category_id, m.n) for m in margins]))


def answers_to(
    catalog: Catalog,
    sample: SyntheticSample,
    latents: Latents,
    question: Question,
    universe: np.ndarray,
    margins: Sequence[Margin],
) -> list[Answer]:
    """Answers to one question, one per respondent: who is silent, then who says what.

    ``universe`` holds the row indices of those who are asked; the ``margins`` come from ``in_order`` and,
    but for multiple questions, sum to its length. Raises SyntheticError, naming sample and question, when no
    answers can meet them.
    """
    sample_id, question_id = sample.sample_id, question.question_id
    answers: dict[int, Answer] = {}
    left = universe
    for kind in SILENT:
        for margin in margins:
            if catalog.category(question_id, margin.category_id).missing_type == kind:
                score = latents.silence(question_id, kind)[left]
                silent = left[descending(score, sample_id, question_id, kind)[: margin.n]]
                answers |= dict.fromkeys(silent.tolist(), margin.category_id)
                left = np.setdiff1d(left, silent)
    counts = [
        (m.category_id, m.n) for m in margins if not catalog.category(question_id, m.category_id).missing_type
    ]
    try:
        if question.answer_type == "multiple":
            answers |= _choices(catalog, sample_id, latents, question, left, counts)
        else:
            score = latents.question(question_id, question.topic, question.answer_type != "nominal")
            order = left[descending(score[left], sample_id, question_id)]
            group, quotas = age_quotas(catalog, sample, latents.age, question_id)
            answers |= cut_with_quotas(order, counts, group, quotas) if quotas else cut(order, counts)
    except SyntheticError as error:
        raise SyntheticError(
            f"sample {sample_id}, question {question_id}: {error}; correct synthetic/margins"
        ) from error
    return _by_row(latents.n, answers)


def _choices(
    catalog: Catalog,
    sample_id: str,
    latents: Latents,
    question: Question,
    left: np.ndarray,
    counts: list[tuple[str, int]],
) -> dict[int, Answer]:
    """The sets of categories that the people in ``left`` choose, best-liked first."""
    question_id = question.question_id
    disposition = latents.youth if question.topic == "respondent" else latents.topic(question.topic)
    talkative = normals(latents.n, sample_id, question_id, "talkative")
    columns = []
    for category_id, _ in counts:
        loading = NOMINAL_ON_TOPIC * direction(question_id, category_id)
        liking = mix(disposition, loading, latents.n, sample_id, question_id, category_id)
        columns.append((liking + talkative // 5)[left])
    cap = len(catalog.ranked(sample_id, question_id)) or len(counts)
    scores = np.stack(columns, axis=1) if columns else np.zeros((len(left), 0), dtype=np.int64)
    chosen = choose(scores, [n for _, n in counts], cap, sample_id, question_id)
    answers: dict[int, Answer] = {}
    for row, person in enumerate(left.tolist()):
        picks = sorted(np.flatnonzero(chosen[row]).tolist(), key=lambda c: (-int(scores[row, c]), c))
        answers[person] = tuple(counts[c][0] for c in picks)
    return answers


def _by_row(n: int, answers: Mapping[int, Answer]) -> list[Answer]:
    return [answers.get(i, SKIPPED) for i in range(n)]


def _place(catalog: Catalog, question_id: str, category_id: str) -> tuple[Decimal, str]:
    """Where a category stands in the cut: by position; a coarse one amid the positions of its net.

    The options of unordered questions run from the friendlier to the unfriendlier too, in most of them.
    """
    category = catalog.category(question_id, category_id)
    category_set = catalog.questions[question_id].category_set
    if category.position is not None:
        return Decimal(category.position) * (-1 if question_id in REVERSED else 1), category_id
    if category.net:
        same = [
            c.position
            for c in catalog.members(question_id).values()
            if c.net == category.net and c.position is not None
        ]
        if same:
            return Decimal(sum(same)) / len(same), category_id
    return _COARSE.get((category_set, category_id), _LAST), category_id
