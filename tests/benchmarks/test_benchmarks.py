"""The benchmarks run, on small data and without R; their figures are recorded, not tested."""

import numpy as np
import pytest
from kjpoll.ordinal.matrix_column import MatrixColumn

from benchmarks import coverage, ordinal, proportional_odds, report
from benchmarks.simulated import POLL, SURVEY, cut_points, large_survey, survey

TESTED = ("score", "likelihood ratio", "Brant")


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


def test_sizes_of_the_tests_of_proportional_odds_on_a_few_samples():
    outcome, covariates = survey(500, POLL[:3], np.random.default_rng(1))
    models = proportional_odds.samples(outcome, covariates.to_numpy(), 6, seed=1)
    rows = proportional_odds.tested(models, [MatrixColumn(name) for name in POLL[:3]])
    found = proportional_odds.sizes(rows)
    assert set(found.index) == {
        (effect, test) for effect in ("overall", *POLL[:3]) for test in proportional_odds.TESTS
    }
    assert found["samples"].eq(6).all() and found.xs("score", level="test")["with"].eq(6).all()
    # What is absent has a reason, and only that; where there is a statistic a guard does not change it.
    absent = proportional_odds.absent(rows)
    whole = absent[absent["effect"].isin(["overall", "every one"])].groupby("test")["samples"].sum()
    without = (found["samples"] - found["with"]).xs("overall", level="effect")[list(TESTED)]
    assert whole.to_dict() == without[without > 0].to_dict() != {}
    assert set(absent["reason"]) <= set(proportional_odds.REASONS.values())
    statistic = rows.set_index(["sample", "kind", "term", "test"])["chi2"].unstack("test")
    for test in TESTED[1:]:
        both = statistic[statistic[test].notna()]
        np.testing.assert_allclose(both[test], both[f"{test}, no guard"], rtol=1e-6, atol=1e-6)


def test_table_aligns_numbers():
    assert report.table(["name", "value"], [("a", "1.5"), ("b", "-2")]) == (
        "| name | value |\n| --- | ---: |\n| a | 1.5 |\n| b | -2 |"
    )
