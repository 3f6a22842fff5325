"""Predicted probabilities against R, their intervals, and what cannot be predicted."""

import numpy as np
import pandas as pd
import pytest
from inference_data import altered, fit, parameters, reference_fit
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.prediction import predicted_probabilities
from regression_data import FIXTURES
from statsmodels.tools.numdiff import approx_fprime


def scenario_of(text: str) -> dict:
    pairs = (pair.split("=") for pair in text.split(" "))
    return {term: float(value) if value.isdigit() else value for term, value in pairs}


@pytest.mark.parametrize(("name", "link"), [("wvs", "logit"), ("wvs", "probit"), ("housing", "logit")])
def test_probabilities_errors_and_intervals_equal_r(name, link):
    rows = pd.read_csv(FIXTURES / "probabilities.csv")
    results, columns = reference_fit(name, link)
    for (others, at), expected in rows[rows["data"].eq(name) & rows["link"].eq(link)].groupby(
        ["others", "at"]
    ):
        # Where every term is given the others' treatment does not matter; clm gives an interval.
        treatments = ("observed", "mean") if others == "given" else (others,)
        for treatment in treatments:
            got = predicted_probabilities(results, scenario_of(at), columns, others=treatment)
            np.testing.assert_allclose(got["probability"], expected["probability"], rtol=1e-7)
            np.testing.assert_allclose(got["std_error"], expected["std_error"], rtol=1e-5)
            if others == "given":
                np.testing.assert_allclose(got["ci_low"], expected["ci_low"], rtol=1e-5)
                np.testing.assert_allclose(got["ci_high"], expected["ci_high"], rtol=1e-5)


@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("others", ["observed", "mean"])
def test_standard_errors_equal_numerical_differentiation(link, others):
    results, columns = reference_fit("housing", link)

    def probability(theta):
        return predicted_probabilities(altered(results, theta), {"Type": "Atrium"}, columns, others=others)[
            "probability"
        ].to_numpy()

    gradient = approx_fprime(parameters(results), probability, centered=True)
    numerical = np.sqrt(np.einsum("ij,jk,ik->i", gradient, results.covariance, gradient))
    got = predicted_probabilities(results, {"Type": "Atrium"}, columns, others=others)
    np.testing.assert_allclose(got["std_error"], numerical, rtol=1e-6)


def test_nothing_fixed_gives_the_observed_shares_of_a_binary_logit():
    rng = np.random.default_rng(4)
    matrix, weights = rng.normal(size=(200, 2)), rng.integers(1, 5, 200).astype(float)
    outcome = (matrix[:, 0] + rng.logistic(size=200) > 0.3).astype(int)
    got = predicted_probabilities(
        fit(outcome, matrix, weights=weights), {}, [MatrixColumn("x"), MatrixColumn("z")]
    )
    observed = np.bincount(outcome, weights) / weights.sum()
    np.testing.assert_allclose(got["probability"], observed, rtol=1e-10)
    assert (got["at"] == "").all()


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_intervals_stay_inside_and_probabilities_sum_to_one(link):
    results, columns = reference_fit("wvs", link)
    results = altered(results, covariance=400 * results.covariance)
    ages = [{"age": age} for age in (-900, 0, 18, 100, 900)]
    got = predicted_probabilities(results, ages, columns, others="mean")
    assert (got["ci_low"].dropna() >= 0).all() and (got["ci_high"].dropna() <= 1).all()
    total = got.groupby("scenario")["probability"].sum()
    np.testing.assert_allclose(total, 1.0, atol=1e-14)
    inside = got.dropna()
    assert (inside["ci_low"] <= inside["probability"]).all()
    assert (inside["probability"] <= inside["ci_high"]).all()
    assert got[got["scenario"].between(2, 4)].notna().all(axis=None)


def test_the_upper_interval_of_a_near_certain_category_keeps_its_digits():
    """P = 1 - 1e-18 is 1 in floating point; its interval mirrors that of the other category."""
    results = fit(np.array([0, 1, 0, 1, 1, 0, 1, 1]), np.arange(8.0)[:, None] % 5)
    results = altered(results, np.array([1.0, 0.0]))
    got = predicted_probabilities(results, {"x": 41.5}, [MatrixColumn("x")])
    assert got["probability"][0] == pytest.approx(np.exp(-41.5), rel=1e-10, abs=0)
    assert got["ci_low"][0] < got["probability"][0] < got["ci_high"][0]
    assert got["ci_low"][1] == pytest.approx(1 - got["ci_high"][0])


@pytest.mark.parametrize("x", [-60.0, 60.0])
def test_a_middle_category_keeps_its_digits_in_both_tails(x):
    outcome = np.array([0, 1, 2, 1, 2, 0, 1, 2])
    results = altered(fit(outcome, np.arange(8.0)[:, None] % 5), np.array([1.0, -0.5, 0.5]))
    got = predicted_probabilities(results, {"x": x}, [MatrixColumn("x")])
    assert got["probability"][1] == pytest.approx(np.exp(-59.5) - np.exp(-60.5), rel=1e-10, abs=0)


def test_a_probability_of_zero_has_no_interval():
    results = fit(np.array([0, 1, 0, 1, 1, 0, 1, 1]), np.arange(8.0)[:, None] % 5)
    results = altered(results, np.array([1.0, 0.0]))
    got = predicted_probabilities(results, {"x": 1e4}, [MatrixColumn("x")])
    assert list(got["probability"]) == [0.0, 1.0]
    assert got[["ci_low", "ci_high"]].isna().all(axis=None)


def test_scenarios_are_numbered_and_described():
    results, columns = reference_fit("housing")
    got = predicted_probabilities(
        results,
        [{"Infl": "High", "Cont": "Low"}, {"Type": "Tower"}],
        columns,
        levels=["Low", "Medium", "High"],
    )
    assert list(got["scenario"]) == [1, 1, 1, 2, 2, 2]
    assert list(got["at"]) == ["Infl=High, Cont=Low"] * 3 + ["Type=Tower"] * 3
    assert list(got["outcome_category"]) == ["Low", "Medium", "High"] * 2


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        (
            {"colour": 1},
            "term colour: not a term of the model; its terms are religion, degree, country, age, gender",
        ),
        (
            {"country": "Japan"},
            (
                "term country, level Japan: not a level of the term; its levels are "
                "Australia, Norway, Sweden, USA"
            ),
        ),
        ({"age": "old"}, "term age: the value 'old' of a numeric term is not a number"),
        ({"age": float("nan")}, "term age: the value nan of a numeric term is not a number"),
    ],
)
def test_what_cannot_be_predicted_is_refused(scenario, message):
    results, columns = reference_fit("wvs")
    with pytest.raises(RegressionError, match=message):
        predicted_probabilities(results, scenario, columns)


def test_an_unknown_treatment_of_the_others_is_refused():
    results, columns = reference_fit("housing")
    with pytest.raises(ValueError, match="others is 'median'; write observed or mean"):
        predicted_probabilities(results, {}, columns, others="median")
