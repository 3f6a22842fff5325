"""Time a build from nothing and one with nothing new, paired with those of another checkout.

    python -m benchmarks.dbt_cost --against ../before --rounds 5 --output benchmarks/results/dbt_cost.md

Each round builds a copy of each checkout twice: from nothing, then with nothing new. The checkouts take turns, so that
other load falls on both. A round before the first is not counted: Python compiles what it imports there.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from benchmarks import report
from tests.support.project import CHECKOUT, Project

BUILDS = ("from nothing", "nothing new")
SHOWN = 15


@dataclass(frozen=True)
class Build:
    """Seconds by the clock and of all processors, and the clock's seconds of each node."""

    wall: float
    processor: float
    nodes: dict[str, float]


def emptied(project: Project) -> None:
    """Remove what builds left in the project: the release, the build file, caches, what dbt parsed."""
    written = [project.root / "dbt_project" / "target", project.root / "releases"]
    written += [path for path in (project.root / "build").iterdir() if path.name != ".gitignore"]
    for path in written:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    project.release.unlink(missing_ok=True)


def timed_build(project: Project) -> Build:
    """`dbt build` as it stands in the README. Raises RuntimeError where it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run = project.dbt("build")
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.code:
        raise RuntimeError(f"the build of {project.root} fails:\n{run.output}")
    results = json.loads((project.root / "dbt_project/target/run_results.json").read_text(encoding="utf-8"))
    return Build(
        wall,
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        {node["unique_id"]: node["execution_time"] for node in results["results"]},
    )


def timed_rounds(projects: dict[str, Project], rounds: int) -> dict[tuple[str, str], list[Build]]:
    """(project, kind of build) -> the build of each round that counts."""
    builds = defaultdict(list)
    for number in range(rounds + 1):
        for name, project in projects.items():
            emptied(project)
            for kind in BUILDS:
                build = timed_build(project)
                if number:
                    builds[name, kind].append(build)
    return builds


def page(builds: dict[tuple[str, str], list[Build]], rounds: int) -> str:
    """The medians of each build, the ratios where two checkouts were built, and the slowest nodes."""
    names = list(dict.fromkeys(name for name, _ in builds))

    def median(name: str, kind: str, measure: str) -> float:
        return statistics.median(getattr(build, measure) for build in builds[name, kind])

    rows = []
    for kind in BUILDS:
        for measure in ("processor", "wall"):
            seconds = [median(name, kind, measure) for name in names]
            ratio = [f"{seconds[0] / seconds[1]:.2f}"] if len(seconds) > 1 else []
            rows.append([kind, measure, *(f"{value:.1f}" for value in seconds), *ratio])
    header = ["build", "seconds of", *names, *(["ratio"] if len(names) > 1 else [])]
    nodes = defaultdict(list)
    for build in builds[names[0], BUILDS[-1]]:
        for node, taken in build.nodes.items():
            nodes[node].append(taken)
    slowest = sorted(((statistics.median(times), node) for node, times in nodes.items()), reverse=True)
    return "\n\n".join(
        (
            "# What a build costs",
            f"`python -m benchmarks.dbt_cost`, medians of {rounds} rounds; {report.conditions()}",
            report.table(header, rows),
            f"The slowest of {len(slowest)} nodes with nothing new, seconds by the clock, two at a time:",
            report.table(["node", "seconds"], [(node, f"{s:.2f}") for s, node in slowest[:SHOWN]]),
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", type=Path, help="another checkout, built in turn with this one")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    # With it every process would compile what it imports, which no build of a checkout does.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sources = {"this checkout": CHECKOUT}
    if options.against:
        sources["the other"] = options.against.resolve()
    with tempfile.TemporaryDirectory() as folder:
        projects = {
            name: Project.copied(Path(folder) / str(at), source)
            for at, (name, source) in enumerate(sources.items())
        }
        builds = timed_rounds(projects, options.rounds)
    report.publish(page(builds, options.rounds), options.output)


if __name__ == "__main__":
    main()
