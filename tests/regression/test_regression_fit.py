"""Estimates and standard errors against R, statsmodels' own parametrisation, and differences."""

import numpy as np
import pandas as pd
import pytest
from kjpoll.regression.design import build_design
from kjpoll.regression.fit import fit_design
from kjpoll.regression.specification_rows import read_specifications
from kjpoll.regression.stage import questions_of
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
from statsmodels.tools.numdiff import approx_hess

from tests.support.long_answers import LongAnswers, fit_models


def wvs() -> tuple[pd.DataFrame, dict, tuple]:
    wide = pd.read_csv(FIXTURES / "wvs.csv")
    outcome = ["Too Little", "About Right", "Too Much"]
    wide["poverty"] = [outcome.index(value) + 1 for value in wide["poverty"]]
    levels = {
        "religion": ["no", "yes"],
        "degree": ["no", "yes"],
        "gender": ["female", "male"],
        "country": ["Australia", "Norway", "Sweden", "USA"],
    }
    terms = [
        ("religion", "categorical", "no", "missing"),
        ("degree", "categorical", "no", "missing"),
        ("country", "categorical", "Australia", "missing"),
        numeric("age"),
        ("gender", "categorical", "female", "missing"),
    ]
    return wide, levels, specification(*terms, outcome="poverty")


def housing() -> tuple[pd.DataFrame, dict, tuple]:
    cells = pd.read_csv(FIXTURES / "housing.csv")
    wide = cells.loc[cells.index.repeat(cells["Freq"])].drop(columns="Freq")
    wide["Sat"] = [["Low", "Medium", "High"].index(value) + 1 for value in wide["Sat"]]
    levels = {
        "Infl": ["Low", "Medium", "High"],
        "Cont": ["Low", "High"],
        "Type": ["Tower", "Apartment", "Atrium", "Terrace"],
    }
    terms = [
        ("Infl", "categorical", "Low", "missing"),
        ("Type", "categorical", "Tower", "missing"),
        ("Cont", "categorical", "Low", "missing"),
    ]
    return wide, levels, specification(*terms, outcome="Sat")


@pytest.mark.parametrize(
    ("data", "name", "log_likelihood"),
    [(wvs, "wvs", -5201.2961785991), (housing, "housing", -1739.5746495295)],
)
def test_estimates_and_standard_errors_equal_clm(data, name, log_likelihood):
    wide, levels, seeds = data()
    fitted = fit_models(*seeds, long_answers(wide.astype(object), levels))
    clm = pd.read_csv(FIXTURES / f"{name}_coef.csv")
    ours = [
        t if kind == "cut_point" else t + (c if isinstance(c, str) else "")
        for kind, t, c in zip(fitted["kind"], fitted["term"], fitted["category_id"])
    ]
    assert ours[:-2] == list(clm["term"][:-2])
    assert np.abs(fitted["estimate"] - clm["clm_est"]).max() < 1e-6
    assert np.abs(fitted["std_error"] - clm["clm_se"]).max() < 1e-5
    assert fitted["log_likelihood"][0] == pytest.approx(log_likelihood, abs=1e-7)


@pytest.fixture(scope="module")
def example():
    (spec,) = read_specifications(*specification(*SIMULATED_TERMS))
    answers = LongAnswers(long_answers(simulated(), GROUP_LEVELS), questions_of([spec]))
    design = build_design(spec, answers)
    return design, fit_design(spec, design)


def test_standard_errors_equal_the_delta_method_on_statsmodels_parameters(example):
    """From statsmodels' own likelihood: cut_j = first + sum of exp(log increments)."""
    design, fit = example
    people = np.repeat(np.arange(len(design.outcome)), design.frequency.astype(int))
    assert len(people) == 400
    model = OrderedModel(design.outcome[people], design.matrix[people], distr="logit")
    cuts, p = fit.cut_points, len(fit.coefficients)
    internal = np.concatenate((fit.coefficients, cuts[:1], np.log(np.diff(cuts))))
    assert model.loglike(internal) == pytest.approx(fit.llf, abs=1e-9)

    jacobian = np.eye(len(internal))
    jacobian[p:, p] = 1.0
    for j, increment in enumerate(np.diff(cuts), start=1):
        jacobian[p + j :, p + j] = increment
    covariance = np.linalg.inv(-approx_hess(internal, model.loglike))
    expected = np.sqrt(np.diag(jacobian @ covariance @ jacobian.T))
    np.testing.assert_allclose(fit.bse, expected, rtol=1e-5)
    # The covariance that statsmodels reports for the later cut points is of other quantities.
    assert np.abs(np.sqrt(np.diag(covariance))[p + 1 :] - fit.bse[p + 1 :].to_numpy()).min() > 1e-3
