"""The lines of a checklist."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a line of the checklist stands."""

    DONE = "done"
    OPEN = "open"
    FAILED = "failed"
    NOT_YET = "not yet"


@dataclass(frozen=True)
class Item:
    """One line. name: of ORDER. sample_id: None of what is of the whole project. command: what to type, where that helps."""

    name: str
    state: State
    text: str
    sample_id: str | None = None
    command: str | None = None


# In which order a wave is taken in: the first line that is not done says what to do next.
ORDER = (
    "file",
    "sidecar",
    "columns",
    "sample_row",
    "agency",
    "source",
    "build",
    "checks",
    "changes",
    "hold",
    "release",
    "report",
)


@dataclass(frozen=True)
class Status:
    """The checklist of a wave, of all its samples or of one."""

    wave: int
    samples: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def is_done(self) -> bool:
        return not self._left

    @property
    def next(self) -> str | None:
        """The one command to type next; None where all is done."""
        return next((item.command for item in self._left if item.command), None)

    @property
    def _left(self) -> list[Item]:
        left = [item for item in self.items if item.state != State.DONE]
        return sorted(left, key=lambda item: ORDER.index(item.name))
