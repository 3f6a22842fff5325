"""Land every file of the samples seed that can be landed, and say what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kjpoll.landing import store
from kjpoll.landing.guard import GuardedReader
from kjpoll.landing.identity import Crosswalk
from kjpoll.landing.landing_run import LandingRun
from kjpoll.landing.landing_sample import Sample, WaveFile
from kjpoll.landing.problems import LandingError, Problem, ReadProblem
from kjpoll.landing.raw_directory import unlisted


@dataclass(frozen=True)
class Landed:
    """What was landed, ordered by sample_id, and what is wrong with the other files and with these."""

    wave_files: list[WaveFile]
    problems: list[Problem]


def land(
    samples: Iterable[Mapping[str, Any]],
    raw_dir: str | Path,
    landing_dir: str | Path,
    crosswalk: Crosswalk | None = None,
) -> Landed:
    """Read each file that is not landed yet into `landing_dir`.

    `samples` are the rows of the samples seed. `crosswalk` gives the variables that each sample
    should have; a sample without any is not asked whether its file is another's. A file is read
    again when its bytes, its row in the seed or the reading code changed. A file that cannot be
    landed is a problem and hides no other file. The problems are written to `landing_dir` too.
    Where there are none, what is no longer used is removed. Raises LandingError where the raw
    directory or the seed is unusable as a whole, or where the problems cannot be written.
    """
    raw_dir, landing_dir = Path(raw_dir), Path(landing_dir)
    rows = sorted(samples, key=lambda row: str(row["sample_id"]))
    _check_whole(rows, raw_dir)
    usable: list[Sample] = []
    unusable: dict[int, ReadProblem] = {}
    for position, (row, claim) in enumerate(zip(rows, _claims(rows), strict=True)):
        try:
            if claim:
                raise claim
            usable.append(Sample.from_row(row))
        except ReadProblem as problem:
            unusable[position] = problem
    with GuardedReader() as reader:
        run = LandingRun(raw_dir, landing_dir, usable, crosswalk or {}, reader)
        wave_files, problems_of = run.land()
    problems = []
    for position, row in enumerate(rows):
        of_row = [unusable[position]] if position in unusable else problems_of[str(row["sample_id"])]
        problems += [_problem(row, problem) for problem in of_row]
    problems += unlisted(raw_dir, [str(row["file"]) for row in rows])
    _write(problems, landing_dir)
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


def _write(problems: list[Problem], landing_dir: Path) -> None:
    try:
        store.write_problems(problems, landing_dir)
    except OSError as error:
        what, fix = f"the problems cannot be kept ({error})", "Make it writable"
        lost = Problem("unreadable_disk", str(landing_dir), None, what, fix)
        raise LandingError([*problems, lost]) from None


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
