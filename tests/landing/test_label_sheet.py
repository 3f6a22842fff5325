"""The sheet of a workbook that labels its columns and codes: what is landed, kept and refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.wave_table import ValueLabel, Variable, WaveTable
from kjpoll.landing.workbook_file import read_workbook
from landing_files import LandingFiles, sample_row

HEADER = ["variable", "code", "label"]


def put(files: LandingFiles, *rows: list[Any], header: list[Any] = HEADER) -> Path:
    """A workbook with the columns ID and 문1 and these rows of labels."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "data"
    for row in (["ID", "문1"], [1, 1], [2, 9]):
        workbook.active.append(row)
    labels = workbook.create_sheet("labels")
    for row in (header, *rows):
        labels.append(row)
    path = files.raw / "KOR.xlsx"
    workbook.save(path)
    return path


def labelled(path: Path) -> WaveTable:
    return read_workbook(path, "data", 1, "labels")


def test_labels_are_landed(files: LandingFiles) -> None:
    put(files, ["문1", None, "인상"], ["문1", 1.0, "좋음"], ["문1", "9", " 무응답 "])
    (landed,) = files.land(sample_row("KOR.xlsx", label_sheet="labels"))
    assert landed.label_sheet == "labels"
    assert [(row["variable"], row["label"]) for row in files.rows(landed, "variable")] == [
        ("ID", None),
        ("문1", "인상"),
    ]
    said = [(row["variable"], row["code"], row["label"]) for row in files.rows(landed, "value_label")]
    assert said == [("문1", "1", "좋음"), ("문1", "9", " 무응답 ")]
    assert files.cells(landed) == [["1", "1"], ["2", "9"]]
    (without,) = files.land(sample_row("KOR.xlsx"))
    assert files.rows(without, "value_label") == []


def test_what_is_said_of_a_column_that_is_not_there_is_kept(files: LandingFiles) -> None:
    table = labelled(put(files, ["문2", 1, "예"], ["문1", 1, "좋음"], ["문2", None, "방문 경험"]))
    assert table.variables == (Variable("ID"), Variable("문1"))
    assert table.value_labels == (
        ValueLabel("문2", "1", "예"), ValueLabel("문1", "1", "좋음"), ValueLabel("문2", None, "방문 경험"),
    )  # fmt: skip


def test_rows_that_say_nothing_are_passed_over(files: LandingFiles) -> None:
    table = labelled(
        put(files, ["문1", 5, None], [], ["문1"], ["문1", 5, "보통"], ["문1", None, "인상"], [None, None, ""])
    )
    assert table.value_labels == (ValueLabel("문1", "5", "보통"),)
    assert table.variables[1] == Variable("문1", "인상")


def test_one_label_of_two_codes_is_for_the_rules_to_judge(files: LandingFiles) -> None:
    table = labelled(put(files, ["문1", 1, "좋음"], ["문1", 9, "좋음"]))
    assert [label.code for label in table.value_labels] == ["1", "9"]


@pytest.mark.parametrize(
    ("rows", "rule", "says"),
    [
        ([["문1", 1, "좋음"], ["문1", "1", "나쁨"]], "malformed_record",
         "rows 2 and 3 of sheet 'labels' both label code '1' of column '문1'"),
        ([["문1", None, "인상"], [], ["문1", "", "감정"]], "malformed_record",
         "rows 2 and 4 of sheet 'labels' both label column '문1'"),
        ([["문1", 1, "좋음"], [None, 2, "나쁨"]], "malformed_record", "row 3 of sheet 'labels' names no variable"),
        ([["문1", 1, "좋음", "good"]], "ragged_row", "row 2 of sheet 'labels' has 4 cells, the header has 3"),
    ],
)  # fmt: skip
def test_rows_refused(files: LandingFiles, rows: list[list[Any]], rule: str, says: str) -> None:
    with pytest.raises(ReadProblem) as refused:
        labelled(put(files, *rows))
    assert (refused.value.rule, refused.value.what) == (rule, says)


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (["variable", "label"], "variable, label"),
        ([None, "code", "label"], "(empty), code, label"),
        ([], "blank"),
    ],
)
def test_another_header_is_refused(files: LandingFiles, header: list[Any], shown: str) -> None:
    with pytest.raises(ReadProblem) as refused:
        labelled(put(files, ["문1", "인상"], header=header))
    assert refused.value.rule == "invalid_header"
    assert refused.value.what == f"row 1 of sheet 'labels' is {shown}, not variable, code, label"


def test_a_sheet_that_is_not_there(files: LandingFiles) -> None:
    put(files)
    (problem,) = files.problems(sample_row("KOR.xlsx", label_sheet="값"))
    assert problem.rule == "invalid_sample"
    assert problem.what == "there is no sheet '값'; there are: data, labels"
    assert problem.fix == "Correct label_sheet in the samples seed"


@pytest.mark.parametrize(
    ("file", "named"), [("KOR.csv", "labels"), ("KOR.sav", "labels"), ("KOR.xlsx", "data")]
)
def test_seed_values_refused(files: LandingFiles, file: str, named: str) -> None:
    files.put(file, b"never read")
    (problem,) = files.problems(sample_row(file, label_sheet=named))
    assert problem.rule == "invalid_sample"
    assert problem.what == f"column label_sheet of the samples seed is '{named}'"
