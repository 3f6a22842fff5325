"""Read many wave files: one after the other, or by several reading processes where that pays."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from kjpoll.landing import store
from kjpoll.landing.guard import GuardedReader
from kjpoll.landing.landing_sample import Sample
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.raw_directory import RawFile
from kjpoll.landing.reading import read

# How much of a file is read in a second of processor time: of a workbook, which is unpacked first, far less.
BYTES_PER_SECOND = 10_000_000
WORKBOOK_BYTES_PER_SECOND = 300_000
# A reading process takes half a second to start, so each is given more to read than that.
SECONDS_PER_READER = 2.0


@dataclass(frozen=True)
class ReadingTask:
    """A file to be read: which, how the seed says to read it, and the names that its header should have."""

    raw_file: RawFile
    sample: Sample
    expected: Collection[str]

    @property
    def seconds(self) -> float:
        """What reading it takes, roughly."""
        is_workbook = self.sample.format == "xlsx"
        return self.raw_file.bytes / (WORKBOOK_BYTES_PER_SECOND if is_workbook else BYTES_PER_SECOND)


def n_readers(tasks: Sequence[ReadingTask]) -> int:
    """How many files are worth reading at a time; 1: one after the other."""
    worthwhile = int(sum(task.seconds for task in tasks) / SECONDS_PER_READER)
    return max(1, min(os.cpu_count() or 1, len(tasks), worthwhile))


def read_files(
    tasks: Sequence[ReadingTask], landing_dir: Path, reader: GuardedReader
) -> Mapping[str, ReadProblem | OSError]:
    """Write the landed files of each task. sample_id -> why that could not be done, in the order of the tasks.

    `reader` is used where the files are read one after the other.
    """
    n = n_readers(tasks)
    if n == 1:
        outcomes = [_attempt(task, landing_dir, reader, in_process=True) for task in tasks]
    else:
        outcomes = _read_at_once(tasks, landing_dir, n)
    return {task.sample.sample_id: error for task, error in zip(tasks, outcomes, strict=True) if error}


def _read_at_once(
    tasks: Sequence[ReadingTask], landing_dir: Path, n: int
) -> list[ReadProblem | OSError | None]:
    free: SimpleQueue[GuardedReader] = SimpleQueue()

    def attempt(task: ReadingTask) -> ReadProblem | OSError | None:
        reader = free.get()
        try:
            return _attempt(task, landing_dir, reader, in_process=False)
        finally:
            free.put(reader)

    with ExitStack() as stack:
        for _ in range(n):
            free.put(stack.enter_context(GuardedReader()))
        # The threads only wait for their reading processes. The longest file first, so that none is left at the end.
        longest_first = sorted(range(len(tasks)), key=lambda at: -tasks[at].seconds)
        pool = stack.enter_context(ThreadPoolExecutor(n))
        outcomes = dict(
            zip(longest_first, pool.map(attempt, (tasks[at] for at in longest_first)), strict=True)
        )
    return [outcomes[at] for at in range(len(tasks))]


def _attempt(
    task: ReadingTask, landing_dir: Path, reader: GuardedReader, *, in_process: bool
) -> ReadProblem | OSError | None:
    raw_file, sample = task.raw_file, task.sample
    try:
        if sample.format == "csv" and in_process:
            # Python reads text itself and within limits; it needs no guard.
            table = read(raw_file.path, sample, task.expected)
            store.write(table, landing_dir, sample, raw_file.sha256, raw_file.check_unchanged)
        else:
            reader.land(raw_file, sample, landing_dir, task.expected)
    except (ReadProblem, OSError) as error:
        return error
    return None
