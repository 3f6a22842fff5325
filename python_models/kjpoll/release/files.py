"""The file operations of a release (POSIX): each either happens whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kjpoll.common.atomic_file import sync, unfinished
from kjpoll.common.unix import fcntl

from .errors import ReleaseError


def alias(path: Path, second_name: Path) -> None:
    """Give a file a second name: a hard link, or a copy where the disk has no links."""
    try:
        os.link(path, second_name)
    except OSError:
        shutil.copyfile(path, second_name)
        sync(second_name)


def remove(*paths: Path) -> None:
    """Remove files that may exist, each with its write-ahead log."""
    for path in paths:
        path.unlink(missing_ok=True)
        write_ahead_log(path).unlink(missing_ok=True)


def write_ahead_log(path: Path) -> Path:
    """Where DuckDB keeps the changes that are not yet in the file."""
    return path.with_name(path.name + ".wal")


@contextmanager
def only_one(directory: Path) -> Iterator[None]:
    """Hold a directory against another release into it.

    The lock is on the directory itself: no lock file stays, and a killed process
    holds nothing, so whatever an earlier release left behind is safe to remove.
    """
    handle = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReleaseError(
                f"{directory}: another build is releasing into this directory; "
                "wait for it to end and build again"
            ) from error
        yield
    finally:
        os.close(handle)


def swap(new: Path, release: Path, previous: Path | None) -> None:
    """Put `new` in the place of `release`, in one step for its readers.

    With `previous`, the replaced file stays under that name. When the last step
    fails, the file that was `previous` before is put back.
    """
    kept, older = unfinished(release, "kept"), unfinished(release, "older")
    try:
        if previous:
            alias(release, kept)
            if previous.exists():
                alias(previous, older)
            os.replace(kept, previous)
        try:
            os.replace(new, release)
        except BaseException:
            if previous and older.exists():
                os.replace(older, previous)
            elif previous:
                previous.unlink(missing_ok=True)
            raise
    finally:
        # Renaming a name of a file onto another name of the same file does nothing,
        # so these can still be there after a success.
        remove(kept, older)
    sync(release.parent)
    if previous:
        sync(previous.parent)


def remove_left_over(release: Path) -> None:
    """Remove what a killed release left behind; call it under `only_one`."""
    remove(*(unfinished(release, purpose) for purpose in ("new", "kept", "older")))
