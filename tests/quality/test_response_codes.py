"""Each expectation of the response-code audit is met by sound frequencies and broken by one fault."""

import pandas as pd
import pytest

from python_models.quality import audit

COLUMNS = pd.DataFrame({
    "sample_id": ["KOR-2023"] * 3, "variable": ["ID", "Q1", "AGE"], "role": ["id", "answer", "answer"]})
CATEGORIES = pd.DataFrame({"category_id": ["young", "old"], "value_min": [18, 60], "value_max": [59, 120]})


IN_FILE = COLUMNS[["sample_id", "variable"]]


def frequencies(*rows):
    names = ["sample_id", "question_id", "variable", "code", "category_id", "number", "n"]
    return pd.DataFrame([("KOR-2023", *row) for row in rows], columns=names)


SOUND = (
    ("impression", "Q1", "1", "good", None, 600),
    ("impression", "Q1", "2", "bad", None, 408),
    ("age_group", "AGE", "34", "young", 34.0, 1008),
)


def outcome(*rows, in_file=IN_FILE):
    result = audit(frequencies(*rows), in_file, COLUMNS, CATEGORIES)
    return result.set_index("expectation")


def test_sound_frequencies_meet_every_expectation():
    result = outcome(*SOUND)
    assert result["success"].all()
    assert len(result) == 3
    assert (result["n_elements"] == 3).all()
    assert result["unexpected"].isna().all()


@pytest.mark.parametrize(("fault", "expectation", "unexpected"), [
    (("impression", "Q1", "7", None, None, 3), "every code has a category", "Q1 = 7 (3)"),
    (("age_group", "AGE", "134", "old", 134.0, 3), "every number of years is in range", "AGE = 134 (3)"),
])
def test_one_fault_breaks_one_expectation(fault, expectation, unexpected):
    result = outcome(*SOUND, fault)
    assert list(result.index[~result["success"]]) == [expectation]
    assert result.loc[expectation, "unexpected"] == unexpected
    assert result.loc[expectation, "n_unexpected"] >= 1


def test_missing_and_unexpected_variables_are_named():
    in_file = pd.DataFrame({"sample_id": "KOR-2023", "variable": ["ID", "Q1", "Q2"]})
    result = outcome(*SOUND, in_file=in_file)
    assert list(result.index[~result["success"]]) == ["the file has the expected variables"]
    assert result.loc["the file has the expected variables", "unexpected"] == "missing AGE; not expected Q2"
    assert result.loc["the file has the expected variables", "n_unexpected"] == 2


def test_many_faults_are_cut_short_and_counted():
    faults = [("impression", "Q1", str(code), None, None, 1) for code in range(10, 25)]
    shown = outcome(*SOUND, *faults).loc["every code has a category", "unexpected"]
    assert shown.startswith("Q1 = 10 (1); ")
    assert shown.endswith("; and 5 more")


def test_an_expectation_that_cannot_be_evaluated_is_an_error():
    broken = frequencies(*SOUND).drop(columns="number")
    with pytest.raises(RuntimeError, match="KOR-2023: the expectation 'every number of years is in range' could not"):
        audit(broken, IN_FILE, COLUMNS, CATEGORIES)
