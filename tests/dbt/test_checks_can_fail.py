"""Every generic and singular dbt test lets sound rows pass and reports the faulty ones."""

import pytest

pytestmark = pytest.mark.slow


def test_sound_rows_pass_every_check(found):
    assert {name: rows for name, rows in found.items() if name.startswith("sound_")} == {
        f"sound_{check}": []
        for check in ("grain", "agree", "close", "enough", "all", "none_enough", "none_all", "labels")
    }


def test_a_repeated_grain_is_reported(found):
    assert [(row["sample_id"], row["n"]) for row in found["answers_grain"]] == [("b", 2)]


def test_each_repeated_key_of_a_public_table_is_reported(found):
    assert [(row["table_name"], row["key"], row["n_repeated"]) for row in found["keys_identify_rows"]] == [
        ("answers", "sample_id, id", 1),
        ("answers", "answer", 1),
    ]


def test_a_number_that_does_not_agree_or_cannot_be_computed_is_reported(found):
    assert sorted(row["id"] for row in found["published_agree"]) == [2, 3]


def test_a_cell_that_is_not_close_is_reported(found):
    assert sorted(row["id"] for row in found["cells_close"]) == [2, 3]


def test_too_few_equal_cells_are_reported(found):
    assert [(row["n_agree"], row["n_eligible"]) for row in found["cells_enough"]] == [(2, 3)]


def test_a_published_cell_that_is_not_eligible_is_reported(found):
    assert [(row["n_eligible"], row["n_published"]) for row in found["cells_all"]] == [(3, 4)]


def test_a_row_without_a_label_in_the_first_language_is_reported(found):
    assert [row["id"] for row in found["labelled_first"]] == ["b"]


def test_a_lost_answer_is_reported(found):
    assert sorted(
        (row["sample_id"], row["question_id"], row["counted_n"]) for row in found["every_answer_is_counted"]
    ) == [
        ("KOR-2014", "feeling", 9),
        ("KOR-2014", "income", 9),
        ("KOR-2014", "reasons", 9),
        ("KOR-2015", "feeling", 0),
        ("KOR-2015", "income", 0),
    ]


def test_a_leader_who_was_not_in_office_or_is_not_named_is_reported(found):
    assert sorted(row["sample_id"] for row in found["referents_are_in_office"]) == [
        "early", "late", "many", "many", "none",
    ]  # fmt: skip
