"""Run many corruptions at a time, each worker on a copy of its own, and outlive what kills a worker."""

from __future__ import annotations

import multiprocessing
import queue
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from benchmarks.mutation.trial import ANOTHER, Ground, Verdict, kind_of
from tests.support.partial_rehearsal import SAMPLE_WISE, PartialRehearsal, by_sample, outcome_of_build
from tests.support.project import Project
from tests.support.rehearsal import Rehearsal

_ground: Ground | None = None


def run(
    numbers: Iterable[int], seed: int, jobs: int, report: Callable[[Verdict], None], blind: bool = False
) -> list[Verdict]:
    """The verdicts in the order of the numbers; `report` hears each as it comes."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in numbers:
        waiting.put(number)
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory() as folder:
        origin = Project.copied(Path(folder, "origin"))
        # The second time beside a release, which some rules compare the files with.
        origin.build()
        origin.build()
        check_sample_wise(Rehearsal.of_build(origin), origin)
        # Models that have run cannot be sent to another process.
        rehearsal = Rehearsal.of_build(origin)

        def work(name: str) -> None:
            arguments = (rehearsal, origin, Path(folder, name))
            _work(
                arguments, waiting, (seed, blind), lambda verdict: (verdicts.append(verdict), report(verdict))
            )

        with ThreadPoolExecutor(jobs) as threads:
            workers = [threads.submit(work, f"worker{n}") for n in range(jobs)]
    for worker in workers:
        worker.result()
    return sorted(verdicts, key=lambda verdict: verdict.number)


def check_sample_wise(rehearsal: Rehearsal, origin: Project) -> None:
    """Raises RuntimeError where the models are not what a partial rehearsal takes them for."""
    sound = outcome_of_build(rehearsal, origin)
    crossing = set(SAMPLE_WISE) - by_sample(rehearsal, sound, origin.root)
    sound.close()
    if crossing:
        raise RuntimeError(
            f"models that no longer go by sample: {', '.join(sorted(crossing))}; see tests/support/partial_rehearsal.py"
        )


def _work(
    arguments: tuple,
    waiting: queue.SimpleQueue,
    settings: tuple[int, bool],
    report: Callable[[Verdict], None],
) -> None:
    made, pool = 0, None
    while True:
        try:
            number = waiting.get_nowait()
        except queue.Empty:
            break
        if pool is None:
            rehearsal, origin, root = arguments
            place = root.with_name(f"{root.name}-{made}")
            pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
            pool.submit(_begin, rehearsal, origin, place).result()
            made += 1
        try:
            report(pool.submit(_trial, number, *settings).result())
        except BrokenProcessPool:
            name = kind_of(number, settings[1]).name
            report(Verdict(number, name, "", ANOTHER, "error", message="the process died"))
            pool = None
    if pool is not None:
        pool.shutdown()


def _begin(rehearsal: Rehearsal, origin: Project, root: Path) -> None:
    global _ground
    project = Project.copied(root, source=origin.root, kept=origin)
    shutil.copy2(origin.release, project.release)
    _ground = Ground(PartialRehearsal(rehearsal, outcome_of_build(rehearsal, origin)), origin, project)


def _trial(number: int, seed: int, blind: bool) -> Verdict:
    return _ground.trial(number, seed, kind_of(number, blind))
