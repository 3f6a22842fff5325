"""Every generic and singular dbt test lets sound rows pass and reports the faulty ones."""

import pytest

pytestmark = pytest.mark.slow


def test_sound_rows_pass_every_check(found):
    assert {name: rows for name, rows in found.items() if name.startswith("sound_")} == {
        f"sound_{check}": [] for check in ("grain", "formed", "agree", "close", "enough")
    }


def test_a_repeated_grain_is_reported(found):
    assert [(row["sample_id"], row["n"]) for row in found["answers_grain"]] == [("b", 2)]


def test_empty_foreign_and_dangling_values_are_reported(found):
    assert sorted(
        (row["column_name"], row["finding"], str(row["value"]), row["n"]) for row in found["answers_formed"]
    ) == [
        ("answer", "is not one of yes, no", "maybe", 1),
        ("sample_id", "is empty", "None", 1),
        ("sample_id", "is not a sample_id of samples", "z", 1),
    ]


def test_a_number_that_does_not_agree_or_cannot_be_computed_is_reported(found):
    assert sorted(row["id"] for row in found["published_agree"]) == [2, 3]


def test_a_cell_that_is_not_close_is_reported(found):
    assert sorted(row["id"] for row in found["cells_close"]) == [2, 3]


def test_too_few_equal_cells_are_reported(found):
    assert [row["n_agree"] for row in found["cells_enough"]] == [2]


def test_a_lost_answer_is_reported(found):
    assert sorted(
        (row["wave"], row["question_id"], row["counted_n"]) for row in found["every_answer_is_counted"]
    ) == [(2014, "feeling", 9), (2014, "reasons", 9), (2015, "feeling", 0)]
