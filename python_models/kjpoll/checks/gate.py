"""The gate between the raw answers and the marts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kjpoll.common.frames import rows
from kjpoll.common.plain_error import PlainError

SHOWN = 40


class GateClosed(PlainError):
    """The raw answers break a rule that no waiver lets pass."""


def close_gate(violations: pd.DataFrame, audit: pd.DataFrame) -> pd.DataFrame:
    """Raises GateClosed where a violation is an error and not waived, or where the two checks disagree.

    violations: quality.violation. audit: quality.response_code_audit. A failed expectation of which the rules say
    nothing closes the gate too; one of which they do is decided by the violation, which may be a warning or waived.
    Returns one row with the number of waived violations and of the other warnings.
    """
    waived = violations["is_waived"].astype(bool)
    errors = violations[(violations["severity"] == "error") & ~waived]
    unexplained = unexplained_failures(violations, audit)
    # Of a sample that an error stops, what else its suite finds may follow from that error.
    unexplained = unexplained[~unexplained["sample_id"].isin(errors["sample_id"])]
    messages = []
    if len(errors):
        messages.append(report(errors))
    if len(unexplained):
        lines = [
            f"- {row.sample_id}: {row.expectation}: {row.unexpected} (the rule {row.rule} found nothing)"
            for row in rows(unexplained)
        ]
        messages.append(
            "the response-code audit failed where the rules are silent; one of the two is at fault\n"
            + "\n".join(lines)
        )
    if messages:
        raise GateClosed("\n".join(messages))
    return pd.DataFrame(
        {
            "n_waived": [int(waived.sum())],
            "n_warnings": [int(((violations["severity"] == "warn") & ~waived).sum())],
        }
    )


def unexplained_failures(violations: pd.DataFrame, audit: pd.DataFrame) -> pd.DataFrame:
    """The failed expectations whose rule has no violation, waived or not, in the sample."""
    failed = audit[~audit["success"].astype(bool)]
    reported = set(zip(violations["sample_id"], violations["rule"]))
    silent = [(row.sample_id, row.rule) not in reported for row in rows(failed)]
    return failed[pd.Series(silent, index=failed.index, dtype="bool")]


def report(errors: pd.DataFrame) -> str:
    """The violations as text: one paragraph each, one at least of every rule, and how many more there are."""
    # The first of every rule, then the second: so that a rule with many findings hides no other.
    turn = errors.groupby("rule").cumcount().rank(method="first")
    shown = [_paragraph(row) for row in rows(errors[turn <= max(SHOWN, errors["rule"].nunique())])]
    rest = len(errors) - len(shown)
    if rest > 0:
        shown.append(f"and {rest} more: select * from quality.violation in the build file shows them all")
    return (
        f"{len(errors)} violation(s) in the wave files and seeds stop the build before the marts\n"
        + "\n".join(shown)
    )


def _paragraph(row: Any) -> str:
    where = [f"{row.rule}: {row.file}" + (f" ({row.sample_id})" if _given(row.sample_id) else "")]
    where += [
        f"{name} {value}"
        for name, value in (("question", row.question_id), ("variable", row.variable), ("code", row.code))
        if _given(value)
    ]
    if _given(row.raw_label):
        where.append(f"labelled '{row.raw_label}' in the file")
    if _given(row.n):
        where.append(
            f"{int(row.n)} record(s)" + (f", first rows {row.first_rows}" if _given(row.first_rows) else "")
        )
    lines = [f"- {', '.join(where)}: {row.finding}.", row.resolve_with]
    if _given(row.waive_with):
        lines.append(f"or, where it is known and loses nothing, crosswalk/waivers.csv: {row.waive_with}")
    return "\n  ".join(lines)


def _given(value: Any) -> bool:
    return value is not None and not pd.isna(value)
