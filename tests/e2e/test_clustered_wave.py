"""A wave file that has strata, clusters and weights: its errors are those of the design, and all others stay as they are."""

from __future__ import annotations

import datetime
import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.support.project import Project
from tests.support.wave_edit import editing

SAMPLE, WAVE, COUNTRY, NEXT_WAVE = "KOR-2018", 2018, "KOR", 2019
STRATA, CLUSTERS = 5, 6
TARGETS = ("topline", "topline_net", "trend", "drift", "figure_point", "dim_sample")
FILTERED = "reasons_good_impression"


def draw_clusters(project: Project) -> None:
    """The sample is no longer synthetic and has three columns more. Whoever has one impression of the other country often
    lives in one cluster; clusters are numbered within their stratum, and weights are made from sex."""
    chance = np.random.default_rng(20180521)
    with editing(project, SAMPLE) as wave:
        frame = wave.frame
        likeness = np.argsort(
            np.argsort(frame["Q2"].to_numpy(dtype=float) + chance.normal(0, 1.5, len(frame)))
        )
        unit = likeness * STRATA * CLUSTERS // len(frame)
        weight = frame["SEX"].map({1: 0.93, 2: 1.07}) * chance.uniform(0.8, 1.2, len(frame))
        for name, label in (("GEBIET", "stratum"), ("ORT", "sampling point"), ("W", "weight")):
            wave.add_column(name, 1, label)
        frame["GEBIET"], frame["ORT"] = (unit % STRATA + 1.0), (unit // STRATA + 1.0)
        frame["W"] = weight / weight.mean()
    describe(project)


def describe(project: Project) -> None:
    project.change("survey/samples", {"sample_id": SAMPLE}, weight_variable="W", synthetic="false")
    sidecar = project.root / "data" / "raw" / str(WAVE) / "KOR.sav.json"
    content = json.loads(sidecar.read_text(encoding="utf-8"))
    sidecar.write_text(json.dumps(content | {"synthetic": False}, ensure_ascii=False), encoding="utf-8")
    # A publication without weights does not explain a jump of weighted shares.
    project.append(
        "crosswalk/waivers",
        {
            "rule": "drift",
            "sample_id": SAMPLE,
            "question_id": "dprk_nuclear_when",
            "n_max": "1000",
            "reason": "published without weights",
            "expires": str(datetime.date.today() + datetime.timedelta(days=300)),
        },
    )
    project.append(
        "crosswalk/variables",
        *(
            {"sample_id": SAMPLE, "variable": name, "role": role, "review": "reviewed"}
            for name, role in (("GEBIET", "stratum"), ("ORT", "cluster"), ("W", "weight"))
        ),
    )


@pytest.fixture(scope="module")
def outcome(rehearsal, built, tmp_path_factory):
    project = Project.copied(tmp_path_factory.mktemp("clustered") / "project", kept=built)
    draw_clusters(project)
    rehearsed = rehearsal.run(project.root, TARGETS)
    assert rehearsed.gate is None, rehearsed.gate
    yield rehearsed
    rehearsed.close()


@pytest.fixture(scope="module")
def units(outcome) -> pd.DataFrame:
    """row -> stratum, cluster, weight, from the cells."""
    cells = outcome.query(f"select row, variable, value from raw.answer where sample_id = '{SAMPLE}'")
    wide = cells.pivot(index="row", columns="variable", values="value")
    return pd.DataFrame({
        "stratum": wide["GEBIET"], "cluster": wide["GEBIET"] + "/" + wide["ORT"], "weight": wide["W"].astype(float)
    })  # fmt: skip


def linearised(units: pd.DataFrame, asked: pd.Series, gave: pd.Series) -> tuple[float, float, int]:
    """Share, standard error, degrees of freedom, cluster by cluster; both series by row of the file."""
    weight = units["weight"] * asked.reindex(units.index, fill_value=False)
    gave = gave.reindex(units.index, fill_value=False)
    share = (weight * gave).sum() / weight.sum()
    score = weight * (gave - share) / weight.sum()
    totals = score.groupby([units["stratum"], units["cluster"]]).sum()
    variance = sum(len(of) * of.var(ddof=1) for _, of in totals.groupby(level=0))
    reached = units[weight > 0]
    return share, np.sqrt(variance), reached["cluster"].nunique() - reached["stratum"].nunique()


def answers(outcome, question: str) -> pd.DataFrame:
    """By row of the file: what each respondent who was asked said."""
    return outcome.query(
        f"""
        select row, category_id, net from intermediate.int_single_answer
        where sample_id = '{SAMPLE}' and question_id = '{question}' and answer_status <> 'skipped'
        """
    ).set_index("row")


def expected_row(units, asked, gave) -> dict[str, float]:
    share, error, degrees = linearised(units, asked, gave)
    n = share * (1 - share) / error**2
    t = stats.t.ppf(0.975, degrees)
    centre, half = (share + t**2 / (2 * n)), t * np.sqrt(share * (1 - share) / n + t**2 / (4 * n**2))
    return {
        "pct": 100 * share, "design_effect": asked.sum() / n, "n_effective": n, "degrees_of_freedom": degrees,
        "std_error": 100 * error, "ci_low": 100 * (centre - half) / (1 + t**2 / n), "ci_high": 100 * (centre + half) / (1 + t**2 / n),
    }  # fmt: skip


@pytest.mark.parametrize(
    "question", ["impression_of_counterpart", "current_relations", "visited_counterpart"]
)
def test_toplines_have_the_errors_of_the_design(outcome, units, question):
    given = answers(outcome, question)
    asked = pd.Series(True, index=given.index)
    for table, column in (("topline", "category_id"), ("topline_net", "net")):
        rows = outcome.query(
            f"select * from analysis.{table} where wave = {WAVE} and country = '{COUNTRY}' and question_id = '{question}'"
        )
        # Sums have a fixed number of decimals: of a share of two respondents the variance has four digits.
        for row in rows[rows["n"] > 5].to_dict("records"):
            expected = expected_row(units, asked, given[column] == row[column])
            assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-6)
        assert question == "visited_counterpart" or len(rows) >= 2


