"""The verdicts as a page: kinds by outcome, totals, rates, and every corruption that went through."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Sequence

from benchmarks import report
from benchmarks.mutation import KINDS
from benchmarks.mutation.trial import ANOTHER, HARMFUL, HARMLESS, NO_PLACE, RIGHT, Verdict
from tests.support.project import CHECKOUT

OUTCOMES = (RIGHT, ANOTHER, HARMLESS, HARMFUL)


def page(verdicts: Sequence[Verdict], seed: int, jobs: int) -> str:
    n, verdicts = len(verdicts), [verdict for verdict in verdicts if verdict.outcome != NO_PLACE]
    total = Counter(verdict.outcome for verdict in verdicts)
    caught = total[RIGHT] + total[ANOTHER]
    harmful = caught + total[HARMFUL]
    silent = sum(verdict.lost_silently for verdict in verdicts)
    named = sum(verdict.stage == "error" for verdict in verdicts)
    alone = sum(len(verdict.rules) == 1 for verdict in verdicts if verdict.outcome == RIGHT)
    each = sum(verdict.seconds for verdict in verdicts) / max(len(verdicts), 1)
    return "\n\n".join(
        [
            "# Mutation: what the gate makes of random corruptions",
            report.conditions(),
            (
                f"Written by `python -m benchmarks.mutation --n {n} --seed {seed} --jobs {jobs}` at commit "
                f"{commit()}: {len(verdicts)} single corruptions of {len({v.kind for v in verdicts})} kinds, {each:.1f} s each. "
                f"`--only <number>` repeats one of them. {n - len(verdicts)} more found no place: of the kind `none and something`, "
                "no question of the shipped files has a choice that excludes the others."
            ),
            (
                f"**{caught} of {harmful} that do harm are caught: {caught / max(harmful, 1):.1%}**; {total[RIGHT]} by a rule that names "
                f"the cause ({alone} by that rule alone), {total[ANOTHER]} by another. {total[HARMFUL]} went through. "
                f"{total[HARMLESS]} were not caught and leave the public facts as they were. {silent} lost answers without a "
                f"finding. {named} ended in an error that is no finding."
            ),
            (
                "Caught means that a rule of the quality seed says so (`right rule`: one that names the cause; warnings count only "
                "there), or that a published number no longer agrees behind an open gate (`reconciliation`). Harmless is proved: "
                "`fct_response`, `fct_multiple_response` and `dim_respondent` hold the same rows, but for the columns of "
                "provenance. Some corruptions that are caught would have done no harm, such as a column that nobody knows."
            ),
            _table(verdicts),
            "## Where each was caught",
            report.table(
                ["stage", "corruptions"], sorted(Counter(verdict.stage for verdict in verdicts).items())
            ),
            "## Not caught, and caught by another rule",
            _list(verdicts),
        ]
    )


def _table(verdicts: Sequence[Verdict]) -> str:
    counts = Counter((verdict.kind, verdict.outcome) for verdict in verdicts)
    names = [name for name in KINDS if any(counts[name, outcome] for outcome in OUTCOMES)]
    rows = [[name, *(counts[name, outcome] for outcome in OUTCOMES)] for name in names]
    total = ["total", *(sum(row[at] for row in rows) for at in range(1, len(OUTCOMES) + 1))]
    return report.table(["kind", *OUTCOMES], [*rows, total])


def _list(verdicts: Sequence[Verdict]) -> str:
    rows = [
        (
            verdict.number,
            verdict.outcome,
            verdict.kind,
            verdict.what,
            ", ".join(verdict.rules) or verdict.stage,
        )
        for verdict in verdicts
        if verdict.outcome in (HARMFUL, ANOTHER)
    ]
    rows.sort(key=lambda row: (row[1] != HARMFUL, row[2], row[0]))
    return report.table(["number", "outcome", "kind", "what", "found by"], rows) if rows else "None."


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
