"""Make the next release of the present one: only what differs is written."""

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path

import duckdb

from .inventory import Inventory, quoted
from .samples import release_orders, samples_in_order

# How many rows are sorted at a time.
BATCH_ROWS = 1_000_000


def change(
    con: duckdb.DuckDBPyConnection,
    build: str,
    release: Path,
    new: Path,
    name: str,
    present: Inventory,
    expected: Inventory,
    sample_wise: Collection[tuple[str, str]],
    unchanged: Mapping[tuple[str, str], Collection[str]],
) -> dict[tuple[str, str], list[str]]:
    """Write the content of the build into `new`, a copy of the released file.

    Only DuckDB knows how to write down a macro, so these have to be the same in both.
    name: under which `new` is attached meanwhile. present, expected: of the released file and of the build.
    sample_wise: see sample_wise_tables; unchanged: see unchanged_samples. Returns those of them that were not written.
    """
    shutil.copyfile(release, new)
    samples = samples_in_order(con, build)
    orders = release_orders(con, build)
    unmoved: dict[tuple[str, str], list[str]] = {}
    con.execute("attach '" + str(new).replace("'", "''") + f"' as {name}")
    try:
        samples_before = samples_in_order(con, name)
        con.execute("begin")
        for table in sorted(present.tables.keys() - expected.tables.keys()):
            con.execute(f"drop table {quoted(name, *table)}")
        for table in sorted(expected.tables):
            same = _same_definition(table, present, expected)
            if not same:
                _create(con, build, name, table)
            if table in sample_wise:
                stay = _unmoved(samples_before, samples, unchanged.get(table, ())) if same else []
                _write_samples(con, build, name, table, samples, stay, orders.get(table, "rowid"))
                if stay:
                    unmoved[table] = stay
            elif not same or present.contents[table] != expected.contents[table]:
                con.execute(f"delete from {quoted(name, *table)}")
                copy_rows(con, build, name, table, orders.get(table))
        con.execute("commit")
        con.execute(f"checkpoint {name}")
    finally:
        # Detached with a transaction open, what it wrote is gone with it.
        con.execute(f"detach {name}")
    return unmoved


def _unmoved(before: Sequence[str], now: Sequence[str], unchanged: Collection[str]) -> list[str]:
    """The unchanged samples with which a table began and begins."""
    pairs = takewhile(lambda pair: pair[0] == pair[1] and pair[0] in unchanged, zip(before, now))
    return [sample_id for sample_id, _ in pairs]


def _same_definition(table: tuple[str, str], present: Inventory, expected: Inventory) -> bool:
    def columns(inventory: Inventory) -> dict[tuple, tuple]:
        return {key: value for key, value in inventory.columns.items() if key[:2] == table}

    return present.tables.get(table) == expected.tables[table] and columns(present) == columns(expected)


def _create(con: duckdb.DuckDBPyConnection, build: str, name: str, table: tuple[str, str]) -> None:
    ((sql, comment),) = con.execute(
        "select sql, comment from duckdb_tables() where (database_name, schema_name, table_name) = (?, ?, ?)",
        [build, *table],
    ).fetchall()
    columns = con.execute(
        "select column_name, comment from duckdb_columns() "
        "where (database_name, schema_name, table_name) = (?, ?, ?) and comment is not null",
        [build, *table],
    ).fetchall()
    con.execute(f"create schema if not exists {quoted(name, table[0])}")
    con.execute(f"drop table if exists {quoted(name, *table)}")
    con.execute(f"use {name}")
    con.execute(sql)
    con.execute(f"use {quoted(build)}")
    if comment is not None:
        con.execute(f"comment on table {quoted(name, *table)} is {_text(comment)}")
    for column, comment in columns:
        con.execute(f"comment on column {quoted(name, *table, column)} is {_text(comment)}")


def _write_samples(
    con: duckdb.DuckDBPyConnection,
    build: str,
    name: str,
    table: tuple[str, str],
    samples: Sequence[str],
    unmoved: Sequence[str],
    order: str,
) -> None:
    if unmoved:
        con.execute(f"delete from {quoted(name, *table)} where not list_contains(?, sample_id)", [unmoved])
    else:
        con.execute(f"delete from {quoted(name, *table)}")
    copy_samples(con, build, name, table, samples[len(unmoved) :], order)


def copy_rows(
    con: duckdb.DuckDBPyConnection, build: str, name: str, table: tuple[str, str], order: str | None
) -> None:
    """Add the rows of a table in `order`, or as the build has them."""
    by = f" order by {order}" if order else ""
    con.execute(f"insert into {quoted(name, *table)} select * from {quoted(build, *table)}{by}")


def copy_samples(
    con: duckdb.DuckDBPyConnection,
    build: str,
    name: str,
    table: tuple[str, str],
    samples: Sequence[str],
    order: str,
) -> None:
    """Add the rows of these samples, one sample after the other, each in `order`, whatever their order in the build."""
    sizes = dict(
        con.execute(f"select sample_id, count(*) from {quoted(build, *table)} group by sample_id").fetchall()
    )
    for batch in _batches(samples, sizes):
        in_batch = ", ".join(map(_text, batch))
        con.execute(
            f"insert into {quoted(name, *table)} select * from {quoted(build, *table)} "
            f"where sample_id in ({in_batch}) order by list_position([{in_batch}], sample_id), {order}"
        )


def _batches(samples: Sequence[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """The samples in groups of so many rows that a group is sorted in memory, and few of its rows are left over when
    they are written in row groups; one sample at least in each."""
    batch: list[str] = []
    n_rows = 0
    for sample_id in samples:
        if batch and n_rows + sizes.get(sample_id, 0) > BATCH_ROWS:
            yield batch
            batch, n_rows = [], 0
        batch.append(sample_id)
        n_rows += sizes.get(sample_id, 0)
    if batch:
        yield batch


def _text(comment: str) -> str:
    return "'" + comment.replace("'", "''") + "'"
