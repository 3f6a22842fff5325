"""A survey of other countries, languages, waves and questions goes from its raw files to a release by its seeds alone. What is
expected is computed from the files, with pandas."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.miscmodels.ordinal_model import OrderedModel

from tests.polls.made_up import read_files
from tests.polls.made_up.read_files import SAMPLES, SILENCES
from tests.support.polls import add_bands, kjpoll, made_up, release, release_first
from tests.support.project import Project

pytestmark = pytest.mark.xdist_group("made up")

NETS = {
    "trust": {"positive": ["full", "some"], "negative": ["little", "none"]},
    "country_direction": {"positive": ["right_way"], "neither": ["neither"], "negative": ["wrong_way"]},
    "carbon_tax": {"positive": ["for"], "negative": ["against"]},
    "life_ladder": {
        "positive": [f"step_{step}" for step in (7, 8, 9, 10)],
        "neither": ["step_5", "step_6"],
        "negative": [f"step_{step}" for step in range(5)],
    },
}
MULTIPLE = {"news_source", "transport_used"}
NUMERIC = {"price_expectation", "household_size"}
MODEL = {
    "model_id": "trust_france", "variant": "pooled", "series": "FRA", "first_wave": 1, "last_wave": 2,
    "outcome": "trust_parliament", "link": "logit", "weight": "none", "vce": "oim", "common_sample": "false",
}  # fmt: skip
TERMS = [
    {"term": "schooling", "coding": "numeric"},
    {"term": "country_direction", "coding": "numeric"},
    {"term": "gender", "coding": "categorical", "reference_category": "man"},
]


@pytest.fixture(scope="module")
def survey(tmp_path_factory) -> Project:
    """The project after its first release."""
    project = made_up(tmp_path_factory.mktemp("made_up") / "project")
    written = kjpoll(project, "figures", "--write")
    assert written.code == 0 and "figure_01.sql" in written.output, written.output
    add_bands(project)
    release_first(project)
    return project


@pytest.fixture(scope="module")
def table(survey):
    """table(sql): the rows of a query on the release, as a frame."""
    return lambda sql: frame_of(survey, sql)


def frame_of(project: Project, sql: str) -> pd.DataFrame:
    with duckdb.connect(project.release, read_only=True) as con:
        return con.sql(sql).df()


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return read_files.answers()


def test_samples_countries_and_waves_are_those_of_the_seeds(table):
    samples = table("select * from marts.dim_sample").set_index("sample_id")
    assert samples["n_respondents"].to_dict() == SAMPLES
    assert samples["wave"].to_dict() == {name: int(name[1]) for name in SAMPLES}
    assert samples["country"].to_dict() == {
        name: {"D": "DEU", "F": "FRA", "P": "POL"}[name[0]] for name in SAMPLES
    }
    countries = table("select * from marts.dim_country order by country_order")
    assert list(zip(countries["country"], countries["label_fr"], countries["label_de"], strict=True)) == [
        ("POL", "Pologne", "Polen"), ("FRA", "France", "Frankreich"), ("DEU", "Allemagne", "Deutschland")
    ]  # fmt: skip
    waves = table("select * from marts.dim_wave order by wave")
    assert (
        waves["label_fr"].to_list() == ["Printemps 2021", "Automne 2022"] and waves["label_de"].isna().all()
    )
    assert "label_en" not in {*countries.columns, *waves.columns}


def test_respondents_have_the_columns_that_the_questions_ask_for(table):
    respondents = table("select * from marts.dim_respondent order by respondent_id")
    assert {"gender", "schooling", "place", "age_band", "age"} <= {*respondents.columns}
    assert not {"sex", "education", "ideology", "party_support"} & {*respondents.columns}
    for sample_id, n in SAMPLES.items():
        own = respondents[respondents["sample_id"] == sample_id]
        assert own["respondent_id"].to_list() == [f"{sample_id}-{row:04d}" for row in range(1, n + 1)]
        assert own["age"].astype(object).where(own["age"].notna(), None).to_list() == read_files.ages(
            sample_id
        )
        np.testing.assert_allclose(own["weight"], read_files.weights(sample_id))
        column, codes = read_files.singles(sample_id)["gender"]
        said = [codes[code] for code in read_files.raw(sample_id)[column]]
        assert own["gender"].fillna("no_answer").to_list() == said


def test_facts_are_what_the_files_say(table, answers):
    """Every single answer of every respondent, and every choice."""
    facts = table(
        "select respondent_id, question_id, category_id, value, answer_status from marts.fct_response"
    )
    single = answers[~answers["question_id"].isin(MULTIPLE)]
    expected = {
        (f"{a.sample_id}-{a.row:04d}", a.question_id): (a.status, a.category_id or None, a.number)
        for a in single.itertuples()
    }
    asked = facts[facts["answer_status"] != "skipped"]
    found = {(f.respondent_id, f.question_id): f for f in asked.itertuples()}
    assert found.keys() == expected.keys()
    for key, (status, category_id, number) in expected.items():
        fact = found[key]
        assert fact.answer_status == status, key
        assert (None if pd.isna(fact.category_id) else fact.category_id) == category_id, key
        if key[1] in NUMERIC:
            assert (number is None or np.isnan(number)) if pd.isna(fact.value) else fact.value == number, key
    chosen = table(
        "select respondent_id, question_id, category_id from marts.fct_multiple_response where chosen"
    )
    of_files = answers[answers["question_id"].isin(MULTIPLE) & (answers["status"] == "answered")]
    assert set(chosen.itertuples(index=False, name=None)) == {
        (f"{a.sample_id}-{a.row:04d}", a.question_id, a.category_id) for a in of_files.itertuples()
    }


def test_who_was_not_asked_is_skipped(table, answers):
    """By a filter on two questions, by one on a number, and in the halves of a split ballot."""
    single = table(
        "select sample_id, question_id, count(*) as n from marts.fct_response where answer_status = 'skipped' group by all"
    )
    multiple = table(
        "select sample_id, question_id, count(distinct respondent_id) as n from marts.fct_multiple_response "
        "where answer_status = 'skipped' group by all"
    )
    found = {(row.sample_id, row.question_id): row.n for row in pd.concat([single, multiple]).itertuples()}
    asked = answers.groupby(["sample_id", "question_id"])["row"].nunique()
    expected = {key: SAMPLES[key[0]] - n for key, n in asked.items() if n < SAMPLES[key[0]]}
    assert found == expected
    assert {"news_source", "shares_costs", "carbon_tax_short", "carbon_tax_long"} == {
        key[1] for key in expected
    }
    assert found["F2", "carbon_tax_short"] + found["F2", "carbon_tax_long"] == SAMPLES["F2"]


def expected_shares(answers: pd.DataFrame, named: str) -> pd.DataFrame:
    """Counts and percentages by sample, question and what the column `named` holds, from the records alone."""
    people = answers.drop_duplicates(["sample_id", "row", "question_id"])
    of_base = people.groupby(["sample_id", "question_id"])
    substantive = people[people["status"] == "answered"].groupby(["sample_id", "question_id"])
    given = answers[answers[named].notna()].groupby(["sample_id", "question_id", named])
    shares = pd.DataFrame({"n": given.size(), "weighted_n": given["weight"].sum()}).reset_index()
    bases = pd.DataFrame({
        "base_n": of_base.size(), "weighted_base": of_base["weight"].sum(),
        "base_substantive_n": substantive.size(), "weighted_substantive": substantive["weight"].sum(),
    }).reset_index()  # fmt: skip
    shares = shares.merge(bases, on=["sample_id", "question_id"])
    shares["pct"] = 100 * shares["weighted_n"] / shares["weighted_base"]
    shares["pct_unweighted"] = 100 * shares["n"] / shares["base_n"]
    shares["pct_substantive"] = 100 * shares["weighted_n"] / shares["weighted_substantive"]
    return shares.set_index(["sample_id", "question_id", named]).sort_index()


COMPARED = ["n", "base_n", "pct", "pct_unweighted", "base_substantive_n", "pct_substantive"]


def test_every_topline_is_that_of_the_files(table, answers):
    """A number is no category; who gave none is counted beside the others."""
    expected = expected_shares(answers, "category_id").drop(index="", level="category_id")
    silent = expected.index.get_level_values("category_id").isin(SILENCES)
    expected.loc[silent, ["base_substantive_n", "pct_substantive"]] = np.nan
    rows = table("select * from analysis.topline where n > 0").set_index(expected.index.names).sort_index()
    assert list(rows.index) == list(expected.index) and len(rows) > 300
    for column in COMPARED:
        np.testing.assert_allclose(
            rows[column].astype(float), expected[column].astype(float), rtol=1e-9, err_msg=column
        )
    # The weights of Germany are felt, and no other country has any.
    moved = (rows["pct"] - rows["pct_unweighted"]).abs().groupby("sample_id").max()
    assert (moved[["D1", "D2"]] > 1).all() and (moved.drop(["D1", "D2"]) < 1e-9).all()
    offered = table("select distinct sample_id, question_id from analysis.topline where n = 0")
    assert {*zip(offered["sample_id"], offered["question_id"], strict=True)} <= {
        key[:2] for key in expected.index
    }


def test_every_net_is_that_of_the_files(table, answers):
    net_of = {
        (question, category): net
        for question in answers["question_id"].unique()
        for name, nets in NETS.items()
        if question.startswith(name)
        for net, categories in nets.items()
        for category in categories
    }
    keys = zip(answers["question_id"], answers["category_id"], strict=True)
    expected = expected_shares(answers.assign(net=[net_of.get(key) for key in keys]), "net")
    rows = (
        table("select * from analysis.topline_net where n > 0").set_index(expected.index.names).sort_index()
    )
    assert list(rows.index) == list(expected.index) and len(rows) > 60
    for column in COMPARED:
        np.testing.assert_allclose(
            rows[column].astype(float), expected[column].astype(float), rtol=1e-9, err_msg=column
        )


def test_numbers_have_means_and_quantiles(table, answers):
    rows = table("select * from analysis.topline_number").set_index(["sample_id", "question_id"])
    for key in [(sample_id, "price_expectation") for sample_id in SAMPLES] + [
        ("P1", "household_size"),
        ("P2", "household_size"),
    ]:
        own = answers[(answers["sample_id"] == key[0]) & (answers["question_id"] == key[1])]
        said = own[own["status"] == "answered"].sort_values("number")
        value, weight = said["number"].to_numpy(dtype=float), said["weight"].to_numpy()
        row = rows.loc[key]
        assert (row["n"], row["base_n"]) == (len(said), len(own))
        mean = (value * weight).sum() / weight.sum()
        assert row["mean"] == pytest.approx(mean, rel=1e-9)
        spread = (weight * (value - mean) ** 2).sum() / weight.sum() * len(value) / (len(value) - 1)
        assert row["sd"] == pytest.approx(np.sqrt(spread), rel=1e-6)
        assert (row["minimum"], row["maximum"]) == (value.min(), value.max())
        assert row["median"] == value[np.searchsorted(np.cumsum(weight) / weight.sum(), 0.5 - 1e-12)]
    assert (rows.loc[(slice(None), "price_expectation"), "minimum"] < 0).all()
    assert set(rows.loc[(slice(None), "price_expectation"), "unit"]) == {"pour cent"}


def test_errors_are_those_of_strata_and_clusters(table):
    """In Poland, by Taylor's series; where clusters differ, the error is more than that of a simple random sample."""
    for sample_id in ("P1", "P2"):
        cells = read_files.raw(sample_id)
        column, codes = read_files.singles(sample_id)["trust_parliament"]
        gave = np.array([codes[code] in ("full", "some") for code in cells[column]], dtype=float)
        score = pd.Series((gave - gave.mean()) / len(gave)).groupby([cells["WOJ"], cells["PUNKT"]]).sum()
        error = np.sqrt(sum(len(of) * of.var(ddof=1) for _, of in score.groupby(level=0)))
        row = table(
            f"select * from analysis.topline_net where sample_id = '{sample_id}' and question_id = 'trust_parliament' and net = 'positive'"
        ).iloc[0]
        assert row["std_error"] == pytest.approx(100 * error, rel=1e-6)
        assert row["degrees_of_freedom"] == len(score) - cells["WOJ"].nunique()
        assert row["design_effect"] > 1


