"""Tables that are incremental by sample_id: which of their samples are in the released file as the build has them."""

from functools import lru_cache
from pathlib import Path

import duckdb

from kjpoll.common.file_hash import file_hash

from .inventory import base_tables, quoted

_SCHEMA = "intermediate"
_FINGERPRINTS = (_SCHEMA, "sample_fingerprint")
_RELEASED = (_SCHEMA, "released_fingerprint")
_ORDER = (_SCHEMA, "release_order")


def sample_wise_tables(con: duckdb.DuckDBPyConnection, build: str) -> set[tuple[str, str]]:
    """(schema, table) of the tables that are incremental by sample_id, in whatever order of samples."""
    if _FINGERPRINTS not in base_tables(con, build, [_SCHEMA]):
        return set()
    return set(
        con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = ? "
            f"and table_name in (select model from {quoted(build, *_FINGERPRINTS)})",
            [build],
        ).fetchall()
    )


def samples_in_order(con: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """The samples as a release orders them, by wave and country: a new wave comes last and moves no other."""
    return [
        row[0]
        for row in con.execute(
            f"select sample_id from {quoted(database, 'marts', 'dim_sample')} order by wave, country, sample_id"
        ).fetchall()
    ]


def release_orders(con: duckdb.DuckDBPyConnection, build: str) -> dict[tuple[str, str], str]:
    """(schema, table) -> what its rows are ordered by in a release, within a sample where it is incremental by sample_id.
    A table whose model declares no order (release_order in its meta) is left out: its rows stand as in the build."""
    if _ORDER not in base_tables(con, build, [_SCHEMA]):
        return {}
    orders = con.execute(
        f"select schema_name, table_name, row_order from {quoted(build, *_ORDER)}"
    ).fetchall()
    return {(schema, table): order for schema, table, order in orders}


def unchanged_samples(
    con: duckdb.DuckDBPyConnection, build: str, release: Path
) -> dict[tuple[str, str], set[str]]:
    """(schema, table) -> the samples that the build has not rebuilt since it released the file that is there, if it is
    byte for byte the same and their rows stand in the order that is declared; a table without any is left out."""
    unchanged: dict[tuple[str, str], set[str]] = {}
    if not release.exists() or not _is_recorded(con, build):
        return unchanged
    orders = release_orders(con, build)
    for schema, table, sample_id, order in con.execute(
        f"select schema_name, table_name, sample_id, row_order from {quoted(build, *_RELEASED)} as released "
        f"inner join {quoted(build, *_FINGERPRINTS)} as built using (model, sample_id, fingerprint) "
        "inner join duckdb_tables() on database_name = ? and table_name = model where release_sha256 = ?",
        [build, file_sha256(release)],
    ).fetchall():
        if order == orders.get((schema, table), ""):
            unchanged.setdefault((schema, table), set()).add(sample_id)
    return unchanged


def record_release(con: duckdb.DuckDBPyConnection, build: str, sha256: str, written: bool) -> None:
    """Write down for the next build what decided each sample's rows, and the SHA-256 of the file that has them.

    written: the file was written by this build, in the order that is declared. Otherwise it is as it was, and its rows
    stand as they were written then, in an unknown order where nobody wrote that down.
    """
    if written:
        orders = {table: order for (_, table), order in release_orders(con, build).items()}
    elif _is_recorded(con, build):
        orders = dict(
            con.execute(f"select distinct model, row_order from {quoted(build, *_RELEASED)}").fetchall()
        )
    else:
        orders = {}
    con.execute(
        f"create or replace table {quoted(build, *_RELEASED)} as select model, sample_id, fingerprint, "
        "coalesce(map_extract_value(cast(? as map(varchar, varchar)), model), cast(? as varchar)) as row_order, "
        f"'{sha256}' as release_sha256 from {quoted(build, *_FINGERPRINTS)}",
        [orders, "" if written else None],
    )


def _is_recorded(con: duckdb.DuckDBPyConnection, build: str) -> bool:
    """Whether a release is recorded, with the order of its rows: earlier versions wrote none."""
    return bool(
        con.execute(
            "select 1 from duckdb_columns() where (database_name, schema_name, table_name) = (?, ?, ?) "
            "and column_name = 'row_order'",
            [build, *_RELEASED],
        ).fetchall()
    )


def file_sha256(path: Path) -> str:
    """SHA-256 of a file; one that nobody wrote to since is not read again in the same process."""
    state = path.stat()
    return _sha256(path.absolute(), state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=4)
def _sha256(path: Path, *state: int) -> str:
    return file_hash(path)
