"""Partial proportional odds and the likelihood-ratio test against R's ordinal, and fits without a maximum."""

import numpy as np
import pandas as pd
import pytest
from inference_data import fit, reference_fit
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.fitted_model import FittedModel
from kjpoll.ordinal.free_effects import FreeEffects, PartialOdds
from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.nominal import fit_nominal
from kjpoll.ordinal.proportional_odds import likelihood_ratio
from ordinal_data import beps
from regression_data import FIXTURES
from scipy import stats
from statsmodels.tools.numdiff import approx_fprime

CASES = [(name, link) for name in ("wvs", "beps", "housing") for link in ("logit", "probit")]
FITS = pd.read_csv(FIXTURES / "nominal_fits.csv", keep_default_na=False, na_values=["NA"])
TESTS = pd.read_csv(FIXTURES / "nominal_tests.csv", keep_default_na=False)


def fitted(name: str, link: str):
    """Results and columns of the models of nominal.R: the outcome of beps is econ."""
    if name != "beps":
        return reference_fit(name, link)
    outcome, matrix, _ = beps()
    columns = [
        MatrixColumn("gender", "male", "female") if column == "gendermale" else MatrixColumn(column)
        for column in matrix
    ]
    return fit(outcome.cat.codes.to_numpy(), matrix.to_numpy(), link), columns


def of(frame: pd.DataFrame, name: str, link: str) -> pd.DataFrame:
    return frame[frame["data"].eq(name) & frame["link"].eq(link)]


@pytest.mark.parametrize(("name", "link"), CASES)
def test_estimates_and_errors_equal_r_whichever_term_is_free(name, link):
    results, columns = fitted(name, link)
    terms = list(dict.fromkeys(column.term for column in columns))
    for free, expected in of(FITS, name, link).groupby("free", sort=False):
        nominal = fit_nominal(results, [free] if free else terms, columns)
        ours = nominal.estimates()
        label = (ours["term"].fillna("(Intercept)") + ours["category_id"].fillna("")).to_numpy()
        ours.index = pd.MultiIndex.from_arrays([label, ours["cut"].fillna(0).astype(int)])
        expected = expected.set_index(["column", expected["cut"].fillna(0).astype(int)])
        assert len(ours) == len(expected)
        # clm adds nominal effects to the cut point.
        sign = np.where(
            expected["cut"].notna() & (expected.index.get_level_values(0) != "(Intercept)"), -1, 1
        )
        ours = ours.loc[expected.index]
        np.testing.assert_allclose(ours["estimate"], sign * expected["estimate"], atol=1e-6, rtol=0)
        np.testing.assert_allclose(ours["std_error"], expected["std_error"], atol=1e-6, rtol=0)
        np.testing.assert_allclose(
            ours["p_value"],
            2 * stats.norm.sf(np.abs(expected["estimate"] / expected["std_error"])),
            atol=1e-5,
        )
        (llf,) = of(TESTS, name, link).query("term == @free")["logLik"]
        assert nominal.llf == pytest.approx(llf, abs=1e-7)


@pytest.mark.parametrize(("name", "link"), CASES)
def test_likelihood_ratios_equal_those_of_nominal_test(name, link):
    tested = likelihood_ratio(*fitted(name, link))
    assert tested["problem"].isna().all()
    tested = tested[tested["kind"] != "level"].set_index(
        tested["term"].fillna("").loc[tested["kind"] != "level"]
    )
    expected = of(TESTS, name, link).set_index("term")
    assert set(tested.index) == set(expected.index)
    tested = tested.loc[expected.index]
    np.testing.assert_allclose(tested["chi2"], expected["lrt"], atol=1e-6, rtol=0)
    assert list(tested["df"]) == list(expected["df"])
    np.testing.assert_allclose(tested["p_value"], stats.chi2.sf(expected["lrt"], expected["df"]), rtol=1e-5)


@pytest.mark.parametrize("name", ["beps", "housing"])
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_gradient_and_hessian_equal_numerical_ones_and_a_sum_over_observations(name, link):
    model = FittedModel.of(*fitted(name, link))
    everything = FreeEffects(model)
    partial = PartialOdds(everything, [1, len(model.columns) - 1])
    rng = np.random.default_rng(3)
    internal = partial.to_internal @ partial.start()
    internal = internal + 0.02 * rng.normal(size=len(internal))
    assert partial.in_order(internal)
    value, slope, bend = partial.derivatives(internal)
    theta = np.linalg.solve(partial.to_internal, internal)
    assert value == pytest.approx(direct(model, partial, theta), rel=1e-12)
    np.testing.assert_allclose(
        slope,
        approx_fprime(internal, lambda at: partial.derivatives(at)[0], centered=True),
        rtol=1e-6,
        atol=1e-4,
    )
    numerical = approx_fprime(internal, lambda at: partial.derivatives(at)[1], centered=True)
    np.testing.assert_allclose(bend, numerical, rtol=1e-6, atol=1e-5)


