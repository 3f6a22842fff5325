"""Start a build: take the lock, then take over a build file that readers hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from .build_error import BuildError
from .lock import BuildLock, lock_path
from .readers import take_over

WAIT = "KJPOLL_BUILD_WAIT"
DEFAULT_WAIT = 3600.0
# Signs with which the path ends for dbt-duckdb, which then looks for a database of another name.
CUT_AT = {"#", "?"}

_held: dict[Path, BuildLock] = {}


def wait_seconds() -> float:
    """How long a build waits for another: KJPOLL_BUILD_WAIT, by default an hour. Raises BuildError."""
    value = os.environ.get(WAIT, "").strip()
    if not value:
        return DEFAULT_WAIT
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    # Not-a-number is not greater than anything.
    if not seconds >= 0:
        raise BuildError(f"{WAIT}={value}: not a number of seconds; give 0 to stop at once, 3600 for an hour")
    return seconds


def start_build(build_file: Path, say: Callable[[str], None]) -> None:
    """Hold `build_file` for this process until it ends. A second call in the same process does no harm.

    `say` gets a line for each wait. Raises BuildError where the build cannot start.
    """
    build_file = build_file.absolute()
    if set(str(build_file)) & CUT_AT:
        raise BuildError(
            f"nothing was done: dbt-duckdb reads a path as an address, and {build_file} up to the first # or ? alone; "
            "move the project into a folder without these signs"
        )
    wait = wait_seconds()
    path = lock_path(build_file)
    if path not in _held:
        _held[path] = BuildLock.handed_over(path) or BuildLock.acquired(path, wait, say)
    take_over(build_file, wait, say)
