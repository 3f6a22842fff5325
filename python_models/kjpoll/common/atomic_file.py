"""Files that are written whole or not at all (POSIX)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sync(path: Path) -> None:
    """Have a file, or a directory's list of names, written to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unfinished(path: Path, purpose: str) -> Path:
    """The name of an unfinished file: beside `path`, since a rename must not cross disks, and hidden, so that neither
    dbt nor landing looks at it."""
    return path.with_name(f".{path.name}.{purpose}")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """The name under which to write what takes the place of `path` in one step if all goes well, and is removed if not.

    The bytes are on the disk before the file gets its name, so a power cut leaves the old file or the new one.
    """
    temporary = unfinished(path, f"{os.getpid()}.tmp")
    try:
        yield temporary
        sync(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
