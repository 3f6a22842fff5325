"""A row of a seed is known to be wrong before a build says so, by the properties that the build reads."""

import pytest
from kjpoll.common.properties import seed_properties
from kjpoll.common.seed_cells import cell_faults
from kjpoll.common.seed_file import read_seed

from tests.support.project import CHECKOUT

SEEDS = CHECKOUT / "dbt_project" / "seeds"
CHECKED = ("questions", "categories", "samples", "variables", "code_lists", "waves", "universes")
QUESTION = {
    "question_id": "hours",
    "topic": "life",
    "answer_type": "numeric",
    "category_set": "sex",
    "unit": "hours",
}
SAMPLE = {"sample_id": "KOR-2023", "wave": "2023", "country": "KOR", "series": "KOR", "synthetic": "true",
          "review": "reviewed", "source_id": "genron2023_ja", "fieldwork_start": "2023-08-01"}  # fmt: skip
VARIABLE = {"sample_id": "KOR-2023", "variable": "Q1", "role": "answer", "question_id": "sex", "layout": "single",
            "comparability": "identical", "code_list": "sex__1_2", "review": "reviewed"}  # fmt: skip


def rows_of(name: str) -> list[dict[str, str]]:
    return read_seed(SEEDS / seed_properties()[name].folder / f"{name}.csv")


@pytest.mark.parametrize("seed", CHECKED)
def test_no_row_of_the_shipped_seeds_is_wrong(seed):
    rows = rows_of(seed)
    assert [
        fault for row in rows[:: max(1, len(rows) // 60)] for fault in cell_faults(seed, row, rows_of)
    ] == []


@pytest.mark.parametrize(
    ("seed", "row", "cells", "faults"),
    [
        ("questions", QUESTION, {}, []),
        ("questions", QUESTION, {"topic": ""}, ["topic is empty"]),
        (
            "questions",
            QUESTION,
            {"answer_type": ""},
            [
                "answer_type is empty; write one of ordinal, nominal, multiple, numeric",
            ],
        ),
        (
            "questions",
            QUESTION,
            {"answer_type": "number", "unit": ""},
            ["answer_type is 'number', which is none of ordinal, nominal, multiple, numeric"],
        ),
        ("questions", QUESTION, {"value_min": "few"}, ["value_min is 'few', which is no number"]),
        ("questions", QUESTION, {"value_min": "9", "value_max": "2"}, ["value_min is 9, which is above value_max"]),
        (
            "questions",
            QUESTION,
            {"unit": ""},
            ["unit is empty, which is wrong: a numeric question has a unit, and no other has one"],
        ),
        (
            "questions",
            QUESTION,
            {"category_set": "sexes"},
            ["category_set is 'sexes', and no row of survey/categories.csv has it; like it are sex"],
        ),
        ("categories", {"category_set": "sex", "category_id": "x"}, {"position": "first"},
         ["position is 'first', which is no whole number up to 32767"]),
        ("categories", {"category_set": "sex", "category_id": "x"}, {"exclusive": "perhaps"},
         ["exclusive is 'perhaps', which is neither true nor false"]),
        ("questions", QUESTION, {"question_id": "Hours"},
         ["question_id is 'Hours', which is not made of a small letter and small letters, digits and _"]),
        ("questions", QUESTION, {"question_id": "order"}, ["question_id is order, which is a reserved word of SQL"]),
        ("questions", QUESTION, {"question_id": "weight"},
         ["question_id is weight, which is a column of dim_respondent already"]),
        ("samples", SAMPLE, {}, []),
        ("samples", SAMPLE, {"design_effect": "7"}, ["design_effect is 7, which is not between 1 and 5"]),
        ("samples", SAMPLE, {"series": "JPN"}, ["series is JPN, which is the series of another country too"]),
        ("samples", SAMPLE, {"fieldwork_start": "2022-08-01", "fieldwork_end": "2022-08-02"},
         ["fieldwork_start is 2022-08-01, which is not in the year of the wave (nor of the sample, where column year says another)"]),
        ("variables", VARIABLE, {}, []),
        ("variables", VARIABLE, {"comparability": ""},
         ["comparability is empty, which is no word on how far an answer can be compared; write identical, or what differs"]),
        ("variables", VARIABLE, {"role": "ignored", "comparability": ""}, []),
    ],
)  # fmt: skip
def test_what_a_build_would_refuse(seed, row, cells, faults):
    assert cell_faults(seed, {**row, **cells}, rows_of) == faults
