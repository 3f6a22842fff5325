"""Average marginal effects against R, numerical differentiation, and their own arithmetic."""

import numpy as np
import pandas as pd
import pytest
from inference_data import altered, fit, parameters, reference_fit
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.brant import brant
from kjpoll.ordinal.effects import average_marginal_effects
from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.prediction import predicted_probabilities
from kjpoll.regression.design import build_design
from kjpoll.regression.specification_rows import read_specifications
from kjpoll.regression.stage import questions_of
from regression_data import FIXTURES, core_answers, published_specifications
from statsmodels.tools.numdiff import approx_fprime

from tests.support.long_answers import LongAnswers

CASES = [("wvs", "logit"), ("wvs", "probit"), ("beps", "logit"), ("housing", "logit")]


@pytest.mark.parametrize(("name", "link"), CASES)
def test_effects_and_standard_errors_equal_r(name, link):
    rows = pd.read_csv(FIXTURES / "effects.csv", keep_default_na=False)
    expected = rows[rows["data"].eq(name) & rows["link"].eq(link)]
    got = average_marginal_effects(*reference_fit(name, link))
    assert list(got["term"]) == list(expected["term"])
    assert list(got["category_id"].fillna("")) == list(expected["category_id"])
    assert list(got["outcome_category"]) == list(expected["outcome_category"])
    np.testing.assert_allclose(got["effect"], expected["effect"], rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(got["std_error"], expected["std_error"], rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("name", ["wvs", "housing"])
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_standard_errors_equal_numerical_differentiation(name, link):
    results, columns = reference_fit(name, link)
    rng = np.random.default_rng(3)
    size = len(parameters(results))
    root = rng.normal(size=(size, size))
    results = altered(results, parameters(results) + 0.01 * np.arange(size), root @ root.T / 100)

    def effect(theta):
        moved = average_marginal_effects(altered(results, theta), columns)
        return moved["effect"].to_numpy()

    gradient = approx_fprime(parameters(results), effect, centered=True)
    numerical = np.sqrt(np.einsum("ij,jk,ik->i", gradient, results.covariance, gradient))
    exact = average_marginal_effects(results, columns)["std_error"]
    np.testing.assert_allclose(exact, numerical, rtol=1e-6)


@pytest.mark.parametrize(("name", "link"), CASES)
def test_effects_sum_to_zero_over_the_outcome_categories(name, link):
    got = average_marginal_effects(*reference_fit(name, link))
    total = got.fillna({"category_id": ""}).groupby(["term", "category_id"])["effect"].sum()
    assert total.abs().max() < 1e-13


def test_derivative_is_the_slope_of_the_mean_probability():
    results, columns = reference_fit("beps")
    place = next(i for i, column in enumerate(columns) if column.term == "Blair")
    means = []
    for shift in (1e-4, -1e-4):
        exog = np.array(results.model.exog, dtype=float)
        exog[:, place] += shift
        means.append(predicted_probabilities(altered(results, exog=exog), {}, columns)["probability"])
    got = average_marginal_effects(results, columns).query("term == 'Blair'")
    np.testing.assert_allclose(got["effect"], (means[0] - means[1]) / 2e-4, rtol=1e-6)
    assert (got["kind"] == "derivative").all()


def test_discrete_change_is_the_difference_of_predictions():
    results, columns = reference_fit("wvs")
    got = average_marginal_effects(results, columns).query("category_id == 'Sweden'")
    at = predicted_probabilities(results, [{"country": "Sweden"}, {"country": "Australia"}], columns).pivot(
        index="scenario", columns="outcome_category", values="probability"
    )
    np.testing.assert_allclose(got["effect"], at.loc[1] - at.loc[2], atol=1e-14)
    assert (got["kind"] == "discrete").all()
    assert (got["reference_category"] == "Australia").all()


def test_frequencies_equal_replication():
    grouped, expanded = (
        average_marginal_effects(*reference_fit("housing", expanded=flag)) for flag in (False, True)
    )
    pd.testing.assert_frame_equal(grouped, expanded, rtol=1e-8, atol=1e-12)


def test_rows_without_weight_and_the_scale_of_weights_do_not_matter():
    results, columns = reference_fit("housing")
    plain = average_marginal_effects(results, columns)
    model = results.model
    changed = altered(
        results,
        exog=np.vstack((model.exog, 9.0 * np.ones((1, len(columns))))),
        endog=np.append(model.endog, 0),
        weights=np.append(3.0 * model.weights, 0.0),
    )
    pd.testing.assert_frame_equal(average_marginal_effects(changed, columns), plain)


def test_statistics_levels_and_intervals():
    results, columns = reference_fit("housing")
    got = average_marginal_effects(results, columns, levels=["Low", "Medium", "High"], confidence=0.9)
    assert list(got["outcome_category"][:3]) == ["Low", "Medium", "High"]
    np.testing.assert_allclose(got["statistic"], got["effect"] / got["std_error"])
    np.testing.assert_allclose(got["ci_high"] - got["ci_low"], 2 * 1.6448536269514722 * got["std_error"])
    assert got["p_value"].between(0, 1).all()


def test_columns_not_described_are_numeric_terms_under_their_own_names():
    results, columns = reference_fit("beps")
    named = pd.DataFrame(results.model.exog, columns=[column.name for column in columns])
    got = average_marginal_effects(fit(results.model.endog, named))
    described = average_marginal_effects(results, [MatrixColumn(name) for name in named.columns])
    pd.testing.assert_frame_equal(got, described, rtol=1e-8)


def test_a_model_without_terms_has_no_effects():
    with pytest.raises(RegressionError, match="has no terms"):
        average_marginal_effects(fit(np.array([0, 1, 2, 1]), None))


def test_the_ten_published_models_have_effects_tests_and_predictions():
    specifications = read_specifications(*published_specifications())
    answers = LongAnswers(pd.concat([core_answers("KOR"), core_answers("JPN")]), questions_of(specifications))
    designs = [build_design(spec, answers) for spec in specifications]
    assert len(designs) == 10
    untested = {}
    for design in designs:
        results = fit(design.outcome, design.matrix, weights=design.frequency)
        tested = brant(results, design.columns, levels=design.levels)
        untested[len(untested) + 1] = [*tested.loc[tested["problem"].notna(), "kind"]]
        effects = average_marginal_effects(results, design.columns, levels=design.levels)
        assert len(effects) == len(design.columns) * len(design.levels)
        assert (effects["std_error"] > 0).all()
        predicted = predicted_probabilities(results, {}, design.columns, levels=design.levels)
        np.testing.assert_allclose(predicted["probability"].sum(), 1)
    # Of those not sure of the treated water in Korea few answer between two cut points.
    found = {model: kinds for model, kinds in untested.items() if kinds}
    assert found == {3: ["overall", "term"], 4: ["overall"]}
