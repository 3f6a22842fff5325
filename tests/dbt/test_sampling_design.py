"""The errors of shares in samples with strata and clusters, against the survey package of R (fixtures/sampling_design.R).

The models run in a small project on made tables of the answers: from the cells of the stratum and the cluster to analysis.topline.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.support.small_project import build_design

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).with_name("fixtures")
TOPLINES = ("int_share_design", "topline")
ANSWERS = f"read_csv('{FIXTURES / 'sampling_design_answers.csv.gz'}', all_varchar = true, nullstr = '-')"
RESPONDENTS = f'select distinct "set" as sample_id, cast("row" as bigint) as row, stratum, cluster, weight from {ANSWERS}'
ASKED = f"""select "set" as sample_id, cast("row" as bigint) as row, question as question_id, category as category_id
    from {ANSWERS} where category <> ''"""
OFFERED = f"""select distinct sample_id, question_id, category_id, cast(null as varchar) as missing_type,
    case when question_id = 'opinion' and category_id in ('good', 'fair') then 'positive' end as net from ({ASKED})
    union all select 'made', 'opinion', 'nobody', null, null"""
STUBS = {
    "stg_column": f"""
        select sample_id, 'S' as variable, 'stratum' as role from ({RESPONDENTS}) group by sample_id having max(stratum) <> ''
        union all
        select sample_id, 'C', 'cluster' from ({RESPONDENTS}) group by sample_id having max(cluster) <> ''""",
    "answer": f"""
        select sample_id, row, 'S' as variable, stratum as value from ({RESPONDENTS})
        union all select sample_id, row, 'C', cluster from ({RESPONDENTS})""",
    "int_weight": f"select sample_id, row, true as is_weighted, cast(weight as double) as weight from ({RESPONDENTS})",
    "int_raked_weight": """
        select '' as sample_id, 1 as row, 1e0 as weight, false as is_trimmed where false""",
    "int_answer_status": f"""
        select distinct "set" as sample_id, cast("row" as bigint) as row, question as question_id,
            case when category = '' then 'skipped' else 'answered' end as answer_status from {ANSWERS}""",
    "int_single_answer": f"select *, cast(null as double) as value, 'answered' as answer_status from ({ASKED})",
    "int_multiple_status": "select '' as sample_id, 1 as row, '' as question_id, '' as answer_status where false",
    "int_multiple_choice": """
        select '' as sample_id, 1 as row, '' as question_id, '' as category_id, true as is_chosen where false""",
    "int_offered_category": OFFERED,
    "samples": f"select distinct sample_id, 1.5e0 as design_effect from ({RESPONDENTS})",
    "int_share_option": f"""
        select sample_id, question_id, 'category' as grouping, category_id as option_id from ({OFFERED})
        union all select distinct sample_id, question_id, 'net', net from ({OFFERED}) where net is not null""",
    "int_share_basis": """
        select *, 'observed' as basis, cast(null as varchar) as source_id, cast(null as varchar) as note
        from {{ ref('int_share_option') }}""",
    "int_topline_cell": f"""
        with base as (
            select sample_id, question_id, count(*) as base_n, sum(weight) as base_weighted_n
            from ({ASKED}) join {{{{ ref('int_weight') }}}} using (sample_id, row) group by all
        ),
        given as (
            select sample_id, question_id, category_id, count(*) as n, sum(weight) as weighted_n
            from ({ASKED}) join {{{{ ref('int_weight') }}}} using (sample_id, row) group by all
        )
        select sample_id, 0 as wave, sample_id as country, question_id, category_id, 0 as position, net, missing_type,
            'identical' as comparability, coalesce(n, 0) as n, coalesce(weighted_n, 0) as weighted_n, base_n,
            base_n as base_substantive_n, base_weighted_n, base_weighted_n as base_substantive_weighted_n
        from ({OFFERED}) join base using (sample_id, question_id) left join given using (sample_id, question_id, category_id)""",
}


@pytest.fixture(scope="module")
def connection(shared):
    with duckdb.connect(
        shared("design", partial(build_design, toplines=TOPLINES, stubs=STUBS)), read_only=True
    ) as con:
        yield con


@pytest.fixture(scope="module")
def shares(connection) -> pd.DataFrame:
    """One row per share that R estimated, with the topline beside it."""
    estimates = pd.read_csv(FIXTURES / "sampling_design_estimates.csv")
    toplines = connection.execute("from topline").df()
    joined = estimates.merge(
        toplines, left_on=["set", "question", "category"], right_on=["country", "question_id", "category_id"],
        validate="one_to_one",
    )  # fmt: skip
    assert len(joined) == len(estimates) > 40
    return joined


def test_shares_are_those_of_r(shares):
    np.testing.assert_allclose(shares["pct"], 100 * shares["share"], rtol=1e-9)
    assert (shares["base_n"] == shares["n_asked"]).all()


def test_standard_errors_are_those_of_r(shares):
    known = shares[shares["wilson_low"].notna()]
    np.testing.assert_allclose(known["std_error"], 100 * known["se"], rtol=1e-6)


def test_design_effects_are_those_of_r(shares):
    """R divides by n - 1 where we divide by n."""
    known = shares[shares["wilson_low"].notna()]
    np.testing.assert_allclose(
        known["design_effect"] * (known["base_n"] - 1) / known["base_n"], known["deff"], rtol=1e-6
    )
    np.testing.assert_allclose(known["n_effective"], known["base_n"] / known["design_effect"], rtol=1e-12)


def test_degrees_of_freedom_are_those_of_r(shares):
    assert (shares["degrees_of_freedom"] == shares["df"]).all()
    assert shares["df"].min() <= 15 and shares["df"].max() > 100


def test_intervals_are_wilsons_with_students_t(shares):
    known = shares[shares["wilson_low"].notna()]
    np.testing.assert_allclose(known["ci_low"], 100 * known["wilson_low"], atol=1e-5)
    np.testing.assert_allclose(known["ci_high"], 100 * known["wilson_high"], atol=1e-5)


def test_intervals_are_close_to_the_logit_and_within_korn_and_graubards(shares):
    """Of shares that are not small: two other intervals of svyciprop, defined otherwise."""
    some = shares[shares["share"].between(0.1, 0.9)]
    assert len(some) > 20
    for side in ("low", "high"):
        assert (some[f"ci_{side}"] - 100 * some[f"logit_{side}"]).abs().max() < 1
        assert (some[f"ci_{side}"] - 100 * some[f"beta_{side}"]).abs().max() < 2.5


def test_a_net_is_estimated_as_the_sum_of_its_categories(connection):
    """The net and all that is not in it are complements: one variance."""
    rows = connection.execute("""
        select grouping, option_id, share, variance from int_share_variance where sample_id = 'made' and question_id = 'opinion'
    """).df().set_index(["grouping", "option_id"])  # fmt: skip
    positive = rows.loc[("net", "positive")]
    parts = rows.loc["category"]
    assert positive["share"] == pytest.approx(parts.loc[["good", "fair"], "share"].sum())
    # var(a + b) lies between the squares of the difference and of the sum of the two errors.
    errors = np.sqrt(parts.loc[["good", "fair"], "variance"])
    assert abs(errors["good"] - errors["fair"]) <= np.sqrt(positive["variance"]) <= errors.sum()


def test_what_nobody_and_what_everybody_gave_have_the_design_effect_of_the_others(connection):
    effects = dict(
        connection.execute(
            "select question_id || ' ' || category_id, design_effect from topline where country = 'made'"
        ).fetchall()
    )
    (of_question,) = connection.execute(
        "select design_effect from int_question_design where sample_id = 'made' and question_id = 'opinion'"
    ).fetchone()
    (of_sample,) = connection.execute(
        "select design_effect from int_design_effect where sample_id = 'made'"
    ).fetchone()
    assert effects["opinion nobody"] == of_question
    assert effects["all_one one"] == of_sample != of_question
    rows = connection.execute(
        "select std_error, ci_low, ci_high from topline where country = 'made' and category_id in ('nobody', 'one') order by pct"
    ).fetchall()
    assert [row[0] for row in rows] == [0, 0]
    assert rows[0][1] == 0 < rows[0][2] and rows[1][1] < 100 == rows[1][2]


def test_other_errors_would_be_seen(shares):
    """Those of a simple random sample, of clusters without strata, or of the normal distribution are others."""
    known = shares[shares["wilson_low"].notna()]
    simple = np.sqrt(known["share"] * (1 - known["share"]) / known["base_n"])
    assert (abs(simple / known["se"] - 1) > 1e-3).all()
    normal = 1.959963984540054 / np.sqrt(known["n_effective"])
    assert (
        known["ci_high"] - known["ci_low"] > 100 * normal * np.sqrt(known["share"] * (1 - known["share"]))
    ).mean() > 0.9
