"""Respondents of one sample whose answers meet the margins exactly.

The records are synthetic: they reproduce published shares (and, for 2023, published regressions through
the core records), not any person.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from python_models.synthetic.assign import choose, cut, cut_with_quotas
from python_models.synthetic.catalog import SKIPPED, Catalog, Margin, Question, Sample, SyntheticError
from python_models.synthetic.core import core_answers, core_positions
from python_models.synthetic.draws import descending, integers, mix, normals
from python_models.synthetic.latents import NOMINAL_ON_TOPIC, REVERSED, Latents, direction

AGE = "age_group"
OLDEST = 94

Answer = str | tuple[str, ...]
"""A category id, or the chosen category ids of a multiple question in order of preference."""


@dataclass
class People:
    """``n`` respondents in row order: age in years (-1 unknown) and an answer list per question."""

    sample: Sample
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
    people = People(sample, sample.n, np.full(sample.n, -1, dtype=np.int64))
    latents: Latents | None = None
    for question_id in catalog.question_order(sample_id, first=AGE):
        question = catalog.questions[question_id]
        universe = universe_of(catalog, people, question)
        margins = margins_of(catalog, sample_id, question_id, len(universe))
        if question_id in known:
            people.answers[question_id] = list(known[question_id])
        elif question_id == AGE:
            order = descending(normals(people.n, sample_id, AGE, "score"), sample_id, AGE)
            people.answers[AGE] = _by_row(people.n, cut(order, [(m.category_id, m.n) for m in margins]))
        else:
            if latents is None:
                raise SyntheticError(f"sample {sample_id}: no variable for {AGE}, which every sample needs")
            people.answers[question_id] = _answers(catalog, people, latents, question, universe, margins)
        _check(sample_id, question, people.answers[question_id], margins)
        if question_id == AGE:
            people.age = _ages(catalog, sample, people.answers[AGE])
            topics = {q: catalog.questions[q].topic for q in known}
            latents = Latents(sample_id, people.age, core_positions(catalog, known), topics)
    return people


def universe_of(catalog: Catalog, people: People, question: Question) -> np.ndarray:
    """Row indices of those who were asked the question."""
    parent = question.universe_question_id
    if not parent:
        return np.arange(people.n)

    answers = people.answers[parent]
    return np.array([i for i in range(people.n) if catalog.admits(question.question_id, answers[i])], dtype=np.int64)


def margins_of(catalog: Catalog, sample_id: str, question_id: str, base: int) -> list[Margin]:
    """The question's margins in answer order, checked against the number of people asked."""
    place = f"sample {sample_id}, question {question_id}"
    found = [
        m
        for m in catalog.margins.get((sample_id, question_id), [])
        if catalog.category(question_id, m.category_id).missing_type != SKIPPED
    ]
    if not found:
        raise SyntheticError(f"{place}: synthetic/margins has no rows; add them for every category")
    wrong = [m for m in found if m.base_n != base]
    if wrong:
        raise SyntheticError(
            f"{place}: synthetic/margins gives base_n {wrong[0].base_n} for {wrong[0].category_id}, but the "
            f"answers make {base} people who were asked; recompute the margins"
        )
    total = sum(m.n for m in found if not _multiple_choice(catalog, question_id, m))
    if catalog.questions[question_id].answer_type != "multiple" and total != base:
        raise SyntheticError(f"{place}: synthetic/margins sums to {total}, not to its base of {base} people")
    return sorted(found, key=lambda m: _place(catalog, question_id, m.category_id))


def _multiple_choice(catalog: Catalog, question_id: str, margin: Margin) -> bool:
    multiple = catalog.questions[question_id].answer_type == "multiple"
    return multiple and not catalog.category(question_id, margin.category_id).missing_type


_COARSE = {("education", "middle_or_less"): Decimal("2.5"), ("education", "college_or_more"): Decimal("6.5")}
"""Where coarse categories without a net stand among the positions of their set."""


def _place(catalog: Catalog, question_id: str, category_id: str) -> tuple[Decimal, str]:
    """Where a category stands in the cut: by position; a coarse one amid the positions of its net.

    The options of unordered questions run from the friendlier to the unfriendlier too, in most of them.
    """
    category = catalog.category(question_id, category_id)
    category_set = catalog.questions[question_id].category_set
    if category.position is not None:
        return Decimal(category.position) * (-1 if question_id in REVERSED else 1), category_id
    if category.net:
        found = catalog.categories[category_set].values()
        same = [c.position for c in found if c.net == category.net and c.position is not None]
        if same:
            return Decimal(sum(same)) / len(same), category_id
    return _COARSE.get((category_set, category_id), Decimal(1000)), category_id


