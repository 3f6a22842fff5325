"""Equal observations counted once: the cost of a fit follows the patterns, not the rows.

Two observations are one pattern when outcome, covariates and sampling weight are equal. Frequencies
add up; a sampling weight belongs to the pattern, because robust errors need the sum of squared
weights, which a sum of weights does not give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

LARGEST_CODE = 2**62


@dataclass(frozen=True)
class Patterns:
    """m distinct observations, in ascending order of outcome, covariates, sampling weight.

    outcome: (m,). matrix: (m, p) floats. freq_weights: (m,) floats, observations per pattern.
    sampling_weights: (m,) floats, or None. They are the arguments of OrdinalModel.
    """

    outcome: np.ndarray
    matrix: np.ndarray
    freq_weights: np.ndarray
    sampling_weights: np.ndarray | None = None


def group(
    outcome: np.ndarray,
    matrix: np.ndarray,
    *,
    freq_weights: np.ndarray | None = None,
    sampling_weights: np.ndarray | None = None,
) -> Patterns:
    """The patterns of (n,) outcomes and an (n, p) matrix. Raises ValueError for a missing value."""
    keys = [outcome, *matrix.T] + ([] if sampling_weights is None else [sampling_weights])
    code, size = np.zeros(len(outcome), dtype=np.int64), 1
    for position, key in enumerate(keys):
        # Codes ascend with the values, so the combined code sorts as the columns do.
        level_codes, values = pd.factorize(np.ascontiguousarray(key), sort=True)
        if len(level_codes) and level_codes.min() < 0:
            raise ValueError(
                f"missing value in {'the outcome' if position == 0 else 'column '}"
                f"{position - 1 if position else ''}"
            )
        if size * len(values) > LARGEST_CODE:
            code, known = pd.factorize(code, sort=True)
            size = len(known)
        code, size = code * len(values) + level_codes, size * len(values)
    pattern, known = pd.factorize(code, sort=True)
    first = np.empty(len(known), dtype=np.intp)
    first[pattern[::-1]] = np.arange(len(pattern))[::-1]
    return Patterns(
        outcome[first],
        matrix[first],
        np.bincount(pattern, freq_weights, minlength=len(known)).astype(float),
        None if sampling_weights is None else np.asarray(sampling_weights)[first],
    )
