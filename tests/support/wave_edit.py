"""Change cells of a wave file in any of the four formats, and keep its sidecar true."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat

from tests.support.project import Project


class CsvEdit:
    """Cells are text."""

    def __init__(self, path: Path, sample: dict[str, str]) -> None:
        self.path, self.encoding = path, sample["encoding"]
        with path.open(encoding=self.encoding, newline="") as stream:
            self.header, *self.rows = csv.reader(stream)

    def get(self, row: int, variable: str) -> str:
        return self.rows[row - 1][self.header.index(variable)]

    def set(self, row: int, variable: str, value: str) -> None:
        self.rows[row - 1][self.header.index(variable)] = value

    def add_column(self, variable: str, value: str) -> None:
        self.header.append(variable)
        for row in self.rows:
            row.append(value)

    def save(self) -> None:
        with self.path.open("w", encoding=self.encoding, newline="") as stream:
            csv.writer(stream, lineterminator="\r\n").writerows([self.header, *self.rows])


class WorkbookEdit:
    """Cells are what Excel holds: text or numbers; columns and codes may get labels in the label sheet."""

    def __init__(self, path: Path, sample: dict[str, str]) -> None:
        self.path, self.header_row = path, int(sample["header_row"])
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book[sample["sheet"]]
        self.header = [cell.value for cell in self.sheet[self.header_row]]
        self.label_sheet = sample["label_sheet"]
        self.column_labels: dict[str, str] = {}
        self.value_labels: dict[str, dict[Any, str]] = {}
        if self.label_sheet:
            for variable, code, label in self.book[self.label_sheet].iter_rows(min_row=2, values_only=True):
                if code is None:
                    self.column_labels[variable] = label
                else:
                    self.value_labels.setdefault(variable, {})[code] = label

    def _cell(self, row: int, variable: str):
        return self.sheet.cell(self.header_row + row, self.header.index(variable) + 1)

    def get(self, row: int, variable: str) -> Any:
        return self._cell(row, variable).value

    def set(self, row: int, variable: str, value: Any) -> None:
        self._cell(row, variable).value = value

    def save(self) -> None:
        if self.label_sheet:
            sheet = self.book[self.label_sheet]
            sheet.delete_rows(2, sheet.max_row)
            for variable in dict.fromkeys([*self.column_labels, *self.value_labels]):
                sheet.append([variable, None, self.column_labels.get(variable)])
                for code, label in self.value_labels.get(variable, {}).items():
                    sheet.append([variable, code, label])
        self.book.save(self.path)


class StatisticalEdit:
    """A sav or dta: cells are numbers, codes may get a value label."""

    def __init__(self, path: Path, sample: dict[str, str]) -> None:
        self.path, self.format = path, sample["format"]
        read = pyreadstat.read_sav if self.format == "sav" else pyreadstat.read_dta
        self.frame, self.meta = read(path, user_missing=True)
        self.column_labels = dict(zip(self.meta.column_names, self.meta.column_labels))
        self.value_labels = {name: dict(codes) for name, codes in self.meta.variable_value_labels.items()}

    def get(self, row: int, variable: str) -> Any:
        return self.frame.loc[row - 1, variable]

    def set(self, row: int, variable: str, value: float, label: str | None = None) -> None:
        assert row in range(1, len(self.frame) + 1)
        self.frame.loc[row - 1, variable] = value
        if label:
            self.value_labels.setdefault(variable, {})[value] = label

    def add_column(self, variable: str, value: float, label: str) -> None:
        self.frame[variable] = float(value)
        self.column_labels[variable] = label

    def save(self) -> None:
        common = {"column_labels": self.column_labels, "variable_value_labels": self.value_labels}
        if self.format == "sav":
            pyreadstat.write_sav(self.frame, self.path, missing_ranges=self.meta.missing_ranges, **common)
        else:
            # A label set shared by several variables names tagged missings that not each of them has.
            tagged = {name: set(letters) for name, letters in self.meta.missing_user_values.items()}
            for name, codes in self.value_labels.items():
                tagged.setdefault(name, set()).update(code for code in codes if isinstance(code, str))
            # Cells may have come from another column, whose labels stayed behind.
            for name, cells in self.frame.items():
                if cells.dtype == object and any(
                    isinstance(cell, (int, float)) and not math.isnan(cell) for cell in cells
                ):
                    tagged.setdefault(name, set()).update(cell for cell in cells if isinstance(cell, str))
            tagged = {name: sorted(letters) for name, letters in tagged.items() if letters}
            # Whole numbers beside fractions or empty cells, with tags among them, pass for text.
            for name in tagged:
                self.frame[name] = [
                    float(cell) if isinstance(cell, int) else cell for cell in self.frame[name]
                ]
            pyreadstat.write_dta(self.frame, self.path, missing_user_values=tagged, **common)


EDITS = {"csv": CsvEdit, "xlsx": WorkbookEdit, "sav": StatisticalEdit, "dta": StatisticalEdit}


@contextmanager
def editing(project: Project, sample_id: str) -> Iterator[Any]:
    """The wave file of a sample, to be changed in the block; rows count from 1, as in the warehouse."""
    (sample,) = [row for row in project.seed("survey/samples") if row["sample_id"] == sample_id]
    path = project.root / "data" / "raw" / sample["file"]
    edit = EDITS[sample["format"]](path, sample)
    yield edit
    edit.save()
    refresh_sidecar(path)


def refresh_sidecar(path: Path) -> None:
    sidecar = path.with_name(path.name + ".json")
    content = json.loads(sidecar.read_text(encoding="utf-8"))
    written = path.read_bytes()
    content.update(sha256=hashlib.sha256(written).hexdigest(), bytes=len(written))
    sidecar.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
