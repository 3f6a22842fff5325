"""Each error names the model and, where one is at fault, the term and the level."""

import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import RegressionError, newton
from regression_data import (
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    numeric,
    simulated,
    specification,
)

from tests.support.long_answers import fit_models


def fails(wide: pd.DataFrame, terms=SIMULATED_TERMS, levels=None) -> RegressionError:
    with pytest.raises(RegressionError) as caught:
        fit_models(*specification(*terms), long_answers(wide, levels or GROUP_LEVELS))
    error = caught.value
    assert "model m" in str(error)
    for named in (error.term, error.level):
        assert named is None or named in str(error)
    return error


def test_the_unspoilt_sample_fits():
    fitted = fit_models(*specification(*SIMULATED_TERMS), long_answers(simulated(), GROUP_LEVELS))
    assert len(fitted) == 4 + 3 and fitted["converged"].all()


def test_unknown_sample():
    answers = long_answers(simulated(), GROUP_LEVELS).assign(country="T")
    with pytest.raises(RegressionError, match="model m: no rows: S-1 has no answers"):
        fit_models(*specification(*SIMULATED_TERMS), answers)


def test_question_not_asked():
    error = fails(simulated().drop(columns="z"))
    assert error.term == "z" and "S-1 was not asked this question" in str(error)


def test_everybody_dropped():
    error = fails(simulated(20).assign(z="skipped"))
    assert "no rows: all 20 respondents of S-1 are dropped (z skipped 20)" in str(error)


def test_constant_numeric_column():
    error = fails(simulated().assign(z=4))
    assert error.term == "z" and "constant: all 400 observations have the value 4" in str(error)


def test_constant_categorical_term():
    error = fails(simulated().assign(group="a"))
    assert (error.term, error.level) == ("group", "a") and "constant" in str(error)


def test_collinear_numeric_terms_are_named():
    wide = simulated()
    wide["w"] = wide["x"] + 2 * wide["z"] + 3
    error = fails(wide, (*SIMULATED_TERMS, numeric("w")))
    assert error.term == "w" and "w is determined by x, z;" in str(error)


def test_collinear_level_is_named():
    wide = simulated()
    wide["w"] = (wide["group"] == "b").astype(int) + 1
    error = fails(wide, (numeric("x"), numeric("w"), ("group", "categorical", "a", "missing")))
    assert (error.term, error.level) == ("group", "b")
    assert "group=b is determined by w;" in str(error)


def test_outcome_category_never_chosen():
    wide = simulated()
    wide["y"] = wide["y"].replace({3: 5})
    error = fails(wide)
    assert (error.term, error.level) == ("y", "position 3")
    assert "outcome category without observations" in str(error)


def test_outcome_category_chosen_only_by_the_dropped():
    wide = simulated()
    wide.loc[wide["y"] == 4, "x"] = "dont_know"
    assert (error := fails(wide)).term == "y" and error.level == "c4"


def test_fewer_than_two_outcome_categories():
    error = fails(simulated().assign(y=2))
    assert (error.term, error.level) == ("y", "c2") and "fewer than two" in str(error)


def test_separation():
    wide = simulated()
    wide["flag"] = np.where(wide["y"] == 4, 2, 1)
    error = fails(wide, (*SIMULATED_TERMS, numeric("flag")))
    assert error.term == "flag" and "separated" in str(error)


def test_separated_level():
    """A level whose respondents all gave the highest answer has no finite coefficient."""
    wide = simulated()
    wide.loc[wide.index[wide["y"] == 4][:5], "group"] = "d"
    error = fails(wide, levels={"group": ["a", "b", "c", "d"]})
    assert (error.term, error.level) == ("group", "d") and "separated" in str(error)


def test_reference_without_observations():
    wide = simulated()
    wide["group"] = wide["group"].replace({"a": "b"})
    error = fails(wide)
    assert (error.term, error.level) == ("group", "a") and "choose one of b, c" in str(error)


