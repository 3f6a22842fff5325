"""Log likelihood of partial proportional odds, P(y <= j) = F(cut_j - x b - w g_j), with exact derivatives.

The columns w are free: each has a coefficient at every cut point. Peterson and Harrell 1990, Applied Statistics
39:205-217, here for both links. All is computed in the model whose columns are all free, of which every other is a
linear restriction; its Hessian is block tridiagonal, since an answer depends on the two cut points around it.

The domain is where every answer that was given has a positive probability. There the log likelihood is concave (Pratt
1981, JASA 76:103-106) and falls without bound towards the edge, so that a maximum lies inside. An answer that nobody
with the same covariates gave may get a negative probability: `crossed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from .estimability import SEPARATED, improving_direction
from .fitted_model import FittedModel
from .likelihood import scaled_columns


class FreeEffects:
    """The model with all columns free. Its parameters `at` are (k - 1, p + 1): for each cut point itself, at the columns'
    means, and then the coefficients of the columns, scaled to variance 1."""

    def __init__(self, fitted: FittedModel) -> None:
        self.fitted, self.k, self.p = fitted, len(fitted.levels), len(fitted.columns)
        order = np.argsort(fitted.outcome, kind="stable")
        rows, self.centre, self.scale = scaled_columns(fitted.matrix, order)
        # at @ row is cut_j - x b_j.
        self.rows, self.weights = np.column_stack((np.ones(len(rows)), -rows)), fitted.weights[order]
        ends = np.cumsum(np.bincount(fitted.outcome, minlength=self.k))
        self.answers = [slice(begin, end) for begin, end in zip(np.r_[0, ends], ends)]

    def bounds(self, j: int, at: np.ndarray) -> tuple[np.ndarray | float, np.ndarray | float]:
        """Lower and upper bound of the latent variable of those who gave answer j."""
        rows = self.rows[self.answers[j]]
        return rows @ at[j - 1] if j else -np.inf, rows @ at[j] if j < len(at) else np.inf

    def in_order(self, at: np.ndarray) -> bool:
        return all(bool(np.all(np.less(*self.bounds(j, at)))) for j in range(self.k))

    def crossed(self, at: np.ndarray) -> tuple[float, list[int]]:
        """Observations with a negative probability of some answer, and of which."""
        falls = np.diff(self.rows @ at.T, axis=1) < 0
        return float(self.weights[falls.any(axis=1)].sum()), [
            int(j) + 1 for j in np.flatnonzero(falls.any(axis=0))
        ]

    def derivatives(self, at: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Value, gradient (m,) and Hessian (m, m), m = (k - 1)(p + 1), at parameters in order."""
        cuts, width = at.shape
        value, gradient = 0.0, np.zeros((cuts, width))
        hessian = np.zeros((cuts, width, cuts, width))
        for j, given in enumerate(self.answers):
            rows, weights = self.rows[given], self.weights[given]
            logs, by_upper, by_lower, bend_upper, bend_lower, cross = self.fitted.link.terms(
                *self.bounds(j, at), np.zeros(len(rows))
            )
            value += float(weights @ logs)
            if j < cuts:
                gradient[j] += (weights * by_upper) @ rows
                hessian[j, :, j] -= _moments(rows, weights * (bend_upper + cross))
            if j:
                gradient[j - 1] += (weights * by_lower) @ rows
                hessian[j - 1, :, j - 1] -= _moments(rows, weights * (bend_lower + cross))
            if 0 < j < cuts:
                block = _moments(rows, weights * cross)
                hessian[j - 1, :, j] += block
                hessian[j, :, j - 1] += block
        return value, gradient.ravel(), hessian.reshape(gradient.size, -1)

    @np.errstate(divide="ignore", invalid="ignore")
    def expected_information(self, at: np.ndarray) -> np.ndarray:
        """(m, m): what minus the Hessian is on average over the answers that the parameters expect; not finite where
        the probability of an answer is zero to machine precision. With f_j the density at cut point j and P_j the probability of the answer below it, block
        j, j weights the rows by f_j^2 (1 / P_j + 1 / P_(j+1)), block j, j + 1 by - f_j f_(j+1) / P_(j+1)."""
        linear, link = self.rows @ at.T, self.fitted.link
        below, above = link.cumulative(linear), link.cumulative(-linear)
        # In the right tail the mirror images keep the difference.
        middle = np.where(linear[:, :-1] > 0, above[:, :-1] - above[:, 1:], below[:, 1:] - below[:, :-1])
        inverse = 1 / np.column_stack((below[:, 0], middle, above[:, -1]))
        density = link.density(linear)
        cuts, width = at.shape
        information = np.zeros((cuts, width, cuts, width))
        for j in range(cuts):
            own = density[:, j] ** 2 * (inverse[:, j] + inverse[:, j + 1])
            information[j, :, j] = _moments(self.rows, self.weights * own)
        for j in range(cuts - 1):
            common = density[:, j] * density[:, j + 1] * inverse[:, j + 1]
            block = -_moments(self.rows, self.weights * common)
            information[j, :, j + 1] = information[j + 1, :, j] = block
        return information.reshape(cuts * width, -1)


