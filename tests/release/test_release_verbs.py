"""What `kjpoll releases`, `rollback` and `diff` print."""

import csv
import io
import json
from datetime import datetime

import pytest
from click.testing import CliRunner
from kjpoll.build import BuildLock, lock_path
from kjpoll.cli import main
from kjpoll.release import publish
from small_release import SmallRelease

pytestmark = pytest.mark.slow


@pytest.fixture
def kjpoll():
    def run(*arguments):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        return result.exit_code, result.output

    return run


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two releases that differ in one cell and one code."""
    folder = tmp_path_factory.mktemp("two")
    first = SmallRelease().write(folder / "first.duckdb")
    second = SmallRelease(built_at=datetime(2026, 2, 1))
    second.cell("KOR-2021", 1, "q1", "3")
    second.line("code_lists", code_list="scale_japanese", code="2").update(category_id="bad")
    return first, second.write(folder / "second.duckdb")


def test_releases_lists_when_what_and_whether_kept(build, kjpoll):
    release = build.release
    publish(build.con, release)
    build.fill("second", hour=1)
    publish(build.con, release)
    code, text = kjpoll("releases", "--warehouse", release)
    assert code == 0
    lines = [line for line in text.splitlines() if "2026-01-01" in line]
    assert "a7937b64b8ca" in lines[0] and "kept" in lines[0] and "raw file: 7" in lines[0]
    assert "16367aacb67a" in lines[1] and "present" in lines[1]
    rows = json.loads(kjpoll("releases", "--warehouse", release, "--format", "json")[1])
    assert [(row["file"], row["n_changes"], row["code_hash"]) for row in rows] == [
        ("kept", 7, "c0de"),
        ("present", 7, "c0de"),
    ]
    build.kept("first").unlink()
    listed = csv.DictReader(io.StringIO(kjpoll("releases", "--warehouse", release, "--format", "csv")[1]))
    assert [row["file"] for row in listed] == ["gone", "present"]


def test_releases_of_nothing_is_an_error_that_says_what_to_do(kjpoll, tmp_path):
    code, text = kjpoll("releases", "--warehouse", tmp_path / "warehouse.duckdb")
    assert code == 1 and "nothing was released yet; build first" in text


def test_rollback_says_what_readers_have_and_how_to_take_it_back(build, kjpoll):
    build.con.execute("delete from quality.release")
    ids = []
    for hour, content in enumerate("ab"):
        build.fill(content, rows=10, hour=hour)
        ids.append(build.true_row())
        publish(build.con, build.release)
    code, text = kjpoll("rollback", "previous", "--warehouse", build.release)
    assert code == 0
    assert f"is release {ids[0]} now. {ids[1]} is kept; `kjpoll rollback {ids[1]}` takes this back." in text
    assert "The next build releases what the project holds then" in text
    code, text = kjpoll("rollback", "previous", "--warehouse", build.release)
    assert code == 1 and "no release is known from before the present one" in text


def test_rollback_waits_for_a_build_that_would_release_over_it(build, kjpoll, monkeypatch):
    publish(build.con, build.release)
    build.fill("second", hour=1)
    publish(build.con, build.release)
    root = build.release.parent
    (root / "dbt_project").mkdir()
    monkeypatch.setenv("KJPOLL_BUILD_WAIT", "0")
    before = build.release.read_bytes()
    lock = BuildLock.acquired(lock_path(root / "build" / "warehouse.duckdb"), 0, print)
    code, text = kjpoll("rollback", "previous", "--warehouse", build.release)
    assert code == 1 and "a build is running, by process" in text
    assert build.release.read_bytes() == before
    lock.release()
    assert kjpoll("rollback", "previous", "--warehouse", build.release)[0] == 0
    # And lets the next build start.
    BuildLock.acquired(lock.path, 0, print).release()


def test_diff_names_each_cause_once_with_what_it_changed(two, kjpoll):
    code, text = kjpoll("diff", *two)
    assert code == 0
    assert text.startswith(
        "- first, built 2026-01-01 00:00:00, code code one\n+ second, built 2026-02-01 00:00:00"
    )
    part = text[text.index("\nraw file: ") :]
    assert "\n  2021/KOR.csv: SHA-256 KOR-2021 fir -> KOR-2021 sec\n" in part
    assert "marts.fct_response 5" in part and "analysis.topline " in part
    assert text.count("\nraw file: ") == text.count("\ncrosswalk line: ") == 1
    assert "  crosswalk/code_lists.csv: scale_japanese,2,fair, -> scale_japanese,2,bad," in text


@pytest.mark.parametrize("name", ["topline", "analysis.topline"])
def test_diff_of_one_table_lists_every_value(two, kjpoll, name):
    rows = json.loads(kjpoll("diff", *two, "--table", name, "--format", "json")[1])
    assert {row["table_name"] for row in rows} == {"analysis.topline"}
    (changed,) = [
        row
        for row in rows
        if (row["sample_id"], row["category_id"], row["column_name"]) == ("JPN-2020", "bad", "n")
    ]
    assert int(changed["new_value"]) > int(changed["old_value"]) and changed["causes"] == "crosswalk line"
    same = list(csv.DictReader(io.StringIO(kjpoll("diff", *two, "--table", name, "--format", "csv")[1])))
    assert [row["column_name"] for row in same] == [row["column_name"] or "" for row in rows]
    code, text = kjpoll("diff", *two, "--table", name)
    assert code == 0 and "pct_unweighted" in text


def test_diff_of_a_table_that_there_is_not_names_those_that_there_are(two, kjpoll):
    code, text = kjpoll("diff", *two, "--table", "toplines")
    assert code == 2 and "there is no public table toplines" in text and "analysis.topline," in text


def test_diff_of_one_release_with_itself_and_of_none(two, kjpoll, tmp_path):
    assert kjpoll("diff", two[0], two[0])[1].endswith("No public value differs.\n")
    code, text = kjpoll("diff", "zzz", two[0], "--warehouse", two[1])
    assert code == 1 and "zzz: no release begins so" in text
    broken = tmp_path / "broken.duckdb"
    broken.write_text("no database")
    code, text = kjpoll("diff", two[0], broken)
    assert code == 1 and "broken.duckdb" in text


def test_diff_says_where_code_or_engine_differ_too(two, kjpoll, tmp_path):
    """A proved cause does not rule out that other code changed the same value as well."""
    other = SmallRelease(code_hash="code two")
    other.cell("KOR-2021", 1, "q1", "3")
    text = kjpoll("diff", two[0], other.write(tmp_path / "other.duckdb"))[1]
    note = "The code differs too: it may have a part in what a file or a line has changed."
    assert note in text
    assert note not in kjpoll("diff", *two)[1]
