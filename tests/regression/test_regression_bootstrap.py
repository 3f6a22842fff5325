"""The bootstrap: each sample is the fit of what was drawn, and its spread the robust errors."""

import numpy as np
import pytest
from kjpoll.ordinal import OrdinalModel, RegressionError
from ordinal_data import sample

N = 300
GROUPS = np.random.default_rng(21).integers(0, 40, N)


def test_each_sample_is_fitted_as_rows_drawn_with_replacement():
    outcome, matrix = sample()
    results = OrdinalModel(outcome, matrix).fit()
    mean, deviation, estimates = results.bootstrap(nrep=5, rng=3)
    rng = np.random.default_rng(3)
    for each in estimates:
        rows = np.repeat(np.arange(N), rng.multinomial(N, np.full(N, 1 / N)))
        assert len(rows) == N
        np.testing.assert_allclose(each, OrdinalModel(outcome[rows], matrix[rows]).fit().params, rtol=1e-9)
    np.testing.assert_array_equal(mean, estimates.mean(axis=0))
    np.testing.assert_array_equal(deviation, estimates.std(axis=0))
    np.testing.assert_array_equal(results.bootstrap_results, estimates)
    np.testing.assert_array_equal(results.bootstrap(5, rng=np.random.default_rng(3))[2], estimates)
    assert not np.array_equal(results.bootstrap(5, rng=4)[2], estimates)


def test_frequencies_and_sampling_weights_are_drawn_as_observations():
    outcome, matrix = sample()
    frequency, weights = np.arange(N) % 4, np.random.default_rng(1).uniform(0.2, 3, N)
    weights[:20] = 0
    model = OrdinalModel(outcome, matrix, freq_weights=frequency, sampling_weights=weights)
    estimates = model.fit().bootstrap(nrep=4, rng=3, store=False)[2]
    there, rng = frequency * (weights > 0), np.random.default_rng(3)
    for each in estimates:
        drawn = rng.multinomial(there.sum(), there / there.sum())
        again = OrdinalModel(outcome, matrix, freq_weights=drawn, sampling_weights=weights).fit()
        np.testing.assert_allclose(each, again.params, rtol=1e-9)


def test_clusters_are_drawn_whole():
    outcome, matrix = sample()
    estimates = OrdinalModel(outcome, matrix, clusters=GROUPS).fit().bootstrap(nrep=4, rng=3)[2]
    asked = OrdinalModel(outcome, matrix).fit(cov_type="cluster", cov_kwds={"groups": GROUPS})
    np.testing.assert_array_equal(asked.bootstrap(nrep=4, rng=3)[2], estimates)
    order, rng = list(dict.fromkeys(GROUPS)), np.random.default_rng(3)
    for each in estimates:
        drawn = rng.multinomial(40, np.full(40, 1 / 40))
        rows = np.concatenate([np.flatnonzero(group == GROUPS) for group in np.repeat(order, drawn)])
        np.testing.assert_allclose(each, OrdinalModel(outcome[rows], matrix[rows]).fit().params, rtol=1e-9)


@pytest.mark.parametrize("clusters", [None, GROUPS])
def test_the_spread_is_near_the_robust_errors(clusters):
    """400 samples give a standard deviation to 3.5%; the bootstrap's own bias is some per cent at n = 300."""
    outcome, matrix = sample()
    # Outcomes that clusters share, so that their errors are well above the robust ones.
    matrix[:, 2] = np.random.default_rng(5).normal(size=40)[GROUPS]
    outcome = np.digitize(outcome + np.random.default_rng(6).normal(size=40)[GROUPS], [0.5, 1.5, 2.5])
    model = OrdinalModel(outcome, matrix, clusters=clusters)
    results = model.fit()
    errors = model.fit("robust" if clusters is None else "cluster").bse
    np.testing.assert_allclose(results.bootstrap(400, rng=1)[1], errors, rtol=0.15)
    if clusters is not None:
        assert errors[2] > 1.3 * model.fit("robust").bse[2]


def test_a_sample_without_estimates_is_an_error():
    outcome, matrix = sample()
    outcome[outcome == 3] = 2
    outcome[7] = 3
    results = OrdinalModel(outcome, matrix).fit()
    with pytest.raises(
        RegressionError, match=r"sample \d+ of the 50 drawn has no estimates \(outcome category wi"
    ):
        results.bootstrap(50, rng=1)
    outcome, matrix = sample()
    matrix[:, 1] = np.arange(N) < 2
    with pytest.raises(RegressionError, match=r"term x2: sample \d+ of the 50 .*\((constant|separated)"):
        OrdinalModel(outcome, matrix).fit().bootstrap(50, rng=1)


def test_what_cannot_be_drawn_is_refused():
    outcome, matrix = sample()
    with pytest.raises(ValueError, match="not a stratified design, .* use the errors of vce='design'"):
        OrdinalModel(outcome, matrix, strata=GROUPS % 3).fit().bootstrap(3)
    with pytest.raises(ValueError, match="method is 'nm'; there is no choice"):
        OrdinalModel(outcome, matrix).fit().bootstrap(3, method="nm")
