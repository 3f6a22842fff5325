"""The likelihood-ratio and the score test of proportional odds.

Both compare the model with one in which the effects tested are free at every cut point (free_effects); effects that are
free in the model itself stay so. The likelihood
ratio fits that model (as R's ordinal::nominal_test does); the score test (Rao 1948) looks at its slope at the estimates
without free effects, with the expected information, and fits nothing. Its observed information, which samples with few
observations between two cut points make nearly singular, rejects too often there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from .assumption import assumption_rows, untestable
from .fitted_model import FittedModel
from .fitted_partial import FittedPartial
from .free_effects import FreeEffects, PartialOdds
from .matrix_column import MatrixColumn
from .newton import determines, solve_scaled
from .nominal import fit_partial
from .regression_error import RegressionError


def likelihood_ratio(
    results: Any, columns: Sequence[MatrixColumn] | None = None, *, levels: Sequence[object] | None = None
) -> pd.DataFrame:
    """Test by twice the gain in log likelihood whether each effect is the same at every cut point.

    results, columns, levels: as FittedModel.of reads them. Returns the rows of assumption_rows. chi2 is absent, and
    `problem` says why, where the free effects have no finite estimates or no ordered cumulative probabilities (see
    nominal.fit_partial), with two answers, and with sampling_weights, clusters or strata.
    Raises RegressionError if columns or levels do not fit the model.
    """
    fitted = FittedModel.of(results, columns, levels)
    if reason := untestable(results, fitted):
        return assumption_rows(fitted, reason)
    base, theta = _restricted(fitted)
    common = base.derivatives(base.to_internal @ theta)[0]

    def gain(positions: list[int]) -> tuple[float, str | None]:
        partial = PartialOdds(base.everything, [*base.free, *positions])
        try:
            maximum = fit_partial(partial)
        except RegressionError as error:
            return np.nan, error.problem
        return max(2 * (maximum.value - common), 0.0), None

    return assumption_rows(fitted, gain)


def score_test(
    results: Any, columns: Sequence[MatrixColumn] | None = None, *, levels: Sequence[object] | None = None
) -> pd.DataFrame:
    """Test by the slope of the likelihood whether each effect is the same at every cut point.

    results, columns, levels, the rows returned and what is raised: as for likelihood_ratio. chi2 is absent where the
    expected information is all but singular, with two answers, and with sampling_weights, clusters or strata.
    """
    fitted = FittedModel.of(results, columns, levels)
    if reason := untestable(results, fitted):
        return assumption_rows(fitted, reason)
    base, theta = _restricted(fitted)
    score, information = score_and_information(base, theta)

    def slope(positions: list[int]) -> tuple[float, str | None]:
        spread = PartialOdds(base.everything, [*base.free, *positions]).spread
        chosen, at = spread.T @ score, spread.T @ information @ spread
        if not determines(at):
            return np.nan, "the expected information of the free effects is all but singular"
        return float(chosen @ solve_scaled(at, chosen, fitted.name)), None

    return assumption_rows(fitted, slope)


def score_and_information(base: PartialOdds, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradient (m,) and expected information (m, m) of the model with all columns free, in the parameters of
    FreeEffects, at the estimates theta (q,) of the model `base`."""
    at = base.at(base.to_internal @ theta)
    return base.everything.derivatives(at)[1], base.everything.expected_information(at)


def _restricted(fitted: FittedModel) -> tuple[PartialOdds, np.ndarray]:
    """The model that is tested, and its estimates."""
    if isinstance(fitted, FittedPartial):
        return fitted.partial, fitted.theta
    base = PartialOdds(FreeEffects(fitted), [])
    return base, base.start()
