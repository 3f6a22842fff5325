"""A hold on the releases: while the file is there, which a person has put there, no build replaces the present one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

# Beside the released file; it has the kept releases too.
RELEASES_FOLDER = "releases"
NAME = "hold.json"
LIFTS = "`kjpoll rollback --lift-hold` lifts the hold"


@dataclass(frozen=True)
class Hold:
    """Who put it, since when (UTC, ISO 8601), and why."""

    by: str
    since: str
    reason: str

    def __str__(self) -> str:
        return (
            f"held by {self.by} since {datetime.fromisoformat(self.since):%Y-%m-%d %H:%M} UTC ({self.reason})"
        )


def hold_path(release: Path) -> Path:
    """Where the hold on a released file is."""
    return release.parent / RELEASES_FOLDER / NAME


def held(release: Path) -> str:
    """That the released file is held, by whom, why, and how to lift that; empty where it is not.

    A hold that cannot be read holds too.
    """
    path = hold_path(release)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        return f"{release} is held, by a file that cannot be read, {path} ({error}); {LIFTS}"
    try:
        return f"{release} is {Hold(**json.loads(text))}; {LIFTS}"
    except (ValueError, TypeError) as error:
        return f"{release} is held, by a file that kjpoll did not write, {path} ({error}); {LIFTS}"
