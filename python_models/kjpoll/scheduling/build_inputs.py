"""Everything that decides what a build gives, so that one without a change can be left out."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import distributions
from pathlib import Path

from kjpoll.build.project_paths import ProjectPaths
from kjpoll.common.file_hash import file_hash
from kjpoll.common.json_cache import read_cache, write_cache
from kjpoll.common.seed_file import SeedError, read_seed

# dbt and Python write these beside the sources.
NOT_SOURCES = {"target", "logs", "dbt_packages", "__pycache__"}


@dataclass(frozen=True)
class Inputs:
    """Name -> SHA-256 (files), version (packages) or state (waivers). Equal inputs give equal releases."""

    states: dict[str, str]

    @classmethod
    def of(cls, paths: ProjectPaths, today: date) -> Inputs:
        """As they are now: raw files, seeds, models, code, versions, and which waivers have ended.

        Names that begin with a dot are passed over, as landing does: a file that is still being copied can be
        called so. Raises OSError where a file cannot be read.
        """
        states = {}
        for folder, name in (
            (paths.raw_dir, "data/raw"),
            (paths.dbt_project, "dbt_project"),
            (paths.root / "python_models", "python_models"),
        ):
            for path in _files(folder):
                # What is signed is compared with a build, and decides nothing of it.
                if path.is_relative_to(paths.signed):
                    continue
                states[f"{name}/{path.relative_to(folder).as_posix()}"] = file_hash(path)
        states["profiles.yml"] = file_hash(paths.root / "profiles.yml")
        states["python"] = platform.python_version()
        for package in distributions():
            states[f"package {package.metadata['Name']}"] = package.version
        states |= _waivers(paths.dbt_project / "seeds" / "crosswalk" / "waivers.csv", today)
        return cls(states)

    @classmethod
    def cached(cls, path: Path) -> Inputs | None:
        """Those that `cache` wrote; None where there are none to be read."""
        states = read_cache(path)
        return cls({str(name): str(state) for name, state in states.items()}) if states else None

    def cache(self, path: Path) -> None:
        """Write them down whole or not at all. Raises OSError."""
        write_cache(path, self.states)

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
            # The gate reports a dangling link.
            if not name.startswith(".") and path.suffix != ".pyc" and path.is_file():
                yield path


def _waivers(seed: Path, today: date) -> dict[str, str]:
    """A waiver ends on its day, so a build can stop although no file changed since the last."""
    try:
        days = {row.get("expires") or "" for row in read_seed(seed)}
    except SeedError:
        # The build, which cannot read it either, reports it.
        return {}
    return {f"waivers until {day}": "over" if day < today.isoformat() else "in force" for day in days}
