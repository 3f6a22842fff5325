"""A wave file as text cells, whatever its format: read, damaged, written back in the same format.

A cell is spelled as the landed answers are: '1' for 1.0, '.a' for Stata's missing value a, None for an empty
cell. Written back, a text that the column held before becomes the same cell again; a new text becomes a
number where the column holds numbers.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
from kjpoll.landing.wave_table import value_text

from tests.support.project import Project
from tests.support.wave_edit import StatisticalEdit, WorkbookEdit, editing

Cell = str | None
# pandas looks at so many cells to say what a column holds.
INSPECTED = 100


class NotApplicable(Exception):
    """The drawn place cannot carry this damage: draw again."""


class Verbatim(str):
    """A text that stays a text, also where its column holds numbers."""


class WaveText:
    """`header`: the names of the columns. `rows`: one list of cells per record, both free to be changed.

    `labels`: variable -> native code -> label, for a sav or dta; None elsewhere. `value_labels`, `variable_labels`:
    those of any file that has some.
    """

    def __init__(self, edit: Any) -> None:
        self._edit = edit
        is_labelled = isinstance(edit, StatisticalEdit)
        self.labels: dict[str, dict[Any, str]] | None = edit.value_labels if is_labelled else None
        self.value_labels: dict[str, dict[Any, str]] = getattr(edit, "value_labels", {})
        self.variable_labels: dict[str, str] = getattr(edit, "column_labels", {})
        header, columns = _columns(edit)
        self.header = header
        tagged = edit.meta.missing_user_values if is_labelled and edit.format == "dta" else {}
        spelled = [
            [_text(cell, tagged.get(name, ())) for cell in cells]
            for name, cells in zip(header, columns, strict=True)
        ]
        self._natives = [
            {text: cell for text, cell in zip(texts, cells, strict=True) if text is not None}
            for texts, cells in zip(spelled, columns, strict=True)
        ]
        self.rows: list[list[Cell]] = [list(row) for row in zip(*spelled, strict=True)]

    def at(self, variable: str) -> int:
        return self.header.index(variable)

    def column(self, variable: str) -> list[Cell]:
        at = self.at(variable)
        return [row[at] for row in self.rows]

    def put(self, variable: str, cells: list[Cell]) -> None:
        at = self.at(variable)
        for row, cell in zip(self.rows, cells, strict=True):
            row[at] = cell

    @staticmethod
    def spelled(native: Any) -> Cell:
        """A code of the labels as it stands in the cells."""
        return _text(native)

    def rename(self, old: str, new: str) -> None:
        """Give a column another name; its labels go with it."""
        self.header[self.at(old)] = new
        for known in (getattr(self._edit, kind, None) for kind in ("value_labels", "column_labels")):
            if known is not None and old in known:
                known[new] = known.pop(old)

    def drop(self, variable: str) -> None:
        at = self.at(variable)
        del self.header[at], self._natives[at]
        for row in self.rows:
            del row[at]

    def add(self, variable: str, cells: list[Cell]) -> None:
        self.header.append(variable)
        self._natives.append({})
        for row, cell in zip(self.rows, cells, strict=True):
            row.append(cell)

    def native(self, at: int, cell: Cell) -> Any:
        """The text as the column at this place of the file holds it."""
        natives = self._natives[at]
        if isinstance(cell, Verbatim):
            return str(cell)
        if cell in natives:
            return natives[cell]
        if cell is None:
            return None
        if (
            isinstance(self._edit, StatisticalEdit)
            and len(cell) == 2
            and cell[0] == "."
            and cell[1].isalpha()
        ):
            return cell[1]
        held = [value for value in natives.values() if value is not None]
        if any(not isinstance(value, str) or len(value) == 1 and value.isalpha() for value in held) or (
            not held and isinstance(self._edit, StatisticalEdit)
        ):
            return _number(cell)
        return cell

    def flush(self) -> None:
        """Hand the cells over to the file's own editor."""
        natives = [[self.native(at, row[at]) for row in self.rows] for at in range(len(self.header))]
        if isinstance(self._edit, StatisticalEdit):
            _into_frame(self._edit, self.header, natives)
        elif isinstance(self._edit, WorkbookEdit):
            _into_sheet(self._edit, self.header, natives)
        else:
            self._edit.header = list(self.header)
            self._edit.rows = [[cell or "" for cell in row] for row in self.rows]


@contextmanager
def damaging(project: Project, sample_id: str) -> Iterator[WaveText]:
    """The wave file of a sample as text, written back at the end of the block with a true sidecar."""
    with editing(project, sample_id) as edit:
        wave = WaveText(edit)
        yield wave
        wave.flush()


def _columns(edit: Any) -> tuple[list[str], list[list[Any]]]:
    if isinstance(edit, StatisticalEdit):
        return list(edit.frame.columns), [edit.frame[name].tolist() for name in edit.frame.columns]
    if isinstance(edit, WorkbookEdit):
        rows = edit.sheet.iter_rows(min_row=edit.header_row + 1, max_col=len(edit.header), values_only=True)
        return list(edit.header), [list(column) for column in zip(*rows, strict=True)]
    return list(edit.header), [list(column) for column in zip(*edit.rows, strict=True)]


def _text(cell: Any, tagged: Collection[str] = ()) -> Cell:
    if cell is None or cell == "" or isinstance(cell, float) and math.isnan(cell):
        return None
    return f".{cell}" if cell in tagged else value_text(cell)


def _number(text: str) -> Any:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _into_frame(edit: StatisticalEdit, header: list[str], columns: list[list[Any]]) -> None:
    frame = {}
    for name, cells in zip(header, columns, strict=True):
        is_text = any(isinstance(cell, str) for cell in cells)
        if _passes_for_text(cells):
            raise NotApplicable
        frame[name] = pd.Series(cells, dtype="object" if is_text else "float64")
    edit.frame = pd.DataFrame(frame)
    edit.column_labels = {name: edit.column_labels.get(name) for name in header}
    edit.value_labels = {name: labels for name, labels in edit.value_labels.items() if name in frame}
    edit.meta.missing_ranges = {
        name: ranges for name, ranges in edit.meta.missing_ranges.items() if name in frame
    }
    edit.meta.missing_user_values = {
        name: values for name, values in edit.meta.missing_user_values.items() if name in frame
    }


def _passes_for_text(cells: list[Any]) -> bool:
    """A column of numbers cannot be written whose first cells are all tagged missing."""
    first = [cell for cell in cells[:INSPECTED] if cell is not None]
    return (
        bool(first)
        and all(isinstance(cell, str) for cell in first)
        and any(isinstance(cell, (int, float)) for cell in cells)
    )


def _into_sheet(edit: WorkbookEdit, header: list[str], columns: list[list[Any]]) -> None:
    width, height = edit.sheet.max_column, edit.sheet.max_row
    edit.header = list(header)
    table = [header, *zip(*columns, strict=True)]
    for number in range(max(height - edit.header_row + 1, len(table))):
        row = table[number] if number < len(table) else ()
        for at in range(max(width, len(header))):
            cell = edit.sheet.cell(edit.header_row + number, at + 1)
            cell.value = row[at] if at < len(row) else None