def test_a_trend_joins_the_samples_of_a_series(table):
    trend = table("select * from analysis.trend")
    shares = table("select sample_id, question_id, net, pct from analysis.topline_net").set_index(
        ["sample_id", "question_id", "net"]
    )
    first = {"FRA": "F1", "DEU": "D1", "POL": "P1"}
    second = trend[trend["wave"] == 2]
    assert set(second.loc[second["sample_id"] == "F2web", "series"]) == {"FRA-web"}
    assert (
        second.loc[second["series"] == "FRA-web", ["previous_wave", "change", "p_value"]]
        .isna()
        .all(axis=None)
    )
    joined = second[second["series"].isin(first) & ~second["question_id"].str.startswith("carbon_tax")]
    assert len(joined) > 30 and set(joined["previous_wave"]) == {1}
    for row in joined.itertuples():
        if row.sample_id == "D2" and row.question_id == "country_direction":
            assert row.comparability_break and pd.isna(row.change)
            continue
        before = shares.loc[(first[row.series], row.question_id, row.net), "pct"]
        assert row.change == pytest.approx(row.pct - before, abs=1e-9)
        assert 0 <= row.p_value <= row.p_adjusted <= 1


def test_what_the_survey_lacks_is_empty_and_nothing_is_wrong_with_the_rest(table):
    for name in (
        "quality.reconciliation_topline", "quality.reconciliation_claim", "quality.reconciliation_regression",
        "quality.reconciliation_subgroup", "analysis.regression_model", "analysis.regression_term", "analysis.cohort_topline",
    ):  # fmt: skip
        assert table(f"select count(*) as n from {name}")["n"][0] == 0, name
    assert (
        table(
            "select count(*) as n from duckdb_tables() where schema_name = 'analysis' and table_name like 'figure%'"
        )["n"][0]
        == 0
    )
    found = table(
        "select rule, sample_id, question_id, finding from quality.violation where rule not in ('missing_label', 'unused_code')"
    )
    assert found.empty, found.to_string()


