"""A project whose dbt is a script."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner
from kjpoll.cli import main

from tests.support.project import CHECKOUT

# dbt as far as an ingestion sees it: events on its output, results in target, tables in the build file.
SCRIPT = """#!{python}
import json, os, pathlib, sys, time
import duckdb
root = pathlib.Path({root!r})
plan = json.loads((root / "plan.json").read_text())
with (root / "runs").open("a") as stream:
    stream.write(" ".join(sys.argv[1:]) + "\\n")
    stream.write(os.environ.get("DBT_SELECT", "") + "\\n")
if plan.get("starts"):
    sys.path.insert(0, {checkout!r})
    from kjpoll.build import start_build
    start_build(root / "build" / "warehouse.duckdb", print)
time.sleep(plan.get("seconds", 0))
while plan.get("waits") and not (root / "may_end").exists():
    time.sleep(0.05)
with duckdb.connect(root / "build" / "warehouse.duckdb") as con:
    for statement in plan.get("sql", []):
        con.execute(statement)
for line in plan.get("output", []):
    print(line if isinstance(line, str) else json.dumps(line), flush=True)
if "results" in plan:
    (root / "dbt_project" / "target").mkdir(exist_ok=True)
    (root / "dbt_project" / "target" / "run_results.json").write_text(json.dumps({{"results": plan["results"]}}))
if plan.get("signal"):
    os.kill(os.getpid(), plan["signal"])
sys.exit(plan.get("code", 0))
"""
PUBLISHED = (
    "create schema if not exists intermediate",
    (
        "create or replace table intermediate.last_release as "
        "select 'abc123' as release_id, {released} as released, 71 as tables, 5 as rows"
    ),
    "create or replace table intermediate.gate as select 1 as n_waived, 2 as n_warnings",
)


class Scripted:
    """A project in a folder, with a dbt that follows a script."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in (
            "data/raw/2013",
            "dbt_project/seeds/crosswalk",
            "dbt_project/seeds/released",
            "python_models",
            "build",
        ):
            (root / name).mkdir(parents=True)
        (root / "data/raw/2013/KOR.csv").write_text("a,b\n1,2\n", encoding="utf-8")
        (root / "dbt_project/dbt_project.yml").write_text("name: kjpoll\n", encoding="utf-8")
        (root / "profiles.yml").write_text("kjpoll: {}\n", encoding="utf-8")
        shutil.copy(
            CHECKOUT / "dbt_project/seeds/crosswalk/waivers.csv", root / "dbt_project/seeds/crosswalk"
        )
        self.dbt = root / "dbt"
        self.dbt.write_text(
            SCRIPT.format(python=sys.executable, root=str(root), checkout=str(CHECKOUT)), encoding="utf-8"
        )
        self.dbt.chmod(0o755)
        self.release = root / "warehouse.duckdb"
        self.plan()

    def plan(self, *, released: bool = True, **plan) -> None:
        """What dbt does next: starts (takes over the lock), seconds, waits (for `may_end`), sql, output, results, signal, code.

        A build that releases by default.
        """
        statements = [statement.format(released=released) for statement in PUBLISHED]
        passed = [{"unique_id": "model.kjpoll.release", "status": "success", "message": "OK"}]
        (self.root / "plan.json").write_text(
            json.dumps({"sql": statements, "results": passed} | plan), encoding="utf-8"
        )

    @property
    def runs(self) -> list[str]:
        """The arguments of each run of dbt, and its DBT_SELECT."""
        path = self.root / "runs"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    @contextmanager
    def started(self, *options: str) -> Iterator[subprocess.Popen]:
        with subprocess.Popen(
            [
                sys.executable,
                "-m",
                "kjpoll",
                "ingest",
                "--project",
                self.root,
                "--dbt",
                self.dbt,
                *options,
            ],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"DBT_SELECT": "nothing"},
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def ingest(self, *options: str) -> Ended:
        """In this process, which is faster."""
        handler = signal.getsignal(signal.SIGTERM)
        try:
            result = CliRunner().invoke(
                main,
                ["ingest", "--project", str(self.root), "--dbt", str(self.dbt), *options],
                env={"DBT_SELECT": "nothing"},
            )
        finally:
            signal.signal(signal.SIGTERM, handler)
        return Ended.of(result.exit_code, result.stdout, result.stderr)


@dataclass
class Ended:
    """How an ingestion ended: exit code, standard output, the JSON log."""

    code: int
    output: str
    log: list[dict]

    @classmethod
    def of(cls, code: int, output: str, errors: str) -> Ended:
        return cls(code, output, [json.loads(line) for line in errors.splitlines()])

    @classmethod
    def of_process(cls, process: subprocess.Popen, errors: str = "") -> Ended:
        """errors: what was read of the log already."""
        output, rest = process.communicate(timeout=60)
        return cls.of(process.returncode, output, errors + rest)

    def events(self) -> list[str]:
        return [line["event"] for line in self.log]

    @property
    def report(self) -> str:
        return Path(self.log[-1]["report"]).read_text(encoding="utf-8")


def wait_until(is_so, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)
