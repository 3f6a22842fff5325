"""The rows of one sheet of an Excel workbook as text, formulas unevaluated."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from kjpoll.landing.limits import COLUMNS, MEMBER_BYTES, SHEET_BYTES, SHEET_ROWS
from kjpoll.landing.problems import ReadProblem, is_of_the_disk
from kjpoll.landing.wave_table import value_text

# What is looked at to distinguish the sheets of a workbook and to find the header among the first rows.
OUTLINE_ROWS = 300
OUTLINE_TEXT = 200
OUTLINE_CELLS = 1_000_000


@dataclass(frozen=True)
class SheetOutline:
    """The first rows of a sheet, each cell cut to OUTLINE_TEXT, and how many rows have a value."""

    sheet: str
    rows: list[list[str | None]]
    n_filled: int


def sheet_outlines(path: Path) -> list[SheetOutline]:
    """An outline of each sheet with cells, in the order of the workbook. Raises ReadProblem.

    OUTLINE_ROWS rows of each are kept, OUTLINE_CELLS cells of all together: the rest is counted only.
    """
    outlines = []
    n_cells = 0
    for sheet in _sheets(path):
        rows: list[list[str | None]] = []
        n_filled = 0
        for row in sheet_rows(path, sheet, "sheet"):
            n_filled += bool(row)
            if len(rows) < OUTLINE_ROWS and n_cells < OUTLINE_CELLS:
                n_cells += len(row)
                rows.append([cell and cell[:OUTLINE_TEXT] for cell in row[: COLUMNS + 1]])
        outlines.append(SheetOutline(sheet, rows, n_filled))
    return outlines


def _sheets(path: Path) -> list[str]:
    """The names of the worksheets; charts and dialogs have no cells."""
    with _opened(path) as workbook:
        return [worksheet.title for worksheet in workbook.worksheets]


def sheet_rows(path: Path, sheet: str, named_in: str) -> Iterator[list[str | None]]:
    """The rows of the sheet, without the empty cells at their end; a blank row is empty.

    A whole number is '1', text is as it stands, an empty cell is null, a formula is its own
    text. `named_in` is the column of the samples seed that names the sheet. Raises ReadProblem.
    """
    with _opened(path) as workbook:
        if sheet not in workbook.sheetnames:
            raise ReadProblem(
                "invalid_sample",
                f"there is no sheet {sheet!r}; there are: {', '.join(workbook.sheetnames)}",
                f"Correct {named_in} in the samples seed",
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


@contextmanager
def _opened(path: Path) -> Iterator[openpyxl.Workbook]:
    """The workbook; what goes wrong while it is open is a ReadProblem, but for disk and memory."""
    try:
        _check_size(path)
        # openpyxl would refuse a path by its ending; what a file is, its content says.
        with path.open("rb") as stream:
            workbook = openpyxl.load_workbook(stream, read_only=True, data_only=False)
            try:
                yield workbook
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
