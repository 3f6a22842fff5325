"""The history of the releases, and the facts of a build."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest
from kjpoll.release import build_info, git_commit, previous_release, publish
from kjpoll.release.history import LATER_COLUMNS, SCHEMA
from kjpoll.release.provenance import code_hash


def test_no_file_gives_an_empty_table_with_types(tmp_path):
    empty = previous_release(tmp_path / "warehouse.duckdb")
    assert (empty.num_rows, empty.schema) == (0, SCHEMA)
    types = duckdb.sql("select column_name, column_type from (describe from empty)").fetchall()
    assert dict(types) == {
        "release_id": "VARCHAR",
        "built_at": "TIMESTAMP",
        "content_hash": "VARCHAR",
        "raw_files_hash": "VARCHAR",
        "n_samples": "BIGINT",
        "n_respondents": "BIGINT",
        "n_answers": "BIGINT",
        "n_tables": "BIGINT",
        "git_commit": "VARCHAR",
        "synthetic": "BOOLEAN",
        "n_waived": "BIGINT",
        "n_warnings": "BIGINT",
        "code_hash": "VARCHAR",
        "engine": "VARCHAR",
        "n_changes": "BIGINT",
        "causes": "VARCHAR",
    }


def test_rows_of_the_released_file_oldest_first(build):
    build.fill("second", hour=-1)
    publish(build.con, build.release)
    rows = previous_release(build.release).to_pylist()
    assert [row["built_at"] for row in rows] == [datetime(2025, 12, 31, 23), datetime(2026, 1, 1)]
    assert rows[1] == {
        "release_id": "a7937b64b8ca",
        "built_at": datetime(2026, 1, 1),
        "content_hash": "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e",
        "raw_files_hash": "raw",
        "n_samples": 22,
        "n_respondents": 22000,
        "n_answers": 1,
        "n_tables": 3,
        "git_commit": None,
        "synthetic": True,
        "n_waived": 2,
        "n_warnings": 5,
        "code_hash": "c0de",
        "engine": "duckdb 0",
        "n_changes": 7,
        "causes": "raw file: 7",
    }


def test_a_release_from_before_waivers_were_counted_keeps_its_rows(build):
    for name in LATER_COLUMNS:
        build.con.execute(f"alter table quality.release drop {name}")
    publish(build.con, build.release)
    (row,) = previous_release(build.release).to_pylist()
    assert [row["n_samples"], *(row[name] for name in LATER_COLUMNS)] == [22] + [None] * 6


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_held_by_another_program_is_read(build, read_only):
    publish(build.con, build.release)
    program = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == 'True');"
        "print(1, flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, build.release, str(read_only)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"1\n"
        assert previous_release(build.release).num_rows == 1
    finally:
        holder.communicate(b"\n")


@pytest.mark.parametrize("settings", [{"read_only": True}, {"read_only": False}])
def test_a_file_held_by_this_program_is_read(build, settings):
    publish(build.con, build.release)
    with duckdb.connect(build.release, config={"threads": 1}, **settings):
        assert previous_release(build.release).num_rows == 1


def damage(path, how):
    whole = path.read_bytes()
    if how == "empty":
        path.write_bytes(b"")
    elif how == "text":
        path.write_bytes(b"not a database\n" * 5000)
    elif how == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif how == "overwritten":
        path.write_bytes(whole[:12288] + b"\xff" * (len(whole) - 12288))


@pytest.mark.parametrize("how", ["empty", "text", "cut", "overwritten"])
def test_a_damaged_file_counts_as_none_and_is_logged(build, caplog, how):
    publish(build.con, build.release)
    damage(build.release, how)
    assert previous_release(build.release).num_rows == 0
    assert f"{build.release}: no release history can be read" in caplog.text
    publish(build.con, build.release)
    assert previous_release(build.release).num_rows == 1


def test_a_file_without_the_table_counts_as_none(tmp_path, caplog):
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(path) as con:
        con.execute("create table mine as select 1")
    assert previous_release(path).num_rows == 0
    assert "no release history can be read" in caplog.text


def git(directory, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    command = ["git", "-C", directory, *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_git_commit(tmp_path):
    assert git_commit(tmp_path) is None
    git(tmp_path, "init")
    assert git_commit(tmp_path) is None
    (tmp_path / "file").write_text("a")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-m", "First")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert len(head) == 40 and git_commit(tmp_path) == head
    (tmp_path / "file").write_text("b")
    assert git_commit(tmp_path) == head + "-dirty"


def test_no_git_gives_no_commit(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_commit(tmp_path) is None


def test_build_info_is_one_row_in_utc(tmp_path):
    table = build_info(tmp_path)
    names = ["git_commit", "code_hash", "engine"]
    assert table.schema == pa.schema(
        [("built_at", pa.timestamp("us")), *((name, pa.string()) for name in names)]
    )
    (row,) = table.to_pylist()
    now = datetime.now(UTC).replace(tzinfo=None)
    assert timedelta(0) <= now - row["built_at"] < timedelta(minutes=1)
    assert row["git_commit"] is None
    assert re.fullmatch("[0-9a-f]{64}", row["code_hash"])
    assert f"duckdb {duckdb.__version__}, " in row["engine"] and "statsmodels " in row["engine"]


def test_the_code_hash_depends_on_every_file_that_makes_values(tmp_path):
    def project(name, files):
        for file, text in files.items():
            path = tmp_path / name / "dbt_project" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return code_hash(tmp_path / name)

    files = {
        "dbt_project.yml": "vars",
        "models/marts/a.sql": "select 1",
        "macros/b.sql": "b",
        "seeds/c/c.yml": "c",
    }
    first = project("first", files)
    assert (
        project("same", files | {"seeds/c/c.csv": "data", "target/compiled/a.sql": "x", "logs/dbt.log": "x"})
        == first
    )
    others = {project(f"other{n}", files | {file: "changed"}) for n, file in enumerate(files)}
    renamed = project("renamed", {file.replace("a.sql", "z.sql"): text for file, text in files.items()})
    assert len({first, renamed, *others}) == 6
