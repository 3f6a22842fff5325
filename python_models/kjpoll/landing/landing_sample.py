"""A row of the `samples` seed as landing needs it, and the row of raw.wave_file made from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.text_lines import DELIMITERS, TextLayout
from kjpoll.landing.western_text import SINGLE_BYTE

FORMATS = ("csv", "sav", "dta", "xlsx")
ENCODINGS = ("cp949", "cp932", "utf-8-sig", "utf-8", "utf-16", *SINGLE_BYTE)
# What a sav or dta may be said to be written in, against its own word.
OVERRIDES = ("cp949", "cp932", "utf-8", *SINGLE_BYTE)
# How many rows may name the columns.
HEADER_ROWS = (1, 2)
# The sample_id becomes part of a file name.
SAMPLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# What a sidecar says too, and the column of the seed for it.
FACTS = {
    "wave": "wave",
    "country": "country",
    "fieldwork_start": "fieldwork_start",
    "fieldwork_end": "fieldwork_end",
    "n": "n_expected",
    "synthetic": "synthetic",
}


@dataclass(frozen=True)
class Sample:
    """How to read the file of one sample. `file` is relative to the raw directory.

    `facts`: what the seed says of the sample, by the name that a sidecar has for it.
    """

    sample_id: str
    file: str
    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    label_sheet: str | None
    header_row: int
    id_variable: str
    n_expected: int
    header_rows: int = 1
    facts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Sample:
        """Check one row of the seed. Raises ReadProblem for a value that cannot be used."""
        sample = cls(
            sample_id=_required(row, "sample_id"),
            file=_required(row, "file"),
            format=_required(row, "format"),
            encoding=_text(row, "encoding"),
            delimiter=_text(row, "delimiter"),
            sheet=_text(row, "sheet"),
            label_sheet=_text(row, "label_sheet"),
            header_row=_count(row, "header_row"),
            header_rows=_count(row, "header_rows") if _text(row, "header_rows") else 1,
            id_variable=_required(row, "id_variable"),
            n_expected=_count(row, "n_expected"),
            facts={
                name: fact_text(row[column])
                for name, column in FACTS.items()
                if _text(row, column) is not None
            },
        )
        sample._check()
        return sample

    @property
    def layout(self) -> TextLayout:
        """How the text of a csv is written."""
        return TextLayout(str(self.encoding), self.delimiter or "comma", self.header_row, self.header_rows)

    def _check(self) -> None:
        if not SAMPLE_ID.fullmatch(self.sample_id):
            raise _seed("sample_id", self.sample_id, "letters, digits, '.', '_' and '-'")
        if self.format not in FORMATS:
            raise _seed("format", self.format, f"one of {', '.join(FORMATS)}")
        if self.format != "csv" and self.delimiter is not None:
            raise _seed("delimiter", self.delimiter, f"empty for a {self.format}")
        if self.header_rows not in HEADER_ROWS:
            raise _seed(
                "header_rows", self.header_rows, f"one of {', '.join(map(str, HEADER_ROWS))}, or empty for 1"
            )
        if self.format == "xlsx":
            if self.encoding is not None:
                raise _seed("encoding", self.encoding, "empty for an xlsx")
            if self.sheet is None:
                raise _seed("sheet", None, "the name of the data sheet for an xlsx")
            if self.label_sheet == self.sheet:
                raise _seed("label_sheet", self.label_sheet, "another sheet than the data, or empty")
            return
        if self.sheet is not None:
            raise _seed("sheet", self.sheet, f"empty for a {self.format}")
        if self.label_sheet is not None:
            raise _seed("label_sheet", self.label_sheet, f"empty for a {self.format}")
        if self.format == "csv":
            if self.delimiter not in (None, *DELIMITERS):
                expected = f"one of {', '.join(DELIMITERS)}, or empty for comma"
                raise _seed("delimiter", self.delimiter, expected)
            if self.encoding not in ENCODINGS:
                raise _seed("encoding", self.encoding, f"one of {', '.join(ENCODINGS)}")
            return
        if self.header_row != 1:
            raise _seed("header_row", self.header_row, f"1 for a {self.format}")
        if self.header_rows != 1:
            raise _seed("header_rows", self.header_rows, f"empty for a {self.format}")
        if self.encoding not in (None, *OVERRIDES):
            expected = f"empty, or one of {', '.join(OVERRIDES)} where the file's own word is wrong"
            raise _seed("encoding", self.encoding, expected)


@dataclass(frozen=True)
class WaveFile:
    """One row of raw.wave_file. It holds all that decides what the landed text is."""

    sample_id: str
    file: str
    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    label_sheet: str | None
    header_row: int
    header_rows: int
    sha256: str
    bytes: int
    n_rows: int
    n_columns: int


def fact_text(fact: object) -> str:
    """A fact as text: 2023, 2023-05-01 and true, whether JSON, a seed or a table holds it."""
    return str(fact).lower() if isinstance(fact, bool) else str(fact)


def _text(row: Mapping[str, Any], column: str) -> str | None:
    value = row.get(column)
    return None if value is None or str(value) == "" else str(value)


def _required(row: Mapping[str, Any], column: str) -> str:
    value = _text(row, column)
    if value is None:
        raise _seed(column, None, "filled")
    return value


def _count(row: Mapping[str, Any], column: str) -> int:
    text = _required(row, column)
    if not re.fullmatch(r"[1-9][0-9]*", text):
        raise _seed(column, text, "a whole number from 1")
    return int(text)


def _seed(column: str, value: object, expected: str) -> ReadProblem:
    shown = "empty" if value is None else repr(value)
    return ReadProblem(
        "invalid_sample",
        f"column {column} of the samples seed is {shown}",
        f"It must be {expected}: correct the seed",
    )
