"""What a wave file holds, column by column: names, labels, codes and how often each occurs."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb

from kjpoll.common.file_hash import file_hash
from kjpoll.common.seed_file import read_seed
from kjpoll.landing import LandingError, Sample, WaveFile, land
from kjpoll.landing.store import landed_path

BLANK = "<blank>"
# The last file that was profiled: (its SHA-256, how it was read) -> profile.
_read_before: dict[tuple[str, str], FileProfile] = {}


@dataclass(frozen=True)
class VariableProfile:
    """One column. `counts`: code verbatim ('<blank>' for an empty cell) -> number of records."""

    name: str
    position: int
    label: str | None
    value_labels: dict[str, str]
    counts: dict[str, int]


@dataclass(frozen=True)
class FileProfile:
    """The columns of a wave file in their order, counted over `n_rows` records."""

    n_rows: int
    variables: tuple[VariableProfile, ...]


def profile_file(path: Path, sample: Sample) -> FileProfile:
    """The file at `path` as landing reads it by `sample`, whose own `file` is not looked at.

    Raises LandingError with every fault that keeps the file from being read.
    """
    with tempfile.TemporaryDirectory() as folder:
        # A folder of its own, so that nothing beside the file is taken for a part of the project.
        alone = Path(folder) / "raw"
        alone.mkdir()
        shutil.copyfile(path, alone / path.name)
        row = asdict(replace(sample, file=path.name))
        # Who reviews on a page decides many times about one file, which takes seconds to read.
        key = (file_hash(alone / path.name), json.dumps({**row, "n_expected": None, "facts": None}))
        if key not in _read_before:
            landed = land([row], alone, Path(folder) / "landing")
            if not landed.wave_files:
                raise LandingError(landed.problems)
            _read_before.clear()
            _read_before[key] = _profiles(landed.wave_files, Path(folder) / "landing")[sample.sample_id]
        return _read_before[key]


def raw_dir(root: Path) -> Path:
    """Where the wave files of a project are."""
    return Path(os.environ.get("KJPOLL_RAW_DIR", root / "data" / "raw"))


def profiles_of_project(root: Path) -> dict[str, FileProfile]:
    """The files of all samples of the seeds by sample_id, read again only where landing has not cached them.

    A file that cannot be landed has no profile; a build says what is wrong with it.
    """
    seeds = root / "dbt_project" / "seeds"
    crosswalk: dict[str, set[str]] = defaultdict(set)
    for row in read_seed(seeds / "crosswalk" / "variables.csv"):
        crosswalk[row["sample_id"]].add(row["variable"])
    samples = read_seed(seeds / "survey" / "samples.csv")
    landing_dir = root / "build" / "landing"
    return _profiles(land(samples, raw_dir(root), landing_dir, crosswalk).wave_files, landing_dir)


def _profiles(wave_files: Sequence[WaveFile], landing_dir: Path) -> dict[str, FileProfile]:
    with duckdb.connect() as con:
        columns = _rows(
            con, wave_files, landing_dir, "variable", "select sample_id, column_position, variable, label"
        )
        labels: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for sample_id, variable, code, label in _rows(
            con, wave_files, landing_dir, "value_label", "select sample_id, variable, code, label"
        ):
            labels[sample_id, variable][code] = label
        counts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        counted = f"select sample_id, variable, coalesce(nullif(value, ''), '{BLANK}') as code, count(*)"
        for sample_id, variable, code, n in _rows(
            con, wave_files, landing_dir, "answer", counted, "group by all"
        ):
            counts[sample_id, variable][code] = n
    variables: Mapping[str, list[VariableProfile]] = {wave_file.sample_id: [] for wave_file in wave_files}
    for sample_id, position, name, label in sorted(columns):
        key = (sample_id, name)
        variables[sample_id].append(
            VariableProfile(name, position, label, labels[key], dict(sorted(counts[key].items())))
        )
    return {
        wave_file.sample_id: FileProfile(wave_file.n_rows, tuple(variables[wave_file.sample_id]))
        for wave_file in wave_files
    }


def _rows(
    con, wave_files: Sequence[WaveFile], landing_dir: Path, kind: str, select: str, rest: str = ""
) -> list[tuple]:
    paths = [str(landed_path(landing_dir, wave_file, wave_file.sha256, kind)) for wave_file in wave_files]
    if not paths:
        return []
    return con.execute(f"{select} from read_parquet($paths) {rest}", {"paths": paths}).fetchall()
