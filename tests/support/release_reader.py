"""A program that keeps opening a released file, as dashboards and notebooks do."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PROGRAM = """
import sys, time
import duckdb
print("ready", flush=True)
while True:
    try:
        with duckdb.connect(sys.argv[1], read_only=True) as con:
            print("ok", con.execute(sys.argv[2]).fetchall(), sep="\\t", flush=True)
    except Exception as error:
        print("failed", repr(error).replace("\\n", " "), sep="\\t", flush=True)
    time.sleep(0.1)
"""


@contextmanager
def reading(path, query: str) -> Iterator[dict[str, list[str]]]:
    """Open the file at `path` and run `query`, every 0.1 s in another process.

    Gives a dictionary that is filled at the end of the block: `ok` has the rows that
    each query gave, as text, and `failed` the errors.
    """
    results = {"ok": [], "failed": []}
    command = [sys.executable, "-c", PROGRAM, str(path), query]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        try:
            assert reader.stdout.readline() == "ready\n"
            yield results
        finally:
            reader.kill()
            for line in reader.stdout.read().splitlines():
                outcome, _, value = line.partition("\t")
                results[outcome].append(value)
