"""Which program has a DuckDB file open."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb


def file_holder(path: Path, read_only: bool = False) -> str:
    """The program that keeps this one from opening the file, as DuckDB names it: with its process."""
    try:
        duckdb.connect(path, read_only=read_only).close()
    except duckdb.Error as error:
        holder = re.search(r"held in ((?:.+? \()?PID \d+\)?)", str(error))
        if holder:
            return holder[1]
    return "another program"
