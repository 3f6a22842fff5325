"""The margins of the synthetic raw files against the printed numbers and their own logic."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kjpoll.synthetic.calibration import margins, published_targets, solver, target_shares
from kjpoll.synthetic.calibration.changes import round_half_up, round_points
from kjpoll.synthetic.core import core_counts
from kjpoll.synthetic.seeds import load_survey

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
PUBLISHED = ("published/toplines.csv", "published/demographics.csv")


def read_seed(seeds: Path, name: str) -> pd.DataFrame:
    """A seed as text, read without the code under test."""
    return pd.read_csv(seeds / name, dtype=str, keep_default_na=False, encoding="utf-8")


@pytest.fixture(scope="module")
def catalog():
    return load_survey(SEEDS)


@pytest.fixture(scope="module")
def committed() -> pd.DataFrame:
    frame = read_seed(SEEDS, margins.MARGINS)
    return frame.astype({"n": int, "base_n": int})


@pytest.fixture(scope="module")
def count(committed, catalog):
    """count(sample, question, option) -> (respondents, base), summing the option's categories."""
    cells = {
        (r.sample_id, r.question_id, r.category_id): (r.n, r.base_n)
        for r in committed.itertuples(index=False)
    }

    def lookup(sample: str, question: str, option: str) -> tuple[int, int]:
        members = catalog.option(question, option)
        found = [cells[sample, question, c] for c in members if (sample, question, c) in cells]
        assert found, f"{sample} {question} {option}: no category in the margins"
        return sum(n for n, _ in found), found[0][1]

    return lookup


@pytest.fixture(scope="module")
def question_types() -> dict[str, str]:
    questions = read_seed(SEEDS, "survey/questions.csv")
    return dict(zip(questions["question_id"], questions["answer_type"], strict=True))


@pytest.mark.slow
def test_committed_file_is_what_the_seeds_give(committed):
    pd.testing.assert_frame_equal(
        margins.calibrate(SEEDS).astype({"note": str}), committed, check_dtype=False
    )


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_judged_number_comes_back(name, count):
    wrong = []
    for row in read_seed(SEEDS, name).itertuples(index=False):
        if row.legibility == "conflict":
            continue
        n, base = count(row.sample_id, row.question_id, row.option_id)
        if row.lower:
            met = Fraction(row.lower) <= Fraction(100 * n, base) < Fraction(row.upper)
        else:
            met = round_half_up(n, base) == Fraction(row.pct)
        if not met:
            wrong.append((row.sample_id, row.question_id, row.option_id, row.pct, n, base))
    assert wrong == []


def test_printed_bases_are_the_bases(count):
    wrong = []
    for row in read_seed(SEEDS, PUBLISHED[0]).itertuples(index=False):
        if row.legibility == "conflict" or not row.n_base:
            continue
        _, base = count(row.sample_id, row.question_id, row.option_id)
        if base != int(row.n_base):
            wrong.append((row.sample_id, row.question_id, row.n_base, base))
    assert wrong == []


def test_single_questions_sum_to_their_base(committed, question_types):
    single = committed[committed["question_id"].map(question_types) != "multiple"]
    sums = single.groupby(["sample_id", "question_id"]).agg(n=("n", "sum"), base=("base_n", "first"))
    assert len(sums) > 0
    assert (sums["n"] == sums["base"]).all(), sums[sums["n"] != sums["base"]]


def test_multiple_questions_can_be_answered(committed, question_types, catalog):
    ranked = {(s, q): len(catalog.ranked(s, q)) for s in catalog.samples for q in catalog.asked(s)}
    caps = {key: choices for key, choices in ranked.items() if choices}
    multiple = committed[committed["question_id"].map(question_types) == "multiple"]
    assert len(multiple) > 0
    for key, group in multiple.groupby(["sample_id", "question_id"]):
        alone = group["category_id"].map(solver.is_exclusive)
        people = group["base_n"].iloc[0] - group.loc[alone, "n"].sum()
        choices = group.loc[~alone, "n"]
        assert people >= 0, key
        assert choices.max() <= people <= choices.sum(), key
        assert choices.sum() <= caps.get(key, len(choices)) * people, key


