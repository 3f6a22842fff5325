"""What tests of proportional odds, marginal effects and predictions read from a fitted ordinal model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .interactions import Products, products_of
from .links import LINKS, Logit, Probit
from .matrix_column import MatrixColumn
from .regression_error import RegressionError


@dataclass(frozen=True)
class FittedModel:
    """A fitted model P(y <= j) = F(cut_j - x b) and the rows it was fitted to.

    coefficients (p,), cut_points (k - 1,), covariance (p + k - 1, p + k - 1) in that order;
    matrix (n, p), outcome (n,) integers 0..k-1, weights (n,) positive, rows without weight left
    out; columns: what each matrix column is; levels: the name of each outcome category.
    """

    coefficients: np.ndarray
    cut_points: np.ndarray
    covariance: np.ndarray
    link: type[Logit | Probit]
    matrix: np.ndarray
    outcome: np.ndarray
    weights: np.ndarray
    columns: tuple[MatrixColumn, ...]
    levels: tuple[object, ...]
    name: str

    @classmethod
    def of(
        cls,
        results: Any,
        columns: Sequence[MatrixColumn] | None = None,
        levels: Sequence[object] | None = None,
    ) -> FittedModel:
        """Read `results`: anything with .coefficients, .cut_points, .covariance, .link
        ('logit' or 'probit') and .model with .exog, .endog (codes 0..k-1) and .weights (or None).

        columns: parallel to exog; default, one numeric term per exog name.
        levels: the outcome categories in order; default, their codes 0..k-1.
        NominalResults have what was fitted as `fitted_partial`, columns and levels included.
        Raises RegressionError if these do not fit the model.
        """
        partial: FittedModel | None = getattr(results, "fitted_partial", None)
        if partial is not None:
            for given, own in ((columns, partial.columns), (levels, partial.levels)):
                if given is not None and tuple(given) != own:
                    raise RegressionError("was fitted with other columns or levels", model=partial.name)
            return partial
        model = results.model
        name = str(getattr(model, "endog_names", None) or "(unnamed)")
        if model.exog is None:
            raise RegressionError("has no terms, only cut points", model=name)
        matrix = np.asarray(model.exog, dtype=float)
        weights = getattr(model, "weights", None)
        weights = np.ones(len(matrix)) if weights is None else np.asarray(weights, dtype=float)
        cut_points = np.asarray(results.cut_points, dtype=float)
        if columns is None:
            columns = [MatrixColumn(str(term)) for term in list(model.exog_names)[: matrix.shape[1]]]
        if levels is None:
            levels = range(len(cut_points) + 1)
        if len(columns) != matrix.shape[1]:
            raise RegressionError(
                f"{len(columns)} columns are described, the model has {matrix.shape[1]} coefficients",
                model=name,
            )
        if len(levels) != len(cut_points) + 1:
            raise RegressionError(
                f"{len(levels)} outcome levels are named, the model has "
                f"{len(cut_points) + 1} outcome categories",
                model=name,
            )
        twice = {c.name for i, c in enumerate(columns) if c.name in {d.name for d in columns[:i]}}
        if twice:
            raise RegressionError(
                f"more than one column is {', '.join(sorted(twice))}; give "
                "levels of one term a category_id each",
                model=name,
            )
        used = weights > 0
        return cls(
            np.asarray(results.coefficients, dtype=float),
            cut_points,
            np.asarray(results.covariance, dtype=float),
            LINKS[results.link],
            matrix[used],
            np.asarray(model.endog)[used].astype(int),
            weights[used],
            tuple(columns),
            tuple(levels),
            name,
        )

    @property
    def shares(self) -> np.ndarray:
        """The weights, summing to 1."""
        return np.asarray(self.weights / self.weights.sum())

    @property
    def terms(self) -> dict[str, list[int]]:
        """The places of each term's columns, terms in model order."""
        positions: dict[str, list[int]] = {}
        for position, column in enumerate(self.columns):
            positions.setdefault(column.term, []).append(position)
        return positions

    @property
    def proportional(self) -> dict[str, list[int]]:
        """The terms, as `terms`, whose coefficients are the same at all cut points."""
        return self.terms

    def linear(self, matrix: np.ndarray) -> np.ndarray:
        """(n, k - 1) what F is taken of: cut_j - x b."""
        return np.asarray(self.cut_points - (matrix @ self.coefficients)[:, None])

    def slopes(self, position: int) -> tuple[np.ndarray, np.ndarray]:
        """(k - 1,) coefficients of a column at the cut points, and their derivatives (k - 1, p + k - 1) by the
        parameters."""
        gradient = np.zeros((len(self.cut_points), len(self.covariance)))
        gradient[:, position] = 1.0
        return np.full(len(self.cut_points), self.coefficients[position]), gradient

    @cached_property
    def products(self) -> Products:
        """The columns that are products of others. Raises RegressionError as products_of does."""
        return products_of(self.columns, model=self.name)

    def delta_errors(self, gradient: np.ndarray) -> np.ndarray:
        """Standard errors (m,) of m functions with the gradient (m, p + k - 1)."""
        variance = np.einsum("ij,jk,ik->i", gradient, self.covariance, gradient)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))  # rounding can leave -1e-40 of a zero

    def mean_probabilities(self, matrix: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean outcome probabilities (k,) over the rows of `matrix` with the weights `shares`
        (summing to 1), and their derivatives (k, p + k - 1) by coefficients and cut points."""
        gradient = between(self.cumulative_gradient(matrix, shares, self.link.density(self.linear(matrix))))
        return shares @ self.probabilities(matrix), gradient

    def probabilities(self, matrix: np.ndarray) -> np.ndarray:
        """Outcome probabilities (n, k) of the rows of `matrix`."""
        at = self.linear(matrix)
        below, above = self.link.cumulative(at), self.link.cumulative(-at)
        # In the right tail both distribution values are near 1: their mirror images keep the
        # difference.
        middle = np.where(at[:, :-1] > 0, above[:, :-1] - above[:, 1:], below[:, 1:] - below[:, :-1])
        return np.hstack((below[:, :1], middle, above[:, -1:]))

    def cumulative_gradient(self, matrix: np.ndarray, shares: np.ndarray, slope: np.ndarray) -> np.ndarray:
        """Derivatives (k - 1, p + k - 1) of the mean of g(cut_l - x b), for each l, by
        coefficients and cut points; slope (n, k - 1) is g's derivative there."""
        weighted = shares[:, None] * slope
        return np.hstack((-weighted.T @ matrix, np.diag(weighted.sum(axis=0))))


def between(cumulative: np.ndarray) -> np.ndarray:
    """From a quantity at the k - 1 cut points to that of the k categories: the one at the upper
    cut less the one at the lower, nothing beyond the ends. Sums to zero over the categories."""
    return np.diff(cumulative, axis=0, prepend=0.0, append=0.0)
