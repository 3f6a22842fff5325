"""Read the data sheet of an Excel workbook as text, formulas unevaluated."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from python_models.landing.limits import MEMBER_BYTES, SHEET_BYTES, SHEET_ROWS
from python_models.landing.problems import ReadProblem, is_of_the_disk
from python_models.landing.wave_table import (
    Variable,
    WaveTable,
    block,
    check_names,
    rows_per_block,
    value_text,
)

def read_workbook(path: Path, sheet: str, header_row: int) -> WaveTable:
    """The sheet named `sheet`, its header in the 1-based row `header_row`. Raises ReadProblem.

    Rows above the header are passed over, rows and columns after the last value dropped:
    they hold nothing but formatting. A whole number is '1', text is as it stands, an empty
    cell is null, a formula is its own text.
    """
    rows = _rows(path, sheet)
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
    check_names(header)
    names = [name for name in header if name is not None]
    return WaveTable(
        tuple(Variable(name) for name in names), (), _blocks(rows, len(names), header_row)
    )


def _blocks(
    rows: Iterator[list[str | None]], n_columns: int, header_row: int
) -> Iterator[pa.StringArray]:
    records = _records(rows, n_columns, header_row)
    while held := list(islice(records, rows_per_block(n_columns))):
        yield block(chain.from_iterable(held))


def _records(
    rows: Iterator[list[str | None]], n_columns: int, header_row: int
) -> Iterator[list[str | None]]:
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


def _rows(path: Path, sheet: str) -> Iterator[list[str | None]]:
    """The rows of the sheet as text, without the empty cells at their end."""
    try:
        _check_size(path)
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=False)
        try:
            if sheet not in workbook.sheetnames:
                raise ReadProblem(
                    "invalid_sample",
                    f"there is no sheet {sheet!r}; there are: {', '.join(workbook.sheetnames)}",
                    "Correct sheet in the samples seed",
                )
            worksheet = workbook[sheet]
            # Some programs write a wrong extent, and the reader would believe it.
            worksheet.reset_dimensions()
            for number, cells in enumerate(worksheet.iter_rows(values_only=True), start=1):
                if number > SHEET_ROWS:
                    raise ReadProblem(
                        "unreadable_file",
                        f"sheet {sheet!r} has rows after row {SHEET_ROWS}, where worksheets end",
                        "Ask for the file again",
                    )
                yield _trimmed(cells)
        finally:
            workbook.close()
    except ReadProblem:
        raise
    except Exception as error:
        if isinstance(error, MemoryError) or is_of_the_disk(error):
            raise
        # Crafted bytes make zipfile, the XML parsers and openpyxl raise nearly anything.
        raise ReadProblem(
            "unreadable_file",
            f"cannot be read as xlsx ({str(error) or type(error).__name__})",
            "Check the format in the samples seed, or ask for the file again",
        ) from error


def _check_size(path: Path) -> None:
    """Raises ReadProblem for a zip that unpacks to more than a workbook can need.

    No more than the stated size of a member is ever unpacked, so what is stated is what counts.
    """
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            limit = SHEET_BYTES if member.filename.startswith("xl/worksheets/") else MEMBER_BYTES
            if member.file_size > limit:
                raise ReadProblem(
                    "unreadable_file",
                    f"{member.filename} unpacks to {member.file_size} bytes, more than {limit}",
                    "Ask for the file again",
                )


def _trimmed(cells: Sequence[Any]) -> list[str | None]:
    row = [_cell_text(cell) for cell in cells]
    while row and not row[-1]:
        row.pop()
    return row


def _cell_text(cell: Any) -> str | None:
    if isinstance(cell, ArrayFormula):
        return str(cell.text)
    if isinstance(cell, DataTableFormula):
        return f"={{TABLE({cell.r1 or ''},{cell.r2 or ''})}}"
    return value_text(cell)
