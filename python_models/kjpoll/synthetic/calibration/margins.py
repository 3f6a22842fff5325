"""Exact counts for every sample, question and category of the synthetic raw files.

`calibrate` joins the published numbers, the assumed shares and the core records into
integer counts; `write` stores them as the seed `synthetic/margins.csv`. Every eligible published
number comes back from the counts: exact ones when rounded half-up to a tenth, rounded ones
within their interval.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from kjpoll.common.properties import seed_properties
from kjpoll.synthetic.calibration import changes, published_targets, solver, target_shares
from kjpoll.synthetic.calibration.changes import round_half_up
from kjpoll.synthetic.calibration.published_targets import Key, Published
from kjpoll.synthetic.catalog import SyntheticError
from kjpoll.synthetic.core import core_counts
from kjpoll.synthetic.seeds import MARGINS, load_survey


@dataclass
class Calibration:
    """Counts by (sample_id, question_id), their bases, and what could not be met."""

    counts: dict[Key, dict[str, int]] = field(default_factory=dict)
    bases: dict[Key, int] = field(default_factory=dict)
    unmet: list[str] = field(default_factory=list)


class _Targets:
    """Everything that the solution of one sample and question needs."""

    def __init__(self, seeds: Path) -> None:
        self.catalog = load_survey(seeds)
        self.offered = {
            (s, q): self.catalog.offered(s, q) for s in self.catalog.samples for q in self.catalog.asked(s)
        }
        self.published = published_targets.published(self.catalog, seeds, self.offered)
        self.core = core_counts(self.catalog)
        self.series = target_shares.all_series(
            self.catalog, self.offered, self.published, target_shares.anchors(seeds)
        )
        self.fixed, self.unmet = changes.fixed_counts(
            published_targets.changes(self.catalog, seeds),
            {s.sample_id: s.n_expected for s in self.catalog.samples.values()},
            self.published,
            self.core,
        )

    def series_of(self, key: Key) -> tuple[target_shares.PublishedSeries, int]:
        """The series that a sample's question belongs to, and its wave."""
        sample = self.catalog.samples[key[0]]
        return self.series[key[1], sample.country], sample.wave

    def parent(self, sample: str, question: str) -> str:
        """The question whose answer decides who is asked, '' if all are.

        Raises SyntheticError where several do, or numbers: their margins do not say how many are asked.
        """
        parents = self.catalog.conditions(sample, question)
        if len(parents) > 1 or any(c.is_of_numbers for rows in parents.values() for c in rows):
            raise SyntheticError(
                f"{sample} {question}: margins give the size of a universe of categories or nets of one question "
                "only; name such a universe in survey/questions, or make the records without calibration"
            )
        return next(iter(parents), "")

    def universe(self, sample: str, question: str) -> list[str]:
        """Offered categories of the filter whose holders are asked the filtered `question`."""
        parent = self.parent(sample, question)
        conditions = self.catalog.conditions(sample, question)[parent]
        return [
            c for c in self.offered[sample, parent] if any(self.catalog.admits(row, c) for row in conditions)
        ]

    def children(self, sample: str, question: str) -> list[str]:
        """Filtered questions of the sample that hang on `question`."""
        return [
            q
            for q in self.catalog.questions
            if (sample, q) in self.offered and self.parent(sample, q) == question
        ]


def _attainable(numbers: list[Published], base: int) -> bool:
    return all(low <= high for low, high in (p.counts(base) for p in numbers))


def _limits(
    numbers: list[Published], base: int, fixed: dict[str, tuple[int, int]]
) -> tuple[list[solver.Limit], list[str]]:
    """Count limits of the published numbers; those that no count can give take the nearest."""
    out, missed = [], []
    for number in numbers:
        low, high = fixed.get(number.option_id) or number.counts(base)
        if low > high:
            low = high = int(number.pct * base / 100 + Fraction(1, 2))
            got = float(round_half_up(low, base))
            missed.append(
                f"{number.sample_id} {number.question_id} {number.option_id}: "
                f"{number.text} has no count on base {base}; nearest {low} gives {got}"
            )
        out.append(solver.Limit(number.categories, low, high))
    return out, missed


def _solve(problem: _Targets, key: Key, base: int, limits: list[solver.Limit]) -> dict[str, int] | None:
    sample, question = key
    categories = problem.offered[key]
    series, wave = problem.series_of(key)
    targets = np.array([series.shares[wave][c] for c in categories]) * base / 100
    if series.multiple:
        rows = solver.multiple_rows(categories, base, len(problem.catalog.ranked(sample, question)))
        return solver.solve(categories, targets, base, limits, rows)
    whole = solver.single_limits(categories, base)
    return solver.solve(categories, targets, base, [*whole, *limits])


