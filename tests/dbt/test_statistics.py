"""The statistics macros against exact arithmetic, statsmodels and scipy."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.proportion import test_proportions_2indep as two_proportions_test

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def numbers(results):
    return results[1].execute("select * from numbers order by base_n, n").df()


def test_percentages_are_rounded_half_up_in_exact_arithmetic(numbers):
    exact = [
        (Fraction(1000 * int(n), int(base)) + Fraction(1, 2)) // 1
        for n, base in zip(numbers["n"], numbers["base_n"])
    ]
    assert list(numbers["printed"]) == [int(tenths) / 10 for tenths in exact]
    half = numbers[(numbers["n"] == 315) & (numbers["base_n"] == 1008)]
    assert list(half["printed"]) == [31.3]  # 31.25


def test_the_interval_is_wilsons(numbers):
    low, high = proportion_confint(numbers["n"], numbers["base_n"], method="wilson")
    np.testing.assert_allclose(numbers["low"], 100 * low, atol=1e-10)
    np.testing.assert_allclose(numbers["high"], 100 * high, atol=1e-10)


def test_the_standard_error_is_that_of_a_simple_random_sample(numbers):
    share = numbers["n"] / numbers["base_n"]
    np.testing.assert_allclose(
        numbers["std_error"], 100 * np.sqrt(share * (1 - share) / numbers["base_n"]), atol=1e-12
    )


def test_the_error_of_a_difference_is_that_of_the_pooled_test_of_two_proportions(numbers):
    some = numbers[::25]
    variance = [
        two_proportions_test(n, base_n, 200, 500, method="score", correction=False).variance
        for n, base_n in zip(some["n"], some["base_n"], strict=True)
    ]
    np.testing.assert_allclose(some["difference_error"], 100 * np.sqrt(variance), rtol=1e-9)
    doubled = some["difference_error_of_clusters"]
    np.testing.assert_allclose(doubled, 100 * np.sqrt(2 * np.array(variance)), rtol=1e-9)


def test_the_terms_of_homogeneity_sum_to_pearsons_chi_square(numbers):
    """Of a share and the rest of it, the terms are those of the two."""
    for row in numbers[numbers["base_n"] == 1000][50::100].itertuples():
        table = [[row.n, row.base_n - row.n], [200, 300]]
        chi_square = stats.chi2_contingency(table, correction=False).statistic
        share, both = row.n / row.base_n, (row.n + 200) / (row.base_n + 500)
        of_the_rest = (share - 0.4) ** 2 / ((1 - both) * (1 / row.base_n + 1 / 500))
        assert row.homogeneity + of_the_rest == pytest.approx(chi_square, rel=1e-9)


@pytest.mark.parametrize("degrees", [1, 2, 3])
def test_the_p_value_of_a_chi_square(numbers, degrees):
    np.testing.assert_allclose(
        numbers[f"p_of_{degrees}"], stats.chi2.sf(numbers["n"] / 20.0, degrees), rtol=2e-7
    )


def test_the_p_value_is_the_normal_one(numbers):
    exact = 2 * stats.norm.sf(np.abs(numbers["n"] - 500) / 100.0)
    np.testing.assert_allclose(numbers["p"], exact, rtol=2e-7)


@pytest.mark.parametrize("degrees", [2, 4, 8])
def test_the_p_value_is_students(numbers, degrees):
    exact = 2 * stats.t.sf(np.abs(numbers["n"] - 500) / 50.0, degrees)
    np.testing.assert_allclose(numbers[f"t_p_of_{degrees}"], exact, rtol=1e-7, atol=1e-15)


def test_a_share_moves_as_far_as_its_arcsine(numbers):
    """A step of the arcsine square root that is 9.4 points at 50%, small enough to be straight."""
    small = 1e-4
    arcsine = np.arcsin(np.sqrt(numbers["n"] / numbers["base_n"]))
    inner = numbers["n"].between(1, numbers["base_n"] - 1)
    step = 9.4 * (np.sin(arcsine + small) ** 2 - np.sin(arcsine - small) ** 2) / (2 * small)
    np.testing.assert_allclose(numbers["movement"][inner], step[inner], rtol=1e-6)
    assert numbers["movement"][~inner].eq(0).all()


@pytest.fixture(scope="module")
def degrees(results):
    """One row per degrees of freedom `nu` (NaN: none) and value of t from 0 to 8."""
    return results[1].execute("select * from degrees").df()


def test_the_critical_value_is_students(degrees):
    whole = degrees[degrees["nu"] % 1 == 0]
    exact = stats.t.ppf(0.975, whole["nu"])
    np.testing.assert_allclose(np.sqrt(whole["critical_squared"]), exact, rtol=2e-8)
    none = degrees[degrees["nu"].isna()]
    np.testing.assert_allclose(np.sqrt(none["critical_squared"]), stats.norm.ppf(0.975), rtol=1e-15)


@pytest.mark.parametrize(("least", "off_by"), [(2, 5e-4), (5, 1e-6), (10, 1e-7)])
def test_the_p_value_of_t_with_any_degrees(degrees, least, off_by):
    some = degrees[degrees["nu"] >= least]
    np.testing.assert_allclose(some["p"], 2 * stats.t.sf(some["t"], some["nu"]), atol=off_by)
    none = degrees[degrees["nu"].isna()]
    np.testing.assert_allclose(none["p"], 2 * stats.norm.sf(none["t"]), rtol=2e-7)


@pytest.mark.parametrize("of", [1, 2, 3])
def test_the_p_value_of_a_chi_square_of_clusters_is_that_of_f(degrees, of):
    some = degrees[degrees["nu"] >= 5]
    np.testing.assert_allclose(
        some[f"p_of_{of}"], stats.f.sf(some["t"] ** 2 / of, of, of * some["nu"]), atol=2e-6
    )
    none = degrees[degrees["nu"].isna()]
    np.testing.assert_allclose(none[f"p_of_{of}"], stats.chi2.sf(none["t"] ** 2, of), rtol=2e-7)


def test_the_degrees_of_a_difference_are_satterthwaites(degrees):
    """Variances of 1 and 4; degrees that are not given are infinitely many."""
    some = degrees[degrees["nu"].notna()]
    np.testing.assert_allclose(some["joint"], 25 / (1 / some["nu"] + 16 / 12), rtol=1e-12)
    np.testing.assert_allclose(some["joint_with_unclustered"], 25 * some["nu"], rtol=1e-12)
    none = degrees[degrees["nu"].isna()]
    np.testing.assert_allclose(none["joint"], 25 / (16 / 12), rtol=1e-12)
    assert none["joint_with_unclustered"].isna().all()
