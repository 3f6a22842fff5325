"""Who enters a model, how levels are coded, and what must not matter."""

import json
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kjpoll.regression.specification import Term
from kjpoll.regression.specification_rows import read_specifications
from regression_data import (
    GROUP_LEVELS,
    SIMULATED_TERMS,
    core_answers,
    long_answers,
    numeric,
    published_specifications,
    simulated,
    specification,
)

from tests.support.long_answers import fit_models

pytestmark = pytest.mark.slow

WIDE = simulated()
BASE = fit_models(*specification(*SIMULATED_TERMS), long_answers(WIDE, GROUP_LEVELS))


def test_drops_count_the_first_reason_in_term_order():
    wide = WIDE.copy()
    wide.loc[0, ["y", "x"]] = ["no_answer", "dont_know"]
    wide.loc[1, ["x", "z"]] = ["dont_know", "skipped"]
    wide.loc[2:4, "x"] = "no_answer"
    wide.loc[4:6, "z"] = "skipped"
    wide.loc[7, "group"] = "dont_know"
    row = fit_models(*specification(*SIMULATED_TERMS), long_answers(wide, GROUP_LEVELS)).iloc[0]
    assert (row["n_sample"], row["n_dropped"], row["n_obs"]) == (400, 8, 392)
    assert (row["n_dropped_dont_know"], row["n_dropped_no_answer"], row["n_dropped_skipped"]) == (2, 4, 2)
    dropped = json.loads(row["dropped_by_term"])
    assert list(dropped) == ["y", "x", "z", "group"]
    assert dropped == {
        "y": {"dont_know": 0, "no_answer": 1, "skipped": 0},
        "x": {"dont_know": 1, "no_answer": 3, "skipped": 0},
        "z": {"dont_know": 0, "no_answer": 0, "skipped": 2},
        "group": {"dont_know": 1, "no_answer": 0, "skipped": 0},
    }


@pytest.mark.parametrize("category_id", ["not_sure", None])
def test_dont_know_as_a_category_comes_last(category_id):
    wide = WIDE.copy()
    wide.loc[:39, "group"] = "dont_know"
    wide.loc[40:44, "group"] = "no_answer"
    answers = long_answers(wide, GROUP_LEVELS)
    answers.loc[answers["answer_status"] == "dont_know", "category_id"] = category_id
    fitted = fit_models(*specification(("group", "categorical", "b", "category")), answers)
    levels = fitted.loc[fitted["term"] == "group", "category_id"]
    assert list(levels) == ["a", "c", "not_sure"]
    assert fitted["n_obs"][0] == 395 and fitted["n_dropped_no_answer"][0] == 5


def test_levels_follow_positions_not_names():
    answers = long_answers(WIDE, {"group": ["c", "a", "b"]})
    fitted = fit_models(*specification(("group", "categorical", "a", "missing")), answers)
    assert list(fitted["category_id"].dropna()) == ["c", "b"]


def test_a_level_of_dropped_respondents_only_gets_no_coefficient():
    wide = WIDE.copy()
    wide.loc[wide["group"] == "c", "x"] = "no_answer"
    fitted = fit_models(*specification(*SIMULATED_TERMS), long_answers(wide, GROUP_LEVELS))
    assert list(fitted["category_id"].dropna()) == ["b"]


def test_changing_the_reference_shifts_the_levels_and_keeps_the_fit():
    terms = [*SIMULATED_TERMS[:2], ("group", "categorical", "c", "missing")]
    other = fit_models(*specification(*terms), long_answers(WIDE, GROUP_LEVELS))
    ours, theirs = (f[f["term"] == "group"].set_index("category_id")["estimate"] for f in (BASE, other))
    assert theirs["a"] == pytest.approx(-ours["c"], abs=1e-9)
    assert theirs["b"] == pytest.approx(ours["b"] - ours["c"], abs=1e-9)
    assert other["log_likelihood"][0] == pytest.approx(BASE["log_likelihood"][0], abs=1e-9)


