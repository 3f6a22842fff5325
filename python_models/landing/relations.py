"""What the dbt models of the raw schema return, from the relations that dbt hands them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from python_models.landing.land import land
from python_models.landing.problems import LandingError, Problem
from python_models.landing.sample import WaveFile
from python_models.landing.store import SCHEMAS, landed_path

WAVE_FILE_SCHEMA = pa.schema(
    [
        ("sample_id", pa.string()),
        ("file", pa.string()),
        ("format", pa.string()),
        ("encoding", pa.string()),
        ("sheet", pa.string()),
        ("header_row", pa.int32()),
        ("sha256", pa.string()),
        ("bytes", pa.int64()),
        ("n_rows", pa.int32()),
        ("n_columns", pa.int32()),
    ]
)


def wave_file_table(samples: Any, raw_dir: str, landing_dir: str) -> pa.Table:
    """Land every file and give raw.wave_file: one row per sample, ordered by sample_id.

    `samples` is the DuckDB relation of the samples seed. Raises LandingError.
    """
    wave_files = land(_rows(samples), raw_dir, landing_dir)
    return pa.Table.from_pylist([asdict(row) for row in wave_files], schema=WAVE_FILE_SCHEMA)


def landed_relation(session: Any, wave_file: Any, landing_dir: str, kind: str) -> Any:
    """The landed `kind` (answer, variable or value_label) of all samples, as a DuckDB relation.

    `wave_file` is the DuckDB relation of raw.wave_file, `session` the connection. Ordered by
    sample_id, then as in the file: the landed files are in that order, and DuckDB keeps it.
    """
    paths = []
    problems = []
    for row in sorted(_rows(wave_file), key=lambda row: row["sample_id"]):
        source = WaveFile(**row)
        path = landed_path(Path(landing_dir).absolute(), source, source.sha256, kind)
        paths.append(path)
        if not path.is_file():
            fix = "Build wave_file again: it lands the file anew"
            problems.append(Problem(source.file, source.sample_id, f"{path} is gone", fix))
    if problems:
        raise LandingError(problems)
    columns = ", ".join(f'"{name}"' for name in SCHEMAS[kind].names)
    files = ", ".join(_sql_path(path) for path in paths)
    return session.sql(f"select {columns} from read_parquet([{files}])")


def _rows(relation: Any) -> Iterator[dict[str, Any]]:
    names = relation.columns
    return (dict(zip(names, row, strict=True)) for row in relation.fetchall())


def _sql_path(path: Path) -> str:
    """A path as an SQL string in which read_parquet sees no pattern."""
    escaped = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))
    return "'" + escaped.replace("'", "''") + "'"
