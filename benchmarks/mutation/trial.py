"""One corruption from the damage to the verdict: the copy is damaged, rehearsed and assessed."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from kjpoll.release.signed import unsigned_inputs

from benchmarks.mutation.case import BLIND_KINDS, KINDS, Case, Kind, NotApplicable
from benchmarks.mutation.measures import (
    FILE,
    FINDING,
    PUBLIC,
    answers,
    errors,
    facts,
    findings,
    unsigned,
)
from tests.support.partial_rehearsal import PartialRehearsal, changes
from tests.support.project import Project
from tests.support.rehearsal import AFTER, FACTS, SIGNED, SIGNED_INPUTS, Outcome

RIGHT, ANOTHER, RECONCILED, UNSIGNED, HARMLESS, HARMFUL, NO_PLACE = (
    "right rule",
    "another rule",
    "reconciliation",
    "unsigned change",
    "harmless",
    "not caught",
    "no place",
)
RECONCILIATION, AUDIT = "reconciliation", "response_code_audit"
RULE, SAMPLE = FINDING.index("rule"), FINDING.index("sample_id")
# Where one of them differs, the fitted models are compared with the published ones.
OF_MODELS = {
    "regression_models",
    "regression_terms",
    "regression_alternatives",
    "regression_comparisons",
    "regression_hypotheses",
    "regression_tables",
}
# What one run of a project leaves for the next.
CACHES = ("landing", "audit", "series", "regression")
DRAWS = 200


@dataclass(frozen=True)
class Verdict:
    """What became of a corruption.

    `rules`: what found it, warnings and the checks behind the gate included. `stage`: where the build ended:
    gate, after the gate, release (an unsigned change), error (an exception that is no finding), or open. `lost`:
    substantive answers that the facts no longer have, where the build went through. `unsigned`: how many signed values
    it would change, of what passes the gate; None where the gate stops it or nothing is signed.
    inputs: what a build that stops, by whatever rule or test, says of the files and lines that are not those that were signed.
    """

    number: int
    kind: str
    what: str
    outcome: str
    stage: str
    rules: tuple[str, ...] = ()
    lost: int = 0
    message: str = ""
    seconds: float = 0
    unsigned: int | None = None
    inputs: str = ""

    @property
    def lost_silently(self) -> bool:
        return self.outcome == HARMFUL and self.lost > 0 and not self.rules


class Ground:
    """A project copy that is damaged and restored, and what it gave before."""

    def __init__(self, partial: PartialRehearsal, origin: Project, project: Project) -> None:
        """`origin`: the undamaged project with its files landed, of which `partial` holds the outcome; never changed.
        `project`: a copy of it, to be damaged."""
        self.partial, self.origin, self.project = partial, origin, project
        self.schemas = {node["name"]: node["schema"] for node in partial.rehearsal.nodes.values()}
        self.sound_findings = findings(partial.sound)
        self.sound_failing = set(partial.rehearsal.failing_tests(partial.sound))
        self.sound_answers = answers(partial.sound)
        self._sound_facts: dict[str, tuple] = {}

    def restore(self) -> None:
        """Files and seeds as they were; what was landed of them is linked, so that only a changed file is read."""
        for name in ("data/raw", "dbt_project/seeds"):
            shutil.rmtree(self.project.root / name)
            shutil.copytree(self.origin.root / name, self.project.root / name)
        build = self.project.root / "build"
        shutil.rmtree(build)
        build.mkdir()
        for name in CACHES:
            # Their files are replaced, never written into.
            if (self.origin.root / "build" / name).is_dir():
                shutil.copytree(self.origin.root / "build" / name, build / name, copy_function=os.link)

    def trial(self, number: int, seed: int, kind: Kind) -> Verdict:
        """A corruption of the kind; number and seed decide everything else."""
        begin = time.perf_counter()
        self.restore()
        try:
            what = damage(kind, self.project, random.Random(f"{seed}-{number}-{kind.name}"))
        except NotApplicable:
            verdict = Verdict(number, kind.name, "", NO_PLACE, "", message=f"no place found in {DRAWS} draws")
        else:
            verdict = Verdict(number, kind.name, what, **self._assess(kind))
        return replace(verdict, message=verdict.message[:2000], seconds=time.perf_counter() - begin)

    def _assess(self, kind: Kind) -> dict[str, Any]:
        """Rehearse the damaged copy; the cells of a verdict that say what became of it."""
        samples, seeds = changes(self.origin, self.project)
        outcome = None

        def run(targets: Iterable[str]) -> Outcome:
            nonlocal outcome
            outcome = self.partial.run(self.project.root, samples, seeds, targets, outcome)
            return outcome

        try:
            run(("violation",))
            # An error closes the gate whatever the audit says, which takes longer than all rules together.
            if not errors(outcome):
                of_models = ("reconciliation_regression",) if seeds & OF_MODELS else ()
                run(("gate", *AFTER, *of_models))
            new = findings(outcome) - self.sound_findings
            rules = {finding[RULE] for finding in new}
            # A finding of another sample accuses the wrong one.
            right = {f[RULE] for f in new if not samples or f[SAMPLE] in {"", *samples}} & set(kind.expects)
            if stopped := errors(outcome) or ([str(outcome.gate)] if outcome.gate else []):
                caught = {"outcome": RIGHT if right else ANOTHER, "rules": tuple(sorted(rules or {AUDIT}))}
                return caught | {"stage": "gate", "message": "\n".join(stopped), "inputs": self._inputs(run)}
            cells = self._behind_the_gate(kind, bool(right), run)
            return cells | {
                "rules": tuple(sorted(rules.union(cells.get("rules", ())))),
                "inputs": self._inputs(run),
            }
        except Exception as error:  # noqa: BLE001 (it is the verdict on this corruption)
            message = f"{type(error).__name__}: {error}"
            inputs = self._inputs(run) if outcome else ""
            return {"outcome": ANOTHER, "stage": "error", "message": message, "inputs": inputs}
        finally:
            if outcome:
                outcome.close()

    def _inputs(self, run: Callable[[Iterable[str]], Outcome]) -> str:
        return unsigned_inputs(run(SIGNED_INPUTS).con, self.project.signed, self.project.release)

    def _behind_the_gate(
        self, kind: Kind, is_named: bool, run: Callable[[Iterable[str]], Outcome]
    ) -> dict[str, Any]:
        before, outcome = self.sound_answers, run(AFTER)
        lost = int((before - answers(outcome).reindex(before.index, fill_value=0)).clip(0).sum())
        failing = sorted(set(self.partial.rehearsal.failing_tests(outcome)) - self.sound_failing)
        values = unsigned(run(SIGNED), self.project.signed)
        cells = {"lost": lost, "unsigned": len(values), "message": "; ".join([*failing, *values])}
        if failing:
            by = {RECONCILIATION if name.startswith("published") else name for name in failing}
            otherwise = RECONCILED if by == {RECONCILIATION} else ANOTHER
            caught = RIGHT if is_named or by & set(kind.expects) else otherwise
            return cells | {"outcome": caught, "rules": tuple(by), "stage": "after the gate"}
        if is_named:
            return cells | {"outcome": RIGHT, "stage": "open"}
        if any(not value.startswith(f"{FILE} ") for value in values):
            return cells | {"outcome": UNSIGNED, "stage": "release"}
        # Nothing but the hash of a file differs of what is signed.
        if not kind.disarms and self._is_harmless(run):
            return cells | {"outcome": HARMLESS, "stage": "release" if values else "open"}
        return cells | (
            {"outcome": UNSIGNED, "stage": "release"} if values else {"outcome": HARMFUL, "stage": "open"}
        )

    def _is_harmless(self, run: Callable[[Iterable[str]], Outcome]) -> bool:
        """Whether all public facts are what they were; those that take long are built where the others are."""
        if facts(run(FACTS), self.schemas, FACTS) != self._sound(FACTS):
            return False
        return facts(run(PUBLIC), self.schemas, PUBLIC) == self._sound(PUBLIC)

    def _sound(self, tables: Collection[str]) -> dict[str, tuple]:
        missing = set(tables) - set(self._sound_facts)
        self._sound_facts |= facts(self.partial.sound, self.schemas, missing)
        return {name: self._sound_facts[name] for name in tables}


def kind_of(number: int, blind: bool = False) -> Kind:
    """The kinds take turns."""
    kinds = list((BLIND_KINDS if blind else KINDS).values())
    return kinds[(number - 1) % len(kinds)]


def damage(kind: Kind, project: Project, chance: random.Random, among: Collection[str] | None = None) -> str:
    """Do the damage somewhere where it can be done, and say what. Raises NotApplicable where it cannot."""
    for _ in range(DRAWS):
        try:
            return kind.damage(Case(project, chance, among))
        except NotApplicable:
            continue
    raise NotApplicable
