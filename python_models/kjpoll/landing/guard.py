"""Have wave files read by a process of its own, and name what ends that process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kjpoll.landing.landing_sample import Sample
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.raw_directory import RawFile
from kjpoll.landing.worksheet import SheetOutline

ROOT = Path(__file__).resolve().parents[2]
# A linear algebra library would reserve memory for each processor, and count against the limit.
SETTINGS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}


class GuardedReader:
    """A reading process, started when it is first needed and again after a file has ended it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def land(
        self, raw_file: RawFile, sample: Sample, landing_dir: Path, expected: Collection[str] = ()
    ) -> None:
        """Read the file and write its three landed files. `expected`: see read_csv. Raises ReadProblem or OSError."""
        self._ask(
            raw_file.path,
            sample.format,
            sample=asdict(sample),
            landing_dir=str(landing_dir),
            sha256=raw_file.sha256,
            stamp=raw_file.stamp,
            expected=sorted(expected),
        )

    def names(self, path: Path, sample: Sample) -> list[str]:
        """The names of the file's columns. Raises ReadProblem or OSError."""
        names: list[str] = self._ask(path, sample.format, sample=asdict(sample), landing_dir=None)["names"]
        return names

    def outlines(self, path: Path) -> list[SheetOutline]:
        """What the sheets of a workbook look like. Raises ReadProblem or OSError."""
        answer = self._ask(path, "xlsx", sample=None)
        return [SheetOutline(**outline) for outline in answer["outlines"]]

    def _ask(self, path: Path, file_format: str, **request: Any) -> dict[str, Any]:
        if self._process is None:
            self._process = self._start()
        process = self._process
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps({"path": str(path)} | request) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            pass
        line = process.stdout.readline()
        if not line:
            raise self._ended(file_format)
        answer: dict[str, Any] = json.loads(line)
        if "problem" in answer:
            raise ReadProblem(**answer["problem"])
        if "os_error" in answer:
            raise OSError(answer["os_error"])
        return answer

    def _start(self) -> subprocess.Popen[str]:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        return subprocess.Popen(
            [sys.executable, "-m", "kjpoll.landing.reader_process"],
            env=os.environ | SETTINGS | {"PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def _ended(self, file_format: str) -> ReadProblem:
        code = self._stop()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        why, fix = f"the reader crashed, {how}", "The file is damaged: ask for it again"
        if code == -signal.SIGXCPU:
            why = "the reader found no end"
        elif code == -signal.SIGKILL:
            why = "the reader was killed, as happens where memory runs out"
            fix = "Run the build again with more free memory; if it ends so again, ask for the file again"
        return ReadProblem("unreadable_file", f"cannot be read as {file_format} ({why})", fix)

    def _stop(self) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        assert process.stdin and process.stdout
        process.stdin.close()
        code = process.wait()
        process.stdout.close()
        return code
