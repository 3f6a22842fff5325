"""What every result file says: when, with what, on what; and where it is written."""

from __future__ import annotations

import datetime
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("numpy", "scipy", "statsmodels", "duckdb")


def conditions(extra: Iterable[str] = ()) -> str:
    """A line with the date, the versions and the cores; no name of a machine."""
    versions = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES)]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    threads = os.environ.get("OPENBLAS_NUM_THREADS")
    return (
        f"{datetime.date.today().isoformat()}; {', '.join([*versions, *extra])}; "
        f"{platform.machine()}, {cores} cores"
        + ("." if threads is None else f", OPENBLAS_NUM_THREADS={threads}.")
    )


def table(header: Sequence[str], rows: Iterable[Sequence]) -> str:
    """A markdown table; numbers are right-aligned."""
    cells = [[str(cell) for cell in row] for row in rows]
    numeric = [
        all(row[at][:1].isdigit() or row[at][:1] in "-<>" for row in cells) for at in range(len(header))
    ]
    lines = [header, ["---:" if right else "---" for right in numeric], *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def peak_memory() -> float | None:
    """Largest resident memory of this process so far, in MB; None where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(lines["VmHWM"].split()[0]) / 1024


def publish(text: str, output: Path | None) -> None:
    """Print, and write if a file is named."""
    sys.stdout.write(text + "\n")
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text + "\n", encoding="utf-8")
