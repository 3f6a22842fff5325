"""The file operations of a release (POSIX): each either happens whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kjpoll.common.atomic_file import sync, unfinished
from kjpoll.common.file_holder import file_holder
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


@contextmanager
def without_writer(release: Path) -> Iterator[None]:
    """Hold the released file, if there is one, against programs that would write into it.

    A shared lock: readers are not hindered, and a program that has the file open for writing has all of it locked. Its
    changes would come to lie beside the file under the name that the next release has as well, and DuckDB would apply
    them to that. Raises ReleaseError where there is such a program, or changes that one has left.

    Whoever opens and closes the file meanwhile in this process loses the lock (POSIX).
    """
    if not release.exists():
        refuse_log(release)
        yield
        return
    handle = os.open(release, os.O_RDONLY)
    try:
        try:
            fcntl.lockf(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:
            raise ReleaseError(
                f"{release}: {file_holder(release, read_only=True)} has the released file open for writing; close it, "
                "or open the file read-only (duckdb -readonly), and build again"
            ) from error
        refuse_log(release)
        yield
    finally:
        os.close(handle)


def refuse_log(release: Path) -> None:
    """Raise ReleaseError where a program has left changes beside the released file."""
    # DuckDB would apply a left write-ahead log to the new file, without a word.
    log_file = write_ahead_log(release)
    if log_file.exists():
        raise ReleaseError(
            f"{log_file}: a program has changed the released file; close it, remove "
            "this file (the changes are lost with it), and build again"
        )


def swap(new: Path, release: Path, previous: Path | None) -> None:
    """Put `new` in the place of `release`, in one step for its readers, whom nobody else can write to meanwhile.

    With `previous`, the replaced file stays under that name. When the last step fails, or changes of the replaced file
    show up under the name of the new one, all is put back.
    """
    kept, older, replaced = (unfinished(release, name) for name in ("kept", "older", "replaced"))
    # Only readers can open a release, but for root.
    new.chmod(new.stat().st_mode & 0o444)
    try:
        if release.exists():
            alias(release, replaced)
        if previous:
            alias(release, kept)
            if previous.exists():
                alias(previous, older)
        # No file that the lock is on is opened and closed from here on.
        with without_writer(release):
            if previous:
                os.replace(kept, previous)
            try:
                os.replace(new, release)
                try:
                    refuse_log(release)
                except ReleaseError:
                    if replaced.exists():
                        os.replace(replaced, release)
                    raise
            except BaseException:
                if previous and older.exists():
                    os.replace(older, previous)
                elif previous:
                    previous.unlink(missing_ok=True)
                raise
    finally:
        # Renaming a name of a file onto another name of the same file does nothing,
        # so these can still be there after a success.
        remove(kept, older, replaced)
    sync(release.parent)
    if previous:
        sync(previous.parent)


def remove_left_over(release: Path) -> None:
    """Remove what a killed release left behind; call it under `only_one`."""
    remove(*(unfinished(release, purpose) for purpose in ("new", "kept", "older", "replaced")))
