"""One whole build for all tests, read by another program while it runs."""

import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from benchmarks.project import CHECKOUT, Project, Run
from benchmarks.rehearsal import Rehearsal
from python_models.release import publish
from python_models.report import build_site
from tests.release.release_reader import reading
from tests.report.page_reader import Page, read_page

OLD_RELEASE = """
create schema quality;
create table quality.release as select
  'older' as release_id, timestamp '2020-01-01' as built_at, 'older' as content_hash,
  'none' as raw_files_hash, 0::bigint as n_samples, 0::bigint as n_respondents, 0::bigint as n_answers,
  1::bigint as n_tables, null::varchar as git_commit, true as synthetic
"""
WHAT_READERS_SEE = "select release_id, n_samples from quality.release order by built_at desc limit 1"


@dataclass
class FirstBuild:
    """A whole build over an older release: the project, the ingestion that made it, and what a reader saw meanwhile."""

    project: Project
    run: Run
    seen: dict[str, list[str]]
    older_sha256: str


@pytest.fixture(scope="session")
def first_build(tmp_path_factory) -> FirstBuild:
    folder = tmp_path_factory.mktemp("first")
    project = Project.copied(folder / "project")
    with duckdb.connect(
        folder / "older.duckdb", config={"storage_compatibility_version": "v1.0.0"}
    ) as con:
        con.execute(OLD_RELEASE)
        publish(con, project.release)
    older = project.release_sha256()
    with reading(project.release, WHAT_READERS_SEE) as seen:
        run = project.ingest()
        time.sleep(1)
    return FirstBuild(project, run, seen, older)


@pytest.fixture(scope="session")
def built(first_build) -> Project:
    """The project after a whole build that passed."""
    assert first_build.run.code == 0, first_build.run.output
    return first_build.project


@pytest.fixture(scope="session")
def site(built, tmp_path_factory) -> Path:
    """The report of the build."""
    folder = tmp_path_factory.mktemp("report") / "site"
    build_site(built.release, folder)
    return folder


@pytest.fixture(scope="session")
def pages(site) -> dict[str, Page]:
    """Every page of the report, by its path in the site."""
    return {str(path.relative_to(site)): read_page(path) for path in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="module")
def warehouse(built):
    """The release, opened to read."""
    with duckdb.connect(built.release, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def copy(built, tmp_path_factory):
    """copy(name): a fresh copy of the unbuilt project that has its files landed already."""

    def make(name: str) -> Project:
        return Project.copied(tmp_path_factory.mktemp(name), landing=built.landing)

    return make


@pytest.fixture(scope="session")
def rehearsal() -> Rehearsal:
    """The compiled project: rehearsal.run(root) tells in 2 s what a build of a copy would find."""
    return Rehearsal.compiled(CHECKOUT)


@pytest.fixture(scope="session")
def landed(tmp_path_factory, rehearsal) -> Project:
    """An undamaged copy whose files are landed, so that copies of it are rehearsed faster."""
    project = Project.copied(tmp_path_factory.mktemp("landed") / "project")
    rehearsal.run(project.root).close()
    return project


@pytest.fixture
def rehearsed_copy(landed, tmp_path) -> Project:
    """A copy to damage and to rehearse."""
    return Project.copied(tmp_path / "project", landing=landed.landing)
