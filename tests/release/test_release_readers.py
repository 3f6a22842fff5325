"""Readers during releases, and releases that are killed."""

import signal
import subprocess
import sys
import time
from ast import literal_eval

import duckdb
import pytest
from kjpoll.common.atomic_file import unfinished
from kjpoll.release import publish

from tests.support.release_reader import reading

pytestmark = pytest.mark.slow

PUBLISHER = """
import sys, duckdb
from kjpoll.release import publish
con = duckdb.connect(sys.argv[1], config={"storage_compatibility_version": "v1.0.0"})
print("start", flush=True)
publish(con, sys.argv[2])
print("end", flush=True)
"""


def test_readers_always_find_one_whole_release(build):
    build.fill("0", rows=20000)
    publish(build.con, build.release)
    query = "select content::int, count(*) from marts.response group by all"
    # Who opened the file before the releases still reads what it opened.
    with duckdb.connect(build.release, read_only=True) as holder:
        with reading(build.release, query) as results:
            until, n = time.monotonic() + 4, 0
            while time.monotonic() < until:
                n += 1
                build.fill(str(n), rows=20000, hour=n)
                assert publish(build.con, build.release)["released"].tolist() == [True]
        assert holder.execute(query).fetchall() == [(0, 20000)]
    assert results["failed"] == []
    seen = [literal_eval(rows) for rows in results["ok"]]
    assert n > 5 and len(seen) > 10
    assert all(len(rows) == 1 and rows[0][1] == 20000 for rows in seen)
    contents = [rows[0][0] for rows in seen]
    assert contents == sorted(contents) and len(set(contents)) > 3


def test_a_killed_release_changes_nothing_and_is_cleaned_up(build, read):
    publish(build.con, build.release)
    before = build.release.read_bytes()
    build.fill("second", rows=3_000_000, hour=1)
    database = build.con.execute("select path from duckdb_databases() where not internal")
    path = database.fetchone()[0]
    build.con.close()

    new = unfinished(build.release, "new")
    publisher = subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, path, build.release], stdout=subprocess.PIPE, text=True
    )
    assert publisher.stdout.readline() == "start\n"
    # Only once data are in the unfinished file is it killed in the midst of copying.
    while not (new.exists() and new.stat().st_size > 1_000_000) and publisher.poll() is None:
        time.sleep(0.001)
    publisher.send_signal(signal.SIGKILL)
    publisher.wait()
    assert "end" not in publisher.stdout.read()
    assert new.exists()
    assert build.release.read_bytes() == before
    assert read(build.release, "select distinct content from marts.response") == [("first",)]
    assert build.kept_names() == []

    build.con = duckdb.connect(path, config={"storage_compatibility_version": "v1.0.0"})
    assert publish(build.con, build.release)["released"].tolist() == [True]
    assert read(build.release, "select count(*) from marts.response") == [(3_000_000,)]
    assert build.kept("first").read_bytes() == before
    assert build.left_over() == []
