"""A file that is replaced is the old one or the new one, whatever fails on the way."""

import os

import pytest
from kjpoll.common.atomic_file import replacing


def test_the_new_file_takes_the_place_in_one_step_with_its_bytes_on_the_disk(tmp_path, monkeypatch):
    path, steps = tmp_path / "file", []
    path.write_text("old")
    sync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: steps.append("synced") or sync(handle))
    monkeypatch.setattr(os, "replace", lambda *names: steps.append("replaced") or replace(*names))
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old" and temporary.name.startswith(".file.")
    assert steps == ["synced", "replaced"]
    assert path.read_text() == "new" and os.listdir(tmp_path) == ["file"]


def test_the_file_has_the_permissions_of_any_new_file(tmp_path):
    """A temporary file of the library would be readable by its owner alone."""
    (tmp_path / "plain").write_text("")
    with replacing(tmp_path / "file") as temporary:
        temporary.write_text("")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("failing", ["fsync", "replace", "nothing else"])
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch, failing):
    path = tmp_path / "file"
    path.write_text("old")

    def fail(*_):
        raise OSError("on purpose")

    if hasattr(os, failing):
        monkeypatch.setattr(os, failing, fail)
    with pytest.raises(OSError, match="on purpose"), replacing(path) as temporary:
        temporary.write_text("half")
        if not hasattr(os, failing):
            fail()
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["file"]
