"""What partial proportional odds give besides estimates: effects, predictions and tests, against R and by arithmetic."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from inference_data import reference_fit
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.brant import brant
from kjpoll.ordinal.effects import average_marginal_effects
from kjpoll.ordinal.fitted_partial import FittedPartial
from kjpoll.ordinal.nominal import fit_nominal
from kjpoll.ordinal.prediction import predicted_probabilities
from kjpoll.ordinal.proportional_odds import likelihood_ratio, score_test
from kjpoll.ordinal.term_predictions import predictions_by_term
from regression_data import FIXTURES
from statsmodels.tools.numdiff import approx_fprime
from test_regression_nominal import CASES, fitted, of

FREE = {"wvs": ["country", "age"], "beps": ["gender", "Europe"], "housing": ["Type"]}
PROBABILITIES, EFFECTS, TESTS = (
    pd.read_csv(FIXTURES / f"partial_{name}.csv", keep_default_na=False)
    for name in ("probabilities", "effects", "tests")
)


def partial(name: str, link: str):
    results, columns = fitted(name, link)
    return fit_nominal(results, FREE[name], columns)


@pytest.mark.parametrize(("name", "link"), CASES)
def test_predictions_over_the_range_of_each_term_equal_r(name, link):
    got = predictions_by_term(partial(name, link))
    expected = of(PROBABILITIES, name, link)
    key = ["term", "at", "outcome_category"]
    got["at"] = got["category_id"].fillna(
        got["value"].map("{:g}".format, na_action="ignore").astype("string")
    )
    merged = expected.rename(columns={"value": "at"}).merge(got, on=key, suffixes=("_r", ""))
    # R has three ages and the others whole.
    assert len(merged) == len(expected)
    assert set(expected["term"]) == set(got["term"])
    others = got["term"] != "age"
    assert others.sum() == (expected["term"] != "age").sum()
    np.testing.assert_allclose(merged["probability"], merged["probability_r"], atol=1e-6, rtol=0)
    np.testing.assert_allclose(merged["std_error"], merged["std_error_r"], atol=1e-6, rtol=0)


@pytest.mark.parametrize(("name", "link"), CASES)
def test_effects_equal_r(name, link):
    got = average_marginal_effects(partial(name, link))
    expected = of(EFFECTS, name, link)
    assert len(got) == len(expected)
    merged = expected.merge(
        got.fillna({"category_id": ""}), on=["term", "category_id", "outcome_category"], suffixes=("_r", "")
    )
    assert len(merged) == len(expected)
    np.testing.assert_allclose(merged["effect"], merged["effect_r"], atol=1e-6, rtol=0)
    np.testing.assert_allclose(merged["std_error"], merged["std_error_r"], atol=1e-6, rtol=0)


@pytest.mark.parametrize(("name", "link"), CASES)
def test_likelihood_ratios_of_the_terms_that_are_not_free_equal_r(name, link):
    results = partial(name, link)
    tested = likelihood_ratio(results)
    tested = tested[tested["kind"] != "level"].fillna({"term": ""}).set_index("term")
    expected = of(TESTS, name, link).set_index("term")
    assert set(tested.index) == set(expected.index)
    tested = tested.loc[expected.index]
    np.testing.assert_allclose(tested["chi2"], expected["lrt"], atol=1e-6, rtol=0)
    assert list(tested["df"]) == list(expected["df"])
    # The score test is its neighbour: of the same terms, and of about the same size.
    score = score_test(results)
    score = score[score["kind"] != "level"].fillna({"term": ""}).set_index("term").loc[expected.index]
    np.testing.assert_allclose(score["chi2"], expected["lrt"], rtol=0.3, atol=0.3)


@pytest.mark.parametrize("name", ["beps", "housing"])
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_errors_equal_numerical_differentiation(name, link):
    results = partial(name, link)

    def moved(theta):
        model = FittedPartial.at_maximum(results.partial, theta, results.covariance)
        return SimpleNamespace(fitted_partial=model)

    for figure, of_results in (
        ("effect", average_marginal_effects),
        ("probability", predictions_by_term),
    ):
        gradient = approx_fprime(
            results.params,
            lambda theta, f=of_results, figure=figure: f(moved(theta))[figure].to_numpy(),
            centered=True,
        )
        numerical = np.sqrt(np.einsum("ij,jk,ik->i", gradient, results.covariance, gradient))
        np.testing.assert_allclose(of_results(results)["std_error"], numerical, rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_without_free_terms_all_is_as_in_the_model_itself(link):
    results, columns = fitted("housing", link)
    nominal = fit_nominal(results, [], columns)
    close = {"rtol": 1e-6, "atol": 1e-9}
    pd.testing.assert_frame_equal(
        average_marginal_effects(nominal), average_marginal_effects(results, columns), **close
    )
    pd.testing.assert_frame_equal(
        predictions_by_term(nominal), predictions_by_term(results, columns), **close
    )
    for test in (likelihood_ratio, score_test):
        pd.testing.assert_frame_equal(test(nominal), test(results, columns), **close)
    for name in ("nobs", "llf", "llnull", "llr", "llr_pvalue", "prsquared", "aic", "bic"):
        assert getattr(nominal, name) == pytest.approx(getattr(results, name), rel=1e-9)
    np.testing.assert_allclose(nominal.bse, results.bse, rtol=1e-6)
    np.testing.assert_allclose(nominal.cut_points, results.cut_points, rtol=1e-6)


@pytest.mark.parametrize(("name", "link"), CASES)
def test_predictions_agree_with_effects_and_sum_to_one(name, link):
    results = partial(name, link)
    got = predictions_by_term(results).fillna({"category_id": "", "reference_category": "", "value": 0})
    np.testing.assert_allclose(got.groupby(["term", "category_id", "value"])["probability"].sum(), 1)
    probability = got.set_index(["term", "category_id", "outcome_category"])["probability"]
    discrete = average_marginal_effects(results).query("kind == 'discrete'")
    assert len(discrete)
    for row in discrete.to_dict("records"):
        level, reference = (
            probability[row["term"], row[column], row["outcome_category"]]
            for column in ("category_id", "reference_category")
        )
        assert level - reference == pytest.approx(row["effect"], abs=1e-12)
    assert (got["ci_low"] < got["probability"]).all() and (got["probability"] < got["ci_high"]).all()


def test_the_values_are_whole_numbers_of_the_range_and_all_levels():
    results, columns = reference_fit("wvs")
    ages = np.asarray(results.model.exog)[:, [column.term for column in columns].index("age")]
    got = predictions_by_term(results, columns, levels=["little", "right", "much"])
    of_age = got[got["term"] == "age"]
    assert sorted(set(of_age["value"])) == list(range(int(ages.min()), int(ages.max()) + 1))
    assert of_age["category_id"].isna().all()
    country = got[got["term"] == "country"]
    assert list(country["category_id"][::3]) == ["Australia", "Norway", "Sweden", "USA"]
    assert set(country["reference_category"]) == {"Australia"} and country["value"].isna().all()
    assert list(got["outcome_category"][:3]) == ["little", "right", "much"]
    alone = predicted_probabilities(results, {"country": "Sweden"}, columns)
    np.testing.assert_array_equal(
        country[country["category_id"] == "Sweden"]["probability"], alone["probability"]
    )


def test_free_terms_are_not_tested_and_brants_test_says_why_it_is_absent():
    results = partial("housing", "logit")
    tested = brant(results)
    assert set(tested["term"].dropna()) == {"Infl", "Cont"} == set(score_test(results)["term"].dropna())
    assert tested["chi2"].isna().all() and tested["problem"].str.contains("binary models").all()
    columns = list(results.fitted.columns)
    everything = fit_nominal(reference_fit("housing")[0], ["Infl", "Type", "Cont"], columns)
    assert likelihood_ratio(everything).empty and score_test(everything).empty


def test_other_columns_than_were_fitted_are_refused():
    results = partial("housing", "logit")
    columns = list(results.fitted.columns)
    assert len(average_marginal_effects(results, columns, levels=range(3)))
    with pytest.raises(RegressionError, match="was fitted with other columns or levels"):
        average_marginal_effects(results, columns[::-1])
    with pytest.raises(RegressionError, match="was fitted with other columns or levels"):
        predictions_by_term(results, levels=["a", "b", "c"])
