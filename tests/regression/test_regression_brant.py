"""Brant's test against R, its behaviour under the null, and what it says when it cannot be."""

import numpy as np
import pandas as pd
import pytest
from inference_data import altered, coded, fit, reference_fit
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal import brant as brant_module
from kjpoll.ordinal.brant import binary_models, brant
from kjpoll.ordinal.fitted_model import FittedModel
from kjpoll.ordinal.matrix_column import MatrixColumn
from regression_data import FIXTURES, simulated
from scipy import stats

CASES = [(name, link) for name in ("wvs", "beps", "housing") for link in ("logit", "probit")]


def reference(name: str, link: str) -> pd.DataFrame:
    rows = pd.read_csv(FIXTURES / "brant.csv", keep_default_na=False, na_values=["NA"])
    return rows[rows["data"].eq(name) & rows["link"].eq(link)]


def columnwise(tested: pd.DataFrame) -> pd.DataFrame:
    """One row per column under R's name for it; a numeric term is its only column."""
    alone = ~tested["term"].isin(tested.loc[tested["kind"] == "level", "term"])
    chosen = tested[tested["kind"].eq("level") | (tested["kind"].eq("term") & alone)]
    return chosen.set_index(chosen["term"] + chosen["category_id"].fillna(""))


@pytest.mark.parametrize(("name", "link"), CASES)
def test_overall_terms_and_columns_equal_r(name, link):
    tested = brant(*reference_fit(name, link))
    expected = reference(name, link)
    assert tested["problem"].isna().all()
    got = pd.concat(
        [tested[tested["kind"] == "overall"], tested[tested["kind"] == "term"], columnwise(tested)]
    )
    assert list(got["df"]) == list(expected["df"])
    np.testing.assert_allclose(got["chi2"], expected["chi2"], rtol=1e-6)
    np.testing.assert_allclose(
        got["p_value"], stats.chi2.sf(expected["chi2"], expected["df"]), rtol=1e-5, atol=1e-12
    )


@pytest.mark.parametrize("name", ["wvs", "beps", "housing"])
def test_columns_equal_potest(name):
    expected = reference(name, "logit").query("kind == 'column'").set_index("term")["chi2_potest"]
    got = columnwise(brant(*reference_fit(name)))["chi2"]
    assert (got - expected).abs().max() < 1e-5 and len(got) == len(expected)


@pytest.mark.parametrize("name", ["wvs", "beps", "housing"])
def test_overall_of_potest_is_ours_with_its_asymmetric_covariance(name):
    results, columns = reference_fit(name)
    estimates, covariance = binary_models(FittedModel.of(results, columns))
    for j in range(len(estimates)):
        for later in range(j + 1, len(estimates)):
            covariance[later, :, j, :] = covariance[j, :, later, :]
    size = estimates.size
    contrast = np.kron(
        np.column_stack((np.ones(len(estimates) - 1), -np.eye(len(estimates) - 1))), np.eye(len(columns))
    )
    difference = contrast @ estimates.ravel()
    theirs = difference @ np.linalg.solve(contrast @ covariance.reshape(size, size) @ contrast.T, difference)
    (expected,) = reference(name, "logit").query("kind == 'overall'")["chi2_potest"]
    assert theirs == pytest.approx(expected, abs=1e-5)


