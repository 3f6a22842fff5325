"""Data for the tests of the engine: simulated samples, and BEPS as R was given it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from regression_data import FIXTURES

BEPS_TERMS = ["age", "gendermale", "Europe", "political.knowledge", "Blair", "Hague"]


def beps() -> tuple[pd.Series, pd.DataFrame, pd.DataFrame]:
    """Outcome, matrix, and the whole frame with `pw`, `gender`, `age`."""
    frame = pd.read_csv(FIXTURES / "beps_weighted.csv")
    frame["gendermale"] = frame["gender"].eq("male").astype(float)
    outcome = pd.Series(pd.Categorical(frame["econ"], [1, 2, 3, 4, 5], ordered=True), name="econ")
    return outcome, frame[BEPS_TERMS], frame


def sample(n: int = 300, seed: int = 11, k: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Outcome (n,) in 0..k-1, all of them chosen, and a matrix (n, 3): a small scale, an
    indicator, a continuous column."""
    rng = np.random.default_rng(seed)
    matrix = np.column_stack((rng.integers(1, 6, n), rng.random(n) < 0.4, rng.normal(size=n)))
    latent = matrix @ [0.5, -0.8, 0.3] + rng.logistic(size=n)
    return np.searchsorted(np.quantile(latent, np.arange(1, k) / k), latent), matrix


def statistics(results) -> np.ndarray:
    """Estimates and standard errors in one vector."""
    return np.concatenate((results.params, np.sqrt(np.diag(results.covariance))))
