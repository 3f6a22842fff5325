"""A wave whose population is known: its weights give the margins, and all percentages, errors and models use them."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from kjpoll.release.signed import unsigned_changes

from tests.support.partial_rehearsal import rehearse_copy
from tests.support.project import Project
from tests.support.rehearsal import FACTS, SIGNED

SAMPLE, WAVE, COUNTRY = "KOR-2023", 2023, "KOR"
QUESTION = "current_relations"
# So near to the sample that what the respondents are does not drift.
POPULATION = {
    "sex": {"male": 45.0, "female": 55.0},
    "age_group": {
        "age_18_19": 4.0,
        "age_20_29": 24.0,
        "age_30_39": 20.0,
        "age_40_49": 18.0,
        "age_50_59": 14.0,
        "age_60_plus": 20.0,
    },
}
LOWEST, HIGHEST = 0.66, 1.9
TABLES = ("trend", "figure_01", "int_raked_sample")


@pytest.fixture(scope="module")
def raked(built, rehearsal, tmp_path_factory):
    """What a build of the copy would find, up to what is signed."""
    project = Project.copied(tmp_path_factory.mktemp("raked") / "project", kept=built)
    project.append(
        "survey/population_margins",
        *(
            {
                "sample_id": SAMPLE,
                "question_id": question_id,
                "category_id": category_id,
                "share": share,
                "source_id": "genron2023_ja",
            }
            for question_id, shares in POPULATION.items()
            for category_id, share in shares.items()
        ),
    )
    project.append(
        "survey/weight_bounds",
        {"sample_id": SAMPLE, "lower": LOWEST, "upper": HIGHEST, "note": "for a test"},
    )
    outcome = rehearse_copy(rehearsal, built, project, (*FACTS, *SIGNED, *TABLES))
    assert outcome.gate is None, outcome.gate
    yield outcome
    outcome.close()


@pytest.fixture(scope="module")
def people(raked) -> pd.DataFrame:
    return raked.query(f"select * from marts.dim_respondent where sample_id = '{SAMPLE}'")


def test_the_weights_give_the_margins_within_the_bounds(people):
    weight = people["weight"]
    assert weight.mean() == pytest.approx(1)
    assert weight.min() == pytest.approx(LOWEST, abs=1e-6)
    assert weight.max() == pytest.approx(HIGHEST, abs=1e-6)
    for question_id, shares in POPULATION.items():
        if question_id == "age_group":  # which has positions, in this order
            shares = dict(enumerate(shares.values(), start=1))
        pct = 100 * weight.groupby(people[question_id]).sum() / weight.sum()
        assert pct.to_dict() == pytest.approx(shares, abs=1e-6)


def test_weights_stay_as_they_were_in_all_other_samples(raked):
    assert raked.query(
        f"select distinct weight from marts.dim_respondent where sample_id <> '{SAMPLE}'"
    ).values.tolist() == [[1.0]]


def test_how_many_were_trimmed_is_counted(raked, people):
    (row,) = raked.query("select * from intermediate.int_raked_sample").to_dict("records")
    at_a_bound = np.minimum(people["weight"] - LOWEST, HIGHEST - people["weight"]).abs() < 1e-8
    assert row["sample_id"] == SAMPLE and row["n_respondents"] == len(people)
    assert row["n_trimmed"] == at_a_bound.sum() > 0


def test_the_design_effect_is_that_of_the_sample_times_kishs_factor(raked, people):
    weight = people["weight"]
    kish = len(weight) * (weight**2).sum() / weight.sum() ** 2
    assert kish > 1.05
    (effect,) = raked.query(f"select design_effect from marts.dim_sample where sample_id = '{SAMPLE}'")[
        "design_effect"
    ]
    assert effect == pytest.approx(1.5 * kish)
    others = raked.query(f"select distinct design_effect from marts.dim_sample where sample_id <> '{SAMPLE}'")
    assert list(others["design_effect"]) == [1.5]


@pytest.fixture(scope="module")
def weighted_pct(raked, people) -> dict[str, float]:
    """Percent of all respondents by category, from the records."""
    said = raked.query(
        f"select respondent_id, category_id from marts.fct_response "
        f"where sample_id = '{SAMPLE}' and question_id = '{QUESTION}'"
    ).merge(people[["respondent_id", "weight"]], on="respondent_id")
    return (100 * said.groupby("category_id")["weight"].sum() / said["weight"].sum()).to_dict()


def test_toplines_are_weighted(raked, weighted_pct):
    rows = raked.query(
        f"select * from analysis.topline where wave = {WAVE} and country = '{COUNTRY}' and question_id = '{QUESTION}' and n > 0"
    ).set_index("category_id")
    assert rows["pct"].to_dict() == pytest.approx(weighted_pct)
    assert (rows["pct"] - rows["pct_unweighted"]).abs().max() > 0.1
    assert (rows["design_effect"] > 1.6).all()
    assert (rows["n_effective"] * rows["design_effect"]).to_list() == pytest.approx(rows["base_n"].to_list())


def test_facts_and_trends_are_weighted(raked, weighted_pct, built):
    nets = raked.query(
        f"select category_id, net from marts.dim_category where question_id = '{QUESTION}' and net is not null"
    )
    positive = sum(
        weighted_pct.get(row.category_id, 0.0) for row in nets.itertuples() if row.net == "positive"
    )
    where = f"wave = {WAVE} and country = '{COUNTRY}' and question_id = '{QUESTION}' and net = 'positive'"
    query = f"select pct, change from analysis.trend where {where}"
    ((pct, change),) = raked.query(query).values.tolist()
    ((pct_before, change_before),) = built.query(query)
    assert pct == pytest.approx(positive) and abs(pct - pct_before) > 0.01
    assert change - change_before == pytest.approx(pct - pct_before)
    figure = raked.query(f"select * from analysis.figure_01 where wave = {WAVE} and country = '{COUNTRY}'")
    assert np.abs(figure["pct"] - pct).min() < 1e-9
    weights = raked.query(
        f"select count(distinct weight) as n from marts.fct_multiple_response where sample_id = '{SAMPLE}'"
    )
    assert weights["n"][0] > 2


def test_a_first_margin_of_an_old_wave_is_a_change_to_accept(raked, built):
    changes = unsigned_changes(raked.con, built.signed)
    of_seeds = {(change.key.aspect, change.causes) for change in changes}
    assert of_seeds == {
        ("population_margins", ("seed line",)),
        ("weight_bounds", ("seed line",)),
        ("respondents", ("seed line",)),
    }
    assert {change.key.sample_id for change in changes} == {SAMPLE}


def test_no_margins_make_no_weight_and_no_digest(built):
    with duckdb.connect(built.build_file, read_only=True) as con:
        for table in ("int_raked_weight", "int_margin_answer", "int_raked_margin", "int_rule_margin"):
            assert con.execute(f"select count(*) from intermediate.{table}").fetchone() == (0,)
