"""The releases of before: kept files under `releases/` beside the present one, each named by its release."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from kjpoll.common.release_hold import RELEASES_FOLDER

from . import files
from .log import log

# The name of a file that holds no release id.
UNNAMED = "unnamed"


def archive_path(release: Path, release_id: str | None) -> Path:
    """Where the file of a release is kept when another replaces it."""
    name = release_id if release_id and re.fullmatch(r"[\w-]+", release_id) else UNNAMED
    return release.parent / RELEASES_FOLDER / f"{name}{release.suffix}"


def archived(release: Path) -> dict[str, Path]:
    """Release id -> its kept file, by name."""
    paths = sorted((release.parent / RELEASES_FOLDER).glob(f"*{release.suffix}"))
    return {path.stem: path for path in paths if path.is_file()}


def put_in_place(new: Path, release: Path, replaced: Path | None) -> None:
    """Make `new` the present release in one step; with `replaced`, the file of before stays under that name."""
    if replaced:
        replaced.parent.mkdir(exist_ok=True)
    files.swap(new, release, replaced)


def prune(release: Path, keep: int, oldest_first: Sequence[str]) -> None:
    """Remove kept files until `keep` are left, in the order of `oldest_first` (release ids).

    A file of no listed release is nobody's to remove, and counts as none. The release stands already when this runs,
    so a file that cannot be removed is logged and tried again with the next release.
    """
    last = {release_id: position for position, release_id in enumerate(oldest_first)}
    known = sorted((name for name in archived(release) if name in last), key=last.__getitem__)
    for name in known[: max(len(known) - keep, 0)]:
        path = archive_path(release, name)
        try:
            files.remove(path)
        except OSError as error:
            log.warning(
                "%s: cannot be removed, though only %d releases are to be kept (%s)", path, keep, error
            )
