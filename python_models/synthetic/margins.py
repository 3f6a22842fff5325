"""Exact counts for every sample, question and category of the synthetic raw files.

`calibrate` joins the published numbers, the assumed shares and the core records of 2023 into
integer counts; `write` stores them as the seed `synthetic/margins.csv`. Every judged published
number comes back from the counts: exact ones when rounded half-up to a tenth, rounded ones
within their interval.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from python_models.synthetic import margin_changes
from python_models.synthetic import margin_inputs as inputs
from python_models.synthetic import margin_solver as solver
from python_models.synthetic import shares
from python_models.synthetic.margin_changes import round_half_up
from python_models.synthetic.margin_inputs import Published

COLUMNS = ["sample_id", "question_id", "category_id", "n", "base_n", "basis", "note"]
MARGINS = "synthetic/margins.csv"


@dataclass(frozen=True)
class Universe:
    """Who is asked a filtered question: those in `categories` of the question `parent`."""

    parent: str
    net: str
    category: str


@dataclass
class Calibration:
    """Counts by (sample_id, question_id), their bases, and what could not be met."""

    counts: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    bases: dict[tuple[str, str], int] = field(default_factory=dict)
    unmet: list[str] = field(default_factory=list)


class _Problem:
    """Everything that the solution of one sample and question needs."""

    def __init__(self, seeds: Path) -> None:
        self.samples = inputs.samples(seeds)
        self.offered, self.caps = inputs.offered(seeds)
        self.published: dict[tuple[str, str], list[Published]] = {}
        numbers = inputs.published(seeds, self.offered)
        for number in numbers:
            self.published.setdefault((number.sample_id, number.question_id), []).append(number)
        questions = inputs.read_seed(seeds, "survey/questions.csv").set_index("question_id")
        self.multiple = set(questions.index[questions["answer_type"] == "multiple"])
        filtered = questions[questions["universe_question_id"] != ""]
        self.universes = {
            str(q): Universe(r["universe_question_id"], r["universe_net"], r["universe_category_id"])
            for q, r in filtered.iterrows()
        }
        categories = inputs.read_seed(seeds, "survey/categories.csv")
        nets = {
            s: dict(zip(g["category_id"], g["net"], strict=True))
            for s, g in categories.groupby("category_set")
        }
        self.nets = {q: nets[s] for q, s in questions["category_set"].items()}
        self.core = inputs.core_counts(seeds)
        self.series = shares.all_series(
            self.samples, self.offered, numbers, self.multiple, shares.anchors(seeds)
        )
        self.changes = inputs.changes(seeds)

    def universe_members(self, sample: str, question: str) -> list[str]:
        """Offered categories of the parent whose holders are asked `question`."""
        universe = self.universes[question]
        known = self.offered[(sample, universe.parent)]
        if universe.category:
            return [c for c in known if c == universe.category]
        return [c for c in known if self.nets[universe.parent].get(c) == universe.net]

    def children(self, sample: str, question: str) -> list[str]:
        """Filtered questions of the sample that hang on `question`."""
        return [
            q for q, u in self.universes.items()
            if u.parent == question and (sample, q) in self.offered
        ]

    def order(self, sample: str) -> list[str]:
        """The sample's questions, parents before their filtered questions."""
        asked = sorted(q for s, q in self.offered if s == sample)

        def depth(question: str) -> int:
            universe = self.universes.get(question)
            return 0 if universe is None else 1 + depth(universe.parent)

        return sorted(asked, key=lambda q: (depth(q), q))


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
                f"{float(number.pct)} has no count on base {base}; nearest {low} gives {got}"
            )
        out.append(solver.Limit(number.categories, low, high))
    return out, missed


def _solve(problem: _Problem, key: tuple[str, str], base: int, limits: list[solver.Limit]):
    sample, question = key
    categories = problem.offered[key]
    country, wave = sample.split("-")
    share = problem.series[(question, country)].shares[int(wave)]
    targets = np.array([share[c] for c in categories]) * base / 100
    if question in problem.multiple:
        rows = solver.multiple_rows(categories, base, problem.caps.get(key))
        return solver.solve(categories, targets, base, limits, rows)
    whole = solver.single_limits(categories, base)
    return solver.solve(categories, targets, base, [*whole, *limits])


