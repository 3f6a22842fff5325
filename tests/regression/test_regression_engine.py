"""The likelihood, Newton's method, and the model class against R and statsmodels."""

import warnings

import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import OrdinalModel, RegressionError, newton
from kjpoll.ordinal.likelihood import Likelihood
from kjpoll.ordinal.newton import NotConverged, maximise
from ordinal_data import beps, sample
from regression_data import FIXTURES
from statsmodels.discrete.discrete_model import Logit, Probit
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.tools.numdiff import approx_fprime

LINKS = ["logit", "probit"]


@pytest.fixture(scope="module")
def fitted():
    outcome, matrix, _ = beps()
    return OrdinalModel(outcome, matrix).fit()


@pytest.fixture(params=LINKS)
def likelihood(request):
    outcome, matrix = sample()
    weights = np.random.default_rng(5).uniform(0, 3, len(outcome))
    return Likelihood(outcome, matrix + [20, 0, -5], weights, request.param, 4)


def test_derivatives_equal_finite_differences(likelihood):
    at = maximise(likelihood).theta + 0.01
    at[3:] += 20 * 0.01
    gradient = likelihood.gradient(at)
    np.testing.assert_allclose(
        gradient, approx_fprime(at, likelihood.value, centered=True), rtol=1e-5, atol=1e-4
    )
    numerical = approx_fprime(at, likelihood.gradient, centered=True)
    np.testing.assert_allclose(
        likelihood.hessian(at), numerical, rtol=1e-5, atol=1e-6 * np.abs(numerical).max()
    )


def test_rows_add_up(likelihood):
    at = likelihood.start()
    assert likelihood.weights @ likelihood.values(at) == pytest.approx(likelihood.value(at))
    np.testing.assert_allclose(
        likelihood.weights @ likelihood.scores(at), likelihood.gradient(at), rtol=1e-9, atol=1e-9
    )


def test_sums_run_over_more_than_one_block():
    """20,000 rows are several blocks per category; statsmodels sums them in one."""
    outcome, matrix = sample(20_000)
    ours = OrdinalModel(outcome, matrix)
    theirs = OrderedModel(outcome, matrix, distr="logit")
    at = np.array([0.3, -0.5, 0.2, -0.5, 0.7, 2.0])
    internal = np.concatenate((at[:4], np.log(np.diff(at[3:]))))
    assert ours.loglike(at) == pytest.approx(theirs.loglike(internal), rel=1e-12)
    np.testing.assert_allclose(ours.loglikeobs(at), theirs.loglikeobs(internal), rtol=1e-9)


def test_start_is_the_maximum_without_covariates(likelihood):
    gradient = likelihood.gradient(likelihood.start())
    assert np.abs(gradient[3:]).max() < 1e-9 < np.abs(gradient[:3]).max()


def test_cut_points_out_of_order_are_impossible(likelihood):
    at = likelihood.start()
    at[3:] = at[3:][::-1]
    assert likelihood.value(at) == -np.inf
    with pytest.raises(ValueError, match="must ascend"):
        maximise(likelihood, at)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_extreme_linear_predictors_keep_their_digits(side):
    """Far out the plain difference of two distribution values would be zero."""
    cuts = np.sort(side * np.array([0.0, 1.0]))
    at = np.concatenate(([-side], cuts))
    one = Likelihood(np.array([1]), np.array([[60.0]]), None, "logit", 3)
    # F(61) - F(60) = exp(-60) - exp(-61), to machine precision; and its mirror image.
    assert one.value(at) == pytest.approx(-60 + np.log(1 - np.exp(-1.0)), rel=1e-12)
    assert np.isfinite(one.gradient(at)).all() and np.isfinite(one.hessian(at)).all()


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_extreme_normal_probabilities_keep_their_digits(side):
    cuts = np.sort(side * np.array([0.0, 1.0]))
    at = np.concatenate(([-side], cuts))
    one = Likelihood(np.array([1]), np.array([[45.0]]), None, "probit", 3)
    # log of the upper tail at 45, Abramowitz and Stegun 26.2.12; the tail at 46 adds nothing.
    series = 1 - 1 / 45**2 + 3 / 45**4 - 15 / 45**6
    expected = -(45**2) / 2 - np.log(45 * np.sqrt(2 * np.pi)) + np.log(series)
    assert one.value(at) == pytest.approx(expected, rel=1e-12)
    assert np.isfinite(one.hessian(at)).all()


def test_the_fit_is_the_maximum(likelihood):
    best = maximise(likelihood)
    assert best.gradient_norm < 1e-6
    rng = np.random.default_rng(3)
    error = np.sqrt(np.diag(best.covariance))
    for _ in range(50):
        elsewhere = best.theta + rng.normal(scale=0.1, size=len(error)) * error
        assert likelihood.value(elsewhere) < best.value


