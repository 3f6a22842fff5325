"""What must hold before an ordinal logit is fitted; statsmodels calls most of it converged."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from .design import Design
from .errors import RegressionError
from .specification import Specification

COLLINEAR = 1e-9
SEPARATED = 1e-6


def check_design(spec: Specification, design: Design) -> None:
    """Raise RegressionError unless the maximum likelihood estimate exists and is unique."""
    _check_outcome(spec, design)
    _check_constant(spec, design)
    _check_collinear(spec, design)
    _check_separated(spec, design)


def _check_outcome(spec: Specification, design: Design) -> None:
    counts = np.bincount(design.outcome, minlength=len(design.levels))
    where = {"model": spec.model_id, "term": spec.outcome}
    if (counts > 0).sum() < 2:
        raise RegressionError(
            f"fewer than two outcome categories: all {counts.sum()} observations are in one",
            level=design.levels[int(counts.argmax())], **where)
    empty = [design.levels[i] for i in np.flatnonzero(counts == 0)]
    if empty:
        raise RegressionError(
            f"outcome category without observations among the {counts.sum()} complete cases: "
            f"{', '.join(empty)}; its cut points do not exist", level=empty[0], **where)


def _check_constant(spec: Specification, design: Design) -> None:
    for column, values in zip(design.columns, design.matrix.T):
        if values.min() == values.max():
            raise RegressionError(f"constant: all {len(values)} observations have the value "
                                  f"{values[0]:g}", model=spec.model_id, term=column.term,
                                  level=column.category_id)


def _check_collinear(spec: Specification, design: Design) -> None:
    """Each column against the constant (the cut points span it) and the columns before it."""
    scaled = design.matrix - design.matrix.mean(axis=0)
    scaled /= np.linalg.norm(scaled, axis=0)
    for j, column in enumerate(design.columns):
        if j == 0:
            continue
        before = scaled[:, :j]
        weights = np.linalg.lstsq(before, scaled[:, j], rcond=None)[0]
        if np.linalg.norm(scaled[:, j] - before @ weights) < COLLINEAR:
            others = [design.columns[i].name for i in np.flatnonzero(np.abs(weights) > 1e-6)]
            raise RegressionError(
                f"collinear: {column.name} is determined by {', '.join(others)}; "
                "remove one of these terms", model=spec.model_id, term=column.term,
                level=column.category_id)


def _check_separated(spec: Specification, design: Design) -> None:
    """Look for a direction along which no observation becomes less likely (Albert and Anderson
    1984, Biometrika 71:1-10, in its ordinal form): with y = j, the cut point above minus the
    linear predictor must not fall and the one below must not rise. If one exists the estimates
    are infinite. A linear program in the p + k - 1 parameters finds it or proves there is none."""
    rows = np.unique(np.column_stack((design.outcome, design.matrix)), axis=0)
    outcome, matrix = rows[:, 0].astype(int), rows[:, 1:]
    matrix = matrix - matrix.mean(axis=0)
    matrix = matrix / np.abs(matrix).max(axis=0)
    cuts = len(design.levels) - 1

    def gain(chosen: np.ndarray, cut: np.ndarray, sign: float) -> csr_array:
        thresholds = np.zeros((chosen.sum(), cuts))
        thresholds[np.arange(len(thresholds)), cut[chosen]] = 1.0
        return csr_array(sign * np.hstack((-matrix[chosen], thresholds)))

    gains = vstack((gain(outcome < cuts, outcome, 1.0), gain(outcome > 0, outcome - 1, -1.0)))
    solution = linprog(-np.asarray(gains.sum(axis=0)).ravel(), A_ub=-gains,
                       b_ub=np.zeros(gains.shape[0]), bounds=(-1.0, 1.0), method="highs")
    if solution.status != 0:
        raise RegressionError(f"the search for separation failed: {solution.message}",
                              model=spec.model_id)
    if -solution.fun > SEPARATED:
        moved = np.abs(solution.x[:matrix.shape[1]])
        involved = [design.columns[i] for i in np.flatnonzero(moved > SEPARATED)]
        worst = design.columns[int(moved.argmax())]
        raise RegressionError(
            f"separated: {', '.join(c.name for c in involved)} predict outcome categories "
            "perfectly, so the estimates are infinite; merge levels or remove the term",
            model=spec.model_id, term=worst.term, level=worst.category_id)
