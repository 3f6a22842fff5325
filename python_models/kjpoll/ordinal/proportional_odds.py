"""The likelihood-ratio and the score test of proportional odds.

Both compare the model with one in which the effects tested are free at every cut point (free_effects). The likelihood
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
    everything = FreeEffects(fitted)

    def gain(positions: list[int]) -> tuple[float, str | None]:
        partial = PartialOdds(everything, positions)
        try:
            maximum = fit_partial(partial)
        except RegressionError as error:
            return np.nan, error.problem
        common = partial.derivatives(partial.to_internal @ partial.start())[0]
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
    everything = FreeEffects(fitted)
    score, information = score_and_information(everything)

    def slope(positions: list[int]) -> tuple[float, str | None]:
        spread = PartialOdds(everything, positions).spread
        chosen, at = spread.T @ score, spread.T @ information @ spread
        if not determines(at):
            return np.nan, "the expected information of the free effects is all but singular"
        return float(chosen @ solve_scaled(at, chosen, fitted.name)), None

    return assumption_rows(fitted, slope)


def score_and_information(everything: FreeEffects) -> tuple[np.ndarray, np.ndarray]:
    """Gradient (m,) and expected information (m, m) of the model with all columns free, in the parameters of
    FreeEffects, at the estimates of the model without free columns."""
    common = PartialOdds(everything, [])
    at = common.at(common.to_internal @ common.start())
    return everything.derivatives(at)[1], everything.expected_information(at)
