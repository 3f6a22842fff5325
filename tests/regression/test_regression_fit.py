"""Estimates and standard errors against R, statsmodels' own parametrisation, and differences."""

import numpy as np
import pandas as pd
import pytest
from regression_data import (
    FIXTURES,
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    numeric,
    simulated,
    specification,
)
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.tools.numdiff import approx_fprime, approx_hess

from python_models.regression import fit_models
from python_models.regression.design import Answers, build_design
from python_models.regression.fit import derivatives, fit_design
from python_models.regression.specification import read_specifications


def wvs() -> tuple[pd.DataFrame, dict, list]:
    wide = pd.read_csv(FIXTURES / "wvs.csv")
    outcome = ["Too Little", "About Right", "Too Much"]
    wide["poverty"] = [outcome.index(value) + 1 for value in wide["poverty"]]
    levels = {"religion": ["no", "yes"], "degree": ["no", "yes"], "gender": ["female", "male"],
              "country": ["Australia", "Norway", "Sweden", "USA"]}
    terms = [("religion", "categorical", "no", "missing"),
             ("degree", "categorical", "no", "missing"),
             ("country", "categorical", "Australia", "missing"), numeric("age"),
             ("gender", "categorical", "female", "missing")]
    return wide, levels, [specification(*terms, outcome="poverty")]


def housing() -> tuple[pd.DataFrame, dict, list]:
    cells = pd.read_csv(FIXTURES / "housing.csv")
    wide = cells.loc[cells.index.repeat(cells["Freq"])].drop(columns="Freq")
    wide["Sat"] = [["Low", "Medium", "High"].index(value) + 1 for value in wide["Sat"]]
    levels = {"Infl": ["Low", "Medium", "High"], "Cont": ["Low", "High"],
              "Type": ["Tower", "Apartment", "Atrium", "Terrace"]}
    terms = [("Infl", "categorical", "Low", "missing"),
             ("Type", "categorical", "Tower", "missing"),
             ("Cont", "categorical", "Low", "missing")]
    return wide, levels, [specification(*terms, outcome="Sat")]


@pytest.mark.parametrize(("data", "name", "log_likelihood"), [
    (wvs, "wvs", -5201.2961785991), (housing, "housing", -1739.5746495295)])
def test_estimates_and_standard_errors_equal_clm(data, name, log_likelihood):
    wide, levels, (spec,) = data()
    fitted = fit_models(spec, long_answers(wide.astype(object), levels))
    clm = pd.read_csv(FIXTURES / f"{name}_coef.csv")
    ours = [t if kind == "cut_point" else t + (c if isinstance(c, str) else "")
            for kind, t, c in zip(fitted["kind"], fitted["term"], fitted["category_id"])]
    assert ours[:-2] == list(clm["term"][:-2])
    assert np.abs(fitted["estimate"] - clm["clm_est"]).max() < 1e-6
    assert np.abs(fitted["std_error"] - clm["clm_se"]).max() < 1e-5
    assert fitted["log_likelihood"][0] == pytest.approx(log_likelihood, abs=1e-7)


@pytest.fixture(scope="module")
def example():
    spec, = read_specifications(specification(*SIMULATED_TERMS))
    design = build_design(spec, Answers(long_answers(simulated(), GROUP_LEVELS)))
    return design, fit_design(spec, design)


def test_derivatives_equal_finite_differences(example):
    design, fit = example
    at = np.concatenate((fit.coefficients, fit.cut_points)) + 0.05

    def value(params):
        return derivatives(params, design.outcome, design.matrix)[0]

    _, gradient, hessian = derivatives(at, design.outcome, design.matrix)
    np.testing.assert_allclose(gradient, approx_fprime(at, value, centered=True), rtol=1e-5)
    np.testing.assert_allclose(hessian, approx_hess(at, value), rtol=1e-3, atol=1e-2)


def test_standard_errors_equal_the_numerical_hessian_in_natural_parameters(example):
    design, fit = example
    at = np.concatenate((fit.coefficients, fit.cut_points))
    hessian = approx_hess(at, lambda p: derivatives(p, design.outcome, design.matrix)[0])
    np.testing.assert_allclose(fit.std_errors, np.sqrt(np.diag(np.linalg.inv(-hessian))),
                               rtol=1e-5)


def test_standard_errors_equal_the_delta_method_on_statsmodels_parameters(example):
    """From statsmodels' own likelihood: cut_j = first + sum of exp(log increments)."""
    design, fit = example
    model = OrderedModel(design.outcome, design.matrix, distr="logit")
    cuts, p = fit.cut_points, len(fit.coefficients)
    internal = np.concatenate((fit.coefficients, cuts[:1], np.log(np.diff(cuts))))
    assert model.loglike(internal) == pytest.approx(fit.log_likelihood, abs=1e-9)

    jacobian = np.eye(len(internal))
    jacobian[p:, p] = 1.0
    for j, increment in enumerate(np.diff(cuts), start=1):
        jacobian[p + j:, p + j] = increment
    covariance = np.linalg.inv(-approx_hess(internal, model.loglike))
    expected = np.sqrt(np.diag(jacobian @ covariance @ jacobian.T))
    np.testing.assert_allclose(fit.std_errors, expected, rtol=1e-5)
    # The covariance that statsmodels reports for the later cut points is of other quantities.
    assert np.abs(np.sqrt(np.diag(covariance))[p + 1:] - fit.std_errors[p + 1:]).min() > 1e-3


def test_the_fit_is_the_maximum(example):
    design, fit = example
    at = np.concatenate((fit.coefficients, fit.cut_points))
    rng = np.random.default_rng(3)
    for _ in range(50):
        elsewhere = at + rng.normal(scale=0.02, size=len(at))
        assert derivatives(elsewhere, design.outcome, design.matrix)[0] < fit.log_likelihood


def test_cut_points_out_of_order_are_impossible(example):
    design, fit = example
    at = np.concatenate((fit.coefficients, fit.cut_points[::-1]))
    assert derivatives(at, design.outcome, design.matrix)[0] == -np.inf


def test_extreme_linear_predictors_keep_their_digits():
    """Far in the right tail the plain difference of two distribution values would be zero."""
    value, gradient, _ = derivatives(np.array([-1.0, 0.0, 1.0]), np.array([1]),
                                     np.array([[60.0]]))
    # F(61) - F(60) = exp(-60) - exp(-61), to machine precision.
    assert value == pytest.approx(-60 + np.log(1 - np.exp(-1.0)), rel=1e-12)
    assert np.isfinite(gradient).all()
