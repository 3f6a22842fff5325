"""What a wave file holds, column by column: names, labels, codes and how often each occurs."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

import duckdb

from kjpoll.common.file_hash import file_hash
from kjpoll.common.label_text import NUMBER_ENDS, QUESTION_NUMBER
from kjpoll.common.seed_file import read_seed
from kjpoll.landing import LandingError, Sample, WaveFile, land
from kjpoll.landing.store import landed_path
from kjpoll.onboarding.kept_labels import codebook_name, kept_labels
from kjpoll.onboarding.label_entry import ColumnLabels

BLANK = "<blank>"
# The last file that was profiled: (its SHA-256, how it was read) -> profile.
_read_before: dict[tuple[str, str], FileProfile] = {}


@dataclass(frozen=True)
class VariableProfile:
    """One column. `counts`: code verbatim ('<blank>' for an empty cell) -> number of records. `codebook`: the name of the codebook
    that gives the label where the file has none.

    A name that holds the words of the question ('Q1. Relations now', 'Relations now') is its number and its label, where the file
    has none.
    """

    name: str
    position: int
    label: str | None
    value_labels: dict[str, str]
    counts: dict[str, int]
    codebook: str = ""

    @cached_property
    def short_name(self) -> str:
        """The name without the words of the question."""
        return self._header[0]

    @property
    def wording(self) -> str:
        """The label, or the words in the name; '' without either."""
        return self.label or self._header[1]

    @property
    def wording_source(self) -> str:
        """Where the wording stands: in the labels of the file, its header, or a codebook, which is named."""
        return self.codebook or ("label" if self.label else "header")

    @cached_property
    def _header(self) -> tuple[str, str]:
        number = QUESTION_NUMBER.match(self.name)
        words = self.name[number.end() :].strip() if number else ""
        if number and words:
            return number.group().strip().rstrip(NUMBER_ENDS), words
        return self.name, self.name if " " in self.name.strip() else ""


@dataclass(frozen=True)
class FileProfile:
    """The columns of a wave file in their order, counted over `n_rows` records."""

    n_rows: int
    variables: tuple[VariableProfile, ...]


def profile_file(path: Path, sample: Sample) -> FileProfile:
    """The file at `path` as landing reads it by `sample`, whose own `file` is not looked at, with the labels that are kept beside
    it.

    Raises LandingError with every fault that keeps the file or these labels from being read.
    """
    # Who reviews on a page decides many times about one file, which takes seconds to read.
    key = (file_hash(path), json.dumps({**asdict(sample), "n_expected": None, "facts": None}))
    if key not in _read_before:
        with _landed_alone(path, sample) as (wave_file, landing_dir):
            profile = _profiles([wave_file], landing_dir)[sample.sample_id]
        _read_before.clear()
        _read_before[key] = profile
    return _with_kept_labels(_read_before[key], path, sample.sample_id)


def with_labels(profile: FileProfile, labels: Mapping[str, ColumnLabels], codebook: str) -> FileProfile:
    """The profile with the labels that its file lacks, from a codebook of that name."""
    return replace(
        profile,
        variables=tuple(
            _labelled(variable, labels[variable.name], codebook) if variable.name in labels else variable
            for variable in profile.variables
        ),
    )


def _labelled(variable: VariableProfile, labels: ColumnLabels, codebook: str) -> VariableProfile:
    value_labels = {**labels.codes, **variable.value_labels}
    if variable.label or not labels.label:
        return replace(variable, value_labels=value_labels)
    return replace(variable, label=labels.label, value_labels=value_labels, codebook=codebook)


def _with_kept_labels(profile: FileProfile, raw_file: Path, sample_id: str) -> FileProfile:
    labels = kept_labels(raw_file, sample_id)
    return with_labels(profile, labels, codebook_name(raw_file)) if labels else profile


@dataclass(frozen=True)
class RecordChanges:
    """Two files of a sample, record by record: the identifiers that the second no longer has and those that only it has; of
    those in both, variable -> identifiers whose cells differ."""

    gone: tuple[str, ...]
    new: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]


def compare_records(first: tuple[Path, Sample], second: tuple[Path, Sample]) -> RecordChanges:
    """How the records of two files differ, each read by its own row. Raises LandingError as `profile_file` does."""
    with (
        _landed_alone(*first) as (old, old_dir),
        _landed_alone(*second) as (new, new_dir),
        duckdb.connect() as con,
    ):
        for name, wave_file, folder, sample in (
            ("old", old, old_dir, first[1]),
            ("new", new, new_dir, second[1]),
        ):
            path = landed_path(folder, wave_file, wave_file.sha256, "answer")
            con.execute(
                f"create table {name} as with cell as (select row, cast(variable as varchar) as variable, value "
                "from read_parquet($path)) select id.value as id, cell.variable, coalesce(cell.value, '') as value "
                "from cell inner join cell as id using (row) where id.variable = $id_variable",
                {"path": str(path), "id_variable": sample.id_variable},
            )
        only = "select distinct id from {} where id not in (select id from {}) order by length(id), id"
        gone, added = (
            tuple(id_ or BLANK for (id_,) in con.execute(only.format(*names)).fetchall())
            for names in (("old", "new"), ("new", "old"))
        )
        changed: dict[str, list[str]] = defaultdict(list)
        for variable, id_ in con.execute(
            "select distinct variable, id from old inner join new using (id, variable) where old.value <> new.value order by all"
        ).fetchall():
            changed[variable].append(id_)
    return RecordChanges(gone, added, {name: tuple(ids) for name, ids in changed.items()})


@contextmanager
def _landed_alone(path: Path, sample: Sample) -> Iterator[tuple[WaveFile, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        # A folder of its own, so that nothing beside the file is taken for a part of the project.
        alone, landing_dir = Path(folder) / "raw", Path(folder) / "landing"
        alone.mkdir()
        shutil.copyfile(path, alone / path.name)
        landed = land([asdict(replace(sample, file=path.name))], alone, landing_dir)
        if not landed.wave_files:
            raise LandingError(landed.problems)
        yield landed.wave_files[0], landing_dir


def raw_dir(root: Path) -> Path:
    """Where the wave files of a project are."""
    return Path(os.environ.get("KJPOLL_RAW_DIR", root / "data" / "raw"))


def profiles_of_project(root: Path) -> dict[str, FileProfile]:
    """The files of all samples of the seeds by sample_id, read again only where landing has not cached them.

    A file that cannot be landed has no profile; a build says what is wrong with it. Raises LandingError for kept labels that cannot
    be read.
    """
    seeds = root / "dbt_project" / "seeds"
    crosswalk: dict[str, set[str]] = defaultdict(set)
    for row in read_seed(seeds / "crosswalk" / "variables.csv"):
        crosswalk[row["sample_id"]].add(row["variable"])
    samples = read_seed(seeds / "survey" / "samples.csv")
    landing_dir = root / "build" / "landing"
    wave_files = land(samples, raw_dir(root), landing_dir, crosswalk).wave_files
    profiles = _profiles(wave_files, landing_dir)
    return {
        wave_file.sample_id: _with_kept_labels(
            profiles[wave_file.sample_id], raw_dir(root) / wave_file.file, wave_file.sample_id
        )
        for wave_file in wave_files
    }


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
