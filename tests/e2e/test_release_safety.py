"""What is no whole build, or fails, leaves the released file as it was."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml
from kjpoll.build import BuildLock, lock_path
from kjpoll.release import ReleaseError, publish

from tests.support.processes import holding
from tests.support.project import WITHOUT_UNIT_TESTS, Project, Run

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def project(built, copy) -> Project:
    """A project with the first build and its release in place."""
    made = copy("released")
    shutil.copy(built.build_file, made.build_file)
    shutil.copy(built.release, made.release)
    return made


# The tests of the models on made rows say nothing of releases.
BUILD = ("build", "--exclude-resource-type", "unit_test")


@pytest.fixture
def disagreeing(project) -> Iterator[None]:
    """A published 28.9 becomes 35.9."""
    kept = project.seed_path("published/toplines").read_bytes()
    published = {
        "sample_id": "KOR-2023",
        "question_id": "impression_of_counterpart",
        "option_id": "positive",
    }
    project.change("published/toplines", published, pct=35.9)
    yield
    project.seed_path("published/toplines").write_bytes(kept)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("build", "--select", "toplines", "reconciliation_topline", "--exclude-resource-type", "test"), "this build left out model "),
        (("run", "--select", "reconciliation_topline"), "`dbt run` is no whole build; run `dbt build` without a selection to release"),
    ],
)  # fmt: skip
def test_no_other_command_than_a_whole_build_releases(project, disagreeing, arguments, reason):
    """A published number and its comparison, without the test that would find it. tests/schedule leaves out each kind of node."""
    before = project.release_sha256()
    run = project.dbt(*arguments)
    assert run.code == 0, run.output
    (line,) = [line for line in run.output.splitlines() if "nothing was released" in line]
    assert reason in line
    assert project.release_sha256() == before
    assert project.left_over() == []
    # Nor would a release believe it: it looks for itself.
    with (
        duckdb.connect(project.build_file) as con,
        pytest.raises(ReleaseError, match=r"reconciliation_topline has numbers that do not agree .* \(1\)"),
    ):
        publish(con, project.release)


def last_event(run: Run) -> dict:
    """The last line of an ingestion's JSON log."""
    return json.loads([line for line in run.output.splitlines() if line.startswith("{")][-1])


def test_a_stopped_ingestion_releases_nothing_although_a_reader_holds_the_build_file(project):
    """One printed number is changed by 0.1: a test near the end of the build fails."""
    before = project.release_sha256()
    changed = {
        "sample_id": "KOR-2023",
        "question_id": "impression_of_counterpart",
        "option_id": "positive",
    }
    (row,) = [row for row in project.seed("published/toplines") if changed.items() <= row.items()]
    kept = project.seed_path("published/toplines").read_bytes()
    project.change("published/toplines", changed, pct=float(row["pct"]) + 0.1)
    with holding(project.build_file, "reader", "select count(*) from marts.dim_respondent") as reader:
        run = project.ingest(**WITHOUT_UNIT_TESTS)
        assert reader.sees() == "[(22099,)]"
    project.seed_path("published/toplines").write_bytes(kept)
    assert run.code == 20, run.output
    assert "- seed toplines: impression_of_counterpart (KOR-2023)" in last_event(run)["message"]
    log = (project.root / "dbt_project/logs/dbt.log").read_text(encoding="utf-8")
    assert "of what goes into the build, this is not what was signed" in log
    report = Path(last_event(run)["report"]).read_text(encoding="utf-8")
    assert "published_numbers_agree_reconciliation_topline" in report
    ran = json.loads((project.root / "dbt_project/target/run_results.json").read_text(encoding="utf-8"))[
        "results"
    ]
    assert {result["status"] for result in ran if result["unique_id"] == "model.kjpoll.release"} == {
        "skipped"
    }
    assert project.query(
        "select question_id, round(difference, 2) < 0 from quality.reconciliation_topline "
        "where eligible and agrees is distinct from true",
        of=project.build_file,
    ) == [("impression_of_counterpart", True)]
    assert project.release_sha256() == before
    assert project.left_over() == []


def test_a_release_is_named_by_an_absolute_place(project, tmp_path):
    """Wherever dbt is started, the paths follow from where the profile lies."""
    listed = project.dbt(
        "--quiet", "list", "--select", "previous_release", "wave_file", "--output", "json", "--output-keys", "config",
        "--profiles-dir", str(project.root), cwd=tmp_path,
    )  # fmt: skip
    assert listed.code == 0, listed.output
    assert f'"release_path": "{project.release}"' in listed.output
    assert f'"raw_dir": "{project.root}/data/raw"' in listed.output
    assert f'"landing_dir": "{project.landing}"' in listed.output


def test_another_target_releases_to_a_file_of_its_own(project):
    """With --warn-error as well, which the project takes; the build that all tests read has the variable for it."""
    before, note = project.release_sha256(), "select note from marts.dim_question where question_id = 'sex'"
    profiles, seed = project.root / "profiles.yml", project.seed_path("survey/questions")
    kept = {path: path.read_bytes() for path in (profiles, seed)}
    profile = yaml.safe_load(kept[profiles])
    outputs = profile["kjpoll"]["outputs"]
    build_file = project.root / "build/dev/warehouse.duckdb"
    outputs["dev"] = outputs["duckdb"] | {"path": str(build_file)}
    profiles.write_text(yaml.safe_dump(profile), encoding="utf-8")
    build_file.parent.mkdir()
    shutil.copy(project.build_file, build_file)
    project.change("survey/questions", {"question_id": "sex"}, note="Another note")
    # Where the readers of the default target look is no matter.
    run = project.dbt("--warn-error", *BUILD, "--target", "dev", KJPOLL_RELEASE_PATH=str(project.release))
    for path, content in kept.items():
        path.write_bytes(content)
    assert run.code == 0, run.output
    released = project.root / "releases/dev/warehouse.duckdb"
    assert f"as {released}" in run.output
    assert project.query(note, of=released) == [("Another note",)]
    assert project.release_sha256() == before
    assert project.query(note) == [(None,)]


def test_an_option_that_leaves_stale_rows_is_refused(project):
    """tests/schedule has them all."""
    before = project.build_file.read_bytes()
    run = project.dbt("run", "--select", "build_info", "--empty")
    assert run.code != 0
    assert "nothing was done: --empty (or DBT_EMPTY) leaves stale rows" in run.output
    assert "Traceback" not in run.output
    assert project.build_file.read_bytes() == before


def test_a_project_that_dbt_cannot_read_fails_its_ingestion(project):
    settings = project.root / "dbt_project/dbt_project.yml"
    kept = settings.read_text(encoding="utf-8")
    settings.write_text(kept + "models: twice\n", encoding="utf-8")
    run = project.ingest(**WITHOUT_UNIT_TESTS)
    settings.write_text(kept, encoding="utf-8")
    assert run.code == 30, run.output
    assert "dbt_project.yml" in last_event(run)["message"]


def test_while_a_build_runs_dbt_says_who_builds(project):
    lock = BuildLock.acquired(lock_path(project.build_file), 0, print)
    try:
        run = project.dbt("run", "--select", "build_info", KJPOLL_BUILD_WAIT="0")
    finally:
        lock.release()
    assert run.code != 0
    assert "a build is running, by process" in run.output and "Could not set lock" not in run.output
