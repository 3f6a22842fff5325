"""Put a hold on the releases, and lift it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from kjpoll.common.atomic_file import replacing
from kjpoll.common.release_hold import Hold, held, hold_path

from . import files
from .errors import ReleaseError


def refuse_held(release: Path) -> None:
    """Raise ReleaseError where the released file is held."""
    if said := held(release):
        raise ReleaseError(said)


def put_hold(release: Path, hold: Hold) -> None:
    """Hold the released file. Raises ReleaseError where it is held already, or a build is releasing, and OSError."""
    if not release.exists():
        raise ReleaseError(f"{release}: nothing was released yet, so there is nothing to hold")
    # A build that is releasing has looked for a hold before.
    with files.only_one(release.parent):
        refuse_held(release)
        path = hold_path(release)
        path.parent.mkdir(exist_ok=True)
        with replacing(path) as temporary:
            content = json.dumps(asdict(hold), ensure_ascii=False, indent=1)
            temporary.write_text(f"{content}\n", encoding="utf-8")


def lift_hold(release: Path) -> None:
    """Take the hold away, also one that cannot be read. Raises ReleaseError where there is none, and OSError."""
    try:
        hold_path(release).unlink()
    except FileNotFoundError as error:
        raise ReleaseError(f"{release} is not held") from error
