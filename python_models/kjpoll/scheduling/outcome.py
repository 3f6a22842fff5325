"""How an ingestion ended, from what dbt left."""

from __future__ import annotations

import signal
import textwrap
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import duckdb

from kjpoll.build.dbt_run import DbtRun
from kjpoll.build.project_paths import ProjectPaths
from kjpoll.build.whole_build import inputs_are_digested
from kjpoll.common.frames import records

from .build_findings import Findings, data_tests, gate_findings

# What dbt says of a node that ran, or was left out; a failed test ran as well.
ENDED = {"success", "pass", "warn", "skipped", "no-op", "fail"}

# A build that would change released values ends with a list of them, which names the command that accepts them.
ACCEPT = "kjpoll accept "


class Verdict(IntEnum):
    """The exit code of `kjpoll ingest`."""

    RELEASED = 0
    NOTHING_NEW = 10
    STOPPED = 20
    FAILED = 30
    HELD = 40


@dataclass(frozen=True)
class Outcome:
    """verdict, its message in a line or more, and what the report shows besides."""

    verdict: Verdict
    message: str
    release: dict[str, Any] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)


def failed(message: str) -> Outcome:
    """Nothing was released, for another reason than the data."""
    return Outcome(Verdict.FAILED, message)


def outcome_of(paths: ProjectPaths, run: DbtRun) -> Outcome:
    """How the build ended. Call it while the build lock is held, so that the build file is this run's."""
    broken = [result for result in run.results if result["status"] not in ENDED]
    failing = [result for result in run.results if result["status"] == "fail"]
    gates = [result for result in broken if _is_closed_gate(result)]
    units = [result for result in failing if result["unique_id"].startswith("unit_test.")]
    try:
        if run.code == 0 and run.results:
            return _passed(paths)
        if gates == broken and gates:
            findings = gate_findings(paths.build_file)
            message = f"stopped at the gate: {findings.summary()}"
            return Outcome(Verdict.STOPPED, message + _unsigned_inputs(paths, run), findings=findings)
        if failing and not broken and not units:
            findings = data_tests(paths.build_file, failing)
            message = f"stopped before the release: {findings.summary()}"
            return Outcome(Verdict.STOPPED, message + _unsigned_inputs(paths, run), findings=findings)
    except duckdb.Error as error:
        return failed(f"the build ended, but {paths.build_file} cannot be read: {error}")
    unsigned = [error for error in run.errors if ACCEPT in error]
    if unsigned:
        # Above it dbt says only that there was an error.
        _, _, listing = unsigned[-1].rpartition("Runtime Error\n")
        return Outcome(Verdict.STOPPED, textwrap.dedent(listing).strip())
    reasons = [f"{result['unique_id']}: {result['message']}" for result in [*broken, *units]] or run.errors
    return failed("\n".join([_ended(run.code), *reasons]))


def _unsigned_inputs(paths: ProjectPaths, run: DbtRun) -> str:
    """What is not as it was signed, in lines of its own; empty where it is, or is not known."""
    if not inputs_are_digested({result["unique_id"]: result["status"] for result in run.results}):
        return ""
    # Its package reads the project's properties, of which a broken project has none.
    from kjpoll.release import ReleaseError
    from kjpoll.release.signed import unsigned_inputs

    try:
        with duckdb.connect(paths.build_file, read_only=True) as con:
            changed = unsigned_inputs(con, paths.signed, paths.release)
    except ReleaseError:
        return ""
    return f"\n{changed}" if changed else ""


def _ended(code: int) -> str:
    if code < 0:
        return f"dbt was killed by {signal.Signals(-code).name}"
    return f"dbt ended with code {code}; dbt_project/logs/dbt.log has every step"


def _is_closed_gate(result: dict[str, Any]) -> bool:
    return result["unique_id"] == "model.kjpoll.gate" and "GateClosed: " in (result["message"] or "")


def _passed(paths: ProjectPaths) -> Outcome:
    with duckdb.connect(paths.build_file, read_only=True) as con:
        (row,) = records(
            con.execute(
                "select release_id, released, tables, rows, n_waived, n_warnings "
                "from intermediate.last_release cross join intermediate.gate"
            ).fetch_df()
        )
    if row.pop("released"):
        return Outcome(Verdict.RELEASED, f"released {row['release_id']} as {paths.release}", release=row)
    message = f"rebuilt, with the content of {row['release_id']}: it stays as it is"
    return Outcome(Verdict.NOTHING_NEW, message, release=row)
