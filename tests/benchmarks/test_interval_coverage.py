"""The intervals that the coverage benchmark compares are those of R's survey package, and it sees that the normal one is too short."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks.interval_coverage import Estimates, draw, korn_graubard, logit, wilson

ESTIMATES = Path(__file__).parents[1] / "dbt" / "fixtures" / "sampling_design_estimates.csv"


@pytest.mark.parametrize("name", ["wilson", "beta", "logit"])
def test_intervals_are_those_of_r(name):
    known = pd.read_csv(ESTIMATES).dropna()
    found = []
    # R counts all records of a subset's design with Korn and Graubard's n, those asked here; of these all were asked.
    for row in known.itertuples():
        one = Estimates(
            np.array([row.share]), np.array([row.se**2]), np.array([float(row.n_asked)]), int(row.df)
        )
        bounds = {
            "wilson": lambda one: wilson(one, stats.t.ppf(0.975, one.degrees)), "beta": korn_graubard, "logit": logit,
        }[name](one)  # fmt: skip
        found.append([float(bound[0]) for bound in bounds])
    expected = known[[f"{name}_low", f"{name}_high"]].to_numpy()
    np.testing.assert_allclose(found, expected, rtol=2e-4 if name == "beta" else 1e-6)


def test_coverage_with_few_clusters():
    estimates = draw(0.3, 8, 20_000, np.random.default_rng(1))

    def covered(bounds):
        low, high = bounds
        return np.mean((low <= 0.3) & (high >= 0.3))

    assert covered(wilson(estimates, stats.norm.ppf(0.975))) < 0.92
    assert 0.94 < covered(wilson(estimates, stats.t.ppf(0.975, 7))) < 0.955
