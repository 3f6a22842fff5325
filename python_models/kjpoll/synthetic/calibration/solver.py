"""Integer counts nearest to target shares inside published intervals (HiGHS)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

NOT_A_CHOICE = {"dont_know", "not_sure", "no_answer"}


@dataclass(frozen=True)
class Limit:
    """`low` <= sum of the counts of `categories` <= `high`."""

    categories: tuple[str, ...]
    low: float
    high: float


def single_limits(categories: list[str], base: int) -> list[Limit]:
    """Everybody asked is in exactly one category."""
    return [Limit(tuple(categories), base, base)]


def is_exclusive(category: str) -> bool:
    """True for answers of a multiple question that stand alone: the missing kinds."""
    return category in NOT_A_CHOICE


def multiple_rows(categories: list[str], base: int, cap: int | None) -> list[tuple[np.ndarray, float, float]]:
    """Constraint rows of a multiple question over the counts in order of `categories`.

    With A = base less the exclusive answers: no choice is named by more than A people, at
    least A choices are made in all, and at most `cap` by each person.
    """
    exclusive = np.array([is_exclusive(c) for c in categories], dtype=float)
    choices = 1 - exclusive
    rows = [(choices + exclusive, float(base), np.inf)]
    for i in np.flatnonzero(choices):
        unit = np.zeros(len(categories))
        unit[i] = 1
        rows.append((unit + exclusive, 0.0, float(base)))
    if cap:
        rows.append((choices + cap * exclusive, 0.0, float(cap * base)))
    return rows


def solve(
    categories: list[str],
    targets: np.ndarray,
    base: int,
    limits: list[Limit],
    rows: list[tuple[np.ndarray, float, float]] | None = None,
) -> dict[str, int] | None:
    """Counts with the least weighted absolute deviation from `targets` (counts, not shares).

    `rows` are further linear rows (coefficients, low, high). Returns None when no integers
    meet all limits. Weights fall with the root of the target, so that large categories take
    up the rounding; a small step by position makes the optimum unique.
    """
    k = len(categories)
    coefficients: list[np.ndarray] = []
    low: list[float] = []
    high: list[float] = []
    for limit in limits:
        coefficients.append(np.isin(categories, limit.categories).astype(float))
        low.append(limit.low)
        high.append(limit.high)
    for row, least, most in rows or []:
        coefficients.append(row)
        low.append(least)
        high.append(most)
    counts = np.array(coefficients)
    eye = np.eye(k)
    matrix = np.vstack(
        [
            np.hstack([counts, np.zeros((len(counts), k))]),
            np.hstack([eye, -eye]),
            np.hstack([eye, eye]),
        ]
    )
    weight = (1 + 1e-3 * np.arange(k)) / np.sqrt(np.maximum(targets, 1.0))
    result = milp(
        np.concatenate([np.zeros(k), weight]),
        constraints=LinearConstraint(
            csr_array(matrix),
            np.concatenate([low, np.full(k, -np.inf), targets]),
            np.concatenate([high, targets, np.full(k, np.inf)]),
        ),
        integrality=np.concatenate([np.ones(k), np.zeros(k)]),
        bounds=Bounds(np.zeros(2 * k), np.concatenate([np.full(k, base), np.full(k, np.inf)])),
        options={"mip_rel_gap": 0.0},
    )
    if result.x is None:
        return None
    return {c: round(n) for c, n in zip(categories, result.x[:k], strict=True)}