def _answers(catalog, people, latents, question: Question, universe: np.ndarray, margins) -> list[Answer]:
    """Answers to one question: who is silent, then who says what."""
    sample_id, question_id = people.sample.sample_id, question.question_id
    found: dict[int, Answer] = {}
    left = universe
    for kind in ("dont_know", "no_answer"):
        for margin in margins:
            if catalog.category(question_id, margin.category_id).missing_type == kind:
                score = latents.silence(question_id, kind)[left]
                silent = left[descending(score, sample_id, question_id, kind)[: margin.n]]
                found |= dict.fromkeys(silent.tolist(), margin.category_id)
                left = np.setdiff1d(left, silent)
    counts = [
        (m.category_id, m.n) for m in margins if not catalog.category(question_id, m.category_id).missing_type
    ]
    try:
        if question.answer_type == "multiple":
            found |= _choices(catalog, people, latents, question, left, counts)
        else:
            score = latents.question(question_id, question.topic, question.answer_type != "nominal")
            order = left[descending(score[left], sample_id, question_id)]
            group, quotas = _quotas(catalog, people, question_id)
            found |= cut_with_quotas(order, counts, group, quotas) if quotas else cut(order, counts)
    except SyntheticError as error:
        raise SyntheticError(
            f"sample {sample_id}, question {question_id}: {error}; correct synthetic/margins"
        ) from error
    return _by_row(people.n, found)


def _choices(catalog, people, latents, question, left, counts) -> dict[int, Answer]:
    """The sets of categories that the people in ``left`` choose, best-liked first."""
    sample_id, question_id = people.sample.sample_id, question.question_id
    ranked = catalog.ranked(sample_id, question_id)
    disposition = latents.youth if question.topic == "respondent" else latents.topic(question.topic)
    talkative = normals(people.n, sample_id, question_id, "talkative")
    columns = []
    for category_id, _ in counts:
        loading = NOMINAL_ON_TOPIC * direction(question_id, category_id)
        liking = mix(disposition, loading, people.n, sample_id, question_id, category_id)
        columns.append((liking + talkative // 5)[left])
    scores = np.stack(columns, axis=1) if columns else np.zeros((len(left), 0), dtype=np.int64)
    chosen = choose(scores, [n for _, n in counts], len(ranked) or len(counts), sample_id, question_id)
    found: dict[int, Answer] = {}
    for row, person in enumerate(left.tolist()):
        picks = sorted(np.flatnonzero(chosen[row]).tolist(), key=lambda c: (-int(scores[row, c]), c))
        found[person] = tuple(counts[c][0] for c in picks)
    return found


def _quotas(catalog: Catalog, people: People, question_id: str):
    """Published breaks by age of this sample and question: the group and its (mask, number) pairs."""
    sample = people.sample
    group: set[str] = set()
    quotas = []
    for row in catalog.subgroups:
        key = (int(row["wave"]), row["country"], row["question_id"], row["subgroup"])
        if key != (sample.wave, sample.country, question_id, "age"):
            continue
        group = {
            c.category_id
            for c in catalog.categories[catalog.questions[question_id].category_set].values()
            if row["option_id"] in (c.net, c.category_id)
        }
        low, high = _band(row["value"])
        mask = (people.age >= low) & (people.age <= high)
        exact = Decimal(row["pct"]) * int(mask.sum()) / 100
        quotas.append((mask, int(exact.quantize(Decimal(1), ROUND_HALF_UP))))
    return group, quotas


def _band(text: str) -> tuple[int, int]:
    """Bounds in years of a printed age band: 'under20', '20-29' or '60+'."""
    if text.startswith("under"):
        return 0, int(text.removeprefix("under")) - 1
    if text.endswith("+"):
        return int(text[:-1]), 200
    low, high = text.split("-")
    return int(low), int(high)


def _ages(catalog: Catalog, sample: Sample, bands: list[Answer]) -> np.ndarray:
    """Years of age inside each band; the open band thins out with age. -1 where the band is missing."""
    youngest = 19 if sample.population.startswith("19") else 18
    first = integers(len(bands), 1 << 16, sample.sample_id, "age", "first")
    second = integers(len(bands), 1 << 16, sample.sample_id, "age", "second")
    ages = np.full(len(bands), -1, dtype=np.int64)
    for i, band in enumerate(bands):
        category = catalog.category(AGE, band)
        if category.missing_type:
            continue
        if category.value_min is None or category.value_max is None:
            raise SyntheticError(f"survey/categories: set {AGE}, {band} lacks value_min or value_max")
        low = max(category.value_min, youngest)
        draw = first[i]
        if category.value_max > OLDEST:
            draw = min(first[i], second[i])
        ages[i] = low + int(draw) * (min(category.value_max, OLDEST) - low + 1) // (1 << 16)
    return ages


def _by_row(n: int, found: dict[int, Answer]) -> list[Answer]:
    return [found.get(i, SKIPPED) for i in range(n)]


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
