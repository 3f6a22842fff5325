"""What a build finds wrong in the cells of one row of a seed, known before any build.

The properties of the seeds say what their rows have to be. The build checks it by the macros of seed_rules.sql; here the
same is read for a row that somebody is about to write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache, lru_cache
from threading import Lock

import duckdb

from kjpoll.common.properties import Condition, Properties, seed_properties, table_properties

Row = Mapping[str, str]
# Gives the rows of a seed by its name.
RowsOf = Callable[[str], Sequence[Row]]
TYPE_WORDS = {
    "smallint": "no whole number up to 32767",
    "integer": "no whole number",
    "bigint": "no whole number",
    "double": "no number",
    "boolean": "neither true nor false",
    "date": "no day; write it as YYYY-MM-DD",
}
COLUMN_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ENGINE = Lock()


def cell_faults(seed: str, row: Row, rows_of: RowsOf) -> list[str]:
    """What is wrong in the row, in words, each beginning with the column; nothing where a build can use it.

    `rows_of`: the rows of another seed, which conditions and references name.
    """
    properties = seed_properties()[seed]
    faults = [*_empty(properties, row), *_not_allowed(properties, row)]
    mistyped = _mistyped(properties, row)
    if not mistyped:
        faults += _conditions(properties, row, rows_of)
    return [*faults, *mistyped, *_no_column_names(properties, row), *_dangling(properties, row, rows_of)]


def like(name: str, known: Sequence[str] | Mapping[str, object] | set[str]) -> str:
    """The names that are most like an unknown one, as the end of a sentence; '' where none is."""
    near = get_close_matches(name, list(known), n=3)
    return f"; like it are {', '.join(near)}" if near else ""


def _empty(properties: Properties, row: Row) -> list[str]:
    faults = []
    for column in properties.required:
        if not row.get(column):
            allowed = ", ".join(properties.allowed.get(column, ()))
            faults.append(f"{column} is empty" + (f"; write one of {allowed}" if allowed else ""))
    return faults


def _not_allowed(properties: Properties, row: Row) -> list[str]:
    return [
        f"{column} is {row[column]!r}, which is none of {', '.join(values)}"
        for column, values in properties.allowed.items()
        if row.get(column) and row[column] not in values
    ]


def _mistyped(properties: Properties, row: Row) -> list[str]:
    typed = {
        column: kind for column, kind in properties.types.items() if row.get(column) and kind in TYPE_WORDS
    }
    wrong = _uncastable(tuple((row[column], kind) for column, kind in typed.items()))
    return [
        f"{column} is {row[column]!r}, which is {TYPE_WORDS[typed[column]]}"
        for column, is_wrong in zip(typed, wrong, strict=True)
        if is_wrong
    ]


@lru_cache(maxsize=4096)
def _uncastable(cells: tuple[tuple[str, str], ...]) -> tuple[bool, ...]:
    if not cells:
        return ()
    tests = ", ".join(f"try_cast(? as {kind}) is null" for _, kind in cells)
    return _first_row(f"select {tests}", tuple(text for text, _ in cells))


def _no_column_names(properties: Properties, row: Row) -> list[str]:
    """Values that are to be names of columns, and cannot be."""
    faults = []
    for column, table in properties.column_of.items():
        name = row.get(column, "")
        if not COLUMN_NAME.fullmatch(name or "a"):
            faults.append(
                f"{column} is {name!r}, which is not made of a small letter and small letters, digits and _"
            )
        elif name in _reserved_words():
            faults.append(f"{column} is {name}, which is a reserved word of SQL")
        elif name in table_properties()[table].columns:
            faults.append(f"{column} is {name}, which is a column of {table} already")
    return faults


@cache
def _reserved_words() -> frozenset[str]:
    query = (
        "select keyword_name from duckdb_keywords() where keyword_category in ('reserved', 'type_function')"
    )
    with _ENGINE:
        return frozenset(word for (word,) in _connection().execute(query).fetchall())


def _conditions(properties: Properties, row: Row, rows_of: RowsOf) -> list[str]:
    faults = []
    for condition in properties.conditions:
        beside: list[tuple[str, ...]] = [()]
        if condition.beside:
            columns = _named(condition.beside, condition)
            beside = [
                tuple(other.get(column, "") for column in columns)
                for other in rows_of(condition.beside)
                if other.get(condition.by) == row.get(condition.by)
            ]
        own = tuple(row.get(column, "") for column in _named(properties.name, condition))
        if any(_is_broken(properties.name, condition, own, other) for other in beside):
            value = row.get(condition.column) or "empty"
            faults.append(f"{condition.column} is {value}, which is {condition.finding}")
    return faults


@cache
def _named(seed: str, condition: Condition) -> tuple[str, ...]:
    """The columns of the seed that a condition may speak of: few, so that what was found is found again."""
    words = set(re.findall(r"\w+", condition.holds))
    return tuple(column for column in seed_properties()[seed].types if column in words)


@lru_cache(maxsize=4096)
def _is_broken(seed: str, condition: Condition, own: tuple[str, ...], beside: tuple[str, ...]) -> bool:
    tables = f"({_relation(seed, condition)}) as seed"
    if condition.beside:
        tables += f", ({_relation(condition.beside, condition)}) as beside"
    query = f"select count(*) > 0 from {tables} where not ({condition.holds})"
    return _first_row(query, (*own, *beside))[0]


@cache
def _relation(seed: str, condition: Condition) -> str:
    """One row of the seed with the columns that the condition names, each cell as a parameter."""
    types = seed_properties()[seed].types
    cells = (f"try_cast(nullif(?, '') as {types[column]}) as {column}" for column in _named(seed, condition))
    return f"select {', '.join(cells)}"


def _first_row(query: str, parameters: tuple[str, ...]) -> tuple[bool, ...]:
    with _ENGINE:
        found = _connection().execute(query, list(parameters)).fetchone()
    return tuple(map(bool, found or ()))


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _dangling(properties: Properties, row: Row, rows_of: RowsOf) -> list[str]:
    """References by one column to a seed; those to a table of the build are known there alone."""
    faults = []
    for reference in properties.references:
        if len(reference.columns) > 1 or reference.to not in seed_properties():
            continue
        column, to_column = reference.columns[0], reference.to_columns[0]
        cell = row.get(column, "")
        for value in cell.split(reference.delimiter) if reference.delimiter else [cell]:
            known = {other[to_column] for other in rows_of(reference.to)} if value else set()
            if value and value not in known:
                seed = seed_properties()[reference.to]
                faults.append(
                    f"{column} is {value!r}, and no row of {seed.folder}/{seed.name}.csv has it{like(value, known)}"
                )
    return faults
