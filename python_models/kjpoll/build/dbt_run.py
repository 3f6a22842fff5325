"""Run `dbt build` as a program of its own, and follow it event by event."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kjpoll.build.lock import HANDED_OVER
from kjpoll.build.start import WAIT

from .project_paths import ProjectPaths

SHOWN = 20
# The level of a line that is no event of dbt: a library's warning, or how Python crashed.
OUTPUT = "output"


@dataclass(frozen=True)
class Event:
    """One event of dbt: its message and level; for the end of a node its name, status and number of nodes."""

    message: str
    level: str
    node: str | None = None
    status: str | None = None
    n_nodes: int | None = None


@dataclass(frozen=True)
class DbtRun:
    """How dbt ended: exit code (negative: the signal that killed it), last errors, each node's result.

    errors: without any, the last lines that are no event, such as Python's own.
    results: rows of run_results.json; empty where dbt ended before it had any.
    """

    code: int
    errors: list[str]
    results: list[dict[str, Any]]


def dbt_program() -> Path:
    """The dbt that is installed with this Python."""
    return Path(sys.executable).with_name("dbt")


def dbt_environment(**settings: str) -> dict[str, str]:
    """The environment without settings of dbt (DBT_SELECT, ...) that would make the build another one."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    return inherited | {"DO_NOT_TRACK": "1", "PYTHONUNBUFFERED": "1"} | settings


def run_dbt(
    paths: ProjectPaths, program: Path, lock: int, wait: float, on_event: Callable[[Event], None]
) -> DbtRun:
    """Build the project at `paths`. `lock` is the open build lock, which dbt takes over.

    wait: seconds for a program that has the build file open for writing. on_event: gets each event.

    Raises OSError where dbt cannot be started or its last results cannot be removed.
    """
    # A run that fails early writes none, and those of the run before are not its own.
    paths.run_results.unlink(missing_ok=True)
    command = [
        str(program),
        "--log-format",
        "json",
        "--no-use-colors",
        "build",
        "--project-dir",
        str(paths.dbt_project),
        "--profiles-dir",
        str(paths.root),
        "--target-path",
        str(paths.run_results.parent),
    ]
    with subprocess.Popen(
        command,
        cwd=paths.root,
        pass_fds=(lock,),
        env=dbt_environment(**{HANDED_OVER: str(lock), WAIT: str(wait)}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout
        try:
            messages: dict[str, list[str]] = {"error": [], OUTPUT: []}
            for event in events(process.stdout):
                on_event(event)
                if event.level in messages:
                    messages[event.level].append(event.message)
        except BaseException:
            process.terminate()
            raise
    return DbtRun(
        process.returncode, (messages["error"] or messages[OUTPUT])[-SHOWN:], _results(paths.run_results)
    )


def events(lines: Iterable[str]) -> Iterator[Event]:
    """The events in dbt's output; a line that is none has the level OUTPUT."""
    for line in lines:
        text = line.rstrip()
        if not text:
            continue
        try:
            read = json.loads(text)
            info, data = read["info"], read["data"]
            message, level = info["msg"].strip(), info["level"]
        except (ValueError, KeyError, TypeError):
            yield Event(text, OUTPUT)
            continue
        node = data.get("node_info") or {}
        ended = "execution_time" in data and node.get("resource_type") not in (None, "operation")
        if ended:
            yield Event(message, level, node.get("node_name"), data.get("status"), data.get("total"))
        elif message:
            yield Event(message, level)


def _results(path: Path) -> list[dict[str, Any]]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))["results"]
    except (OSError, ValueError, KeyError):
        return []