def test_answer_without_position():
    answers = long_answers(simulated(), GROUP_LEVELS)
    answers.loc[(answers["question_id"] == "x") & (answers["category_id"] == "c2"), "position"] = None
    with pytest.raises(RegressionError, match="model m, term x, level c2: .* no position"):
        fit_models(*specification(*SIMULATED_TERMS), answers)


def test_duplicate_and_missing_answers():
    answers = long_answers(simulated(), GROUP_LEVELS)
    with pytest.raises(RegressionError, match="term y: respondent S-1-00001 has 2 answers"):
        fit_models(*specification(*SIMULATED_TERMS), pd.concat([answers, answers.head(1)]))
    with pytest.raises(RegressionError, match="model m, term y: 1 of 400 respondents of S-1 .*S-1-00001"):
        fit_models(*specification(*SIMULATED_TERMS), answers.iloc[1:])


def test_unknown_status():
    answers = long_answers(simulated(), GROUP_LEVELS)
    answers.loc[0, "answer_status"] = "refused"
    with pytest.raises(RegressionError, match="term y: unknown answer_status refused"):
        fit_models(*specification(*SIMULATED_TERMS), answers)


def test_a_gradient_that_stays_is_an_error(monkeypatch):
    monkeypatch.setattr(newton, "MAX_STEPS", 1)
    assert "did not converge: largest gradient" in str(fails(simulated()))


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("coding", "ordinal", "term x: coding is 'ordinal'"),
        ("dont_know", "drop", "term x: dont_know is 'drop'"),
        ("dont_know", "category", "term x: a numeric term has no place for don't know"),
        ("reference_category", "c1", "term x, level c1: a numeric term has no reference"),
        ("term", "z", "term z: stands twice"),
        ("term", "y", "term y: stands twice"),
        ("term", None, "a row of seed regression_terms has no term"),
        ("term_order", 2, "term_order must be filled and unique"),
        ("term_order", None, "term_order must be filled and unique"),
        ("term_order", "last", "term_order must be filled and unique"),
    ],
)
def test_term_errors(column, value, message):
    models, terms = specification(*SIMULATED_TERMS)
    terms = terms.astype(object)
    terms.loc[0, column] = value
    with pytest.raises(RegressionError, match=f"model m.*{message}"):
        fit_models(models, terms, long_answers(simulated(40), GROUP_LEVELS))


def test_a_categorical_term_has_no_middle():
    with pytest.raises(RegressionError, match="model m, term group: a categorical term has no mid"):
        fit_models(
            *specification(("group", "categorical", "a", "middle")), long_answers(simulated(40), GROUP_LEVELS)
        )


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("variant", "earlier_wave", "variant is 'earlier_wave'; write published or pooled"),
        ("link", "loglog", "link is 'loglog'"),
        ("link", None, "link is empty"),
        ("weight", "w", "weight is 'w'"),
        ("weight", "weight", "with survey weights vce must be robust"),
        ("vce", "cluster", "vce is 'cluster'"),
        ("common_sample", "yes", "common_sample is 'yes'; write true or false"),
        ("common_sample", None, "common_sample is empty"),
        ("series", None, "series is empty"),
        ("outcome", None, "outcome is empty"),
        ("first_wave", None, "first_wave is empty"),
        ("first_wave", "2", "first_wave is after last_wave"),
        ("last_wave", "now", "last_wave is 'now'; write a whole number"),
        ("printed_table", "A", "printed_table is 'A'; write a whole number"),
        ("printed_table", None, "printed_table is empty; a published model"),
        ("model", None, "model is empty; a published model"),
    ],
)
def test_model_errors(column, value, message):
    models, terms = specification(*SIMULATED_TERMS, **{column: value})
    with pytest.raises(RegressionError, match=f"model m: {message}"):
        fit_models(models, terms, long_answers(simulated(40), GROUP_LEVELS))


