"""Other programs: one that holds a database file, and a piece of Python that can import the project."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import CHECKOUT

HOLDER = """
import os, sys, duckdb
# Loads all that another user may not be able to read.
duckdb.connect().execute("select 1").fetchall()
if len(sys.argv) > 4:
    os.setgid(int(sys.argv[4])); os.setuid(int(sys.argv[4]))
con = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "reader")
print("open", flush=True)
for line in sys.stdin:
    print(con.execute(sys.argv[3]).fetchall(), flush=True)
"""


@dataclass
class Holder:
    """A program that has the file open and can be asked what it sees there."""

    process: subprocess.Popen

    def sees(self) -> str:
        self.process.stdin.write("?\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@contextmanager
def holding(
    path: Path, how: str, query: str = "select * from t", user: int | None = None
) -> Iterator[Holder]:
    """Another program with the file open; how: reader or writer; query: what it looks at; user: as whom, for root."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path, how, query, *([] if user is None else [str(user)])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline() == "open\n"
            yield Holder(process)
        finally:
            process.kill()


def python(code: str, *arguments: object, **settings: str) -> subprocess.CompletedProcess:
    """Run a piece of Python that can import the project."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env=os.environ | settings,
        timeout=60,
        check=False,
    )
