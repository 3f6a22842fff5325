"""The build lock: who holds it builds, all others wait or learn who does."""

from __future__ import annotations

import getpass
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from kjpoll.common.unix import fcntl

from .build_error import BuildError

# The file descriptor of a lock that the parent process holds and hands over.
HANDED_OVER = "KJPOLL_BUILD_LOCK_FD"
PAUSE = 0.2


@dataclass(frozen=True)
class Builder:
    """Who builds: process, user and when it started (UTC, ISO 8601)."""

    pid: int
    user: str
    since: str

    @classmethod
    def this_process(cls) -> Builder:
        try:
            user = getpass.getuser()
        except (KeyError, OSError):
            # A container may run under a number that has no name.
            user = str(os.getuid())
        return cls(os.getpid(), user, datetime.now(UTC).isoformat(timespec="seconds"))

    def __str__(self) -> str:
        return f"process {self.pid} of user {self.user} since {self.since}"


def lock_path(build_file: Path) -> Path:
    """The lock file of a build file. It stays after a build: what counts is the lock on it."""
    return build_file.with_name(build_file.name + ".lock")


class BuildLock:
    """A lock that the operating system drops when its last holder ends, however it ends."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path, self.handle = path, handle

    @classmethod
    def acquired(cls, path: Path, wait: float, say: Callable[[str], None]) -> BuildLock:
        """Wait up to `wait` seconds for the lock on `path`; `say` gets one line for each builder waited for.

        Raises BuildError when the time is over, naming the builder, and where `path` cannot be written.
        """
        until = time.monotonic() + wait
        reported = None
        while True:
            handle = _opened(path)
            if _locked(handle) and _is_at(handle, path):
                os.truncate(handle, 0)
                os.pwrite(handle, json.dumps(asdict(Builder.this_process())).encode(), 0)
                return cls(path, handle)
            os.close(handle)
            builder = builder_of(path)
            who = str(builder) if builder else "another process"
            if time.monotonic() >= until:
                raise BuildError(
                    f"{path.parent}: a build is running, by {who}; nothing was done. Build again when it has "
                    "ended, or let this one wait longer (KJPOLL_BUILD_WAIT, in seconds)"
                )
            if who != reported:
                say(f"waiting up to {wait:.0f} s for the build that {who} runs")
                reported = who
            time.sleep(PAUSE)

    @classmethod
    def handed_over(cls, path: Path) -> BuildLock | None:
        """The lock that the parent process holds and passed on as an open file; None where it did not."""
        value = os.environ.pop(HANDED_OVER, "")
        if not value.isdecimal():
            return None
        handle = int(value)
        try:
            if not (_is_at(handle, path) and _locked(handle)):
                return None
            os.set_inheritable(handle, False)
        except OSError:
            return None
        return cls(path, handle)

    def release(self) -> None:
        """Let the next build start."""
        os.truncate(self.handle, 0)
        os.close(self.handle)


def builder_of(path: Path) -> Builder | None:
    """Who wrote the lock file last; None while it is being written."""
    try:
        return Builder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        what = f"the build lock cannot be written ({error.strerror}); make it writable"
        raise BuildError(f"{path}: {what}") from error


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(handle: int, path: Path) -> bool:
    """False where the lock file was removed or replaced meanwhile: a lock on a lost file keeps nobody out."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False