@pytest.mark.parametrize(
    "start",
    [[0.2, 3.0, -3.0, 10.0, 11.0, 35.0], [0.0, 0.0, 0.0, -30.0, 0.0, 30.0], [0.0, 0.0, 0.0, 8.0, 9.0, 10.0]],
)  # the last: whole steps lower the logit's likelihood
def test_a_far_start_leads_to_the_same_maximum(likelihood, start):
    best, far = maximise(likelihood), maximise(likelihood, np.array(start))
    np.testing.assert_allclose(far.theta, best.theta, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(far.covariance, best.covariance, rtol=1e-6, atol=1e-9)


def test_estimates_and_errors_equal_clm(fitted):
    clm = pd.read_csv(FIXTURES / "beps_coef.csv")
    np.testing.assert_allclose(fitted.params, clm["clm_est"], rtol=0, atol=1e-6)
    np.testing.assert_allclose(fitted.bse, clm["clm_se"], rtol=0, atol=1e-5)
    assert fitted.llf == pytest.approx(-1848.425795763, abs=1e-8)


@pytest.mark.parametrize(("link", "binary"), [("logit", Logit), ("probit", Probit)])
def test_two_categories_are_the_binary_model(link, binary):
    outcome, matrix = sample(k=2)
    ours = OrdinalModel(outcome, matrix, link=link).fit()
    theirs = binary(outcome, np.column_stack((matrix, np.ones(len(matrix))))).fit(disp=0, tol=1e-12)
    signs = np.array([1, 1, 1, -1])
    np.testing.assert_allclose(ours.params, signs * theirs.params, rtol=1e-7)
    np.testing.assert_allclose(ours.bse, theirs.bse, rtol=1e-6)
    assert ours.llf == pytest.approx(theirs.llf) and ours.llnull == pytest.approx(theirs.llnull)
    assert ours.prsquared == pytest.approx(theirs.prsquared)
    assert ours.llr_pvalue == pytest.approx(theirs.llr_pvalue)


def test_statsmodels_interface(fitted):
    _, matrix, _ = beps()
    names = [*matrix.columns, "cut1", "cut2", "cut3", "cut4"]
    assert list(fitted.params.index) == names == list(fitted.cov_params().columns)
    np.testing.assert_allclose(fitted.tvalues, fitted.params / fitted.bse)
    low = fitted.params - 1.959963984540054 * fitted.bse
    np.testing.assert_allclose(fitted.conf_int()[0], low)
    assert fitted.pvalues["Blair"] < 1e-20 and fitted.pvalues["age"] > 0.4
    assert fitted.t_test("Blair = 0").tvalue.item() == pytest.approx(fitted.tvalues["Blair"])
    wald = fitted.wald_test(np.eye(10)[:6], scalar=True)
    assert wald.statistic == pytest.approx(fitted.wald_chi2)
    assert wald.pvalue == pytest.approx(fitted.wald_pvalue)
    assert (fitted.nobs, fitted.df_model, fitted.df_resid) == (1525, 6, 1515)
    assert fitted.aic == pytest.approx(3716.851592, abs=1e-6)  # R's clm
    assert fitted.bic == pytest.approx(10 * np.log(1525) - 2 * fitted.llf)
    assert fitted.llr == pytest.approx(2 * (fitted.llf - fitted.llnull))
    assert (fitted.vce, fitted.link, fitted.converged, fitted.k_levels) == ("oim", "logit", True, 5)
    assert fitted.gradient_norm < 1e-8 and 3 <= fitted.iterations <= 10
    np.testing.assert_array_equal(np.r_[fitted.coefficients, fitted.cut_points], fitted.params)
    np.testing.assert_array_equal(fitted.covariance, fitted.cov_params())


def test_predictions_are_the_model_s_probabilities(fitted):
    _, matrix, _ = beps()
    new = matrix.iloc[[5, 70, 900]]
    predicted = fitted.predict(new)
    assert list(predicted.index) == [5, 70, 900]
    linear = new.to_numpy() @ fitted.coefficients
    cumulative = 1 / (1 + np.exp(linear[:, None] - fitted.cut_points))
    np.testing.assert_allclose(fitted.predict(new, which="cumprob").iloc[:, :4], cumulative)
    np.testing.assert_allclose(
        predicted, np.diff(np.column_stack((np.zeros(3), cumulative, np.ones(3))), axis=1)
    )
    np.testing.assert_allclose(fitted.predict(new, which="linpred"), linear)
    everyone = fitted.predict()
    assert everyone.shape == (1525, 5)
    np.testing.assert_allclose(everyone[[5, 70, 900]], predicted)


def test_extreme_predictions_keep_their_digits():
    fitted = OrdinalModel(*sample()).fit()
    b, cuts = fitted.coefficients[2], fitted.cut_points
    far = fitted.predict(np.array([[0.0, 0.0, -60 / b], [0.0, 0.0, 60 / b]]))
    np.testing.assert_allclose(far[0, 2], np.exp(-60) * (np.exp(-cuts[1]) - np.exp(-cuts[2])))
    np.testing.assert_allclose(far[1, 2], np.exp(-60) * (np.exp(cuts[2]) - np.exp(cuts[1])))


def test_rows_without_weight_are_not_there():
    """Neither as the one row in which a column moves, nor in the estimates."""
    outcome, matrix = sample()
    kept = np.arange(300) != 7
    single = np.column_stack((matrix, ~kept))
    with pytest.raises(RegressionError, match="term x4: constant: all 299"):
        OrdinalModel(outcome, single, freq_weights=kept).fit()
    matrix[7] = 1e4
    weighted = OrdinalModel(outcome, matrix, freq_weights=kept).fit()
    left_out = OrdinalModel(outcome[kept], matrix[kept]).fit()
    np.testing.assert_allclose(weighted.params, left_out.params, rtol=1e-9)
    np.testing.assert_allclose(weighted.bse, left_out.bse, rtol=1e-9)


def test_summary_says_what_was_fitted(fitted):
    text = str(fitted.summary())
    assert "Link logit; covariance oim" in text and "LR chi2(6) 212.73" in text
    assert "pseudo R2 0.0544" in text and "cut4" in text and "0/1" not in text
    outcome, matrix, frame = beps()
    weighted = OrdinalModel(outcome, matrix, sampling_weights=frame["pw"], link="probit").fit()
    text = str(weighted.summary())
    assert "Link probit; covariance robust; sampling weights" in text and "Wald chi2(6)" in text


def test_odds_ratios(fitted):
    table = fitted.odds_ratios(alpha=0.1)
    assert list(table.index) == list(fitted.params.index[:6])
    np.testing.assert_allclose(table["odds_ratio"], np.exp(fitted.params[:6]))
    np.testing.assert_allclose(table["std_error"], table["odds_ratio"] * fitted.bse[:6])
    np.testing.assert_allclose(table[["ci_low", "ci_high"]], np.exp(fitted.conf_int(0.1).iloc[:6]))
    with pytest.raises(ValueError, match="odds ratios need the logit link"):
        OrdinalModel(*sample(), link="probit").fit().odds_ratios()


def test_formula():
    outcome, _, frame = beps()
    data = frame.assign(econ=outcome)
    fitted = OrdinalModel.from_formula("econ ~ gender + age", data, link="probit").fit()
    plain = OrdinalModel(outcome, frame[["gendermale", "age"]], link="probit").fit()
    np.testing.assert_allclose(fitted.params, plain.params, rtol=1e-9)
    np.testing.assert_allclose(fitted.predict(data.head(4)), plain.predict()[:4], rtol=1e-9)
    assert fitted.params.index[0] == "gender[T.male]" and fitted.model.link == "probit"
    with pytest.raises(ValueError, match="econ is an unordered Categorical"):
        OrdinalModel.from_formula("econ ~ age", data.assign(econ=outcome.cat.as_unordered()))


def test_only_cut_points():
    outcome, _ = sample()
    fitted = OrdinalModel(outcome).fit()
    shares = np.bincount(outcome).cumsum()[:-1] / len(outcome)
    np.testing.assert_allclose(fitted.params, np.log(shares / (1 - shares)), rtol=1e-12, atol=1e-12)
    assert fitted.llf == pytest.approx(fitted.llnull)


@pytest.mark.parametrize("keyword", ["weights", "freq_weight", "distr", "offset", "method"])
def test_unknown_keywords_are_named(keyword):
    with pytest.raises(TypeError, match=f"no keyword {keyword}; .*freq_weights .*sampling_weights"):
        OrdinalModel(*sample(), **{keyword: np.ones(300)})


def test_unknown_link_and_vce():
    with pytest.raises(ValueError, match="'cloglog'; write logit or probit"):
        OrdinalModel(*sample(), link="cloglog")
    with pytest.raises(ValueError, match="'hc1'; write one of oim, robust, cluster, design"):
        OrdinalModel(*sample()).fit(vce="hc1")


@pytest.mark.parametrize("link", LINKS)
def test_separation_is_found_after_newton_gave_up(link):
    outcome, matrix = sample()
    matrix[:, 1] = outcome == 3
    frame = pd.DataFrame(matrix, columns=["a", "flag", "c"])
    with pytest.raises(NotConverged, match="did not converge"):
        maximise(Likelihood(outcome, matrix, None, link, 4))
    with pytest.raises(RegressionError, match="term flag: separated: flag predict") as caught:
        OrdinalModel(outcome, frame, link=link).fit()
    assert caught.value.term == "flag"


def test_designs_without_a_maximum_are_named():
    outcome, matrix = sample()
    frame = pd.DataFrame(matrix, columns=["a", "b", "c"])
    with pytest.raises(RegressionError, match="term a: constant: all 300"):
        OrdinalModel(outcome, frame.assign(a=7.0)).fit()
    with pytest.raises(RegressionError, match="term d: collinear: d is determined by a, c;"):
        OrdinalModel(outcome, frame.assign(d=3 * frame["a"] - 0.1 * frame["c"] + 5)).fit()
    with pytest.raises(RegressionError, match="fewer than two outcome categories"):
        OrdinalModel(np.ones(300), frame)
    declared = pd.Series(pd.Categorical(outcome, [0, 1, 9, 2, 3], ordered=True), name="mood")
    with pytest.raises(RegressionError, match="term mood, level 9: .*without observations"):
        OrdinalModel(declared, frame)
    # A category that only rows without weight are in has no cut point either.
    with pytest.raises(RegressionError, match="level 3: .*without observations"):
        OrdinalModel(outcome, frame, freq_weights=(outcome < 3) * 2)


def test_too_few_steps_are_an_error(monkeypatch):
    monkeypatch.setattr(newton, "MAX_STEPS", 2)
    with pytest.raises(NotConverged, match="model y: did not converge: largest gradient .* 2 New"):
        OrdinalModel(*sample()).fit()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_missing_and_infinite_values_are_named(value):
    outcome, matrix = sample()
    matrix[[5, 9], 1] = value
    frame = pd.DataFrame(matrix, columns=["a", "b", "c"])
    with pytest.raises(ValueError, match="column b has a missing or infinite value in row 5; leave"):
        OrdinalModel(outcome, frame)
    with pytest.raises(ValueError, match="column x2 has a missing or infinite value in row 5"):
        OrdinalModel(outcome, matrix)
    with pytest.raises(ValueError, match="column x1 has"):
        OrdinalModel(outcome, matrix[:, 1])
    mood = pd.Series(outcome.astype(float), name="mood")
    mood[7] = value
    with pytest.raises(ValueError, match="the outcome mood has a missing or infinite value in row 7"):
        OrdinalModel(mood, frame[["a", "c"]])
    with pytest.raises(ValueError, match="the outcome y has a missing or infinite value in row 7"):
        OrdinalModel(mood.to_numpy(), frame[["a", "c"]])


def test_missing_values_of_other_types_are_named():
    outcome, matrix = sample()
    frame = pd.DataFrame(matrix, columns=["a", "b", "c"]).astype({"a": "Int64"})
    OrdinalModel(outcome, frame).fit()
    frame.loc[3, "a"] = pd.NA
    with pytest.raises(ValueError, match="column a has a missing .* row 3"):
        OrdinalModel(outcome, frame)
    mood = pd.Series(pd.Categorical.from_codes(outcome, list("wxyz"), ordered=True), name="mood")
    mood[4] = None
    with pytest.raises(ValueError, match="the outcome mood has a missing .* row 4"):
        OrdinalModel(mood, matrix)


def test_a_formula_leaves_out_missing_values_but_no_infinite_ones():
    outcome, matrix = sample()
    data = pd.DataFrame(matrix, columns=["a", "b", "c"]).assign(y=outcome)
    data.loc[5, "a"] = np.nan
    fitted = OrdinalModel.from_formula("y ~ a + c", data).fit()
    plain = OrdinalModel(np.delete(outcome, 5), np.delete(matrix[:, [0, 2]], 5, axis=0)).fit()
    assert fitted.nobs == 299
    np.testing.assert_allclose(fitted.params, plain.params, rtol=1e-9)
    data.loc[8, "c"] = np.inf
    with pytest.raises(ValueError, match="column c has a missing or infinite value"):
        OrdinalModel.from_formula("y ~ a + c", data)


def test_scales_and_places_far_from_one():
    """A year, a large number around a million and one around 1e-8 lose no digit that matters."""
    outcome, matrix = sample()
    plain = OrdinalModel(outcome, matrix).fit()
    moved = OrdinalModel(outcome, matrix * [1, 1e6, 1e-8] + [2018, 1e6, 0]).fit()
    np.testing.assert_allclose(moved.coefficients * [1, 1e6, 1e-8], plain.coefficients, rtol=1e-7)
    np.testing.assert_allclose(moved.bse[:3] * [1, 1e6, 1e-8], plain.bse[:3], rtol=1e-7)


def test_no_rows_is_an_error_that_says_so():
    with warnings.catch_warnings(), pytest.raises(RegressionError, match="no rows: there is nothing to fit"):
        warnings.simplefilter("ignore")  # numpy's, on the mean of nothing
        OrdinalModel(np.array([], dtype=int), np.empty((0, 2)))
