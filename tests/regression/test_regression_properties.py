"""What holds for every sample, whatever its data."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from kjpoll.ordinal import OrdinalModel, RegressionError
from kjpoll.ordinal.patterns import group
from ordinal_data import statistics
from statsmodels.discrete.discrete_model import Logit

CLOSE = {"rtol": 1e-6, "atol": 1e-7}
quick = settings(max_examples=40, deadline=None, derandomize=True)
RARE = 3
few = st.integers(2, 5)
links = st.sampled_from(["logit", "probit"])


@st.composite
def samples(draw, categories=few) -> dict:
    """A sample of 40 to 120 with small integer covariates and whole weights, that can be fitted."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, p, k = draw(st.integers(40, 120)), draw(st.integers(1, 3)), draw(categories)
    matrix = rng.integers(0, draw(st.integers(2, 6)), (n, p)).astype(float)
    latent = matrix @ rng.normal(scale=0.5, size=p) + rng.logistic(size=n)
    outcome = np.searchsorted(np.quantile(latent, np.arange(1, k) / k), latent)
    frequency = rng.integers(1, 4, n)
    assume(len(np.unique(outcome)) == k)
    try:
        OrdinalModel(outcome, matrix).fit()
    except RegressionError:
        assume(False)
    return {
        "outcome": outcome,
        "matrix": matrix,
        "frequency": frequency,
        "k": k,
        "p": p,
        "weights": rng.uniform(0.2, 5.0, n),
        "rng": rng,
    }


