"""get_margeff against statsmodels' binary logit, R's effects, and differences of predictions."""

import numpy as np
import pandas as pd
import pytest
from inference_data import reference_fit
from kjpoll.ordinal import OrdinalModel
from kjpoll.ordinal.effects import average_marginal_effects
from ordinal_data import beps, sample
from statsmodels.discrete.discrete_model import Logit, MNLogit, Probit


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"at": "mean"},
        {"at": "median"},
        {"at": "zero"},
        {"dummy": True},
        {"at": "mean", "dummy": True},
        {"atexog": {0: 3.0}},
        {"at": "mean", "atexog": {2: -1.0}},
    ],
)
@pytest.mark.parametrize(("link", "binary"), [("logit", Logit), ("probit", Probit)])
def test_two_categories_are_statsmodels_binary_model(link, binary, asked):
    outcome, matrix = sample(k=2)
    # statsmodels' constant is the last column, which its effects leave out.
    theirs = binary(outcome, np.column_stack((matrix, np.ones(300)))).fit(disp=0, tol=1e-12)
    expected = theirs.get_margeff(**asked).summary_frame(0.1)
    got = OrdinalModel(outcome, matrix, link=link).fit().get_margeff(**asked)
    table = got.summary_frame(0.1)
    assert list(table.columns) == list(expected.columns) and list(table.index.names) == ["endog", "exog"]
    np.testing.assert_allclose(table.loc["y=1"], expected, rtol=1e-6, atol=1e-10)
    np.testing.assert_allclose(table.loc["y=0", "dy/dx"], -expected["dy/dx"], rtol=1e-6)


def test_the_form_is_that_of_statsmodels_multinomial_results():
    outcome, matrix = sample()
    got = OrdinalModel(outcome, matrix).fit().get_margeff()
    theirs = MNLogit(outcome, np.column_stack((matrix, np.ones(300)))).fit(disp=0).get_margeff()
    for name in ("margeff", "margeff_se", "tvalues", "pvalues"):
        assert getattr(got, name).shape == getattr(theirs, name).shape == (3, 4)
    assert got.conf_int(0.1).shape == theirs.conf_int(0.1).shape == (3, 2, 4)
    ours, frame = got.summary_frame(), theirs.summary_frame()
    pd.testing.assert_index_equal(ours.index, frame.index)
    pd.testing.assert_index_equal(ours.columns, frame.columns)
    np.testing.assert_array_equal(ours.loc[("y=2", "x3"), "dy/dx"], got.margeff[2, 2])


@pytest.mark.parametrize(("name", "link"), [("wvs", "probit"), ("beps", "logit"), ("housing", "logit")])
def test_overall_effects_are_the_average_marginal_effects(name, link):
    """Which are compared with R; housing has frequencies. Columns not described are numeric in both."""
    results, columns = reference_fit(name, link)
    got = results.get_margeff()
    expected = average_marginal_effects(results)
    np.testing.assert_array_equal(got.margeff.ravel(), expected["effect"])
    np.testing.assert_array_equal(got.margeff_se.ravel(), expected["std_error"])
    np.testing.assert_allclose(got.pvalues.ravel(), expected["p_value"], rtol=1e-12)
    # Terms of one indicator each are what `dummy` makes of them, with R's figures.
    one = {column.term for column in columns if column.category_id is not None}
    one = [term for term in one if sum(column.term == term for column in columns) == 1]
    described = average_marginal_effects(results, columns)
    for term in one:
        place = next(i for i, column in enumerate(columns) if column.term == term)
        rows = described[described["term"] == term]
        np.testing.assert_allclose(results.get_margeff(dummy=True).margeff[place], rows["effect"], atol=1e-14)


@pytest.mark.parametrize("at", ["overall", "mean", "median"])
def test_a_frequency_is_so_many_rows(at):
    outcome, matrix = sample()
    frequency = np.random.default_rng(2).integers(0, 4, 300)
    repeated = np.repeat(np.arange(300), frequency)
    short = OrdinalModel(outcome, matrix, freq_weights=frequency).fit().get_margeff(at, dummy=True)
    long = OrdinalModel(outcome[repeated], matrix[repeated]).fit().get_margeff(at, dummy=True)
    np.testing.assert_allclose(short.summary_frame(), long.summary_frame(), rtol=1e-7, atol=1e-10)


def test_the_median_of_an_even_number_is_the_middle_of_two():
    """With x of 0, 1, 3, 9 it is 2, for rows and for frequencies; effects at it are those at x = 2."""
    outcome, x = np.tile([0, 1, 1, 2, 2, 0, 1, 2], 4), np.tile([0.0, 1, 3, 9, 0, 1, 3, 9], 4)
    for frequency in (None, np.full(32, 3)):
        results = OrdinalModel(outcome, x, freq_weights=frequency).fit()
        at_two = results.get_margeff("zero", atexog={"x1": 2.0})
        np.testing.assert_allclose(results.get_margeff("median").margeff, at_two.margeff, rtol=1e-12)


def test_effects_go_by_the_covariance_in_use():
    outcome, matrix = sample()
    model = OrdinalModel(outcome, matrix)
    plain, robust = model.fit().get_margeff(), model.fit(cov_type="HC1").get_margeff()
    np.testing.assert_array_equal(plain.margeff, robust.margeff)
    assert (np.abs(plain.margeff_se / robust.margeff_se - 1) > 1e-4).all()


def test_the_summary_has_a_part_for_each_category():
    outcome, matrix, _ = beps()
    got = OrdinalModel(outcome, matrix).fit().get_margeff("mean")
    text = str(got.summary(0.1))
    assert text.count("dy/dx") == 6 and "at: mean" in text and "[0.05" in text
    assert all(f"econ={level}" in text for level in (1, 2, 3, 4, 5)) and text.count("Blair") == 5
    assert f"{got.margeff[4, 0]:.4f}" in text


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"at": "all"}, "at is 'all'; write overall, mean, median, zero"),
        ({"method": "eyex"}, "method is 'eyex'; only dydx"),
        ({"count": True}, "count is not supported"),
        ({"atexog": {"age": 3}}, "atexog names 'age'; the covariates are x1, x2, x3, or 0 to 2"),
        ({"atexog": {3: 1.0}}, "atexog names 3; the covariates are"),
    ],
)
def test_what_is_not_supported_is_refused(asked, message):
    with pytest.raises(ValueError, match=message):
        OrdinalModel(*sample()).fit().get_margeff(**asked)
