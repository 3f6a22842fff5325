"""The benchmarks run, on small data and without R; their figures are recorded, not tested."""

import numpy as np
import pytest

from benchmarks import coverage, ordinal, report
from benchmarks.simulated import POLL, SURVEY, cut_points, large_survey, survey


def test_methods_agree_on_a_small_survey():
    found, versions = ordinal.compare(500, 1, with_r=False)
    assert versions == {}
    ours, theirs = found.runs["OrdinalModel"][0], found.runs["OrderedModel"][0]
    np.testing.assert_allclose(theirs.estimates, ours.estimates, atol=1e-3)
    assert len(found.row("OrderedModel")) == 9


def test_large_survey_has_the_stated_design(tmp_path):
    columns = large_survey(tmp_path / "large.duckdb", 20_000)
    assert len(columns) == 13
    found = ordinal.time_large(tmp_path / "large.duckdb", columns)
    assert found["rows"] == 20_000
    assert 10_000 < found["patterns"] <= 20_000


def test_simulated_survey_recovers_its_parameters():
    outcome, covariates = survey(20_000, POLL, np.random.default_rng(1))
    results = coverage.OrdinalModel(outcome, covariates).fit()
    truth = np.concatenate(([SURVEY[name] for name in POLL], cut_points(POLL)))
    assert np.abs((results.params - truth) / results.bse).max() < 4


@pytest.mark.parametrize("draw", [coverage.equal, coverage.unequal])
def test_coverage_of_a_few_replications(draw):
    found = coverage.replicate(draw, 500, 10, seed=1)
    assert list(found.index) == [*POLL, "cut1", "cut2", "cut3", "cut4"]
    assert found["coverage"].between(0.5, 1).all()


def test_table_aligns_numbers():
    assert report.table(["name", "value"], [("a", "1.5"), ("b", "-2")]) == (
        "| name | value |\n| --- | ---: |\n| a | 1.5 |\n| b | -2 |"
    )
