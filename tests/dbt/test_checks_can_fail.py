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


def faults(rows, key):
    return sorted((row[key], row["fault"]) for row in rows)


def test_each_fault_of_a_column_is_reported_and_nothing_else(found):
    rows = found["crosswalk_is_complete"]
    assert not [row for row in rows if row["sample_id"] in ("a", "b")]
    assert faults([row for row in rows if row["sample_id"] == "c"], "variable") == [
        ("SEQ", "the crosswalk has no id column of this name, or another one too"),
        ("V", "the weight column of samples is not that of the crosswalk"),
        ("no_category", "an indicator column needs a category of its question, not (none)"),
        ("no_category",
         "the columns of reasons differ in layout, question number, comparability or whom they are about"),
        ("no_delimiter", "a delimited column needs a delimiter"),
        ("no_layout", "an answer needs a question and a layout"),
        ("no_list", "the layout needs a code list"),
        ("silent", "an ignored column needs a note"),
        ("wrong_layout", "the layout ranked does not fit the answer type ordinal"),
    ]
    assert faults([row for row in rows if row["sample_id"] == "d"], "variable") == [
        ("ID", "the crosswalk has no id column of this name, or another one too"),
        ("W", "the weight column of samples is not that of the crosswalk"),
        ("absent_list", "several columns answer the single-answer question feeling"),
    ]


def test_each_code_that_does_not_fit_its_column_is_reported_and_nothing_else(found):
    cannot = "which a column of layout {} with the set {} cannot hold"
    assert faults(found["crosswalk_codes_fit"], "variable") == sorted([
        ("absent_list", "no row of code_lists has the code list nowhere"),
        ("other_set", "code 1 of other_set means culture, " + cannot.format("single", "good_bad")),
        ("reserved", "code 9 of reserved_only means no_answer, " + cannot.format("single", "good_bad")),
        ("indicator_list", "code 1 of for_indicators means chosen, " + cannot.format("ranked", "reason")),
        ("indicator_list", "code 2 of for_indicators means not_chosen, " + cannot.format("ranked", "reason")),
        ("single_list", "code 1 of forward means good, " + cannot.format("indicator", "reason")),
        ("single_list", "code 2 of forward means bad, " + cannot.format("indicator", "reason")),
    ])


def test_each_universe_that_cannot_be_recomputed_is_reported_and_nothing_else(found):
    assert faults(found["universes_are_sound"], "question_id") == [
        ("both_net_and_category", "give universe_net or universe_category_id, one of the two"),
        ("no_such_category", "the parent feeling has no fair"),
        ("no_such_net", "the parent feeling has no neither"),
        ("parent_has_many_answers", "the parent reasons has several answers, so nobody is in or out"),
        ("parent_is_no_question", "universe_question_id feelings is not a question"),
        ("reasons", "asked in f without its parent feeling"),
    ]


def test_a_lost_answer_is_reported(found):
    assert sorted((row["wave"], row["question_id"], row["counted_n"]) for row in found["every_answer_is_counted"]) == [
        (2014, "feeling", 9), (2014, "reasons", 9), (2015, "feeling", 0)]
