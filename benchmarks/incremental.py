"""Change the project at random, build on, and hold every public table against a build from nothing.

    python -m benchmarks.incremental --n 20 --seed 1 --output benchmarks/results/incremental.md   # about half an hour

After each change one project builds onto what it has, and a copy of it builds from nothing. Every table of the release
has to be the same, byte for byte as text and in its order. The fingerprints tell which samples were rebuilt.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import report
from tests.support.build_comparison import fingerprints, rebuilt, table_bytes
from tests.support.project import Project
from tests.support.signing import build_accepted
from tests.support.wave_edit import editing, refresh_sidecar

NEXT_WAVE = "2024"

# The changes. Each keeps the gate open, and says what it did.


def add_sample(project: Project, draw: random.Random) -> str:
    """The next wave of a country: the last one over again, its records in another order."""
    country = draw.choice([row["country"] for row in project.seed("survey/samples") if row["wave"] == "2023"])
    new, old = f"{country}-{NEXT_WAVE}", f"{country}-2023"
    if has(project, new):
        return replace_file(project, draw, new)
    samples, variables = project.seed("survey/samples"), project.seed("crosswalk/variables")
    (sample,) = [row for row in samples if row["sample_id"] == old]
    file = sample["file"].replace("2023", NEXT_WAVE)
    source, target = (project.root / "data/raw" / name for name in (sample["file"], file))
    target.parent.mkdir(exist_ok=True)
    for suffix in ("", ".json"):
        shutil.copy(f"{source}{suffix}", f"{target}{suffix}")
    if not any(row["wave"] == NEXT_WAVE for row in project.seed("survey/waves")):
        project.append("survey/waves", {"wave": NEXT_WAVE, "year": NEXT_WAVE, "label_en": NEXT_WAVE})
    project.append(
        "survey/samples",
        sample
        | {
            "sample_id": new,
            "wave": NEXT_WAVE,
            "file": file,
            **{
                name: sample[name].replace("2023", NEXT_WAVE) for name in ("fieldwork_start", "fieldwork_end")
            },
        },
    )
    project.append(
        "crosswalk/variables", *(row | {"sample_id": new} for row in variables if row["sample_id"] == old)
    )
    sidecar = Path(f"{target}.json")
    sidecar.write_text(sidecar.read_text("utf-8").replace("2023", NEXT_WAVE), "utf-8")
    exchange_records(project, draw, new)
    return f"{new} comes in"


def remove_sample(project: Project, draw: random.Random) -> str:
    """The wave that was added goes again; nothing is printed about it."""
    added = [row for row in project.seed("survey/samples") if row["wave"] == NEXT_WAVE]
    if not added:
        return add_sample(project, draw)
    gone = draw.choice(added)
    path = project.root / "data/raw" / gone["file"]
    for suffix in ("", ".json"):
        Path(f"{path}{suffix}").unlink()
    for seed in ("survey/samples", "crosswalk/variables"):
        project.rewrite(seed, [row for row in project.seed(seed) if row["sample_id"] != gone["sample_id"]])
    return f"{gone['sample_id']} goes"


def replace_file(project: Project, draw: random.Random, sample_id: str | None = None) -> str:
    sample_id = sample_id or draw.choice(project.seed("survey/samples"))["sample_id"]
    exchange_records(project, draw, sample_id)
    return f"the file of {sample_id} is replaced"


def exchange_records(project: Project, draw: random.Random, sample_id: str) -> None:
    """Records change places in the file: every table of records changes, and no share of answers does."""
    (sample,) = [row for row in project.seed("survey/samples") if row["sample_id"] == sample_id]
    names = [row["variable"] for row in project.seed("crosswalk/variables") if row["sample_id"] == sample_id]
    with editing(project, sample_id) as edit:
        for one, other in zip(*[iter(draw.sample(range(1, int(sample["n_expected"]) + 1), 10))] * 2):
            for name in names:
                kept = edit.get(one, name)
                edit.set(one, name, edit.get(other, name))
                edit.set(other, name, kept)
    refresh_sidecar(project.root / "data/raw" / sample["file"])


def split_code_list(project: Project, draw: random.Random) -> str:
    """One column gets a code list of its own, which reads as the one that it had."""
    rows = project.seed("crosswalk/variables")
    row = draw.choice(
        [row for row in rows if row["role"] == "answer" and row["layout"] == "single" and row["code_list"]]
    )
    old, new = row["code_list"], f"{row['code_list']}__{row['sample_id'].lower().replace('-', '_')}"
    if sum(row["code_list"] == old for row in rows) == 1:
        return touch_code_list(project, draw)
    project.append(
        "crosswalk/code_lists",
        *(
            code | {"code_list": new}
            for code in project.seed("crosswalk/code_lists")
            if code["code_list"] == old
        ),
    )
    row["code_list"] = new
    project.rewrite("crosswalk/variables", rows)
    return f"{row['sample_id']} {row['variable']} has a code list of its own"


def touch_code_list(project: Project, draw: random.Random) -> str:
    """A list gets a code that some file of it labels and nobody gave, or a note."""
    code = draw.choice(project.seed("crosswalk/code_lists"))
    project.change(
        "crosswalk/code_lists",
        {name: code[name] for name in ("code_list", "code")},
        note=f"seen {draw.random()}",
    )
    return f"a note in the code list {code['code_list']}"


def move_positions(project: Project, draw: random.Random) -> str:
    """Two options of a question change their order."""
    rows = project.seed("survey/categories")
    options = [row for row in rows if row["category_set"] == "military_conflict" and row["position"]]
    one, other = draw.sample(options, 2)
    one["position"], other["position"] = other["position"], one["position"]
    project.rewrite("survey/categories", rows)
    return f"{one['category_id']} and {other['category_id']} change places"


def relabel(project: Project, draw: random.Random) -> str:
    row = draw.choice(project.seed("survey/categories"))
    key = {name: row[name] for name in ("category_set", "category_id")}
    project.change("survey/categories", key, label_en=f"{row['label_en']} {draw.randrange(1000)}")
    return f"another label of {row['category_id']}"


def renumber(project: Project, draw: random.Random) -> str:
    """A question of one column has another number in the questionnaire."""
    row = draw.choice([row for row in project.seed("crosswalk/variables") if row["layout"] == "single"])
    key = {name: row[name] for name in ("sample_id", "variable")}
    project.change("crosswalk/variables", key, question_number=f"{row['question_number']}x")
    return f"another question number of {row['sample_id']} {row['variable']}"


def compare_less(project: Project, draw: random.Random) -> str:
    """A question of one column is found to be worded otherwise in one wave."""
    row = draw.choice(
        [
            row
            for row in project.seed("crosswalk/variables")
            if row["layout"] == "single"
            and row["comparability"] == "identical"
            and row["sample_id"].endswith(NEXT_WAVE)
        ]
        or [{}]
    )
    if not row:
        return add_sample(project, draw)
    key = {name: row[name] for name in ("sample_id", "variable")}
    project.change("crosswalk/variables", key, comparability="wording")
    return f"{row['sample_id']} {row['variable']} is worded otherwise"


CHANGES: tuple[Callable[[Project, random.Random], str], ...] = (
    add_sample,
    replace_file,
    split_code_list,
    move_positions,
    renumber,
    remove_sample,
    touch_code_list,
    relabel,
    compare_less,
)


def has(project: Project, sample_id: str) -> bool:
    return any(row["sample_id"] == sample_id for row in project.seed("survey/samples"))


@dataclass(frozen=True)
class Step:
    """One change: what was rebuilt, which tables differ from those of a whole build, and the seconds of both."""

    change: str
    samples: dict[str, set[str]]
    differ: list[str]
    seconds: float
    whole_seconds: float


def build(project: Project) -> float:
    """Builds to the end; seconds."""
    start = time.monotonic()
    build_accepted(project)
    return time.monotonic() - start


def run(n: int, seed: int) -> list[Step]:
    """n changes in a row."""
    draw = random.Random(seed)
    steps = []
    with tempfile.TemporaryDirectory() as folder:
        project = Project.copied(Path(folder, "project"))
        build(project)
        for number in range(n):
            before = fingerprints(project)
            change = CHANGES[number % len(CHANGES)](project, draw)
            seconds = build(project)
            whole = Project.copied(Path(folder, "whole"), source=project.root)
            whole_seconds = build(whole)
            one, other = table_bytes(project.release), table_bytes(whole.release)
            differ = sorted(
                table for table in one.keys() | other.keys() if one.get(table) != other.get(table)
            )
            steps.append(Step(change, rebuilt(before, fingerprints(project)), differ, seconds, whole_seconds))
            print(f"{number + 1} of {n}: {change}; {_anew(steps[-1])}; differ: {differ}", flush=True)
            shutil.rmtree(whole.root)
    return steps


def _anew(step: Step) -> str:
    if not step.samples:
        return "nothing"
    names = ", ".join(sorted(step.samples)) if len(step.samples) <= 3 else f"{len(step.samples)} samples"
    return f"{names}: {len(set.union(*step.samples.values()))} tables"


def text(steps: list[Step], seed: int) -> str:
    """The result page."""
    same = sum(not step.differ for step in steps)
    rows = [
        [
            step.change,
            _anew(step),
            "yes" if not step.differ else ", ".join(step.differ),
            f"{step.seconds / step.whole_seconds:.2f}",
        ]
        for step in steps
    ]
    return "\n".join(
        [
            "# Incremental builds",
            "",
            f"{report.conditions()} Seed {seed}.",
            "",
            (
                f"{len(steps)} changes in a row; after each, every table of the release of the incremental build was that of a "
                f"build from nothing, byte for byte and in its order, in {same} of {len(steps)}. The last column is the "
                "time of the incremental build by that of the whole one, with the real number of records, where dbt's own cost "
                "of each node outweighs the rows."
            ),
            "",
            report.table(["change", "rebuilt", "same bytes", "time"], rows),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    steps = run(arguments.n, arguments.seed)
    report.publish(text(steps, arguments.seed), arguments.output)
    if any(step.differ for step in steps):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
