"""Grouping in numpy and in DuckDB, the fit of a design on its patterns, and dropped terms."""

from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import OrdinalModel
from kjpoll.ordinal.patterns import group
from kjpoll.regression.design import build_design
from kjpoll.regression.fit import fit_design
from kjpoll.regression.specification_rows import read_specifications
from kjpoll.regression.stage import questions_of
from ordinal_data import sample, statistics
from regression_data import (
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    numeric,
    simulated,
    specification,
)

from tests.support.long_answers import LongAnswers
from tests.support.patterns_in_duckdb import group_in_duckdb

N = 2000


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Outcome y, covariates x and "f lag" (a name that needs quoting), frequency f, weight w."""
    outcome, matrix = sample(N)
    rng = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "y": outcome,
            "x": matrix[:, 0].astype(int),
            "f lag": matrix[:, 1] > 0,
            "f": rng.integers(1, 5, N),
            "w": rng.choice([0.5, 1.0, 2.25], N),
        }
    )


def fitted(patterns, vce=None):
    return OrdinalModel(
        patterns.outcome,
        patterns.matrix,
        freq_weights=patterns.freq_weights,
        sampling_weights=patterns.sampling_weights,
    ).fit(vce)


COLUMNS = ["x", "f lag"]


@pytest.mark.parametrize("freq", [None, "f"])
@pytest.mark.parametrize("sampling", [None, "w"])
def test_grouped_equals_ungrouped(rows, freq, sampling):
    matrix = rows[COLUMNS].to_numpy(float)
    given = {
        "freq_weights": None if freq is None else rows[freq].to_numpy(),
        "sampling_weights": None if sampling is None else rows[sampling].to_numpy(),
    }
    in_numpy = group(rows["y"].to_numpy(), matrix, **given)
    in_duckdb = group_in_duckdb(
        duckdb.from_df(rows), "y", COLUMNS, freq_weight=freq, sampling_weight=sampling
    )
    for name in ("outcome", "matrix", "freq_weights", "sampling_weights"):
        one, other = getattr(in_numpy, name), getattr(in_duckdb, name)
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_array_equal(one, other)
    assert len(in_numpy.outcome) == 4 * 5 * 2 * (1 if sampling is None else 3)
    assert in_numpy.freq_weights.sum() == (N if freq is None else rows["f"].sum())
    for vce in ("robust", None):
        plain = OrdinalModel(rows["y"], matrix, **given).fit(vce)
        np.testing.assert_allclose(
            statistics(fitted(in_numpy, vce)), statistics(plain), rtol=1e-10, atol=1e-10
        )


def test_order_of_rows_does_not_reach_the_patterns(rows):
    shuffled = rows.sample(frac=1, random_state=1)
    one, other = (group(frame["y"].to_numpy(), frame[COLUMNS].to_numpy(float)) for frame in (rows, shuffled))
    np.testing.assert_array_equal(one.matrix, other.matrix)
    np.testing.assert_array_equal(one.freq_weights, other.freq_weights)
    assert (np.diff(one.outcome) >= 0).all()


def test_more_combinations_than_an_integer_holds():
    """40 columns of 5 values are 5**40 combinations; equal rows still meet, others do not."""
    rng = np.random.default_rng(8)
    matrix = np.repeat(rng.integers(0, 5, (50, 40)).astype(float), 3, axis=0)
    matrix[1, 39] += 5
    outcome = np.zeros(150, dtype=int)
    found = group(outcome, matrix)
    assert len(found.outcome) == 51 and sorted(found.freq_weights)[:2] == [1, 2]
    np.testing.assert_array_equal(found.matrix, np.unique(matrix, axis=0))


def test_missing_values_are_refused(rows):
    matrix = rows[COLUMNS].to_numpy(float)
    matrix[7, 1] = np.nan
    with pytest.raises(ValueError, match="missing value in column 1"):
        group(rows["y"].to_numpy(), matrix)
    relation = duckdb.from_df(rows).project('y, case when x < 3 then x end as x, "f lag", f')
    with pytest.raises(ValueError, match="column x has missing values"):
        group_in_duckdb(relation, "y", COLUMNS)


def test_no_columns_in_duckdb(rows):
    found = group_in_duckdb(duckdb.from_df(rows), "y", [])
    assert found.matrix.shape == (4, 0) and found.freq_weights.sum() == N
    OrdinalModel(found.outcome, freq_weights=found.freq_weights).fit()


def designed(wide: pd.DataFrame, *terms, levels=None, weights=None, **values):
    (spec,) = read_specifications(*specification(*terms, **values))
    rows = long_answers(wide, levels or GROUP_LEVELS, weights=weights)
    return spec, build_design(spec, LongAnswers(rows, questions_of([spec])))


TERMS = (numeric("x"), SIMULATED_TERMS[2])


def ungrouped(n: int = 1000) -> tuple[np.ndarray, np.ndarray]:
    """Outcome and matrix of TERMS, a row per respondent, without the stage."""
    wide = simulated(n)
    return wide["y"].to_numpy(int) - 1, np.column_stack(
        (wide["x"].to_numpy(float), wide["group"] == "b", wide["group"] == "c")
    )


@pytest.fixture(scope="module")
def design():
    return designed(simulated(1000), *TERMS)


def test_a_design_is_fitted_on_its_patterns(design):
    spec, design = design
    results = fit_design(spec, design)
    assert len(results.model.endog) == 4 * 5 * 3 and results.nobs == 1000
    assert list(results.params.index) == ["x", "group=b", "group=c", "cut1", "cut2", "cut3"]
    assert list(results.model.categories) == list(design.levels)
    assert len(design.outcome) == 4 * 5 * 3 and design.frequency.sum() == design.n_sample == 1000
    plain = OrdinalModel(*ungrouped()).fit()
    np.testing.assert_allclose(statistics(results), statistics(plain), rtol=1e-10, atol=1e-10)
    assert results.llf == pytest.approx(plain.llf, rel=1e-12)


def test_answers_that_only_a_dropped_term_distinguished_are_one_pattern():
    """z divides the patterns of the design; without its column they are grouped again."""
    spec, design = designed(simulated(1000), *TERMS, numeric("z"))
    assert len(design.outcome) > 4 * 5 * 3
    without = replace(design, matrix=design.matrix[:, :3], columns=design.columns[:3])
    results = fit_design(spec, without)
    assert len(results.model.endog) == 4 * 5 * 3 and results.nobs == 1000
    plain = OrdinalModel(*ungrouped()).fit()
    np.testing.assert_allclose(statistics(results), statistics(plain), rtol=1e-10, atol=1e-10)


def test_weights_link_and_errors_come_from_the_specification():
    rng = np.random.default_rng(0)
    weights, clusters = rng.choice([0.5, 2.0], 1000), rng.integers(0, 50, 1000)
    weighted = fit_design(*designed(simulated(1000), *TERMS, weights=weights, weight="weight", vce="robust"))
    assert weighted.vce == "robust" and 60 < len(weighted.model.endog) <= 4 * 5 * 3 * 2
    outcome, matrix = ungrouped()
    plain = OrdinalModel(outcome, matrix, sampling_weights=weights).fit("robust")
    np.testing.assert_allclose(statistics(weighted), statistics(plain), rtol=1e-10, atol=1e-10)
    # A design that is declared changes the errors, not the estimates.
    declared = OrdinalModel(
        outcome, matrix, sampling_weights=weights, clusters=clusters, strata=np.where(clusters < 20, "a", "b")
    ).fit()
    assert declared.vce == "design"
    np.testing.assert_allclose(declared.params, weighted.params, rtol=1e-9)
    probit = fit_design(*designed(simulated(1000), *TERMS, link="probit", vce="robust"))
    assert (probit.link, probit.vce) == ("probit", "robust")
    plain = OrdinalModel(outcome, matrix, link="probit").fit("robust")
    np.testing.assert_allclose(statistics(probit), statistics(plain), rtol=1e-10, atol=1e-10)
