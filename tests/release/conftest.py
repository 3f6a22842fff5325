"""A small finished build to release, and the files around it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from kjpoll.release.content import content_hash

from tests.support.sound_build import NOTHING_TO_CHECK


@dataclass
class Build:
    """A build database and the place that it is released to."""

    con: duckdb.DuckDBPyConnection
    release: Path

    def kept(self, content: str) -> Path:
        """Where the release of this content stays when another has taken its place."""
        return self.release.parent / "releases" / f"{release_id(content)}.duckdb"

    def kept_names(self) -> list[str]:
        """The ids of the releases that are kept beside the present one."""
        return sorted(path.stem for path in self.release.parent.glob("releases/*"))

    def fill(self, content: str, rows: int = 5000, hour: int = 0) -> None:
        """Rebuild with other content, and add the build's row to quality.release.

        Every row of marts.response carries `content`, so a mixed file shows itself.
        """
        self.con.execute(
            "create or replace table marts.response as "
            "select ? as content, hash(i) % 1000 as shuffled, i from range(?) as r(i) "
            "order by hash(i)",
            [content, rows],
        )
        self.con.execute("comment on table marts.response is 'One row per answer: it''s one'")
        self.con.execute("comment on column marts.response.i is 'The answer''s number'")
        self.release_row(content, hour)

    def release_row(self, content: str, hour: int = 0) -> None:
        digest = hashlib.sha256(content.encode()).hexdigest()
        self.con.execute(
            "insert into quality.release values "
            "(?, ?, ?, 'raw', 22, 22000, ?, 3, null, true, 2, 5, 'c0de', 'duckdb 0', 7, 'raw file: 7')",
            [release_id(content), datetime(2026, 1, 1) + timedelta(hours=hour), digest, 1],
        )

    def true_row(self, hour: int = 0) -> str:
        """Give the last row the hash of the content, as a whole build does. Returns the release id."""
        digest = content_hash(self.con, "warehouse")
        self.con.execute(
            "update quality.release set content_hash = ?, release_id = left(?, 12), engine = 'duckdb ' || ? "
            "where built_at = (select max(built_at) from quality.release)",
            [digest, digest, duckdb.__version__],
        )
        return digest[:12]

    def left_over(self) -> list[str]:
        """Whatever stands beside the release and is neither it nor the folder of the kept ones."""
        mine = {self.release.name, "releases"}
        return sorted(p.name for p in self.release.parent.iterdir() if p.name not in mine)


def release_id(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:12]


SETUP = """
create schema marts; create schema quality; create schema staging; create schema seeds;
create schema intermediate;
create table quality.release (
  release_id varchar not null, built_at timestamp not null, content_hash varchar not null,
  raw_files_hash varchar, n_samples bigint, n_respondents bigint, n_answers bigint,
  n_tables bigint, git_commit varchar, synthetic boolean,
  n_waived bigint, n_warnings bigint, code_hash varchar, engine varchar, n_changes bigint, causes varchar);
create table seeds.question (
  question_id varchar not null, label varchar default 'none', check (question_id <> ''));
insert into seeds.question values ('impression', '印象'), ('a', null), ('impression', 'x');
create table staging.private as select 1 as x;
create view intermediate.view_of_private as select * from staging.private;
create table main.scratch as select 1 as x;
create macro topline_of(question, least := 2) as table
  select * from seeds.question where question_id = question and least = 2;
create macro half(x) as x / 2, (x, y) as (x + y) / 2;
comment on macro half is 'Half of it'
"""


@pytest.fixture
def build(tmp_path):
    (tmp_path / "build").mkdir()
    (tmp_path / "public").mkdir()
    con = duckdb.connect(
        tmp_path / "build" / "warehouse.duckdb",
        config={"storage_compatibility_version": "v1.0.0"},
    )
    for statement in SETUP.split(";"):
        con.execute(statement)
    con.execute(NOTHING_TO_CHECK)
    made = Build(con, tmp_path / "public" / "warehouse.duckdb")
    made.fill("first")
    yield made
    con.close()


@pytest.fixture
def read():
    """read(path, sql): rows of a query on a file opened as any reader would."""

    def query(path, sql):
        with duckdb.connect(path, read_only=True) as con:
            return con.execute(sql).fetchall()

    return query
