"""One thing that was found out about a wave file, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# The columns of the samples seed that can be read off a file.
NAMES = (
    "format", "encoding", "delimiter", "sheet", "label_sheet", "header_row", "header_rows", "id_variable", "weight_variable",
)  # fmt: skip

Value = str | int
Candidate = tuple[Value, float, str]


class DetectionError(Exception):
    """The file cannot be a wave file as it is. Says what is wrong and what to do."""

    def __init__(self, path: Path, what: str, fix: str) -> None:
        super().__init__(f"{path.name}: {what}. {fix}.")
        self.path = path
        self.what = what
        self.fix = fix


@dataclass(frozen=True)
class Finding:
    """The value of one column of the samples seed; None leaves the cell empty.

    `confidence` is 0 to 1, `why` is for people. `alternatives` are other values that fit, best first,
    each with its confidence and the reason.
    """

    name: str
    value: Value | None
    confidence: float
    why: str
    alternatives: tuple[Candidate, ...] = ()

    @property
    def is_tie(self) -> bool:
        """Whether the best other value fits as well: then a person has to choose."""
        return bool(self.alternatives) and self.alternatives[0][1] >= self.confidence

    @property
    def choices(self) -> list[tuple[Value | None, str]]:
        """All values that fit, each with the reason, the best first."""
        return [(self.value, self.why), *((value, why) for value, _, why in self.alternatives)]


def best_of(name: str, candidates: Sequence[Candidate]) -> Finding:
    """The finding whose value is the most certain candidate; among equals, the first."""
    first, *alternatives = sorted(candidates, key=lambda candidate: -candidate[1])
    return Finding(name, *first, tuple(alternatives))


def tie(
    name: str, candidates: Sequence[tuple[Value, str]], alternatives: Sequence[Candidate] = ()
) -> Finding:
    """A finding that leaves the choice among the candidates to a person."""
    share = round(1 / len(candidates), 3)
    return best_of(name, [*((value, share, why) for value, why in candidates), *alternatives])
