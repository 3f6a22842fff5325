"""Where the files of a project are; the same settings move them as in the dbt models."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

# The values of what was released, below the dbt project. No seeds of a build: .dbtignore hides them from dbt.
SIGNED_FOLDER = Path("seeds", "released")


@dataclass(frozen=True)
class ProjectPaths:
    """The files of one project by absolute path."""

    root: Path
    raw_dir: Path
    release: Path

    @classmethod
    def of(cls, root: Path) -> ProjectPaths:
        """Of the project in `root`; KJPOLL_RAW_DIR and KJPOLL_RELEASE_PATH move raw and released files."""
        root = root.absolute()
        raw_dir = Path(os.environ.get("KJPOLL_RAW_DIR", root / "data" / "raw"))
        release = Path(os.environ.get("KJPOLL_RELEASE_PATH", root / "warehouse.duckdb"))
        return cls(root, root / raw_dir, root / release)

    @property
    def dbt_project(self) -> Path:
        return self.root / "dbt_project"

    @property
    def signed(self) -> Path:
        """The values of what was released."""
        return self.dbt_project / SIGNED_FOLDER

    @property
    def build_file(self) -> Path:
        return self.root / "build" / "warehouse.duckdb"

    @property
    def run_results(self) -> Path:
        """How each node of dbt's last run ended."""
        return self.dbt_project / "target" / "run_results.json"

    @property
    def reports(self) -> Path:
        return self.root / "build" / "reports"

    @property
    def built_inputs(self) -> Path:
        """What the last build that passed was made from."""
        return self.root / "build" / "ingest.json"
