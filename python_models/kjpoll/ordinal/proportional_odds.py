"""The likelihood-ratio test of proportional odds: the effects tested are free at every cut point (free_effects), as in
R's ordinal::nominal_test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from .assumption import assumption_rows, untestable
from .fitted_model import FittedModel
from .free_effects import FreeEffects, PartialOdds
from .matrix_column import MatrixColumn
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
