"""Covariances by statsmodels' names, against statsmodels' own and against their definitions."""

import numpy as np
import pytest
from kjpoll.ordinal import OrdinalModel
from ordinal_data import sample
from statsmodels.discrete.discrete_model import Logit
from statsmodels.miscmodels.ordinal_model import OrderedModel

N = 300
GROUPS = np.random.default_rng(21).integers(0, 40, N)
CLUSTER = {"groups": GROUPS}
UNCORRECTED = {"groups": GROUPS, "use_correction": False}


def naive(results, factor: float, units: np.ndarray) -> np.ndarray:
    bread = np.linalg.inv(-results.model.hessian(results.params))
    return factor * bread @ (units.T @ units) @ bread


@pytest.mark.parametrize(
    ("cov_type", "keywords"),
    [("nonrobust", None), ("HC0", None), ("cluster", CLUSTER), ("cluster", UNCORRECTED)],
)
def test_errors_equal_statsmodels(cov_type, keywords):
    outcome, matrix = sample(k=2)
    signs = np.array([1, 1, 1, -1])
    asked = {"cov_type": cov_type, "disp": 0} | ({"cov_kwds": keywords} if keywords else {})
    ours = OrdinalModel(outcome, matrix).fit(**asked)
    design = np.column_stack((matrix, np.ones(N)))
    theirs = Logit(outcome, design).fit(tol=1e-12, **asked)
    np.testing.assert_allclose(
        ours.covariance, np.outer(signs, signs) * theirs.cov_params(), rtol=1e-7, atol=1e-12
    )
    outcome, matrix = sample()
    ours = OrdinalModel(outcome, matrix).fit(**asked)
    theirs = OrderedModel(outcome, matrix, distr="logit").fit(method="bfgs", gtol=1e-9, **asked)
    # Its Hessian is numerical, and its later cut points are other parameters.
    np.testing.assert_allclose(ours.bse[:4], theirs.bse[:4], rtol=1e-5)


