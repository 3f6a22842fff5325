"""A numeric question as a term: its number enters, and what has no meaning for numbers is refused with a sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.term_predictions import shown_values
from regression_data import GROUP_LEVELS, NUMERIC, long_answers, numeric, simulated, specification
from stage_data import alternatives, part, staged
from statsmodels.miscmodels.ordinal_model import OrderedModel

from tests.support.long_answers import fit_models

N, UNSURE = 400, 10
HOURS = np.round(np.random.default_rng(3).gamma(2, 8, N) - 3, 1)
PEOPLE = simulated(N)


def with_hours(hours: np.ndarray = HOURS, unsure: int = UNSURE) -> pd.DataFrame:
    """The made-up sample and a numeric question, which the first few could not answer."""
    rows = long_answers(PEOPLE, GROUP_LEVELS)
    missing = np.arange(N) < unsure
    numbers = pd.DataFrame({
        "respondent_id": rows["respondent_id"].unique(), "wave": 1, "country": "S", "question_id": "hours",
        "category_id": np.where(missing, "dont_know", None), "position": None, "net": None,
        "value": np.where(missing, np.nan, hours), "answer_status": np.where(missing, "dont_know", "answered"),
        "comparability": "identical", "weight": 1.0,
    })  # fmt: skip
    return pd.concat([rows.astype({"value": float}), numbers], ignore_index=True)


def test_its_number_enters_per_unit():
    """Against statsmodels on a row per respondent: half-hours and negative numbers as they are."""
    fitted = fit_models(*specification(numeric("x"), numeric("hours")), with_hours())
    people = PEOPLE.assign(hours=HOURS).iloc[UNSURE:]
    reference = OrderedModel(
        people["y"].astype(int), people[["x", "hours"]].astype(float), distr="logit"
    ).fit(method="newton", disp=False)
    ours = fitted[fitted["kind"] == "coefficient"]
    assert (ours["n_obs"] == N - UNSURE).all() and (HOURS < 0).any()
    np.testing.assert_allclose(ours["estimate"].astype(float), reference.params[:2], rtol=1e-6)
    np.testing.assert_allclose(ours["std_error"].astype(float), reference.bse[:2], rtol=1e-4)


def test_another_unit_is_another_coefficient_of_the_same_model():
    models = specification(numeric("x"), numeric("hours"))
    hours, minutes = (fit_models(*models, with_hours(HOURS * factor)) for factor in (1, 60))
    of = {
        name: rows[rows["term"] == "hours"].iloc[0] for name, rows in (("hours", hours), ("minutes", minutes))
    }
    assert of["minutes"]["estimate"] == pytest.approx(of["hours"]["estimate"] / 60, rel=1e-6)
    assert of["minutes"]["p_value"] == pytest.approx(of["hours"]["p_value"], rel=1e-6)
    assert of["minutes"]["log_likelihood"] == pytest.approx(of["hours"]["log_likelihood"])


def test_grouping_to_patterns_changes_nothing():
    """With few different numbers most respondents share a pattern."""
    models = specification(numeric("hours"))
    rough = np.round(HOURS / 10) * 10
    fitted = fit_models(*models, with_hours(rough, 0))
    people = PEOPLE.assign(hours=rough)
    reference = OrderedModel(people["y"].astype(int), people[["hours"]].astype(float), distr="logit").fit(
        method="newton", disp=False
    )
    assert fitted["n_obs"].iloc[0] == N
    assert float(fitted["estimate"].iloc[0]) == pytest.approx(reference.params.iloc[0], rel=1e-6)


@pytest.mark.parametrize(
    ("terms", "settings", "says"),
    [
        ([("hours", "categorical", "2.0", "missing")], {}, "write numeric as its coding, not categorical"),
        ([("hours", "net", "positive", "missing")], {}, "write numeric as its coding, not net"),
        ([("hours", "numeric", None, "middle")], {}, "they have no middle for a don't know; write missing"),
        ([("x", "numeric", *NUMERIC)], {"outcome": "hours"}, "an ordinal model explains ordered categories"),
    ],
)
def test_what_asks_for_categories_is_refused(terms, settings, says):
    with pytest.raises(RegressionError, match="term hours: its answers are numbers") as error:
        fit_models(*specification(*terms, **settings), with_hours())
    assert says in str(error.value)


def test_predictions_are_at_its_quantiles_and_effects_per_unit():
    result = staged(specification(numeric("x"), numeric("hours")), with_hours())
    predicted = part(result, "prediction")
    of_hours = predicted[predicted["term"] == "hours"]
    values = np.quantile(HOURS[UNSURE:], [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1], method="inverted_cdf")
    assert sorted(set(of_hours["value"])) == values.tolist()
    assert sorted(set(predicted[predicted["term"] == "x"]["value"])) == [1, 2, 3, 4, 5]
    effects = part(result, "effect")
    effects = effects[effects["term"] == "hours"]
    assert len(effects) == 4 and effects["estimate"].astype(float).sum() == pytest.approx(0, abs=1e-9)


def test_an_alternative_without_meaning_for_numbers_has_its_reason():
    chosen = alternatives(("middle", "hours", "dont_know", "middle", None))
    rows = part(staged(specification(numeric("x"), numeric("hours")), with_hours(), chosen), "sensitivity")
    problems = rows[rows["alternative_id"] == "middle"]["problem"].dropna()
    assert len(problems) and problems.str.contains("no middle for a don't know").all()


def test_values_shown_are_the_positions_of_a_scale_and_the_quantiles_of_other_numbers():
    scale = np.array([1.0, 2.5, 4.0])
    assert shown_values(scale, np.ones(3)) == [1, 2, 3, 4]
    assert shown_values(np.arange(101.0), np.ones(101)) == list(range(101))
    many = np.arange(1.0, 201)
    assert shown_values(many, np.ones(200)) == [1, 20, 50, 100, 150, 180, 200]
    # With nearly all weight on one number most quantiles are that number.
    assert shown_values(np.array([0.1, 0.7, 9.3]), np.array([1.0, 98.0, 1.0])) == [0.1, 0.7, 9.3]
