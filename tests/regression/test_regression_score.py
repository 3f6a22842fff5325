"""The score test of proportional odds: its parts by numerical derivatives, tables that need no model, its size."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from inference_data import altered, coded, fit, reference_fit
from kjpoll.ordinal.fitted_model import FittedModel
from kjpoll.ordinal.free_effects import FreeEffects, PartialOdds
from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.proportional_odds import likelihood_ratio, score_and_information, score_test
from regression_data import FIXTURES
from scipy import stats
from statsmodels.tools.numdiff import approx_fprime

CASES = [(name, link) for name in ("beps", "housing") for link in ("logit", "probit")]


def expected_answers(model: FittedModel) -> FittedModel:
    """Every row with every answer, as often as the estimates expect it: minus the Hessian of its log likelihood is the
    expected information."""
    below = model.link.cumulative(model.cut_points - (model.matrix @ model.coefficients)[:, None])
    share = np.diff(below, axis=1, prepend=0.0, append=1.0)
    n, k = share.shape
    return replace(
        model,
        matrix=np.repeat(model.matrix, k, axis=0),
        outcome=np.tile(np.arange(k), n),
        weights=(model.weights[:, None] * share).ravel(),
    )


@pytest.mark.parametrize(("name", "link"), CASES)
def test_score_and_information_equal_numerical_derivatives_of_the_nominal_likelihood(name, link):
    model = FittedModel.of(*reference_fit(name, link))
    everything = FreeEffects(model)
    common = PartialOdds(everything, [])
    at = common.at(common.to_internal @ common.start())
    score, information = score_and_information(common, common.start())
    numerical = approx_fprime(
        at.ravel(), lambda free: everything.derivatives(free.reshape(at.shape))[0], centered=True
    )
    np.testing.assert_allclose(score, numerical, rtol=1e-5, atol=1e-4)

    average = FreeEffects(expected_answers(model))
    # Its rows are the same, so that the means and scales of the columns are.
    np.testing.assert_allclose(average.scale, everything.scale)
    hessian = approx_fprime(
        at.ravel(), lambda free: average.derivatives(free.reshape(at.shape))[1], centered=True
    )
    scale = np.sqrt(np.diag(information))
    np.testing.assert_allclose(
        -hessian / np.outer(scale, scale), information / np.outer(scale, scale), atol=1e-7
    )


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_against_a_saturated_model_it_is_pearsons_statistic_and_the_likelihood_ratio_the_deviance(link):
    """With one categorical term the free effects reproduce the table of counts, and no model has to be fitted."""
    wide = pd.read_csv(FIXTURES / "wvs.csv")
    matrix, columns = coded(wide, ["country"])
    outcome = wide["poverty"].map(["Too Little", "About Right", "Too Much"].index).to_numpy()
    results = fit(outcome, matrix, link)
    observed = pd.crosstab(wide["country"], outcome)
    countries = coded(pd.DataFrame({"country": observed.index}), ["country"])[0]
    expected = observed.sum(axis=1).to_numpy()[:, None] * np.asarray(results.predict(countries))
    pearson = ((observed - expected) ** 2 / expected).to_numpy().sum()
    deviance = 2 * (observed * np.log(observed / expected)).to_numpy().sum()
    for test, statistic in ((score_test, pearson), (likelihood_ratio, deviance)):
        tested = test(results, columns).set_index("kind")
        for kind in ("overall", "term"):
            assert tested.loc[kind, "chi2"] == pytest.approx(statistic, rel=1e-9)
            assert tested.loc[kind, "df"] == 3
            assert tested.loc[kind, "p_value"] == pytest.approx(stats.chi2.sf(statistic, 3), rel=1e-6)


def test_frequencies_equal_replication_and_scales_do_not_matter():
    grouped, expanded = (score_test(*reference_fit("housing", expanded=flag)) for flag in (False, True))
    pd.testing.assert_frame_equal(grouped, expanded, rtol=1e-8)
    results, columns = reference_fit("beps")
    matrix = 7 + np.asarray(results.model.exog) * np.array([1e-3, 1, 1e4, 1, 1, 30])
    moved = score_test(fit(results.model.endog, matrix), columns)
    pd.testing.assert_frame_equal(moved, score_test(results, columns), rtol=1e-6)


def test_an_effect_that_differs_between_cut_points_is_found():
    rng = np.random.default_rng(12)
    x, z = rng.normal(size=(2, 3000))
    low = rng.uniform(size=3000) < stats.logistic.cdf(-1 - 1.5 * x + 0.5 * z)
    high = rng.uniform(size=3000) < stats.logistic.cdf(0.3 * x + 0.5 * z)
    outcome = np.where(low, 0, np.where(high, 2, 1))
    tested = score_test(fit(outcome, np.column_stack((x, z))), [MatrixColumn("x"), MatrixColumn("z")])
    p_value = tested.set_index("term")["p_value"]
    assert p_value["x"] < 1e-10


def test_its_size_is_right_where_hardly_anyone_has_a_level():
    """500 samples in which the assumption holds, with 12 of 300 persons at one level."""
    rng = np.random.default_rng(21)
    columns = [MatrixColumn("x"), MatrixColumn("group", "b", "a"), MatrixColumn("group", "c", "a")]
    rejected = []
    for _ in range(500):
        group, x = rng.choice(3, 300, p=[0.6, 0.36, 0.04]), rng.integers(1, 6, 300)
        matrix = np.column_stack((x, group == 1, group == 2)).astype(float)
        outcome = np.digitize(matrix @ [0.4, 0.5, -0.3] + rng.logistic(size=300), [0.0, 1.0, 1.8, 3.5])
        tested = score_test(fit(outcome, matrix), columns)
        rejected.append(tested["p_value"] < 0.05)
    size = np.mean(rejected, axis=0)
    # One in a thousand of a right test is outside, of each of the five.
    low, high = stats.binom.ppf([0.0005, 0.9995], 500, 0.05) / 500
    assert ((low <= size) & (size <= high)).all(), size


@pytest.mark.parametrize("test", [score_test, likelihood_ratio])
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_reversing_the_outcome_changes_nothing(test, link):
    results, columns = reference_fit("beps", link)
    turned = fit(4 - results.model.endog, results.model.exog, link)
    pd.testing.assert_frame_equal(test(turned, columns), test(results, columns), rtol=1e-7, atol=1e-9)


def test_estimates_that_leave_an_answer_no_probability_are_a_named_problem():
    results, columns = reference_fit("housing", "probit")
    far = altered(results, theta=np.r_[results.coefficients * 100, results.cut_points])
    tested = score_test(far, columns)
    assert tested["chi2"].isna().all()
    assert tested["problem"].eq("the expected information of the free effects is all but singular").all()


def test_two_answers_and_dependent_observations_have_no_test():
    rng = np.random.default_rng(1)
    two = score_test(fit(rng.integers(0, 2, 50), rng.normal(size=(50, 1))))
    assert two["chi2"].isna().all() and two["problem"].str.contains("nothing to compare").all()
    clustered = fit(rng.integers(0, 3, 90), rng.normal(size=(90, 1)), clusters=np.arange(90) // 3)
    assert score_test(clustered)["problem"].str.startswith("the model declares clusters").all()
