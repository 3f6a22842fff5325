"""Where the table of a text file or of a sheet begins: the row that names its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Title and notes above a header are a few lines; an agency's legend may be a page.
HEADER_WITHIN = 100
# Names, labels in two languages: more rows of names under each other are no question but a list of texts.
MOST = 3
# So much of a header's cells stands nowhere below in the same column.
LIKE_NAMES = 0.9
LONGEST_NAME = 120
# A few rows may be wider by mistake: reading tells which. A title above the header has wider rows below it.
WIDER = 0.1

Row = Sequence[str | None]


@dataclass(frozen=True)
class Header:
    """A row that may name the columns, counted from 1."""

    row: int
    names: tuple[str, ...]


def headers(rows: Sequence[tuple[int, Row]], chosen: int | None) -> tuple[Header, ...]:
    """The rows that may be the header, from the top; more than one where names stand under names.

    `rows` are the numbered rows of the beginning, blank ones included. A header fills every
    column of the rows below it with texts of their own that are no answers. `chosen`: the number of
    the row that a person says it is.
    """
    if chosen is not None:
        return tuple(
            Header(number, tuple(cell or "" for cell in row))
            for number, row in rows
            if number == chosen and len(row) > 1
        )
    candidates: list[Header] = []
    for i, (number, row) in enumerate(rows[:HEADER_WITHIN]):
        below = [lower for _, lower in rows[i + 1 :] if any(lower)]
        if _names(row, below):
            candidates.append(Header(number, tuple(str(cell) for cell in row)))
        elif candidates:
            break
        if len(candidates) == MOST:
            break
    return tuple(candidates)


def _names(row: Row, below: Sequence[Row]) -> bool:
    width = len(row)
    if width < 2 or not below or not all(cell and cell.strip() for cell in row):
        return False
    if len(set(row)) < width or any(len(str(cell)) > LONGEST_NAME for cell in row):
        return False
    if sum(len(lower) > width for lower in below) > WIDER * len(below):
        return False
    if sum(_is_number(cell) for cell in row) > width / 2:
        return False
    repeated = sum(
        any(len(lower) > column and lower[column] == row[column] for lower in below)
        for column in range(width)
    )
    return repeated <= (1 - LIKE_NAMES) * width


def _is_number(cell: str | None) -> bool:
    return bool(cell) and str(cell).strip().lstrip("+-").replace(".", "", 1).isdigit()