def test_bases_are_those_asked(committed):
    questions = read_seed(SEEDS, "survey/questions.csv").set_index("question_id")
    categories = read_seed(SEEDS, "survey/categories.csv")
    net = categories.set_index(["category_set", "category_id"])["net"].to_dict()
    conditions = read_seed(SEEDS, "survey/universes.csv").set_index("universe")
    size = read_seed(SEEDS, "survey/samples.csv").set_index("sample_id")["n_expected"].astype(int)
    for (sample, question), group in committed.groupby(["sample_id", "question_id"]):
        asked = questions.loc[question]
        expected = size[sample]
        if asked["universe"]:
            condition = conditions.loc[asked["universe"]]
            parent_id = condition["question_id"]
            parent = committed[(committed["sample_id"] == sample) & (committed["question_id"] == parent_id)]
            parent_set = questions.at[parent_id, "category_set"]
            inside = [
                condition["category_id"] == c or condition["net"] == (net[parent_set, c] or "no net")
                for c in parent["category_id"]
            ]
            expected = parent.loc[inside, "n"].sum()
        assert set(group["base_n"]) == {expected}, (sample, question)


def test_korea_gives_no_answer_to_education_only(committed):
    """Face-to-face interviews record none; the printed levels of education leave a few out."""
    korea = committed[committed["sample_id"].str.startswith("KOR")]
    japan = committed[committed["sample_id"].str.startswith("JPN")]
    assert set(korea.loc[korea["category_id"] == "no_answer", "question_id"]) <= {"education"}
    assert korea.loc[korea["category_id"] == "no_answer", "n"].max() <= 3
    assert japan.loc[japan["category_id"] == "no_answer", "n"].sum() > 0


def test_every_offered_category_has_one_row(committed, catalog):
    offered = {(s, q): catalog.offered(s, q) for s in catalog.samples for q in catalog.asked(s)}
    expected = [(s, q, c) for (s, q) in sorted(offered) for c in offered[(s, q)]]
    rows = committed[["sample_id", "question_id", "category_id"]]
    assert list(rows.itertuples(index=False, name=None)) == expected


def test_core_questions_carry_the_core_counts(committed, catalog):
    core = core_counts(catalog)
    assert len(core) == 20
    for (sample, question), counts in core.items():
        rows = committed[(committed["sample_id"] == sample) & (committed["question_id"] == question)]
        assert set(rows["basis"]) == {"core"}
        assert {c: n for c, n in zip(rows["category_id"], rows["n"], strict=True) if n} == counts


def _shares(committed, count, catalog, country, question, option):
    """Exact percentages by wave, for the waves that offer a category of the option."""
    members = catalog.option(question, option)
    rows = committed[
        (committed["question_id"] == question)
        & committed["category_id"].isin(members)
        & committed["sample_id"].str.startswith(country)
    ]
    out = {}
    for sample in sorted(rows["sample_id"].unique()):
        n, base = count(sample, question, option)
        out[int(sample[4:])] = Fraction(100 * n, base)
    return out


