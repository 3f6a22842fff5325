"""Each error names the model and, where one is at fault, the term and the level."""

import numpy as np
import pandas as pd
import pytest
from regression_data import (
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    numeric,
    simulated,
    specification,
)

from python_models.regression import RegressionError, fit_models, newton


def fails(wide: pd.DataFrame, terms=SIMULATED_TERMS, levels=None) -> RegressionError:
    with pytest.raises(RegressionError) as caught:
        fit_models(specification(*terms), long_answers(wide, levels or GROUP_LEVELS))
    error = caught.value
    assert "model m" in str(error)
    for named in (error.term, error.level):
        assert named is None or named in str(error)
    return error


def test_the_unspoilt_sample_fits():
    fitted = fit_models(specification(*SIMULATED_TERMS), long_answers(simulated(), GROUP_LEVELS))
    assert len(fitted) == 4 + 3 and fitted["converged"].all()


def test_unknown_sample():
    answers = long_answers(simulated(), GROUP_LEVELS).assign(sample_id="T")
    with pytest.raises(RegressionError, match="model m: no rows: sample S"):
        fit_models(specification(*SIMULATED_TERMS), answers)


def test_question_not_asked():
    error = fails(simulated().drop(columns="z"))
    assert error.term == "z" and "was not asked" in str(error)


def test_everybody_dropped():
    error = fails(simulated(20).assign(z="skipped"))
    assert "no rows: all 20 respondents of S are dropped (z skipped 20)" in str(error)


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
    answers.loc[(answers["question_id"] == "x") & (answers["category_id"] == "c2"),
                "position"] = None
    with pytest.raises(RegressionError, match="model m, term x, level c2: .* no position"):
        fit_models(specification(*SIMULATED_TERMS), answers)


def test_duplicate_and_missing_answers():
    answers = long_answers(simulated(), GROUP_LEVELS)
    with pytest.raises(RegressionError, match="term y: 1 answers stand twice.*S-00001"):
        fit_models(specification(*SIMULATED_TERMS), pd.concat([answers, answers.head(1)]))
    with pytest.raises(RegressionError, match="term y: 1 of 400 respondents.*S-00001"):
        fit_models(specification(*SIMULATED_TERMS), answers.iloc[1:])


def test_unknown_status():
    answers = long_answers(simulated(), GROUP_LEVELS)
    answers.loc[0, "answer_status"] = "refused"
    with pytest.raises(RegressionError, match="term y: unknown answer_status refused"):
        fit_models(specification(*SIMULATED_TERMS), answers)


def test_a_gradient_that_stays_is_an_error(monkeypatch):
    monkeypatch.setattr(newton, "MAX_STEPS", 1)
    assert "did not converge: largest gradient" in str(fails(simulated()))


@pytest.mark.parametrize(("column", "value", "message"), [
    ("coding", "ordinal", "term x: coding is 'ordinal'"),
    ("dont_know", "drop", "term x: dont_know is 'drop'"),
    ("dont_know", "category", "term x: a numeric term has no place for don't know"),
    ("reference_category", "c1", "term x, level c1: a numeric term has no reference"),
    ("term", "z", "term z: stands twice"),
    ("term", "y", "term y: stands twice"),
    ("term_order", 2, "term_order must be filled and unique"),
    ("sample_id", "T", "sample_id must be one value"),
    ("printed_table", "A", "printed_table must be one value"),
])
def test_specification_errors(column, value, message):
    rows = specification(*SIMULATED_TERMS).astype(object)
    rows.loc[0, column] = value
    with pytest.raises(RegressionError, match=f"model m.*{message}"):
        fit_models(rows, long_answers(simulated(40), GROUP_LEVELS))


def test_categorical_term_needs_a_reference():
    rows = specification(("group", "categorical", None, "missing"))
    with pytest.raises(RegressionError, match="term group: .*needs a reference_category"):
        fit_models(rows, long_answers(simulated(40), GROUP_LEVELS))


def test_missing_columns_and_empty_seed():
    answers = long_answers(simulated(40), GROUP_LEVELS)
    with pytest.raises(RegressionError, match="lacks the columns coding"):
        fit_models(specification(*SIMULATED_TERMS).drop(columns="coding"), answers)
    with pytest.raises(RegressionError, match="has no rows"):
        fit_models(specification(*SIMULATED_TERMS).head(0), answers)
    with pytest.raises(RegressionError, match="answers lack the columns position"):
        fit_models(specification(*SIMULATED_TERMS), answers.drop(columns="position"))
