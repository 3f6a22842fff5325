"""get_prediction against R, statsmodels, numerical differentiation and predicted_probabilities."""

import numpy as np
import pandas as pd
import pytest
from inference_data import parameters, reference_fit
from kjpoll.ordinal import OrdinalModel
from kjpoll.ordinal.prediction import predicted_probabilities
from ordinal_data import beps, sample
from regression_data import FIXTURES
from statsmodels.discrete.discrete_model import Logit
from statsmodels.tools.numdiff import approx_fprime


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_probabilities_errors_and_intervals_equal_clm(link):
    rows = pd.read_csv(FIXTURES / "probabilities.csv")
    expected = rows[rows["data"].eq("wvs") & rows["link"].eq(link) & rows["others"].eq("given")]
    assert expected["at"].unique() == ["religion=no degree=yes country=USA age=80 gender=male"]
    results, columns = reference_fit("wvs", link)
    person = {"degree=yes": 1.0, "country=USA": 1.0, "age": 80.0, "gender=male": 1.0}
    row = np.array([[person.get(column.name, 0.0) for column in columns]])
    got = results.get_prediction(row).summary_frame()
    np.testing.assert_allclose(got["predicted"], expected["probability"], rtol=1e-7)
    np.testing.assert_allclose(got["se"], expected["std_error"], rtol=1e-5)
    np.testing.assert_allclose(got["ci_lower"], expected["ci_low"], rtol=1e-5)
    np.testing.assert_allclose(got["ci_upper"], expected["ci_high"], rtol=1e-5)


@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("average", [False, True])
def test_errors_equal_numerical_differentiation(link, average):
    outcome, matrix = sample()
    results = OrdinalModel(outcome, matrix, link=link).fit(cov_type="HC1")
    rows, weights = matrix[[3, 50, 200]] + [0, 0, 2], np.array([1.0, 4.0, 2.0])

    def probabilities(theta):
        each = results.model.predict(theta, rows)
        return np.average(each, axis=0, weights=weights) if average else each.ravel()

    gradient = approx_fprime(parameters(results), probabilities, centered=True)
    numerical = np.sqrt(np.einsum("ij,jk,ik->i", gradient, results.covariance, gradient))
    got = results.get_prediction(rows, average=average, agg_weights=weights if average else None)
    np.testing.assert_allclose(got.predicted.ravel(), probabilities(parameters(results)), rtol=1e-12)
    np.testing.assert_allclose(got.se.ravel(), numerical, rtol=1e-6)


def test_two_categories_are_statsmodels_binary_logit():
    outcome, matrix = sample(k=2)
    design = np.column_stack((matrix, np.ones(300)))
    theirs = Logit(outcome, design).fit(disp=0, tol=1e-12).get_prediction(design).summary_frame(0.1)
    got = OrdinalModel(outcome, matrix).fit().get_prediction().summary_frame(0.1).xs(1, level="category")
    np.testing.assert_allclose(got, theirs, rtol=1e-6)


def test_rows_and_categories_are_named():
    outcome, matrix, frame = beps()
    results = OrdinalModel(outcome, matrix).fit()
    new = matrix.iloc[[5, 70, 5]]
    got = results.get_prediction(new)
    table = got.summary_frame()
    assert list(table.columns) == ["predicted", "se", "ci_lower", "ci_upper"]
    assert list(table.index) == [(row, level) for row in (5, 70, 5) for level in (1, 2, 3, 4, 5)]
    np.testing.assert_allclose(table["predicted"].to_numpy().reshape(3, 5), results.predict(new))
    assert got.conf_int(0.1).shape == (3, 5, 2)
    narrow = results.get_prediction(new).summary_frame(alpha=0.5)
    assert (narrow["ci_upper"] - narrow["ci_lower"] < table["ci_upper"] - table["ci_lower"]).all()
    assert list(results.get_prediction(new, row_labels=list("uvw")).row_labels) == ["u", "v", "w"]
    everybody = results.get_prediction()
    assert everybody.predicted.shape == (1525, 5) and list(everybody.row_labels) == list(matrix.index)
    named = OrdinalModel.from_formula("econ ~ gender + age", frame.assign(econ=outcome)).fit()
    one = named.get_prediction(frame.head(1)).summary_frame()
    np.testing.assert_allclose(one["predicted"], named.predict(frame.head(1)).iloc[0])


def test_the_mean_over_the_rows_is_that_of_observed_values():
    results, columns = reference_fit("beps")
    got = results.get_prediction(average=True).summary_frame(0.1)
    expected = predicted_probabilities(results, {}, columns, confidence=0.9)
    assert list(got.index) == [("mean", level) for level in range(5)]
    np.testing.assert_allclose(got, expected[["probability", "std_error", "ci_low", "ci_high"]], rtol=1e-12)


def test_missing_values_stay_missing():
    outcome, matrix = sample()
    frame = pd.DataFrame(matrix, columns=["a", "b", "c"]).astype({"a": "Int64"})
    results = OrdinalModel(outcome, frame).fit()
    frame.loc[1, "a"] = pd.NA
    table = results.get_prediction(frame.head(3)).summary_frame()
    assert table.loc[1].isna().all(axis=None) and table.drop(1).notna().all(axis=None)
    assert ((table["ci_lower"] < table["predicted"]) & (table["predicted"] < table["ci_upper"])).drop(1).all()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"which": "linpred"}, "which is 'linpred'; write mean or prob"),
        ({"exog": np.ones((2, 4))}, "exog has 4 columns, the model 3: x1, x2, x3"),
        ({"average": True, "agg_weights": [1, 2]}, "agg_weights must be 300 numbers with a positive sum"),
        (
            {"average": True, "agg_weights": np.zeros(300)},
            "agg_weights must be 300 numbers with a positive sum",
        ),
    ],
)
def test_what_cannot_be_predicted_is_refused(asked, message):
    with pytest.raises(ValueError, match=message):
        OrdinalModel(*sample()).fit().get_prediction(**asked)
