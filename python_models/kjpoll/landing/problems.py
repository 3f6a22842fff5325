"""What can be wrong with a raw wave file. Each fault has the name of a rule of stage `file`."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass

from kjpoll.common.plain_error import PlainError


class ReadProblem(Exception):
    """A fault found while looking at one file, before it is known which sample it belongs to.

    `rule` is its name in the rules seed. `what` says what is wrong, `fix` what to do; both are
    one line without a final full stop. `variable` and `row` (the data row, counted from 1) are
    given where the fault lies in one cell or one record.
    """

    def __init__(
        self,
        rule: str,
        what: str,
        fix: str,
        variable: str | None = None,
        row: int | None = None,
    ) -> None:
        super().__init__(f"{rule}: {what}. {fix}")
        self.rule = rule
        self.what = what
        self.fix = fix
        self.variable = variable
        self.row = row


def is_of_the_disk(error: Exception) -> bool:
    """Whether the system could not read. Libraries raise OSError of damaged content too, and make
    the system refuse to seek where no file can have a byte."""
    return isinstance(error, OSError) and error.errno not in (None, errno.EINVAL)


@dataclass(frozen=True)
class Problem:
    """One fault of one file. `sample_id` is None for a file that no sample names."""

    rule: str
    file: str
    sample_id: str | None
    what: str
    fix: str
    variable: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        sample = f"sample {self.sample_id}" if self.sample_id else "no sample"
        line = f"{self.file} ({sample}): {self.what}. {self.fix}."
        return " ".join(line.split())


class LandingError(PlainError):
    """Nothing can be landed, or nothing be kept: one line per problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        heading = f"{count} problem{'s' if count != 1 else ''} in the raw wave files:"
        super().__init__("\n".join([heading, *(f"  {problem}" for problem in self.problems)]))
