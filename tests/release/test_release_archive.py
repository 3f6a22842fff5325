"""How many releases are kept, how one is found and put back, and what the next build makes of it."""

import errno
import os
from pathlib import Path

import duckdb
import pytest
from kjpoll.release import (
    ReleaseError,
    archive,
    files,
    find_release,
    list_releases,
    previous_release,
    publish,
    roll_back,
)
from kjpoll.release.content import content_hash
from kjpoll.release.history import opened

from tests.support.release_reader import reading

pytestmark = pytest.mark.slow

CONTENT = "select distinct content from marts.response"


def release(build, *contents, keep=5, start=0):
    """Release these contents one after the other, each with the true hash of what it holds. Returns their ids."""
    ids = []
    for hour, content in enumerate(contents, start=start):
        build.fill(content, rows=100, hour=hour)
        ids.append(build.true_row())
        publish(build.con, build.release, kept_releases=keep)
    return ids


@pytest.fixture
def build(build):
    build.con.execute("delete from quality.release")
    return build


def test_the_last_replaced_releases_are_kept(build):
    ids = release(build, *"abcde", keep=3)
    assert build.kept_names() == sorted(ids[1:4])
    assert build.left_over() == []
    release(build, "f", keep=1, start=5)
    assert build.kept_names() == [ids[4]]


def test_none_is_kept_where_none_is_wanted(build):
    release(build, "a", "b", keep=0)
    assert build.kept_names() == []


def test_what_is_kept_is_the_file_itself(build):
    (first,) = release(build, "a")
    inode = build.release.stat().st_ino
    release(build, "b", start=1)
    assert (build.release.parent / "releases" / f"{first}.duckdb").stat().st_ino == inode


def test_a_file_of_no_release_is_never_removed(build):
    release(build, "a", "b")
    foreign = build.release.parent / "releases" / "notes.duckdb"
    foreign.write_text("mine")
    release(build, "c", "d", keep=1, start=2)
    assert foreign.read_text() == "mine"
    assert len(build.kept_names()) == 2


def test_a_file_that_cannot_be_removed_is_reported_and_the_release_stands(build, monkeypatch, caplog, read):
    release(build, "a", "b")

    def fail(*_):
        raise OSError(errno.EACCES, "not allowed")

    build.fill("c", rows=100, hour=2)
    build.true_row()
    with monkeypatch.context() as patch:
        patch.setattr(archive, "files", type("Files", (), {"remove": fail, "swap": files.swap}))
        publish(build.con, build.release, kept_releases=1)
    assert "cannot be removed, though only 1 releases are to be kept" in caplog.text
    assert read(build.release, CONTENT) == [("c",)]


