"""The bootstrap of the estimates: the model fitted again to samples drawn with replacement from its own.

What is drawn are the observations, or the clusters where there are any (Efron and Tibshirani 1993, An Introduction to
the Bootstrap, chapters 6 and 8). A draw is frequencies, so that rows of equal observations need not be repeated.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pandas as pd

from .covariance import Sampled
from .estimability import check_outcome
from .newton import Maximum
from .regression_error import RegressionError


class Refitted(Sampled, Protocol):
    """A model that can be fitted with other weights."""

    endog: np.ndarray
    endog_names: str
    categories: list[str]
    k_levels: int

    def maximum_of(self, weights: np.ndarray | None = None) -> Maximum:
        """The maximum with (n,) weights in place of the model's."""


def draw(model: Refitted, clusters: np.ndarray | None, rng: Any) -> np.ndarray:
    """(n,) weights of the rows in one sample: how often each was drawn, times its sampling weight."""
    there = model.weights > 0
    if clusters is None:
        frequency = np.where(there, model.freq_weights, 0.0)
        drawn = np.array(rng.multinomial(round(frequency.sum()), frequency / frequency.sum()), dtype=float)
        return drawn if model.sampling_weights is None else drawn * model.sampling_weights
    labels, names = pd.factorize(clusters[there])
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)))
    weights = model.weights.copy()
    weights[there] *= drawn[labels]
    return weights


def bootstrap(model: Refitted, clusters: np.ndarray | None, nrep: int, rng: Any) -> np.ndarray:
    """(nrep, p + k - 1) estimates of nrep samples.

    Raises ValueError for a model with strata, RegressionError for a sample without estimates: leaving such samples
    out would make the rest look less variable than the estimates are.
    """
    if model.strata is not None:
        raise ValueError(
            "the bootstrap draws observations or clusters, not a stratified design, whose few units per stratum "
            "need rescaled weights; use the errors of vce='design'"
        )
    name, estimates = str(model.endog_names), []
    for number in range(1, nrep + 1):
        weights = draw(model, clusters, rng)
        try:
            counts = np.bincount(model.endog, weights, minlength=model.k_levels)
            check_outcome(counts, model.categories, model=name, term=name)
            estimates.append(model.maximum_of(weights).theta)
        except RegressionError as error:
            raise RegressionError(
                f"sample {number} of the {nrep} drawn has no estimates ({error.problem}): merge rare categories "
                "and levels, or use the errors of vce='robust'",
                model=name,
                term=error.term,
                level=error.level,
            ) from error
    return np.array(estimates)