@pytest.mark.parametrize("end", ["lowest", "highest"])
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_a_separated_sample_is_never_fitted(link, end):
    """Far out the gradient is rounding noise and steps become small: by them alone 41 of these
    240 fits would pass for converged."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        matrix = rng.normal(size=(300, 3))
        outcome = np.digitize(matrix[:, 1] + rng.logistic(size=300), [-1, 0.5, 2])
        matrix[:, 0] = np.arange(300) < RARE
        outcome[:RARE] = 0 if end == "lowest" else 3
        with pytest.raises(RegressionError, match="term x1: separated: x1 predict"):
            OrdinalModel(outcome, matrix, link=link).fit()


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_a_rare_level_that_does_not_separate_is_fitted(link):
    for seed in range(60):
        rng = np.random.default_rng(seed)
        matrix = rng.normal(size=(300, 3))
        outcome = np.digitize(matrix[:, 1] + rng.logistic(size=300), [-1, 0.5, 2])
        matrix[:, 0] = np.arange(300) < RARE
        outcome[:RARE] = [0, 3, 3]
        fitted = OrdinalModel(outcome, matrix, link=link).fit()
        assert fitted.gradient_norm < 1e-6 and abs(fitted.coefficients[0]) < 10


@quick
@given(samples(), links)
def test_frequencies_are_replication(data, link):
    repeated = np.repeat(np.arange(len(data["outcome"])), data["frequency"])
    short = OrdinalModel(data["outcome"], data["matrix"], link=link, freq_weights=data["frequency"]).fit()
    long = OrdinalModel(data["outcome"][repeated], data["matrix"][repeated], link=link).fit()
    np.testing.assert_allclose(statistics(short), statistics(long), **CLOSE)
    assert short.llf == pytest.approx(long.llf) and short.bic == pytest.approx(long.bic)


@quick
@given(samples(), links, st.floats(1e-6, 1e6))
def test_the_scale_of_sampling_weights_does_not_matter(data, link, scale):
    one, other = (
        OrdinalModel(data["outcome"], data["matrix"], link=link, sampling_weights=weights).fit()
        for weights in (data["weights"], scale * data["weights"])
    )
    np.testing.assert_allclose(statistics(one), statistics(other), **CLOSE)
    assert one.llf == pytest.approx(other.llf)


@quick
@given(samples(), links)
def test_equal_sampling_weights_are_none(data, link):
    plain, weighted = (
        OrdinalModel(data["outcome"], data["matrix"], link=link, sampling_weights=weights).fit("robust")
        for weights in (None, np.full(len(data["outcome"]), 3.7))
    )
    np.testing.assert_allclose(statistics(plain), statistics(weighted), **CLOSE)


@quick
@given(samples(), links, st.sampled_from(["oim", "robust"]))
def test_reversing_the_outcome_mirrors_the_model(data, link, vce):
    k, p = data["k"], data["p"]
    one = OrdinalModel(data["outcome"], data["matrix"], link=link).fit(vce)
    other = OrdinalModel(k - 1 - data["outcome"], data["matrix"], link=link).fit(vce)
    np.testing.assert_allclose(other.coefficients, -one.coefficients, **CLOSE)
    np.testing.assert_allclose(other.cut_points, -one.cut_points[::-1], **CLOSE)
    np.testing.assert_allclose(other.bse[:p], one.bse[:p], **CLOSE)
    np.testing.assert_allclose(other.bse[p:], one.bse[p:][::-1], **CLOSE)
    np.testing.assert_allclose(other.predict(), one.predict()[:, ::-1], **CLOSE)
    assert other.llf == pytest.approx(one.llf)


@quick
@given(samples(categories=st.just(2)))
def test_two_categories_are_binary_logit(data):
    ours = OrdinalModel(data["outcome"], data["matrix"]).fit()
    exog = np.column_stack((data["matrix"], np.ones(len(data["matrix"]))))
    theirs = Logit(data["outcome"], exog).fit(disp=0, method="newton", tol=1e-12, maxiter=100)
    np.testing.assert_allclose(ours.coefficients, theirs.params[:-1], **CLOSE)
    np.testing.assert_allclose(ours.cut_points, -theirs.params[-1:], **CLOSE)
    np.testing.assert_allclose(ours.bse, theirs.bse, **CLOSE)


@quick
@given(samples(), links)
def test_the_order_of_rows_does_not_matter(data, link):
    order = data["rng"].permutation(len(data["outcome"]))
    one, other = (
        OrdinalModel(
            data["outcome"][rows],
            data["matrix"][rows],
            link=link,
            sampling_weights=data["weights"][rows],
            clusters=(np.arange(len(order)) % 11)[rows],
        ).fit()
        for rows in (slice(None), order)
    )
    np.testing.assert_allclose(statistics(one), statistics(other), **CLOSE)
    np.testing.assert_allclose(one.predict()[order], other.predict(), **CLOSE)


@quick
@given(samples(), links, st.integers(0, 2))
def test_coding_a_covariate_the_other_way_flips_one_sign(data, link, j):
    j %= data["p"]
    turned = data["matrix"].copy()
    top = turned[:, j].max()
    turned[:, j] = top - turned[:, j]
    one = OrdinalModel(data["outcome"], data["matrix"], link=link).fit()
    other = OrdinalModel(data["outcome"], turned, link=link).fit()
    signs = np.where(np.arange(data["p"]) == j, -1, 1)
    np.testing.assert_allclose(other.coefficients, signs * one.coefficients, **CLOSE)
    np.testing.assert_allclose(other.bse[: data["p"]], one.bse[: data["p"]], **CLOSE)
    np.testing.assert_allclose(other.cut_points, one.cut_points - top * one.coefficients[j], **CLOSE)


@quick
@given(samples(), links, st.booleans())
def test_patterns_lose_nothing(data, link, weighted):
    weights = np.round(data["weights"]) + 1 if weighted else None
    plain = OrdinalModel(
        data["outcome"], data["matrix"], link=link, freq_weights=data["frequency"], sampling_weights=weights
    ).fit("robust")
    found = group(data["outcome"], data["matrix"], freq_weights=data["frequency"], sampling_weights=weights)
    grouped = OrdinalModel(
        found.outcome,
        found.matrix,
        link=link,
        freq_weights=found.freq_weights,
        sampling_weights=found.sampling_weights,
    ).fit("robust")
    np.testing.assert_allclose(statistics(grouped), statistics(plain), rtol=1e-10, atol=1e-10)
    assert len(found.outcome) <= len(data["outcome"])
