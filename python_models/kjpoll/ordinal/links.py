"""The links of an ordinal model: the distribution functions of its latent variable."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit, log_expit, log_ndtr, logit, ndtr, ndtri

LOG_SQRT_2PI = 0.5 * np.log(2 * np.pi)
# Each an array by observation, or a number where all have the same.
Terms = tuple[Any, Any, Any, Any, Any, Any]
Bound = float | np.ndarray
ZEROS: Terms = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class Logit:
    """The logistic distribution. Its methods map an array to one of the same shape; `terms` gives, per
    observation, log P, its derivatives by the upper and the lower bound, the curvature -(d2 upper + d2 cross) and
    -(d2 lower + d2 cross), and d2 cross. Its bounds are numbers, or arrays parallel to `linear` that are finite or
    infinite throughout."""

    @staticmethod
    def cumulative(at: np.ndarray) -> np.ndarray:
        return expit(at)

    @staticmethod
    def log_cumulative(at: np.ndarray) -> np.ndarray:
        return log_expit(at)

    @staticmethod
    def density(at: np.ndarray) -> np.ndarray:
        return expit(at) * expit(-at)

    @staticmethod
    def slope(at: np.ndarray) -> np.ndarray:
        """Derivative of the density."""
        below, above = expit(at), expit(-at)
        return np.asarray(below * above * (above - below))

    @staticmethod
    def quantile(share: np.ndarray) -> np.ndarray:
        return logit(share)

    @staticmethod
    def terms(lower: Bound, upper: Bound, linear: np.ndarray | float) -> Terms:
        """F(u) - F(l) = F(u) F(-l) (1 - exp(l - u)): no cancellation in either tail, and the last
        factor is the same for everybody in a category."""
        has_lower, has_upper = np.isfinite(lower).all(), np.isfinite(upper).all()
        value, by_upper, by_lower, bend_upper, bend_lower, cross = ZEROS
        if has_lower and has_upper:
            ratio = 1 / np.expm1(upper - lower)
            value = np.log(-np.expm1(lower - upper))
            by_upper, by_lower, cross = ratio, -ratio, ratio * (1 + ratio)
        if has_upper:
            above = expit(linear - upper)
            value = value + log_expit(upper - linear)
            by_upper = by_upper + above
            bend_upper = above * (1 - above)
        if has_lower:
            below = expit(lower - linear)
            value = value + log_expit(linear - lower)
            by_lower = by_lower - below
            bend_lower = below * (1 - below)
        return value, by_upper, by_lower, bend_upper, bend_lower, cross


class Probit:
    """The standard normal distribution, with the methods of Logit."""

    @staticmethod
    def cumulative(at: np.ndarray) -> np.ndarray:
        return ndtr(at)

    @staticmethod
    def log_cumulative(at: np.ndarray) -> np.ndarray:
        return log_ndtr(at)

    @staticmethod
    def density(at: np.ndarray) -> np.ndarray:
        return np.asarray(np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi))

    @staticmethod
    def slope(at: np.ndarray) -> np.ndarray:
        return np.asarray(-at * Probit.density(at))

    @staticmethod
    def quantile(share: np.ndarray) -> np.ndarray:
        return ndtri(share)

    @staticmethod
    def terms(lower: Bound, upper: Bound, linear: np.ndarray | float) -> Terms:
        """Probabilities and hazards through log_ndtr, on the side of zero where it keeps digits."""
        has_lower, has_upper = np.isfinite(lower).all(), np.isfinite(upper).all()
        above, below = upper - linear, lower - linear
        if has_lower and has_upper:
            mirrored = above + below > 0
            near, far = (np.where(mirrored, -below, above), np.where(mirrored, -above, below))
            larger = log_ndtr(near)
            value = larger + np.log(-np.expm1(log_ndtr(far) - larger))
        else:
            value = log_ndtr(above) if has_upper else log_ndtr(-below)
        _, by_upper, by_lower, bend_upper, bend_lower, cross = ZEROS
        if has_upper:
            by_upper = np.exp(-0.5 * above**2 - LOG_SQRT_2PI - value)
        if has_lower:
            by_lower = -np.exp(-0.5 * below**2 - LOG_SQRT_2PI - value)
        if has_upper:
            bend_upper = by_upper * (above + by_upper + by_lower)
        if has_lower:
            bend_lower = by_lower * (below + by_upper + by_lower)
        if has_lower and has_upper:
            cross = -by_upper * by_lower
        return value, by_upper, by_lower, bend_upper, bend_lower, cross


LINKS: dict[str, type[Logit | Probit]] = {"logit": Logit, "probit": Probit}
