"""Everything that decides what a build gives, so that one without a change can be left out."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import distributions
from pathlib import Path

from kjpoll.build.places import Places

# dbt and Python write these beside the sources.
NOT_SOURCES = {"target", "logs", "dbt_packages", "__pycache__"}


@dataclass(frozen=True)
class Inputs:
    """Name -> SHA-256 (files), version (packages) or state (waivers). Equal inputs give equal releases."""

    states: dict[str, str]

    @classmethod
    def of(cls, places: Places, today: date) -> Inputs:
        """As they are now: raw files, seeds, models, code, versions, and which waivers have ended.

        Names that begin with a dot are passed over, as landing does: a file that is still being copied can be
        called so. Raises OSError where a file cannot be read.
        """
        states = {}
        for folder, name in (
            (places.raw_dir, "data/raw"),
            (places.dbt_project, "dbt_project"),
            (places.root / "python_models", "python_models"),
        ):
            for path in _files(folder):
                states[f"{name}/{path.relative_to(folder).as_posix()}"] = _sha256(path)
        states["profiles.yml"] = _sha256(places.root / "profiles.yml")
        states["python"] = platform.python_version()
        for package in distributions():
            states[f"package {package.metadata['Name']}"] = package.version
        states |= _waivers(places.dbt_project / "seeds" / "crosswalk" / "waivers.csv", today)
        return cls(states)

    @classmethod
    def kept(cls, path: Path) -> Inputs | None:
        """Those that `keep` wrote; None where there are none to be read."""
        try:
            states = json.loads(path.read_text(encoding="utf-8"))
            return cls({str(name): str(state) for name, state in states.items()})
        except (OSError, ValueError, AttributeError):
            return None

    def keep(self, path: Path) -> None:
        """Write them down whole or not at all. Raises OSError."""
        temporary = path.with_name(f".{path.name}.new")
        try:
            temporary.write_text(json.dumps(self.states, indent=0, sort_keys=True), encoding="utf-8")
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)

    def changes(self, before: Inputs | None) -> list[str]:
        """In words, what differs: 'data/raw/<wave>/<country>.csv is new'. Empty where nothing does."""
        if before is None:
            return ["nothing is known of an earlier build"]
        old, new = before.states, self.states
        lines = [
            f"{name} is {'new' if name not in old else 'changed'}"
            for name, state in new.items()
            if old.get(name) != state
        ]
        return sorted(lines + [f"{name} is gone" for name in old.keys() - new.keys()])


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES and not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            # A dangling link is a fault for the gate to tell.
            if not name.startswith(".") and path.suffix != ".pyc" and path.is_file():
                yield path


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _waivers(seed: Path, today: date) -> dict[str, str]:
    """A waiver ends on its day, so a build can stop although no file changed since the last."""
    try:
        with seed.open(encoding="utf-8", newline="") as stream:
            days = {row.get("expires") or "" for row in csv.DictReader(stream)}
    except (FileNotFoundError, UnicodeDecodeError):
        # Told by the build, which cannot read it either.
        return {}
    return {f"waivers until {day}": "over" if day < today.isoformat() else "in force" for day in days}
