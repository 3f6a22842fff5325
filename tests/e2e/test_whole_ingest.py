"""An ingestion of the whole project: released, nothing new, stopped, failed; readers and other builds meanwhile."""

import json
import shutil

import pytest

from benchmarks.project import Project, Run
from python_models.building import BuildLock, lock_path
from tests.schedule.programs import holding


def log(run: Run) -> list[dict]:
    return [json.loads(line) for line in run.output.splitlines() if line.startswith("{")]


@pytest.fixture(scope="module")
def project(built, copy) -> Project:
    """A copy to damage, with the files of the first build."""
    made = copy("ingested")
    shutil.copy(built.build_file, made.build_file)
    shutil.copy(built.release, made.release)
    return made


def test_the_first_build_is_an_ingestion_that_releases(first_build, built):
    end = log(first_build.run)[-1]
    release_id, n_waived = built.query("select release_id, n_waived from quality.release order by built_at desc")[0]
    assert (end["event"], end["exit_code"], end["release_id"], end["n_waived"]) == ("released", 0, release_id, n_waived)
    report = built.root / "build" / "reports"
    assert [path.read_text(encoding="utf-8").splitlines()[0] for path in report.iterdir()] == ["# Released"]


def test_nothing_new_after_it(built):
    before = built.build_file.stat().st_mtime_ns, built.release_sha256()
    run = built.ingest()
    assert run.code == 10, run.output
    assert [line["event"] for line in log(run)] == ["started", "nothing_new"]
    assert (built.build_file.stat().st_mtime_ns, built.release_sha256()) == before


def test_a_file_that_no_sample_names_stops_it_although_a_reader_holds_the_build_file(project):
    before = project.release_sha256()
    unlisted = project.root / "data" / "raw" / "2024" / "KOR.csv"
    unlisted.parent.mkdir()
    unlisted.write_text("SEQ,Q1\n1,2\n", encoding="utf-8")
    with holding(project.build_file, "reader", "select count(*) from marts.dim_respondent") as reader:
        run = project.ingest()
        assert reader.sees() == "[(22099,)]"
    assert run.code == 20, run.output
    events = log(run)
    (violation,) = [line for line in events if line["event"] == "violation"]
    assert (violation["rule"], violation["file"]) == ("unlisted_file", "2024/KOR.csv")
    with open(events[-1]["report"], encoding="utf-8") as stream:
        assert "kjpoll add-wave 'data/raw/2024/KOR.csv' --wave 2024 --country KOR" in stream.read()
    assert project.release_sha256() == before


def test_a_project_that_dbt_cannot_read_fails_it(project):
    settings = project.root / "dbt_project/dbt_project.yml"
    kept = settings.read_text(encoding="utf-8")
    settings.write_text(kept + "models: twice\n", encoding="utf-8")
    run = project.ingest()
    settings.write_text(kept, encoding="utf-8")
    assert run.code == 30, run.output
    assert "dbt_project.yml" in log(run)[-1]["message"]


def test_while_a_build_runs_dbt_says_who_builds(project):
    lock = BuildLock.acquired(lock_path(project.build_file), 0, print)
    try:
        run = project.dbt("run", "--select", "build_info", KJPOLL_BUILD_WAIT="0")
    finally:
        lock.release()
    assert run.code != 0
    assert "a build is running, by process" in run.output and "Could not set lock" not in run.output