def _solve_for_children(
    problem: _Problem, key: tuple[str, str], base: int, limits: list[solver.Limit]
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
        members = tuple(problem.universe_members(sample, child))
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


def solve_all(seeds: Path) -> tuple[Calibration, _Problem]:
    """Counts of every sample and question; `unmet` names the numbers that could not be met."""
    problem = _Problem(seeds)
    done = Calibration()
    fixed, unmet = margin_changes.fixed_counts(
        problem.changes, problem.samples, problem.published, problem.core
    )
    done.unmet.extend(unmet)
    for sample, total in problem.samples[["sample_id", "n"]].itertuples(index=False):
        for question in problem.order(sample):
            key = (sample, question)
            base = total
            if question in problem.universes:
                parent = done.counts[(sample, problem.universes[question].parent)]
                base = sum(parent[c] for c in problem.universe_members(sample, question))
            done.bases[key] = base
            if key in problem.core:
                done.counts[key] = _core(problem, key)
                continue
            limits, missed = _limits(problem.published.get(key, []), base, fixed.get(key, {}))
            done.unmet.extend(missed)
            counts = _solve_for_children(problem, key, base, limits)
            if counts is None:
                counts, given_up = _without_one(problem, key, base, limits)
                done.unmet.append(given_up)
            done.counts[key] = counts
    return done, problem


def _without_one(
    problem: _Problem, key: tuple[str, str], base: int, limits: list[solver.Limit]
) -> tuple[dict[str, int], str]:
    """Counts when the numbers contradict: the one gives way that then deviates least.

    Raises ValueError when more than one number would have to give way.
    """
    numbers = problem.published.get(key, [])
    found = []
    for i, number in enumerate(numbers):
        counts = _solve_for_children(problem, key, base, limits[:i] + limits[i + 1 :])
        if counts is not None:
            got = Fraction(100 * sum(counts[c] for c in number.categories), base)
            found.append((abs(got - number.pct), -number.pct, i, counts, got))
    if not found:
        printed = [(p.option_id, float(p.pct)) for p in numbers]
        raise ValueError(
            f"{key[0]} {key[1]}: no counts on base {base} meet {printed} together; mark the "
            "weaker ones as conflicts in seeds/published"
        )
    _, _, i, counts, got = min(found, key=lambda f: f[:3])
    return counts, (
        f"{key[0]} {key[1]} {numbers[i].option_id}: {float(numbers[i].pct)} contradicts the "
        f"question's other numbers on base {base}; the counts give {float(got):.3f}"
    )


def _core(problem: _Problem, key: tuple[str, str]) -> dict[str, int]:
    counts = problem.core[key]
    unknown = set(counts) - set(problem.offered[key])
    if unknown:
        raise ValueError(
            f"{key[0]} {key[1]}: the core holds {sorted(unknown)}, which the code lists do not "
            "offer; add the codes to crosswalk/code_lists.csv"
        )
    return {c: counts.get(c, 0) for c in problem.offered[key]}


def _basis(problem: _Problem, key: tuple[str, str], category: str) -> tuple[str, str]:
    sample, question = key
    if key in problem.core:
        return "core", ""
    numbers = [p for p in problem.published.get(key, []) if category in p.categories]
    note = "; ".join(f"{p.option_id} {float(p.pct):g}" for p in numbers)
    if any(len(p.categories) == 1 for p in numbers):
        return "published", note
    if numbers:
        return "published_group", note
    country, wave = sample.split("-")
    if (int(wave), category) in problem.series[(question, country)].interpolated:
        return "interpolated", ""
    return "assumed", ""


def calibrate(seeds: Path) -> pd.DataFrame:
    """The margins: one row per sample, question and offered category (columns `COLUMNS`).

    `n` counts respondents, `base_n` those asked. Single questions sum to `base_n`, with the
    kinds of missing; in multiple questions each category counts those who name it. `basis`:
    published, published_group, interpolated, assumed or core; `note` names the printed numbers.
    Sorted by sample, question and the category's place. Deterministic.
    """
    done, problem = solve_all(seeds)
    rows = []
    for key in sorted(done.counts):
        for category in problem.offered[key]:
            basis, note = _basis(problem, key, category)
            rows.append((*key, category, done.counts[key][category], done.bases[key], basis, note))
    return pd.DataFrame(rows, columns=COLUMNS)


def write(seeds: Path) -> Path:
    """Calibrate and store `synthetic/margins.csv`; returns its path."""
    path = seeds / MARGINS
    calibrate(seeds).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    return path
