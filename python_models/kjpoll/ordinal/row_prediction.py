"""The probabilities of each answer for each row of a frame, with errors: what get_prediction gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from .fitted_model import FittedModel
from .prediction import interval

WHICH = ("mean", "prob")


@dataclass(frozen=True)
class OrdinalPrediction:
    """predicted, se: (n, k) probabilities of the k outcome categories in n rows, and their standard errors by the
    delta method, the rows held fixed. row_labels: (n,). categories: (k,) the values of the outcome."""

    predicted: np.ndarray
    se: np.ndarray
    row_labels: pd.Index
    categories: Sequence[object]

    def conf_int(self, alpha: float = 0.05) -> np.ndarray:
        """(n, k, 2) limits of the 1 - alpha intervals, symmetric on the logit scale and so inside [0, 1]; normal
        quantiles, whatever the covariance. NaN where a probability is zero to machine precision."""
        return np.stack(interval(self.predicted, self.se, float(ndtri(1 - alpha / 2))), axis=-1)

    def summary_frame(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row per row and category, with statsmodels' columns: predicted, se, ci_lower, ci_upper."""
        names = [self.row_labels.name or "row", "category"]
        index = pd.MultiIndex.from_product([self.row_labels, self.categories], names=names)
        limits = self.conf_int(alpha).reshape(-1, 2)
        columns = {"predicted": self.predicted.ravel(), "se": self.se.ravel()}
        return pd.DataFrame(columns | {"ci_lower": limits[:, 0], "ci_upper": limits[:, 1]}, index=index)


def predict_rows(
    results: Any, matrix: np.ndarray, labels: Any, *, average: bool, weights: Any
) -> OrdinalPrediction:
    """The prediction for the (n, p) matrix, or for the mean over its rows. labels: (n,) names of the rows, or None.
    weights: (n,) of the rows in that mean, of which only the ratios matter; equal if None."""
    fitted = FittedModel.of(results)
    n, k = len(matrix), results.model.k_levels
    if matrix.shape[1] != len(fitted.coefficients):
        raise ValueError(
            f"exog has {matrix.shape[1]} columns, the model {len(fitted.coefficients)}: "
            f"{', '.join(column.name for column in fitted.columns)}"
        )
    if average:
        shares = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
        if shares.shape != (n,) or not shares.sum() > 0:
            raise ValueError(f"agg_weights must be {n} numbers with a positive sum, one per row")
        probability, gradient = fitted.mean_probabilities(matrix, shares / shares.sum())
        predicted, errors = probability[None, :], fitted.delta_errors(gradient)[None, :]
        labels = ["mean"]
    else:
        predicted = fitted.probabilities(matrix)
        errors = np.column_stack([fitted.delta_errors(_gradient(fitted, matrix, j)) for j in range(k)])
    categories = list(results.model.labels)
    return OrdinalPrediction(
        predicted,
        errors,
        pd.RangeIndex(n) if labels is None else pd.Index(labels),
        categories if len(categories) == k else range(k),
    )


def _gradient(fitted: FittedModel, matrix: np.ndarray, j: int) -> np.ndarray:
    """(n, p + k - 1) derivatives of each row's P(y = j) by coefficients and cut points."""
    p = matrix.shape[1]
    gradient = np.zeros((len(matrix), p + len(fitted.cut_points)))
    for cut, sign in ((j, 1.0), (j - 1, -1.0)):
        if 0 <= cut < len(fitted.cut_points):
            density = sign * fitted.link.density(fitted.cut_points[cut] - matrix @ fitted.coefficients)
            gradient[:, :p] -= density[:, None] * matrix
            gradient[:, p + cut] += density
    return gradient
