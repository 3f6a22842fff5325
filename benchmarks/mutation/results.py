"""The verdicts as a page: kinds by outcome, totals, the power of the rules alone, and what the right rule did not name."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Sequence

from benchmarks import report
from benchmarks.mutation.case import BLIND_KINDS, KINDS
from benchmarks.mutation.trial import (
    ANOTHER,
    HARMFUL,
    HARMLESS,
    NO_PLACE,
    RECONCILED,
    RECONCILIATION,
    RIGHT,
    UNSIGNED,
    Verdict,
)
from tests.support.project import CHECKOUT

OUTCOMES = (RIGHT, ANOTHER, RECONCILED, UNSIGNED, HARMLESS, HARMFUL)
BY_RULES = (RIGHT, ANOTHER)
OTHERWISE = (ANOTHER, RECONCILED)
# They compare a file with what was released of it before.
OF_A_RELEASE = {"moved_identifiers", "unordered_respondents", "changed_file"}
WRITTEN = {
    True: "The kinds were written from a list of faults, by somebody who had not read the rules",
    False: "The kinds were written beside the rules",
}


def page(verdicts: Sequence[Verdict], seed: int, blind: bool) -> str:
    n, verdicts = len(verdicts), [verdict for verdict in verdicts if verdict.outcome != NO_PLACE]
    total = Counter(verdict.outcome for verdict in verdicts)
    harmful = [verdict for verdict in verdicts if verdict.outcome != HARMLESS]
    alone, named_alone = _alone(harmful)
    named_input = sum(verdict.outcome in OTHERWISE and bool(verdict.inputs) for verdict in verdicts)
    caught = total[RIGHT] + total[UNSIGNED] + named_input
    silent = sum(verdict.lost_silently for verdict in verdicts)
    named = sum(verdict.stage == "error" for verdict in verdicts)
    each = sum(verdict.seconds for verdict in verdicts) / max(len(verdicts), 1)
    command = f"python -m benchmarks.mutation {'--blind ' if blind else ''}--n {n} --seed {seed}"
    return "\n\n".join(
        [
            "# Mutation: what becomes of random corruptions",
            report.conditions(),
            (
                f"Written by `{command}` at commit {commit()}: {len(verdicts)} single corruptions of "
                f"{len({v.kind for v in verdicts})} kinds, {each:.1f} s each; `--only <number>` repeats one of them. "
                f"{n - len(verdicts)} more found no place in the files and seeds. {WRITTEN[blind]}."
            ),
            (
                f"**{_share(caught, len(harmful))} of the harmful ones are reported by a rule that names the cause, or stop as "
                f"a change that nobody has signed**: {total[RIGHT]} by such a rule, {total[UNSIGNED]} as an unsigned change "
                f"alone, and {named_input} by another rule, a test or the reconciliation, where the build says besides which "
                f"file or lines are not those that were signed; of {len(harmful)}. {total[ANOTHER]} in all are reported by "
                f"another rule or test, {total[RECONCILED]} disagree with a published number, {total[HARMFUL]} went through. "
                f"{total[HARMLESS]} leave every public fact as it was. "
                f"{silent} lost answers without a finding. {named} ended in an error that is no finding."
            ),
            (
                "In a new wave nothing is signed, and no release has its records. The other rules alone reported "
                f"{_share(alone, len(harmful))} of the harmful ones, {_share(named_alone, len(harmful))} by a rule that names "
                "the cause; the column *rules alone* has it by kind: reported, of how many, in brackets by the right rule. Where a corruption stands in a wave that has later ones, rules that compare waves know more than of a new wave."
            ),
            (
                "`right rule`: one that the kind names beforehand, from the names of the rules, of the damaged sample; warnings "
                "count only there. "
                "`reconciliation`: a published number no longer agrees behind an open gate. `unsigned change`: rules and "
                "reconciliation are silent, and a value in `seeds/released` would change. `harmless`: nothing that is signed "
                "differs but the hash of a file, and marts, toplines, figures, models and reconciliation hold the same rows, but "
                "for provenance; what switches a check off is never harmless."
            ),
            "## By family",
            _table("family", verdicts, _family),
            "## By kind",
            _table("kind", verdicts, lambda verdict: verdict.kind),
            "## Not caught, and caught by another rule or the reconciliation alone",
            _list(verdicts),
        ]
    )


def _family(verdict: Verdict) -> str:
    """The module that has the kind."""
    module = (KINDS | BLIND_KINDS)[verdict.kind].damage.__module__
    return module.rsplit(".", 1)[-1].replace("_", " ")


def _share(n: int, of: int) -> str:
    return f"{n / of:.1%}" if of else "none"


def _table(header: str, verdicts: Sequence[Verdict], name_of) -> str:
    by_name: dict[str, list[Verdict]] = {}
    for verdict in sorted(verdicts, key=_order):
        by_name.setdefault(name_of(verdict), []).append(verdict)
    rows = []
    for name, listed in [*by_name.items(), ("total", list(verdicts))]:
        counts = Counter(verdict.outcome for verdict in listed)
        harmful = [verdict for verdict in listed if verdict.outcome != HARMLESS]
        reported, named = _alone(harmful)
        power = f"{reported} of {len(harmful)} ({named})"
        rows.append([name, *(counts[outcome] for outcome in OUTCOMES), power])
    return report.table([header, *OUTCOMES, "rules alone"], rows)


def _order(verdict: Verdict) -> int:
    return list(KINDS | BLIND_KINDS).index(verdict.kind)


def _alone(verdicts: Sequence[Verdict]) -> tuple[int, int]:
    """How many the rules report that need no release, and how many of these a rule that names the cause."""
    reported = named = 0
    for verdict in verdicts:
        rules = set(verdict.rules) - OF_A_RELEASE - {RECONCILIATION}
        if verdict.outcome in BY_RULES and (rules or verdict.stage == "error"):
            reported += 1
            named += verdict.outcome == RIGHT and bool(
                rules & set((KINDS | BLIND_KINDS)[verdict.kind].expects)
            )
    return reported, named


def _list(verdicts: Sequence[Verdict]) -> str:
    rows = [
        (
            verdict.number,
            verdict.outcome,
            verdict.kind,
            verdict.what,
            ", ".join(verdict.rules) or verdict.stage,
            "-" if verdict.unsigned is None else verdict.unsigned,
            ("; ".join(line.strip("- ") for line in verdict.inputs.splitlines()[1:3]) or "-")[:160],
        )
        for verdict in verdicts
        if verdict.outcome in (HARMFUL, ANOTHER, RECONCILED)
    ]
    rows.sort(key=lambda row: (row[1] != HARMFUL, row[1], row[2], row[0]))
    header = ["number", "outcome", "kind", "what", "found by", "unsigned values", "said not to be as signed"]
    return report.table(header, rows) if rows else "None."


def commit() -> str:
    run = subprocess.run(
        ["git", "-C", str(CHECKOUT), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    changed = subprocess.run(
        ["git", "-C", str(CHECKOUT), "status", "--porcelain", "--untracked-files=no"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return (run.stdout.strip() or "unknown") + (" with changes" if changed else "")
