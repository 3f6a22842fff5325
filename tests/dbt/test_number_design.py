"""Means and quantiles of numbers, weighted and in samples with strata and clusters, against the survey package of R
(fixtures/number_design.R). The models run in a small project on made tables of the answers, up to analysis.topline_number.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.support.design_project import build_design

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).with_name("fixtures")
TOPLINES = ("int_number_design", "topline_number")
ANSWERS = f"read_csv('{FIXTURES / 'number_design_answers.csv.gz'}', all_varchar = true, nullstr = '-')"
RESPONDENTS = f'select distinct "set" as sample_id, cast("row" as bigint) as row, stratum, cluster, weight from {ANSWERS}'
NOBODY = (
    "select '' as sample_id, 1 as row, '' as question_id, '' as category_id, '' as answer_status where false"
)
STUBS = {
    "stg_column": f"""
        select sample_id, 'S' as variable, 'stratum' as role from ({RESPONDENTS}) group by sample_id having max(stratum) <> ''
        union all
        select sample_id, 'C', 'cluster' from ({RESPONDENTS}) group by sample_id having max(cluster) <> ''""",
    "answer": f"""
        select sample_id, row, 'S' as variable, stratum as value from ({RESPONDENTS})
        union all select sample_id, row, 'C', cluster from ({RESPONDENTS})""",
    "int_weight": f"select sample_id, row, true as is_weighted, cast(weight as double) as weight from ({RESPONDENTS})",
    "int_raked_weight": "select '' as sample_id, 1 as row, 1e0 as weight, false as is_trimmed where false",
    "int_single_answer": f"""
        select "set" as sample_id, cast("row" as bigint) as row, question as question_id,
            case when value = '' then 'no_answer' end as category_id, try_cast(value as double) as value,
            case when value = '' then 'no_answer' else 'answered' end as answer_status
        from {ANSWERS}""",
    "int_answer_status": "select sample_id, row, question_id, answer_status from {{ ref('int_single_answer') }}",
    "int_multiple_status": NOBODY,
    "int_multiple_choice": "select '' as sample_id, 1 as row, '' as question_id, '' as category_id, true as is_chosen where false",
    "int_offered_category": """
        select distinct sample_id, question_id, 'no_answer' as category_id, 'no_answer' as missing_type, cast(null as varchar) as net
        from {{ ref('int_single_answer') }}""",
    "samples": f"select distinct sample_id, 1.5e0 as design_effect from ({RESPONDENTS})",
    "questions": """
        select distinct question_id, 'unit' as unit, cast(null as varchar) as respondent_role from {{ ref('int_single_answer') }}""",
    "int_asked": """
        select distinct sample_id, question_id, 0 as wave, sample_id as country, 'identical' as comparability
        from {{ ref('int_single_answer') }}""",
    "int_base": """
        select sample_id, question_id, count(*) as base_n from {{ ref('int_single_answer') }} group by sample_id, question_id""",
    "dim_sample": """
        select sample_id, sample_id = 'made_up' as synthetic, 'source' as source_id from {{ ref('samples') }}""",
}  # fmt: skip
QUANTILES = ["p10", "p25", "median", "p75", "p90"]


@pytest.fixture(scope="module")
def numbers(shared) -> pd.DataFrame:
    """One row per set and question of R's, with that of the model beside it: the names of R end in _r."""
    path = shared("number_design", partial(build_design, toplines=TOPLINES, stubs=STUBS))
    estimates = pd.read_csv(FIXTURES / "number_design_estimates.csv").add_suffix("_r")
    with duckdb.connect(path, read_only=True) as con:
        rows = con.execute("from topline_number").df()
    joined = estimates.merge(
        rows, left_on=["set_r", "question_r"], right_on=["sample_id", "question_id"], validate="one_to_one"
    )
    assert len(joined) == len(estimates) == len(rows) > 10
    return joined


@pytest.fixture(scope="module")
def designed(numbers) -> pd.DataFrame:
    """Those of samples with strata or clusters, in which the numbers differ."""
    return numbers[(numbers["set_r"] != "weights") & (numbers["sd"] > 0)]


def test_means_and_standard_deviations_are_those_of_r(numbers):
    assert (numbers["n"] == numbers["n_r"]).all() and (numbers["n"] <= numbers["base_n"]).all()
    assert (numbers["n"] < numbers["base_n"]).any()
    np.testing.assert_allclose(numbers["mean"], numbers["mean_r"], rtol=1e-8)
    np.testing.assert_allclose(numbers["sd"], numbers["sd_r"], rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("name", QUANTILES)
def test_quantiles_are_those_of_r(numbers, name):
    np.testing.assert_array_equal(numbers[name], numbers[f"{name}_r"])


def test_errors_are_those_of_r(designed):
    np.testing.assert_allclose(designed["std_error"], designed["se_r"], rtol=1e-6)
    np.testing.assert_allclose(designed["design_effect"], designed["deff_r"], rtol=1e-6)
    assert (designed["degrees_of_freedom"] == designed["df_r"]).all()
    np.testing.assert_allclose(designed["ci_low"], designed["ci_low_r"], rtol=1e-6)
    np.testing.assert_allclose(designed["ci_high"], designed["ci_high_r"], rtol=1e-6)


def test_the_interval_of_the_median_is_woodruffs(designed):
    np.testing.assert_array_equal(designed["median_ci_low"], designed["median_low_r"])
    np.testing.assert_array_equal(designed["median_ci_high"], designed["median_high_r"])


def test_without_strata_and_clusters_the_error_is_that_of_the_design_effect(numbers):
    """1.5, which is assumed of the sample, times Kish's factor of its weights."""
    answers = pd.read_csv(FIXTURES / "number_design_answers.csv.gz", dtype=str, keep_default_na=False)
    weights = answers[answers["set"] == "weights"].drop_duplicates("row")["weight"].astype(float)
    kish = len(weights) * (weights**2).sum() / weights.sum() ** 2
    rows = numbers[numbers["set_r"] == "weights"]
    assert len(rows) == 2 and rows["degrees_of_freedom"].isna().all()
    np.testing.assert_allclose(rows["design_effect"], 1.5 * kish, rtol=1e-8)
    np.testing.assert_allclose(rows["std_error"], rows["sd"] * np.sqrt(1.5 * kish / rows["n"]), rtol=1e-12)
    np.testing.assert_allclose(
        rows["ci_high"] - rows["mean"], 1.959963984540054 * rows["std_error"], rtol=1e-8
    )
    assert (rows["median_ci_low"] < rows["median"]).all() and (rows["median"] < rows["median_ci_high"]).all()


def test_numbers_that_are_all_the_same_have_no_error(numbers):
    (same,) = numbers[numbers["question_id"] == "same"].itertuples()
    assert (same.mean, same.sd, same.std_error, same.minimum, same.maximum) == (7, 0, 0, 7, 7)
    assert (same.ci_low, same.ci_high, same.median_ci_low, same.median_ci_high) == (7, 7, 7, 7)


def test_other_errors_would_be_seen(designed):
    """Those of a simple random sample are others."""
    simple = designed["sd"] / np.sqrt(designed["n"])
    assert (abs(simple / designed["se_r"] - 1) > 1e-2).all()