def direct(model: FittedModel, partial: PartialOdds, theta: np.ndarray) -> float:
    """The log likelihood from its definition, in natural parameters."""
    coefficients = np.zeros((len(model.cut_points), len(model.columns)))
    cuts = np.zeros(len(model.cut_points))
    for value, (column, j) in zip(theta, partial.parameters):
        if column < 0:
            cuts[j] = value
        else:
            coefficients[slice(None) if j < 0 else j, column] = value
    below = np.column_stack(
        (
            np.zeros(len(model.outcome)),
            model.link.cumulative(cuts - model.matrix @ coefficients.T),
            np.ones(len(model.outcome)),
        )
    )
    given = np.diff(below, axis=1)[range(len(model.outcome)), model.outcome]
    return float(model.weights @ np.log(given))


def test_frequencies_equal_replication():
    grouped, expanded = (likelihood_ratio(*reference_fit("housing", expanded=flag)) for flag in (False, True))
    pd.testing.assert_frame_equal(grouped, expanded, rtol=1e-8)


def test_without_free_terms_it_is_the_model_itself():
    results, columns = reference_fit("housing")
    nominal = fit_nominal(results, [], columns)
    np.testing.assert_allclose(nominal.params, results.params, rtol=1e-8)
    np.testing.assert_allclose(nominal.covariance, results.covariance, rtol=1e-6, atol=1e-12)
    assert nominal.llf == pytest.approx(results.llf, rel=1e-12)


def never(level_answers: tuple[int, ...], seed: int = 5):
    """A level whose 40 members give the answers `level_answers` alone."""
    rng = np.random.default_rng(seed)
    level, x = np.arange(400) < 40, rng.integers(1, 6, 400)
    outcome = np.digitize(0.5 * x + rng.logistic(size=400), [0.5, 1.8, 3.5])
    outcome[level] = rng.choice(level_answers, 40)
    return fit(outcome, np.column_stack((x, level)).astype(float)), [
        MatrixColumn("x"),
        MatrixColumn("group", "c", "a"),
    ]


def test_a_free_effect_without_finite_estimates_is_named_with_its_cut_points():
    results, columns = never((1, 2))
    levels = ["low", "middle", "upper", "high"]
    with pytest.raises(
        RegressionError,
        match="^model .*separated: group=c predict perfectly at the cut points between "
        "low and middle, upper and high, so their free effects are infinite",
    ):
        fit_nominal(results, ["group"], columns, levels=levels)
    tested = likelihood_ratio(results, columns, levels=levels).set_index("kind")
    assert tested["chi2"].isna().to_dict() == tested["problem"].notna().to_dict()
    assert tested.loc["level", "problem"].startswith("separated: group=c predict perfectly")
    assert tested[tested["term"].eq("x")]["chi2"].notna().all()


def test_a_maximum_with_a_negative_probability_is_named():
    """Where x is 5 the effects that fit the others would cross: nobody there gives the middle answer."""
    counts = {1: (10, 80, 10), 2: (20, 60, 20), 3: (30, 40, 30), 4: (40, 20, 40), 8: (20, 0, 20)}
    x = np.repeat(list(counts), 3).astype(float)
    outcome, weights = np.tile([0, 1, 2], len(counts)), np.ravel(list(counts.values()))
    results = fit(outcome, x[:, None], weights=weights)
    with pytest.raises(
        RegressionError, match="the free effects give 40 observations a negative probability of about"
    ):
        fit_nominal(results, ["x"], [MatrixColumn("x")], levels=["less", "about", "more"])
    tested = likelihood_ratio(results, [MatrixColumn("x")])
    assert tested["chi2"].isna().all() and tested["problem"].str.contains("a negative probability of 1").all()


def test_what_cannot_be_free_is_refused():
    results, columns = reference_fit("housing")
    with pytest.raises(
        RegressionError, match="term Kind: not a term of the model; its terms are Infl, Type, Cont"
    ):
        fit_nominal(results, ["Kind"], columns)
    rng = np.random.default_rng(1)
    two = fit(rng.integers(0, 2, 50), rng.normal(size=(50, 1)))
    with pytest.raises(RegressionError, match="nothing to compare"):
        fit_nominal(two, ["x1"])
    assert likelihood_ratio(two)["problem"].str.contains("nothing to compare").all()
    weighted = fit(rng.integers(0, 3, 90), rng.normal(size=(90, 1)), sampling_weights=np.arange(1, 91))
    with pytest.raises(RegressionError, match="declares sampling_weights"):
        fit_nominal(weighted, ["x1"])
