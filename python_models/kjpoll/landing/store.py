"""Cache what was read: three Parquet files per wave file, named by all that decides their content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kjpoll.common.atomic_file import replacing
from kjpoll.common.file_hash import Engine
from kjpoll.landing.landing_sample import Sample, WaveFile
from kjpoll.landing.problems import Problem, ReadProblem
from kjpoll.landing.wave_table import WaveTable

# The answers are written last: where they are, the other two are.
KINDS = ("variable", "value_label", "answer")
LANDED_NAME = re.compile(r"\.?.+-[0-9a-f]{20}\.(?:variable|value_label|answer)\.parquet(?:\.[0-9]+\.tmp)?")
# What decides how a file is read but the file and its row of the samples seed.
ENGINE = Engine(("kjpoll.landing", "kjpoll.common"), ("openpyxl", "pyarrow", "pyreadstat"))
TERM = pa.dictionary(pa.int32(), pa.string())
SCHEMAS = {
    "variable": pa.schema(
        [
            ("sample_id", pa.string()),
            ("variable", pa.string()),
            ("column_position", pa.int32()),
            ("label", pa.string()),
        ]
    ),
    "value_label": pa.schema(
        [
            ("sample_id", pa.string()),
            ("variable", pa.string()),
            ("code", pa.string()),
            ("label", pa.string()),
        ]
    ),
    "answer": pa.schema(
        [
            ("sample_id", TERM),
            ("row", pa.int32()),
            ("variable", TERM),
            ("column_position", pa.int32()),
            ("value", pa.string()),
        ]
    ),
}

PROBLEM_SCHEMA = pa.schema(
    [
        ("rule", pa.string()),
        ("file", pa.string()),
        ("sample_id", pa.string()),
        ("what", pa.string()),
        ("fix", pa.string()),
        ("variable", pa.string()),
        ("row", pa.int32()),
    ]
)


def problem_path(landing_dir: Path) -> Path:
    """Where the problems of the last landing are written, none included."""
    return landing_dir / "file_problem.parquet"


def landed_path(landing_dir: Path, source: Sample | WaveFile, sha256: str, kind: str) -> Path:
    """Where the `kind` (variable, value_label or answer) of a wave file is cached.

    The name changes with the file's bytes, with how the seed says to read it, and with the
    code and the libraries that read it.
    """
    key = ENGINE.key(
        source.sample_id,
        sha256,
        source.format,
        source.encoding,
        source.delimiter,
        source.sheet,
        source.label_sheet,
        source.header_row,
        source.header_rows,
    )
    return landing_dir / f"{source.sample_id}-{key[:20]}.{kind}.parquet"


def is_landed(landing_dir: Path, sample: Sample, sha256: str) -> bool:
    """Whether all three files of this wave file are there and whole (a power cut may cut them)."""
    try:
        for kind in KINDS:
            pq.read_metadata(landed_path(landing_dir, sample, sha256, kind))
    except (FileNotFoundError, pa.ArrowInvalid):
        return False
    return True


def write(
    table: WaveTable, landing_dir: Path, sample: Sample, sha256: str, check: Callable[[], None]
) -> None:
    """Write the three files, each under a temporary name first. Raises ReadProblem if no rows.

    `check` is called when all is read and before the answers get their name: where it raises, they
    never stand under a hash that is not theirs.
    """
    landing_dir.mkdir(parents=True, exist_ok=True)
    paths = {kind: landed_path(landing_dir, sample, sha256, kind) for kind in KINDS}
    names = [variable.name for variable in table.variables]
    _write_rows(
        paths["variable"],
        SCHEMAS["variable"],
        [
            (sample.sample_id, variable.name, position, variable.label)
            for position, variable in enumerate(table.variables, start=1)
        ],
    )
    _write_rows(
        paths["value_label"],
        SCHEMAS["value_label"],
        [(sample.sample_id, label.variable, label.code, label.label) for label in table.value_labels],
    )
    with replacing(paths["answer"]) as temporary:
        with pq.ParquetWriter(temporary, SCHEMAS["answer"], compression="zstd") as writer:
            n_rows = 0
            for cells in table.blocks:
                writer.write_batch(_answers(sample.sample_id, names, n_rows, cells))
                n_rows += len(cells) // len(names)
        if n_rows == 0:
            what = "the file has a header and no data rows"
            raise ReadProblem("no_rows", what, "Ask for the file again")
        check()


def write_problems(problems: Sequence[Problem], landing_dir: Path) -> None:
    """Replace the problems of the landing before by those of this one."""
    landing_dir.mkdir(parents=True, exist_ok=True)
    _write_rows(problem_path(landing_dir), PROBLEM_SCHEMA, [astuple(problem) for problem in problems])


def write_no_answers(landing_dir: Path) -> None:
    """Write a file of answers that holds none, beside those of the wave files."""
    path = landing_dir / "none.answer.parquet"
    if not path.is_file():
        landing_dir.mkdir(parents=True, exist_ok=True)
        _write_rows(path, SCHEMAS["answer"], [])


def read_variables(landing_dir: Path, sample: Sample, sha256: str) -> list[str]:
    """The names of the landed variables, in column order."""
    path = landed_path(landing_dir, sample, sha256, "variable")
    names: list[str] = pq.read_table(path, columns=["variable"]).column("variable").to_pylist()
    return names


def count_answers(landing_dir: Path, sample: Sample, sha256: str) -> int:
    """How many cells are landed, from the file's footer."""
    path = landed_path(landing_dir, sample, sha256, "answer")
    return int(pq.read_metadata(path).num_rows)


def prune(landing_dir: Path, used: Iterable[Path]) -> None:
    """Remove what earlier builds landed and this one does not use."""
    names = {path.name for path in used}
    for path in landing_dir.iterdir():
        if path.name not in names and LANDED_NAME.fullmatch(path.name):
            path.unlink()


def _answers(sample_id: str, names: Sequence[str], n_before: int, cells: pa.StringArray) -> pa.RecordBatch:
    n_rows, n_columns = len(cells) // len(names), len(names)
    positions = np.tile(np.arange(n_columns, dtype=np.int32), n_rows)
    rows = np.repeat(np.arange(n_rows, dtype=np.int32) + np.int32(n_before + 1), n_columns)
    samples = np.zeros(len(cells), dtype=np.int32)
    return pa.RecordBatch.from_arrays(
        [
            pa.DictionaryArray.from_arrays(samples, pa.array([sample_id])),
            pa.array(rows),
            pa.DictionaryArray.from_arrays(positions, pa.array(names, type=pa.string())),
            pa.array(positions + np.int32(1)),
            cells,
        ],
        schema=SCHEMAS["answer"],
    )


def _write_rows(path: Path, schema: pa.Schema, rows: Sequence[tuple[object, ...]]) -> None:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)]
    with replacing(path) as temporary:
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), temporary, compression="zstd")
