"""What the two facts cost here, beside SQL written by hand for exactly these files (the floor), and beside pandas.

    nice python -m benchmarks.floor --times 1 20 100 --folder FOLDER --output benchmarks/results/floor.md    # after a build

All three start from the landed files and the seeds and end with all rows of both facts; that the rows are the same is
tried with `except all`, both ways. Each run is a process of its own. Of its seconds those are taken off that the same
program takes to start: dbt with one small model, the others with nothing to do. Ours is what dbt runs between raw.answer
and the facts, from nothing; the nodes are found in the manifest.

FOLDER keeps the longer files (scale20), which `benchmarks.scale` would make too, and what was landed of them (floor20).
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import report
from benchmarks.floor_nodes import Nodes, nodes_of
from benchmarks.measured_run import NO_LIMITS, Cost, Limits, measured, median
from benchmarks.scale import multiplied
from tests.support.project import Project

# It reads one small seed: what a run of it takes, dbt itself takes.
SMALL_MODEL = "dim_country"
FLOOR, OURS, PANDAS = "floor", "ours", "pandas"
FINDINGS = Path(__file__).with_name("floor_sql") / "findings.md"


def longer_files(folder: Path, times: int, seed: int, warehouse: Path) -> Project:
    """The raw files and seeds of a project `times` as long, not built; made where `folder` does not have them."""
    kept = folder / f"scale{times}"
    if not kept.is_dir():
        with tempfile.TemporaryDirectory(dir=folder) as making:
            project = Project.copied(Path(making) / "project")
            multiplied(project, times, seed, warehouse)
            project.root.rename(kept)
    return Project(kept)


def project_of(folder: Path, files: Project, times: int) -> Project:
    """The checkout's code with the raw files and seeds of `files`; what was landed of them before is kept."""
    root = folder / f"floor{times}"
    for name in ("data", "dbt_project", "python_models"):
        shutil.rmtree(root / name, ignore_errors=True)
    for path in root.glob("build/warehouse.duckdb*"):
        path.unlink()
    project = Project.copied(root)
    shutil.rmtree(root / "data/raw")
    (root / "data/raw").symlink_to((files.root / "data/raw").resolve())
    shutil.rmtree(root / "dbt_project/seeds")
    shutil.copytree(files.root / "dbt_project/seeds", root / "dbt_project/seeds")
    return project


def dbt(*arguments: str) -> list[str]:
    """The command of a run of dbt in its project's folder."""
    program = str(Path(sys.executable).with_name("dbt"))
    return [program, "--no-use-colors", *arguments, "--project-dir", "dbt_project", "--profiles-dir", "."]


def prepare(project: Project) -> Nodes:
    """Land the files and load the seeds: all that the measured nodes read, and the small model."""
    measured(dbt("parse"), project)
    manifest = project.root / "dbt_project/target/manifest.json"
    nodes, small = nodes_of(manifest), nodes_of(manifest, [SMALL_MODEL])
    before = sorted({*nodes.needed, *small.needed} - set(nodes.measured))
    measured(dbt("build", "--exclude-resource-type", "test", "unit_test", "--select", *before), project)
    return nodes


def commands(project: Project, nodes: Nodes, made: Path) -> dict[str, tuple[list[str], list[str]]]:
    """By name: the command that is measured, and the start that is taken off."""
    floor = [sys.executable, "-m", "benchmarks.floor_run", str(project.root)]
    pandas = [sys.executable, "-m", "benchmarks.floor_pandas", str(project.root)]
    return {
        FLOOR: ([*floor, str(made / FLOOR)], [*floor, str(made / "start"), "--start"]),
        OURS: (
            dbt("run", "--full-refresh", "--select", *nodes.measured),
            dbt("run", "--full-refresh", "--select", SMALL_MODEL),
        ),
        PANDAS: ([*pandas, str(made / PANDAS)], [*pandas, str(made / "start"), "--start"]),
    }


