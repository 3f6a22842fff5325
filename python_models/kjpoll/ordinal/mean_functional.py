"""Means over the respondents of two samples as functions of what is estimated, with the derivatives that their errors need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .fitted_model import FittedModel


@dataclass(frozen=True)
class WeightedRows:
    """The rows of one sample, and a factor for each, by which the squared deviations of a (n,) quantity add up to the
    sampling variance of its mean: n/(n-1) x sum f s^2 (z - mean)^2 / (sum f s)^2 for frequencies f and weights s."""

    fitted: FittedModel
    factor: np.ndarray

    @classmethod
    def of(cls, fitted: FittedModel, model: Any) -> WeightedRows:
        """model: with .weights (or None), .freq_weights and .sampling_weights (or None)."""
        total = fitted.weights.sum()
        frequency = getattr(model, "freq_weights", None)
        if frequency is None:
            n, squares = len(fitted.weights), fitted.weights
        else:
            used = np.asarray(model.weights) > 0
            frequency = np.asarray(frequency, dtype=float)[used]
            n, squares = frequency.sum(), fitted.weights**2 / frequency
        return cls(fitted, n / (n - 1) * squares / total**2)


Samples = Mapping[str, WeightedRows]
"""The samples by name."""


@dataclass(frozen=True)
class MeanFunctional:
    """m functions of the estimates and of means over both samples.

    value (m,). gradients: by sample, (m, p + k - 1) derivatives by its parameters. rows: by sample, (n, m) what each row
    adds to its mean, but for a constant. What is absent is zero.
    """

    samples: Samples
    value: np.ndarray
    gradients: Mapping[str, np.ndarray]
    rows: Mapping[str, np.ndarray]

    def __add__(self, other: MeanFunctional) -> MeanFunctional:
        return MeanFunctional(
            self.samples,
            self.value + other.value,
            _sum(self.gradients, other.gradients),
            _sum(self.rows, other.rows),
        )

    def __mul__(self, factor: float) -> MeanFunctional:
        return self._scaled(np.full(len(self.value), factor))

    def __sub__(self, other: MeanFunctional) -> MeanFunctional:
        return self + other * -1.0

    def times_ratio(self, part: MeanFunctional, whole: MeanFunctional) -> MeanFunctional:
        """This times part / whole, both of one function."""
        total = float(whole.value[0])
        ratio = float(part.value[0]) / total
        # The derivative of part / whole, spread over the m functions.
        moved = (part - whole * ratio) * (1 / total)
        spread = MeanFunctional(
            self.samples,
            np.zeros_like(self.value),
            {name: self.value[:, None] * gradient for name, gradient in moved.gradients.items()},
            {name: rows * self.value for name, rows in moved.rows.items()},
        )
        return self * ratio + spread

    def combined(self, sums: np.ndarray) -> MeanFunctional:
        """The (l, m) sums of the functions."""
        return MeanFunctional(
            self.samples,
            sums @ self.value,
            {name: sums @ gradient for name, gradient in self.gradients.items()},
            {name: rows @ sums.T for name, rows in self.rows.items()},
        )

    def errors(self) -> np.ndarray:
        """(m,) standard errors by the delta method; the samples are independent, and so are rows and estimates."""
        variance = np.zeros_like(self.value)
        for name, gradient in self.gradients.items():
            variance += self.samples[name].fitted.delta_errors(gradient) ** 2
        for name, rows in self.rows.items():
            sample = self.samples[name]
            deviation = rows - sample.fitted.shares @ rows
            variance += sample.factor @ deviation**2
        return np.asarray(np.sqrt(variance))

    def _scaled(self, factors: np.ndarray) -> MeanFunctional:
        return MeanFunctional(
            self.samples,
            self.value * factors,
            {name: gradient * factors[:, None] for name, gradient in self.gradients.items()},
            {name: rows * factors for name, rows in self.rows.items()},
        )


def mean_probabilities(samples: Samples, over: str, under: str) -> MeanFunctional:
    """(k,) mean probabilities over the rows of the sample `over` under the parameters of the sample `under`."""
    own, fitted = samples[over].fitted, samples[under].fitted
    value, gradient = fitted.mean_probabilities(own.matrix, own.shares)
    return MeanFunctional(samples, value, {under: gradient}, {over: fitted.probabilities(own.matrix)})


def mean_index(samples: Samples, over: str, under: str, positions: list[int]) -> MeanFunctional:
    """(1,) the mean of x b over the rows of `over` under the coefficients of `under`, of the columns at `positions`."""
    own, fitted = samples[over].fitted, samples[under].fitted
    matrix, coefficients = own.matrix[:, positions], fitted.coefficients[positions]
    gradient = np.zeros((1, len(fitted.covariance)))
    gradient[0, positions] = own.shares @ matrix
    rows = (matrix @ coefficients)[:, None]
    return MeanFunctional(samples, own.shares @ rows, {under: gradient}, {over: rows})


def _sum(first: Mapping[str, np.ndarray], second: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {
        name: first.get(name, 0.0) + second[name] if name in second else first[name]
        for name in {**first, **second}
    }
