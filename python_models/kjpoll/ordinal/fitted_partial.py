"""What tests, marginal effects and predictions read from a fitted model of partial proportional odds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .fitted_model import FittedModel
from .free_effects import PartialOdds


@dataclass(frozen=True)
class FittedPartial(FittedModel):
    """A fitted model P(y <= j) = F(cut_j - x b_j), in which b_j is the same for all j but in the columns `partial.free`.

    coefficients (p, k - 1), by cut point; theta (q,) and covariance (q, q) in the order of partial.parameters;
    the rest as in FittedModel, with q in the place of p + k - 1.
    """

    partial: PartialOdds
    theta: np.ndarray

    @classmethod
    def at_maximum(cls, partial: PartialOdds, theta: np.ndarray, covariance: np.ndarray) -> FittedPartial:
        """The model at its estimates."""
        proportional = partial.everything.fitted
        cut_points, *coefficients = (_by_cut(partial) @ theta).T
        return cls(
            np.array(coefficients),
            cut_points,
            covariance,
            proportional.link,
            proportional.matrix,
            proportional.outcome,
            proportional.weights,
            proportional.columns,
            proportional.levels,
            proportional.name,
            partial,
            theta,
        )

    @property
    def proportional(self) -> dict[str, list[int]]:
        return {
            term: positions
            for term, positions in self.terms.items()
            if not set(positions) <= set(self.partial.free)
        }

    def linear(self, matrix: np.ndarray) -> np.ndarray:
        return np.asarray(self.cut_points - matrix @ self.coefficients)

    def slopes(self, position: int) -> tuple[np.ndarray, np.ndarray]:
        return self.coefficients[position], _by_cut(self.partial)[:, 1 + position]

    def cumulative_gradient(self, matrix: np.ndarray, shares: np.ndarray, slope: np.ndarray) -> np.ndarray:
        weighted = shares[:, None] * slope
        by_own = np.column_stack((weighted.sum(axis=0), -weighted.T @ matrix))
        return np.asarray(np.einsum("jc,jcq->jq", by_own, _by_cut(self.partial)))


def _by_cut(partial: PartialOdds) -> np.ndarray:
    """(k - 1, 1 + p, q): from the parameters to each cut point and its coefficients. What scales and centres the columns
    leaves these zeros and ones as they are."""
    cuts = partial.everything.k - 1
    return partial.spread.reshape(cuts, -1, len(partial.parameters))
