"""SPSS, Stata and Excel files: codes, labels and missing values as text, and refusals."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from kjpoll.landing import wave_table
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.statistical_file import read_statistical
from kjpoll.landing.workbook_file import read_workbook
from landing_files import LandingFiles, sample_row
from openpyxl.worksheet.formula import ArrayFormula

pytestmark = pytest.mark.slow


def put_sav(files: LandingFiles, frame: pd.DataFrame, **options: Any) -> None:
    pyreadstat.write_sav(frame, files.raw / "KOR.sav", **options)


def put_dta(files: LandingFiles, frame: pd.DataFrame, **options: Any) -> None:
    pyreadstat.write_dta(frame, files.raw / "KOR.dta", **options)


def put_xlsx(files: LandingFiles, rows: list[list[Any]], title: str = "data") -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "README"
    sheet = workbook.create_sheet(title)
    for row in rows:
        sheet.append(row)
    workbook.save(files.raw / "KOR.xlsx")


@pytest.mark.parametrize("row_compress", [False, True])
def test_sav_keeps_codes_and_labels(files: LandingFiles, row_compress: bool) -> None:
    frame = pd.DataFrame(
        {
            "ID": [1.0, 2.0, 3.0],
            "Q1": [1.0, 99.0, np.nan],
            "W": [45.5, -2.0, 0.1],
            "Q2": ["1", "", " 무응답"],
        }
    )
    put_sav(
        files,
        frame,
        row_compress=row_compress,
        column_labels={"Q1": "문1. 인상"},
        variable_value_labels={"Q1": {1.0: "좋은 인상", 99.0: "무응답"}, "Q2": {"1": "예"}},
        missing_ranges={"Q1": [99]},
    )
    (landed,) = files.land(sample_row("KOR.sav", n_expected=3))
    assert files.cells(landed) == [
        ["1", "1", "45.5", "1"],
        ["2", "99", "-2", None],
        ["3", None, "0.1", " 무응답"],
    ]
    assert [(row["variable"], row["label"]) for row in files.rows(landed, "variable")] == [
        ("ID", None),
        ("Q1", "문1. 인상"),
        ("W", None),
        ("Q2", None),
    ]
    labels = files.rows(landed, "value_label")
    assert [(row["variable"], row["code"], row["label"]) for row in labels] == [
        ("Q1", "1", "좋은 인상"),
        ("Q1", "99", "무응답"),
        ("Q2", "1", "예"),
    ]


@pytest.mark.parametrize(
    "form", [{}, {"row_compress": True}, {"compress": True}], ids=["plain", "bytecode", "zlib"]
)
@pytest.mark.parametrize("n_counted", [3, -1])
def test_sav_ends_where_its_header_says(files: LandingFiles, form: dict[str, bool], n_counted: int) -> None:
    frame = pd.DataFrame({"ID": [1.0, 2.0, 3.0], "Q1": [45.5, 99.0, np.nan], "Q2": ["1", "", "무응답" * 99]})
    labels = {"Q1": {45.5: "좋은 인상", 99.0: "무응답"}}
    put_sav(files, frame, variable_value_labels=labels, missing_ranges={"Q1": [99]}, note="note", **form)
    path = files.raw / "KOR.sav"
    whole = bytearray(path.read_bytes())
    whole[80:84] = n_counted.to_bytes(4, "little", signed=True)
    path.write_bytes(whole)
    read_statistical(path, "sav", None)
    path.write_bytes(whole + b"\x65" * 24)
    with pytest.raises(ReadProblem, match="leftover_bytes: .* bytes of data follow the last of the"):
        read_statistical(path, "sav", None)
    path.write_bytes(whole[:-8])
    with pytest.raises(ReadProblem):
        read_statistical(path, "sav", None)


def test_dta_keeps_extended_missing_values(files: LandingFiles) -> None:
    frame = pd.DataFrame(
        {
            "ID": [1, 2, 3, 4],
            "Q1": pd.Series([1, "a", None, 2], dtype=object),
            "Q2": ["a", "", "日本", ".b"],
        }
    )
    put_dta(
        files,
        frame,
        column_labels={"Q1": "問1"},
        variable_value_labels={"Q1": {1: "良い", "a": "無回答"}},
        missing_user_values={"Q1": ["a"]},
    )
    (landed,) = files.land(sample_row("KOR.dta", n_expected=4))
    assert files.cells(landed) == [
        ["1", "1", "a"],
        ["2", ".a", None],
        ["3", None, "日本"],
        ["4", "2", ".b"],
    ]
    assert files.rows(landed, "variable")[1]["label"] == "問1"
    labels = files.rows(landed, "value_label")
    assert [(row["code"], row["label"]) for row in labels] == [("1", "良い"), (".a", "無回答")]


def test_dta_single_precision_is_not_widened(files: LandingFiles) -> None:
    frame = pd.DataFrame({"ID": [1, 2], "W": np.array([45.1, 3.0], dtype="float32")})
    frame.to_stata(files.raw / "KOR.dta", write_index=False, version=118)
    (landed,) = files.land(sample_row("KOR.dta"))
    assert files.cells(landed) == [["1", "45.1"], ["2", "3"]]


@pytest.mark.parametrize("file_format", ["sav", "dta"])
def test_blocks_join_without_a_seam(
    files: LandingFiles, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    monkeypatch.setattr(wave_table, "BLOCK_CELLS", 8)
    frame = pd.DataFrame({"ID": np.arange(1.0, 13.0), "a": np.arange(12.0) ** 2})
    (put_sav if file_format == "sav" else put_dta)(files, frame)
    # Read here: the reading process would not know of the small blocks.
    blocks = list(read_statistical(files.raw / f"KOR.{file_format}", file_format, None).blocks)
    assert [len(cells) for cells in blocks] == [8, 8, 8]
    cells = [cell for cells in blocks for cell in cells.to_pylist()]
    assert cells == [text for row in range(12) for text in (str(row + 1), str(row * row))]


@pytest.mark.parametrize("file", ["KOR.sav", "KOR.dta", "KOR.xlsx"])
def test_a_file_of_another_kind_is_refused(files: LandingFiles, file: str) -> None:
    files.put(file, b"ID,a\n1,2\n")
    assert f"cannot be read as {file[4:]}" in files.fault(sample_row(file))


@pytest.mark.parametrize("put", [put_sav, put_dta], ids=["sav", "dta"])
def test_rows_and_identifier_of_statistical_files(files: LandingFiles, put: Any) -> None:
    put(files, pd.DataFrame({"ID": [1.0, 2.0], "a": [1.0, 2.0]}))
    (path,) = files.raw.iterdir()
    files.land(sample_row(path.name))
    (problem,) = files.problems(sample_row(path.name, n_expected=3))
    assert problem.rule == "wrong_n" and "the file has 2 data rows, n_expected is 3" in problem.what
    (problem,) = files.problems(sample_row(path.name, id_variable="SEQ"))
    assert problem.rule == "no_id_variable" and "no column 'SEQ'" in problem.what


def test_truncated_files_are_refused(files: LandingFiles) -> None:
    frame = pd.DataFrame({"ID": [1.0, 2.0], "a": [1.0, 2.0]})
    put_sav(files, frame)
    put_dta(files, frame)
    put_xlsx(files, [["ID", "a"], [1, 2], [2, 3]])
    for path in list(files.raw.iterdir()):
        path.rename(path.with_stem(f"cut-{path.suffix[1:]}"))
    for path in files.raw.iterdir():
        path.write_bytes(path.read_bytes()[:-20])
    faults = files.faults(*(sample_row(f"cut-{kind}.{kind}") for kind in ("dta", "sav", "xlsx")))
    assert len(faults) == 3
    assert "the file breaks off" in faults[0]
    assert "the file breaks off before the end of the 2 records" in faults[1]
    assert "cannot be read as xlsx" in faults[2]


def test_sav_that_crashes_the_reader_is_refused(files: LandingFiles) -> None:
    frame = pd.DataFrame({"ID": [1.0, 2.0], "Q1": [1.0, 2.0]})
    put_sav(files, frame, variable_value_labels={"Q1": {1.0: "good"}})
    path = files.raw / "KOR.sav"
    labels_of_variable_2 = np.array([4, 1, 2], dtype="<i4").tobytes()
    content = path.read_bytes()
    assert content.count(labels_of_variable_2) == 1
    labels_of_no_variable = np.array([4, 1, 2**28], dtype="<i4").tobytes()
    path.write_bytes(content.replace(labels_of_variable_2, labels_of_no_variable))
    assert "KOR.sav (sample KOR): cannot be read as sav" in files.fault(sample_row("KOR.sav"))


def test_damaged_xlsx_is_refused(files: LandingFiles) -> None:
    put_xlsx(files, [["ID", "a"], *([row, row * row] for row in range(300))])
    path = files.raw / "KOR.xlsx"
    content = path.read_bytes()
    for place in range(60, len(content) - 60, 211):
        path.write_bytes(content[:place] + b"\xff\xff\xff\xff" + content[place + 4 :])
        try:
            blocks = [len(cells) for cells in read_workbook(path, "data", 1).blocks]
        except ReadProblem as problem:
            assert problem.rule in ("unreadable_file", "invalid_sample"), place
        else:
            assert blocks == [600], place


def test_sav_encoding_against_its_own_word(files: LandingFiles) -> None:
    put_sav(files, pd.DataFrame({"ID": [1.0, 2.0], "Q1": ["가", "x"]}))
    (landed,) = files.land(sample_row("KOR.sav", encoding="utf-8"))
    assert files.cells(landed) == [["1", "가"], ["2", "x"]]
    fault = files.fault(sample_row("KOR.sav", encoding="cp949"))
    assert fault.endswith("not in cp949. Leave encoding empty in the samples seed.")
    assert "column encoding" in files.fault(sample_row("KOR.sav", encoding="utf-8-sig"))


@pytest.mark.parametrize("file_format", ["sav", "dta", "xlsx"])
def test_header_only_is_refused(files: LandingFiles, file_format: str) -> None:
    frame = pd.DataFrame({"ID": pd.Series([], dtype=float)})
    if file_format == "xlsx":
        put_xlsx(files, [["ID"]])
    else:
        (put_sav if file_format == "sav" else put_dta)(files, frame)
    assert "no data rows" in files.fault(sample_row(f"KOR.{file_format}"))


def test_xlsx_cells_as_text(files: LandingFiles) -> None:
    put_xlsx(
        files,
        [
            ["제목"],
            [],
            ["ID", "문1", "b", "c"],
            [1, 1.0, " 무응답 ", True],
            ["02", 45.5, "=B4+1", datetime.datetime(2023, 9, 1)],
            [3, None, ArrayFormula("C6", "=SUM(B4:B5)"), datetime.datetime(2023, 9, 1, 9, 30)],
            [None, None, None, None],
        ],
    )
    (landed,) = files.land(sample_row("KOR.xlsx", header_row=3, n_expected=3))
    assert files.cells(landed) == [
        ["1", "1", " 무응답 ", "TRUE"],
        ["02", "45.5", "=B4+1", "2023-09-01"],
        ["3", None, "=SUM(B4:B5)", "2023-09-01 09:30:00"],
    ]
    assert files.rows(landed, "value_label") == []


@pytest.mark.parametrize(
    ("rows", "changes", "expected"),
    [
        ([["ID"], [1], [2]], {"sheet": "자료"}, "no sheet '자료'; there are: README, data"),
        ([["ID"], [1], [2]], {"header_row": 9}, "has no row 9, where the header should be"),
        ([["t"], [], ["ID"], [1]], {"header_row": 2}, "where the header should be, is blank"),
        ([["ID", None, "b"], [1, 2, 3]], {}, "column 2 of 3 has no name"),
        ([["ID", "b", "b"], [1, 2, 3]], {}, "columns 2 and 3 are both named 'b'"),
        ([["ID", "b"], [1, 2, 3]], {}, "row 2 has a value in column C, the header ends in column B"),
        ([["ID"], [1], [], [2]], {}, "row 3 is blank, but rows follow it"),
    ],
)
def test_xlsx_refused(
    files: LandingFiles, rows: list[list[Any]], changes: dict[str, Any], expected: str
) -> None:
    put_xlsx(files, rows)
    assert expected in files.fault(sample_row("KOR.xlsx", **changes))
