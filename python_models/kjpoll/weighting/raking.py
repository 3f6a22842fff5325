"""Raking by iterative proportional fitting (Deming, Stephan 1940, Ann. Math. Stat. 11), and trimming.

The weights are those of survey::rake and survey::trimWeights in R; a test holds them to 1e-6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Groups = np.ndarray[Any, np.dtype[np.intp]]

# By how much a step may still change a weight, relative to it, and how many there are at most: margins that the sample can
# give are met after some tens, and far more are needed only where they contradict each other.
TOLERANCE = 1e-11
MAX_STEPS = 1000
# Trimming and raking take turns until no weight is further outside its bounds than this.
INSIDE = 1e-9
MAX_TURNS = 300


@dataclass(frozen=True)
class RakingMargin:
    """groups: (n,) the group of each respondent, from 0. totals: (k,) what the weights of each group are to sum to."""

    groups: Groups
    totals: Floats


@dataclass(frozen=True)
class Raked:
    """weights: (n,). trimmed: (n,) true where a weight is held by a bound."""

    weights: Floats
    trimmed: np.ndarray[Any, np.dtype[np.bool_]]


def rake(start: Floats, margins: Sequence[RakingMargin]) -> Floats:
    """The start weights times a factor for each group of each margin, so that the weights give the totals.

    start: (n,), all positive. Where no such weights are found, those of the last step: whoever needs the totals compares.
    A group without respondents is passed over.
    """
    weights = start.copy()
    for _ in range(MAX_STEPS):
        largest = 0.0
        for margin in margins:
            sums = np.bincount(margin.groups, weights, len(margin.totals))
            factors = np.divide(margin.totals, sums, out=np.ones_like(sums), where=sums > 0)
            weights = weights * factors[margin.groups]
            largest = max(largest, float(np.abs(factors - 1).max()))
        if largest < TOLERANCE:
            break
    return weights


def trim(weights: Floats, lower: float, upper: float) -> Floats:
    """Weights outside the bounds are set to them, and what that takes or gives is spread evenly over the others."""
    inside = (weights >= lower) & (weights <= upper)
    trimmed = np.clip(weights, lower, upper)
    if inside.any():
        trimmed[inside] += (weights - trimmed).sum() / inside.sum()
    return trimmed


def rake_within(
    start: Floats, margins: Sequence[RakingMargin], lower: float = 0.0, upper: float = np.inf
) -> Raked:
    """Raked weights, trimmed and raked again until they give the totals and lie within the bounds.

    Where none do, those of the last turn, which give the totals as far as any do and not the bounds.
    """
    weights = rake(start, margins)
    for _ in range(MAX_TURNS):
        if weights.min() >= lower - INSIDE and weights.max() <= upper + INSIDE:
            break
        weights = rake(trim(weights, lower, upper), margins)
    return Raked(weights, (weights <= lower + INSIDE) | (weights >= upper - INSIDE))
