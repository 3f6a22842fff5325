"""Take over a build file that readers hold.

DuckDB locks a whole file with the locks of POSIX, which belong to a process: whoever reads keeps every writer
out. A reader is left with the file that it opened, and the build gets a copy in its place. The copy is locked
by this process before it gets its name, so that no reader can slip in before DuckDB opens it.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from kjpoll.common.atomic_file import sync, unfinished
from kjpoll.common.file_holder import file_holder
from kjpoll.common.unix import fcntl

from .build_error import BuildError

PAUSE = 0.2
# A process that closes any of its handles of a file drops all its locks there, DuckDB's included: so the handles of
# the files locked here stay open.
_locked: dict[Path, int] = {}


def take_over(build_file: Path, wait: float, say: Callable[[str], None]) -> None:
    """Lock `build_file`, or a copy put in its place where readers hold it, for this process.

    Call it under the build lock. A program other than a build that has the file open for writing is waited
    for, up to `wait` seconds: its changes cannot be copied. Raises BuildError when the time is over or the
    disk cannot hold the copy; the file is then as it was.
    """
    # Left by a build that was killed while it copied.
    unfinished(build_file, "copy").unlink(missing_ok=True)
    until = time.monotonic() + wait
    reported = False
    while build_file.exists():
        handle = _handle(build_file)
        if _lock(handle, fcntl.LOCK_EX):
            _locked[build_file] = handle
            return
        # A shared lock is granted where all others only read.
        if _lock(handle, fcntl.LOCK_SH):
            os.close(handle)
            _locked[build_file] = _copied(build_file)
            return
        os.close(handle)
        held = f"{build_file}: {file_holder(build_file)} has the file open for writing"
        if time.monotonic() >= until:
            raise BuildError(
                f"{held}; close it, or open the file read-only (duckdb -readonly), and build again"
            )
        if not reported:
            say(f"{held}; waiting up to {wait:.0f} s")
            reported = True
        time.sleep(PAUSE)


def _handle(build_file: Path) -> int:
    handle = _locked.pop(build_file, None)
    if handle is not None:
        if os.path.samestat(os.fstat(handle), build_file.stat()):
            return handle
        os.close(handle)
    try:
        return os.open(build_file, os.O_RDWR)
    except OSError as error:
        raise BuildError(f"{build_file}: cannot be written ({error.strerror}); make it writable") from error


def _lock(handle: int, kind: int) -> bool:
    try:
        fcntl.lockf(handle, kind | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _copied(build_file: Path) -> int:
    """Put a locked copy in the place of the file. Its write-ahead log fits both and stays where it is."""
    copy = unfinished(build_file, "copy")
    handle = None
    try:
        shutil.copyfile(build_file, copy)
        shutil.copymode(build_file, copy)
        sync(copy)
        handle = os.open(copy, os.O_RDWR)
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.replace(copy, build_file)
    except OSError as error:
        if handle is not None:
            os.close(handle)
        copy.unlink(missing_ok=True)
        raise BuildError(
            f"{build_file}: {file_holder(build_file)} reads the file and no copy can be put in its place "
            f"({error.strerror}); close the reader or make room, and build again"
        ) from error
    return handle
