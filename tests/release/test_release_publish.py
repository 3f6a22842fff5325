"""What a release contains, and when the files are touched."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from kjpoll.common.atomic_file import unfinished
from kjpoll.release import ReleaseError, files, publish, publishing
from kjpoll.release.samples import file_sha256

pytestmark = pytest.mark.slow


def contents(directory):
    return {path.name: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_reports_what_was_released(build):
    row = publish(build.con, build.release).to_dict("records")
    assert row == [{"release_id": "a7937b64b8ca", "released": True, "tables": 3, "rows": 5004}]
    assert build.left_over() == []
    assert build.kept_names() == []


def test_rows_keep_their_values_and_order(build, read):
    publish(build.con, build.release)
    for table in ("marts.response", "seeds.question", "quality.release"):
        expected = build.con.execute(f"from {table}").fetchall()
        assert read(build.release, f"from {table}") == expected
    assert len(read(build.release, "from marts.response")) == 5000


def test_only_public_schemas_and_no_views(build, read):
    publish(build.con, build.release)
    found = read(build.release, "select schema_name, table_name from duckdb_tables() order by all")
    assert found == [("marts", "response"), ("quality", "release"), ("seeds", "question")]
    assert read(build.release, "select 1 from duckdb_views() where not internal") == []
    schemas = read(build.release, "select schema_name from duckdb_schemas() where not internal")
    assert {name for (name,) in schemas} - {"main"} == {"marts", "quality", "seeds"}


def test_comments_and_constraints_are_carried_over(build, read):
    publish(build.con, build.release)
    comments = read(
        build.release,
        "select comment from duckdb_tables() union all select comment from duckdb_columns() "
        "where not internal order by all nulls last limit 2",
    )
    assert comments == [("One row per answer: it's one",), ("The answer's number",)]
    with duckdb.connect(build.release) as con:
        for values in ("(null, 'x')", "('', 'x')"):
            with pytest.raises(duckdb.ConstraintException):
                con.execute(f"insert into seeds.question values {values}")


def test_macros_work_in_the_released_file(build, read):
    publish(build.con, build.release)
    assert read(build.release, "from topline_of('impression')") == [
        ("impression", "印象"),
        ("impression", "x"),
    ]
    assert read(build.release, "from topline_of('impression', least := 3)") == []
    assert read(build.release, "select half(4), half(4, 2)") == [(2.0, 3.0)]
    comment = "select distinct comment from duckdb_functions() where function_name = 'half'"
    assert read(build.release, comment) == [("Half of it",)]


def test_a_macro_with_a_cast_is_the_same_once_copied(build, read):
    build.con.execute(
        "create macro share(n) as table select sum(cast(n as double)) as n, date '2023-09-02' as day"
    )
    publish(build.con, build.release)
    assert read(build.release, "select n from share(2)") == [(2.0,)]


@pytest.mark.parametrize("name", ["warehouse", '"warehouse"'])
def test_a_macro_that_names_the_database_is_refused(build, name):
    build.con.execute(f"create macro bad(q) as table select * from {name}.seeds.question")
    with pytest.raises(ReleaseError, match="macro bad: it names the database 'warehouse'"):
        publish(build.con, build.release)
    assert not build.release.exists()


def test_a_macro_may_use_the_word_as_an_alias(build):
    build.con.execute("create macro fine(q) as table select warehouse.label from seeds.question as warehouse")
    publish(build.con, build.release)
    assert build.release.exists()


def test_the_same_content_is_not_touched(build):
    publish(build.con, build.release)
    before, stat = contents(build.release.parent), build.release.stat()
    build.release_row("first", hour=5)
    row = publish(build.con, build.release).to_dict("records")[0]
    assert row["released"] is False and row["release_id"] == "a7937b64b8ca"
    assert contents(build.release.parent) == before
    assert build.release.stat().st_mtime_ns == stat.st_mtime_ns
    assert build.release.stat().st_ino == stat.st_ino


def test_other_content_keeps_the_replaced_file_as_previous(build, read):
    publish(build.con, build.release)
    first = build.release.read_bytes()
    build.fill("second", hour=1)
    assert publish(build.con, build.release)["released"].tolist() == [True]
    assert build.kept("first").read_bytes() == first
    assert read(build.release, "select distinct content from marts.response") == [("second",)]
    second = build.release.read_bytes()
    build.fill("third", hour=2)
    publish(build.con, build.release)
    assert build.kept("second").read_bytes() == second
    assert build.left_over() == []


def test_content_that_returns_is_released_again(build, read):
    for hour, content in enumerate(["first", "second", "first"]):
        build.fill(content, hour=hour + 1)
        assert publish(build.con, build.release)["released"].tolist() == [True]
        assert read(build.release, "select distinct content from marts.response") == [(content,)]


def test_a_clock_set_back_does_not_hide_a_build(build, read):
    publish(build.con, build.release)
    build.fill("second", hour=-5)
    row = publish(build.con, build.release).to_dict("records")[0]
    assert row["released"] is True and row["release_id"] == "16367aacb67a"
    assert read(build.release, "select distinct content from marts.response") == [("second",)]


def test_a_changed_description_is_released_but_is_no_new_content(build, read):
    publish(build.con, build.release)
    build.con.execute("comment on column marts.response.i is 'Better said'")
    assert publish(build.con, build.release)["released"].tolist() == [True]
    comment = "select comment from duckdb_columns() where column_name = 'i' and not internal"
    assert read(build.release, comment) == [("Better said",)]
    assert build.kept_names() == []


def test_a_damaged_release_is_replaced_and_not_kept(build, caplog):
    publish(build.con, build.release)
    build.release.write_bytes(b"not a database" * 1000)
    publish(build.con, build.release)
    assert "warehouse.duckdb: cannot be read and is replaced" in caplog.text
    assert build.kept_names() == []
    with duckdb.connect(build.release, read_only=True) as con:
        assert con.execute("select count(*) from marts.response").fetchone() == (5000,)


def test_left_over_files_of_a_killed_build_are_removed(build):
    for purpose in ("new", "kept", "older", "replaced"):
        left = unfinished(build.release, purpose)
        left.write_bytes(b"half a file")
        files.write_ahead_log(left).write_bytes(b"half a log")
    publish(build.con, build.release)
    assert build.left_over() == []


def test_two_builds_do_not_release_at_once(build):
    with (
        files.only_one(build.release.parent),
        pytest.raises(ReleaseError, match="another build is releasing"),
    ):
        publish(build.con, build.release)
    publish(build.con, build.release)


def test_a_release_that_somebody_changes_is_refused(build):
    publish(build.con, build.release)
    with duckdb.connect(build.release) as writer:
        writer.execute("set checkpoint_threshold = '1GB'")
        writer.execute("create table mine as select 1")
        build.fill("second", hour=1)
        with pytest.raises(ReleaseError, match="warehouse.duckdb.wal: a program has changed"):
            publish(build.con, build.release)


def test_a_copy_instead_of_a_link_where_the_disk_has_no_links(build, monkeypatch):
    publish(build.con, build.release)
    first = build.release.read_bytes()
    monkeypatch.setattr(files.os, "link", lambda *_: (_ for _ in ()).throw(OSError("no links")))
    build.fill("second", hour=1)
    publish(build.con, build.release)
    assert build.kept("first").read_bytes() == first
    assert build.left_over() == []


def test_a_build_without_release_rows_is_refused(build):
    build.con.execute("delete from quality.release")
    with pytest.raises(ReleaseError, match="quality.release of the build is empty"):
        publish(build.con, build.release)
    build.con.execute("drop table quality.release")
    with pytest.raises(ReleaseError, match="no usable table quality.release"):
        publish(build.con, build.release)


def test_unfinished_work_of_the_session_is_not_released(build, read):
    build.con.execute("begin")
    build.con.execute("insert into seeds.question values ('not yet', null)")
    publish(build.con, build.release)
    build.con.execute("rollback")
    assert read(build.release, "select count(*) from seeds.question") == [(3,)]


def test_older_clients_read_the_file(build):
    client = Path(sys.executable).with_name("duckdb")
    client = client if client.exists() else shutil.which("duckdb")
    if not client:
        pytest.fail("the duckdb command line client is not installed; it comes with the extra test")
    publish(build.con, build.release)
    version = subprocess.run([client, "--version"], capture_output=True, text=True, check=False).stdout
    assert version.startswith("v1."), version
    query = "select count(*), half(4) from marts.response; select label from topline_of('impression')"
    done = subprocess.run(
        [client, "-readonly", "-list", "-noheader", build.release, query],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == (["5000|2.0", "印象", "x"], "")


FAILURES = {
    "copying": (publishing, "_copy"),
    "checking": (publishing, "_check"),
    "hashing": (publishing, "file_sha256"),
    "opening": (publishing, "opened"),
    "syncing": (publishing, "sync"),
    "linking": (files, "alias"),
    "replacing": (files.os, "replace"),
}


@pytest.mark.parametrize("step", FAILURES)
def test_a_failure_at_any_step_changes_nothing(build, monkeypatch, step):
    for hour, content in enumerate(["first", "second"]):
        build.fill(content, hour=hour)
        publish(build.con, build.release)
    before = contents(build.release.parent)
    assert len(before) == 2
    build.fill("third", hour=3)

    def fail(*_, **__):
        raise RuntimeError("on purpose")

    with monkeypatch.context() as patch:
        patch.setattr(*FAILURES[step], fail)
        with pytest.raises(RuntimeError, match="on purpose"):
            publish(build.con, build.release)
    assert contents(build.release.parent) == before

    assert publish(build.con, build.release)["released"].tolist() == [True]
    assert build.kept("second").read_bytes() == before["warehouse.duckdb"]


def test_a_failure_of_the_last_rename_puts_the_previous_file_back(build, monkeypatch):
    for hour, content in enumerate(["first", "second"]):
        build.fill(content, hour=hour)
        publish(build.con, build.release)
    before = contents(build.release.parent)
    build.fill("third", hour=3)
    replace = files.os.replace

    def fail(source, target):
        if Path(target) == build.release:
            raise OSError("on purpose")
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "replace", fail)
        with pytest.raises(OSError, match="on purpose"):
            publish(build.con, build.release)
    assert contents(build.release.parent) == before


class FailingSession:
    """A session whose cursor fails at the n-th statement."""

    def __init__(self, con, n):
        self.con, self.left = con, n

    def cursor(self):
        self.con = self.con.cursor()
        return self

    def close(self):
        self.con.close()

    def execute(self, sql, *arguments):
        if not sql.startswith(("rollback", "detach")):
            self.left -= 1
            if self.left == 0:
                raise RuntimeError("on purpose")
        return self.con.execute(sql, *arguments)


def test_a_failure_at_any_statement_changes_nothing(build):
    publish(build.con, build.release)
    before = contents(build.release.parent)
    build.fill("second", hour=1)
    for n in range(1, 100):
        session = FailingSession(build.con, n)
        try:
            publish(session, build.release)
            break
        except RuntimeError:
            assert contents(build.release.parent) == before, n
    assert 15 < n < 100
    assert build.kept("first").read_bytes() == before["warehouse.duckdb"]


@pytest.mark.parametrize(
    "damage",
    [
        "update {copy}.marts.response set content = 'other' where i = 7",
        "delete from {copy}.marts.response where i = 7",
        "comment on table {copy}.marts.response is null",
        "drop macro {copy}.half",
    ],
)
def test_the_check_finds_a_copy_that_differs(build, monkeypatch, damage):
    copy = publishing._copy

    def copy_badly(con, name, new, *rest):
        copy(con, name, new, *rest)
        with duckdb.connect() as other:
            other.execute(f"attach '{new}' as bad")
            other.execute(damage.format(copy="bad"))

    monkeypatch.setattr(publishing, "_copy", copy_badly)
    with pytest.raises(ReleaseError, match="the copy differs from the build"):
        publish(build.con, build.release)
    assert list(build.release.parent.iterdir()) == []


def test_a_file_is_read_again_where_somebody_wrote_to_it(tmp_path):
    path = tmp_path / "release"
    path.write_bytes(b"one")
    first = file_sha256(path)
    assert first == file_sha256(path) == hashlib.sha256(b"one").hexdigest()
    path.write_bytes(b"two")
    assert file_sha256(path) == hashlib.sha256(b"two").hexdigest()
    replaced = tmp_path / "replaced"
    replaced.write_bytes(b"six")
    replaced.replace(path)
    assert file_sha256(path) == hashlib.sha256(b"six").hexdigest()
