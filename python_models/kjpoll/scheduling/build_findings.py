"""What stopped a build: the violations at the gate, or the rows that its tests found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb
import pandas as pd

from kjpoll.common.frames import records

Rows = list[dict[str, Any]]
SHOWN = 20


@dataclass(frozen=True)
class FailedTest:
    """A data test that found rows: its name, how many they are, the first of them."""

    name: str
    n: int
    rows: Rows


@dataclass(frozen=True)
class Findings:
    """violations: rows of quality.violation that close the gate; warnings: the others that no waiver covers.

    expectations: failed rows of quality.response_code_audit of which the rules say nothing.
    """

    violations: Rows = field(default_factory=list)
    warnings: Rows = field(default_factory=list)
    expectations: Rows = field(default_factory=list)
    tests: list[FailedTest] = field(default_factory=list)

    def summary(self) -> str:
        """In a line: how many of what."""
        counts = (
            (len(self.violations), "violation(s) in the wave files and seeds"),
            (len(self.expectations), "failed expectation(s) of which the rules say nothing"),
            (len(self.tests), "failed test(s): " + ", ".join(test.name for test in self.tests)),
        )
        return ", ".join(f"{n} {what}" for n, what in counts if n)


def gate_findings(build_file: Path) -> Findings:
    """What closed the gate of the build in `build_file`. Raises duckdb.Error where it cannot be read."""
    # Its package loads Great Expectations, which takes seconds: not for those who find nothing new.
    from kjpoll.checks.gate import unexplained_failures

    with duckdb.connect(build_file, read_only=True) as con:
        violations = con.execute("select * from quality.violation").fetch_df()
        audit = con.execute("select * from quality.response_code_audit").fetch_df()
    is_open = ~violations["is_waived"].astype(bool)
    is_error = violations["severity"] == "error"
    return Findings(
        violations=_rows(violations[is_open & is_error]),
        warnings=_rows(violations[is_open & ~is_error]),
        expectations=_rows(unexplained_failures(violations, audit)),
    )


def data_tests(build_file: Path, failing: Rows) -> Findings:
    """The rows that failed data tests find. failing: their rows of run_results.json. Raises duckdb.Error."""
    with duckdb.connect(build_file, read_only=True) as con:
        tests = [
            FailedTest(
                result["unique_id"].split(".")[2],
                int(result["failures"]),
                _rows(con.execute(f"select * from ({result['compiled_code']}) limit {SHOWN}").fetch_df()),
            )
            for result in failing
        ]
    return Findings(tests=tests)


def add_wave_command(file: str) -> str:
    """The command that makes a file below data/raw known; wave and country as its path gives them."""
    path = PurePosixPath(file)
    wave = path.parent.name if re.fullmatch(r"\d{1,4}", path.parent.name) else "<wave>"
    country = path.stem if re.fullmatch(r"[A-Z]{3}", path.stem) else "<country>"
    return f"kjpoll add-wave 'data/raw/{file}' --wave {wave} --country {country}"


def _rows(frame: pd.DataFrame) -> Rows:
    """The rows as dictionaries, absent values as None."""
    return records(frame.astype("object").where(frame.notna(), None))
