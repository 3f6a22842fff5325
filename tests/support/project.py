"""A copy of the project to build and to damage, with its seeds editable by row."""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

CHECKOUT = Path(__file__).resolve().parents[2]
NEEDED = ("dbt_project", "python_models", "data/raw", "profiles.yml", "build/.gitignore")
# What one build keeps for the next.
KEPT = ("landing", "audit", "series", "regression")
# For dbt's environment, where a selection would bring them along: they depend on the models alone.
WITHOUT_UNIT_TESTS = {"DBT_EXCLUDE_RESOURCE_TYPES": "unit_test"}
# Seconds that a whole build may take on a small machine on which much else runs; it is minutes on a free one.
LONGEST = 1500
LEFT_OUT = shutil.ignore_patterns("target", "logs", "__pycache__", ".user.yml")


@dataclass(frozen=True)
class Run:
    """How a run of dbt ended, and all that it printed."""

    code: int
    output: str


def seed_files(root: Path) -> list[Path]:
    """The seeds of a project; what is signed lies beside them and is none."""
    files = (root / "dbt_project" / "seeds").rglob("*.csv")
    return sorted(path for path in files if path.parent.name != "released")


class Project:
    """What a build needs, in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def copied(cls, root: Path, source: Path = CHECKOUT, kept: Project | None = None) -> Project:
        """A copy of the project in `source`; with what the last build of another one kept it builds faster."""
        for name in NEEDED:
            origin, target = source / name, root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if origin.is_dir():
                shutil.copytree(origin, target, ignore=LEFT_OUT)
            else:
                shutil.copy2(origin, target)
        for name in KEPT if kept else ():
            if (kept.root / "build" / name).is_dir():
                shutil.copytree(kept.root / "build" / name, root / "build" / name)
        return cls(root)

    @property
    def release(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def build_file(self) -> Path:
        return self.root / "build" / "warehouse.duckdb"

    @property
    def signed(self) -> Path:
        return self.root / "dbt_project" / "seeds" / "released"

    @property
    def landing(self) -> Path:
        return self.root / "build" / "landing"

    # dbt

    @contextmanager
    def started(
        self, *arguments: str, cwd: Path | None = None, **settings: str
    ) -> Iterator[subprocess.Popen]:
        """dbt while it runs, its output readable line by line; killed at the end of the block."""
        command = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments]
        command += ["--project-dir", str(self.root / "dbt_project")]
        process = subprocess.Popen(
            command,
            cwd=cwd or self.root,
            env=self.environment() | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    def dbt(self, *arguments: str, cwd: Path | None = None, **settings: str) -> Run:
        """dbt to its end; settings: further variables of its environment."""
        with self.started(*arguments, cwd=cwd, **settings) as process:
            output, _ = process.communicate(timeout=LONGEST)
            return Run(process.returncode, output)

    def build(self, *arguments: str) -> None:
        """Build without dbt's unit tests. Raises RuntimeError where that fails."""
        run = self.dbt("build", *arguments, **WITHOUT_UNIT_TESTS)
        if run.code:
            raise RuntimeError(f"the build fails:\n{run.output}")

    def ingest(self, *arguments: str, **settings: str) -> Run:
        """kjpoll ingest; the output is what it prints and its JSON log. settings: as for dbt."""
        command = [sys.executable, "-m", "kjpoll", "ingest", *arguments]
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.environment() | settings,
            text=True,
            timeout=LONGEST,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return Run(done.returncode, done.stdout)

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "KJPOLL_"))}
        return kept | {
            "PYTHONPATH": str(self.root / "python_models"),
            "PYTHONUNBUFFERED": "1",
            "DO_NOT_TRACK": "1",
        }

    # what a build left

    def query(self, sql: str, *values: Any, of: Path | None = None) -> list[tuple]:
        """Rows of a query on the release, or on another file."""
        with duckdb.connect(of or self.release, read_only=True) as con:
            return con.execute(sql, values).fetchall()

    def release_sha256(self) -> str:
        return hashlib.sha256(self.release.read_bytes()).hexdigest()

    def left_over(self) -> list[str]:
        """Files beside the release that are no release."""
        return sorted(p.name for p in self.root.iterdir() if "warehouse" in p.name and p != self.release)

    # seeds

    def seed_path(self, seed: str) -> Path:
        """Where a seed such as 'survey/samples' stands."""
        return self.root / "dbt_project" / "seeds" / f"{seed}.csv"

    def seed(self, seed: str) -> list[dict[str, str]]:
        with self.seed_path(seed).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def append(self, seed: str, *rows: dict[str, Any]) -> None:
        """Add rows; columns that a row does not name stay empty."""
        header = list(self.seed(seed)[0]) if self.seed(seed) else self._header(seed)
        unknown = {name for row in rows for name in row} - set(header)
        assert not unknown, f"{seed} has no column {unknown}"
        self._write(seed, header, self.seed(seed) + [dict(row) for row in rows])

    def append_line(self, seed: str, line: str) -> None:
        """Add one line as it is, as an editor would."""
        with self.seed_path(seed).open("a", encoding="utf-8", newline="") as stream:
            stream.write(line + "\n")

    def change(self, seed: str, where: dict[str, str], **cells: Any) -> None:
        """Change cells of the one row that has the values of `where`."""
        rows = self.seed(seed)
        found = [row for row in rows if where.items() <= row.items()]
        assert len(found) == 1, f"{seed}: {len(found)} rows with {where}"
        found[0].update({name: str(value) for name, value in cells.items()})
        self._write(seed, list(rows[0]), rows)

    def rename(self, old: str, new: str) -> None:
        """Put a name in the place of another in every cell of a seed that holds it."""
        for path in seed_files(self.root):
            seed = f"{path.parent.name}/{path.stem}"
            rows = self.seed(seed)
            if any(old in row.values() for row in rows):
                self.rewrite(
                    seed, [{n: new if cell == old else cell for n, cell in row.items()} for row in rows]
                )

    def rewrite(self, seed: str, rows: list[dict[str, Any]]) -> None:
        """Put these rows in the place of all that there are."""
        self._write(seed, self._header(seed), rows)

    def _header(self, seed: str) -> list[str]:
        with self.seed_path(seed).open(encoding="utf-8", newline="") as stream:
            return next(csv.reader(stream))

    def _write(self, seed: str, header: list[str], rows: list[dict[str, Any]]) -> None:
        with self.seed_path(seed).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, header, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
