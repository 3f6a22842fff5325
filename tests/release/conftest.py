"""A small finished build to release, and the files around it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest


@dataclass
class Build:
    """A build database and the place that it is released to."""

    con: duckdb.DuckDBPyConnection
    release: Path

    @property
    def previous(self) -> Path:
        return self.release.with_name("warehouse.previous.duckdb")

    def fill(self, content: str, rows: int = 5000, hour: int = 0) -> None:
        """Build anew with other content, and add the build's row to quality.release.

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
            "insert into quality.release values (?, ?, ?, 'raw', 22, 22000, ?, 3, null, true, 2, 5)",
            [digest[:12], datetime(2026, 1, 1) + timedelta(hours=hour), digest, 1],
        )

    def left_over(self) -> list[str]:
        """Whatever stands beside the release and is not the two releases."""
        mine = {self.release.name, self.previous.name}
        return sorted(p.name for p in self.release.parent.iterdir() if p.name not in mine)


SETUP = """
create schema marts; create schema quality; create schema staging; create schema seeds;
create schema intermediate;
create table quality.release (
  release_id varchar not null, built_at timestamp not null, content_hash varchar not null,
  raw_files_hash varchar, n_samples bigint, n_respondents bigint, n_answers bigint,
  n_tables bigint, git_commit varchar, synthetic boolean,
  n_waived bigint, n_warnings bigint);
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