def test_claims(committed, count, catalog):
    wrong = []
    claims = read_seed(SEEDS, "published/claims.csv")
    for claim in claims.itertuples(index=False):
        wave, base_wave = int(claim.wave), int(claim.base_wave or 0)
        series = _shares(committed, count, catalog, claim.series, claim.question_id, claim.option_id)
        now = series[wave]
        others = [v for w, v in series.items() if w != wave]
        match claim.measure:
            case "level":
                met = round_points(now) == Fraction(claim.value)
            case "change":
                met = round_points(now - series[base_wave]) == Fraction(claim.value)
            case "series_maximum":
                met = now > max(others)
            case "series_minimum":
                met = now < min(others)
            case "rank":
                rows = committed[
                    (committed["sample_id"] == f"{claim.series}-{wave}")
                    & (committed["question_id"] == claim.question_id)
                    & ~committed["category_id"].map(solver.is_exclusive)
                ].sort_values("n", ascending=False)
                own = rows.loc[rows["category_id"] == claim.option_id, "n"].item()
                met = (rows["n"] > own).sum() + 1 == int(claim.value)
                met &= (rows["n"] == own).sum() == 1
                if claim.question_id == "economically_important_countries":
                    first = ["usa", "china", "india"][: int(claim.value) - 1]
                    met &= list(rows["category_id"])[: len(first)] == first
            case "rising_since":
                met = series[base_wave] < now < series[base_wave] + 5
            case "falling_since":
                path = [v for w, v in sorted(series.items()) if w >= base_wave]
                met = len(path) > 1 and all(a > b for a, b in pairwise(path))
            case "reversal":
                rival = _shares(committed, count, catalog, claim.series, claim.question_id, "competitive")
                met = series[base_wave] < rival[base_wave] and now > rival[wave]
            case _:
                met = False
        if not met:
            wrong.append((claim.claim_id, claim.measure, {w: float(v) for w, v in series.items()}))
    assert wrong == []
    assert len(claims) == 113


def test_solver_meets_limits_nearest_to_targets():
    limits = [*solver.single_limits(["a", "b", "c"], 10), solver.Limit(("a", "b"), 7, 7)]
    assert solver.solve(["a", "b", "c"], np.array([5.0, 3.0, 2.0]), 10, limits) in (
        {"a": 4, "b": 3, "c": 3},
        {"a": 5, "b": 2, "c": 3},
    )
    assert solver.solve(["a"], np.array([5.0]), 10, [solver.Limit(("a",), 7, 6)]) is None


def test_multiple_rows_force_a_choice_and_the_cap():
    ids = ["x", "y", "dont_know"]
    low = solver.solve(ids, np.array([3.0, 2.0, 1.0]), 10, [], solver.multiple_rows(ids, 10, None))
    assert low["x"] + low["y"] + low["dont_know"] >= 10
    high = solver.solve(ids, np.array([9.0, 9.0, 1.0]), 10, [], solver.multiple_rows(ids, 10, 1))
    assert high["x"] + high["y"] == 10 - high["dont_know"]


def test_published_intervals_round_half_up():
    number = published_targets.Published(
        "KOR-2023", "q", "o", ("o",), Fraction("5.4"), Fraction("5.35"), Fraction("5.45")
    )
    low, high = number.counts(2000)
    assert (low, high) == (107, 108)
    assert round_half_up(107, 2000) == round_half_up(108, 2000) == Fraction("5.4")
    assert number.counts(10) == (1, 0)


def test_rake_meets_groups_and_keeps_ratios():
    out = target_shares.rake({"a": 30.0, "b": 10.0, "c": 60.0}, [(("a", "b"), 20.0)])
    assert out["a"] == pytest.approx(15) and out["b"] == pytest.approx(5)
    assert sum(out.values()) == pytest.approx(100)


def test_missing_assumption_is_named():
    series = target_shares.PublishedSeries("q", "KOR", False, {2013: ["a", "b"]}, {})
    with pytest.raises(ValueError, match="KOR-2013 q b"):
        target_shares.calibrate_series(series, {"a": {2013: 50.0}})


def test_gap_lies_between_calibrated_neighbours():
    def number(wave, pct):
        return published_targets.Published(
            f"KOR-{wave}", "q", "a", ("a",), Fraction(pct), Fraction(pct), Fraction(pct)
        )

    series = target_shares.PublishedSeries(
        "q",
        "KOR",
        False,
        {wave: ["a", "b"] for wave in (2013, 2014, 2015)},
        {2013: [number(2013, 20)], 2015: [number(2015, 40)]},
    )
    target_shares.calibrate_series(series, {"a": {2013: 50.0}, "b": {2013: 50.0}})
    assert series.shares[2014]["a"] == pytest.approx(30)
    assert series.interpolated == {(2014, "a")}
