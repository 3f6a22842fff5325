"""Columns that two rows name together: a question over the first of its columns, and below it what each holds."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest
from kjpoll.landing.wave_table import joined_names

from tests.landing.landing_files import LandingFiles, sample_row

UPPER = ["ID", "Q1", "Q3", None, "Q4"]
LOWER = [None, None, "Food", "Music", "Age"]
NAMES = ["ID", "Q1", "Q3 Food", "Q3 Music", "Q4 Age"]
DATA = [["1", "5", "0", "1", "30"], ["2", "4", "1", "0", "40"]]


def text(*rows: list[str | None]) -> bytes:
    return "".join(",".join(cell or "" for cell in row) + "\n" for row in rows).encode()


def put_merged(files: LandingFiles) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "data"
    for row in (["A survey"], UPPER, LOWER, *DATA):
        sheet.append(row)
    sheet.merge_cells("C2:D2")
    sheet.merge_cells("A2:A3")
    (files.raw / "KOR.xlsx").parent.mkdir(parents=True, exist_ok=True)
    book.save(files.raw / "KOR.xlsx")


def names(files: LandingFiles, landed: Any) -> list[str]:
    return [row["variable"] for row in files.rows(landed, "variable")]


def test_a_csv(files: LandingFiles) -> None:
    files.put("KOR.csv", text(["A survey"], UPPER, LOWER, *DATA))
    (landed,) = files.land(sample_row("KOR.csv", header_row=2, header_rows=2))
    assert names(files, landed) == NAMES and files.cells(landed) == DATA
    assert (landed.header_row, landed.header_rows) == (2, 2)


def test_a_workbook_with_merged_cells(files: LandingFiles) -> None:
    put_merged(files)
    (landed,) = files.land(sample_row("KOR.xlsx", header_row=2, header_rows="2"))
    assert names(files, landed) == NAMES and files.cells(landed) == DATA


def test_an_empty_cell_of_the_seed_is_one_row(files: LandingFiles) -> None:
    files.put("KOR.csv", b"ID,a\n1,2\n2,3\n")
    (one,) = files.land(sample_row("KOR.csv", header_rows=""))
    assert one.header_rows == 1 and files.cells(one) == [["1", "2"], ["2", "3"]]
    # The same file read otherwise is landed again.
    row = sample_row("KOR.csv", header_rows=2, n_expected=1, id_variable="ID 1")
    (two,) = files.land(row)
    assert names(files, two) == ["ID 1", "a 2"] and files.cells(two) == [["2", "3"]]


@pytest.mark.parametrize(
    ("content", "changes", "says"),
    [
        (text(["ID", "Q3", None], [None, "Food", "Food"], ["1", "2", "3"]), {}, "columns 2 and 3 are both named 'Q3 Food'"),
        (text([None, "Q1"], [None, "a"], ["1", "2"]), {}, "column 1 of 2 has no name"),
        (text(["ID", "Q1"], [None, "a"], ["1", "2"], ["1", "2", "3"]), {}, "line 4 has 3 fields, the header has 2"),
        (b"ID,a\n1,2\n", {"header_rows": 3}, "column header_rows of the samples seed is 3. It must be one of 1, 2, or empty"),
        (b"ID,a\n1,2\n", {"header_rows": "two"}, "column header_rows of the samples seed is 'two'"),
    ],
)  # fmt: skip
def test_what_is_refused(files: LandingFiles, content: bytes, changes: dict[str, Any], says: str) -> None:
    files.put("KOR.csv", content)
    assert says in files.fault(sample_row("KOR.csv", **{"header_rows": 2, **changes}))


def test_a_file_with_labels_of_its_own_has_one_row(files: LandingFiles) -> None:
    files.put("KOR.sav", b"$FL2 and so on")
    assert "header_rows of the samples seed is 2. It must be empty for a sav" in files.fault(
        sample_row("KOR.sav", header_rows=2, encoding=None)
    )


def test_names_without_an_upper_one() -> None:
    assert joined_names([["ID", None], ["no", "b", "c"]]) == ["ID no", "ID b", "ID c"]
    assert joined_names([[None, "Q"], ["a"]]) == ["a", "Q"]
