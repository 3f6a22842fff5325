"""Read the data sheet of an Excel workbook, and the sheet with its labels where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa
from openpyxl.utils import get_column_letter

from kjpoll.landing.label_sheet import NO_LABELS, read_labels
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.wave_table import (
    Variable,
    WaveTable,
    block,
    check_names,
    joined_names,
    rows_per_block,
)
from kjpoll.landing.worksheet import sheet_rows


def read_workbook(
    path: Path, sheet: str, header_row: int, label_sheet: str | None = None, header_rows: int = 1
) -> WaveTable:
    """The sheet named `sheet`, its header in the 1-based row `header_row` and, where it has more `header_rows`, those below it.
    Raises ReadProblem.

    Rows above the header are passed over, rows and columns after the last value dropped: they
    hold nothing but formatting. For the cells see sheet_rows, for `label_sheet` read_labels.
    """
    rows = sheet_rows(path, sheet, "sheet")
    header = next(islice(rows, header_row - 1, None), None)
    if header is None:
        raise ReadProblem(
            "empty_file",
            f"sheet {sheet!r} has no row {header_row}, where the header should be",
            "Correct header_row in the samples seed, or ask for the file again",
        )
    if not header:
        raise ReadProblem(
            "invalid_header",
            f"row {header_row} of sheet {sheet!r}, where the header should be, is blank",
            "Correct header_row in the samples seed",
        )
    header = joined_names([header, *islice(rows, header_rows - 1)])
    check_names(header)
    names = [name for name in header if name is not None]
    labels = read_labels(path, label_sheet, names) if label_sheet else NO_LABELS
    return WaveTable(
        tuple(Variable(name, labels.of_variables.get(name)) for name in names),
        labels.of_values,
        _blocks(rows, len(names), header_row + header_rows - 1),
    )


def _blocks(rows: Iterator[list[str | None]], n_columns: int, header_row: int) -> Iterator[pa.StringArray]:
    records = _records(rows, n_columns, header_row)
    while held := list(islice(records, rows_per_block(n_columns))):
        yield block(chain.from_iterable(held))


def _records(rows: Iterator[list[str | None]], n_columns: int, header_row: int) -> Iterator[list[str | None]]:
    blank = None
    for number, row in enumerate(rows, start=header_row + 1):
        if not row:
            blank = blank or number
            continue
        if blank:
            raise ReadProblem(
                "malformed_record",
                f"row {blank} is blank, but rows follow it",
                "Remove the blank row",
            )
        if len(row) > n_columns:
            raise ReadProblem(
                "ragged_row",
                f"row {number} has a value in column {get_column_letter(len(row))}, "
                f"the header ends in column {get_column_letter(n_columns)}",
                "Name the column in the header or remove the value",
            )
        yield row + [None] * (n_columns - len(row))
