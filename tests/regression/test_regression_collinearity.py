"""Nearly collinear columns: named, refused where digits are lost, and no word about honest data."""

import warnings

import numpy as np
import pandas as pd
import pytest
from inference_data import DATA, reference_fit
from kjpoll.ordinal import OrdinalModel, RegressionError
from kjpoll.ordinal.collinearity import LOST, near_dependency
from kjpoll.ordinal.newton import NotConverged
from kjpoll.regression.design import build_design
from kjpoll.regression.fit import fit_design
from kjpoll.regression.specification_rows import read_specifications
from kjpoll.regression.stage import questions_of
from ordinal_data import beps, sample
from regression_data import core_answers, published_specifications
from statsmodels.tools.sm_exceptions import CollinearityWarning

from tests.support.long_answers import LongAnswers

N = 500


def nearly(distance: float, seed: int = 0) -> tuple[np.ndarray, pd.DataFrame]:
    """Columns a, b, c and d, which is a but for noise of the relative size `distance`."""
    outcome, matrix = sample(N, seed)
    frame = pd.DataFrame(matrix, columns=["a", "b", "c"])
    frame["d"] = frame["a"] + distance * np.random.default_rng(seed).normal(size=N)
    return outcome, frame


def from_svd(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Condition indices and variance proportions (column, singular value) as the book computes them, from the
    matrix and not from its correlations."""
    centred = frame.to_numpy(float) - frame.to_numpy(float).mean(axis=0)
    _, values, rotation = np.linalg.svd(centred / np.linalg.norm(centred, axis=0), full_matrices=False)
    parts = (rotation.T / values) ** 2
    return values[0] / values, parts / parts.sum(axis=1, keepdims=True)


def found(frame: pd.DataFrame):
    return near_dependency(np.corrcoef(frame.to_numpy(float), rowvar=False), list(frame.columns))


@pytest.mark.parametrize("seed", range(3))
def test_at_1e_4_the_fit_warns_and_is_accurate(seed):
    outcome, frame = nearly(1e-4, seed)
    with pytest.warns(
        CollinearityWarning, match=r"model y: nearly collinear: a, d \(condition index .*accurate"
    ):
        fitted = OrdinalModel(outcome, frame).fit()
    # The same model in a and the difference, which is computed exactly and is collinear with nothing.
    apart = frame.assign(d=(frame["d"] - frame["a"]) * 1e4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reference = OrdinalModel(outcome, apart).fit()
    back = np.eye(len(fitted.params))
    back[0, 3], back[3, 3] = -1e4, 1e4
    errors = np.sqrt(np.diag(back @ reference.covariance @ back.T))
    np.testing.assert_allclose(fitted.params, back @ reference.params, rtol=1e-8)
    np.testing.assert_allclose(fitted.bse, errors, rtol=LOST)


@pytest.mark.parametrize("distance", [1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-12, 0])
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_closer_columns_are_refused_by_name(distance, link):
    outcome, frame = nearly(distance)
    with pytest.raises(
        RegressionError, match="term d: (nearly collinear: a, d |collinear: d is determined by a;)"
    ):
        OrdinalModel(outcome, frame, link=link).fit()


def test_beyond_the_limit_digits_are_lost():
    """The covariance of the Hessian in a and d, at the maximum known from a and the difference, is off by more
    than LOST at 1e-6; at 1e-4 it is not."""
    for distance in (1e-4, 1e-6):
        outcome, frame = nearly(distance)
        difference = (frame["d"] - frame["a"]) / distance
        reference = OrdinalModel(outcome, frame.assign(d=difference)).fit()
        at = reference.params.to_numpy().copy()
        at[[0, 3]] = at[0] - at[3] / distance, at[3] / distance
        likelihood = OrdinalModel(outcome, frame).likelihood
        hessian = likelihood.derivatives(likelihood.to_internal @ at)[2]
        computed = np.sqrt(np.linalg.inv(-hessian)[3, 3]) / likelihood.scale[3]
        error = abs(computed / (reference.bse["d"] / distance) - 1)
        assert (error > LOST) == found(frame).lost == (distance == 1e-6)


def test_between_warning_and_refusal_a_fit_that_fails_names_the_columns():
    outcome, frame = nearly(6e-5)
    assert not found(frame).lost
    with pytest.raises(NotConverged, match="all but singular; .*nearly collinear: a, d") as caught:
        OrdinalModel(outcome, frame).fit()
    assert caught.value.term == "d"


def test_dependencies_of_several_columns_and_several_dependencies():
    outcome, frame = nearly(1.0)
    noise = np.random.default_rng(5).normal(size=(N, 2))
    three = frame.assign(d=frame["a"] - 2 * frame["c"] + 1e-7 * noise[:, 0])
    with pytest.raises(RegressionError, match=r"nearly collinear: a, c, d \("):
        OrdinalModel(outcome, three).fit()
    shared = frame.assign(d=frame["a"] + 1e-3 * noise[:, 0], e=frame["a"] + 1e-3 * noise[:, 1])
    with pytest.warns(CollinearityWarning, match=r"nearly collinear: a, d, e \("):
        OrdinalModel(outcome, shared).fit()
    apart = frame.assign(d=frame["a"] + 1e-3 * noise[:, 0], e=frame["c"] + 1e-4 * noise[:, 1])
    assert found(apart).names == ("a", "c", "d", "e")


@pytest.mark.parametrize("distance", [3e-2, 1e-3, 1e-4])
def test_indices_and_columns_are_those_of_the_singular_values(distance):
    _, frame = nearly(distance)
    indices, proportions = from_svd(frame)
    near = found(frame)
    assert near.index == pytest.approx(indices[-1], rel=1e-6)
    involved = proportions[:, indices > 30].sum(axis=1) > 0.5
    assert near.names == tuple(frame.columns[involved]) == ("a", "d")


def test_the_boundary_is_a_condition_index_of_30():
    _, frame = nearly(1.0)
    noise = frame["d"] - frame["a"]
    for distance in np.geomspace(0.03, 0.3, 20):
        close = frame.assign(d=frame["a"] + distance * noise)
        assert (found(close) is not None) == (from_svd(close)[0][-1] > 30)


def test_means_and_units_do_not_matter():
    """Years and their squares are close; years beside a scale are not, though far from zero."""
    outcome, frame = nearly(1.0)
    year = pd.Series(np.arange(N) % 11 + 2013.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        OrdinalModel(outcome, frame.assign(year=year, income=1e6 * frame["c"] ** 2 + 1e9)).fit()
    with pytest.warns(CollinearityWarning, match=r"nearly collinear: year, square \("):
        OrdinalModel(outcome, frame.assign(year=year, square=year**2)).fit()
    assert found(frame.assign(year=year - 2018, square=(year - 2018) ** 2)) is None


@pytest.mark.filterwarnings("error")
def test_honest_data_are_fitted_without_a_word():
    for name in DATA:
        reference_fit(name)
    OrdinalModel(*beps()[:2]).fit()
    specifications = read_specifications(*published_specifications())
    answers = LongAnswers(pd.concat([core_answers("KOR"), core_answers("JPN")]), questions_of(specifications))
    for spec in specifications:
        fit_design(spec, build_design(spec, answers))


def test_rows_without_weight_hide_no_dependency():
    outcome, frame = nearly(1e-6)
    frame.loc[:9, "d"] = np.arange(10.0)
    OrdinalModel(outcome, frame).fit()
    with pytest.raises(RegressionError, match="nearly collinear: a, d "):
        OrdinalModel(outcome, frame, freq_weights=np.arange(N) > 9).fit()
