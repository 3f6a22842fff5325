"""Brant's test of parallel regressions (proportional odds).

Brant 1990, Biometrics 46:1171-1178: the k - 1 binary models of y > j are fitted separately and a
Wald statistic asks whether their coefficients are equal, with the covariance between the models
that the common observations cause.

R's car::poTest and brant::brant enter the block of that covariance for models j < l a second
time, as it is, where its transpose belongs. Their statistics of one column are right, their
overall statistic is not quite: with R's beps data 26.62 where the symmetric matrix gives 26.53.

Where few observations lie between two cut points their binary models are fitted to all but the same
events, the covariance of the differences becomes singular and the statistic, without bound, rejects
what is true. So the smallest eigenvalue of that covariance relative to the one that the binary models
would have if they were independent (which does not depend on the scale or the correlation of the
columns) must be at least DISTINCT. Calibration: samples simulated from a model with sparse levels in which
the assumption holds (benchmarks/results/proportional_odds.md). Of the statistics of a sparse term with a
smaller eigenvalue 93% reject at 5%, of the others 8%. R's fixtures have 0.43 and more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.linalg import eigh

from .assumption import assumption_rows, untestable
from .fitted_model import FittedModel
from .fitted_partial import FittedPartial
from .matrix_column import MatrixColumn

MAX_STEPS = 25
STEADY = 1e-8
SEPARATED = 1e-4
DISTINCT = 0.1


class _Impossible(Exception):
    """The test cannot be computed; the message is the row's `problem`."""


def brant(
    results: Any, columns: Sequence[MatrixColumn] | None = None, *, levels: Sequence[object] | None = None
) -> pd.DataFrame:
    """Test whether each coefficient is the same at every cut point.

    results, columns, levels: as FittedModel.of reads them. model.weights are frequencies; a model
    with sampling_weights, clusters or strata is reported as a problem.
    Returns the rows of assumption_rows. For the probit link the binary models are probits with the
    corresponding covariance.
    Where the test cannot be computed or trusted, because a binary model is separated (which, and
    which columns do it), has no finite maximum, binary models are all but the same (in which
    columns), or because there are only two outcome categories, chi2 and p_value are NaN and
    `problem` says why; nothing is raised for that.
    Raises RegressionError if columns or levels do not fit the model.
    """
    fitted = FittedModel.of(results, columns, levels)
    if isinstance(fitted, FittedPartial):
        return assumption_rows(fitted, "Brant's test is of binary models, in which no effect is shared")
    if reason := untestable(results, fitted):
        return assumption_rows(fitted, reason)
    try:
        estimates, covariance = binary_models(fitted)
    except _Impossible as error:
        return assumption_rows(fitted, str(error))
    names = [column.name for column in fitted.columns]
    return assumption_rows(fitted, lambda positions: _wald(estimates, covariance, positions, names))


