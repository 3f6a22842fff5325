"""Frequency weights, sampling weights, and the covariances that go with them."""

import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import OrdinalModel
from ordinal_data import beps, sample, statistics
from regression_data import FIXTURES
from scipy import stats

N = 300


@pytest.fixture(scope="module")
def survey() -> dict:
    """Weights, clusters and strata for sample(); clusters cut across the strata."""
    rng = np.random.default_rng(21)
    return {
        "sampling_weights": rng.uniform(0.3, 2.5, N),
        "clusters": rng.integers(0, 40, N),
        "strata": np.array(["north", "south", "west"])[rng.integers(0, 3, N)],
    }


def naive(results, factor: float, totals: np.ndarray) -> np.ndarray:
    """Sandwich from its definition, with the inverse Hessian of the model."""
    bread = np.linalg.inv(-results.model.hessian(results.params))
    return factor * bread @ (totals.T @ totals) @ bread


@pytest.mark.parametrize(
    ("declared", "file"),
    [({}, "beps_svyolr.csv"), ({"strata": "gender", "clusters": "age"}, "beps_svyolr_strat.csv")],
)
def test_design_based_errors_equal_svyolr(declared, file):
    outcome, matrix, frame = beps()
    declared = {name: frame[column] for name, column in declared.items()}
    fitted = OrdinalModel(outcome, matrix, sampling_weights=frame["pw"], **declared).fit("design")
    svyolr = pd.read_csv(FIXTURES / file)
    # svyolr stops its search early (gradients of about 0.01), ours does not.
    np.testing.assert_allclose(fitted.params, svyolr["est"], rtol=0, atol=1e-4)
    np.testing.assert_allclose(fitted.bse, svyolr["se"], rtol=1e-3)


def test_design_without_strata_equals_robust_and_cluster():
    """The weighted scores sum to zero at the maximum, so centring them changes nothing."""
    outcome, matrix, frame = beps()
    model = OrdinalModel(outcome, matrix, sampling_weights=frame["pw"])
    np.testing.assert_allclose(
        model.fit("design").covariance, model.fit("robust").covariance, rtol=1e-9, atol=1e-15
    )
    model = OrdinalModel(outcome, matrix, clusters=frame["age"])
    np.testing.assert_allclose(
        model.fit("design").covariance, model.fit("cluster").covariance, rtol=1e-9, atol=1e-15
    )


def test_robust_has_stata_s_factor(survey):
    outcome, matrix = sample(N)
    fitted = OrdinalModel(outcome, matrix, sampling_weights=survey["sampling_weights"]).fit()
    assert fitted.vce == "robust"
    expected = naive(fitted, N / (N - 1), fitted.model.score_obs(fitted.params))
    np.testing.assert_allclose(fitted.covariance, expected, rtol=1e-8, atol=1e-14)


def test_cluster_has_stata_s_factor(survey):
    outcome, matrix = sample(N)
    fitted = OrdinalModel(outcome, matrix, clusters=survey["clusters"]).fit()
    assert fitted.vce == "cluster"
    totals = pd.DataFrame(fitted.model.score_obs(fitted.params)).groupby(survey["clusters"]).sum()
    g = len(totals)
    np.testing.assert_allclose(
        fitted.covariance, naive(fitted, g / (g - 1), totals.to_numpy()), rtol=1e-8, atol=1e-14
    )


def test_design_sums_over_strata_and_nests_clusters(survey):
    outcome, matrix = sample(N)
    fitted = OrdinalModel(outcome, matrix, **survey).fit()
    assert fitted.vce == "design"
    scores = pd.DataFrame(fitted.model.score_obs(fitted.params))
    totals = scores.groupby([survey["strata"], survey["clusters"]]).sum()
    units = []
    for _, part in totals.groupby(level=0):
        centred = part.to_numpy() - part.to_numpy().mean(axis=0)
        units.append(centred * np.sqrt(len(part) / (len(part) - 1)))
    np.testing.assert_allclose(fitted.covariance, naive(fitted, 1.0, np.vstack(units)), rtol=1e-8, atol=1e-14)


@pytest.mark.parametrize(
    ("vce", "weighted"),
    [("oim", False), *((vce, w) for vce in ("robust", "cluster", "design") for w in (False, True))],
)
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_a_frequency_is_so_many_rows(survey, vce, weighted, link):
    outcome, matrix = sample(N)
    frequency = np.random.default_rng(2).integers(0, 4, N)
    declared = dict(survey) if vce in ("cluster", "design") else {}
    declared["sampling_weights"] = survey["sampling_weights"] if weighted else None
    repeated = np.repeat(np.arange(N), frequency)
    short = OrdinalModel(outcome, matrix, link=link, freq_weights=frequency, **declared).fit(vce)
    long = OrdinalModel(
        outcome[repeated],
        matrix[repeated],
        link=link,
        **{name: None if given is None else given[repeated] for name, given in declared.items()},
    ).fit(vce)
    np.testing.assert_allclose(statistics(short), statistics(long), rtol=1e-9, atol=1e-11)
    for figure in ("llf", "llnull", "aic", "bic", "nobs", "df_resid", "prsquared", "llr"):
        assert getattr(short, figure) == pytest.approx(getattr(long, figure), rel=1e-10), figure
    np.testing.assert_allclose(short.pred_table(), long.pred_table())
    np.testing.assert_allclose(short.covjhj, long.covjhj, rtol=1e-8, atol=1e-12)


