"""The one form that every reader gives a wave file: names, labels and blocks of text cells."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

import pyarrow as pa

from kjpoll.landing.limits import COLUMNS
from kjpoll.landing.problems import ReadProblem

# Cells held in memory at a time: some tens of megabytes, whatever the size of the file.
BLOCK_CELLS = 500_000


@dataclass(frozen=True)
class Variable:
    """A column of a raw file, with the label that the file gives it (None if it gives none)."""

    name: str
    label: str | None = None


@dataclass(frozen=True)
class ValueLabel:
    """The file's own label of one code. `code` is spelled as in the landed answers.

    It is None in the label of a column that the file speaks of and does not have.
    """

    variable: str
    code: str | None
    label: str


@dataclass(frozen=True)
class WaveTable:
    """A file while it is being read.

    `blocks` can be run through once. Each block is a string array of whole rows, row by row:
    the cells of row 1, then those of row 2. Null is an empty cell.
    """

    variables: tuple[Variable, ...]
    value_labels: tuple[ValueLabel, ...]
    blocks: Iterator[pa.StringArray]


def rows_per_block(n_columns: int) -> int:
    """How many rows to read at a time so that a block stays near BLOCK_CELLS cells."""
    return max(1, BLOCK_CELLS // n_columns)


def block(cells: Iterable[str | None]) -> pa.StringArray:
    """Cells in row order as one block. An empty text is an empty cell, whatever the format."""
    return pa.array([cell or None for cell in cells], type=pa.string())


def joined_names(rows: Sequence[Sequence[str | None]]) -> list[str | None]:
    """The names of the columns in a header of one row or two. Of two the upper one has the name of a question over the first of
    its columns, as merged cells do, and the lower one what each column holds of it."""
    if len(rows) == 1:
        return list(rows[0])
    upper, lower = rows
    names: list[str | None] = []
    question: str | None = None
    for over, under in zip_longest(upper, lower):
        question = over if over and over.strip() else question
        names.append(" ".join(part.strip() for part in (question, under) if part and part.strip()) or None)
    return names


def check_names(names: Sequence[str | None]) -> None:
    """Raises ReadProblem unless every column has a name of its own and there are not too many."""
    if len(names) > COLUMNS:
        raise ReadProblem(
            "too_many_columns",
            f"the header has {len(names)} columns, more than {COLUMNS}",
            "Ask for the file again",
        )
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if name is None or not name.strip():
            raise ReadProblem(
                "invalid_header",
                f"column {position} of {len(names)} has no name",
                "Name the column in the header or remove it",
            )
        if name in seen:
            raise ReadProblem(
                "invalid_header",
                f"columns {seen[name]} and {position} are both named {name!r}",
                "Rename or remove one of them",
            )
        seen[name] = position


def plain_decimal(number: str) -> str:
    """A number without an exponent: '0.00001' for '1e-05'."""
    return f"{Decimal(number):f}" if "e" in number else number


def value_text(value: object) -> str | None:
    """A value of a binary file as text: 1.0 is '1', 45.5 is '45.5', 0.00001 is '0.00001', None is None.

    Logical values are TRUE and FALSE, as a spreadsheet shows them. A time stamp at midnight is
    a date, since a spreadsheet keeps dates as time stamps.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else plain_decimal(repr(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)
