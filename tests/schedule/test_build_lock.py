"""One build at a time; the others wait, or say who builds and stop."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest
from kjpoll.build import Builder, BuildError, BuildLock, lock_path, start, start_build, wait_seconds
from kjpoll.build.lock import HANDED_OVER, builder_of

from tests.support.processes import python
from tests.support.project import CHECKOUT

pytestmark = pytest.mark.slow

BUILDER = """
import sys
from pathlib import Path
from kjpoll.build import start_build
start_build(Path(sys.argv[1]), print)
print("builds", flush=True)
sys.stdin.read()
"""
TRY = (
    "import sys, pathlib; from kjpoll.build import start_build; start_build(pathlib.Path(sys.argv[1]), print)"
)


@contextmanager
def building(build_file):
    """Another process that builds until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-c", BUILDER, build_file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    ) as process:
        try:
            assert process.stdout.readline() == "builds\n"
            yield process
        finally:
            process.kill()


def test_a_second_build_that_may_not_wait_says_who_builds(build_file):
    with building(build_file) as first:
        second = python(TRY, build_file, KJPOLL_BUILD_WAIT="0")
        builder = builder_of(lock_path(build_file))
    assert second.returncode == 1
    assert builder.pid == first.pid
    assert (
        f"BuildError: {build_file.parent}: a build is running, by {builder}; nothing was done"
        in second.stderr
    )
    assert str(builder).startswith(f"process {first.pid} of user ")


def test_a_second_build_waits_and_says_so_once(build_file):
    with (
        building(build_file) as first,
        subprocess.Popen(
            [sys.executable, "-c", BUILDER, build_file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
        ) as second,
    ):
        said = second.stdout.readline()
        assert said.startswith(f"waiting up to 3600 s for the build that process {first.pid} of user ")
        first.stdin.close()
        assert second.stdout.readline() == "builds\n"
        assert builder_of(lock_path(build_file)).pid == second.pid
        second.kill()


def test_a_killed_build_holds_nothing(build_file):
    with building(build_file) as first:
        first.kill()
        first.wait()
        assert python(TRY, build_file, KJPOLL_BUILD_WAIT="0").returncode == 0


def test_a_lock_file_that_is_removed_meanwhile_keeps_others_out_again(build_file):
    """Such as by `make clean`: the next lock is on the new file, not on the lost one."""
    path = lock_path(build_file)
    locks = [BuildLock.acquired(path, 0, print)]
    path.unlink()
    locks.append(BuildLock.acquired(path, 0, print))
    with pytest.raises(BuildError, match="a build is running"):
        BuildLock.acquired(path, 0, print)
    for lock in locks:
        lock.release()


def test_the_lock_is_handed_over_to_a_child_and_to_no_one_else(build_file):
    lock = BuildLock.acquired(lock_path(build_file), 0, print)
    try:
        assert python(TRY, build_file, KJPOLL_BUILD_WAIT="0").returncode == 1
        # A number alone hands nothing over.
        assert (
            python(TRY, build_file, KJPOLL_BUILD_WAIT="0", **{HANDED_OVER: str(lock.handle)}).returncode == 1
        )
        child = subprocess.run(
            [sys.executable, "-c", TRY, build_file],
            cwd=CHECKOUT,
            pass_fds=(lock.handle,),
            env=os.environ | {HANDED_OVER: str(lock.handle), "KJPOLL_BUILD_WAIT": "0"},
            check=False,
        )
        assert child.returncode == 0
    finally:
        lock.release()
    assert python(TRY, build_file, KJPOLL_BUILD_WAIT="0").returncode == 0


def test_a_second_start_in_the_same_process_does_no_harm(build_file, monkeypatch):
    monkeypatch.setattr(start, "_held", {})
    start_build(build_file, print)
    start_build(build_file, print)
    for lock in start._held.values():
        lock.release()


@pytest.mark.parametrize("value", ["soon", "-1", "nan"])
def test_a_wait_that_is_no_number_is_an_error(monkeypatch, value):
    monkeypatch.setenv("KJPOLL_BUILD_WAIT", value)
    with pytest.raises(BuildError, match=f"KJPOLL_BUILD_WAIT={value}: not a number of seconds; give 0"):
        wait_seconds()


def test_an_hour_by_default(monkeypatch):
    monkeypatch.delenv("KJPOLL_BUILD_WAIT", raising=False)
    assert wait_seconds() == 3600


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "build").write_text("a file, not a folder")
    with pytest.raises(BuildError, match="warehouse.duckdb.lock: the build lock cannot be written"):
        BuildLock.acquired(lock_path(tmp_path / "build" / "warehouse.duckdb"), 0, print)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"pid": 1}', json.dumps({"pid": 1, "user": "a", "x": 1})]
)
def test_a_lock_file_without_a_builder_is_no_error(tmp_path, content):
    path = tmp_path / "lock"
    path.write_text(content)
    assert builder_of(path) is None


def test_a_user_without_a_name_is_reported_by_number(monkeypatch):
    def unknown():
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", unknown)
    assert Builder.this_process().user == str(os.getuid())


@pytest.mark.parametrize("name", ["a #1", "what?"])
def test_a_folder_in_which_dbt_would_look_for_another_database_is_refused(tmp_path, name):
    with pytest.raises(BuildError, match="nothing was done: .* move the project into a folder without these"):
        start_build(tmp_path / name / "build" / "warehouse.duckdb", print)
    assert list(tmp_path.iterdir()) == []
