"""The whole build that all tests read, with an older release in its place before it."""

import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
from kjpoll.release import publish

from tests.support.project import Project, Run
from tests.support.release_reader import reading
from tests.support.sound_build import NOTHING_TO_CHECK

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


def build_first(folder: Path) -> FirstBuild:
    project = Project.copied(folder / "project")
    with duckdb.connect(folder / "older.duckdb", config={"storage_compatibility_version": "v1.0.0"}) as con:
        con.execute(OLD_RELEASE)
        con.execute(NOTHING_TO_CHECK)
        publish(con, project.release)
    older = project.release_sha256()
    with reading(project.release, WHAT_READERS_SEE) as seen:
        # All of the project is read here, and nothing in it may be a warning.
        run = project.ingest(DBT_WARN_ERROR="1")
        time.sleep(1)
    return FirstBuild(project, run, seen, older)
