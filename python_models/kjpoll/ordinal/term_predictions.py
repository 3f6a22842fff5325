"""Predicted probabilities over the range of each term, one term at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from .fitted_model import FittedModel
from .matrix_column import MatrixColumn
from .prediction import predicted_probabilities

VALUE = ("term", "category_id", "reference_category", "value")
# A scale has no more positions; a term with more values, or other numbers, is shown at quantiles.
MOST_POSITIONS = 25
QUANTILES = (0, 0.1, 0.25, 0.5, 0.75, 0.9, 1)
PREDICTED = ("outcome_category", "probability", "std_error", "ci_low", "ci_high")


def predictions_by_term(
    results: Any,
    columns: Sequence[MatrixColumn] | None = None,
    *,
    levels: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Average adjusted predictions: one row per term, value of it and outcome category, in model order.

    results, columns, levels: as FittedModel.of reads them. Values: of a numeric term (column `value`) each whole number
    from its lowest to its highest in the rows of the model, of one that has other numbers, or more of them than a scale,
    the quantiles of QUANTILES; of a categorical one (`category_id`) the reference and each
    level. Everybody has the value, and their own values of all other terms; probabilities are averaged over the rows
    (Stata's margins, at(); Hanmer and Kalkan 2013, AJPS 57:263-277, on why not at the means). An interaction moves with
    its parts and has no row of its own. Errors and intervals as in
    predicted_probabilities.
    Raises RegressionError if columns or levels do not fit the model.
    """
    fitted = FittedModel.of(results, columns, levels)
    at: list[tuple[str, str | None, str | None, float | None]] = []
    for term, positions in fitted.terms.items():
        first = fitted.columns[positions[0]]
        if first.parts:
            continue
        if first.category_id is None:
            values = shown_values(fitted.matrix[:, positions[0]], fitted.weights)
            at += [(term, None, None, value) for value in values]
        else:
            names = [
                first.reference_category,
                *(fitted.columns[position].category_id for position in positions),
            ]
            at += [(term, name, first.reference_category, None) for name in names]
    scenarios = [{term: value if level is None else level} for term, level, _, value in at]
    predicted = predicted_probabilities(results, scenarios, columns, levels=levels, confidence=confidence)
    described = pd.DataFrame(at, columns=list(VALUE)).iloc[predicted["scenario"] - 1].reset_index(drop=True)
    described = described.astype(dict.fromkeys(VALUE[:3], "string") | {"value": "Float64"})
    return pd.concat([described, predicted[list(PREDICTED)]], axis=1)


def shown_values(values: np.ndarray, weights: np.ndarray) -> list[float]:
    """The values of a numeric term at which it is shown, ascending; values, weights: (m,), one per row of the model."""
    lowest, highest = values.min(), values.max()
    # The middle of a scale, which a don't know may have, is no position of its own.
    if np.all(2 * values == np.round(2 * values)) and highest - lowest < MOST_POSITIONS:
        return [float(value) for value in range(int(np.ceil(lowest)), int(np.floor(highest)) + 1)]
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    reached = np.minimum(np.searchsorted(share, np.array(QUANTILES) - 1e-12), len(values) - 1)
    return sorted({float(value) for value in values[order][reached]})
