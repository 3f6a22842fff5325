"""What can be wrong with a raw wave file, and the one error that reports all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ReadProblem(Exception):
    """A fault found while looking at one file, before it is known which sample it belongs to.

    `what` says what is wrong, `fix` what to do; both are one line without a final full stop.
    """

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what}. {fix}")
        self.what = what
        self.fix = fix


@dataclass(frozen=True)
class Problem:
    """One fault of one file. `sample_id` is None for a file that no sample names."""

    file: str
    sample_id: str | None
    what: str
    fix: str

    def __str__(self) -> str:
        sample = f"sample {self.sample_id}" if self.sample_id else "no sample"
        line = f"{self.file} ({sample}): {self.what}. {self.fix}."
        return " ".join(line.split())


class LandingError(Exception):
    """Raised once for all files: one line per problem, in the order of the samples."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        heading = f"{count} problem{'s' if count != 1 else ''} in the raw wave files:"
        super().__init__("\n".join([heading, *(f"  {problem}" for problem in self.problems)]))
