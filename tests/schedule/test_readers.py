"""A program that has the build file open never makes a build fail, and never sees another file than it opened."""

import errno
import os
import shutil
import subprocess
import sys

import duckdb
import pytest
from kjpoll.build import BuildError
from kjpoll.build.readers import take_over

from tests.support.processes import holding, python
from tests.support.project import CHECKOUT
from tests.support.release_reader import reading

pytestmark = pytest.mark.slow

BUILD = """
import sys, duckdb, pathlib
from kjpoll.build import start_build
path = pathlib.Path(sys.argv[1])
start_build(path, lambda line: print(line, flush=True))
with duckdb.connect(path) as con:
    con.execute("update t set x = x + 1")
    print(con.execute("select x from t").fetchall())
"""


def content(path) -> list[tuple]:
    with duckdb.connect(path, read_only=True) as con:
        return con.execute("select x from t").fetchall()


def test_a_reader_keeps_its_file_and_the_build_gets_a_copy(build_file):
    with holding(build_file, "reader") as reader:
        run = python(BUILD, build_file)
        assert (run.returncode, run.stdout) == (0, "[(2,)]\n"), run.stderr
        assert reader.sees() == "[(1,)]"
    assert content(build_file) == [(2,)]
    assert sorted(path.name for path in build_file.parent.iterdir()) == [
        "warehouse.duckdb",
        "warehouse.duckdb.lock",
    ]


def test_a_file_that_nobody_holds_is_not_copied(build_file):
    before = build_file.stat().st_ino
    assert python(BUILD, build_file).returncode == 0
    assert build_file.stat().st_ino == before


def test_a_write_ahead_log_is_not_lost(build_file):
    """What a killed build left: changes that are in the log alone."""
    leave = (
        "import sys, os, duckdb; con = duckdb.connect(sys.argv[1]); con.execute('set wal_autocheckpoint = \"1GB\"');"
        "con.execute('update t set x = 41'); os._exit(0)"
    )
    python(leave, build_file)
    assert build_file.with_name("warehouse.duckdb.wal").stat().st_size > 0
    with holding(build_file, "reader") as reader:
        assert reader.sees() == "[(41,)]"
        run = python(BUILD, build_file)
        assert (run.returncode, run.stdout) == (0, "[(42,)]\n"), run.stderr
        assert reader.sees() == "[(41,)]"
    assert content(build_file) == [(42,)]


def test_a_reader_that_comes_every_tenth_of_a_second(build_file):
    """None of four builds fails, and no reading fails but by the lock of a build that runs."""
    with reading(build_file, "select x from t") as seen:
        for _ in range(4):
            run = python(BUILD + "    import time; time.sleep(0.3)\n", build_file)
            assert run.returncode == 0, run.stderr
    assert content(build_file) == [(5,)]
    # It came while no build ran, too.
    assert len(set(seen["ok"])) > 1
    assert [error for error in seen["failed"] if "Could not set lock" not in error] == []


def test_a_program_that_writes_is_waited_for(build_file):
    with (
        holding(build_file, "writer") as writer,
        subprocess.Popen(
            [sys.executable, "-c", BUILD, build_file], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
        ) as build,
    ):
        said = build.stdout.readline()
        assert f"(PID {writer.process.pid}) has the file open for writing; waiting up to 3600 s" in said
        writer.process.kill()
        assert build.stdout.read() == "[(2,)]\n"


def test_a_program_that_goes_on_writing_is_named(build_file):
    with holding(build_file, "writer") as writer:
        run = python(BUILD, build_file, KJPOLL_BUILD_WAIT="0")
    assert run.returncode == 1
    assert (
        f"(PID {writer.process.pid}) has the file open for writing; close it, or open the file read-only"
        in run.stderr
    )
    assert content(build_file) == [(1,)]


def test_no_room_for_the_copy_leaves_the_file_as_it_was(build_file, monkeypatch):
    def full(source, target):
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", full)
    with holding(build_file, "reader") as reader:
        with pytest.raises(BuildError) as raised:
            take_over(build_file, 0, print)
        assert f"(PID {reader.process.pid}) reads the file and no copy can be put in its place" in str(
            raised.value
        )
        assert "(No space left on device); close the reader or make room" in str(raised.value)
    assert content(build_file) == [(1,)]
    assert [path.name for path in build_file.parent.iterdir()] == ["warehouse.duckdb"]


def test_what_a_killed_copy_left_is_removed(build_file):
    left = build_file.with_name(".warehouse.duckdb.copy")
    left.write_bytes(b"half a file")
    assert python(BUILD, build_file).returncode == 0
    assert not left.exists()


def test_a_first_build_has_nothing_to_take_over(tmp_path):
    take_over(tmp_path / "warehouse.duckdb", 0, print)
    assert list(tmp_path.iterdir()) == []
