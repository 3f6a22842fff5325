"""Weights of complete cases: against R's glm and clm, and where there are none."""

import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import OrdinalModel, RegressionError
from kjpoll.regression.complete_cases import complete_case_weights
from regression_data import FIXTURES, long_answers, numeric, specification
from stage_data import LAST, alternative, alternatives, compare, outcome_of, part, staged

WEIGHTED = ("weighted", "gender;vote", "complete_cases", "inverse_probability", None)
PEOPLE = pd.read_csv(FIXTURES / "complete_cases.csv")
SEEDS = specification(numeric("Blair"), numeric("Hague"), numeric("age"), **LAST)
LEVELS = {"gender": ["female", "male"], "vote": ["Green", "Conservative", "Labour", "Liberal Democrat"]}


def wide() -> pd.DataFrame:
    people = PEOPLE.assign(Blair=PEOPLE["Blair"].fillna(0).astype(int).astype(object)).astype(object)
    return people.replace({"Blair": {0: "dont_know"}}).fillna({"vote": "no_answer"})


def test_the_model_is_that_of_r():
    """Who did not say how they vote have a weight too, and the Greens, all of them complete, one of 1."""
    result = staged(SEEDS, long_answers(wide(), LEVELS, wave=5), alternatives(WEIGHTED))
    ours = alternative(result, "weighted", "m")
    theirs = pd.read_csv(FIXTURES / "complete_cases_coef.csv")
    assert list(ours["term"]) == list(theirs["term"])
    np.testing.assert_allclose(ours["estimate"].astype(float), theirs["estimate"], atol=1e-7)
    np.testing.assert_allclose(ours["std_error"].astype(float), theirs["std_error"], rtol=1e-6)
    # svyolr's Hessian is numerical.
    np.testing.assert_allclose(ours["std_error"].astype(float), theirs["svyolr"], rtol=5e-4)
    # The same respondents as without weights, and other estimates.
    published = part(result, "term", "m")
    assert set(ours["n_obs"]) == set(published["n_obs"]) == {int(PEOPLE["Blair"].notna().sum())}
    assert (ours["estimate"] - published["estimate"]).abs().max() > 0.01


def test_the_weighted_complete_cases_have_the_shares_of_the_sample():
    """The weights sum to everybody, within each level that the probability depends on."""
    people = wide()
    answers = people[["gender", "vote"]].map(lambda value: f"answered:{value}")
    complete = (people["Blair"] != "dont_know").to_numpy()
    weights = complete_case_weights(answers, complete, np.ones(len(people)), "m")
    for question in answers:
        for level in answers[question].unique():
            of = answers[question].eq(level).to_numpy()
            # The score of a logit: predicted and observed are equal in every level.
            assert (complete[of] - 1 / weights[of]).sum() == pytest.approx(0, abs=1e-8)
    assert weights[complete].sum() == pytest.approx(len(people), rel=0.01)
    assert complete.mean() < 0.8
    halved = complete_case_weights(answers, complete, np.full(len(people), 2.0), "m")
    np.testing.assert_allclose(halved, weights, rtol=1e-9)


def test_where_everybody_is_complete_only_the_errors_change():
    people = wide().assign(Blair=PEOPLE["Blair"].fillna(3).astype(int).astype(object))
    rows = alternative(
        staged(SEEDS, long_answers(people, LEVELS, wave=5), alternatives(WEIGHTED)), "weighted", "m"
    )
    matrix = people[["Blair", "Hague", "age"]].to_numpy(float)
    compare(rows, OrdinalModel(outcome_of(people), matrix).fit("robust"))


def test_a_model_with_survey_weights_has_no_such_alternative():
    seeds = specification(numeric("Blair"), weight="weight", vce="robust", **LAST)
    result = staged(seeds, long_answers(wide(), LEVELS, wave=5), alternatives(WEIGHTED))
    assert part(result, "sensitivity").empty


def test_a_question_that_was_not_asked_is_a_row_with_the_reason():
    result = staged(SEEDS, long_answers(wide().drop(columns="vote"), LEVELS, wave=5), alternatives(WEIGHTED))
    (row,) = part(result, "sensitivity").to_dict("records")
    assert row["problem"] == "model m, term vote: no rows: S-5 was not asked this question"


@pytest.mark.parametrize(
    ("complete_of_b", "message"),
    [
        (0.0, "model m, term sex, level b: no weights of complete cases: nobody of the level is complete"),
        (0.04, "model m: no weights of complete cases: some have a probability of 0.0400 of being complete"),
    ],
)
def test_levels_without_a_usable_probability_are_named(complete_of_b, message):
    answers = pd.DataFrame({"sex": ["a"] * 100 + ["b"] * 100})
    complete = np.r_[np.arange(100) < 60, np.arange(100) < 100 * complete_of_b]
    with pytest.raises(RegressionError, match=message):
        complete_case_weights(answers, complete, np.ones(200), "m")


def test_levels_that_separate_together_are_named():
    """Of each level some are complete and some not, but of a with c all, and of b with d nobody."""
    answers = pd.DataFrame({"first": ["a"] * 100 + ["b"] * 100, "second": (["c"] * 50 + ["d"] * 50) * 2})
    complete = np.repeat([True, False, True, False], 50)
    complete[60:80], complete[110:130] = True, False
    with pytest.raises(
        RegressionError, match="model m, term .*: no weights of complete cases: .*separat.* merge"
    ):
        complete_case_weights(answers, complete, np.ones(200), "m")


def test_a_level_of_which_everybody_is_complete_leaves_the_others_as_they_are():
    answers = pd.DataFrame({"sex": ["a"] * 100 + ["b"] * 100 + ["c"] * 7})
    complete = np.r_[np.arange(100) < 60, np.arange(100) < 30, np.full(7, True)]
    weights = complete_case_weights(answers, complete, np.ones(207), "m")
    np.testing.assert_allclose(weights, np.repeat([1 / 0.6, 1 / 0.3, 1.0], [100, 100, 7]))
    # With one level left there is a share and no logit.
    left = answers["sex"].isin(["a", "c"])
    weights = complete_case_weights(answers[left], complete[left], np.ones(107), "m")
    np.testing.assert_allclose(weights, np.repeat([1 / 0.6, 1.0], [100, 7]))


def test_the_alternative_names_its_questions():
    with pytest.raises(RegressionError, match="alternative weighted: term is empty; write the questions"):
        staged(SEEDS, long_answers(wide(), LEVELS, wave=5), alternatives((WEIGHTED[0], None, *WEIGHTED[2:])))
