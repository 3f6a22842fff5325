"""Read the sheet of an Excel workbook that labels its columns and their codes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.wave_table import ValueLabel
from kjpoll.landing.worksheet import sheet_rows

HEADER = ["variable", "code", "label"]


@dataclass(frozen=True)
class SheetLabels:
    """The labels of columns by their names, and those of codes as they stand in the sheet."""

    of_variables: Mapping[str, str]
    of_values: tuple[ValueLabel, ...]


NO_LABELS = SheetLabels({}, ())


def read_labels(path: Path, sheet: str, names: Collection[str]) -> SheetLabels:
    """The labels in a sheet with the header variable, code, label. Raises ReadProblem.

    A row without a code labels the column, a row with one labels the code; a row without a
    label says nothing, and a blank row is a space between columns. `names` are the columns of
    the data sheet. What is said of another column is kept among the labels of codes, its own
    label with the code None: an agency may label more columns than it delivers. A column or a
    code that is labelled twice stops the reading, since one of the two labels would be lost.
    """
    rows = sheet_rows(path, sheet, "label_sheet")
    header = next(rows, [])
    if header != HEADER:
        raise ReadProblem(
            "invalid_header",
            f"row 1 of sheet {sheet!r} is {_shown(header)}, not {_shown(HEADER)}",
            "Correct the header of the sheet, or label_sheet in the samples seed",
        )
    known = set(names)
    labelled: dict[tuple[str, str | None], int] = {}
    of_variables: dict[str, str] = {}
    of_values: list[ValueLabel] = []
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        variable, code, label = _cells(row, sheet, number)
        if label is None:
            continue
        key = variable, code
        if key in labelled:
            what = f"column {variable!r}" if code is None else f"code {code!r} of column {variable!r}"
            raise ReadProblem(
                "malformed_record",
                f"rows {labelled[key]} and {number} of sheet {sheet!r} both label {what}",
                "Remove one of the rows",
                variable,
            )
        labelled[key] = number
        if code is None and variable in known:
            of_variables[variable] = label
        else:
            of_values.append(ValueLabel(variable, code, label))
    return SheetLabels(of_variables, tuple(of_values))


def _cells(row: list[str | None], sheet: str, number: int) -> tuple[str, str | None, str | None]:
    if len(row) > len(HEADER):
        raise ReadProblem(
            "ragged_row",
            f"row {number} of sheet {sheet!r} has {len(row)} cells, the header has {len(HEADER)}",
            "Remove what stands after the label",
        )
    variable, code, label = (cell or None for cell in (row + [None, None])[: len(HEADER)])
    if variable is None:
        raise ReadProblem(
            "malformed_record",
            f"row {number} of sheet {sheet!r} names no variable",
            "Name it in each row, also where the row before has the same",
        )
    return variable, code, label


def _shown(cells: Sequence[str | None]) -> str:
    return ", ".join(cell or "(empty)" for cell in cells[:10]) or "blank"
