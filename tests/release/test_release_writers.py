"""A program that can write into the released file keeps the next release away; one that reads does not."""

import os
import pwd
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from kjpoll.release import ReleaseError, files, publish, publishing, roll_back

from tests.support.processes import holding, python

pytestmark = pytest.mark.slow

CONTENT = "select distinct content from marts.response"
ALTERED = "update marts.response set content = 'altered'"
NOBODY = pwd.getpwnam("nobody").pw_uid
ROOT = os.geteuid() == 0
USERS = [
    pytest.param(None, id="same user"),
    pytest.param(NOBODY, id="nobody", marks=pytest.mark.skipif(not ROOT, reason="only root becomes nobody")),
]


@pytest.fixture
def release(build, monkeypatch):
    """The first release, in a folder that every user may enter and write to."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        monkeypatch.setattr(build, "release", Path(folder, "warehouse.duckdb"))
        publish(build.con, build.release)
        build.fill("second", hour=1)
        yield build.release


def contents(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


def named(process) -> str:
    """How the error names it: to another user, DuckDB may say the number alone."""
    return rf"(\S*python\S* \(PID {process.pid}\)|PID {process.pid}) has the released file open for writing"


def test_a_release_may_be_read_and_not_written(release, build):
    publish(build.con, release)
    assert [path.stat().st_mode & 0o777 for path in (release, build.kept("first"))] == [0o444, 0o444]


@pytest.mark.parametrize("user", USERS)
def test_a_reader_is_no_obstacle(release, build, read, user):
    with holding(release, "reader", CONTENT, user) as reader:
        assert reader.sees() == "[('first',)]"
        publish(build.con, release)
        assert reader.sees() == "[('first',)]"
        assert read(release, CONTENT) == [("second",)]


@pytest.mark.parametrize("altered", [False, True])
@pytest.mark.parametrize("user", USERS)
def test_a_program_that_can_write_is_named_and_nothing_is_released(release, build, read, user, altered):
    # Somebody gave the right back.
    release.chmod(0o666)
    before = release.read_bytes()
    with holding(release, "writer", ALTERED, user) as writer:
        if altered:
            writer.sees()
        with pytest.raises(ReleaseError, match=named(writer.process)):
            publish(build.con, release)
        os.kill(writer.process.pid, signal.SIGKILL)
        writer.process.wait()
    assert release.read_bytes() == before and build.kept_names() == []
    if altered:
        with pytest.raises(
            ReleaseError, match="warehouse.duckdb.wal: a program has changed the released file"
        ):
            publish(build.con, release)
        files.write_ahead_log(release).unlink()
    publish(build.con, release)
    assert read(release, CONTENT) == [("second",)]
    assert build.left_over() == []


@pytest.mark.skipif(not ROOT, reason="only root becomes nobody")
def test_the_mode_keeps_a_writer_out_that_is_not_root(release, build):
    with pytest.raises(AssertionError), holding(release, "writer", ALTERED, NOBODY):
        pass
    publish(build.con, release)


@pytest.mark.skipif(not ROOT, reason="only root becomes nobody")
def test_a_release_of_another_user_is_kept_away_too(release):
    program = """
import os, sys, pathlib
from kjpoll.release import ReleaseError, files
os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
try:
    with files.without_writer(pathlib.Path(sys.argv[1])):
        print("free")
except ReleaseError as error:
    print(error)
"""
    assert python(program, release, NOBODY).stdout == "free\n"
    with holding(release, "writer", ALTERED) as writer:
        assert f"PID {writer.process.pid}" in python(program, release, NOBODY).stdout


def test_a_program_that_opens_the_file_while_the_release_is_written(release, build, monkeypatch):
    """Between the first look and the moment when the file is replaced."""
    check, before = publishing._check, contents(release.parent)
    writers = []

    def check_and_open(*arguments):
        check(*arguments)
        context = holding(release, "writer", ALTERED)
        writers.append((context, context.__enter__()))
        writers[0][1].sees()

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_check", check_and_open)
        with pytest.raises(ReleaseError, match="has the released file open for writing"):
            publish(build.con, release)
    writers[0][0].__exit__(None, None, None)
    files.write_ahead_log(release).unlink()
    assert contents(release.parent) == before


@pytest.mark.parametrize("kept_releases", [0, 5])
def test_changes_that_show_up_under_the_name_of_the_new_file(release, build, monkeypatch, kept_releases):
    """A program that the lock did not keep away, since its own lock was lost."""
    before, replace = contents(release.parent), files.os.replace

    def replace_and_log(source, target):
        replace(source, target)
        if Path(source).name.endswith(".new"):
            files.write_ahead_log(release).write_bytes(b"of the replaced file")

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "replace", replace_and_log)
        with pytest.raises(ReleaseError, match="a program has changed the released file"):
            publish(build.con, release, kept_releases=kept_releases)
    files.write_ahead_log(release).unlink()
    assert contents(release.parent) == before


def test_a_log_without_a_release_is_refused(release, build):
    log, elsewhere = files.write_ahead_log(release), release.with_name("elsewhere")
    shutil.move(release, elsewhere)
    log.write_bytes(b"of the file that was there")
    with pytest.raises(ReleaseError, match="a program has changed the released file"):
        publish(build.con, release)
    assert not release.exists()


def test_nothing_is_put_back_while_a_program_can_write(build):
    first = build.true_row()
    publish(build.con, build.release)
    build.fill("second", hour=1)
    build.true_row()
    publish(build.con, build.release)
    before = contents(build.release.parent)
    build.release.chmod(0o644)
    with (
        holding(build.release, "writer", ALTERED) as writer,
        pytest.raises(ReleaseError, match=named(writer.process)),
    ):
        roll_back(build.release, first)
    assert contents(build.release.parent) == before
