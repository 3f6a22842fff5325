"""Raking and trimming against survey::rake and survey::trimWeights of R; see fixtures/raking.R."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kjpoll.weighting import RakingMargin, rake, rake_within, raked_weights, trim

FIXTURES = Path(__file__).with_name("fixtures")
BOUNDS = {"api": (0.7, 2.95), "made": (0.2, 4.0)}
EXACT = 1e-6


@pytest.fixture(params=BOUNDS)
def survey(request):
    """Name, records with the start weights and R's, and shares of one of the data sets."""
    name = request.param
    return (
        name,
        pd.read_csv(FIXTURES / f"raking_{name}.csv"),
        pd.read_csv(FIXTURES / f"raking_{name}_margins.csv"),
    )


def margins_of(records: pd.DataFrame, shares: pd.DataFrame) -> list[RakingMargin]:
    margins = []
    for variable, rows in shares.groupby("variable", sort=False):
        groups = pd.Index(rows["category"]).get_indexer(records[variable])
        margins.append(RakingMargin(groups, rows["share"].to_numpy() / 100 * len(records)))
    return margins


def gap(weights, expected) -> float:
    """The largest relative difference."""
    return float(np.abs(np.asarray(weights) / np.asarray(expected) - 1).max())


def test_raked_as_in_r(survey) -> None:
    _, records, shares = survey
    assert gap(rake(records["start"].to_numpy(), margins_of(records, shares)), records["raked"]) < EXACT


def test_trimmed_once_as_in_r(survey) -> None:
    name, records, _ = survey
    assert gap(trim(records["raked"].to_numpy(), *BOUNDS[name]), records["trimmed_once"]) < EXACT


def test_trimmed_and_raked_until_both_hold_as_in_r(survey) -> None:
    name, records, shares = survey
    raked = rake_within(records["start"].to_numpy(), margins_of(records, shares), *BOUNDS[name])
    assert gap(raked.weights, records["trimmed"]) < EXACT
    lower, upper = BOUNDS[name]
    assert raked.weights.min() > lower - EXACT and raked.weights.max() < upper + EXACT
    at_a_bound = np.minimum(raked.weights - lower, upper - raked.weights) < 1e-8
    assert 0 < raked.trimmed.sum() == at_a_bound.sum() < len(records)
    for margin in margins_of(records, shares):
        assert np.bincount(margin.groups, raked.weights) == pytest.approx(margin.totals)


def test_the_made_sample_has_an_empty_cell_and_unequal_start_weights() -> None:
    records = pd.read_csv(FIXTURES / "raking_made.csv")
    assert (pd.crosstab(records["age"], records["school"]) == 0).sum().sum() == 1
    assert records["start"].std() > 0.4 and records["start"].mean() == pytest.approx(1)


def test_bounds_that_no_weights_can_keep_leave_the_margins_and_are_seen() -> None:
    margin = RakingMargin(np.array([0, 0, 0, 1]), np.array([1.0, 3.0]))
    raked = rake_within(np.ones(4), [margin], 0.5, 2.0)
    assert raked.weights.max() == pytest.approx(3)


def test_margins_that_contradict_each_other_are_not_met() -> None:
    same = np.array([0, 0, 1, 1])
    weights = rake(
        np.ones(4), [RakingMargin(same, np.array([1.0, 3.0])), RakingMargin(same, np.array([3.0, 1.0]))]
    )
    assert np.bincount(same, weights) == pytest.approx([3, 1])


def test_frames_give_the_weights_of_r(survey) -> None:
    name, records, shares = survey
    questions = list(dict.fromkeys(shares["variable"]))
    people = records[questions].assign(
        sample_id="S", row=records.index + 1, start_weight=records["start"] * 7
    )
    answers = people.melt(
        ["sample_id", "row", "start_weight"], var_name="question_id", value_name="category_id"
    )
    lower, upper = BOUNDS[name]
    got = raked_weights(
        # In another order, whose sums could differ.
        answers.sample(frac=1, random_state=1),
        shares.assign(sample_id="S").rename(columns={"variable": "question_id", "category": "category_id"}),
        pd.DataFrame({"sample_id": ["S"], "lower": [lower], "upper": [upper]}),
    )
    assert list(got["row"]) == list(people["row"])
    assert gap(got["weight"], records["trimmed"]) < EXACT
    assert got["weight"].mean() == pytest.approx(1)
    assert got["is_trimmed"].sum() > 0


NO_BOUNDS = pd.DataFrame({"sample_id": [], "lower": [], "upper": []})
SHARES = pd.DataFrame(
    {"sample_id": "S", "question_id": "sex", "category_id": ["male", "female"], "share": [75.0, 25.0]}
)


def answers_of(weights: Sequence[float], categories: Sequence[str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "sample_id": "S",
            "row": range(1, len(weights) + 1),
            "question_id": "sex",
            "category_id": categories,
            "start_weight": weights,
        }
    )


def test_who_gave_no_answer_keeps_their_share() -> None:
    got = raked_weights(answers_of([1, 1, 1, 2], ["male", "female", "female", None]), SHARES, NO_BOUNDS)
    # The fourth has two fifths of the weight before and after; three quarters of the rest are the man's.
    assert list(got["weight"]) == pytest.approx([1.8, 0.3, 0.3, 1.6])


def test_an_empty_seed_gives_no_row() -> None:
    got = raked_weights(answers_of([], []), SHARES[:0], NO_BOUNDS)
    assert got.empty and list(got.columns) == ["sample_id", "row", "weight", "is_trimmed"]


@pytest.mark.parametrize("weight", [0.0, -1.0, np.nan, np.inf])
def test_a_sample_with_an_invalid_start_weight_has_no_row(weight) -> None:
    assert raked_weights(answers_of([1, weight], ["male", "female"]), SHARES, NO_BOUNDS).empty


@pytest.mark.parametrize(
    "shares",
    [
        SHARES.assign(share=[None, 100.0]),
        SHARES.assign(share=[-5.0, 105.0]),
        SHARES.assign(share=0.0),
        SHARES.assign(category_id=[None, "other"]),
        pd.concat([SHARES, SHARES]),
    ],
)
def test_a_faulty_seed_is_for_the_rules_to_report(shares) -> None:
    assert len(raked_weights(answers_of([1, 1], ["male", "female"]), shares, NO_BOUNDS)) == 2
