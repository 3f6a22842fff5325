"""Tables that are incremental by sample_id: which of their samples are in the released file as the build has them."""

from functools import lru_cache
from pathlib import Path

import duckdb

from kjpoll.common.file_hash import file_hash

from .inventory import base_tables, quoted

_SCHEMA = "intermediate"
_FINGERPRINTS = (_SCHEMA, "sample_fingerprint")
_RELEASED = (_SCHEMA, "released_fingerprint")


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


def unchanged_samples(
    con: duckdb.DuckDBPyConnection, build: str, release: Path
) -> dict[tuple[str, str], set[str]]:
    """(schema, table) -> the samples that the build has not rebuilt since it released the file that is there, if it is
    byte for byte the same; a table without any is left out."""
    unchanged: dict[tuple[str, str], set[str]] = {}
    if not release.exists() or _RELEASED not in base_tables(con, build, [_SCHEMA]):
        return unchanged
    for schema, table, sample_id in con.execute(
        f"select schema_name, table_name, sample_id from {quoted(build, *_RELEASED)} as released "
        f"inner join {quoted(build, *_FINGERPRINTS)} as built using (model, sample_id, fingerprint) "
        "inner join duckdb_tables() on database_name = ? and table_name = model where release_sha256 = ?",
        [build, file_sha256(release)],
    ).fetchall():
        unchanged.setdefault((schema, table), set()).add(sample_id)
    return unchanged


def record_release(con: duckdb.DuckDBPyConnection, build: str, sha256: str) -> None:
    """Write down for the next build what decided each sample's rows, and the SHA-256 of the file that has them."""
    con.execute(
        f"create or replace table {quoted(build, *_RELEASED)} as "
        f"select model, sample_id, fingerprint, '{sha256}' as release_sha256 from {quoted(build, *_FINGERPRINTS)}"
    )


def file_sha256(path: Path) -> str:
    """SHA-256 of a file; one that nobody wrote to since is not read again in the same process."""
    state = path.stat()
    return _sha256(path.absolute(), state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=4)
def _sha256(path: Path, *state: int) -> str:
    return file_hash(path)
