"""The last run of dbt, from what it left: how each node ended, and the build file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from kjpoll.build.project_paths import ProjectPaths
from kjpoll.build.whole_build import PASSED, did_not_pass

GATE = "model.kjpoll.gate"
# Of the dbt project.
SOURCES = ("seeds", "models", "macros")


@dataclass(frozen=True)
class LastBuild:
    """command: of dbt. started: seconds since the epoch. statuses: how each node that ran has ended."""

    command: str
    started: float
    statuses: Mapping[str, str]

    @classmethod
    def of(cls, paths: ProjectPaths) -> LastBuild | None:
        """None where dbt has not run, or left nothing that can be read."""
        try:
            ended = paths.run_results.stat().st_mtime
            left = json.loads(paths.run_results.read_text(encoding="utf-8"))
            statuses = {result["unique_id"]: result["status"] for result in left["results"]}
            since = left.get("metadata", {}).get("invocation_started_at")
            started = datetime.fromisoformat(since).timestamp() if since else ended
            command = left.get("args", {}).get("which", "build")
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return cls(command, started, statuses)

    @property
    def gate(self) -> bool | None:
        """Whether the gate was passed; None where the run did not come to it."""
        status = self.statuses.get(GATE)
        return None if status in (None, "skipped") else status in PASSED

    @property
    def failed(self) -> list[str]:
        """The nodes that did not pass, by their names."""
        return [
            node.split(".")[2] for node in did_not_pass(self.statuses) if self.statuses[node] != "skipped"
        ]

    def changed_since(self, paths: ProjectPaths) -> list[Path]:
        """What a build is made of and was written after the run began: wave files, seeds, models, code."""
        folders = [
            paths.raw_dir,
            *(paths.dbt_project / name for name in SOURCES),
            paths.root / "python_models",
        ]
        return sorted(
            path
            for folder in folders
            for path in folder.rglob("*")
            if path.suffix != ".pyc"
            and not path.name.startswith(".")
            and not path.is_relative_to(paths.signed)
            and path.is_file()
            and path.stat().st_mtime > self.started
        )


@contextmanager
def opened_build(paths: ProjectPaths) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The build file, to be read; None where there is none, or a build is writing it."""
    try:
        con = duckdb.connect(paths.build_file, read_only=True) if paths.build_file.exists() else None
    except duckdb.Error:
        con = None
    try:
        yield con
    finally:
        if con is not None:
            con.close()