def test_what_lives_in_clusters_has_the_larger_design_effect(outcome):
    effects = outcome.query(
        f"select question_id, design_effect from intermediate.int_question_design where sample_id = '{SAMPLE}'"
    ).set_index("question_id")["design_effect"]
    assert effects["impression_of_counterpart"] > 4
    assert effects["age_group"] < 2


def test_a_filtered_multiple_answer_is_estimated_among_those_asked(outcome, units):
    status = outcome.query(
        f"""
        select row from intermediate.int_multiple_status
        where sample_id = '{SAMPLE}' and question_id = '{FILTERED}' and answer_status <> 'skipped'"""
    )["row"]
    chosen = outcome.query(
        f"""
        select row, category_id from intermediate.int_multiple_choice
        where sample_id = '{SAMPLE}' and question_id = '{FILTERED}' and is_chosen"""
    )
    asked = pd.Series(True, index=status)
    rows = outcome.query(
        f"select * from analysis.topline where wave = {WAVE} and country = '{COUNTRY}' and question_id = '{FILTERED}' and n > 5"
    ).to_dict("records")
    assert 50 < rows[0]["base_n"] < len(units) / 2 and len(rows) > 4
    for row in rows:
        gave = pd.Series(True, index=chosen[chosen["category_id"] == row["category_id"]]["row"])
        if not len(gave):
            continue
        expected = expected_row(units, asked, gave)
        assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-6)