def test_macros_answer_for_it(table):
    assert len(table("from topline_of('trust_press')")) == 6 * len(SAMPLES)
    assert set(table("from trend_of('trust_press')")["country"]) == {"FRA", "DEU", "POL"}
    cross = table("from crosstab('trust_press', 'gender')")
    said = read_files.answers()
    assert cross["n"].sum() == (said["question_id"] == "trust_press").sum()


@pytest.fixture(scope="module")
def with_model(survey) -> Project:
    """The survey with one model more, released again: the last fixture here, since it changes the project."""
    survey.append("analysis/regression_models", MODEL)
    survey.append(
        "analysis/regression_terms",
        *(
            {"model_id": MODEL["model_id"], "term_order": order, "dont_know": "missing"} | term
            for order, term in enumerate(TERMS, start=1)
        ),
    )
    release(survey)
    return survey


def test_one_model_is_one_row_and_its_terms(with_model, answers):
    """Fitted with statsmodels on the two waves of the series FRA; the other sample of France is none of them."""
    asked = [MODEL["outcome"], *(term["term"] for term in TERMS)]
    said = answers[answers["sample_id"].isin(["F1", "F2"]) & answers["question_id"].isin(asked)]
    wide = said.pivot(index=["sample_id", "row"], columns="question_id", values="category_id")
    data = pd.DataFrame({
        "outcome": wide["trust_parliament"].map({"full": 1, "some": 2, "little": 3, "none": 4}),
        "schooling": wide["schooling"].map({"primary": 1, "secondary": 2, "higher": 3}),
        "country_direction": wide["country_direction"].map({"right_way": 1, "neither": 2, "wrong_way": 3}),
        "woman": wide["gender"].map({"man": 0, "woman": 1}),
    }).dropna()  # fmt: skip
    fit = OrderedModel(data["outcome"], data.drop(columns="outcome"), distr="logit").fit(
        method="newton", disp=False, maxiter=100
    )
    model = frame_of(with_model, "select * from analysis.regression_model")
    assert model["model_id"].to_list() == [MODEL["model_id"]] and model["n_obs"].to_list() == [len(data)]
    assert model["log_likelihood"][0] == pytest.approx(fit.llf, rel=1e-8)
    terms = frame_of(
        with_model, "select * from analysis.regression_term where kind = 'coefficient'"
    ).set_index("term")
    for term, name in (
        ("schooling", "schooling"),
        ("country_direction", "country_direction"),
        ("gender", "woman"),
    ):
        assert terms.loc[term, "estimate"] == pytest.approx(fit.params[name], rel=1e-5)
        assert terms.loc[term, "std_error"] == pytest.approx(fit.bse[name], rel=1e-3)
        assert terms.loc[term, "p_value"] == pytest.approx(
            2 * stats.norm.sf(abs(fit.params[name] / fit.bse[name])), rel=1e-2, abs=1e-9
        )


def test_a_model_changes_nothing_that_was_released(with_model):
    changed = frame_of(with_model, "select distinct table_name from quality.release_change")["table_name"]
    assert set(changed) <= {
        f"analysis.regression_{name}" for name in ("model", "term", "effect", "assumption", "prediction", "sensitivity")
    }  # fmt: skip