def test_rows_that_contradict_between_and_within_the_seeds():
    models, terms = specification(*SIMULATED_TERMS)
    answers = long_answers(simulated(40), GROUP_LEVELS)
    twice = pd.concat([models, models.assign(series="T")])
    with pytest.raises(RegressionError, match="model m: model_id must be filled and unique"):
        fit_models(twice, terms, answers)
    with pytest.raises(RegressionError, match="model None: model_id must be filled and unique"):
        fit_models(models.assign(model_id=None), terms, answers)
    stray = pd.concat([terms, terms.assign(model_id="n")])
    with pytest.raises(RegressionError, match="model n: seed regression_terms has terms"):
        fit_models(models, stray, answers)
    with pytest.raises(RegressionError, match="model n: has no terms"):
        fit_models(pd.concat([models, models.assign(model_id="n")]), terms, answers)


def test_categorical_term_needs_a_reference():
    rows = specification(("group", "categorical", None, "missing"))
    with pytest.raises(RegressionError, match="term group: .*needs a reference_category"):
        fit_models(*rows, long_answers(simulated(40), GROUP_LEVELS))


def test_missing_columns_and_empty_seed():
    answers = long_answers(simulated(40), GROUP_LEVELS)
    models, terms = specification(*SIMULATED_TERMS)
    with pytest.raises(RegressionError, match="regression_terms lacks the columns coding"):
        fit_models(models, terms.drop(columns="coding"), answers)
    with pytest.raises(RegressionError, match="regression_models lacks the columns outcome"):
        fit_models(models.drop(columns="outcome"), terms, answers)
    with pytest.raises(RegressionError, match="model m: seed regression_terms has terms, regression_models"):
        fit_models(models.head(0), terms, answers)
    with pytest.raises(RegressionError, match="model m: has no terms"):
        fit_models(models, terms.head(0), answers)
    with pytest.raises(RegressionError, match="answers lack the columns position"):
        fit_models(models, terms, answers.drop(columns="position"))
    with pytest.raises(RegressionError, match="model m: no rows: S-1"):
        fit_models(models, terms, answers.head(0))


def test_a_category_has_one_position():
    answers = long_answers(simulated(), GROUP_LEVELS)
    at = answers.index[(answers["question_id"] == "x") & (answers["category_id"] == "c2")]
    for other in (9, None):
        contradicting = answers.copy()
        contradicting.loc[at[0], "position"] = other
        with pytest.raises(RegressionError, match="term x, level c2: .*several positions"):
            fit_models(*specification(*SIMULATED_TERMS), contradicting)


@pytest.mark.parametrize("weight", [None, -1.0])
def test_a_weighted_model_needs_weights(weight):
    answers = long_answers(simulated(), GROUP_LEVELS)
    answers.loc[answers["respondent_id"].isin(["S-1-00001", "S-1-00002"]), "weight"] = weight
    fit_models(*specification(*SIMULATED_TERMS), answers)
    with pytest.raises(RegressionError, match="model m: 2 respondents of S-1 have no weight"):
        fit_models(*specification(*SIMULATED_TERMS, weight="weight", vce="robust"), answers)


def test_samples_of_several_waves_are_named():
    """A question that one wave was not asked, and a wave without rows."""
    seeds = specification(*SIMULATED_TERMS, variant="pooled", last_wave="3")
    first, second = (long_answers(simulated(), GROUP_LEVELS, wave=wave) for wave in (1, 2))
    third = second.assign(wave=3, respondent_id="third" + second["respondent_id"])
    lacking = pd.concat([first, second[second["question_id"] != "z"], third])
    with pytest.raises(RegressionError, match=("model m, term z: S, waves 1 to 3: not asked in 2; leave")):
        fit_models(*seeds, lacking)
    both = lacking[(lacking["wave"] == 1) | (lacking["question_id"] != "z")]
    with pytest.raises(RegressionError, match="term z: S, waves 1 to 3: not asked in 2, 3; leave"):
        fit_models(*seeds, both)
    with pytest.raises(RegressionError, match="no rows: S, waves 1 to 3 was not asked"):
        fit_models(*seeds, first[first["question_id"] != "z"])


