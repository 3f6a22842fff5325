"""Marginal effects in the form of statsmodels' discrete results: what get_margeff gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri
from statsmodels.iolib.summary import Summary, summary_params, table_extend

from .effects import mean_effects
from .fitted_model import FittedModel
from .formula import interactions_of
from .matrix_column import MatrixColumn

AT = ("overall", "mean", "median", "zero")


@dataclass(frozen=True)
class OrdinalMargins:
    """margeff, margeff_se: (p, k) effects of the p covariates on the probabilities of the k categories, and their
    standard errors. exog_names: (p,). categories: (k,), as `outcome=category`. at: where they are taken."""

    margeff: np.ndarray
    margeff_se: np.ndarray
    exog_names: list[str]
    categories: list[str]
    at: str

    @property
    def tvalues(self) -> np.ndarray:
        """(p, k); NaN where an error is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.margeff_se > 0, self.margeff / self.margeff_se, np.nan)

    @property
    def pvalues(self) -> np.ndarray:
        """(p, k), two-sided and normal."""
        return np.asarray(2 * ndtr(-np.abs(self.tvalues)))

    def conf_int(self, alpha: float = 0.05) -> np.ndarray:
        """(p, 2, k) lower and upper limits."""
        half = ndtri(1 - alpha / 2) * self.margeff_se
        return np.stack((self.margeff - half, self.margeff + half), axis=1)

    def summary_frame(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row per category and covariate, with the index and columns that statsmodels' has for MNLogit."""
        limits = self.conf_int(alpha)
        columns = {
            "dy/dx": self.margeff,
            "Std. Err.": self.margeff_se,
            "z": self.tvalues,
            "Pr(>|z|)": self.pvalues,
            "Conf. Int. Low": limits[:, 0],
            "Cont. Int. Hi.": limits[:, 1],  # statsmodels' spelling
        }
        index = pd.MultiIndex.from_product([self.categories, self.exog_names], names=["endog", "exog"])
        return pd.DataFrame({name: values.ravel("F") for name, values in columns.items()}, index=index)

    def summary(self, alpha: float = 0.05) -> Summary:
        """statsmodels' table, a part for each category."""
        limits, parts = self.conf_int(alpha), []
        for j, category in enumerate(self.categories):
            figures = (self.margeff, self.margeff_se, self.tvalues, self.pvalues)
            part = summary_params(
                (None, *(figure[:, j] for figure in figures), limits[:, :, j]),
                yname=category,
                xname=self.exog_names,
                alpha=alpha,
                use_t=False,
                skip_header=True,
            )
            part.title = category
            header = ["", "dy/dx", "std err", "z", "P>|z|", f"[{alpha / 2:g}", f"{1 - alpha / 2:g}]"]
            part.insert_header_row(0, header)
            parts.append(part)
        table = Summary()
        table.tables.append(table_extend(parts, keep_headers=True))
        table.add_extra_txt([f"Marginal effects (dy/dx) at: {self.at}"])
        return table


def marginal_effects(
    results: Any, at: str, method: str, atexog: Mapping[int | str, float], *, dummy: bool
) -> OrdinalMargins:
    """The effects of every covariate of `results`.

    at: `overall`, their mean over the rows (effects.average_marginal_effects); `mean`, `median` or `zero`, the effects
    where every covariate is that; rows are weighted by model.weights. atexog: values of covariates, by column
    number or name, that hold in every row. dummy: a covariate of only 0 and 1 has the effect of the change from 0
    to 1, the others where they are; else all are derivatives.
    Raises ValueError for what statsmodels knows and this does not, and for a formula with interactions, of which
    statsmodels takes each column for a covariate that moves alone.
    """
    if method != "dydx":
        raise ValueError(f"method is {method!r}; only dydx is supported, no elasticities")
    if at not in AT:
        raise ValueError(f"at is {at!r}; write {', '.join(AT)} (effects at each row have no standard errors)")
    model = results.model
    if crossed := interactions_of(model):
        raise ValueError(
            f"the formula has the interaction {', '.join(crossed)}: an effect of its parts passes through several "
            "columns; use effects.average_marginal_effects with columns that say so (MatrixColumn.product)"
        )
    fitted = FittedModel.of(results)
    names = [column.name for column in fitted.columns]
    if dummy:
        binary = [bool(np.isin(column, (0.0, 1.0)).all()) for column in fitted.matrix.T]
        columns = [
            MatrixColumn(name, "1", "0") if b else MatrixColumn(name) for name, b in zip(names, binary)
        ]
        fitted = replace(fitted, columns=tuple(columns))
    matrix, weights = fitted.matrix, fitted.weights
    if at != "overall":
        point = np.zeros(len(names))
        if at == "mean":
            point = fitted.shares @ matrix
        elif at == "median":
            point = np.array([_median(column, weights) for column in matrix.T])
        matrix, weights = point[None, :], np.ones(1)
    matrix = matrix.copy()
    for key, value in atexog.items():
        matrix[:, _place(key, names)] = float(value)
    effect, errors = mean_effects(replace(fitted, matrix=matrix, weights=weights))
    categories = [f"{model.endog_names}={category}" for category in model.categories]
    return OrdinalMargins(effect, errors, names, categories, at)


def _place(key: int | str, names: list[str]) -> int:
    if isinstance(key, str) and key in names:
        return names.index(key)
    if not isinstance(key, str) and 0 <= key < len(names):
        return int(key)
    raise ValueError(f"atexog names {key!r}; the covariates are {', '.join(names)}, or 0 to {len(names) - 1}")


def _median(values: np.ndarray, weights: np.ndarray) -> float:
    """The weighted median, the middle of two values where half the weight lies on either side."""
    order = np.argsort(values, kind="stable")
    below = weights[order].cumsum()
    low = np.searchsorted(below, below[-1] / 2, side="left")
    high = np.searchsorted(below, below[-1] / 2, side="right")
    return float((values[order[low]] + values[order[high]]) / 2)