def _solve_for_children(
    problem: _Targets, key: Key, base: int, limits: list[solver.Limit]
) -> dict[str, int] | None:
    """Solve so that the published numbers of filtered questions have counts on their bases.

    The size of each universe moves away from its target by as little as the parent's own
    numbers allow. A child without any attainable size leaves the parent as it is.
    """
    sample, question = key
    best = _solve(problem, key, base, limits)
    extra: list[solver.Limit] = []
    for child in problem.children(sample, question):
        numbers = problem.published.get((sample, child), [])
        members = tuple(problem.universe(sample, child))
        if best is None or not numbers or not members:
            continue
        size = sum(best[c] for c in members)
        for step in sorted(range(-size, base - size + 1), key=abs):
            if not _attainable(numbers, size + step):
                continue
            pinned = solver.Limit(members, size + step, size + step)
            moved = _solve(problem, key, base, [*limits, *extra, pinned])
            if moved is not None:
                best, extra = moved, [*extra, pinned]
                break
            if abs(step) > 0.1 * base:
                break
    return best


def solve_all(seeds: Path) -> tuple[Calibration, _Targets]:
    """Counts of every sample and question; `unmet` names the numbers that could not be met."""
    problem = _Targets(seeds)
    done = Calibration(unmet=list(problem.unmet))
    for sample in sorted(problem.catalog.samples):
        for question in problem.catalog.question_order(sample):
            key = (sample, question)
            base = problem.catalog.samples[sample].n_expected
            if parent := problem.parent(sample, question):
                base = sum(done.counts[sample, parent][c] for c in problem.universe(sample, question))
            done.bases[key] = base
            if key in problem.core:
                done.counts[key] = _core(problem, key)
                continue
            limits, missed = _limits(problem.published.get(key, []), base, problem.fixed.get(key, {}))
            done.unmet.extend(missed)
            counts = _solve_for_children(problem, key, base, limits)
            if counts is None:
                counts, given_up = _without_one(problem, key, base, limits)
                done.unmet.append(given_up)
            done.counts[key] = counts
    return done, problem


def _without_one(
    problem: _Targets, key: Key, base: int, limits: list[solver.Limit]
) -> tuple[dict[str, int], str]:
    """Counts when the numbers contradict: the one gives way that then deviates least.

    Raises SyntheticError when more than one number would have to give way.
    """
    numbers = problem.published.get(key, [])
    candidates = []
    for i, number in enumerate(numbers):
        counts = _solve_for_children(problem, key, base, limits[:i] + limits[i + 1 :])
        if counts is not None:
            got = Fraction(100 * sum(counts[c] for c in number.categories), base)
            candidates.append((abs(got - number.pct), -number.pct, i, counts, got))
    if not candidates:
        printed = [f"{p.option_id} {p.text}" for p in numbers]
        raise SyntheticError(
            f"{key[0]} {key[1]}: no counts on base {base} meet {printed} together; mark the "
            "weaker ones as conflicts in seeds/published"
        )
    _, _, i, counts, got = min(candidates, key=lambda f: f[:3])
    return counts, (
        f"{key[0]} {key[1]} {numbers[i].option_id}: {numbers[i].text} contradicts the "
        f"question's other numbers on base {base}; the counts give {float(got):.3f}"
    )


def _core(problem: _Targets, key: Key) -> dict[str, int]:
    counts = problem.core[key]
    unknown = set(counts) - set(problem.offered[key])
    if unknown:
        raise SyntheticError(
            f"{key[0]} {key[1]}: the core holds {sorted(unknown)}, which the code lists do not "
            "offer; add the codes to crosswalk/code_lists.csv"
        )
    return {c: counts[c] for c in problem.offered[key]}


def _basis(problem: _Targets, key: Key, category: str) -> tuple[str, str]:
    if key in problem.core:
        return "core", ""
    numbers = [p for p in problem.published.get(key, []) if category in p.categories]
    note = "; ".join(f"{p.option_id} {p.text}" for p in numbers)
    if any(len(p.categories) == 1 for p in numbers):
        return "published", note
    if numbers:
        return "published_group", note
    series, wave = problem.series_of(key)
    if (wave, category) in series.interpolated:
        return "interpolated", ""
    return "assumed", ""


def calibrate(seeds: Path) -> pd.DataFrame:
    """The margins: one row per sample, question and offered category (the columns of the seed).

    `n` counts respondents, `base_n` those asked. Single questions sum to `base_n`, with the
    kinds of missing; in multiple questions each category counts those who name it. `basis`:
    published, published_group, interpolated, assumed or core; `note` names the printed numbers.
    Sorted by sample, question and the category's place. Deterministic.
    """
    return _table(*solve_all(seeds))


def _table(done: Calibration, problem: _Targets) -> pd.DataFrame:
    rows = []
    for key in sorted(done.counts):
        for category in problem.offered[key]:
            basis, note = _basis(problem, key, category)
            row = dict(sample_id=key[0], question_id=key[1], category_id=category, basis=basis, note=note)
            rows.append(row | {"n": done.counts[key][category], "base_n": done.bases[key]})
    return pd.DataFrame(rows, columns=seed_properties()["margins"].columns)


def write(seeds: Path) -> tuple[Path, list[str]]:
    """Calibrate and store `synthetic/margins.csv`; returns its path and the numbers that it does not meet."""
    path = seeds / MARGINS
    done, problem = solve_all(seeds)
    _table(done, problem).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    return path, done.unmet
