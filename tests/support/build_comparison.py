"""What two builds have in common: the bytes of their tables, and of which samples the rows were rebuilt."""

import hashlib
import tempfile
from pathlib import Path

import duckdb

from tests.support.project import Project

# They tell of the build itself: when it ran, and what was released before it.
OF_THE_BUILD = {"quality.release", "quality.release_change"}
Fingerprints = dict[tuple[str, str], str]


def table_bytes(release: Path) -> dict[str, str]:
    """Table of a release -> SHA-256 of its rows as csv, in the order in which they stand."""
    digests = {}
    with duckdb.connect(release, read_only=True) as con, tempfile.TemporaryDirectory() as folder:
        for (table,) in con.sql(
            "select schema_name || '.' || table_name from duckdb_tables() order by 1"
        ).fetchall():
            if table not in OF_THE_BUILD:
                path = Path(folder, "rows.csv")
                con.execute(f"copy (select * from {table}) to '{path}' (header)")
                digests[table] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digests


def fingerprints(project: Project) -> Fingerprints:
    """(table, sample) -> what decided its rows in the last build."""
    rows = project.query(
        "select model, sample_id, fingerprint from intermediate.sample_fingerprint", of=project.build_file
    )
    return {(model, sample_id): fingerprint for model, sample_id, fingerprint in rows}


def rebuilt(before: Fingerprints, after: Fingerprints) -> dict[str, set[str]]:
    """Sample -> the tables whose rows of it were rebuilt."""
    found: dict[str, set[str]] = {}
    for key, fingerprint in after.items():
        if before.get(key) != fingerprint:
            found.setdefault(key[1], set()).add(key[0])
    return found
