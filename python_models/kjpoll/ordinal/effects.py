"""Average marginal effects on the probability of each outcome category."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from .fitted_model import FittedModel, between
from .matrix_column import MatrixColumn

COLUMNS = (
    "term",
    "category_id",
    "reference_category",
    "kind",
    "outcome_category",
    "effect",
    "std_error",
    "statistic",
    "p_value",
    "ci_low",
    "ci_high",
)
TEXT = ("term", "category_id", "reference_category", "kind")


def average_marginal_effects(
    results: Any,
    columns: Sequence[MatrixColumn] | None = None,
    *,
    levels: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """The mean effect of every term over the rows of the model, one row per column x outcome
    category, in model order.

    results, columns, levels: as FittedModel.of reads them.
    A numeric term (a column without category_id) has kind `derivative`: the mean of
    dP(y = j)/dx, in probability per unit of x. A level of a categorical term has kind
    `discrete`: the mean of P(y = j) with everybody at the level less that with everybody at the
    reference, the term's other columns at 0. Means are weighted by model.weights. Effects of a
    column sum to zero over the outcome categories. Standard errors: delta method with
    results.covariance, the rows held fixed (Stata's margins without vce(unconditional)).
    Raises RegressionError if columns or levels do not fit the model.
    """
    fitted = FittedModel.of(results, columns, levels)
    quantile = ndtri((1 + confidence) / 2)
    rows = []
    for column, effect, errors in zip(fitted.columns, *mean_effects(fitted)):
        kind = "derivative" if column.category_id is None else "discrete"
        for level, value, error in zip(fitted.levels, effect, errors):
            statistic = value / error if error > 0 else np.nan
            rows.append(
                (
                    column.term,
                    column.category_id,
                    column.reference_category,
                    kind,
                    level,
                    value,
                    error,
                    statistic,
                    2 * ndtr(-abs(statistic)),
                    value - quantile * error,
                    value + quantile * error,
                )
            )
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype(dict.fromkeys(TEXT, "string"))


def mean_effects(fitted: FittedModel) -> tuple[np.ndarray, np.ndarray]:
    """(p, k) effects of the p columns on the probabilities of the k categories, and their standard errors."""
    effects: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for positions in fitted.terms.values():
        numeric = [position for position in positions if fitted.columns[position].category_id is None]
        effects |= _derivatives(fitted, numeric) if numeric else _contrasts(fitted, positions)
    ordered = [effects[position] for position in range(len(fitted.columns))]
    return (
        np.array([effect for effect, _ in ordered]),
        np.array([fitted.delta_errors(gradient) for _, gradient in ordered]),
    )


def _derivatives(fitted: FittedModel, positions: list[int]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """dP(y = j)/dx = b_(j-1) f(cut_(j-1) - x b_(j-1)) - b_j f(cut_j - x b_j), and its gradient."""
    at = fitted.linear(fitted.matrix)
    density = fitted.shares @ fitted.link.density(at)
    curvature = fitted.cumulative_gradient(fitted.matrix, fitted.shares, fitted.link.slope(at))
    derivatives = {}
    for position in positions:
        slopes, by_parameter = fitted.slopes(position)
        gradient = slopes[:, None] * curvature + density[:, None] * by_parameter
        derivatives[position] = -between(slopes * density), -between(gradient)
    return derivatives


def _contrasts(fitted: FittedModel, positions: list[int]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    scenario = fitted.matrix.copy()
    scenario[:, positions] = 0.0
    reference, reference_gradient = fitted.mean_probabilities(scenario, fitted.shares)
    contrasts = {}
    for position in positions:
        scenario[:, position] = 1.0
        moved, gradient = fitted.mean_probabilities(scenario, fitted.shares)
        scenario[:, position] = 0.0
        contrasts[position] = moved - reference, gradient - reference_gradient
    return contrasts
