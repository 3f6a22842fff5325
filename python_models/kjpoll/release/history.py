"""The releases so far, read from the released file, and the facts of the present build."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from .archive import archived
from .log import log
from .provenance import code_hash, engine, git_commit

COLUMNS = {
    "release_id": (pa.string(), "varchar"),
    "built_at": (pa.timestamp("us"), "timestamp"),
    "content_hash": (pa.string(), "varchar"),
    "raw_files_hash": (pa.string(), "varchar"),
    "n_samples": (pa.int64(), "bigint"),
    "n_respondents": (pa.int64(), "bigint"),
    "n_answers": (pa.int64(), "bigint"),
    "n_tables": (pa.int64(), "bigint"),
    "git_commit": (pa.string(), "varchar"),
    "synthetic": (pa.bool_(), "boolean"),
    "n_waived": (pa.int64(), "bigint"),
    "n_warnings": (pa.int64(), "bigint"),
    "code_hash": (pa.string(), "varchar"),
    "engine": (pa.string(), "varchar"),
    "n_changes": (pa.int64(), "bigint"),
    "causes": (pa.string(), "varchar"),
}
# Releases from before these columns were there have none; their rows keep them empty.
LATER_COLUMNS = ("n_waived", "n_warnings", "code_hash", "engine", "n_changes", "causes")
SCHEMA = pa.schema([(name, arrow) for name, (arrow, _) in COLUMNS.items()])


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the file attached as `released`, read-only.

    Attached in a database of its own, so that it does not depend on the settings of
    other connections in this process.
    """
    with duckdb.connect() as con, attached(con, path, "released"):
        yield con


@contextmanager
def attached(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> Iterator[None]:
    """Attach a released file to `con` as `name`, read-only.

    Who holds the file open for writing keeps it locked; then a copy is read, which is
    complete because a release is never written to after it is put in place.
    """
    with tempfile.TemporaryDirectory() as directory:
        try:
            _attach(con, path, name)
        except duckdb.Error as error:
            if not any(sign in str(error) for sign in ("Could not set lock", "already attached")):
                raise
            copy = Path(directory) / "released.duckdb"
            shutil.copyfile(path, copy)
            _attach(con, copy, name)
        try:
            yield
        finally:
            con.execute(f"detach {name}")


def _attach(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    con.execute("attach '" + str(path).replace("'", "''") + f"' as {name} (read_only)")


def release_rows(con: duckdb.DuckDBPyConnection, database: str) -> list[tuple]:
    """The rows of quality.release in the order of COLUMNS, oldest first; a missing one of LATER_COLUMNS is empty."""
    present = {row[0] for row in con.execute(f'describe "{database}".quality.release').fetchall()}
    absent = set(LATER_COLUMNS) - present
    wanted = ", ".join(
        f"{'null' if name in absent else name}::{kind} as {name}" for name, (_, kind) in COLUMNS.items()
    )
    return con.execute(
        f'select {wanted} from "{database}".quality.release order by built_at, release_id'
    ).fetchall()


def last_row(file: Path) -> dict[str, Any] | None:
    """What a released file says of itself: the last row of its quality.release. None without a readable one."""
    if not file.exists():
        return None
    try:
        with opened(file) as con:
            rows = release_rows(con, "released")
    except duckdb.Error:
        return None
    return dict(zip(COLUMNS, rows[-1])) if rows else None


def previous_release(release_path: str | Path) -> pa.Table:
    """Every row of quality.release of the released file and of the kept ones, oldest first.

    Columns as in COLUMNS (built_at: UTC). The kept files count because the present one may have been put back by a
    roll-back, and then does not know the releases after it. A file that cannot be read or has no such table is
    logged, and its rows count only where another file has them.
    """
    path = Path(release_path)
    rows: dict[tuple, tuple] = {}
    for file in (path, *archived(path).values()):
        if not file.exists():
            continue
        try:
            with opened(file) as con:
                rows_of_file = release_rows(con, "released")
        except duckdb.Error as error:
            log.warning(
                "%s: no release history can be read from it; "
                "to keep what only this file knows, put a good copy back and build again (%s)",
                file,
                str(error).splitlines()[0],
            )
        else:
            rows = {row[:2]: row for row in rows_of_file} | rows
    ordered = sorted(rows.values(), key=lambda row: (row[1], row[0]))
    return pa.table(
        [pa.array(column, type=field.type) for column, field in zip(zip(*ordered), SCHEMA)]
        if ordered
        else SCHEMA.empty_table().columns,
        schema=SCHEMA,
    )


def build_info(root: str | Path) -> pa.Table:
    """One row on the present build: built_at (UTC), git_commit of the project in `root`, code_hash and engine."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return pa.table(
        {
            "built_at": pa.array([now], type=pa.timestamp("us")),
            "git_commit": pa.array([git_commit(root)], type=pa.string()),
            "code_hash": pa.array([code_hash(root)], type=pa.string()),
            "engine": pa.array([engine()], type=pa.string()),
        }
    )
