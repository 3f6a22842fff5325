"""Time a whole build and the coming of one more sample, with N times the records of every sample.

    nice python -m benchmarks.scale --times 20 --output benchmarks/results/scale.md      # after a build

The raw files are written N times as long, and landed again. So that copies of a record do not pass for respondents who
were entered twice, every question (with those that its answers lead to) takes its answers from the records in an order
of its own, N times: shares and skips are what they were, and the questions are independent of each other. Workbooks
become csv files. The rules that hold a file against chance, bands or the series only warn, since with other numbers
they speak; and no published figure is eligible. All else runs as in a build.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks import report
from benchmarks.incremental import add_sample, table_bytes
from tests.support.project import Project
from tests.support.signing import begin_anew
from tests.support.wave_edit import EDITS, StatisticalEdit, refresh_sidecar

SHOWN = 25


@dataclass(frozen=True)
class Build:
    """Seconds by the clock, of all processors and by the clock per node, the largest resident memory in MB, and the bytes of
    build and release."""

    seconds: float
    processor: float
    nodes: dict[str, float]
    memory: float
    build_bytes: int
    release_bytes: int


def multiplied(project: Project, times: int, seed: int, warehouse: Path) -> None:
    """Make every wave file of the project `times` as long."""
    rng = np.random.default_rng(seed)
    root = {row["universe"]: row["question_id"] for row in project.seed("survey/universes")}
    parent = {row["question_id"]: root.get(row["universe"]) for row in project.seed("survey/questions")}
    samples, variables = project.seed("survey/samples"), project.seed("crosswalk/variables")
    for sample in samples:
        rows = [row for row in variables if row["sample_id"] == sample["sample_id"]]
        block = {
            row["variable"]: parent.get(row["question_id"]) or row["question_id"] or row["variable"]
            for row in rows
        }
        path = project.root / "data/raw" / sample["file"]
        if sample["format"] == "xlsx":
            frame = _landed(warehouse, sample["sample_id"])
            edit = None
        else:
            edit = EDITS[sample["format"]](path, sample)
            frame = (
                edit.frame
                if isinstance(edit, StatisticalEdit)
                else pd.DataFrame(edit.rows, columns=edit.header)
            )
        longer = _longer(frame, block, sample["id_variable"], times, rng)
        sample["n_expected"] = str(len(longer))
        if isinstance(edit, StatisticalEdit):
            edit.frame = longer
            edit.save()
        else:
            _write_csv(project, sample, path, longer)
        _describe(project, sample, path)
    project.rewrite("survey/samples", samples)
    rules = project.seed("quality/rules")
    for rule in rules:
        rule["severity"] = "warn" if rule["waivable"] == "true" else rule["severity"]
    project.rewrite("quality/rules", rules)
    _compare_with_nothing(project)
    begin_anew(project)


def _compare_with_nothing(project: Project) -> None:
    """The published figures are those of other records."""
    folder = project.root / "dbt_project/models/reconciliation"
    for path in folder.glob("reconciliation_*.sql"):
        sql, n = re.subn(
            r"^( *)\S.* as eligible,$",
            r"\1false as eligible,",
            path.read_text(encoding="utf-8"),
            flags=re.MULTILINE,
        )
        if n != 1:
            raise RuntimeError(f"{path}: {n} columns called eligible")
        path.write_text(sql, encoding="utf-8")
    properties = folder / "models.yml"
    lines = properties.read_text(encoding="utf-8").splitlines(keepends=True)
    properties.write_text(
        "".join(line for line in lines if "published_cell" not in line or "      - " not in line),
        encoding="utf-8",
    )


def _landed(warehouse: Path, sample_id: str) -> pd.DataFrame:
    with duckdb.connect(warehouse, read_only=True) as con:
        long = con.execute(
            "select row, variable, column_position, coalesce(value, '') as value from raw.answer where sample_id = ?",
            [sample_id],
        ).df()
    names = long.drop_duplicates("variable").sort_values("column_position")["variable"]
    return long.pivot(index="row", columns="variable", values="value")[list(names)].reset_index(drop=True)


def _longer(
    frame: pd.DataFrame, block: dict[str, str], id_variable: str, times: int, rng: np.random.Generator
) -> pd.DataFrame:
    order: dict[str, np.ndarray] = {}
    columns = {}
    for name in frame.columns:
        if name == id_variable:
            columns[name] = _identifiers(frame[name].to_numpy(), times)
            continue
        key = block.get(name, name)
        if key not in order:
            # The first copy stays as it is: from its cells the writer of dta files takes the types of the columns.
            order[key] = np.concatenate(
                [np.arange(len(frame))] + [rng.permutation(len(frame)) for _ in range(times - 1)]
            )
        columns[name] = frame[name].take(order[key]).reset_index(drop=True)
    return pd.DataFrame(columns, columns=frame.columns)


def _identifiers(values: np.ndarray, times: int) -> np.ndarray:
    if np.issubdtype(values.dtype, np.number):
        step = 10.0 ** np.ceil(np.log10(values.max() + 1))
        return np.concatenate([values + k * step for k in range(times)])
    return np.concatenate(
        [np.array([f"{value}{k:03d}" for value in values], dtype=object) for k in range(times)]
    )


def _write_csv(project: Project, sample: dict[str, str], path: Path, frame: pd.DataFrame) -> None:
    if sample["format"] == "xlsx":
        shutil.move(f"{path}.json", path.with_suffix(".csv.json"))
        path.unlink()
        sample.update(
            format="csv",
            encoding="utf-8",
            sheet="",
            label_sheet="",
            header_row="1",
            file=str(Path(sample["file"]).with_suffix(".csv")),
        )
    frame.to_csv(
        project.root / "data/raw" / sample["file"],
        index=False,
        encoding=sample["encoding"],
        lineterminator="\r\n",
    )


def _describe(project: Project, sample: dict[str, str], path: Path) -> None:
    path = project.root / "data/raw" / sample["file"]
    sidecar = path.with_name(path.name + ".json")
    content = json.loads(sidecar.read_text(encoding="utf-8"))
    content.update(n=int(sample["n_expected"]), file=path.name)
    sidecar.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    refresh_sidecar(path)


def build(project: Project) -> Build:
    """Builds to the end; raises RuntimeError where it does not."""
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    before, start, memory = _processor_seconds(), time.monotonic(), 0.0
    log = project.root / "build.log"
    with project.started(*arguments) as process, log.open("w", encoding="utf-8") as stream:
        for line in process.stdout:
            stream.write(line)
            memory = max(memory, _resident(process.pid))
        code = process.wait()
    if code:
        raise RuntimeError(f"the build fails:\n{log.read_text(encoding='utf-8')[-4000:]}")
    results = json.loads((project.root / "dbt_project/target/run_results.json").read_text(encoding="utf-8"))
    nodes = {result["unique_id"].split(".", 2)[2]: result["execution_time"] for result in results["results"]}
    return Build(
        time.monotonic() - start,
        _processor_seconds() - before,
        nodes,
        memory,
        project.build_file.stat().st_size,
        project.release.stat().st_size,
    )


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0
    )


def run(
    times: int, seed: int, folder: Path, warehouse: Path, prove: bool
) -> tuple[int, Build, Build, list[str] | None]:
    """Answers, the whole build, the build with one sample more; and the tables that differ from a whole build's."""
    project = Project.copied(folder / "project")
    multiplied(project, times, seed, warehouse)
    whole = build(project)
    ((answers,),) = project.query("select n_answers from quality.release")
    print(f"{times}x: {answers} answers, the whole build {whole.seconds:.0f} s", flush=True)
    added = add_sample(project, random.Random(seed))
    more = build(project)
    print(f"{added}: {more.seconds:.0f} s, {more.seconds / whole.seconds:.3f} of it", flush=True)
    if not prove:
        return answers, whole, more, None
    rebuilt = Project.copied(folder / "rebuilt", source=project.root)
    build(rebuilt)
    added_to, whole_tables = table_bytes(project.release), table_bytes(rebuilt.release)
    return (
        answers,
        whole,
        more,
        sorted({name for name, _ in added_to.items() ^ whole_tables.items()}),
    )


