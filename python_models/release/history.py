"""The releases so far, read from the released file, and the facts of the present build."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

import duckdb
import pyarrow as pa

from .provenance import git_commit

log = logging.getLogger("kjpoll.release")

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
}
# Releases from before these columns were counted have none; their rows keep them empty.
LATER_COLUMNS = ("n_waived", "n_warnings")
SCHEMA = pa.schema([(name, arrow) for name, (arrow, _) in COLUMNS.items()])


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the file attached as `released`, read-only.

    Attached in a database of its own, so that it does not depend on the settings of
    other connections in this process. Who holds the file open for writing keeps it
    locked; then a copy is read, which is complete because a release is never written
    to after it is put in place.
    """
    with tempfile.TemporaryDirectory() as directory, duckdb.connect() as con:
        try:
            _attach(con, path)
        except duckdb.Error as error:
            if not any(sign in str(error) for sign in ("Could not set lock", "already attached")):
                raise
            copy = Path(directory) / "released.duckdb"
            shutil.copyfile(path, copy)
            _attach(con, copy)
        yield con


def _attach(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    con.execute("attach '" + str(path).replace("'", "''") + "' as released (read_only)")


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


def previous_release(release_path: str | Path) -> pa.Table:
    """Every row of quality.release of the released file, oldest first.

    Columns as in COLUMNS (built_at: UTC). Empty when there is no file, or one that
    cannot be read or has no such table: the last two are logged, and the history
    then starts anew.
    """
    path = Path(release_path)
    rows: list[tuple] = []
    if path.exists():
        try:
            with opened(path) as con:
                rows = release_rows(con, "released")
        except duckdb.Error as error:
            log.warning(
                "%s: no release history can be read from it, so the history starts anew; "
                "to keep it, put a good copy of the file back and build again (%s)",
                path,
                str(error).splitlines()[0],
            )
    return pa.table(
        [pa.array(column, type=field.type) for column, field in zip(zip(*rows), SCHEMA)]
        if rows
        else SCHEMA.empty_table().columns,
        schema=SCHEMA,
    )


def build_info(root: str | Path) -> pa.Table:
    """One row on the present build: built_at (UTC) and git_commit of the project in `root`."""
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    return pa.table(
        {
            "built_at": pa.array([now], type=pa.timestamp("us")),
            "git_commit": pa.array([git_commit(root)], type=pa.string()),
        }
    )
