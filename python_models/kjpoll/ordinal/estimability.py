"""What must hold for a unique finite maximum; statsmodels calls most of it converged.

Every failure is a RegressionError that names the term (a covariate, or the outcome) and, for an
outcome, the category. The problems of covariates are distinguished from those of the outcome by its term.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array, vstack

from .regression_error import RegressionError

COLLINEAR = 1e-9
SEPARATED = 1e-6
# Below this smallest eigenvalue of the correlations the columns are looked at one by one.
SUSPICIOUS = 1e-7


def check_outcome(counts: np.ndarray, levels: Sequence[str], *, model: str, term: str) -> None:
    """At least two categories, and observations in each. counts: (k,) weighted observations."""
    if not counts.sum():
        raise RegressionError("no rows: there is nothing to fit", model=model, term=term)
    total = f"{counts.sum():g}"
    if (counts > 0).sum() < 2:
        raise RegressionError(
            f"fewer than two outcome categories: all {total} observations are in one",
            model=model,
            term=term,
            level=str(levels[int(counts.argmax())]),
        )
    empty = [str(levels[i]) for i in np.flatnonzero(counts == 0).tolist()]
    if empty:
        raise RegressionError(
            f"outcome category without observations among the {total} complete cases: "
            f"{', '.join(empty)}; its cut points do not exist",
            model=model,
            term=term,
            level=empty[0],
        )


def check_columns(
    matrix: np.ndarray, correlations: np.ndarray, names: Sequence[str], n_obs: float, *, model: str
) -> None:
    """No constant and no collinear column; the cut points span the constant.

    matrix: (n, p). correlations: (p, p), of columns scaled to variance 1. names: of the columns.
    """
    if not len(names):
        return
    for name, low, high in zip(names, matrix.min(axis=0), matrix.max(axis=0)):
        if low == high:
            raise RegressionError(
                f"constant: all {n_obs:g} observations have the value {low:g}", model=model, term=name
            )
    if np.linalg.eigvalsh(correlations)[0] > SUSPICIOUS:
        return
    scaled = matrix - matrix.mean(axis=0)
    scaled /= np.linalg.norm(scaled, axis=0)
    for j in range(1, len(names)):
        before = scaled[:, :j]
        weights = np.linalg.lstsq(before, scaled[:, j], rcond=None)[0]
        if np.linalg.norm(scaled[:, j] - before @ weights) < COLLINEAR:
            collinear = [names[i] for i in np.flatnonzero(np.abs(weights) > 1e-6).tolist()]
            raise RegressionError(
                f"collinear: {names[j]} is determined by {', '.join(collinear)}; remove one of these terms",
                model=model,
                term=names[j],
            )


def check_separated(
    outcome: np.ndarray, matrix: np.ndarray, k: int, names: Sequence[str], *, model: str
) -> None:
    """Look for a direction along which no observation becomes less likely (Albert and Anderson
    1984, Biometrika 71:1-10, in its ordinal form): with y = j, the cut point above minus the
    linear predictor must not fall and the one below must not rise. If one exists the estimates
    are infinite. A linear program in the p + k - 1 parameters finds it or proves there is none.

    Steps that become small prove nothing: far out the gradient drowns in rounding. So this is
    asked whenever Newton's method did not arrive at an information matrix well away from singular.
    """
    rows = np.unique(np.column_stack((outcome, matrix)), axis=0)
    outcome, matrix = rows[:, 0].astype(int), rows[:, 1:]
    matrix = matrix - matrix.mean(axis=0)
    matrix = matrix / np.abs(matrix).max(axis=0)
    cuts = k - 1

    def gain(chosen: np.ndarray, cut: np.ndarray, sign: float) -> csr_array:
        thresholds = np.zeros((chosen.sum(), cuts))
        thresholds[np.arange(len(thresholds)), cut[chosen]] = 1.0
        return csr_array(sign * np.hstack((-matrix[chosen], thresholds)))

    gains = vstack((gain(outcome < cuts, outcome, 1.0), gain(outcome > 0, outcome - 1, -1.0)))
    direction = improving_direction(gains, model=model)
    if direction is not None:
        moved = np.abs(direction[: matrix.shape[1]])
        involved = [names[i] for i in np.flatnonzero(moved > SEPARATED).tolist()]
        raise RegressionError(
            f"separated: {', '.join(involved)} predict outcome categories perfectly, so the "
            "estimates are infinite; merge levels or remove the term",
            model=model,
            term=names[int(moved.argmax())],
        )


def improving_direction(gains: np.ndarray | csr_array, *, model: str) -> np.ndarray | None:
    """A direction along which no row of `gains` (m, q) falls and some rise, its elements between -1 and 1; None if there
    is none. Raises RegressionError if the linear program has no solution."""
    # It takes a tenth of a second to import, which a build that has all its fits cached need not wait for.
    from scipy.optimize import linprog

    solution = linprog(  # type: ignore[call-overload]  # the stubs know no sparse A_ub
        -np.asarray(gains.sum(axis=0)).ravel(),
        A_ub=-gains,
        b_ub=np.zeros(gains.shape[0]),
        bounds=(-1.0, 1.0),
        method="highs",
    )
    if solution.status != 0:
        raise RegressionError(f"the search for separation failed: {solution.message}", model=model)
    return np.asarray(solution.x) if -solution.fun > SEPARATED else None
