"""The comparison as a table: of two released files, or of a build with the release that it is to replace."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from ..history import attached, last_row
from ..inventory import base_tables, quoted
from ..samples import unchanged_samples
from .compare import COLUMNS, TYPES, Origin, compare
from .rows import NEW, OLD

ARROW = {"smallint": pa.int16(), "bigint": pa.int64(), "varchar": pa.string()}
SCHEMA = pa.schema(
    [("release_id", pa.string()), ("previous_release_id", pa.string())]
    + [(name, ARROW[TYPES.get(name, "varchar")]) for name in COLUMNS]
)


def difference(old: Path, new: Path) -> pa.Table:
    """What changed from the released file `old` to `new`: the columns of SCHEMA, sorted.

    Raises duckdb.Error where a file cannot be read.
    """
    before, after = (_origin(last_row(path)) for path in (old, new))
    with duckdb.connect() as con, attached(con, old, OLD), attached(con, new, NEW):
        return _table(con, compare(con, OLD, NEW, (before, after)), before, after)


def change_table(
    session: duckdb.DuckDBPyConnection,
    release_path: str | Path,
    release_id: str,
    built_at: datetime,
    code_hash: str,
    engine: str,
) -> pa.Table:
    """What changes from the present release to the build that `session` has open: the columns of SCHEMA.

    Empty where nothing readable was released yet. Where the build is the present release again, the rows that this
    release has, so that a table of the same content stays the same.
    """
    release = Path(release_path)
    present = last_row(release)
    if present is None:
        return SCHEMA.empty_table()
    con = session.cursor()
    try:
        with attached(con, release, OLD):
            if present["release_id"] == release_id:
                return _recorded(con)
            build = con.execute("select current_database()").fetchall()[0][0]
            after = Origin(release_id, built_at, code_hash, engine)
            before = _origin(present)
            standing = unchanged_samples(con, build, release)
            return _table(con, compare(con, OLD, build, (before, after), standing), before, after)
    finally:
        con.close()


def _origin(row: dict | None) -> Origin:
    return Origin(*((row or {}).get(name) for name in ("release_id", "built_at", "code_hash", "engine")))


def _recorded(con: duckdb.DuckDBPyConnection) -> pa.Table:
    if ("quality", "release_change") not in base_tables(con, OLD, ["quality"]):
        return SCHEMA.empty_table()
    rows = con.sql(f"select {', '.join(SCHEMA.names)} from {quoted(OLD, 'quality', 'release_change')}")
    return rows.to_arrow_table().cast(SCHEMA)


def _table(con: duckdb.DuckDBPyConnection, name: str, before: Origin, after: Origin) -> pa.Table:
    rows = con.sql(f"select {', '.join(COLUMNS)} from {name} order by all").to_arrow_table()
    ids = [pa.array([origin.release_id] * rows.num_rows, pa.string()) for origin in (after, before)]
    return pa.table([*ids, *rows.columns], names=SCHEMA.names).cast(SCHEMA)