def test_formula_and_hash():
    spec = read_specifications(*published_specifications())[2]
    assert spec.formula == (
        "impression_of_counterpart ~ korean_gov_attitude + japanese_gov_attitude + "
        "importance_of_relations + i.economic_relations + i.fukushima_water + "
        "security_cooperation_vs_dprk"
    )
    models, terms = specification(*SIMULATED_TERMS)
    (first,) = read_specifications(models, terms)
    labels = {"model_id": "other", "printed_table": "7", "model": "3"}
    (shuffled,) = read_specifications(models.assign(**labels), terms.iloc[::-1].assign(model_id="other"))
    assert first.spec_hash == shuffled.spec_hash and len(first.spec_hash) == 64
    changed = [
        models.assign(**change)
        for change in (
            {"series": "T"},
            {"first_wave": "0"},
            {"last_wave": "2"},
            {"outcome": "w"},
            {"link": "probit"},
            {"vce": "robust"},
            {"weight": "weight", "vce": "robust"},
        )
    ]
    changed = [read_specifications(rows, terms)[0] for rows in changed]
    changed += [
        read_specifications(models, terms.assign(**{column: values}))[0]
        for column, values in (
            ("term_order", [2, 1, 3]),
            ("term", ["x", "w", "group"]),
            ("coding", ["numeric", "numeric", "net"]),
            ("reference_category", [None, None, "b"]),
            ("dont_know", ["middle", "missing", "missing"]),
        )
    ]
    changed.append(replace(first, required=(Term("w", "numeric"),)))
    hashes = {first.spec_hash, *(spec.spec_hash for spec in changed)}
    assert len(hashes) == len(changed) + 1


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_matter(seed):
    answers = long_answers(WIDE, GROUP_LEVELS).sample(frac=1, random_state=seed)
    models, terms = specification(*SIMULATED_TERMS)
    terms = terms.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(fit_models(models, terms, answers), BASE, check_exact=True)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_renaming_respondents_changes_no_estimate(seed):
    wide = WIDE.sample(frac=1, random_state=seed)
    fitted = fit_models(*specification(*SIMULATED_TERMS), long_answers(wide, GROUP_LEVELS))
    for name in ("estimate", "std_error", "log_likelihood"):
        np.testing.assert_allclose(fitted[name], BASE[name], rtol=1e-10, atol=1e-11)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_reversing_the_outcome_flips_the_signs(seed):
    wide = simulated(300, seed)
    forward = fit_models(*specification(*SIMULATED_TERMS), long_answers(wide, GROUP_LEVELS))
    wide["y"] = 5 - wide["y"]
    back = fit_models(*specification(*SIMULATED_TERMS), long_answers(wide, GROUP_LEVELS))
    np.testing.assert_allclose(back["estimate"][:4], -forward["estimate"][:4], atol=1e-9)
    np.testing.assert_allclose(back["estimate"][4:], -forward["estimate"][:3:-1], atol=1e-9)
    np.testing.assert_allclose(back["std_error"][4:], forward["std_error"][:3:-1], rtol=1e-9)
    assert back["log_likelihood"][0] == pytest.approx(forward["log_likelihood"][0], abs=1e-9)


def test_a_linear_change_of_a_numeric_term_only_rescales_it():
    wide = WIDE.copy()
    wide["x"] = 10 * wide["x"] + 3
    fitted = fit_models(*specification(*SIMULATED_TERMS), long_answers(wide, GROUP_LEVELS))
    assert 10 * fitted["estimate"][0] == pytest.approx(BASE["estimate"][0], abs=1e-9)
    assert fitted["statistic"][0] == pytest.approx(BASE["statistic"][0], abs=1e-9)
    assert fitted["log_likelihood"][0] == pytest.approx(BASE["log_likelihood"][0], abs=1e-9)


def test_other_samples_and_questions_are_ignored():
    answers = long_answers(WIDE.assign(unused=1), GROUP_LEVELS)
    for other in ({"country": "T"}, {"wave": 2}):
        both = pd.concat([answers, answers.assign(**other)])
        pd.testing.assert_frame_equal(fit_models(*specification(*SIMULATED_TERMS), both), BASE)


def test_scale_starting_at_zero_is_an_outcome_too():
    wide = WIDE.assign(y=WIDE["y"] - 1)
    fitted = fit_models(*specification(*SIMULATED_TERMS), long_answers(wide, GROUP_LEVELS))
    np.testing.assert_allclose(fitted["estimate"], BASE["estimate"], atol=1e-12)


def test_twice_the_same_bytes():
    answers = core_answers("JPN")
    rows = published_specifications("JPN")
    first, second = (fit_models(*rows, answers).to_csv(index=False) for _ in range(2))
    assert first == second


def test_round_trip_through_duckdb_keeps_nulls_and_types():
    """Types as the warehouse hands them over, and nulls as SQL understands them."""
    connection = duckdb.connect()
    connection.register(
        "given", long_answers(WIDE, GROUP_LEVELS).assign(position=lambda f: f["position"].astype("Int16"))
    )
    fitted = fit_models(*specification(*SIMULATED_TERMS), connection.sql("select * from given").df())
    pd.testing.assert_frame_equal(fitted, BASE)
    connection.register("fitted", fitted)
    nulls = connection.sql("""
        select count(*) filter (category_id is null), count(*) filter (odds_ratio is null),
               count(*) filter (reference_category is null), count(*) filter (stars is null),
               min(typeof(n_obs)), min(typeof(estimate)), min(typeof(odds_ratio)),
               min(typeof(converged)), min(typeof(term))
        from fitted""").fetchall()
    connection.close()
    assert nulls == [(5, 3, 5, 0, "BIGINT", "DOUBLE", "DOUBLE", "BOOLEAN", "VARCHAR")]


def test_a_single_numeric_term_is_enough():
    fitted = fit_models(*specification(numeric("x")), long_answers(WIDE, GROUP_LEVELS))
    assert list(fitted["kind"]) == ["coefficient"] + ["cut_point"] * 3
    assert fitted["df_model"][0] == 1