def binary_models(fitted: FittedModel) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (k - 1, p) of the binary models of y > j, constants left out, and their
    covariance (k - 1, p, k - 1, p) within and between the models.

    Raises _Impossible, which names the model, if one of them has no finite estimates.
    """
    matrix = np.column_stack((np.ones(len(fitted.matrix)), fitted.matrix))
    binaries, p = len(fitted.cut_points), len(fitted.columns)
    estimates = [_fit(fitted, matrix, j) for j in range(binaries)]
    linear = [matrix @ each for each in estimates]
    above, below = ([fitted.link.cumulative(sign * each) for each in linear] for sign in (1, -1))
    # A score is this times (y - P(y > j)) times the row; it is 1 for the logit.
    factor = [fitted.link.density(each) / (a * b) for each, a, b in zip(linear, above, below)]

    def crossed(j: int, l: int) -> np.ndarray:
        """Expected product of the scores of models j <= l, since y > l implies y > j."""
        common = fitted.weights * factor[j] * factor[l] * above[l] * below[j]
        return np.asarray(matrix.T @ (common[:, None] * matrix))

    inverse = [np.linalg.inv(crossed(j, j)) for j in range(binaries)]
    covariance = np.empty((binaries, p, binaries, p))
    for j in range(binaries):
        covariance[j, :, j, :] = inverse[j][1:, 1:]
        for l in range(j + 1, binaries):
            block = (inverse[j] @ crossed(j, l) @ inverse[l])[1:, 1:]
            covariance[j, :, l, :], covariance[l, :, j, :] = block, block.T
    return np.array(estimates)[:, 1:], covariance


def _fit(fitted: FittedModel, matrix: np.ndarray, j: int) -> np.ndarray:
    """The constant and coefficients of the binary model of y > j, by Fisher scoring from the
    ordinal estimates.

    Where the data are separated every step moves the linear predictor of the separated rows by
    about 1 for ever, while the other rows settle: so the last step points at the culprits.
    """
    sign = np.where(fitted.outcome > j, 1.0, -1.0)
    at = np.concatenate(([-fitted.cut_points[j]], fitted.coefficients))
    value = fitted.weights @ fitted.link.log_cumulative(sign * (matrix @ at))
    step = np.zeros_like(at)
    for _ in range(MAX_STEPS):
        linear = matrix @ at
        density = fitted.link.density(linear)
        above, below = fitted.link.cumulative(linear), fitted.link.cumulative(-linear)
        score = sign * fitted.weights * density / np.where(sign > 0, above, below)
        information = matrix.T @ ((fitted.weights * density**2 / (above * below))[:, None] * matrix)
        try:
            step = np.linalg.solve(information, score @ matrix)
        except np.linalg.LinAlgError:
            break
        for _ in range(30):
            moved = fitted.weights @ fitted.link.log_cumulative(sign * (matrix @ (at + step)))
            if moved >= value - 1e-12 * abs(value):
                break
            step = step / 2
        at, value = at + step, moved
        if np.abs(matrix @ step).max() < STEADY:
            return at
    raise _Impossible(_diagnosis(fitted, matrix, j, sign, step))


def _diagnosis(fitted: FittedModel, matrix: np.ndarray, j: int, sign: np.ndarray, step: np.ndarray) -> str:
    which = f"the binary model of outcomes above {fitted.levels[j]}"
    gain = sign * (matrix @ step)
    if not gain.max() > SEPARATED or gain.min() < -SEPARATED * gain.max():
        return f"{which} did not converge in {MAX_STEPS} steps"
    reach = np.abs(step[1:]) * np.ptp(fitted.matrix, axis=0)
    involved = [fitted.columns[i].name for i in np.flatnonzero(reach > SEPARATED * gain.max())]
    return (
        f"{which} is separated: {', '.join(involved)} predict it perfectly for some "
        "observations, so its estimates are infinite"
    )


def _wald(
    estimates: np.ndarray, covariance: np.ndarray, positions: list[int], names: Sequence[str]
) -> tuple[float, str | None]:
    """The statistic for equal coefficients of `positions` in all binary models, and why not."""
    binaries, size = len(estimates), len(positions)
    chosen = covariance[:, positions][:, :, :, positions]
    alone = np.zeros_like(chosen)
    alone[range(binaries), :, range(binaries)] = chosen[range(binaries), :, range(binaries)]
    contrast = np.kron(np.column_stack((np.ones(binaries - 1), -np.eye(binaries - 1))), np.eye(size))
    variance, independent = (
        contrast @ each.reshape(binaries * size, -1) @ contrast.T for each in (chosen, alone)
    )
    eigenvalues, vectors = eigh(variance, independent)
    if not eigenvalues[0] >= DISTINCT:
        reach = np.abs(vectors[:, 0] * np.sqrt(np.diag(independent))).reshape(-1, size).max(axis=0)
        involved = [names[positions[i]] for i in np.flatnonzero(reach > reach.max() / 2)]
        return np.nan, (
            f"too few observations between two cut points: the binary models hardly differ in {', '.join(involved)}, "
            f"so that the covariance of the differences is near singular (relative eigenvalue below {DISTINCT:g})"
        )
    difference = contrast @ estimates[:, positions].ravel()
    return float(difference @ np.linalg.solve(variance, difference)), None
