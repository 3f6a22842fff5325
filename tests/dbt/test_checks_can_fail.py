"""Every generic and singular dbt test lets sound rows pass and reports the faulty ones."""


def test_sound_rows_pass_every_check(found):
    assert {name: rows for name, rows in found.items() if name.startswith("sound_")} == {
        f"sound_{check}": [] for check in ("grain", "formed", "agree", "close", "enough")}


def test_a_repeated_grain_is_reported(found):
    assert [(row["sample_id"], row["n"]) for row in found["answers_grain"]] == [("b", 2)]


def test_empty_foreign_and_dangling_values_are_reported(found):
    assert sorted((row["column_name"], row["finding"], str(row["value"]), row["n"]) for row in found["answers_formed"]) == [
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


def test_each_fault_of_the_crosswalk_is_reported_and_nothing_else(found):
    faults = {(row["variable"], row["fault"]) for row in found["crosswalk_is_complete"] if row["sample_id"] == "c"}
    assert {row["sample_id"] for row in found["crosswalk_is_complete"]} == {"c"}
    assert faults == {
        ("silent", "an ignored column needs a note"),
        ("no_layout", "an answer needs a question and a layout"),
        ("no_list", "the layout needs a code list"),
        ("no_delimiter", "a delimited column needs a delimiter"),
        ("absent_list", "no row of code_lists has the code list nowhere"),
        ("no_category", "an indicator column needs a category of its question, not (none)"),
        ("other_set", "code 1 of wrong means culture, which is neither in the set good_bad nor reserved"),
        ("SEQ", "the crosswalk has no id column of this name"),
        ("W", "the crosswalk has no weight column of this name"),
    }