def test_repetitions_without_clusters_are_units_of_a_stratum(survey):
    outcome, matrix = sample(N)
    frequency = np.random.default_rng(2).integers(1, 4, N)
    repeated = np.repeat(np.arange(N), frequency)
    strata = survey["strata"]
    short = OrdinalModel(outcome, matrix, freq_weights=frequency, strata=strata).fit()
    long = OrdinalModel(outcome[repeated], matrix[repeated], strata=strata[repeated]).fit()
    assert short.vce == "design"
    np.testing.assert_allclose(statistics(short), statistics(long), rtol=1e-9, atol=1e-11)


def test_sampling_weights_move_the_estimates(survey):
    """statsmodels' OrderedModel takes weights and does not use them."""
    outcome, matrix = sample(N)
    plain = OrdinalModel(outcome, matrix).fit()
    weighted = OrdinalModel(outcome, matrix, sampling_weights=survey["sampling_weights"]).fit()
    assert np.abs(plain.params - weighted.params).max() > 0.02
    assert plain.nobs == weighted.nobs == N


def test_sampling_weights_are_scaled_to_a_mean_of_one(survey):
    weights = survey["sampling_weights"]
    frequency = np.arange(N) % 3 + 1
    model = OrdinalModel(*sample(N), sampling_weights=weights * 1e4, freq_weights=frequency)
    assert model.freq_weights @ model.sampling_weights == pytest.approx(frequency.sum())
    np.testing.assert_allclose(model.weights, model.freq_weights * model.sampling_weights)


def test_sampling_weights_refuse_what_assumes_a_likelihood(survey):
    model = OrdinalModel(*sample(N), sampling_weights=survey["sampling_weights"])
    with pytest.raises(ValueError, match="vce='oim' does not hold with sampling_weights"):
        model.fit("oim")
    fitted = model.fit()
    assert np.isnan(fitted.llr_pvalue) and 0 < fitted.wald_pvalue < 1e-6


@pytest.mark.parametrize(
    ("declared", "vce", "real"),
    [
        ((), None, True),
        ((), "robust", False),
        ((), "design", False),
        (("clusters",), None, False),
        (("clusters",), "oim", False),
        (("strata",), None, False),
        (("strata",), "oim", False),
        (("sampling_weights",), None, False),
    ],
)
def test_only_a_real_likelihood_has_a_ratio_test(survey, declared, vce, real):
    fitted = OrdinalModel(*sample(N), **{name: survey[name] for name in declared}).fit(vce)
    assert fitted.likelihood_is_real == real == (not np.isnan(fitted.llr_pvalue))
    assert 0 < fitted.wald_pvalue < 1e-6
    assert ("LR chi2(3)" in str(fitted.summary())) == real == ("Wald" not in str(fitted.summary()))


@pytest.mark.parametrize(
    ("declared", "units", "strata"),
    [((), N, 1), (("strata",), N, 3), (("clusters",), 40, 1), (("clusters", "strata"), None, 3)],
)
def test_a_design_is_tested_by_t_and_the_adjusted_wald_test(survey, declared, units, strata):
    given = {name: survey[name] for name in declared}
    if units is None:
        units = len(pd.DataFrame(given).drop_duplicates())
    fitted = OrdinalModel(*sample(N), **given).fit("design")
    d, b, error = units - strata, np.asarray(fitted.params), np.asarray(fitted.bse)
    assert fitted.df_resid_inference == d and fitted.use_t
    np.testing.assert_allclose(error, np.sqrt(np.diag(fitted.covariance)))
    np.testing.assert_allclose(fitted.pvalues, 2 * stats.t.sf(np.abs(b / error), d))
    reach = stats.t.ppf([0.025, 0.975], d)
    np.testing.assert_allclose(fitted.conf_int(), b[:, None] + error[:, None] * reach)
    np.testing.assert_allclose(
        fitted.odds_ratios()[["ci_low", "ci_high"]], np.exp(np.asarray(fitted.conf_int())[:3])
    )
    assert fitted.t_test(np.eye(6)[1]).pvalue == pytest.approx(fitted.pvalues[1])
    # Stata, [SVY] svy postestimation, test: F = (d - q + 1) / (q d) W.
    wald = b[:3] @ np.linalg.solve(fitted.covariance[:3, :3], b[:3])
    ratio = (d - 3 + 1) / (3 * d) * wald
    for test in (fitted.wald_test(np.eye(6)[:3]), fitted.f_test(np.eye(6)[:3])):
        assert (test.df_num, test.df_denom) == (3, d - 2)
        assert test.statistic == pytest.approx(ratio)
        assert test.pvalue == pytest.approx(stats.f.sf(ratio, 3, d - 2), rel=1e-6)
    assert fitted.wald_chi2 == pytest.approx(wald)
    assert fitted.wald_pvalue == pytest.approx(stats.f.sf(ratio, 3, d - 2), rel=1e-6)
    text = str(fitted.summary())
    assert f"Adjusted Wald F(3, {d - 2}) {ratio:.2f}" in text and "P>|t|" in text
    assert fitted.wald_test(np.eye(6)[:3], use_f=False).pvalue == pytest.approx(
        stats.chi2.sf(wald, 3), rel=1e-6
    )
    # One constraint: F is the square of t.
    one = fitted.wald_test(np.eye(6)[1])
    assert one.pvalue == pytest.approx(fitted.pvalues[1]) and one.df_denom == d