def test_estimates_and_covariance_are_those_of_a_population_with_known_binary_models():
    """Frequencies that follow two logits exactly: the estimates are theirs, and the products of
    the stacked scores are their own expectations, so the sandwich is Brant's covariance. Its block
    between the models is not symmetric, which tells it from its transpose."""
    x, z = (each.ravel() for each in np.meshgrid(np.arange(6.0), np.array([0.0, 1.0, 4.0])))
    known = np.array([[1.5, 0.4, -0.5], [-1.5, 0.1, 0.2]])
    cells = np.column_stack((np.ones(len(x)), x, z))
    above = stats.logistic.cdf(cells @ known.T)
    share = np.column_stack((1 - above[:, 0], above[:, 0] - above[:, 1], above[:, 1]))
    share = share[share.min(axis=1) > 0]
    cells, above = (each[(above[:, 0] > above[:, 1])] for each in (cells, above))
    outcome = np.tile([0, 1, 2], len(cells))
    matrix, weights = np.repeat(cells, 3, axis=0), 50 * share.ravel()
    # freq_weights are whole numbers; the binary models only start from the ordinal one.
    results = altered(fit(outcome, matrix[:, 1:]), weights=weights)
    estimates, covariance = binary_models(FittedModel.of(results, [MatrixColumn("x"), MatrixColumn("z")]))
    np.testing.assert_allclose(estimates, known[:, 1:], rtol=1e-9)

    above = np.repeat(above, 3, axis=0)
    scores = [((outcome > j) - above[:, j])[:, None] * matrix for j in (0, 1)]
    bread = [np.linalg.inv(matrix.T @ ((weights * a * (1 - a))[:, None] * matrix)) for a in above.T]
    for j in (0, 1):
        for other in (0, 1):
            meat = (weights[:, None] * scores[j]).T @ scores[other]
            expected = (bread[j] @ meat @ bread[other])[1:, 1:]
            np.testing.assert_allclose(covariance[j, :, other, :], expected, rtol=1e-8)
    between = covariance[0, :, 1, :]
    assert np.abs(between - between.T).max() > 0.01 * np.abs(between).max()


def test_frequencies_equal_replication():
    grouped, expanded = (brant(*reference_fit("housing", expanded=flag)) for flag in (False, True))
    pd.testing.assert_frame_equal(grouped, expanded, rtol=1e-8)


def test_mean_statistic_under_the_null_is_its_degrees_of_freedom():
    rng = np.random.default_rng(11)
    found = []
    for _ in range(300):
        matrix = np.column_stack((rng.integers(1, 6, 400), rng.integers(0, 2, 400))).astype(float)
        latent = matrix @ [0.4, -0.5] + rng.logistic(size=400)
        found.append(
            brant(fit(np.digitize(latent, [0.0, 1.0, 2.0]), matrix), [MatrixColumn("x"), MatrixColumn("z")])[
                "chi2"
            ]
        )
    mean = pd.DataFrame(found).mean()
    df = np.array([4, 2, 2])
    assert (np.abs(mean - df) < 4 * np.sqrt(2 * df / 300)).all(), mean


def test_a_coefficient_that_differs_between_cut_points_is_found():
    rng = np.random.default_rng(12)
    x, z = rng.normal(size=(2, 3000))
    low = rng.uniform(size=3000) < stats.logistic.cdf(-1 - 1.5 * x + 0.5 * z)
    high = rng.uniform(size=3000) < stats.logistic.cdf(0.3 * x + 0.5 * z)
    outcome = np.where(low, 0, np.where(high, 2, 1))
    tested = brant(fit(outcome, np.column_stack((x, z))), [MatrixColumn("x"), MatrixColumn("z")])
    p_value = tested.set_index("term")["p_value"]
    assert p_value["x"] < 1e-10


def separated_level():
    wide = simulated()
    wide["y"] = np.where(wide["group"] == "c", 2 + wide["x"] % 2, wide["y"]).astype(int)
    matrix, columns = coded(wide, ["x", "z", "group"])
    return fit(wide["y"].to_numpy(int) - 1, matrix), columns, "group=c"


def separated_number():
    wide = simulated()
    wide["y"] = np.where(wide["x"] == 1, 1, np.maximum(wide["y"], 2)).astype(int)
    matrix, columns = coded(wide, ["x", "z", "group"])
    return fit(wide["y"].to_numpy(int) - 1, matrix), columns, "x"


@pytest.mark.parametrize("case", [separated_level, separated_number])
def test_a_separated_binary_model_is_a_named_problem(case):
    results, columns, culprit = case()
    tested = brant(results, columns, levels=["low", "middle", "upper", "high"])
    assert tested[["chi2", "p_value"]].isna().all(axis=None)
    assert list(tested["df"]) == [8, 2, 2, 4, 2, 2]
    (problem,) = set(tested["problem"])
    assert problem.startswith("the binary model of outcomes above low is separated: ")
    assert culprit in problem.split(": ")[1].split(" predict")[0].split(", ")


