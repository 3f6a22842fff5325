"""The fuzzer at work for a moment, and that it would tell of a reader that fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from kjpoll.landing import landing_run

from benchmarks import fuzz

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("file_format", fuzz.FORMATS)
def test_every_damaged_file_lands_or_is_named(tmp_path: Path, file_format: str) -> None:
    inputs = 6
    command = [
        sys.executable,
        "-m",
        "benchmarks.fuzz",
        "--inputs",
        str(inputs),
        "--seed",
        "7",
        "--format",
        file_format,
    ]
    done = subprocess.run(
        [*command, "--keep", str(tmp_path)], capture_output=True, text=True, cwd=fuzz.CHECKOUT, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = [line for line in done.stdout.splitlines() if line.startswith(f"| {file_format} |")]
    assert int(row.split("|")[2]) == inputs


def test_an_unnamed_error_is_a_failure_and_its_input_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of the reader")

    monkeypatch.setattr(landing_run, "look", broken)
    fuzzer = fuzz.Fuzzer("csv", 1, tmp_path / "kept")
    monkeypatch.setattr(fuzz, "MEMORY", -1)
    tally = fuzzer.run(60, most=2)
    assert tally.inputs == len(tally.failures) == len(list((tmp_path / "kept").iterdir())) == 2
    assert "ZeroDivisionError: a fault of the reader" in tally.failures[0]