def test_hc1_has_the_factor_of_its_name_and_statsmodels_has_none():
    outcome, matrix = sample()
    model = OrdinalModel(outcome, matrix)
    fitted = model.fit(cov_type="HC1")
    scores = model.score_obs(fitted.params)
    expected = naive(fitted, N / (N - 6), scores)
    np.testing.assert_allclose(fitted.covariance, expected, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(
        model.fit(cov_type="HC0").covariance, naive(fitted, 1.0, scores), rtol=1e-9, atol=1e-14
    )
    binary = outcome > 1
    theirs = [Logit(binary, matrix).fit(disp=0, cov_type=name).bse for name in ("HC0", "HC1", "HC3")]
    assert (theirs[0] == theirs[1]).all() and (theirs[0] == theirs[2]).all()


@pytest.mark.parametrize(("keywords", "factor"), [(CLUSTER, 40 / 39 * 299 / 294), (UNCORRECTED, 1.0)])
def test_clusters_of_the_fit_are_those_of_the_model(keywords, factor):
    outcome, matrix = sample()
    fitted = OrdinalModel(outcome, matrix).fit(cov_type="cluster", cov_kwds=keywords)
    totals = np.array([fitted.model.score_obs(fitted.params)[GROUPS == g].sum(axis=0) for g in range(40)])
    np.testing.assert_allclose(fitted.covariance, naive(fitted, factor, totals), rtol=1e-9, atol=1e-14)
    declared = OrdinalModel(outcome, matrix, clusters=GROUPS)
    same_groups = np.array([f"village {g}" for g in GROUPS])
    for keyword in (keywords, keywords | {"groups": same_groups}, keywords | {"groups": None}):
        again = declared.fit(cov_type="cluster", cov_kwds=keyword)
        np.testing.assert_allclose(again.covariance, fitted.covariance, rtol=1e-12)


@pytest.mark.parametrize("keywords", [{"cov_type": "HC0"}, {"cov_type": "HC1"}, {"cov_type": "cluster"}])
def test_a_frequency_is_so_many_rows(keywords):
    outcome, matrix = sample()
    frequency = np.random.default_rng(2).integers(0, 4, N)
    repeated = np.repeat(np.arange(N), frequency)
    short = OrdinalModel(outcome, matrix, freq_weights=frequency, clusters=GROUPS).fit(**keywords)
    long = OrdinalModel(outcome[repeated], matrix[repeated], clusters=GROUPS[repeated]).fit(**keywords)
    np.testing.assert_allclose(short.covariance, long.covariance, rtol=1e-9, atol=1e-12)


def test_results_and_summary_say_which_covariance_it_is():
    model = OrdinalModel(*sample())
    fitted = model.fit(cov_type="HC1", disp=False)
    assert (fitted.vce, fitted.cov_type, fitted.cov_kwds) == ("robust", "HC1", {})
    assert not fitted.likelihood_is_real and np.isnan(fitted.llr_pvalue)
    assert "covariance HC1" in str(fitted.summary())
    plain = model.fit(cov_type="nonrobust")
    assert (plain.vce, plain.cov_type, plain.likelihood_is_real) == ("oim", "nonrobust", True)
    np.testing.assert_array_equal(plain.covariance, model.fit().covariance)
    np.testing.assert_array_equal(plain.covariance, model.fit("oim", cov_type="nonrobust").covariance)
    clustered = model.fit(cov_type="cluster", cov_kwds=CLUSTER)
    assert (clustered.vce, clustered.cov_kwds["groups"] is GROUPS) == ("cluster", True)


def test_nothing_is_printed(capsys):
    for disp in (0, 1, True):
        OrdinalModel(*sample()).fit(disp=disp)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"cov_type": "HC3"}, "cov_type is 'HC3'; write one of nonrobust, HC0, HC1, cluster .*leverages"),
        ({"cov_type": "HAC", "cov_kwds": {"maxlags": 1}}, "cov_type is 'HAC'; write one of"),
        ({"cov_type": "cluster"}, "needs cov_kwds={'groups': ...}"),
        (
            {"cov_type": "cluster", "cov_kwds": {"group": GROUPS}},
            "cov_kwds has group; write groups or use_corr",
        ),
        (
            {"cov_type": "cluster", "cov_kwds": {"groups": GROUPS[:9]}},
            "groups has 9 rows, the outcome has 300",
        ),
        (
            {"cov_type": "cluster", "cov_kwds": {"groups": np.column_stack((GROUPS, GROUPS))}},
            "groups has 2 dimensions; .*not two-way",
        ),
        ({"cov_type": "HC0", "cov_kwds": CLUSTER}, r"cov_kwds \(groups\) go with cov_type='cluster'"),
        ({"vce": "cluster", "cov_kwds": CLUSTER}, r"cov_kwds \(groups\) go with cov_type='cluster'"),
        ({"vce": "oim", "cov_type": "HC0"}, "vce='oim' and cov_type='HC0' are two different covariances"),
        ({"vce": "robust", "cov_type": "HC1"}, "vce='robust' and cov_type='HC1' are two .* give one"),
    ],
)
def test_what_is_not_there_or_contradicts_is_refused(asked, message):
    with pytest.raises(ValueError, match=message):
        OrdinalModel(*sample()).fit(**asked)


def test_what_the_model_rules_out_is_refused():
    outcome, matrix = sample()
    with pytest.raises(ValueError, match="groups are others than the clusters of the model"):
        OrdinalModel(outcome, matrix, clusters=GROUPS // 2).fit(cov_type="cluster", cov_kwds=CLUSTER)
    with pytest.raises(ValueError, match="vce='oim' does not hold with sampling_weights"):
        OrdinalModel(outcome, matrix, sampling_weights=GROUPS + 1.0).fit(cov_type="nonrobust")
    few = OrdinalModel(np.array([0, 1, 2]), np.array([1.0, 3.0, 2.0]))
    assert np.isfinite(few.fit(cov_type="HC0").bse).all()
    with pytest.raises(ValueError, match="'HC1' divides by observations less parameters, 3 less 3; use HC0"):
        few.fit(cov_type="HC1")


@pytest.mark.parametrize("keyword", ["method", "start_params", "maxiter", "use_t"])
def test_other_keywords_of_statsmodels_are_named(keyword):
    with pytest.raises(
        TypeError, match=f"fit has no keyword {keyword}; write vce, cov_type.*Newton's method"
    ):
        OrdinalModel(*sample()).fit(**{keyword: 1})