def test_a_row_without_weight_does_not_hide_a_separation():
    results, columns, _ = separated_level()
    model = results.model
    counter = altered(
        results,
        exog=np.vstack((model.exog, [[3.0, 5.0, 0.0, 1.0]])),
        endog=np.append(model.endog, 0),
        weights=np.append(model.weights, 0.0),
    )
    pd.testing.assert_frame_equal(brant(counter, columns), brant(results, columns))


def test_two_categories_have_nothing_to_compare():
    rng = np.random.default_rng(1)
    tested = brant(fit(rng.integers(0, 2, 50), rng.normal(size=(50, 1))), [MatrixColumn("x")])
    assert tested["chi2"].isna().all()
    assert tested["problem"].str.contains("nothing to compare").all()


@pytest.mark.parametrize("declared", ["sampling_weights", "clusters", "strata"])
def test_a_sample_that_is_not_of_independent_observations_is_a_named_problem(declared):
    rng = np.random.default_rng(1)
    label = np.arange(90) // 3 + 1
    results = fit(rng.integers(0, 3, 90), rng.normal(size=(90, 1)), **{declared: label})
    tested = brant(results, [MatrixColumn("x")])
    assert tested["chi2"].isna().all()
    assert tested["problem"].str.startswith(f"the model declares {declared}").all()


def sparse_level(seed: int):
    """A sample in which the assumption holds, with a level of about 12 of 300 persons."""
    rng = np.random.default_rng(seed)
    group, x = rng.choice(3, 300, p=[0.6, 0.36, 0.04]), rng.integers(1, 6, 300)
    matrix = np.column_stack((x, group == 1, group == 2)).astype(float)
    outcome = np.digitize(matrix @ [0.4, 0.5, -0.3] + rng.logistic(size=300), [0.0, 1.0, 1.8, 3.5])
    columns = [MatrixColumn("x"), MatrixColumn("group", "b", "a"), MatrixColumn("group", "c", "a")]
    return fit(outcome, matrix), columns


# In the last one the covariance is not positive definite.
@pytest.mark.parametrize("seed", [11, 15, 17, 22])
def test_binary_models_that_are_all_but_the_same_are_a_named_problem(seed, monkeypatch):
    results, columns = sparse_level(seed)
    tested = brant(results, columns)
    shown = tested.set_index(tested["term"].fillna("all") + tested["category_id"].fillna(""))
    assert shown["problem"].isna().to_dict() == {
        "all": False,
        "x": True,
        "group": False,
        "groupb": True,
        "groupc": False,
    }
    assert shown["chi2"].isna().equals(shown["problem"].notna())
    assert shown["problem"].dropna().str.contains("hardly differ in group=c, so").all()
    # Without the guard the statistics of these effects would be huge, although the assumption holds.
    monkeypatch.setattr(brant_module, "DISTINCT", -np.inf)
    unguarded = brant(results, columns)["chi2"][shown["problem"].notna().to_numpy()]
    assert (unguarded.abs() > 30).all()


def test_the_guard_asks_nothing_of_scales_and_correlations():
    results, columns = reference_fit("beps")
    matrix = np.asarray(results.model.exog) @ np.diag([1e-3, 1, 1e4, 1, 1, 1])
    matrix[:, 4] = 1e-3 * matrix[:, 4] + matrix[:, 5]
    nearly_collinear = brant(fit(results.model.endog, matrix), columns)
    assert np.corrcoef(matrix[:, 4], matrix[:, 5])[0, 1] > 0.999999
    assert nearly_collinear["problem"].isna().all()
    np.testing.assert_allclose(nearly_collinear["chi2"][0], brant(results, columns)["chi2"][0], rtol=1e-6)


def test_what_does_not_fit_the_model_is_refused():
    results, columns = reference_fit("housing")
    with pytest.raises(RegressionError, match="5 columns are described, the model has 6"):
        brant(results, columns[:-1])
    with pytest.raises(RegressionError, match="2 outcome levels are named, the model has 3"):
        brant(results, columns, levels=["Low", "High"])
    with pytest.raises(RegressionError, match="more than one column is Infl"):
        brant(results, [MatrixColumn("Infl"), MatrixColumn("Infl"), *columns[2:]])
