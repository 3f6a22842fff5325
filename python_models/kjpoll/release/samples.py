"""Tables that are built sample by sample: of which samples a release is kept, and which are rewritten."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

import duckdb

from kjpoll.common.file_hash import file_hash

from .inventory import Inventory, quoted

# (schema, table, sample_id) -> (rows, fingerprint), as in Inventory.contents.
Contents = Mapping[tuple[str, str, str], tuple]

_FINGERPRINTS = ("intermediate", "sample_fingerprint")
_RELEASED = ("intermediate", "released_sample")


def _exists(con: duckdb.DuckDBPyConnection, database: str, table: tuple[str, str]) -> bool:
    return bool(
        con.execute(
            "select 1 from duckdb_tables() where (database_name, schema_name, table_name) = (?, ?, ?)",
            [database, *table],
        ).fetchall()
    )


def sample_wise_tables(con: duckdb.DuckDBPyConnection, build: str) -> set[tuple[str, str]]:
    """(schema, table) of the tables that the build makes sample by sample, in whatever order of samples."""
    if not _exists(con, build, _FINGERPRINTS):
        return set()
    return set(
        con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = ? "
            f"and table_name in (select model from {quoted(build, *_FINGERPRINTS)})",
            [build],
        ).fetchall()
    )


def samples_in_order(con: duckdb.DuckDBPyConnection, build: str) -> list[str]:
    """The samples as a release orders them, by wave and country: a new wave comes last and moves no other."""
    return [
        row[0]
        for row in con.execute(
            f"select sample_id from {quoted(build, 'marts', 'dim_sample')} order by wave, country, sample_id"
        ).fetchall()
    ]


def known_contents(con: duckdb.DuckDBPyConnection, build: str) -> Contents:
    """What the last release found in the build, of the samples that were not rebuilt since."""
    if not _exists(con, build, _RELEASED):
        return {}
    return _contents(
        con.execute(
            f"select released.* exclude (fingerprint, release_sha256) from {quoted(build, *_RELEASED)} as released "
            f"inner join {quoted(build, *_FINGERPRINTS)} as now on released.table_name = now.model "
            "and released.sample_id = now.sample_id and released.fingerprint = now.fingerprint"
        ).fetchall()
    )


def released_contents(con: duckdb.DuckDBPyConnection, build: str, release: Path) -> Contents:
    """What stands in the released file, if it is byte for byte the one that this build released last."""
    if not _exists(con, build, _RELEASED):
        return {}
    return _contents(
        con.execute(
            f"select schema_name, table_name, sample_id, n_rows, digest from {quoted(build, *_RELEASED)} "
            "where release_sha256 = ? order by rowid",
            [file_sha256(release)],
        ).fetchall()
    )


def unchanged_since(
    con: duckdb.DuckDBPyConnection, build: str, release: Path
) -> dict[tuple[str, str], set[str]]:
    """(schema, table) -> the samples that the build has not rebuilt since it released the file that stands there."""
    found: dict[tuple[str, str], set[str]] = {}
    for schema, table, sample_id in (
        known_contents(con, build).keys() & released_contents(con, build, release).keys()
    ):
        found.setdefault((schema, table), set()).add(sample_id)
    return found


def keep_contents(con: duckdb.DuckDBPyConnection, build: str, expected: Inventory, sha256: str) -> None:
    """Remember what was released, in its order, and the SHA-256 of its file, for the next build."""
    if not expected.sample_wise:
        return
    place = {sample_id: number for number, sample_id in enumerate(samples_in_order(con, build))}
    fingerprints = {
        (model, sample_id): fingerprint
        for model, sample_id, fingerprint in con.execute(
            f"select model, sample_id, fingerprint from {quoted(build, *_FINGERPRINTS)}"
        ).fetchall()
    }
    rows = [
        (*key, fingerprints[key[1:]], rows, "/".join(map(str, digest)), sha256)
        for key, (rows, digest) in sorted(
            ((key, content) for key, content in expected.contents.items() if len(key) == 3),
            key=lambda entry: (entry[0][:2], place.get(entry[0][2], -1)),
        )
    ]
    con.execute("begin")
    con.execute(
        f"create or replace table {quoted(build, *_RELEASED)} (schema_name varchar, table_name varchar, "
        "sample_id varchar, fingerprint varchar, n_rows bigint, digest varchar, release_sha256 varchar)"
    )
    con.executemany(f"insert into {quoted(build, *_RELEASED)} values (?, ?, ?, ?, ?, ?, ?)", rows)
    con.execute("commit")


def _contents(rows: list[tuple]) -> Contents:
    return {tuple(key): (n, tuple(map(int, digest.split("/")))) for *key, n, digest in rows}


def file_sha256(path: Path) -> str:
    """SHA-256 of a file; one that nobody wrote to since is not read again in the same process."""
    state = path.stat()
    return _sha256(path.absolute(), state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=4)
def _sha256(path: Path, *state: int) -> str:
    return file_hash(path)


def unchanged(
    table: tuple[str, str], order: Collection[str], present: Inventory, expected: Inventory
) -> list[str]:
    """The samples that a table of a present release begins with and that the next one begins with too, as they are."""
    kept: list[str] = []
    wanted = [sample_id for sample_id in order if (*table, sample_id) in expected.contents]
    for placed, sample_id in zip(present.placed(table), wanted):
        key = (*table, sample_id)
        if placed != sample_id or present.contents.get(key) != expected.contents[key]:
            break
        kept.append(sample_id)
    return kept
