"""Processor and wall seconds and peak memory of a program run as a process of its own."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import CHECKOUT, Project

# Seconds between two looks at the memory of a process; its peak is kept by the system.
BETWEEN = 0.02


@dataclass(frozen=True)
class Cost:
    """Seconds of user and system together, of wall time, and MB; why it was stopped, if it was."""

    processor: float
    wall: float
    memory: float
    stopped: str = ""

    def less(self, start: Cost) -> Cost:
        """Without the seconds of the start; memory stays that of the run."""
        return Cost(self.processor - start.processor, self.wall - start.wall, self.memory, self.stopped)


@dataclass(frozen=True)
class Limits:
    """Seconds and MB at which a run is stopped."""

    seconds: float
    memory: float


NO_LIMITS = Limits(float("inf"), float("inf"))


def measured(command: Sequence[str], project: Project, limits: Limits = NO_LIMITS) -> Cost:
    """Run it in the project's folder, to its end or a limit. Raises RuntimeError with its output where it fails."""
    environment = project.environment()
    environment["PYTHONPATH"] += f"{os.pathsep}{CHECKOUT}"
    peak, stopped = 0.0, ""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        with subprocess.Popen(command, cwd=project.root, env=environment, stdout=log, stderr=log) as process:
            while process.poll() is None:
                peak = max(peak, _peak(process.pid))
                wall = time.monotonic() - start
                if not stopped and (wall > limits.seconds or peak > limits.memory):
                    stopped = f"stopped after {wall:.0f} s at {peak:.0f} MB"
                    process.kill()
                time.sleep(BETWEEN)
        wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        if process.returncode and not stopped:
            log.seek(0)
            raise RuntimeError(f"{' '.join(command)} fails:\n{log.read()[-4000:]}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(used, wall, peak, stopped)


def median(costs: Sequence[Cost]) -> Cost:
    """The middle of each measure; stopped where one run was."""
    return Cost(
        statistics.median(cost.processor for cost in costs),
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.memory for cost in costs),
        next((cost.stopped for cost in costs if cost.stopped), ""),
    )


def _peak(pid: int) -> float:
    """MB of the largest resident memory so far; 0 once the process is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0
    )
