"""`kjpoll status`: every line in every state, what to do next, and that it only reads; with a small project."""

import json
import os
import time
from datetime import datetime

import duckdb
import pytest
from click.testing import CliRunner
from kjpoll.build import BuildLock, lock_path
from kjpoll.cli import main
from kjpoll.common.file_hash import file_hash
from kjpoll.common.release_hold import Hold
from kjpoll.onboarding.review import decisions
from kjpoll.onboarding.review.delivered_file import sidecar
from kjpoll.release import put_hold
from kjpoll.release.history import COLUMNS
from kjpoll.release.signed import sign_new_values
from kjpoll.release.signed.signed_files import write_signed

from tests.onboarding import review_project
from tests.onboarding.review_project import NEW, crosswalk, files, profile, sample, write
from tests.support.json_keys import undocumented

OLD = ("JPN-2022", "KOR-2021", "KOR-2022")
BUILT = """
create schema analysis; create schema marts; create schema intermediate; create schema quality;
create table marts.dim_sample as select 'KOR-2023' as sample_id, 2023 as wave, 'KOR' as country, 'f.csv' as file, 'a' as sha256;
create table marts.dim_universe as select 'of_all' as universe, 'age_group' as question_id where false;
create table marts.availability as select 'sex' as question_id, cast(null as varchar) as universe;
create table analysis.topline as
    select 'KOR-2023' as sample_id, 'sex' as question_id, 'male' as category_id, 495 as n, 1000 as base_n;
create table analysis.topline_net as select 'KOR-2023' as sample_id, 'sex' as question_id, 'positive' as net,
    1 as n, 2 as base_n where false;
create table intermediate.int_signed_aspect as select 'file' as aspect, 'dim_sample' as table_name, 'sha256' as columns,
    false as is_seed, false as is_input;
create table intermediate.int_signed_digest as
    select 'file' as aspect, 'KOR-2023' as sample_id, '' as question_id, '' as item, 'aaaa' as sha256;
create table quality.violation as select 'KOR-2023' as sample_id, 'drift' as rule, 'warn' as severity, false as is_waived,
    'a share rose' as finding, 'add a row' as resolve_with
"""
PASSED = {
    "model.kjpoll.gate": "success",
    "model.kjpoll.int_input_digest": "success",
    "test.kjpoll.unique_x.1": "warn",
    "unit_test.kjpoll.gate.counts": "skipped",
}
INTAKE = ("file", "sidecar", "columns", "sample_row", "agency", "source")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A small project with a third wave, accepted, and nothing built."""
    root = tmp_path / "project"
    review_project.make(root)
    monkeypatch.setattr(decisions, "profile_file", lambda path, row: profile())
    for name in ("KJPOLL_RAW_DIR", "KJPOLL_RELEASE_PATH"):
        monkeypatch.delenv(name, raising=False)
    raw = root / "data" / "raw" / "2023" / "KOR.csv"
    raw.parent.mkdir(parents=True)
    raw.write_text(review_project.DELIVERED, encoding="utf-8")
    raw.with_name("KOR.csv.json").write_text(
        json.dumps(sidecar(sample(NEW), raw, datetime(2023, 9, 1).date(), {})), encoding="utf-8"
    )
    write(root, "survey/samples", [sample(one) for one in (*OLD, NEW)])
    write(root, "crosswalk/variables", [row for one in (*OLD, NEW) for row in crosswalk(one)])
    return root


def build(root, statuses=PASSED, which="build", **violation):
    """What a build leaves that ends in a second: seeds written just now are older than it."""
    target = root / "dbt_project" / "target"
    target.mkdir(exist_ok=True)
    results = [{"unique_id": node, "status": status} for node, status in statuses.items()]
    (target / "run_results.json").write_text(json.dumps({"args": {"which": which}, "results": results}))
    later = time.time() + 1
    os.utime(target / "run_results.json", (later, later))
    (root / "build").mkdir(exist_ok=True)
    (root / "build" / "warehouse.duckdb").unlink(missing_ok=True)
    with duckdb.connect(root / "build" / "warehouse.duckdb") as con:
        con.execute(BUILT)
        for column, value in violation.items():
            con.execute(f"update quality.violation set {column} = ?", [value])
        if not signed(root).is_dir():
            write_signed(signed(root), {})
            sign_new_values(con, signed(root))


def signed(root):
    return root / "dbt_project" / "seeds" / "released"


def release(root, sample_id=NEW, release_id="5ce6ea488214"):
    path = root / "warehouse.duckdb"
    path.unlink(missing_ok=True)
    columns = ", ".join(f"null::{kind} as {name}" for name, (_, kind) in COLUMNS.items())
    with duckdb.connect(path) as con:
        con.execute("create schema quality; create schema marts")
        con.execute(f"create table quality.release as select {columns}")
        con.execute("update quality.release set release_id = ?, built_at = '2026-11-30 10:00'", [release_id])
        sha256 = file_hash(root / "data" / "raw" / "2023" / "KOR.csv")
        con.execute(
            f"create table marts.dim_sample as select '{sample_id}' as sample_id, '{sha256}' as sha256"
        )


def report(root, release_id="5ce6ea488214"):
    (root / "build" / "site").mkdir(parents=True, exist_ok=True)
    (root / "build" / "site" / "index.html").write_text(
        f'<meta name="kjpoll-release" content="{release_id}">'
    )


def run(root, *options):
    result = CliRunner().invoke(main, ["status", *options, "--project", str(root)])
    assert not isinstance(result.exception, Exception), result.exception
    return result


def states(root, *options):
    """item -> (state, text), and the next command."""
    found = json.loads(run(root, "--json", *options).stdout)
    assert undocumented(found) == set()
    return {item["item"]: (item["state"], item["text"]) for item in found["items"]}, found["next"]


def test_before_any_build_the_rows_are_done_and_the_rest_waits(root):
    before = files(root)
    found, command = states(root)
    assert {name: found[name][0] for name in INTAKE} == dict.fromkeys(INTAKE, "done")
    assert {name: found[name][0] for name in found.keys() - {*INTAKE}} == dict.fromkeys(
        ("build", "checks", "changes", "release", "report"), "not yet"
    )
    assert command == "dbt build --project-dir dbt_project --profiles-dir ."
    assert run(root).exit_code == 0 and run(root, "--check").exit_code == 1
    assert files(root) == before and not (root / "build").exists()


def test_a_wave_that_is_released_and_reported_is_done(root):
    build(root)
    release(root)
    report(root)
    found, command = states(root)
    assert {state for state, _ in found.values()} == {"done"} and command is None
    assert "1 warning(s)" in found["checks"][1]
    assert "in release 5ce6ea488214 of 2026-11-30 10:00" in found["release"][1]
    done = run(root, "--check")
    assert done.exit_code == 0 and done.stdout.endswith("Nothing is left to do.\n")


def proposed(root):
    rows = crosswalk(NEW, review="proposed")
    rows[2] |= {"question_id": "", "code_list": ""}
    write(root, "crosswalk/variables", [*(row for one in OLD for row in crosswalk(one)), *rows])
    new = sample(NEW, review="proposed", mode="", source_id="")
    write(root, "survey/samples", [*(sample(one) for one in OLD), new])


def test_what_is_proposed_is_open_by_group(root):
    proposed(root)
    found, command = states(root)
    assert found["columns"] == ("open", "questions and columns: 1 open, 4 to be accepted; open: Q2")
    assert found["sample_row"][0] == "open" and found["agency"] == ("open", "empty: mode")
    assert found["source"][0] == "open" and "published/sources.csv" in found["source"][1]
    assert command == "kjpoll review --sample KOR-2023"


@pytest.mark.parametrize(
    ("damage", "item", "state", "text"),
    [
        (lambda root: (root / "data/raw/2023/KOR.csv").unlink(), "file", "open", "the file is not in"),
        (lambda root: (root / "data/raw/2023/KOR.csv").write_text("x"), "sidecar", "failed", "says sha256"),
        (lambda root: (root / "data/raw/2023/KOR.csv.json").write_text("x"), "sidecar", "failed", "is not JSON"),
        (lambda root: (root / "data/raw/2023/KOR.csv.json").unlink(), "sidecar", "done", "none:"),
        (
            lambda root: write(root, "survey/samples", [*(sample(one) for one in OLD), sample(NEW, source_id="x")]),
            "source",
            "open",
            "has no row x",
        ),
        (
            lambda root: write(root, "crosswalk/variables", [row for one in OLD for row in crosswalk(one)]),
            "columns",
            "open",
            "no row of the sample",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_before_the_build(root, damage, item, state, text):
    damage(root)
    found, _ = states(root)
    assert found[item][0] == state and text in found[item][1]


def test_the_columns_of_a_file_that_is_gone_wait_for_it(root):
    proposed(root)
    (root / "data/raw/2023/KOR.csv").unlink()
    found, command = states(root)
    assert found["columns"][0] == "not yet" and "put it back" in found["columns"][1]
    assert command == "kjpoll add-wave FILE --wave 2023 --country KOR"


@pytest.mark.parametrize(
    "name",
    [
        "dbt_project/seeds/survey/samples.csv",
        "dbt_project/models/a.sql",
        "python_models/dbt_models/b.py",
        "data/raw/2023/KOR.csv",
    ],
)
def test_what_changed_since_makes_the_build_stale(root, name):
    build(root)
    assert states(root)[0]["build"][0] == "done"
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (time.time() + 5, time.time() + 5))
    found, command = states(root)
    assert found["build"] == ("open", f"changed since the last build: {name}")
    assert found["checks"][0] == found["changes"][0] == "not yet" and command.startswith("dbt build")


def test_any_damaged_seed_is_named(root):
    (root / "dbt_project" / "seeds" / "published" / "toplines.csv").write_text("a;b\n")
    failed = run(root)
    assert failed.exit_code == 1 and "toplines.csv is separated by semicolons" in failed.stderr


def test_an_error_of_the_sample_fails_its_checks_and_one_of_another_does_not(root):
    gate = PASSED | {"model.kjpoll.gate": "error", "model.kjpoll.topline": "skipped"}
    build(root, gate, severity="error")
    found, _ = states(root)
    assert found["build"] == ("failed", "did not pass: gate")
    assert found["checks"] == ("failed", "1 error(s), 0 warning(s); first drift: a share rose. add a row")
    build(root, gate, sample_id="KOR-2021", severity="error")
    assert states(root)[0]["checks"][0] == "not yet"
    build(root, gate, severity="error", is_waived=True)
    assert states(root)[0]["checks"][0] == "not yet"


def test_a_run_that_is_no_build_does_not_count_as_one(root):
    build(root, {"test.kjpoll.unique_x.1": "pass"}, which="test")
    found, _ = states(root)
    assert found["build"] == ("open", "the last run, `dbt test`, did not come to the gate")
    assert found["checks"][0] == found["changes"][0] == "not yet"


def test_changes_that_nobody_accepted_are_open(root):
    build(root)
    with duckdb.connect(root / "build" / "warehouse.duckdb") as con:
        con.execute("update analysis.topline set n = 496")
    found, command = states(root)
    assert found["changes"] == ("open", "1 released value(s) would change and nobody has accepted it (code)")
    assert command == "kjpoll accept"
    (signed(root) / "nets.csv").unlink()
    assert states(root)[0]["changes"][0] == "failed"


def test_a_release_without_the_sample_or_of_another_file_is_no_release_of_it(root):
    build(root)
    release(root, sample_id="KOR-2022")
    found, command = states(root)
    assert found["release"][0] == "not yet" and command.startswith("dbt build")
    release(root)
    raw = root / "data" / "raw" / "2023" / "KOR.csv"
    raw.write_text("other", encoding="utf-8")
    assert states(root)[0]["release"][0] == "open"
    (root / "warehouse.duckdb").write_text("no database")
    assert states(root)[0]["release"] == ("not yet", "warehouse.duckdb cannot be read")


def test_a_report_of_another_release_is_open(root):
    build(root)
    release(root)
    assert states(root)[0]["report"][0] == "not yet"
    report(root, "662d63219f3a")
    found, command = states(root)
    assert found["report"] == ("open", "of release 662d63219f3a, and readers have 5ce6ea488214")
    assert command == "kjpoll report"
    (root / "Makefile").touch()
    assert states(root)[1] == "make report"


def test_a_held_release_is_open_until_the_hold_is_lifted(root):
    build(root)
    release(root)
    report(root)
    assert "hold" not in states(root)[0]
    put_hold(root / "warehouse.duckdb", Hold("A. Steward", "2026-11-30T10:00:00+00:00", "weighted twice"))
    found, command = states(root)
    assert found["hold"][0] == "open" and "held by A. Steward since 2026-11-30" in found["hold"][1]
    assert command == "kjpoll rollback --lift-hold" and run(root, "--check").exit_code == 1


def test_it_needs_no_lock(root):
    build(root)
    lock = BuildLock.acquired(lock_path(root / "build" / "warehouse.duckdb"), 0, print)
    try:
        assert states(root)[0]["build"][0] == "done"
    finally:
        lock.release()


def test_while_a_build_writes_its_file_it_is_named(root):
    build(root)
    file = root / "build" / "warehouse.duckdb"
    lock = BuildLock.acquired(lock_path(file), 0, print)
    try:
        with duckdb.connect(file):
            found, _ = states(root)
    finally:
        lock.release()
    assert found["build"][0] == "not yet"
    assert f"a build is running, or was killed: process {os.getpid()}" in found["build"][1]


def test_the_wave_and_the_sample_can_be_named(root):
    assert json.loads(run(root, "--json", "--wave", "2022").stdout)["samples"] == ["JPN-2022", "KOR-2022"]
    assert json.loads(run(root, "--json", "--sample", "KOR-2021").stdout)["wave"] == 2021
    for options, error in (
        (["--wave", "2019"], "no sample of wave 2019; the waves are 2021, 2022, 2023"),
        (["--sample", "KOR-2032"], "no sample 'KOR-2032'; like it are"),
        (["--sample", "KOR-2021", "--wave", "2021"], "not both"),
    ):
        failed = run(root, "--json", *options)
        assert failed.exit_code > 0 and error in failed.stderr and not failed.stdout
    path = root / "dbt_project" / "seeds" / "survey" / "samples.csv"
    path.write_bytes(path.read_bytes().replace(b",", b";"))
    failed = run(root, "--json")
    assert failed.exit_code == 1 and "separated by semicolons" in failed.stderr
