"""Write several files, all or none: whoever looks after a crash finds them as they were."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from kjpoll.common.atomic_file import sync, unfinished
from kjpoll.common.file_hash import file_hash
from kjpoll.common.unix import fcntl
from kjpoll.onboarding.review.review_error import ReviewError

JOURNAL = "unfinished.json"


@dataclass(frozen=True)
class FileChange:
    """A file to write: `content` its bytes, the path of a file to copy, or None for a file to remove. `before`: its bytes as
    they were when the change was thought out, None for a file that was not there."""

    path: Path
    content: bytes | Path | None
    before: bytes | None


@contextmanager
def review_lock(root: Path) -> Iterator[Path]:
    """One writer at a time; what an earlier one left unfinished is undone first. Gives the folder of the review."""
    folder = root / "build" / "onboarding"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReviewError(
                "another add-wave or review is writing; run this again when it has ended"
            ) from None
        undo_unfinished(folder)
        yield folder


def write_all(changes: Sequence[FileChange], folder: Path) -> None:
    """Write every change, or none. `folder` keeps the journal while it lasts; `review_lock` has to be held.

    Raises ReviewError where a file is not what it was when the change was thought out, or where it cannot be
    written. In both cases, and after a crash as soon as the lock is taken again, all files are as they were.
    """
    for change in changes:
        if (change.path.read_bytes() if change.path.exists() else None) != change.before:
            raise ReviewError(f"{change.path} was changed meanwhile; nothing was written: run this again")
    journal = folder / JOURNAL
    try:
        # The journal comes first: from here on a crash is undone by it.
        _write(
            journal,
            json.dumps(
                [
                    {
                        "path": str(change.path.absolute()),
                        "existed": change.before is not None,
                        "sha256": content_hash(change.content),
                    }
                    for change in changes
                ]
            ).encode(),
        )
        for change in changes:
            change.path.parent.mkdir(parents=True, exist_ok=True)
            if change.before is not None:
                _write(_old(change.path), change.before)
            if change.content is not None:
                _write(_new(change.path), change.content)
        for change in changes:
            if change.content is not None:
                os.replace(_new(change.path), change.path)
            else:
                change.path.unlink(missing_ok=True)
        # Without the journal what was written stands.
        journal.unlink()
    except OSError as error:
        undo_unfinished(folder)
        raise ReviewError(
            f"{error.filename or journal} cannot be written ({error.strerror}); nothing was changed"
        ) from error
    except BaseException:
        undo_unfinished(folder)
        raise
    for change in changes:
        _old(change.path).unlink(missing_ok=True)
        if change.content is None:
            with suppress(OSError):
                change.path.parent.rmdir()


def undo_unfinished(folder: Path) -> None:
    """Put back what a write that did not end had replaced. Needs no space on the disk."""
    journal = folder / JOURNAL
    if not journal.exists():
        return
    try:
        entries = json.loads(journal.read_bytes())
    except ValueError:
        # It broke off while the journal itself was written: nothing else had begun.
        entries = []
    for entry in entries:
        path = Path(entry["path"])
        # What is neither the old nor the new content was put there by a person since, and stays.
        if (content_hash(path) if path.exists() else None) == entry["sha256"]:
            if not entry["existed"]:
                path.unlink(missing_ok=True)
            elif _old(path).exists():
                os.replace(_old(path), path)
        _new(path).unlink(missing_ok=True)
        _old(path).unlink(missing_ok=True)
        if not entry["existed"]:
            with suppress(OSError):
                path.parent.rmdir()
    journal.unlink()


def content_hash(content: bytes | Path | None) -> str | None:
    """SHA-256 of what a change writes; None where it removes the file."""
    if content is None:
        return None
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    return file_hash(content)


def _write(path: Path, content: bytes | Path) -> None:
    if isinstance(content, Path):
        shutil.copyfile(content, path)
    else:
        path.write_bytes(content)
    sync(path)


def _old(path: Path) -> Path:
    return unfinished(path, "old")


def _new(path: Path) -> Path:
    return unfinished(path, "new")