def test_the_trend_takes_students_t(outcome):
    """Of the change into the wave and of that out of it, where the other wave has 1.5 and no clusters."""
    rows = outcome.query(
        f"""
        select trend.*, now.pct as now_pct, now.n_effective as now_n, now.degrees_of_freedom as now_df,
            before.pct as before_pct, before.n_effective as before_n, before.degrees_of_freedom as before_df
        from analysis.trend
        inner join analysis.topline_net as now using (wave, country, question_id, net)
        inner join analysis.topline_net as before
            on trend.country = before.country and trend.question_id = before.question_id and trend.net = before.net
            and trend.previous_wave = before.wave
        where trend.country = '{COUNTRY}' and trend.p_value is not null and {WAVE} in (trend.wave, trend.previous_wave)
        """
    )
    assert set(rows["wave"]) == {WAVE, NEXT_WAVE} and len(rows) > 5
    assert (rows["now_df"].isna() != rows["before_df"].isna()).all()
    both = (
        (rows["now_pct"] * rows["now_n"] + rows["before_pct"] * rows["before_n"])
        / (rows["now_n"] + rows["before_n"])
        / 100
    )
    error = 100 * np.sqrt(both * (1 - both) * (1 / rows["now_n"] + 1 / rows["before_n"]))
    np.testing.assert_allclose(rows["std_error"], error, rtol=1e-9)
    parts = [
        (1 / size) ** 2 / of.astype(float).fillna(np.inf)
        for size, of in ((rows["now_n"], rows["now_df"]), (rows["before_n"], rows["before_df"]))
    ]
    degrees = (1 / rows["now_n"] + 1 / rows["before_n"]) ** 2 / sum(parts)
    assert degrees.min() > STRATA * (CLUSTERS - 1) - 1
    np.testing.assert_allclose(
        rows["p_value"], 2 * stats.t.sf(rows["z"].abs(), degrees), rtol=1e-5, atol=1e-12
    )
    assert (rows["p_value"] > 2 * stats.norm.sf(rows["z"].abs())).all()
    assert (rows["p_adjusted"] >= rows["p_value"]).all() and rows["p_question"].notna().all()


def test_figures_and_drift_take_the_same_errors(outcome):
    (points,) = outcome.con.sql(
        f"""
        select count(*), count(*) filter (point.ci_low = topline.ci_low and point.ci_high = topline.ci_high)
        from intermediate.figure_point as point
        inner join analysis.topline as topline
            on point.wave = topline.wave and point.country = topline.country and point.question_id = topline.question_id
            and point.option_id = topline.category_id
        where point.wave = {WAVE} and point.country = '{COUNTRY}' and topline.ci_low is not null
        """
    ).fetchall()
    assert points[0] == points[1] > 0
    of_drift = outcome.query(
        f"""
        select max(abs(share.design_effect - design.design_effect)) as difference, count(*) as n
        from intermediate.int_sound_share as share
        inner join intermediate.int_question_design as design using (sample_id, question_id)
        where sample_id = '{SAMPLE}'"""
    )
    assert of_drift["difference"][0] == 0 and of_drift["n"][0] > 20


def test_all_other_samples_stay_as_they_are(outcome, sound):
    for table in ("topline", "topline_net"):
        query = (
            f"select * from analysis.{table} where not (wave = {WAVE} and country = '{COUNTRY}') order by all"
        )
        pd.testing.assert_frame_equal(outcome.query(query), sound.query(query), check_exact=True)
        others = outcome.query(query)
        assert others["degrees_of_freedom"].isna().all() and set(others["design_effect"]) == {1.5}


def test_the_sample_has_the_mean_design_effect(outcome):
    (row,) = outcome.query("select * from marts.dim_sample where sample_id = 'KOR-2018'").to_dict("records")
    shares = outcome.query(
        f"select * from intermediate.int_share_variance where sample_id = '{SAMPLE}' and grouping = 'category' and share < 1"
    )
    srs = shares["share"] * (1 - shares["share"])
    assert row["design_effect"] == pytest.approx(
        (shares["variance"] * shares["base_n"]).sum() / srs.sum(), rel=1e-6
    )
    assert 1 < row["design_effect"] != 1.5
