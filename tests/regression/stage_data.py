"""Samples, models and comparisons for the tests of the stage as a whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
from ordinal_data import statistics
from regression_data import (
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    numeric,
    simulated,
    specification,
    together,
)

from tests.support.long_answers import run_stage

GROUP = SIMULATED_TERMS[2]
NO_ALTERNATIVES = pd.DataFrame(columns=["alternative_id", "term", "setting", "value", "reference_category"])
# Rows have ten significant digits.
CLOSE = {"rtol": 1e-9, "atol": 1e-10}


def alternatives(*rows: tuple) -> pd.DataFrame:
    """(alternative_id, term, setting, value, reference_category) each."""
    return pd.DataFrame(rows, columns=NO_ALTERNATIVES.columns)


def staged(seeds, answers, chosen: pd.DataFrame = NO_ALTERNATIVES) -> pd.DataFrame:
    return run_stage(*seeds, chosen, answers)


def part(result: pd.DataFrame, name: str, model_id: str | None = None) -> pd.DataFrame:
    chosen = result["part"].eq(name) & (True if model_id is None else result["model_id"].eq(model_id))
    return result[chosen].reset_index(drop=True)


def alternative(result: pd.DataFrame, name: str, model_id: str) -> pd.DataFrame:
    rows = part(result, "sensitivity", model_id)
    return rows[rows["alternative_id"] == name].reset_index(drop=True)


def figures(result: pd.DataFrame) -> pd.DataFrame:
    return part(result, "model").set_index("model_id")


def compare(rows: pd.DataFrame, results) -> None:
    """Rows of terms against a fit on one row per respondent."""
    ours = rows[["estimate", "std_error"]].to_numpy(float).T.ravel()
    np.testing.assert_allclose(ours, statistics(results), **CLOSE)


def columns_of(people: pd.DataFrame, levels=("b", "c")) -> np.ndarray:
    """x, z and indicators of group, a row per respondent."""
    return np.column_stack(
        (people[["x", "z"]].to_numpy(float), *(people["group"].eq(level) for level in levels))
    )


def outcome_of(people: pd.DataFrame) -> np.ndarray:
    return people["y"].to_numpy(int) - 1


# Wave 1 asked everything, wave 2 not z, wave 3 not the outcome, wave 4 nothing but the outcome.
WIDE = {wave: simulated(300, seed=wave) for wave in range(1, 6)}
ANSWERS = pd.concat(
    [
        long_answers(WIDE[1], GROUP_LEVELS, wave=1),
        long_answers(WIDE[2].drop(columns="z"), GROUP_LEVELS, wave=2),
        long_answers(WIDE[3].drop(columns="y"), GROUP_LEVELS, wave=3),
        long_answers(WIDE[4][["y"]], wave=4),
        long_answers(WIDE[5], GROUP_LEVELS, wave=5),
    ],
    ignore_index=True,
)
LAST = {"first_wave": "5", "last_wave": "5"}
NESTED = together(
    specification(numeric("x"), numeric("z"), model_id="m1", **LAST),
    specification(*SIMULATED_TERMS, model_id="m2", model="2", **LAST),
)
