"""An ingestion of the whole project: released, nothing new, failed; other builds meanwhile. test_release_safety has one that is stopped."""

import json
import shutil

import pytest
from kjpoll.build import BuildLock, lock_path

from tests.support.project import Project, Run


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
    release_id, n_waived = built.query(
        "select release_id, n_waived from quality.release order by built_at desc"
    )[0]
    assert (end["event"], end["exit_code"], end["release_id"], end["n_waived"]) == (
        "released",
        0,
        release_id,
        n_waived,
    )
    report = built.root / "build" / "reports"
    assert [path.read_text(encoding="utf-8").splitlines()[0] for path in report.iterdir()] == ["# Released"]


def test_nothing_new_after_it(built):
    before = built.build_file.stat().st_mtime_ns, built.release_sha256()
    run = built.ingest()
    assert run.code == 10, run.output
    assert [line["event"] for line in log(run)] == ["started", "nothing_new"]
    assert (built.build_file.stat().st_mtime_ns, built.release_sha256()) == before


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
