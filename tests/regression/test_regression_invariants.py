"""What holds for every sample all the way from the answers to the rows (of the engine alone:
test_regression_properties; of the order of rows and a reversed outcome: test_regression_design)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from kjpoll.ordinal import OrdinalModel
from ordinal_data import statistics
from regression_data import GROUP_LEVELS, SIMULATED_TERMS, long_answers, simulated, specification
from statsmodels.discrete.discrete_model import Logit

from tests.support.long_answers import fit_models

pytestmark = pytest.mark.slow

quick = settings(max_examples=12, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
links = st.sampled_from(["logit", "probit"])
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


def fitted(wide: pd.DataFrame, weights=None, **values) -> pd.DataFrame:
    return fit_models(
        *specification(*SIMULATED_TERMS, **values), long_answers(wide, GROUP_LEVELS, weights=weights)
    )


def estimates(rows: pd.DataFrame) -> np.ndarray:
    return rows[["estimate", "std_error"]].to_numpy(float).T.ravel()


def matrix_of(wide: pd.DataFrame) -> np.ndarray:
    return np.column_stack((wide[["x", "z"]].to_numpy(float), wide["group"].eq("b"), wide["group"].eq("c")))


@quick
@given(seeds, links)
def test_repeated_respondents_are_frequencies(seed, link):
    wide = simulated(150, seed)
    times = np.random.default_rng(seed).integers(1, 4, 150)
    repeated = fitted(wide.loc[wide.index.repeat(times)].reset_index(drop=True), link=link)
    direct = OrdinalModel(wide["y"].to_numpy(int) - 1, matrix_of(wide), link=link, freq_weights=times).fit()
    np.testing.assert_allclose(estimates(repeated), statistics(direct), **CLOSE)
    assert repeated["n_obs"][0] == times.sum() == direct.nobs


@quick
@given(seeds, links, st.floats(1e-4, 1e4))
def test_the_scale_of_survey_weights_does_not_matter(seed, link, scale):
    wide = simulated(200, seed)
    weights = np.random.default_rng(seed).choice([0.5, 1.0, 2.25], 200)
    one, other = (
        fitted(wide, given, link=link, weight="weight", vce="robust") for given in (weights, scale * weights)
    )
    for name in ("estimate", "std_error", "log_likelihood", "n_obs"):
        np.testing.assert_allclose(one[name].astype(float), other[name].astype(float), **CLOSE)


@quick
@given(seeds, links, st.floats(0.1, 10.0))
def test_equal_survey_weights_are_none(seed, link, weight):
    wide = simulated(200, seed)
    plain = fitted(wide, link=link, vce="robust")
    weighted = fitted(wide, np.full(200, weight), link=link, weight="weight", vce="robust")
    np.testing.assert_allclose(estimates(weighted), estimates(plain), **CLOSE)


@quick
@given(seeds)
def test_two_categories_are_binary_logit(seed):
    wide = simulated(200, seed)
    wide["y"] = np.where(wide["y"].astype(int) > 2, 2, 1)
    assume(wide["y"].value_counts().min() > 20)
    rows = fitted(wide.astype(object))
    exog = np.column_stack((matrix_of(wide), np.ones(200)))
    logit = Logit(wide["y"].to_numpy(int) - 1, exog).fit(disp=0, method="newton", tol=1e-12)
    signs = np.r_[np.ones(4), -1]
    np.testing.assert_allclose(rows["estimate"].astype(float), signs * logit.params, **CLOSE)
    np.testing.assert_allclose(rows["std_error"].astype(float), logit.bse, **CLOSE)


@quick
@given(seeds, links)
def test_coding_a_term_the_other_way_flips_one_sign(seed, link):
    wide = simulated(200, seed)
    one, other = fitted(wide, link=link), fitted(wide.assign(x=6 - wide["x"]), link=link)
    signs = np.array([-1, 1, 1, 1])
    np.testing.assert_allclose(
        other["estimate"][:4].astype(float), signs * one["estimate"][:4].astype(float), **CLOSE
    )
    np.testing.assert_allclose(
        other["std_error"][:4].astype(float), one["std_error"][:4].astype(float), **CLOSE
    )
    np.testing.assert_allclose(
        other["estimate"][4:].astype(float),
        (one["estimate"][4:] - 6 * one["estimate"][0]).astype(float),
        **CLOSE,
    )


@quick
@given(seeds, st.sampled_from(["a", "b", "c"]), links)
def test_another_reference_is_the_same_model(seed, reference, link):
    """Fit and differences between levels stay; only what the levels are compared with changes."""
    wide = simulated(200, seed)
    one = fitted(wide, link=link)
    other = fit_models(
        *specification(*SIMULATED_TERMS[:2], ("group", "categorical", reference, "missing"), link=link),
        long_answers(wide, GROUP_LEVELS),
    )

    def levels(rows):
        return rows[rows["term"] == "group"].set_index("category_id")["estimate"].astype(float)

    ours, theirs = (levels(rows).reindex(list("abc"), fill_value=0.0) for rows in (one, other))
    np.testing.assert_allclose(theirs - theirs["a"], ours - ours["a"], **CLOSE)
    np.testing.assert_allclose(other["log_likelihood"][0], one["log_likelihood"][0], **CLOSE)
