"""Several files are written together or not at all."""

import errno
import os
import subprocess
import sys

import pytest
from kjpoll.onboarding.review import transaction
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.transaction import FileChange, review_lock, write_all

from tests.support.project import CHECKOUT


@pytest.fixture
def three(tmp_path):
    """Two files to replace and one to make, with the state before."""
    (tmp_path / "one").write_bytes(b"old one")
    (tmp_path / "two").write_bytes(b"old two")
    (tmp_path / "source").write_bytes(b"delivered")
    changes = [
        FileChange(tmp_path / "one", b"new one", b"old one"),
        FileChange(tmp_path / "new" / "three", tmp_path / "source", None),
        FileChange(tmp_path / "two", b"new two", b"old two"),
    ]
    return tmp_path, changes


def state(folder) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_all_are_written_and_nothing_is_left_over(three):
    folder, changes = three
    with review_lock(folder) as review_folder:
        write_all(changes, review_folder)
    assert state(folder) == {
        "one": b"new one",
        "two": b"new two",
        "new/three": b"delivered",
        "source": b"delivered",
    }


def test_a_file_is_removed_with_the_others_or_not_at_all(three, monkeypatch):
    folder, changes = three
    removed = FileChange(folder / "gone" / "four", None, b"old four")
    removed.path.parent.mkdir()
    removed.path.write_bytes(b"old four")
    before, real = state(folder), os.replace

    def fail(source, target):
        if str(target).endswith("two"):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    with review_lock(folder) as review_folder:
        with monkeypatch.context() as patched, pytest.raises(ReviewError, match="nothing was changed"):
            patched.setattr(transaction.os, "replace", fail)
            write_all([removed, *changes], review_folder)
        assert state(folder) == before
        write_all([*changes, removed], review_folder)
    assert "gone/four" not in state(folder) and not removed.path.parent.exists()


@pytest.mark.parametrize("failing", ["replace", "fsync"])
@pytest.mark.parametrize("at", range(1, 4))
def test_a_failure_at_any_file_leaves_all_as_they_were(three, monkeypatch, failing, at):
    folder, changes = three
    before, calls, real = state(folder), [], getattr(os, failing)

    def fail(*arguments):
        calls.append(arguments)
        if len(calls) == at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(transaction.os, failing, fail)
    with (
        review_lock(folder) as review_folder,
        pytest.raises(ReviewError, match="No space left on device.*nothing was changed"),
    ):
        write_all(changes, review_folder)
    assert state(folder) == before and len(calls) >= at


KILLED = """
import os, sys
from pathlib import Path
from kjpoll.onboarding.review import transaction
folder, real, calls = Path(sys.argv[1]), os.replace, []
def die(*arguments):
    calls.append(1)
    if len(calls) == int(sys.argv[2]):
        os._exit(9)
    real(*arguments)
transaction.os.replace = die
with transaction.review_lock(folder) as review_folder:
    transaction.write_all([
        transaction.FileChange(folder / "one", b"new one", b"old one"),
        transaction.FileChange(folder / "new" / "three", folder / "source", None),
        transaction.FileChange(folder / "two", b"new two", b"old two")], review_folder)
"""


@pytest.mark.parametrize("at", range(1, 4))
def test_what_a_killed_program_left_is_undone_by_the_next(three, at):
    folder, _ = three
    before = state(folder)
    run = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(at)], cwd=CHECKOUT, check=False)
    assert run.returncode == 9 and state(folder) != before
    with review_lock(folder):
        assert state(folder) == before


def test_what_a_person_put_there_since_stays(three):
    folder, _ = three
    subprocess.run([sys.executable, "-c", KILLED, str(folder), "3"], cwd=CHECKOUT, check=False)
    (folder / "one").write_bytes(b"by hand")
    with review_lock(folder):
        assert state(folder) == {"one": b"by hand", "two": b"old two", "source": b"delivered"}


def test_a_journal_that_broke_off_undoes_nothing(tmp_path):
    (tmp_path / "build" / "onboarding").mkdir(parents=True)
    (tmp_path / "build" / "onboarding" / transaction.JOURNAL).write_bytes(b'[{"path": "')
    with review_lock(tmp_path):
        assert state(tmp_path) == {}


def test_a_file_that_was_changed_meanwhile_is_an_error(three):
    folder, changes = three
    (folder / "two").write_bytes(b"by hand")
    before = state(folder)
    with review_lock(folder) as review_folder, pytest.raises(ReviewError, match="two was changed meanwhile"):
        write_all(changes, review_folder)
    assert state(folder) == before


def test_two_do_not_write_at_once(tmp_path):
    with (
        review_lock(tmp_path),
        pytest.raises(ReviewError, match="another add-wave or review"),
        review_lock(tmp_path),
    ):
        pass
