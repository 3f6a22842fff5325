"""What the dbt models of the raw schema return, from the relations that dbt hands them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kjpoll.landing.land import land
from kjpoll.landing.landing_sample import WaveFile
from kjpoll.landing.problems import LandingError, Problem
from kjpoll.landing.store import PROBLEM_SCHEMA, SCHEMAS, landed_path, problem_path, write_no_answers

WAVE_FILE_SCHEMA = pa.schema(
    [
        ("sample_id", pa.string()),
        ("file", pa.string()),
        ("format", pa.string()),
        ("encoding", pa.string()),
        ("delimiter", pa.string()),
        ("sheet", pa.string()),
        ("label_sheet", pa.string()),
        ("header_row", pa.int32()),
        ("header_rows", pa.int32()),
        ("sha256", pa.string()),
        ("bytes", pa.int64()),
        ("n_rows", pa.int32()),
        ("n_columns", pa.int32()),
    ]
)


def wave_file_table(samples: Any, variables: Any, raw_dir: str, landing_dir: str) -> pa.Table:
    """Land the files and give raw.wave_file: one row per landed file, ordered by sample_id.

    `samples` and `variables` are the DuckDB relations of these two seeds. Raises LandingError.
    """
    crosswalk: dict[str, set[str]] = {}
    for row in _rows(variables):
        crosswalk.setdefault(row["sample_id"], set()).add(row["variable"])
    landed = land(_rows(samples), raw_dir, landing_dir, crosswalk)
    return pa.Table.from_pylist([asdict(row) for row in landed.wave_files], schema=WAVE_FILE_SCHEMA)


def file_problem_table(landing_dir: str) -> pa.Table:
    """raw.file_problem: one row per fault that the last landing found. Raises LandingError."""
    path = problem_path(Path(landing_dir))
    if not path.is_file():
        fix = "Build wave_file again: it reads the files again"
        raise LandingError([Problem("unreadable_disk", str(path), None, "it is gone", fix)])
    return pq.read_table(path, schema=PROBLEM_SCHEMA)


def landed_relation(session: Any, wave_file: Any, landing_dir: str, kind: str) -> Any:
    """The landed `kind` (variable or value_label) of all samples, as a DuckDB relation.

    `wave_file` is the DuckDB relation of raw.wave_file, `session` the connection. Ordered by
    sample_id, then as in the file: the landed files are in that order, and DuckDB keeps it.
    Raises LandingError where a landed file is gone.
    """
    paths = list(_landed_paths(wave_file, landing_dir, kind).values())
    if not paths:
        return SCHEMAS[kind].empty_table()
    columns = ", ".join(f'"{name}"' for name in SCHEMAS[kind].names)
    files = ", ".join(_sql_path(path) for path in paths)
    return session.sql(f"select {columns} from read_parquet([{files}])")


def landed_file_table(wave_file: Any, landing_dir: str) -> pa.Table:
    """One row per sample: sample_id and answer_file, the name of the landed file with its answers.

    `wave_file` is the DuckDB relation of raw.wave_file. Ordered by sample_id. The folder also gets a file
    without answers, so that whoever reads all of them finds one where nothing could be landed.
    Raises LandingError where a landed file is gone.
    """
    write_no_answers(Path(landing_dir))
    paths = _landed_paths(wave_file, landing_dir, "answer")
    return pa.table(
        {
            "sample_id": pa.array(list(paths), type=pa.string()),
            "answer_file": pa.array([path.name for path in paths.values()], type=pa.string()),
        }
    )


def _landed_paths(wave_file: Any, landing_dir: str, kind: str) -> dict[str, Path]:
    """sample_id -> the landed file, ordered by sample_id."""
    paths = {}
    problems = []
    for row in sorted(_rows(wave_file), key=lambda row: row["sample_id"]):
        source = WaveFile(**row)
        path = landed_path(Path(landing_dir).absolute(), source, source.sha256, kind)
        paths[source.sample_id] = path
        if not path.is_file():
            fix = "Build wave_file again: it lands the file again"
            what = f"{path} is gone"
            problems.append(Problem("unreadable_disk", source.file, source.sample_id, what, fix))
    if problems:
        raise LandingError(problems)
    return paths


def _rows(relation: Any) -> Iterator[dict[str, Any]]:
    names = relation.columns
    return (dict(zip(names, row, strict=True)) for row in relation.fetchall())


def _sql_path(path: Path) -> str:
    """A path as an SQL string in which read_parquet sees no pattern."""
    escaped = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))
    return "'" + escaped.replace("'", "''") + "'"
