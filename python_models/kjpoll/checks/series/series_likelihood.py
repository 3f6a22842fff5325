"""How well what a column holds fits the series of the question that it is read as.

Shares are compared as arcsine square roots, whose sampling variance is design_effect / (4 n) whatever the
share (Anscombe 1948, Biometrika 35). Opinions move between waves, so that a share may also differ by a
usual movement and, rarely, by much more: the likelihood is that of Student's t. Every function returns a log likelihood in nats, 0 for a perfect fit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

DEGREES = 8.0  # of freedom: real jumps are rare, but not as rare as a normal distribution has them
PUBLISHED_ERROR = 0.1  # percentage points beyond the rounding by which a published number may differ


def shares(difference: np.ndarray, variance: np.ndarray, parts: int | None = None) -> float:
    """Of differences of arcsines. parts: how many shares sum to one, so that only parts - 1 are free; None: all are."""
    log = float(-(DEGREES + 1) / 2 * np.log1p(difference**2 / (DEGREES * variance)).sum())
    return log if parts is None else log * (parts - 1) / parts


def profiles(difference: np.ndarray, variance: np.ndarray, precision: np.ndarray) -> float:
    """Of mean anchor positions. difference: codes x anchors, in standard deviations; variance: one a code, in
    units of the anchors' correlation matrix, whose inverse is `precision`. The codes' means balance, so one is not free."""
    codes, anchors = difference.shape
    distance = distances(difference, precision)
    log = -(DEGREES + anchors) / 2 * np.log1p(distance / (DEGREES * variance)).sum()
    return float(log * (codes - 1) / codes)


def distances(difference: np.ndarray, precision: np.ndarray) -> np.ndarray:
    """Squared Mahalanobis distance of each row from zero."""
    squares: np.ndarray = np.einsum("ci,ij,cj->c", difference, precision, difference)
    return squares


def published(percentages: Sequence[float], intervals: Sequence[tuple[float, float]]) -> float:
    """Of percentages whose published forms say between which two numbers they lie."""
    value, (lower, upper) = np.asarray(percentages), np.asarray(intervals).T
    outside = np.maximum(0, np.maximum(lower - value, value - upper)) / PUBLISHED_ERROR
    return float(-(DEGREES + 1) / 2 * np.log1p(outside**2 / DEGREES).sum())


def usual_movement(
    squares: Sequence[float], variances: Sequence[float], bounds: tuple[float, float], median: float
) -> float:
    """Standard deviation beyond sampling error. median: of the squares, as a part of their mean."""
    if not squares:
        return bounds[0]
    beyond = np.median(squares) / median - np.median(variances)
    return float(np.clip(np.sqrt(max(beyond, 0)), *bounds))
