"""Kill builds at random moments and build again: nothing may be lost, nothing half done may be seen.

    python -m benchmarks.crash --kills 20 --seed 1 --output benchmarks/results/crash.md

Each round changes a note, starts `dbt build`, kills it (SIGKILL) after a random part of a build's time, looks at
the released file, then lets a build end. The release has to open after the kill and to be the old or the new one
as a whole; after the second build every public table has to be, byte for byte as text, that of an undisturbed build.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks import report
from tests.support.project import Project

NOTES = ("Sex", "Sex of the respondent")
PUBLIC = ("marts", "analysis", "quality")
BUILD = ("build", "--exclude-resource-type", "unit_test")
# They tell of the build itself: when it ran, and what was released before it.
OF_THE_BUILD = {"quality.release", "quality.release_change"}


@dataclass(frozen=True)
class Kill:
    """One round: the moment as a part of a build, the node that was being built, what the reader found."""

    part: float
    node: str
    released: str
    same_bytes: bool


def table_bytes(database: Path) -> dict[str, str]:
    """Public table -> SHA-256 of its rows as csv, in the order in which they stand."""
    digests = {}
    with duckdb.connect(database, read_only=True) as con, tempfile.TemporaryDirectory() as folder:
        tables = con.sql(
            f"select schema_name || '.' || table_name from duckdb_tables() where schema_name in {PUBLIC} order by 1"
        ).fetchall()
        for (table,) in tables:
            if table not in OF_THE_BUILD:
                path = Path(folder, "rows.csv")
                con.execute(f"copy (select * from {table}) to '{path}' (header)")
                digests[table] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digests


def set_note(project: Project, note: str) -> None:
    project.change("survey/questions", {"question_id": "sex"}, note=note)


def whole_build(project: Project) -> float:
    """Builds to the end; seconds."""
    start = time.monotonic()
    run = project.dbt(*BUILD)
    if run.code:
        raise RuntimeError(f"an undisturbed build fails:\n{run.output}")
    return time.monotonic() - start


def killed_build(project: Project, after: float) -> str:
    """Starts a build and kills it after so many seconds; the last thing that it said it started."""
    with project.started(*BUILD) as process:
        time.sleep(after)
        os.kill(process.pid, signal.SIGKILL)
        said = [line for line in process.stdout if " START " in line]
    return said[-1].split(" START ")[1].split(" ...")[0].split()[-1] if said else "before the first node"


def run(kills: int, seed: int) -> tuple[list[Kill], float]:
    """All rounds, and the seconds of an undisturbed build."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        project = Project.copied(Path(folder, "project"))
        expected, seconds = {}, 0.0
        for note in NOTES:
            set_note(project, note)
            seconds = whole_build(project)
            expected[note] = table_bytes(project.release)
        rounds, old = [], NOTES[-1]
        for number in range(kills):
            new = NOTES[number % 2]
            set_note(project, new)
            part = draw.uniform(0.02, 1.02)
            node = killed_build(project, part * seconds)
            found = table_bytes(project.release)
            released = next(
                (
                    f"the {name} release"
                    for name, note in (("old", old), ("new", new))
                    if found == expected[note]
                ),
                "NEITHER RELEASE",
            )
            whole_build(project)
            same = table_bytes(project.release) == expected[new] and not project.left_over()
            rounds.append(Kill(part, node, released, same))
            old = new
            print(f"{number + 1} of {kills}: {rounds[-1]}", flush=True)
    return rounds, seconds


def text(rounds: list[Kill], seconds: float, seed: int) -> str:
    """The result page."""
    whole = sum("NEITHER" not in kill.released for kill in rounds)
    same = sum(kill.same_bytes for kill in rounds)
    rows = [
        [f"{kill.part:.2f}", f"`{kill.node}`", kill.released, "yes" if kill.same_bytes else "NO"]
        for kill in sorted(rounds, key=lambda kill: kill.part)
    ]
    return "\n".join(
        [
            "# Killed builds",
            "",
            f"{report.conditions()} Seed {seed}; an undisturbed build took {seconds:.0f} s.",
            "",
            (
                f"{len(rounds)} builds were killed (SIGKILL). After the kill the released file opened and was a whole release "
                f"in {whole} of {len(rounds)}; after the next build every public table was that of an undisturbed build, "
                f"byte for byte, in {same} of {len(rounds)}."
            ),
            "",
            report.table(
                ["part of a build", "last node started", "reader found", "same bytes after the next build"],
                rows,
            ),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    rounds, seconds = run(arguments.kills, arguments.seed)
    report.publish(text(rounds, seconds, arguments.seed), arguments.output)
    if any("NEITHER" in kill.released or not kill.same_bytes for kill in rounds):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
