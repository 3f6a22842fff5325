"""Predicted outcome probabilities at given values of terms, with intervals inside [0, 1]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, ndtri

from .fitted_model import FittedModel
from .interactions import refill
from .matrix_column import MatrixColumn
from .regression_error import RegressionError

COLUMNS = ("scenario", "at", "outcome_category", "probability", "std_error", "ci_low", "ci_high")
OTHERS = ("observed", "mean")


def predicted_probabilities(
    results: Any,
    scenarios: Mapping[str, object] | Sequence[Mapping[str, object]] = (),
    columns: Sequence[MatrixColumn] | None = None,
    *,
    others: str = "observed",
    levels: Sequence[object] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Outcome probabilities, one row per scenario x outcome category.

    results, columns, levels: as FittedModel.of reads them.
    scenarios: one or several mappings from a term to its value: a number for a numeric term, a
    category_id (the reference's included) for a categorical one. An empty mapping fixes nothing.
    others: what the terms that a scenario does not name have. `observed`: each row keeps its own
    values and the probabilities are averaged over the rows (Stata's margins, at()). `mean`:
    everything is at its mean, an indicator at its share (margins, at() atmeans). Rows are
    weighted by model.weights. Interactions are the products of what their parts have then.
    Columns: scenario from 1; at, its values as text; std_error by the delta method with
    results.covariance, the rows held fixed. The interval is symmetric on the logit scale
    (logit(P) +- z std_error / (P (1 - P))) and mapped back, so that it stays inside [0, 1];
    NaN where a probability is zero to machine precision.
    Raises RegressionError for an unknown term or level, an interaction, and a value that is not a number.
    """
    fitted = FittedModel.of(results, columns, levels)
    if others not in OTHERS:
        raise ValueError(f"others is {others!r}; write observed or mean")
    if isinstance(scenarios, Mapping):
        scenarios = [scenarios]
    matrix, shares = fitted.matrix, fitted.shares
    if others == "mean":
        matrix, shares = (shares @ matrix)[None, :], np.ones(1)
    quantile = ndtri((1 + confidence) / 2)
    rows = []
    for number, scenario in enumerate(scenarios or [{}], start=1):
        placed = matrix.copy()
        for term, value in scenario.items():
            _place(fitted, placed, str(term), value)
        refill(placed, fitted.products)
        probability, gradient = fitted.mean_probabilities(placed, shares)
        errors = fitted.delta_errors(gradient)
        low, high = interval(probability, errors, quantile)
        text = ", ".join(f"{term}={value}" for term, value in scenario.items())
        rows += [(number, text, *row) for row in zip(fitted.levels, probability, errors, low, high)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _place(fitted: FittedModel, matrix: np.ndarray, term: str, value: Any) -> None:
    """Set the columns of `term` in every row of `matrix`."""
    if term not in fitted.terms:
        raise RegressionError(
            f"not a term of the model; its terms are {', '.join(fitted.terms)}", model=fitted.name, term=term
        )
    positions = fitted.terms[term]
    described = [fitted.columns[position] for position in positions]
    if described[0].parts:
        raise RegressionError(
            f"an interaction follows from its parts; give values of {', '.join(part.term for part in described[0].parts)}",
            model=fitted.name,
            term=term,
        )
    if described[0].category_id is None:
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = np.nan
        if not np.isfinite(number):
            raise RegressionError(
                f"the value {value!r} of a numeric term is not a number", model=fitted.name, term=term
            )
        matrix[:, positions] = number
        return
    categories = [column.category_id for column in described]
    reference = described[0].reference_category
    if value != reference and value not in categories:
        known = ", ".join(str(category) for category in (reference, *categories))
        raise RegressionError(
            f"not a level of the term; its levels are {known}", model=fitted.name, term=term, level=str(value)
        )
    matrix[:, positions] = [float(category == value) for category in categories]


def interval(probability: np.ndarray, errors: np.ndarray, quantile: float) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limits (..., k) for the probabilities (..., k) of k categories, symmetric on the logit scale.
    NaN where a probability is zero to machine precision."""
    # 1 - P as the sum of the other categories keeps its digits where P is near 1.
    others = [np.delete(probability, j, axis=-1).sum(axis=-1) for j in range(probability.shape[-1])]
    complement = np.stack(others, axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.log(probability) - np.log(complement)
        half = quantile * errors / (probability * complement)
    inside = np.isfinite(centre) & np.isfinite(half)
    low, high = expit(centre - half), expit(centre + half)
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)
