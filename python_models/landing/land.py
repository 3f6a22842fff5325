"""Land every file of the samples seed that can be landed, and say what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_models.landing import store
from python_models.landing.csv_file import read_csv
from python_models.landing.problems import LandingError, Problem, ReadProblem
from python_models.landing.raw_directory import open_raw_file, unlisted
from python_models.landing.sample import Sample, WaveFile
from python_models.landing.statistical_file import read_statistical
from python_models.landing.wave_table import WaveTable
from python_models.landing.workbook_file import read_workbook


@dataclass(frozen=True)
class Landed:
    """What was landed, ordered by sample_id, and what is wrong with the other files and with these."""

    wave_files: list[WaveFile]
    problems: list[Problem]


def land(
    samples: Iterable[Mapping[str, Any]], raw_dir: str | Path, landing_dir: str | Path
) -> Landed:
    """Read each file that is not landed yet into `landing_dir`.

    `samples` are the rows of the samples seed. A file is read again when its bytes, its row in
    the seed or the reading code changed. A file that cannot be landed is a problem and hides
    no other file. The problems are kept in `landing_dir` too. Where there are none, what is no
    longer used is removed. Raises LandingError where the raw directory or the seed is unusable
    as a whole, or where the problems cannot be kept.
    """
    raw_dir, landing_dir = Path(raw_dir), Path(landing_dir)
    rows = sorted(samples, key=lambda row: str(row["sample_id"]))
    _check_whole(rows, raw_dir)
    wave_files: list[WaveFile] = []
    problems: list[Problem] = []
    for row, claim in zip(rows, _claims(rows), strict=True):
        try:
            if claim:
                raise claim
            sample = Sample.from_row(row)
            wave_file, names = _land_one(sample, raw_dir, landing_dir)
            wave_files.append(wave_file)
            found = _check_content(sample, wave_file, names)
        except ReadProblem as problem:
            found = [problem]
        except OSError as error:
            fix = f"Make the file readable and {landing_dir} writable, with room on the disk"
            what = f"cannot be read or landed ({error})"
            found = [ReadProblem("unreadable_disk", what, fix)]
        problems += [_problem(row, problem) for problem in found]
    problems += unlisted(raw_dir, [str(row["file"]) for row in rows])
    try:
        store.write_problems(problems, landing_dir)
    except OSError as error:
        what, fix = f"the problems cannot be kept ({error})", "Make it writable"
        lost = Problem("unreadable_disk", str(landing_dir), None, what, fix)
        raise LandingError([*problems, lost]) from error
    if not problems:
        store.prune(
            landing_dir,
            [
                store.landed_path(landing_dir, wave_file, wave_file.sha256, kind)
                for wave_file in wave_files
                for kind in store.KINDS
            ],
        )
    return Landed(wave_files, problems)


def _land_one(
    sample: Sample, raw_dir: Path, landing_dir: Path
) -> tuple[WaveFile, list[str]]:
    raw_file = open_raw_file(raw_dir, sample.file)
    if raw_file.bytes == 0:
        raise ReadProblem("empty_file", "the file is empty", "Ask for the file again")
    if not store.is_landed(landing_dir, sample, raw_file.sha256):
        table = _read(raw_file.path, sample)
        store.write(table, landing_dir, sample, raw_file.sha256, raw_file.check_unchanged)
    names = store.read_variables(landing_dir, sample, raw_file.sha256)
    n_cells = store.count_answers(landing_dir, sample, raw_file.sha256)
    wave_file = WaveFile(
        sample_id=sample.sample_id,
        file=sample.file,
        format=sample.format,
        encoding=sample.encoding,
        sheet=sample.sheet,
        header_row=sample.header_row,
        sha256=raw_file.sha256,
        bytes=raw_file.bytes,
        n_rows=n_cells // len(names),
        n_columns=len(names),
    )
    return wave_file, names


def _read(path: Path, sample: Sample) -> WaveTable:
    if sample.format == "csv":
        return read_csv(path, str(sample.encoding))
    if sample.format == "xlsx":
        return read_workbook(path, str(sample.sheet), sample.header_row)
    return read_statistical(path, sample.format, sample.encoding)


def _check_content(sample: Sample, wave_file: WaveFile, names: list[str]) -> list[ReadProblem]:
    problems = []
    if sample.id_variable not in names:
        shown = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
        problems.append(
            ReadProblem(
                "no_id_variable",
                f"there is no column {sample.id_variable!r}, which the samples seed gives as "
                f"id_variable; the {len(names)} columns are: {shown}",
                "Correct id_variable in the samples seed, or ask for the file again",
            )
        )
    if wave_file.n_rows != sample.n_expected:
        problems.append(
            ReadProblem(
                "wrong_n",
                f"the file has {wave_file.n_rows} data rows, n_expected is {sample.n_expected}",
                "Ask for the complete file, or correct n_expected in the samples seed",
            )
        )
    return problems


def _check_whole(rows: list[Mapping[str, Any]], raw_dir: Path) -> None:
    if not raw_dir.is_dir():
        what, fix = "the raw directory does not exist", "Put the raw files there, or set KJPOLL_RAW_DIR"
    elif not rows:
        what, fix = "the samples seed has no rows", "Add a row per file"
    else:
        return
    raise LandingError([Problem("invalid_sample", str(raw_dir), None, what, fix)])


def _claims(rows: list[Mapping[str, Any]]) -> Iterator[ReadProblem | None]:
    """For each row, the problem that an earlier row has its sample_id or its file already."""
    claimed: dict[tuple[str, ...], str] = {}
    for row in rows:
        sample_id = str(row["sample_id"])
        problem = None
        for claim in (("sample_id", sample_id), ("file", str(row["file"]), str(row.get("sheet")))):
            if claim in claimed:
                what = f"two rows of the samples seed have this {claim[0]}: {claimed[claim]} too"
                problem = ReadProblem("invalid_sample", what, "Remove one of the rows, or correct it")
            claimed[claim] = sample_id
        yield problem


def _problem(row: Mapping[str, Any], problem: ReadProblem) -> Problem:
    return Problem(
        problem.rule,
        str(row["file"]),
        str(row["sample_id"]),
        problem.what,
        problem.fix,
        problem.variable,
        problem.row,
    )
