"""Files made to fill memory are refused within bounds that are measured, not assumed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from kjpoll.landing import wave_table
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.statistical_file import read_statistical
from landing_files import LandingFiles, sample_row

pytestmark = pytest.mark.slow

MB = 1 << 20
# Lands one sample and says what was found, and the peak memory of itself and of its readers in MB.
MEASURE = """
import json, resource, sys
from kjpoll.landing import land
def peak(who):
    return resource.getrusage(who).ru_maxrss // 1024
before = peak(resource.RUSAGE_SELF)
problems = land([json.loads(sys.argv[1])], sys.argv[2], sys.argv[3]).problems
print(json.dumps([[problem.rule for problem in problems], peak(resource.RUSAGE_SELF) - before,
                  peak(resource.RUSAGE_CHILDREN)]))
"""


def measured(files: LandingFiles, row: dict[str, Any]) -> tuple[list[str], int, int]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, json.dumps(row), str(files.raw), str(files.landing)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rules, own, readers = json.loads(done.stdout)
    return rules, own, readers


def sparse(files: LandingFiles, file: str, head: bytes, size: int) -> None:
    with (files.raw / file).open("wb") as stream:
        stream.write(head)
        stream.truncate(size)


@pytest.mark.parametrize("file", ["KOR.csv", "KOR.sav", "KOR.dta", "KOR.xlsx"])
def test_two_gigabytes_without_a_line_break(files: LandingFiles, file: str) -> None:
    sparse(files, file, b"ID,a", 2048 * MB)
    rules, own, readers = measured(files, sample_row(file))
    assert rules == ["line_too_long" if file == "KOR.csv" else "unreadable_file"]
    assert own < 30 and readers < 30


def test_a_long_line_after_a_good_one(files: LandingFiles) -> None:
    sparse(files, "KOR.csv", b"ID,a\n1,", 100 * MB)
    rules, own, _ = measured(files, sample_row("KOR.csv"))
    assert rules == ["line_too_long"] and own < 30


def test_an_open_quotation_mark_does_not_collect_the_file(files: LandingFiles) -> None:
    (files.raw / "KOR.csv").write_bytes(b'ID,a\n1,"2\n' + b"3,4\n" * (2 * MB))
    rules, own, _ = measured(files, sample_row("KOR.csv"))
    assert rules == ["malformed_record"] and own < 30


@pytest.mark.parametrize("head", [b"$FL2", b"<stata_dta>"])
def test_a_large_file_with_the_first_bytes_of_its_format(files: LandingFiles, head: bytes) -> None:
    file = "KOR.sav" if head == b"$FL2" else "KOR.dta"
    sparse(files, file, head, 100 * MB)
    rules, own, readers = measured(files, sample_row(file))
    assert rules == ["unreadable_file"]
    assert own < 30 and readers < 300


@pytest.mark.parametrize("file", ["KOR.sav", "KOR.dta"])
def test_absurd_column_counts(files: LandingFiles, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A file of ten thousand columns takes seconds to write; with another limit ten do.
    monkeypatch.setattr(wave_table, "COLUMNS", 9)
    frame = pd.DataFrame(np.ones((2, 10)), columns=[f"v{i}" for i in range(10)])
    (pyreadstat.write_sav if file == "KOR.sav" else pyreadstat.write_dta)(frame, files.raw / file)
    with pytest.raises(ReadProblem, match="too_many_columns: the header has 10 columns, more than 9"):
        read_statistical(files.raw / file, file[4:], None)


def test_formulas_are_text(files: LandingFiles) -> None:
    files.put("KOR.csv", b"ID,a\n1,=cmd|' /C calc'!A0\n2,@SUM(1)\n")
    (landed,) = files.land(sample_row("KOR.csv"))
    assert files.cells(landed) == [["1", "=cmd|' /C calc'!A0"], ["2", "@SUM(1)"]]


def test_a_reader_that_fills_memory_or_finds_no_end_is_named(
    files: LandingFiles, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The reading process takes its limits as they are; here it gets a reader that breaks them."""
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "sitecustomize.py").write_text(
        "import pyreadstat\n"
        "def greedy(path, **options):\n"
        "    return bytearray(4 << 30)\n"
        "def endless(path, **options):\n"
        "    while True: pass\n"
        "pyreadstat.read_sav, pyreadstat.read_dta = greedy, endless\n"
        "import kjpoll.landing.limits as limits\n"
        "limits.READER_SECONDS = 0\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(bad))
    files.put("A.sav", b"$FL2")
    files.put("B.dta", b"<stata_dta></stata_dta>")
    problems = files.problems(sample_row("A.sav"), sample_row("B.dta"))
    assert [problem.rule for problem in problems] == ["unreadable_file"] * 2
    assert "it needs more than" in problems[0].what
    assert "found no end" in problems[1].what
