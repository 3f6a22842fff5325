"""Partial proportional odds: terms whose effects differ between the cut points (R's clm with `nominal`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtr

from .assumption import untestable
from .fitted_model import FittedModel
from .fitted_partial import FittedPartial
from .free_effects import FreeEffects, PartialOdds
from .matrix_column import MatrixColumn
from .newton import Maximum, NotConverged, maximise
from .regression_error import RegressionError

COLUMNS = ("term", "category_id", "cut", "estimate", "std_error", "statistic", "p_value")


@dataclass(frozen=True)
class NominalResults:
    """Estimates of P(y <= j) = F(cut_j - x b - w g_j).

    params: (q,) coefficients b of the shared columns; the k - 1 coefficients of each free column, by cut point; k - 1
    cut points. A positive coefficient goes with higher answers, also at one cut point (clm's nominal effects have the
    other sign). covariance: (q, q), inverse of the observed information. llf, llnull: the log likelihood, and that of
    cut points alone. The other figures of fit are named as those of OrdinalResults. Effects, predicted probabilities and
    tests of the terms that are not free take these results as they take others.
    """

    likelihood_is_real = True

    fitted: FittedModel
    partial: PartialOdds
    maximum: Maximum

    @property
    def params(self) -> np.ndarray:
        return self.maximum.theta

    @property
    def covariance(self) -> np.ndarray:
        return self.maximum.covariance

    @property
    def cut_points(self) -> np.ndarray:
        return self.params[-len(self.fitted.cut_points) :]

    @property
    def bse(self) -> np.ndarray:
        """(q,) standard errors."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def coefficients(self) -> np.ndarray:
        """(q - k + 1,)"""
        return self.params[: -len(self.fitted.cut_points)]

    @property
    def nobs(self) -> float:
        return float(self.fitted.weights.sum())

    @property
    def iterations(self) -> int:
        return self.maximum.iterations

    @property
    def gradient_norm(self) -> float:
        return self.maximum.gradient_norm

    @property
    def llf(self) -> float:
        return self.maximum.value

    @property
    def llnull(self) -> float:
        counts = np.bincount(self.fitted.outcome, self.fitted.weights)
        return float(counts @ np.log(counts / counts.sum()))

    @property
    def llr(self) -> float:
        return 2 * (self.llf - self.llnull)

    @property
    def llr_pvalue(self) -> float:
        return float(chdtrc(len(self.coefficients), self.llr))

    @property
    def prsquared(self) -> float:
        return 1 - self.llf / self.llnull

    @property
    def aic(self) -> float:
        return 2 * (len(self.params) - self.llf)

    @property
    def bic(self) -> float:
        return float(np.log(self.nobs)) * len(self.params) - 2 * self.llf

    @cached_property
    def fitted_partial(self) -> FittedPartial:
        """What effects, predictions and tests read."""
        return FittedPartial.at_maximum(self.partial, self.params, self.covariance)

    def estimates(self) -> pd.DataFrame:
        """One row per parameter: term, category_id, cut (1..k - 1; empty for a shared coefficient), estimate,
        std_error, statistic and p_value (two-sided, normal). A cut point has no term."""
        rows = []
        for (column, cut), estimate, std_error in zip(self.partial.parameters, self.params, self.bse):
            described = self.fitted.columns[column] if column >= 0 else MatrixColumn("")
            statistic = estimate / std_error
            rows.append(
                (
                    described.term or None,
                    described.category_id,
                    cut + 1 if cut >= 0 else None,
                    estimate,
                    std_error,
                    statistic,
                    2 * ndtr(-abs(statistic)),
                )
            )
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
            {"term": "string", "category_id": "string", "cut": "Int64"}
        )


def fit_nominal(
    results: Any,
    nominal: Sequence[str],
    columns: Sequence[MatrixColumn] | None = None,
    *,
    levels: Sequence[object] | None = None,
) -> NominalResults:
    """Fit the model of `results` with the effects of the terms `nominal` free at every cut point.

    results, columns, levels: as FittedModel.of reads them. Raises RegressionError for a term that the model has not,
    for a model of two answers or of dependent observations, and, as fit_partial does, without a maximum.
    """
    fitted = FittedModel.of(results, columns, levels)
    if reason := untestable(results, fitted):
        raise RegressionError(reason, model=fitted.name)
    for term in nominal:
        if term not in fitted.terms:
            raise RegressionError(
                f"not a term of the model; its terms are {', '.join(fitted.terms)}",
                model=fitted.name,
                term=term,
            )
    free = [position for term in dict.fromkeys(nominal) for position in fitted.terms[term]]
    partial = PartialOdds(FreeEffects(fitted), free)
    return NominalResults(fitted, partial, fit_partial(partial))


def fit_partial(partial: PartialOdds) -> Maximum:
    """The maximum, from the estimates of the model without free columns.

    Raises RegressionError where estimates are infinite (which, and at which cut points), and where the maximum gives
    some observation a negative probability of an answer: then the maximum of the models with ordered cumulative
    probabilities is on their edge, where no standard error and no chi-squared distribution holds.
    """
    fitted = partial.everything.fitted
    try:
        maximum = maximise(partial, model=fitted.name)
    except NotConverged as error:
        if infinite := partial.infinite():
            raise RegressionError(_separated(fitted, infinite), model=fitted.name) from error
        raise
    count, answers = partial.everything.crossed(partial.at(partial.to_internal @ maximum.theta))
    if count:
        named = ", ".join(str(fitted.levels[j]) for j in answers)
        raise RegressionError(
            f"the free effects give {count:g} observation{'s' if count != 1 else ''} a negative probability of "
            f"{named}: they cannot be free over the whole range of the covariates",
            model=fitted.name,
        )
    return maximum


def _separated(fitted: FittedModel, infinite: list[tuple[int, int]]) -> str:
    cuts = sorted({cut for _, cut in infinite if cut >= 0})
    names = dict.fromkeys(fitted.columns[column].name for column, _ in infinite if column >= 0)
    between = ", ".join(f"{fitted.levels[cut]} and {fitted.levels[cut + 1]}" for cut in cuts)
    return (
        f"separated: {', '.join(names)} predict perfectly at the cut points between {between}, so their free effects "
        "are infinite"
    )
