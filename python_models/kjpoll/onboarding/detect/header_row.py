"""Where the table of a text file or of a sheet begins: the row that names its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kjpoll.landing.wave_table import joined_names

# Title and notes above a header are a few lines; an agency's legend may be a page.
HEADER_WITHIN = 100
# Names, labels in two languages: more rows of names under each other are no question but a list of texts.
MOST = 3
# So much of a header's cells stands nowhere below in the same column.
LIKE_NAMES = 0.9
LONGEST_NAME = 120
# A few rows may be wider by mistake: reading tells which. A title above the header has wider rows below it.
WIDER = 0.1
# Fewer groups of columns are a title and notes beside it.
LEAST_GROUPS = 2

Row = Sequence[str | None]


@dataclass(frozen=True)
class Header:
    """A row that may name the columns, counted from 1, or with the one below it the names of both."""

    row: int
    names: tuple[str, ...]
    n_rows: int = 1


def headers(
    rows: Sequence[tuple[int, Row]], chosen: int | None, n_chosen: int | None = None
) -> tuple[Header, ...]:
    """The rows that may be the header, from the top; more than one where names stand under names.

    `rows` are the numbered rows of the beginning, blank ones included. A header fills every
    column of the rows below it with texts of their own that are no answers. `chosen`: the number of
    the row that a person says it is, `n_chosen` of how many rows. Two rows are a header where neither is one alone.
    """
    if chosen is not None:
        return tuple(
            Header(number, tuple(cell or "" for cell in joined_names(header)), len(header))
            for i, (number, _) in enumerate(rows)
            if number == chosen
            for header in [[row for _, row in rows[i : i + (n_chosen or 1)]]]
            if max(map(len, header)) > 1
        )
    candidates: list[Header] = []
    for i, (number, row) in enumerate(rows[:HEADER_WITHIN]):
        below = [lower for _, lower in rows[i + 1 :] if any(lower)]
        if _names(row, below):
            candidates.append(Header(number, tuple(str(cell) for cell in row)))
        elif not candidates and below and _name_together(row, below[0], below[1:]):
            return (Header(number, tuple(str(name) for name in joined_names([row, below[0]])), 2),)
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


def _name_together(upper: Row, lower: Row, below: Sequence[Row]) -> bool:
    """Whether the upper row names questions over the first of their columns, and the lower one what the columns hold of them."""
    width = max(len(upper), len(lower))
    over, under = ([*row, *[None] * (width - len(row))] for row in (upper, lower))
    starts = [column for column, cell in enumerate(over) if cell and cell.strip()]
    groups = [range(start, end) for start, end in pairwise([*starts, width])]
    # A title stands alone in its row.
    if len(groups) < LEAST_GROUPS or starts[0] > 0 or all(len(group) == 1 for group in groups):
        return False
    if any(not under[column] for group in groups if len(group) > 1 for column in group):
        return False
    filled = [column for column in range(width) if under[column]]
    again = sum(any(len(row) > column and row[column] == under[column] for row in below) for column in filled)
    # Answers occur again below; and where the lower row has all names, the upper one is a title.
    return (
        again <= (1 - LIKE_NAMES) * len(filled)
        and not _names(lower, below)
        and _names(joined_names([over, under]), below)
    )


def _is_number(cell: str | None) -> bool:
    return bool(cell) and str(cell).strip().lstrip("+-").replace(".", "", 1).isdigit()
