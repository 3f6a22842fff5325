"""A table laid out in lines, estimate over t statistic: for text and LaTeX, which wrap no labels themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from kjpoll.tables.layout import Row, Table

LABEL_WIDTH = 36
INDENT = "  "
# Where a line may end: at spaces, and after a kana or Chinese character unless a closing mark follows it.
PIECES = re.compile(r"\s+|[\u3040-\u9fff][\u3001\u3002\uff09\u300d\uff1a\uff1b]*|[^\s\u3040-\u9fff]+")


@dataclass(frozen=True)
class Line:
    """One line: a piece of the row's label, and one entry per model. `rule`: a rule stands above it."""

    label: str
    cells: tuple[str, ...]
    rule: bool


def laid_out(table: Table) -> Iterator[Line]:
    """Every row as one line or more: labels longer than LABEL_WIDTH run on beside the t statistics."""
    empty = ("",) * len(table.models)
    for position, row in enumerate(table.rows):
        entries = [tuple(cell.estimate + cell.stars for cell in row.cells)]
        if any(cell.statistic for cell in row.cells):
            entries.append(tuple(cell.statistic for cell in row.cells))
        for number, (label, cells) in enumerate(zip_longest(_label(row), entries)):
            yield Line(label or "", cells or empty, number == 0 and table.starts_block(position))


def width(text: str) -> int:
    """Columns that a text takes on a terminal; an East Asian letter takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrap(text: str, columns: int, indent: str = "") -> list[str]:
    """A text in lines of at most `columns` columns, each after `indent`; a longer word keeps a line of its own."""
    lines = [indent]
    for piece in PIECES.findall(text):
        if lines[-1] != indent and width(lines[-1] + piece.rstrip()) > columns:
            lines.append(indent)
        if lines[-1] != indent or not piece.isspace():
            lines[-1] += piece
    return [line.rstrip() for line in lines]


def _label(row: Row) -> list[str]:
    return wrap(row.label, LABEL_WIDTH, INDENT if row.kind == "level" else "")
