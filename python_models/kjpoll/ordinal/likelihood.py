"""Log likelihood of the cumulative-link model P(y <= j) = F(cut_j - x b), with exact derivatives.

Parameters are natural: theta = (p coefficients, k - 1 cut points). Formulas: McCullagh 1980,
JRSS B 42:109-142; the logistic ones are used in a form without differences of near-equal numbers
(see `Logit.terms`). Inside, the columns are centred and scaled, rows are sorted by outcome, and sums run
over blocks that fit the processor's cache, so that nothing of the size of the data is allocated
while iterating.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .links import LINKS, Terms

BLOCK = 4096


def scaled_columns(matrix: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows in `order` with columns of mean 0 and variance 1 (0 for a constant), their means and deviations."""
    centre = matrix.mean(axis=0)
    rows = matrix[order]
    rows -= centre
    deviation = np.sqrt(np.einsum("ij,ij->j", rows, rows) / len(matrix))
    scale = np.where(deviation > 0, deviation, 1.0)
    rows /= scale
    return rows, centre, scale


class Likelihood:
    """Weighted log likelihood of n observations.

    outcome: (n,) integers 0..k-1. matrix: (n, p) floats without a constant; p may be 0.
    weights: (n,) non-negative floats, or None for ones. link: `logit` or `probit`. k: categories.
    """

    def __init__(
        self, outcome: np.ndarray, matrix: np.ndarray, weights: np.ndarray | None, link: str, k: int
    ) -> None:
        self.outcome, self.matrix, self.k = np.asarray(outcome), matrix, k
        self.link = LINKS[link]
        n, self.p = matrix.shape
        self.weights = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
        self._order = np.argsort(self.outcome, kind="stable")
        self._sorted_weights = self.weights[self._order]
        rows, self.centre, self.scale = scaled_columns(matrix, self._order)
        # One row per column of the matrix: scaling by observation then runs along memory.
        self._columns = np.ascontiguousarray(rows.T)
        ends = np.cumsum(np.bincount(self.outcome, minlength=k))
        self._blocks = [
            (j, slice(at, min(at + BLOCK, end)))
            for j, (begin, end) in enumerate(zip(np.r_[0, ends], ends))
            for at in range(begin, end, BLOCK)
        ]
        # internal = to_internal @ theta: coefficients of scaled columns, cut points at the means.
        self.to_internal = np.eye(self.p + k - 1)
        self.to_internal[range(self.p), range(self.p)] = self.scale
        self.to_internal[self.p :, : self.p] = -self.centre

    def value(self, theta: np.ndarray) -> float:
        """The log likelihood; minus infinity for cut points out of order."""
        internal = self.to_internal @ theta
        if not self.in_order(internal):
            return -np.inf
        return sum(
            float(self._sorted_weights[chosen] @ terms[0]) for _, chosen, terms in self._over_blocks(internal)
        )

    def values(self, theta: np.ndarray) -> np.ndarray:
        """(n,) unweighted contributions to the log likelihood, in the order of the data."""
        return self._per_row(theta, 1)[0]

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """(p + k - 1,) first derivatives."""
        return np.asarray(self.to_internal.T @ self.derivatives(self.to_internal @ theta)[1])

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """(p + k - 1, p + k - 1) second derivatives."""
        return np.asarray(
            self.to_internal.T @ self.derivatives(self.to_internal @ theta)[2] @ self.to_internal
        )

    def scores(self, theta: np.ndarray) -> np.ndarray:
        """(n, p + k - 1) unweighted first derivatives of each observation's contribution."""
        _, by_upper, by_lower = self._per_row(theta, 3)
        scores = np.zeros((len(self.outcome), self.p + self.k - 1))
        np.multiply(self.matrix, -(by_upper + by_lower)[:, None], out=scores[:, : self.p])
        upper = np.flatnonzero(self.outcome < self.k - 1)
        lower = np.flatnonzero(self.outcome > 0)
        scores[upper, self.p + self.outcome[upper]] = by_upper[upper]
        scores[lower, self.p + self.outcome[lower] - 1] = by_lower[lower]
        return scores

    def in_order(self, internal: np.ndarray) -> bool:
        return bool((np.diff(internal[self.p :]) > 0).all())

    def derivatives(self, internal: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Value, gradient and Hessian in the internal parameters, in one pass over the data."""
        p, k = self.p, self.k
        value = 0.0
        by_cut, bend, cross = np.zeros(k + 1), np.zeros(k + 1), np.zeros(k + 1)
        # Rows: cut points from below the first category to above the last; the outer two, which
        # are infinite, only receive zeros.
        mixed = np.zeros((k + 1, p))
        moments = np.zeros((p, p))
        slope = np.zeros(p)
        buffer = np.empty((p + 3, BLOCK))
        for j, chosen, terms in self._over_blocks(internal):
            logs, by_upper, by_lower, bend_upper, bend_lower, both = terms
            weight = self._sorted_weights[chosen]
            columns = self._columns[:, chosen]
            stacked = buffer[:, : len(weight)]
            np.multiply(weight, by_upper + by_lower, out=stacked[p])
            np.multiply(weight, bend_upper, out=stacked[p + 1])
            np.multiply(weight, bend_lower, out=stacked[p + 2])
            np.multiply(columns, stacked[p + 1] + stacked[p + 2], out=stacked[:p])
            products = stacked @ columns.T
            moments += products[:p]
            slope += products[p]
            mixed[j + 1] += products[p + 1]
            mixed[j] += products[p + 2]
            total_upper = float(np.dot(weight, np.broadcast_to(by_upper, weight.shape)))
            by_cut[j + 1] += total_upper
            by_cut[j] += float(stacked[p].sum()) - total_upper
            both_sum = float(np.dot(weight, np.broadcast_to(both, weight.shape)))
            bend[j + 1] += float(stacked[p + 1].sum()) + both_sum
            bend[j] += float(stacked[p + 2].sum()) + both_sum
            cross[j] += both_sum
            value += float(weight @ logs)
        hessian = np.empty((p + k - 1,) * 2)
        hessian[:p, :p] = -(moments + moments.T) / 2
        hessian[p:, :p] = mixed[1:k]
        hessian[:p, p:] = mixed[1:k].T
        hessian[p:, p:] = -np.diag(bend[1:k]) + np.diag(cross[1 : k - 1], 1) + np.diag(cross[1 : k - 1], -1)
        return value, np.concatenate((-slope, by_cut[1:k])), hessian

    def correlations(self) -> np.ndarray:
        """(p, p) correlations of the columns, unweighted."""
        return np.asarray(self._columns @ self._columns.T / len(self.outcome))

    def start(self) -> np.ndarray:
        """The maximum without covariates: coefficients zero, cut points at the marginal shares."""
        shares = np.bincount(self.outcome, self.weights, minlength=self.k).cumsum()
        cuts = self.link.quantile(shares[:-1] / shares[-1])
        return np.concatenate((np.zeros(self.p), cuts))

    def _over_blocks(self, internal: np.ndarray) -> Iterator[tuple[int, slice, Terms]]:
        bounds = np.concatenate(([-np.inf], internal[self.p :], [np.inf]))
        for j, chosen in self._blocks:
            linear = internal[: self.p] @ self._columns[:, chosen]
            yield j, chosen, self.link.terms(bounds[j], bounds[j + 1], linear)

    def _per_row(self, theta: np.ndarray, count: int) -> list[np.ndarray]:
        ordered = np.empty((count, len(self.outcome)))
        for _, chosen, terms in self._over_blocks(self.to_internal @ theta):
            for row, term in zip(ordered, terms):
                row[chosen] = term
        result = np.empty_like(ordered)
        result[:, self._order] = ordered
        return list(result)
