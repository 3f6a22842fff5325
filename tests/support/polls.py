"""Other polls than the shipped one: another survey in its place, or the shipped one without what a poll need not have;
and their whole way from raw files to a release."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.support.project import CHECKOUT, LONGEST, WITHOUT_UNIT_TESTS, Project, Run, seed_files

MADE_UP = CHECKOUT / "tests" / "polls" / "made_up"
# What every poll has as it is shipped: rules and lineage are the engine's, and codes for missing answers everybody's.
OF_ENGINE = {"quality/lineage", "quality/missing_codes", "quality/rules"}
# What every poll has to describe itself.
NEEDED = {
    "crosswalk/code_lists",
    "crosswalk/variables",
    "report/languages",
    "survey/categories",
    "survey/countries",
    "survey/questions",
    "survey/samples",
    "survey/waves",
}
# A filter and a publication are named by what has one, so that these two go with it.
NAMED_BY_OTHERS = {"published/sources", "survey/universes"}
MODELS = {
    "analysis/regression_alternatives",
    "analysis/regression_comparisons",
    "analysis/regression_decompositions",
    "analysis/regression_hypotheses",
    "analysis/regression_models",
    "analysis/regression_terms",
    "published/regression_tables",
}
# What a poll need not have, together with what speaks of it.
OPTIONAL = {
    "published numbers": {
        "published/claims",
        "published/demographics",
        "published/subgroups",
        "published/topline_options",
        "published/toplines",
    },
    "claims": {"published/claims"},
    "figures": {"analysis/figures"},
    "models": MODELS,
    "events": {"report/events"},
    "cohorts": {"analysis/birth_cohorts", "analysis/cohort_questions"},
    "bands": {"survey/missing_bands"},
    "synonyms": {"survey/synonyms"},
}
# The same for parts of these, and for what the generator of the shipped files alone reads.
PARTS = {
    seed.partition("/")[2]: {seed}
    for seed in sorted(MODELS - {"analysis/regression_models", "analysis/regression_terms"})
}
# Nothing of these is shipped, so that every build is one without.
SHIPPED_EMPTY = {
    "crosswalk/waivers",
    "survey/wordings",
    "survey/known_changes",
    "survey/population_margins",
    "survey/weight_bounds",
}
LACKS_SIGNED = "begins with what was built"


def seed_names(root: Path) -> set[str]:
    """Every seed of a project, as 'survey/samples'."""
    return {f"{path.parent.name}/{path.stem}" for path in seed_files(root)}


def of_generator(root: Path) -> set[str]:
    """The seeds that only the generator of the shipped files reads."""
    return {seed for seed in seed_names(root) if seed.startswith("synthetic/")}


def empty(project: Project, seeds: Iterable[str]) -> None:
    """Leave the header of these seeds."""
    for seed in seeds:
        project.rewrite(seed, [])


def made_up(root: Path) -> Project:
    """The made-up survey in a copy of the project: its files and seeds, and of all other seeds the header."""
    project = Project.copied(root)
    shipped = {f"label_{row['language']}" for row in project.seed("report/languages")}
    shutil.rmtree(root / "data" / "raw")
    shutil.copytree(MADE_UP / "raw", root / "data" / "raw")
    languages = [row["language"] for row in _rows(MADE_UP / "seeds" / "report" / "languages.csv")]
    for seed in sorted(seed_names(root) - OF_ENGINE):
        own, there = MADE_UP / "seeds" / f"{seed}.csv", project.seed_path(seed)
        if own.exists():
            shutil.copy(own, there)
            continue
        with there.open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        columns = [name for name in header if name not in shipped]
        labels = [f"label_{language}" for language in languages] if len(columns) < len(header) else []
        there.write_text(",".join([*columns, *labels]) + "\n", encoding="utf-8")
    return project


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def kjpoll(project: Project, *arguments: str) -> Run:
    """A verb of the command line in the project's root."""
    done = subprocess.run(
        [sys.executable, "-m", "kjpoll", *arguments],
        cwd=project.root,
        env=project.environment(),
        text=True,
        timeout=LONGEST,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return Run(done.returncode, done.stdout)


def build(project: Project) -> Run:
    """dbt build to its end."""
    with project.started("build", **WITHOUT_UNIT_TESTS) as process:
        output, _ = process.communicate(timeout=LONGEST)
        return Run(process.returncode, output)


def said(run: Run) -> str:
    """What dbt says at the end of a build that fails."""
    ends = re.split(
        r"\n(?=.*(?:Completed with|Encountered an error|Compilation Error|Parsing Error))",
        run.output,
        maxsplit=1,
    )
    return "\n" + ends[-1][-20_000:]


def release_first(project: Project) -> None:
    """From raw files to the first release of a poll of which nothing is signed, as docs/releases.md has it."""
    shutil.rmtree(project.signed, ignore_errors=True)
    stopped = build(project)
    assert stopped.code and LACKS_SIGNED in stopped.output, said(stopped)
    accepted = kjpoll(
        project, "accept", "--all", "--by", "A. Tester", "--reason", "the first release of this poll"
    )
    assert accepted.code == 0, accepted.output
    release(project)


def release(project: Project) -> None:
    """Build a poll whose values are signed, which has to release it."""
    before = project.release_sha256() if project.release.exists() else None
    run = build(project)
    assert run.code == 0, said(run)
    assert project.release.exists() and project.release_sha256() != before, said(run)


def add_bands(project: Project) -> None:
    """Where bands of missing answers lack, the gate names the verb that takes them from the waves there are."""
    stopped = build(project)
    assert stopped.code and "kjpoll bands --country" in stopped.output, said(stopped)
    added = kjpoll(project, "bands", "--write")
    assert added.code == 0, added.output


def explain_jumps(project: Project, violations: Iterable[tuple[str, str]]) -> int:
    """Write the row of known_changes that each finding of drift proposes; how many. violations: rule, resolve_with."""
    lines = [
        found[1].replace("<reason>", "opinion moved")
        for rule, resolve_with in violations
        if rule == "drift" and (found := re.search(r"survey/known_changes\.csv: (.+)$", resolve_with))
    ]
    for line in lines:
        project.append_line("survey/known_changes", line)
    return len(lines)
