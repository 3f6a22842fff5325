"""The report of an ingestion as Markdown: for a mail, a terminal or the summary of a workflow."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import jinja2

from .build_findings import add_wave_command
from .outcome import Outcome, Verdict

# A workflow's summary holds 1 MiB; a violation takes about 1 kB.
SHOWN = 200
TITLES = {
    Verdict.RELEASED: "Released",
    Verdict.NOTHING_NEW: "Nothing new",
    Verdict.STOPPED: "Stopped: the data did not pass",
    Verdict.FAILED: "Failed: the build did not end",
    Verdict.HELD: "Not built: the release is held",
}


def report_text(outcome: Outcome, changes: list[str], started: datetime, ended: datetime) -> str:
    """The whole report. changes: see Inputs.changes; started, ended: UTC."""
    seconds = (ended - started).total_seconds()
    facts = [("started", f"{started:%Y-%m-%d %H:%M:%S} UTC"), ("took", f"{seconds:.0f} s")]
    facts += [(name.replace("_", " "), value) for name, value in outcome.release.items()]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown: every value of the data goes through plain, code or fenced
    )
    environment.filters |= {"plain": plain, "code": code, "fenced": fenced, "add_wave": add_wave_command}
    text = environment.get_template("report.md.j2").render(
        title=TITLES[outcome.verdict],
        outcome=outcome,
        failed=Verdict.FAILED,
        facts=facts,
        changes=changes,
        shown=SHOWN,
    )
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def write_report(folder: Path, text: str, started: datetime) -> Path:
    """Keep the report under the time of its start, beside those before. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{started:%Y-%m-%dT%H%M%S.%f}Z.md"
    path.write_text(text, encoding="utf-8")
    return path


def plain(value: object) -> str:
    """A value as text that Markdown and HTML show as it is, in one line."""
    return re.sub(r"([\\`*_\[\]<>|~&$])", r"\\\1", _line(value))


def code(value: object) -> str:
    """A value as code in a line; nothing in it can end the code, nor a cell of a table."""
    text = _line(value).replace("|", "\\|")
    if not text:
        return ""
    fence = "`" * (_longest_run(text) + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def fenced(value: object) -> str:
    """A value as a block of code, which nothing in it can end."""
    text = str(value)
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}\n{text}\n{fence}"


def _line(value: object) -> str:
    return " ".join(str("" if value is None else value).split())


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
