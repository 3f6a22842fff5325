"""Terms on which a hypothesis rests: effects on nets, the joint test, and the waves that can bear it."""

import numpy as np
import pandas as pd
import pytest
from inference_data import altered, fit, parameters
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.effects import average_marginal_effects
from kjpoll.ordinal.matrix_column import MatrixColumn
from regression_data import (
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    simulated,
    specification,
)
from stage_data import NO_ALTERNATIVES, part
from statsmodels.tools.numdiff import approx_fprime

from tests.support.long_answers import run_stage

NETS = {"c1": "positive", "c2": "positive", "c3": "neither", "c4": "negative"}
WIDE = {wave: simulated(400, seed=wave + 30) for wave in (1, 2, 3)}
ANSWERS = pd.concat(
    [
        long_answers(WIDE[1].drop(columns="group"), nets=NETS, wave=1),
        long_answers(WIDE[2].drop(columns="z"), GROUP_LEVELS, nets=NETS, wave=2),
        long_answers(WIDE[3], GROUP_LEVELS, nets=NETS, wave=3),
    ],
    ignore_index=True,
)
COLUMNS = ["hypothesis_id", "model_id", "term"]
LAST = {"first_wave": "3", "last_wave": "3"}


def staged(rows=(("h", "m", "group"),), **values) -> pd.DataFrame:
    seeds = specification(*SIMULATED_TERMS, **(LAST | values))
    return run_stage(*seeds, NO_ALTERNATIVES, ANSWERS, hypotheses=pd.DataFrame(rows, columns=COLUMNS))


def test_effects_on_nets_are_sums_over_their_answers_with_the_error_of_the_sum():
    rows = part(staged(), "hypothesis", "m")
    wide = WIDE[3]
    matrix = np.column_stack(
        (wide[["x", "z"]].to_numpy(float), *(wide["group"].eq(level).astype(float) for level in "bc"))
    )
    columns = [MatrixColumn("x"), MatrixColumn("z"), *(MatrixColumn("group", level, "a") for level in "bc")]
    results = fit(wide["y"].to_numpy(int) - 1, matrix)

    def of_nets(theta):
        effects = average_marginal_effects(altered(results, theta), columns)
        table = effects[effects["term"] == "group"]["effect"].to_numpy().reshape(2, 4)
        return np.column_stack((table[:, 0] + table[:, 1], table[:, 2], table[:, 3])).ravel()

    gradient = approx_fprime(parameters(results), of_nets, centered=True)
    errors = np.sqrt(np.einsum("ij,jk,ik->i", gradient, results.covariance, gradient))
    effects = rows[rows["kind"] == "net_effect"]
    assert list(effects["outcome_category"]) == ["positive", "neither", "negative"] * 2
    assert list(effects["category_id"]) == ["b"] * 3 + ["c"] * 3
    np.testing.assert_allclose(effects["estimate"].astype(float), of_nets(parameters(results)), atol=1e-9)
    np.testing.assert_allclose(effects["std_error"].astype(float), errors, rtol=1e-6)
    joint = rows[rows["kind"] == "joint"].iloc[0]
    chosen, covariance = results.coefficients[2:], results.covariance[2:4, 2:4]
    assert (joint["term"], joint["df"]) == ("group", 2)
    assert joint["statistic"] == pytest.approx(chosen @ np.linalg.inv(covariance) @ chosen, rel=1e-7)


def test_waves_that_were_asked_the_term_have_rows():
    """A published model is fitted on every wave anyway; one for a hypothesis on those that can bear it alone."""
    published = staged()
    assert set(part(published, "model")["model_id"]) == {"m", "m@S-1", "m@S-2"}
    assert set(part(published, "hypothesis")["model_id"]) == {"m", "m@S-2"}
    own = staged(variant="hypothesis", printed_table=None, model=None)
    models = part(own, "model").set_index("model_id")
    assert set(models.index) == {"m", "m@S-2"}
    assert models.loc["m@S-2", "left_out"] == "z"
    assert set(part(own, "hypothesis")["model_id"]) == {"m", "m@S-2"}


def test_several_terms_of_a_model_can_be_tested_and_the_others_have_no_rows():
    rows = part(staged([("h", "m", "group"), ("k", "m", "x")]), "hypothesis", "m")
    assert set(rows["term"]) == {"group", "x"}
    assert set(part(staged(), "hypothesis", "m")["term"]) == {"group"}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("h", "m", "w")], "model m, term w: hypothesis h of seed regression_hypotheses: has no such term"),
        ([("h", "n", "x")], "model n, term x: .*is no row of regression_models"),
        ([("h", "m", None)], "hypothesis h: seed regression_hypotheses has a row without term"),
        ([("h", "m", "x"), ("h", "m", "x")], "hypothesis h stands twice"),
    ],
)
def test_a_hypothesis_that_rests_on_nothing_is_an_error(rows, message):
    with pytest.raises(RegressionError, match=message):
        staged(rows)


def test_a_seed_without_its_columns_is_an_error():
    seeds = specification(*SIMULATED_TERMS, **LAST)
    with pytest.raises(RegressionError, match="regression_hypotheses lacks the columns term"):
        run_stage(*seeds, NO_ALTERNATIVES, ANSWERS, hypotheses=pd.DataFrame(columns=COLUMNS[:2]))


def test_a_hypothesis_needs_one_coefficient_of_its_term():
    with pytest.raises(RegressionError, match="another coefficient of the term at every cut point"):
        staged([("h", "m", "x")], nominal=("x",))