def text(times: int, answers: int, whole: Build, more: Build, differ: list[str] | None) -> str:
    """The result page."""
    share = more.seconds / whole.seconds
    rows = [
        [f"`{name}`", f"{seconds:.1f}", f"{more.nodes.get(name, 0):.1f}"]
        for name, seconds in sorted(whole.nodes.items(), key=lambda item: -item[1])[:SHOWN]
    ]
    slow = [
        [f"`{name}`", f"{whole.nodes.get(name, 0):.1f}", f"{seconds:.1f}"]
        for name, seconds in sorted(more.nodes.items(), key=lambda item: -item[1])[:SHOWN]
    ]
    proof = (
        []
        if differ is None
        else [
            "Every table of the release was that of a build from nothing, byte for byte and in its order."
            if not differ
            else f"These tables differ from those of a build from nothing: {', '.join(differ)}.",
            "",
        ]
    )
    return "\n".join(
        [
            f"# {times} times the records",
            "",
            report.conditions(),
            "",
            f"{answers:,} answers. Adding one sample to them takes {share:.3f} of a whole build, landing included.",
            "",
            *proof,
            report.table(
                ["", "whole build", "one sample more"],
                [
                    ["seconds", f"{whole.seconds:.0f}", f"{more.seconds:.0f}"],
                    ["processor seconds", f"{whole.processor:.0f}", f"{more.processor:.0f}"],
                    ["resident memory, MB", f"{whole.memory:.0f}", f"{more.memory:.0f}"],
                    ["build file, MB", f"{whole.build_bytes / 2**20:.0f}", f"{more.build_bytes / 2**20:.0f}"],
                    [
                        "release, MB",
                        f"{whole.release_bytes / 2**20:.0f}",
                        f"{more.release_bytes / 2**20:.0f}",
                    ],
                ],
            ),
            "",
            "The slowest nodes of the whole build, in seconds:",
            "",
            report.table(["node", "whole build", "one sample more"], rows),
            "",
            "The slowest nodes with one sample more:",
            "",
            report.table(["node", "whole build", "one sample more"], slow),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--folder", type=Path, help="where the projects are made; a temporary folder if not given"
    )
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse.duckdb"))
    parser.add_argument(
        "--prove", action="store_true", help="build from nothing too, and compare every table"
    )
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        found = run(
            arguments.times, arguments.seed, Path(folder), arguments.warehouse.absolute(), arguments.prove
        )
    report.publish(text(arguments.times, *found), arguments.output)


if __name__ == "__main__":
    main()