def test_more_constraints_than_a_design_has_units():
    outcome, matrix = sample(N)
    fitted = OrdinalModel(outcome, matrix, clusters=np.arange(N) % 3).fit("design")
    assert fitted.df_resid_inference == 2 and np.isnan(fitted.wald_pvalue)
    assert np.isnan(fitted.wald_test(np.eye(6)[:3], invcov=np.eye(3)).statistic)


@pytest.mark.parametrize("vce", ["oim", "robust", "cluster"])
def test_other_covariances_go_with_the_normal_distribution(survey, vce):
    clusters = survey["clusters"] if vce == "cluster" else None
    fitted = OrdinalModel(*sample(N), clusters=clusters).fit(vce)
    assert not fitted.use_t
    np.testing.assert_allclose(fitted.pvalues, 2 * stats.norm.sf(np.abs(fitted.params / fitted.bse)))
    assert fitted.wald_test(np.eye(6)[:3]).distribution == "chi2"


@pytest.mark.parametrize("vce", ["robust", "cluster"])
def test_rows_without_sampling_weight_are_left_out(survey, vce):
    """As ologit [pw=] leaves them out; here with whole clusters of them."""
    outcome, matrix = sample(N)
    weights = np.where(survey["clusters"] % 4 == 0, 0.0, survey["sampling_weights"])
    weights[:20] = 0
    frequency = np.arange(N) % 3
    kept = (weights > 0) & (frequency > 0)
    given = {"freq_weights": frequency, "sampling_weights": weights, "clusters": survey["clusters"]}
    zeros = OrdinalModel(outcome, matrix, **given).fit(vce)
    without = OrdinalModel(
        outcome[kept], matrix[kept], **{name: column[kept] for name, column in given.items()}
    ).fit(vce)
    np.testing.assert_allclose(statistics(zeros), statistics(without), rtol=1e-9, atol=1e-11)
    assert zeros.nobs == without.nobs == frequency[kept].sum()
    for figure in ("llf", "llnull", "aic", "bic", "df_resid", "prsquared"):
        assert getattr(zeros, figure) == pytest.approx(getattr(without, figure)), figure


def test_a_design_keeps_rows_without_sampling_weight(survey):
    outcome, matrix = sample(N)
    weights = np.where(np.arange(N) % 4 == 0, 0.0, survey["sampling_weights"])
    model = OrdinalModel(outcome, matrix, sampling_weights=weights)
    robust, design = model.fit("robust"), model.fit("design")
    assert (robust.nobs, design.nobs) == (225, 300)
    assert (design.df_resid_inference, design.df_resid, robust.df_resid) == (299, 294, 219)
    np.testing.assert_allclose(design.covariance / robust.covariance, (300 / 299) / (225 / 224), rtol=1e-9)


def test_no_row_with_both_weights():
    half = np.arange(N) % 2
    with pytest.raises(ValueError, match="no row has both a positive freq_weight and a positive"):
        OrdinalModel(*sample(N), freq_weights=half, sampling_weights=1.0 - half)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"freq_weights": np.full(N, 0.5)}, "freq_weights must be whole numbers; .*sampling_weights"),
        ({"freq_weights": np.ones(N - 1)}, r"freq_weights has the shape \(299,\)"),
        ({"sampling_weights": np.r_[1.0, -1.0, np.ones(N - 2)]}, "not negative; row 1 is not"),
        ({"sampling_weights": np.r_[np.ones(N - 1), np.nan]}, "must be finite .*row 299 is not"),
        ({"freq_weights": np.zeros(N)}, "freq_weights are all zero"),
        ({"clusters": np.arange(N - 1)}, "clusters has 299 rows"),
        ({"strata": np.array([None, *"ab" * 149, "a"], dtype=object)}, "strata has no label in row 0"),
    ],
)
def test_weights_and_labels_that_cannot_be(weights, message):
    with pytest.raises(ValueError, match=message):
        OrdinalModel(*sample(N), **weights)


def test_too_few_units():
    with pytest.raises(ValueError, match="vce='cluster' needs clusters"):
        OrdinalModel(*sample(N)).fit("cluster")
    with pytest.raises(ValueError, match="one sampling unit alone"):
        OrdinalModel(*sample(N), clusters=np.zeros(N)).fit()
    lonely = np.where(np.arange(N) == 7, "island", "mainland")
    with pytest.raises(ValueError, match="stratum island has one sampling unit"):
        OrdinalModel(*sample(N), strata=lonely).fit()