def test_a_wave_without_complete_cases_is_named():
    wide = simulated()
    first, third = (long_answers(wide, GROUP_LEVELS, wave=wave) for wave in (1, 3))
    partly = wide.assign(z="skipped", x=["dont_know", *wide["x"][1:]])
    answers = pd.concat([first, long_answers(partly, GROUP_LEVELS, wave=2), third])
    seeds = specification(*SIMULATED_TERMS, variant="pooled", last_wave="3")
    with pytest.raises(
        RegressionError,
        match=(
            r"model m: no rows: all 400 respondents of S-2 are dropped "
            r"\(x dont_know 1, z skipped 399\)"
        ),
    ):
        fit_models(*seeds, answers)


def test_a_second_sample_of_a_country_and_wave_without_complete_cases_is_named():
    wide = simulated()
    web = long_answers(wide.assign(z="skipped"), GROUP_LEVELS)
    web["respondent_id"] = web["respondent_id"].astype(str) + "-web"
    answers = pd.concat([long_answers(wide, GROUP_LEVELS).assign(series="S"), web.assign(series="S-web")])
    answers["respondent_id"] = answers["respondent_id"].astype(str)
    seeds = specification(*SIMULATED_TERMS, variant="pooled", series="S;S-web")
    with pytest.raises(RegressionError, match="all 400 respondents of S-web-1 are dropped .z skipped 400"):
        fit_models(*seeds, answers)


def test_whoever_drops_all_is_named_whatever_stands_before():
    """z drops everybody, though most are gone before for x."""
    wide = simulated(20).assign(z="skipped")
    wide.loc[:14, "x"] = "no_answer"
    error = fails(wide)
    assert error.term == "z" and "(x no_answer 15, z skipped 5)" in str(error)
    assert fails(wide.assign(y="dont_know")).term == "y"


def test_the_outcomes_scale_is_that_of_all_samples():
    """Nobody in sample 1 chose the highest category (or the two highest), which sample 2 shows to exist."""
    wide = simulated()
    other = long_answers(wide, GROUP_LEVELS, wave=2)
    for lower, level in (({4: 3}, "c4"), ({4: 2, 3: 2}, "c3"), ({1: 2}, "c1")):
        answers = long_answers(wide.assign(y=wide["y"].replace(lower)), GROUP_LEVELS)
        with pytest.raises(RegressionError, match=f"term y, level {level}: outcome category without"):
            fit_models(*specification(*SIMULATED_TERMS), pd.concat([answers, other]))


def test_a_scale_without_positions_has_no_middle():
    answers = long_answers(simulated().assign(x="dont_know"), GROUP_LEVELS)
    seeds = specification(("x", "numeric", None, "middle"), numeric("z"))
    with pytest.raises(RegressionError, match="model m, term x: no answer in any sample has a position"):
        fit_models(*seeds, answers)


@pytest.mark.parametrize("weight", [2.0, None])
def test_weights_of_a_respondent_must_agree(weight):
    answers = long_answers(simulated(), GROUP_LEVELS)
    at = answers.index[(answers["respondent_id"] == "S-1-00003") & (answers["question_id"] == "z")]
    answers.loc[at, "weight"] = weight
    with pytest.raises(RegressionError, match="respondent S-1-00003 has several weights"):
        fit_models(*specification(*SIMULATED_TERMS), answers)


def test_weights_that_are_all_zero_after_deletion():
    wide = simulated()
    wide.loc[:9, "x"] = "no_answer"
    weights = np.r_[np.ones(10), np.zeros(390)]
    answers = long_answers(wide, GROUP_LEVELS, weights=weights)
    with pytest.raises(
        RegressionError, match="model m: no rows: the 390 complete cases of S-1 all have the weig"
    ):
        fit_models(*specification(*SIMULATED_TERMS, weight="weight", vce="robust"), answers)


@pytest.mark.parametrize(
    ("value", "said"),
    [("wording", "the comparabilities identical and wording"), (None, "a row without comparability")],
)
def test_a_question_has_one_comparability_in_a_sample(value, said):
    answers = long_answers(simulated(), GROUP_LEVELS).astype({"comparability": object})
    answers.loc[answers.index[answers["question_id"] == "z"][7], "comparability"] = value
    with pytest.raises(RegressionError, match=f"term z: S-1 has {said}; a question has one"):
        fit_models(*specification(*SIMULATED_TERMS), answers)
