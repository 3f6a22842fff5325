"""The content hash of a released file, computed again as the build computes it."""

from __future__ import annotations

import hashlib

import duckdb

from .inventory import base_tables, quoted

HASHED_SCHEMAS = ("marts", "analysis", "quality")
# They tell of the releases before, and are no content of this one.
HISTORY = (("quality", "release"), ("quality", "release_change"))


def content_hash(con: duckdb.DuckDBPyConnection, database: str) -> str:
    """What quality.release.content_hash has to be for the attached `database`, by this version of DuckDB.

    Reads every public table, so a damaged block raises the error of DuckDB.
    """
    digests = {}
    for schema, table in base_tables(con, database, HASHED_SCHEMAS):
        if (schema, table) not in HISTORY:
            ((n_rows, total),) = con.execute(
                "select count(*), coalesce(sum(cast(hash(content) as hugeint)), 0) "
                f"from {quoted(database, schema, table)} as content"
            ).fetchall()
            digests[table] = _md5(f"{n_rows}/{total}")
    return _md5(",".join(f"{table}:{digest}" for table, digest in sorted(digests.items())))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
