"""The content hash: of a build that is to be released, and of a released file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import duckdb
import pyarrow as pa

from .inventory import HISTORY, base_tables, content_digest, quoted

HASHED_SCHEMAS = ("marts", "analysis", "quality")


def content_table(public_tables: duckdb.DuckDBPyRelation) -> pa.Table:
    """One row, content_hash and n_tables, from the rows (table_name, n_rows, digest) of all hashed tables."""
    digests = {
        table: (n_rows, digest)
        for table, n_rows, digest in public_tables.select("table_name", "n_rows", "digest").fetchall()
    }
    return pa.table({"content_hash": [_hash(digests)], "n_tables": [len(digests)]})


def content_hash(con: duckdb.DuckDBPyConnection, database: str) -> str:
    """What quality.release.content_hash has to be for the attached `database`, by this version of DuckDB.

    Reads every public table, so a damaged block raises the error of DuckDB.
    """
    return _hash(
        {
            table: content_digest(con, quoted(database, schema, table))
            for schema, table in base_tables(con, database, HASHED_SCHEMAS)
            if (schema, table) not in HISTORY
        }
    )


def _hash(digests: Mapping[str, tuple[int, int]]) -> str:
    """table -> (rows, digest) as one hash, whatever the order of the tables."""
    return _md5(
        ",".join(
            f"{table}:{_md5(f'{n_rows}/{digest}')}" for table, (n_rows, digest) in sorted(digests.items())
        )
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
