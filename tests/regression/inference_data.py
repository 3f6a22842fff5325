"""Fitted models for the tests of Brant's test, effects and predictions."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
from kjpoll.ordinal import OrdinalModel
from kjpoll.ordinal.matrix_column import MatrixColumn
from regression_data import FIXTURES

LEVELS = {
    "religion": ["no", "yes"],
    "degree": ["no", "yes"],
    "gender": ["female", "male"],
    "country": ["Australia", "Norway", "Sweden", "USA"],
    "Infl": ["Low", "Medium", "High"],
    "Cont": ["Low", "High"],
    "Type": ["Tower", "Apartment", "Atrium", "Terrace"],
    "group": ["a", "b", "c"],
}
DATA = {
    "wvs": (
        "poverty",
        ["Too Little", "About Right", "Too Much"],
        ["religion", "degree", "country", "age", "gender"],
    ),
    "beps": (
        "economic.cond.national",
        [1, 2, 3, 4, 5],
        ["age", "gender", "Europe", "political.knowledge", "Blair", "Hague"],
    ),
    "housing": ("Sat", ["Low", "Medium", "High"], ["Infl", "Type", "Cont"]),
}


def coded(wide: pd.DataFrame, terms: list[str]) -> tuple[np.ndarray, list[MatrixColumn]]:
    """The matrix and its columns; text is categorical against the first of LEVELS."""
    columns, vectors = [], []
    for term in terms:
        if term not in LEVELS:
            columns.append(MatrixColumn(term))
            vectors.append(wide[term].to_numpy(float))
            continue
        reference, *levels = LEVELS[term]
        columns += [MatrixColumn(term, level, reference) for level in levels]
        vectors += [wide[term].eq(level).to_numpy(float) for level in levels]
    return np.column_stack(vectors), columns


def fit(outcome, matrix, link="logit", weights=None, **declared):
    return OrdinalModel(outcome, matrix, link=link, freq_weights=weights, **declared).fit()


def reference_fit(name: str, link: str = "logit", expanded: bool = False):
    """Results and columns of one of R's data sets; housing is 72 cells with frequencies, or
    `expanded` to its 1,681 persons."""
    outcome, order, terms = DATA[name]
    wide = pd.read_csv(FIXTURES / f"{name}.csv")
    if expanded:
        wide = wide.loc[wide.index.repeat(wide["Freq"])]
    matrix, columns = coded(wide, terms)
    weights = wide["Freq"].to_numpy(float) if name == "housing" and not expanded else None
    return fit(wide[outcome].map(order.index).to_numpy(), matrix, link, weights), columns


def altered(
    results, theta: np.ndarray | None = None, covariance: np.ndarray | None = None, **model
) -> SimpleNamespace:
    """The attributes that are read of `results`, some of them (or of its model's) replaced."""
    theta, p = parameters(results) if theta is None else theta, len(results.coefficients)
    kept = {name: getattr(results.model, name) for name in ("exog", "endog", "weights")}
    return SimpleNamespace(
        coefficients=theta[:p],
        cut_points=theta[p:],
        link=results.link,
        covariance=results.covariance if covariance is None else covariance,
        model=SimpleNamespace(**(kept | model)),
    )


def parameters(results) -> np.ndarray:
    return np.concatenate((results.coefficients, results.cut_points))