def test_a_full_disk_keeps_the_kept_and_the_present(build, monkeypatch):
    """Where the disk has no links the replaced file is copied; the copy does not fit."""
    release(build, "a", "b")
    before = {path: path.read_bytes() for path in build.release.parent.rglob("*") if path.is_file()}
    build.fill("c", rows=100, hour=2)
    build.true_row()

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "link", full)
    monkeypatch.setattr(files.shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space left"):
        publish(build.con, build.release)
    assert {path: path.read_bytes() for path in build.release.parent.rglob("*") if path.is_file()} == before


def test_the_list_says_which_is_present_kept_or_gone(build):
    ids = release(build, *"abcd", keep=2)
    listed = list_releases(build.release)
    assert [one.row["release_id"] for one in listed] == ids
    assert [one.present for one in listed] == [False, False, False, True]
    assert [one.file and one.file.name for one in listed] == [
        None,
        f"{ids[1]}.duckdb",
        f"{ids[2]}.duckdb",
        "warehouse.duckdb",
    ]


def test_a_release_is_found_by_the_beginning_of_its_id(build, tmp_path):
    ids = release(build, *"abc")
    kept = build.release.parent / "releases"
    assert find_release(build.release, ids[0][:5]) == kept / f"{ids[0]}.duckdb"
    assert find_release(build.release, "previous") == kept / f"{ids[1]}.duckdb"
    assert find_release(build.release, "present") == build.release == find_release(build.release, ids[2])
    assert find_release(tmp_path / "none", str(build.release)) == build.release


def test_a_name_that_fits_none_or_several_or_a_lost_file_is_an_error(build, tmp_path):
    ids = release(build, *"abc")
    with pytest.raises(ReleaseError, match="zzz: no release begins so; `kjpoll releases` lists them"):
        find_release(build.release, "zzz")
    with pytest.raises(ReleaseError, match="no release begins so"):
        find_release(build.release, "")
    build.con.execute(
        "insert into quality.release select * replace (left(release_id, 4) || 'zz' as release_id, "
        "timestamp '2030-01-01' as built_at) from quality.release limit 1"
    )
    publish(build.con, build.release)
    with pytest.raises(ReleaseError, match="several releases begin so .*; write more of it"):
        find_release(build.release, ids[0][:4])
    (build.release.parent / "releases" / f"{ids[1]}.duckdb").unlink()
    with pytest.raises(ReleaseError, match=f"{ids[1]}: its file is not kept any more"):
        find_release(build.release, ids[1])
    with pytest.raises(ReleaseError, match="nothing was released yet"):
        find_release(tmp_path / "none" / "warehouse.duckdb", "present")


def test_roll_back_and_back_again(build, read):
    ids = release(build, *"abc")
    first = (build.release.parent / "releases" / f"{ids[0]}.duckdb").read_bytes()
    third = build.release.read_bytes()
    assert roll_back(build.release, ids[0][:6]) == (ids[2], ids[0])
    assert build.release.read_bytes() == first
    assert build.kept_names() == sorted(ids[1:])
    assert build.left_over() == []
    assert roll_back(build.release, ids[2]) == (ids[0], ids[2])
    assert build.release.read_bytes() == third
    with pytest.raises(ReleaseError, match="this is what readers have already"):
        roll_back(build.release, "present")


def test_no_release_is_lost_from_the_history_by_a_roll_back(build):
    ids = release(build, *"abc")
    roll_back(build.release, ids[0])
    assert [row["release_id"] for row in previous_release(build.release).to_pylist()] == ids
    assert [(listed.row["release_id"], listed.present) for listed in list_releases(build.release)] == list(
        zip(ids, [True, False, False])
    )


def test_a_build_after_a_roll_back_releases_what_the_project_holds(build, read):
    """The project still holds c, whose row is the last one: no row is added, and c is released again."""
    ids = release(build, *"abc")
    roll_back(build.release, ids[0])
    assert publish(build.con, build.release)["released"].tolist() == [True]
    assert read(build.release, CONTENT) == [("c",)]
    assert [listed.present for listed in list_releases(build.release)] == [False, False, True]
    assert build.kept_names() == sorted(ids[:2] + ids[2:])


def test_a_build_of_what_was_put_back_touches_nothing(build):
    ids = release(build, *"abc")
    roll_back(build.release, ids[0])
    before = build.release.read_bytes()
    build.fill("a", rows=100, hour=3)
    build.true_row()
    assert publish(build.con, build.release)["released"].tolist() == [False]
    assert build.release.read_bytes() == before
    release(build, "d", start=4)
    assert [listed.row["release_id"] for listed in list_releases(build.release)][:3] == ids


def test_readers_are_never_locked_out_by_a_roll_back(build):
    ids = release(build, "a", "b")
    with reading(build.release, CONTENT) as results:
        for turn in range(6):
            roll_back(build.release, ids[turn % 2])
    assert results["failed"] == []
    assert set(results["ok"]) <= {"[('a',)]", "[('b',)]"} and len(results["ok"]) > 1


def kept_file(build, release_id) -> Path:
    return build.release.parent / "releases" / f"{release_id}.duckdb"


@pytest.mark.parametrize("statement", [
    "update marts.response set content = 'other' where i = 3",
    "delete from marts.response where i = 3",
    "create table marts.more as select 1 as x",
])  # fmt: skip
def test_a_kept_file_that_was_changed_is_not_put_back(build, statement):
    ids = release(build, "a", "b")
    with duckdb.connect(kept_file(build, ids[0])) as con:
        con.execute(statement)
    before = build.release.read_bytes()
    with pytest.raises(ReleaseError, match="its content has the hash .* is not put back"):
        roll_back(build.release, ids[0])
    assert build.release.read_bytes() == before and build.left_over() == []
    assert build.kept_names() == [ids[0]]


def test_a_kept_file_that_is_damaged_or_of_another_release_is_not_put_back(build):
    ids = release(build, *"abc")
    kept_file(build, ids[1]).write_bytes(kept_file(build, ids[0]).read_bytes())
    with pytest.raises(ReleaseError, match=f"the file is release {ids[0]}, not {ids[1]}"):
        roll_back(build.release, ids[1])
    whole = kept_file(build, ids[0]).read_bytes()
    kept_file(build, ids[0]).write_bytes(whole[:12288] + b"\xff" * (len(whole) - 12288))
    with pytest.raises(ReleaseError):
        roll_back(build.release, ids[0])


def test_a_file_of_another_version_of_the_engine_is_read_whole_and_put_back(build, caplog):
    """Another version may hash otherwise; so it cannot be held against the hash, and that is said."""
    release(build, "a")
    build.fill("b", rows=100, hour=1)
    build.con.execute(
        "update quality.release set content_hash = 'of another version', release_id = 'other-engine', "
        "engine = 'python 3, duckdb 0.1' where built_at = (select max(built_at) from quality.release)"
    )
    publish(build.con, build.release)
    release(build, "c", start=2)
    assert roll_back(build.release, "other-engine")[1] == "other-engine"
    assert "the content hash was not compared, since DuckDB 0.1 made it" in caplog.text


def test_a_release_that_somebody_changes_is_not_rolled_back(build):
    ids = release(build, "a", "b")
    with duckdb.connect(build.release) as writer:
        writer.execute("set checkpoint_threshold = '1GB'")
        writer.execute("create table mine as select 1")
        with pytest.raises(ReleaseError, match="a program has changed the released file"):
            roll_back(build.release, ids[0])


def test_a_damaged_release_is_rolled_back_and_not_kept(build, read, caplog):
    ids = release(build, "a", "b")
    build.release.write_bytes(b"not a database" * 1000)
    assert roll_back(build.release, ids[0]) == (None, ids[0])
    assert read(build.release, CONTENT) == [("a",)]
    assert "it cannot be read, so it is replaced and not kept" in caplog.text


@pytest.mark.parametrize("step", ["alias", "swap", "sync"])
def test_a_roll_back_that_fails_changes_nothing(build, monkeypatch, step):
    ids = release(build, *"abc")
    before = {path: path.read_bytes() for path in build.release.parent.rglob("*") if path.is_file()}

    def fail(*_):
        raise OSError("on purpose")

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "replace", fail) if step == "swap" else patch.setattr(files, step, fail)
        if step == "sync":
            patch.setattr(files.os, "link", fail)
        with pytest.raises(OSError, match="on purpose"):
            roll_back(build.release, ids[0])
    assert {path: path.read_bytes() for path in build.release.parent.rglob("*") if path.is_file()} == before


def test_the_hash_depends_on_every_public_table_but_the_history(build):
    build.con.execute("create schema analysis; create table analysis.topline as select 1.5 as pct")
    before = content_hash(build.con, "warehouse")
    release(build, "b")
    assert content_hash(build.con, "warehouse") != before
    with opened(build.release) as con:
        stored = content_hash(con, "released")
    assert stored == content_hash(build.con, "warehouse")
    build.con.execute("create table quality.release_change as select 1 as x")
    build.con.execute(
        "insert into quality.release select * replace (timestamp '2031-01-01' as built_at) from quality.release"
    )
    assert content_hash(build.con, "warehouse") == stored
    build.con.execute("update analysis.topline set pct = 1.25")
    assert content_hash(build.con, "warehouse") != stored
