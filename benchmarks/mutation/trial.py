"""One corruption from the damage to the verdict: the copy is damaged, rehearsed and assessed."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
from kjpoll.common.properties import table_properties

from benchmarks.mutation import KINDS
from benchmarks.mutation.case import Case, Kind, NotApplicable
from tests.support.partial_rehearsal import PartialRehearsal, changes
from tests.support.project import Project
from tests.support.rehearsal import AFTER, FACTS, Outcome

RIGHT, ANOTHER, HARMLESS, HARMFUL, NO_PLACE = (
    "right rule",
    "another rule",
    "harmless",
    "not caught",
    "no place",
)
PROVENANCE = ("raw_variable", "raw_code")
FINDING = list(table_properties()["violation"].key)
RECONCILIATION = "reconciliation"
DRAWS = 200


@dataclass(frozen=True)
class Verdict:
    """What became of a corruption.

    `rules`: what found it, warnings and the checks behind the gate included. `stage`: where the build ended:
    gate, after the gate, error (an exception that is no finding), or open. `lost`: substantive answers that
    the facts no longer have, where the build went through. `draws`: places tried until one could carry it.
    """

    number: int
    kind: str
    what: str
    outcome: str
    stage: str
    rules: tuple[str, ...]
    lost: int
    message: str
    seconds: float

    @property
    def lost_silently(self) -> bool:
        return self.outcome == HARMFUL and self.lost > 0 and not self.rules


@dataclass(frozen=True)
class Sound:
    """What the undamaged project gives: its findings, failing tests, facts and answers."""

    findings: frozenset[tuple]
    failing: frozenset[str]
    facts: dict[str, tuple]
    answers: pd.Series


class Ground:
    """A project copy that is damaged and restored, and what it gave before."""

    def __init__(self, partial: PartialRehearsal, origin: Project, project: Project) -> None:
        """`origin`: the undamaged project with its files landed, of which `partial` holds the outcome; never changed.
        `project`: a copy of it, to be damaged."""
        self.partial, self.origin, self.project = partial, origin, project
        self.sound = Sound(
            frozenset(findings(partial.sound)),
            frozenset(partial.rehearsal.failing_tests(partial.sound)),
            facts(partial.sound),
            answers(partial.sound),
        )

    def restore(self) -> None:
        """Files and seeds as they were; what was landed of them is linked, so that only a changed file is read."""
        for name in ("data/raw", "dbt_project/seeds"):
            shutil.rmtree(self.project.root / name)
            shutil.copytree(self.origin.root / name, self.project.root / name)
        shutil.rmtree(self.project.root / "build")
        # Landed files are replaced, never written into.
        shutil.copytree(self.origin.landing, self.project.landing, copy_function=os.link)

    def trial(self, number: int, seed: int, kind: Kind | None = None) -> Verdict:
        """The corruption of this number; `kind` None takes the one that the number stands for."""
        begin = time.perf_counter()
        kind = kind or kind_of(number)
        self.restore()
        try:
            what = damage(kind, self.project, random.Random(f"{seed}-{number}-{kind.name}"))
        except NotApplicable:
            return self._verdict(
                number, kind, "", begin, NO_PLACE, "", (), 0, f"no place found in {DRAWS} draws"
            )
        return self._judge(number, kind, what, begin)

    def _judge(self, number: int, kind: Kind, what: str, begin: float) -> Verdict:
        """Rehearse the damaged copy and say what became of it."""
        samples, seeds = changes(self.origin, self.project)
        outcome = None
        try:
            outcome = self.partial.run(self.project.root, samples, seeds, ("violation",))
            # An error closes the gate whatever the audit says, which takes longer than all rules together.
            if not errors(outcome):
                outcome = self.partial.run(self.project.root, samples, seeds, ("gate", *AFTER), outcome)
            return self._judged(number, kind, what, begin, outcome)
        except Exception as error:  # noqa: BLE001 (it is the verdict on this corruption)
            return self._verdict(
                number, kind, what, begin, ANOTHER, "error", (), 0, f"{type(error).__name__}: {error}"
            )
        finally:
            if outcome:
                outcome.close()

    def _judged(self, number: int, kind: Kind, what: str, begin: float, outcome: Outcome) -> Verdict:
        new = sorted({finding[0] for finding in findings(outcome) - self.sound.findings})
        if stopped := errors(outcome) or ([str(outcome.gate)] if outcome.gate else []):
            if not new:
                new = ["response_code_audit"]
            caught = RIGHT if set(new) & set(kind.expects) else ANOTHER
            return self._verdict(number, kind, what, begin, caught, "gate", new, 0, "\n".join(stopped))
        failing = sorted(set(self.partial.rehearsal.failing_tests(outcome)) - self.sound.failing)
        lost = int(
            (self.sound.answers - answers(outcome).reindex(self.sound.answers.index, fill_value=0))
            .clip(0)
            .sum()
        )
        if failing:
            new += sorted({RECONCILIATION if name.startswith("published") else name for name in failing})
            caught = RIGHT if set(new) & set(kind.expects) else ANOTHER
            return self._verdict(
                number, kind, what, begin, caught, "after the gate", new, lost, "; ".join(failing)
            )
        if set(new) & set(kind.expects):
            return self._verdict(number, kind, what, begin, RIGHT, "open", new, lost, "")
        same = facts(outcome) == self.sound.facts
        return self._verdict(number, kind, what, begin, HARMLESS if same else HARMFUL, "open", new, lost, "")

    def _verdict(self, number, kind, what, begin, outcome, stage, rules, lost, message) -> Verdict:
        return Verdict(
            number,
            kind.name,
            what,
            outcome,
            stage,
            tuple(rules),
            lost,
            message[:2000],
            time.perf_counter() - begin,
        )


def kind_of(number: int) -> Kind:
    """The kinds take turns."""
    return list(KINDS.values())[(number - 1) % len(KINDS)]


def damage(kind: Kind, project: Project, chance: random.Random, among: Collection[str] | None = None) -> str:
    """Do the damage somewhere where it can be done, and say what. Raises NotApplicable where it cannot."""
    for _ in range(DRAWS):
        try:
            return kind.damage(Case(project, chance, among))
        except NotApplicable:
            continue
    raise NotApplicable


def findings(outcome: Outcome) -> set[tuple]:
    """The findings that no waiver lets pass, without their counts."""
    rows = outcome.violations
    return set(
        rows.loc[~rows["is_waived"].astype(bool), FINDING]
        .astype("string")
        .fillna("")
        .itertuples(index=False, name=None)
    )


def errors(outcome: Outcome) -> list[str]:
    """The findings that close the gate, a line each."""
    rows = outcome.violations
    rows = rows[(rows["severity"] == "error") & ~rows["is_waived"].astype(bool)].astype("string").fillna("-")
    return [
        f"{row.rule} {row.sample_id} {row.question_id} {row.variable} {row.code} n {row.n}: {row.finding}"
        for row in rows.itertuples()
    ]


def facts(outcome: Outcome) -> dict[str, tuple]:
    """Of each public fact the number of rows and a digest of their content, but for where it comes from."""
    found = {}
    for name in FACTS:
        columns = [c for c in outcome.con.table(f"marts.{name}").columns if c not in PROVENANCE]
        listed = ", ".join(columns)
        digest = f"cast(bit_xor(hash({listed})) as varchar), cast(sum(hash({listed})) as varchar)"
        found[name] = outcome.con.execute(f"select count(*), {digest} from marts.{name}").fetchall()
    return found


def answers(outcome: Outcome) -> pd.Series:
    """Substantive answers of each sample and question: single answers, and choices of several."""
    frame = outcome.query("""
        select sample_id || ' ' || question_id as place, count(*) as n
        from marts.fct_response where answer_status = 'answered' group by place
        union all
        select sample_id || ' ' || question_id, count(*)
        from marts.fct_multiple_response where chosen group by all""")
    return frame.set_index("place")["n"]