class PartialOdds:
    """The model in which the columns `free` alone are free, in the form that `maximise` takes. Natural parameters:
    coefficients of the other columns, in their order; of each free column k - 1, by cut point; k - 1 cut points."""

    def __init__(self, everything: FreeEffects, free: Sequence[int]) -> None:
        self.everything, self.free = everything, list(free)
        self.shared = [column for column in range(everything.p) if column not in self.free]
        # (column, or -1 for a cut point itself; cut point, or -1 for all) of each parameter.
        cuts = range(everything.k - 1)
        self.parameters = [(column, -1) for column in self.shared]
        self.parameters += [(column, j) for column in [*self.free, -1] for j in cuts]

    @cached_property
    def spread(self) -> np.ndarray:
        """((k - 1)(p + 1), q) zeros and ones: from internal parameters to those of FreeEffects."""
        spread = np.zeros((self.everything.k - 1, 1 + self.everything.p, len(self.parameters)))
        for place, (column, j) in enumerate(self.parameters):
            spread[slice(None) if j < 0 else j, 1 + column, place] = 1.0
        return spread.reshape(-1, spread.shape[-1])

    @cached_property
    def to_internal(self) -> np.ndarray:
        """internal = to_internal @ theta: coefficients of scaled columns, cut points at the means."""
        centre, scale = (
            np.append(each, last)
            for each, last in ((self.everything.centre, 0.0), (self.everything.scale, 1.0))
        )
        column, cut = np.array(self.parameters).T
        matrix = np.diag(scale[column])
        for place in np.flatnonzero(column < 0):
            moves = (column >= 0) & ((cut < 0) | (cut == cut[place]))
            matrix[place, moves] = -centre[column[moves]]
        return matrix

    def at(self, internal: np.ndarray) -> np.ndarray:
        """The parameters of FreeEffects."""
        return np.asarray(self.spread @ internal).reshape(self.everything.k - 1, -1)

    def start(self) -> np.ndarray:
        """The estimates of the model without free columns."""
        fitted, cuts = self.everything.fitted, self.everything.k - 1
        free = np.repeat(fitted.coefficients[self.free], cuts)
        return np.concatenate((fitted.coefficients[self.shared], free, fitted.cut_points))

    def in_order(self, internal: np.ndarray) -> bool:
        return self.everything.in_order(self.at(internal))

    def derivatives(self, internal: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        value, gradient, hessian = self.everything.derivatives(self.at(internal))
        return value, self.spread.T @ gradient, self.spread.T @ hessian @ self.spread

    def infinite(self) -> list[tuple[int, int]]:
        """The `parameters` that move in a direction along which no observation becomes less likely: their estimates
        are infinite. None if there is no such direction (as in estimability.check_separated)."""
        blocks = self.spread.reshape(self.everything.k - 1, -1, len(self.parameters))
        gains = [
            sign * np.unique(self.everything.rows[given], axis=0) @ blocks[cut]
            for j, given in enumerate(self.everything.answers)
            for sign, cut in ((1.0, j), (-1.0, j - 1))
            if 0 <= cut < len(blocks)
        ]
        direction = improving_direction(np.vstack(gains), model=self.everything.fitted.name)
        if direction is None:
            return []
        return [self.parameters[place] for place in np.flatnonzero(np.abs(direction) > SEPARATED)]


def _moments(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.asarray(rows.T @ (weights[:, None] * rows))
