"""Means and quantiles of numbers, weighted and in samples with strata and clusters, against the formulas in numpy.

The models run in a small project on made tables of the answers, from the cells of the stratum and the cluster to
analysis.topline_number.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.support.small_project import build_design

pytestmark = pytest.mark.slow

TOPLINES = ("int_number_design", "topline_number")
NOBODY = (
    "select '' as sample_id, 1 as row, '' as question_id, '' as category_id, '' as answer_status where false"
)
# sample -> whether its file has strata, whether it has clusters.
SAMPLES = {"both": (True, True), "clusters": (False, True), "strata": (True, False), "weights": (False, False), "made_up": (True, True)}  # fmt: skip
QUANTILES = {"p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}
ASSUMED = 1.5


def made_answers() -> pd.DataFrame:
    """One row per respondent of each sample: hours with a decimal, negative balances of which a stratum has none, ties, and one
    number throughout; a number is absent where nobody gave it. One stratum has a single cluster."""
    chance = np.random.default_rng(20241129)
    stratum = np.repeat(list("abcdefgh"), [60, 55, 30, 15, 70, 40, 60, 30])
    n_clusters = dict(zip("abcdefgh", (3, 4, 2, 1, 5, 3, 4, 2), strict=True))
    cluster = np.array([chance.integers(n_clusters[name]) for name in stratum])
    lean = {
        (name, number): chance.normal(0, 4) for name, most in n_clusters.items() for number in range(most)
    }
    leaning = np.array([lean[place] for place in zip(stratum, cluster, strict=True)])
    n = len(stratum)
    people = pd.DataFrame({
        "stratum": stratum, "cluster": cluster.astype(str), "weight": np.round(chance.uniform(0.2, 3.1, n), 3),
        "hours": np.round(chance.gamma(3, 4, n) + np.abs(leaning), 1),
        "balance": np.round(chance.normal(leaning, 6) * 2) / 2,
        "persons": chance.choice(6, n, p=[0.3, 0.33, 0.18, 0.13, 0.04, 0.02]) + 1.0,
        "same": 7.0,
    })  # fmt: skip
    people.loc[chance.random(n) < 0.1, "hours"] = np.nan
    people.loc[people["stratum"] == "h", "balance"] = np.nan
    samples = [people.assign(sample_id=name, row=np.arange(1, n + 1)) for name in SAMPLES]
    return pd.concat(samples, ignore_index=True)


def drawn_answers() -> pd.DataFrame:
    """Simple random samples of numbers of which many are the same, with the medians MEDIANS of all; and three people."""
    chance = np.random.default_rng(1952)
    kinds = {
        "scale": ([0, 5, 10], [0.51, 0.38, 0.11], 200),
        "points": (range(11), [0.02, 0.02, 0.03, 0.05, 0.08, 0.32, 0.16, 0.14, 0.1, 0.05, 0.03], 500),
        "count": (range(5), [0.3, 0.34, 0.2, 0.1, 0.06], 400),
    }
    samples = [
        pd.DataFrame({
            "sample_id": f"{kind}_{number}", "row": np.arange(1, size + 1), "weight": 1.0, "given": chance.choice(values, size, p=shares)
        })
        for kind, (values, shares, size) in kinds.items() for number in range(DRAWN)
    ]  # fmt: skip
    return pd.concat([*samples, samples[0].head(3).assign(sample_id="few")], ignore_index=True)


PEOPLE = made_answers()
QUESTIONS = ("hours", "balance", "persons", "same")
DRAWN, MEDIANS = 250, {"scale": 0, "points": 5, "count": 1}


def stubs(answers: Path) -> dict[str, str]:
    """What the models read, of the answers in a file."""
    people = f"read_parquet('{answers}')"
    design = " union all ".join(
        f"select '{name}' as sample_id, '{role[0]}' as variable, '{role}' as role"
        for name, roles in SAMPLES.items()
        for role, there in zip(("stratum", "cluster"), roles, strict=True)
        if there
    )
    numbers = " union all ".join(
        f"select sample_id, row, '{name}' as question_id, {name} as value from {people} where given is null"
        for name in QUESTIONS
    )
    numbers += f" union all select sample_id, row, 'given', given from {people} where given is not null"
    return {
        "stg_column": design,
        "answer": f"""select sample_id, row, 's' as variable, stratum as value from {people}
            union all select sample_id, row, 'c', cluster from {people}""",
        "int_weight": f"select sample_id, row, true as is_weighted, weight from {people}",
        "int_raked_weight": "select '' as sample_id, 1 as row, 1e0 as weight, false as is_trimmed where false",
        "int_single_answer": f"""select sample_id, row, question_id, case when not isnan(value) then value end as value,
            case when isnan(value) then 'no_answer' end as category_id,
            case when isnan(value) then 'no_answer' else 'answered' end as answer_status
            from ({numbers})""",
        "int_answer_status": "select sample_id, row, question_id, answer_status from {{ ref('int_single_answer') }}",
        "int_multiple_status": NOBODY,
        "int_multiple_choice": f"select *, true as is_chosen from ({NOBODY})",
        "int_offered_category": """select distinct sample_id, question_id, 'no_answer' as category_id, 'no_answer' as missing_type,
            cast(null as varchar) as net from {{ ref('int_single_answer') }}""",
        "samples": f"select distinct sample_id, case when given is null then {ASSUMED}e0 else 1e0 end as design_effect from {people}",
        "questions": """select distinct question_id, 'units' as unit, cast(null as varchar) as respondent_role
            from {{ ref('int_single_answer') }}""",
        "int_asked": """select distinct sample_id, question_id, 0 as wave, sample_id as country, 'identical' as comparability
            from {{ ref('int_single_answer') }}""",
        "int_base": """select sample_id, question_id, count(*) as base_n
            from {{ ref('int_single_answer') }} group by sample_id, question_id""",
        "dim_sample": """select sample_id, sample_id = 'made_up' as synthetic, 'source' as source_id
            from {{ ref('samples') }}""",
    }


def build_numbers(folder: Path) -> Path:
    answers = folder / "answers.parquet"
    pd.concat([PEOPLE, drawn_answers()], ignore_index=True).to_parquet(answers)
    return build_design(folder, TOPLINES, stubs(answers))


@pytest.fixture(scope="module")
def all_toplines(shared) -> pd.DataFrame:
    with duckdb.connect(shared("number_design", build_numbers), read_only=True) as con:
        return con.execute("from topline_number").df().set_index(["sample_id", "question_id"])


@pytest.fixture(scope="module")
def toplines(all_toplines) -> pd.DataFrame:
    rows = all_toplines.drop("given", level="question_id")
    assert len(rows) == len(SAMPLES) * len(QUESTIONS)
    return rows


def linearised(
    people: pd.DataFrame, given: pd.Series, ratio: pd.Series, sample_id: str
) -> tuple[float, float, int]:
    """Mean of `ratio` among those given, its variance cluster by cluster, and the degrees of freedom."""
    weight = people["weight"] * given
    mean = (weight * ratio.fillna(0)).sum() / weight.sum()
    score = weight * (ratio.fillna(0) - mean) / weight.sum()
    has_strata, has_clusters = SAMPLES[sample_id]
    stratum = people["stratum"] if has_strata else pd.Series("", index=people.index)
    cluster = stratum + "/" + (people["cluster"] if has_clusters else people["row"].astype(str))
    totals = score.groupby([stratum, cluster]).sum()
    variance = sum(
        len(of) * of.var(ddof=1) if len(of) > 1 else float((of**2).sum()) for _, of in totals.groupby(level=0)
    )
    return mean, variance, cluster[given].nunique() - stratum[given].nunique()


def lowest_that_reaches(people: pd.DataFrame, numbers: pd.Series, share: float) -> float:
    """The smallest number up to which the share of the weight lies; the largest where no number reaches it."""
    given = numbers.notna()
    order = numbers[given].sort_values(kind="stable")
    cumulative = people.loc[order.index, "weight"].cumsum() / people.loc[given, "weight"].sum()
    reached = order[cumulative >= share - 1e-12]
    return float(reached.iloc[0] if len(reached) else order.iloc[-1])


CASES = [(sample_id, question) for sample_id in SAMPLES for question in QUESTIONS]
DESIGNED = [case for case in CASES if case[0] not in ("weights", "made_up") and case[1] != "same"]


@pytest.mark.parametrize(("sample_id", "question"), CASES)
def test_means_and_quantiles_are_weighted(toplines, sample_id, question):
    row, people = toplines.loc[(sample_id, question)], PEOPLE[PEOPLE["sample_id"] == sample_id]
    numbers = people[question]
    given = numbers.notna()
    weight = people["weight"][given]
    mean = np.average(numbers[given], weights=weight)
    n = int(given.sum())
    assert (row["n"], row["base_n"], row["unit"]) == (n, len(people), "units")
    assert row["mean"] == pytest.approx(mean, rel=1e-8)
    sd = np.sqrt(np.average((numbers[given] - mean) ** 2, weights=weight) * n / (n - 1))
    assert row["sd"] == pytest.approx(sd, rel=1e-7)
    assert {name: row[name] for name in QUANTILES} == {
        name: lowest_that_reaches(people, numbers, share) for name, share in QUANTILES.items()
    }
    assert (row["minimum"], row["maximum"]) == (numbers.min(), numbers.max())


@pytest.mark.parametrize(("sample_id", "question"), DESIGNED)
def test_errors_are_those_of_the_design(toplines, sample_id, question):
    row, people = toplines.loc[(sample_id, question)], PEOPLE[PEOPLE["sample_id"] == sample_id]
    given = people[question].notna()
    mean, variance, degrees = linearised(people, given, people[question], sample_id)
    t = stats.t.ppf(0.975, degrees)
    assert row["std_error"] == pytest.approx(np.sqrt(variance), rel=1e-6)
    assert row["degrees_of_freedom"] == degrees
    assert row["design_effect"] == pytest.approx(variance * row["n"] / row["sd"] ** 2, rel=1e-5)
    assert row["ci_low"] == pytest.approx(mean - t * np.sqrt(variance), rel=1e-6)
    assert row["ci_high"] == pytest.approx(mean + t * np.sqrt(variance), rel=1e-6)
    assert (row["basis"], row["source_id"]) == ("observed", "source")


@pytest.mark.parametrize(("sample_id", "question"), DESIGNED)
def test_the_interval_of_the_median_is_woodruffs(toplines, sample_id, question):
    row, people = toplines.loc[(sample_id, question)], PEOPLE[PEOPLE["sample_id"] == sample_id]
    given = people[question].notna()
    up_to = (people[question] <= row["median"]).astype(float).where(given)
    share, variance, degrees = linearised(people, given, up_to, sample_id)
    half = stats.t.ppf(0.975, degrees) * np.sqrt(variance / (share * (1 - share)) / 4)
    assert row["median_ci_low"] == lowest_that_reaches(people, people[question], 0.5 - half)
    assert row["median_ci_high"] == lowest_that_reaches(people, people[question], 0.5 + half)
    assert row["median_ci_low"] <= row["median"] <= row["median_ci_high"]


@pytest.mark.parametrize(("kind", "median"), MEDIANS.items())
def test_the_interval_of_the_median_holds_it_where_many_give_one_number(all_toplines, kind, median):
    rows = all_toplines[all_toplines.index.get_level_values("sample_id").str.startswith(kind)]
    inside = (rows["median_ci_low"] <= median) & (median <= rows["median_ci_high"])
    # 95% at least, less what chance leaves open in so many samples.
    assert len(rows) == DRAWN and inside.mean() > 0.95 - 3 * np.sqrt(0.95 * 0.05 / DRAWN)


def test_three_people_show_no_bound_of_a_median(all_toplines):
    row = all_toplines.loc[("few", "given")]
    assert row[["median_ci_low", "median_ci_high"]].isna().all() and not np.isnan(row["ci_low"])


def test_the_error_of_a_simple_random_sample_would_be_another(toplines):
    """Where those of a cluster are alike."""
    rows = toplines.loc[["both", "clusters"]].query("question_id == 'balance'")
    assert len(rows) == 2 and (rows["std_error"] > 1.2 * rows["sd"] / np.sqrt(rows["n"])).all()


def test_without_strata_and_clusters_the_error_is_that_of_the_design_effect(toplines):
    """The one that is assumed of the sample, times Kish's factor of its weights."""
    weight = PEOPLE.loc[PEOPLE["sample_id"] == "weights", "weight"]
    kish = len(weight) * (weight**2).sum() / weight.sum() ** 2
    rows = toplines.loc["weights"]
    assert rows["degrees_of_freedom"].isna().all()
    np.testing.assert_allclose(rows["design_effect"], ASSUMED * kish, rtol=1e-8)
    np.testing.assert_allclose(rows["std_error"], rows["sd"] * np.sqrt(ASSUMED * kish / rows["n"]), rtol=1e-8)
    half = stats.norm.ppf(0.975) * rows["std_error"]
    np.testing.assert_allclose(rows["ci_high"] - rows["mean"], half, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("sample_id", [name for name in SAMPLES if name != "made_up"])
def test_numbers_that_are_all_the_same_have_no_error(toplines, sample_id):
    row = toplines.loc[(sample_id, "same")]
    names = ["mean", "ci_low", "ci_high", "minimum", "median", "maximum", "median_ci_low", "median_ci_high"]
    assert row[names].tolist() == [7.0] * len(names)
    assert (row["sd"], row["std_error"]) == (0, 0)


def test_of_made_up_records_the_numbers_are_assumed_and_have_no_error(toplines):
    rows = toplines.loc["made_up"]
    assert set(rows["basis"]) == {"assumed"} and rows["source_id"].isna().all()
    names = ["std_error", "ci_low", "ci_high", "median_ci_low", "median_ci_high"]
    assert rows[names].isna().all(axis=None) and rows["mean"].notna().all()
