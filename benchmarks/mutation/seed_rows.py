"""Change well-formed rows of a seed into other well-formed rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.mutation.case import Case, NotApplicable, Row

TRIES = 50


def pair(case: Case, rows: Sequence[Row], alike: Callable[[Row, Row], bool]) -> tuple[Row, Row]:
    """A row that has others like it, and one of these."""
    for _ in range(TRIES):
        one = case.one(rows)
        if others := [row for row in rows if row is not one and alike(row, one)]:
            return one, case.one(others)
    raise NotApplicable


def exchange(case: Case, seed: str, alike: Callable[[Row, Row], bool], *cells: str) -> tuple[Row, Row]:
    """Two rows exchange these cells; returned as they were."""
    rows = case.project.seed(seed)
    one, other = pair(case, rows, alike)
    before = dict(one), dict(other)
    for name in cells:
        one[name], other[name] = other[name], one[name]
    if before == (one, other):
        raise NotApplicable
    case.project.rewrite(seed, rows)
    return before


def alter(case: Case, seed: str, fits: Callable[[Row], bool], change: Callable[[Row], Row]) -> str:
    """One row that fits gets other cells."""
    rows = case.project.seed(seed)
    row = case.one(row for row in rows if fits(row))
    cells = change(row)
    if cells.items() <= row.items():
        raise NotApplicable
    what = ", ".join(value for value in list(row.values())[:4] if value)
    before = {name: row[name] for name in cells}
    row.update(cells)
    case.project.rewrite(seed, rows)
    return f"{seed}, {what}: {before} is {cells}"


def _same_set(row: Row, other: Row) -> bool:
    return row["category_set"] == other["category_set"]


def two(rows: tuple[Row, Row], name: str) -> str:
    return f"{rows[0].get('category_set', '')} {rows[0][name]} and {rows[1][name]}"
