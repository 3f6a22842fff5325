"""`kjpoll accept`: what it prints, what it asks for, and the files that it writes; with a build of few rows."""

import subprocess
from contextlib import contextmanager

import duckdb
import pytest
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.common.atomic_file import replacing
from kjpoll.release import ReleaseError
from kjpoll.release.signed import refuse_unsigned_changes, sign_new_values, signed_files, unsigned_changes
from kjpoll.release.signed.signed_files import FILES, write_signed

BUILD = """
create schema analysis; create schema marts; create schema intermediate;
create table marts.dim_sample as select 'KOR-2023' as sample_id, 2023 as wave, 'KOR' as country, 'f.csv' as file, 'a' as sha256;
create table marts.dim_universe as select 'of_all' as universe, 'age_group' as question_id where false;
create table marts.availability as select 'sex' as question_id, cast(null as varchar) as universe;
create table analysis.topline as
    select 'KOR-2023' as sample_id, 'sex' as question_id, 'male' as category_id, 495 as n, 1000 as base_n;
create table analysis.topline_net as select 'KOR-2023' as sample_id, 'sex' as question_id, 'positive' as net,
    1 as n, 2 as base_n where false;
create table intermediate.int_signed_aspect as select * from (values
    ('file', 'dim_sample', 'file sha256', 'true', 'sample_id', '''''', '''''', false, false),
    ('rules', 'rules', 'severity', 'true', '''''', '''''', 'rule', true, false),
    ('lines', 'int_question_line', 'line', 'true', 'sample_id', 'question_id', '''''', false, true)
) as aspects (aspect, table_name, columns, condition, sample_id, question_id, item, is_seed, is_input);
create table intermediate.int_signed_digest as select * from (values
    ('file', 'KOR-2023', '', '', 'aaaa'), ('rules', '', '', 'drift', 'bbbb'), ('lines', 'KOR-2023', 'sex', '', 'cccc')
) as digests (aspect, sample_id, question_id, item, sha256)
"""
REASON = ("--reason", "the agency corrected it")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of which the build is signed, and git knows nobody."""
    (tmp_path / "dbt_project").mkdir()
    (tmp_path / "dbt_project/dbt_project.yml").touch()
    (tmp_path / "build").mkdir()
    with duckdb.connect(tmp_path / "build/warehouse.duckdb") as con:
        con.execute(BUILD)
        write_signed(folder(tmp_path), {})
        assert sign_new_values(con, folder(tmp_path)) == ["KOR-2023"]
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def folder(project):
    return project / "dbt_project/seeds/released"


def build(project, *statements):
    with duckdb.connect(project / "build/warehouse.duckdb") as con:
        for statement in statements:
            con.execute(statement)
        return unsigned_changes(con, folder(project))


def accept(*arguments):
    result = CliRunner().invoke(main, ["accept", *arguments])
    assert not isinstance(result.exception, Exception), result.exception
    return result.exit_code, result.output


CORRECTED = (
    "update analysis.topline set n = 496",
    "update intermediate.int_signed_digest set sha256 = 'other' where aspect = 'file'",
)
SWITCHED = "update intermediate.int_signed_digest set sha256 = 'other' where aspect = 'rules'"


def test_a_build_without_a_change_says_so(project):
    assert build(project) == []
    assert accept() == (0, "The last build changes no signed value.\n")


def test_it_shows_what_would_change_and_accepts_one_cause(project):
    build(project, *CORRECTED, SWITCHED)
    code, text = accept()
    assert code == 0
    assert [line.split() for line in text.splitlines() if line.startswith("  topline")] == [
        ["topline", "KOR-2023", "sex", "male", "495", "of", "1000", "(49.5%)", "496", "of", "1000", "(49.6%)"]
    ]
    assert [line for line in text.splitlines() if line.endswith(("value", "values"))] == [
        "raw file: 2 values",
        "seed line: 1 value",
    ]
    code, text = accept("raw file", *REASON, "--by", "B. Tester")
    assert code == 0 and "B. Tester has accepted 2 changed value(s), 1 are left." in text
    assert (
        (folder(project) / "toplines.csv")
        .read_text(encoding="utf-8")
        .endswith("\nKOR-2023,sex,male,496,1000\n")
    )
    assert [change.key.item for change in build(project)] == ["drift"]
    assert accept("--all", *REASON, "--by", "B. Tester")[0] == 0
    assert build(project) == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("raw file", "--by", "B. Tester"), "say why the values change"),
        (("raw file", "--reason", "  ", "--by", "B. Tester"), "say why the values change"),
        (("raw file", *REASON), "git has no user.name here; say who does this: --by NAME"),
        (("file", *REASON), "file: no cause; name of 'raw file', 'seed line', 'code', or --all"),
        (("code", "--all", *REASON), "name causes or --all, not both"),
    ],
)
def test_it_accepts_nothing_without_a_cause_a_reason_and_a_name(project, arguments, error):
    changes = build(project, *CORRECTED)
    code, text = accept(*arguments)
    assert code == 2 and error in text
    assert build(project) == changes != []
    assert (folder(project) / "accepted.csv").read_text(encoding="utf-8").count("\n") == 1


def test_git_says_who_accepts(project):
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "config", "user.name", "C. Tester"], check=True)
    build(project, *CORRECTED)
    assert accept("raw file", *REASON)[0] == 0
    assert "C. Tester,raw file,the agency corrected it,2" in (folder(project) / "accepted.csv").read_text(
        encoding="utf-8"
    )


def test_without_a_build_it_says_what_to_do(project):
    (project / "build/warehouse.duckdb").unlink()
    code, text = accept()
    assert code == 1 and "build/warehouse.duckdb does not exist; run `dbt build` first" in text


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_lets_nothing_pass(project, name):
    """It is begun again only by a person who accepts all of it."""
    before = (folder(project) / name).read_bytes()
    (folder(project) / name).unlink()
    with (
        duckdb.connect(project / "build/warehouse.duckdb") as con,
        pytest.raises(ReleaseError, match=f"lacks {name}"),
    ):
        refuse_unsigned_changes(con, folder(project), project / "warehouse.duckdb")
    assert accept()[0] == 1
    assert "restore the folder from version control" in accept("raw file", *REASON, "--by", "D. Tester")[1]
    assert accept("--all", *REASON, "--by", "D. Tester")[0] == 0
    with duckdb.connect(project / "build/warehouse.duckdb") as con:
        sign_new_values(con, folder(project))
    assert (folder(project) / name).read_bytes() == before
    assert f"D. Tester,{name} begun,the agency corrected it,0" in (
        folder(project) / "accepted.csv"
    ).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "the header is not sample_id, question_id, category_id, n, base_n"),
        (b"sample_id,question_id,category_id,n\n", "the header is not"),
        (b"sample_id,question_id,category_id,n,base_n\na,b,c,1\n", "row 2 has not"),
        (b"sample_id,question_id,category_id,n,base_n\nKOR-2023,sex,male,,1000\n", "row 2 has not"),
        (b"sample_id,question_id,category_id,n,base_n\na,b,c,1,2\na,b,c,1,3\n", "topline a b c stands there twice"),
        (b"sample_id,question_id,category_id,n,base_n\n\xff,b,c,1,2\n", "cannot be read"),
    ],
)  # fmt: skip
def test_a_broken_file_is_an_error_that_says_what_to_do(project, content, error):
    (folder(project) / "toplines.csv").write_bytes(content)
    code, text = accept()
    assert code == 1 and error in text and "toplines.csv" in text and "version control" in text


@pytest.mark.parametrize("content", [b"", b"date\n", b"\xff\n"])
def test_a_broken_log_is_an_error_and_nothing_is_accepted(project, content):
    changes = build(project, *CORRECTED)
    (folder(project) / "accepted.csv").write_bytes(content)
    code, text = accept("--all", *REASON, "--by", "B. Tester")
    assert code == 1 and "accepted.csv" in text and "version control" in text
    assert build(project) == changes


@pytest.mark.parametrize("name", ["toplines.csv", "digests.csv", "accepted.csv"])
def test_what_cannot_be_written_changes_none_of_the_files(project, monkeypatch, name):
    before = {path: path.read_bytes() for path in folder(project).iterdir()}
    build(project, *CORRECTED, SWITCHED)

    @contextmanager
    def full(path):
        with replacing(path) as temporary:
            if path.name == name:
                raise OSError("No space left on device")
            yield temporary

    monkeypatch.setattr(signed_files, "replacing", full)
    code, text = accept("--all", *REASON, "--by", "B. Tester")
    assert code == 1 and "No space left on device" in text
    assert {path: path.read_bytes() for path in folder(project).iterdir()} == before


def test_a_sample_that_is_in_one_of_the_files_alone_is_an_old_one(project):
    """Its toplines are not signed again because somebody took them out."""
    path = folder(project) / "toplines.csv"
    path.write_text(path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    assert [change.key.aspect for change in build(project)] == ["topline"]


def test_a_line_of_a_seed_is_no_value_and_tells_the_cause(project):
    other_line = "update intermediate.int_signed_digest set sha256 = 'other' where aspect = 'lines'"
    assert build(project, other_line) == []
    (change,) = build(project, "update analysis.topline set n = 496")
    assert change.causes == ("seed line",)
    # Once it is accepted, the next change is not laid to that line.
    assert accept("seed line", *REASON, "--by", "B. Tester")[0] == 0
    (change,) = build(project, "update analysis.topline set n = 497")
    assert change.causes == ("code",)


def test_long_lists_are_cut(project):
    changes = build(
        project,
        "insert into analysis.topline select 'KOR-2023', 'sex', 'c' || i, 1, 2 from range(40) as r(i)",
    )
    assert len(changes) == 40
    text = accept()[1]
    assert text.count("\n  topline ") == 5 and "  and 35 more of topline\n" in text


def test_of_a_held_release_it_says_that_no_build_releases(project):
    build(project, *CORRECTED)
    (project / "releases").mkdir()
    (project / "releases/hold.json").write_text("{}")
    code, text = accept("--all", *REASON, "--by", "A. Steward")
    assert code == 0 and "warehouse.duckdb is held, by a file" in text and "releases now" not in text


def test_a_seed_that_a_spreadsheet_damaged_is_refused_as_everywhere(project):
    build(project, *CORRECTED)
    (project / "dbt_project/seeds/survey").mkdir()
    (project / "dbt_project/seeds/survey/samples.csv").write_text("sample_id;wave\n")
    before = (folder(project) / "toplines.csv").read_bytes()
    code, text = accept("--all", *REASON, "--by", "A. Steward")
    assert code == 1 and "samples.csv is separated by semicolons; save it as CSV UTF-8" in text
    assert (folder(project) / "toplines.csv").read_bytes() == before