def compare(project: Project, other: Path) -> None:
    """Raises RuntimeError where `other` has not the rows of the build."""
    measured([sys.executable, "-m", "benchmarks.floor_compare", str(project.build_file), str(other)], project)


def costs_of(
    project: Project, rounds: int, limits: dict[str, Limits]
) -> tuple[dict[str, Cost], dict[str, Cost]]:
    """The costs and the starts by name; the rounds take turns, and after the last the rows are compared."""
    nodes = prepare(project)
    with tempfile.TemporaryDirectory(dir=project.root) as temporary:
        made = Path(temporary)
        todo = commands(project, nodes, made)
        runs: dict[str, list[Cost]] = {name: [] for name in todo}
        starts: dict[str, list[Cost]] = {name: [] for name in todo}
        for _ in range(rounds):
            for name, (run, start) in todo.items():
                if any(cost.stopped for cost in runs[name]):
                    continue
                starts[name].append(measured(start, project))
                runs[name].append(measured(run, project, limits.get(name, NO_LIMITS)))
                print(f"{project.root.name} {name}: {runs[name][-1]}, start {starts[name][-1]}", flush=True)
        for name in (FLOOR, PANDAS):
            if name in todo and not any(cost.stopped for cost in runs[name]):
                compare(project, made / name)
    return {name: median(runs[name]) for name in runs}, {name: median(starts[name]) for name in starts}


def section(times: int, answers: int, runs: dict[str, Cost], starts: dict[str, Cost]) -> list[str]:
    """What was measured at one length; ratios are to the floor."""
    floor = runs[FLOOR].less(starts[FLOOR])
    rows = []
    for name, run in runs.items():
        net = run.less(starts[name])
        if run.stopped:
            rows.append([name, run.stopped, "", "", "", "", "", ""])
            continue
        rows.append(
            [
                name,
                f"{net.processor:.1f}",
                f"{net.processor / floor.processor:.2f}",
                f"{net.wall:.1f}",
                f"{net.wall / floor.wall:.2f}",
                f"{net.memory:.0f}",
                f"{net.memory / floor.memory:.2f}",
                f"{starts[name].processor:.1f}",
            ]
        )
    header = [
        "",
        "processor, s",
        "ratio",
        "wall, s",
        "ratio",
        "peak memory, MB",
        "ratio",
        "start, processor s",
    ]
    equal = [name for name in (FLOOR, PANDAS) if name in runs and not runs[name].stopped]
    return [
        f"## {times} times the records",
        "",
        f"{answers:,} cells. All rows and columns of both facts are the same as ours: {', '.join(equal)}.",
        "",
        report.table(header, rows),
        "",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, nargs="+", default=[1, 20])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1, help="each measure is the median of so many runs")
    parser.add_argument("--folder", type=Path, help="keeps the projects; a temporary folder if not given")
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse.duckdb"))
    parser.add_argument("--pandas-minutes", type=float, default=30, help="after which pandas is stopped")
    parser.add_argument(
        "--pandas-gigabytes", type=float, default=16, help="of memory, at which pandas is stopped"
    )
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    limits = {PANDAS: Limits(60 * arguments.pandas_minutes, 1024 * arguments.pandas_gigabytes)}
    lines = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.folder or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        for times in arguments.times:
            files = longer_files(folder, times, arguments.seed, arguments.warehouse.absolute())
            project = project_of(folder, files, times)
            runs, starts = costs_of(project, arguments.rounds, limits)
            ((answers,),) = project.query("select count(*) from raw.answer", of=project.build_file)
            lines += section(times, answers, runs, starts)
    text = [
        "# Ours beside the floor",
        "",
        report.conditions(),
        "",
        *lines,
        FINDINGS.read_text("utf-8").strip(),
    ]
    report.publish("\n".join(text), arguments.output)


if __name__ == "__main__":
    main()
