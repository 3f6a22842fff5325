"""The report and the open rows on a terminal."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kjpoll.onboarding.review.decisions import Group, OpenSample
from kjpoll.onboarding.review.faults import in_short
from kjpoll.onboarding.review.wave_report import WaveReport

STYLES = {"open": "red", "changed": "yellow", "back": "yellow", "new": "cyan", "gone": "yellow"}


# Where the output goes into a file or a pipe.
WIDTH = 120
# Proposals of at least this score are named only; what is less sure is shown with its reason.
SURE = 0.95


def print_report(report: WaveReport) -> None:
    """What was found, what is proposed, what differs: the open ones first. What matches is only counted."""
    console = _console()
    counted = ", ".join(f"{n} {status}" for status, n in report.counts.items())
    _say(console, f"{report.sample_id}: {report.delivered_as}, {report.n_records} records; {counted}")
    if report.replaced:
        _say(console, "Against the file that it replaces:", "yellow")
        for line in report.replaced:
            _say(console, f"- {line}")
    _table(
        console,
        "The file",
        ("what", "found", ">sure", "why"),
        (
            (None, finding.name, _value(finding.value), f"{finding.confidence:.2f}", finding.why)
            for finding in report.findings
        ),
    )
    _table(
        console,
        "Questions and columns",
        ("", "question", "columns", ">score", "what differs or is open"),
        [
            *(
                (
                    STYLES[line.status],
                    line.status,
                    line.question_id,
                    in_short(line.variables),
                    _number(report.score(line)),
                    "\n".join((*line.faults, *line.changes)) or report.why(line),
                )
                for line in report.lines
                if line.status in STYLES
            ),
            *((STYLES["gone"], "gone", name, "", "", "asked in the last wave") for name in report.gone),
        ],
    )
    _table(
        console,
        "Code lists that differ from the last asking",
        ("question", "code", "label", ">records", "meant", "means"),
        (
            (
                "red" if code.n and not code.now else None,
                *(code.question_id, code.code, code.label, str(code.n), code.before, code.now),
            )
            for code in report.codes
            if code.differs or not code.now
        ),
    )
    _table(
        console,
        "Shares out of their band",
        ("question", "answer", ">share", "band", "last"),
        (
            (
                None,
                topline.question_id,
                report.category(topline),
                f"{topline.pct:.1f}",
                f"{topline.low:.1f} to {topline.high:.1f}",
                f"{topline.series[0][0]}: {topline.series[0][1]:.1f}",
            )
            for topline in report.outside
        ),
    )
    for question_id, referent in report.still_named:
        _say(console, f"About {referent}, as at the last asking; is that still so? {question_id}", "yellow")
    if report.sample_lacks:
        _say(console, f"From the agency: {'; '.join(report.sample_lacks)}", "red")
    if report.is_dry_run:
        _say(console, "Nothing was written (--dry-run).")
    else:
        _say(console, f"Written: {', '.join(report.written)}" if report.written else "Nothing new to write.")


def print_open(samples: Sequence[OpenSample]) -> None:
    """The rows that wait for a person, by question."""
    console = _console()
    if not samples:
        _say(console, "Nothing is open.")
    for sample in samples:
        ignored = [group for group in sample.groups if group.is_ignored]
        sure = [
            group
            for group in sample.groups
            if not group.faults and (group.score or 0) >= SURE and group not in ignored
        ]
        _groups(
            console, sample.sample_id, [group for group in sample.groups if group not in [*sure, *ignored]]
        )
        _groups(console, f"{sample.sample_id}, to be ignored (--accept-ignored)", ignored)
        if sure:
            names = ", ".join(group.question_id or in_short(group.variables) for group in sure)
            _say(console, f"{sample.sample_id}, proposed with a score of {SURE} and more: {names}")
        if sample.is_proposed:
            lacks = "; ".join(sample.lacks) or "complete, not accepted"
            _say(
                console,
                f"{sample.sample_id}, row of survey/samples.csv: {lacks}",
                "red" if sample.lacks else None,
            )


def print_counts(samples: Sequence[OpenSample]) -> None:
    """A line for each sample: how many groups wait, and its row of the samples seed."""
    console = _console()
    if not samples:
        _say(console, "Nothing is open.")
    for sample in samples:
        parts = [f"{n} {what}" for what, n in sample.counts.items()]
        if sample.is_proposed:
            parts.append(f"row of survey/samples.csv: {'; '.join(sample.lacks) or 'complete, not accepted'}")
        # A line for a program stays one.
        line = f"{sample.sample_id}: {', '.join(parts)}"
        console.print(Text(_visible(line)), soft_wrap=True)


def _groups(console: Console, title: str, groups: Sequence[Group]) -> None:
    _table(
        console,
        title,
        ("question", "columns", ">score", "code list", "what keeps it open, or why"),
        (
            (
                "red" if group.faults else None,
                group.question_id or "-",
                in_short(group.variables),
                _number(group.score),
                group.code_list,
                "\n".join(group.faults) or group.why,
            )
            for group in groups
        ),
    )


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)


def _table(console: Console, title: str, columns: Iterable[str], rows: Iterable[tuple]) -> None:
    """`rows`: the style of each and its cells. A column after a `>` is flush right."""
    table = Table(box=box.SIMPLE, title=Text(title, style="bold"), title_justify="left", pad_edge=False)
    for column in columns:
        table.add_column(
            column.lstrip(">"), justify="right" if column.startswith(">") else "left", overflow="fold"
        )
    for style, *cells in rows:
        # Text, so that brackets out of a file are no markup.
        table.add_row(*(Text(_visible(cell)) for cell in cells), style=style)
    if table.row_count:
        console.print(table)


def _say(console: Console, text: str, style: str | None = None) -> None:
    console.print(Text(_visible(text), style=style or ""))


def _visible(text: str) -> str:
    """Without signs that steer a terminal: the text may be out of a wave file."""
    return "".join("\ufffd" if unicodedata.category(sign) == "Cc" and sign != "\n" else sign for sign in text)


def _number(score: float | None) -> str:
    return "" if score is None else f"{score:.2f}"


def _value(value: object) -> str:
    return "-" if value is None else str(value)
