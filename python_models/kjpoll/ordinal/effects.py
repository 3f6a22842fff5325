"""Average marginal effects on the probability of each outcome category."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from .fitted_model import FittedModel, between
from .interactions import derivative_of_rows, refill
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
    category, in model order. An interaction has no row of its own: its columns move with its parts, whose
    effects pass through both (Ai and Norton 2003, Economics Letters 80:123-129).

    results, columns, levels: as FittedModel.of reads them.
    A numeric term (a column without category_id) has kind `derivative`: the mean of
    dP(y = j)/dx, in probability per unit of x. A level of a categorical term has kind
    `discrete`: the mean of P(y = j) with everybody at the level less that with everybody at the
    reference, the term's other columns at 0. Means are weighted by model.weights. Effects of a
    column sum to zero over the outcome categories. Standard errors: delta method with
    results.covariance, the rows held fixed (Stata's margins without vce(unconditional)).
    Raises RegressionError if columns or levels do not fit the model, or an interaction has a part
    without a column.
    """
    fitted = FittedModel.of(results, columns, levels)
    quantile = ndtri((1 + confidence) / 2)
    rows = []
    for column, effect, errors in zip(moved_columns(fitted), *mean_effects(fitted)):
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


def moved_columns(fitted: FittedModel) -> list[MatrixColumn]:
    """The columns that have effects of their own: all but the interactions."""
    return [column for column in fitted.columns if not column.parts]


def mean_effects(fitted: FittedModel) -> tuple[np.ndarray, np.ndarray]:
    """(q, k) effects of the q moved columns on the probabilities of the k categories, and their standard errors."""
    effects, gradients = effects_with_gradients(fitted)
    return effects, np.array([fitted.delta_errors(gradient) for gradient in gradients])


def effects_with_gradients(fitted: FittedModel) -> tuple[np.ndarray, np.ndarray]:
    """(q, k) effects of the q moved columns, and (q, k, p + k - 1) their derivatives by coefficients and cut points."""
    effects: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for positions in fitted.terms.values():
        columns = [fitted.columns[position] for position in positions]
        if columns[0].parts:
            continue
        numeric = [position for position, column in zip(positions, columns) if column.category_id is None]
        effects |= _derivatives(fitted, numeric) if numeric else _contrasts(fitted, positions)
    ordered = [effects[position] for position in sorted(effects)]
    return np.array([effect for effect, _ in ordered]), np.array([gradient for _, gradient in ordered])


def _derivatives(fitted: FittedModel, positions: list[int]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """dP(y = j)/dx = s_(j-1) f(cut_(j-1) - x b_(j-1)) - s_j f(cut_j - x b_j), and its gradient. s is the slope of a row: the sum of
    the coefficients of all columns that x is in, each times what x is multiplied by there."""
    at = fitted.linear(fitted.matrix)
    density, bend = fitted.shares[:, None] * fitted.link.density(at), fitted.link.slope(at)
    derivatives = {}
    for position in positions:
        change = derivative_of_rows(fitted.matrix, fitted.products, position)
        slopes = np.zeros_like(at)
        by_slope = np.zeros((at.shape[1], len(fitted.covariance)))
        for place in np.flatnonzero(change.any(axis=0)):
            coefficients, by_parameter = fitted.slopes(int(place))
            slopes += change[:, place, None] * coefficients
            by_slope += (density.T @ change[:, place])[:, None] * by_parameter
        gradient = fitted.cumulative_gradient(fitted.matrix, fitted.shares, slopes * bend) + by_slope
        derivatives[position] = -between((density * slopes).sum(axis=0)), -between(gradient)
    return derivatives


def _contrasts(fitted: FittedModel, positions: list[int]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    scenario = fitted.matrix.copy()
    scenario[:, positions] = 0.0
    refill(scenario, fitted.products)
    reference, reference_gradient = fitted.mean_probabilities(scenario, fitted.shares)
    contrasts = {}
    for position in positions:
        scenario[:, position] = 1.0
        refill(scenario, fitted.products)
        moved, gradient = fitted.mean_probabilities(scenario, fitted.shares)
        scenario[:, position] = 0.0
        contrasts[position] = moved - reference, gradient - reference_gradient
    return contrasts
