"""The least that a release needs to have a site: what the frame of its pages reads."""

from __future__ import annotations

from pathlib import Path

import duckdb

TABLES = """
create schema quality;
create schema marts;
create table quality.release as select
    'abc123' as release_id, timestamp '2024-02-03 04:05:06' as built_at, null::varchar as git_commit,
    2::bigint as n_samples, 2000::bigint as n_respondents, 123456::bigint as n_answers, true as synthetic;
create table marts.dim_sample (sample_id varchar, synthetic boolean);
insert into marts.dim_sample values ('KOR-2023', true), ('JPN-2023', false);
create table marts.dim_category (
    question_id varchar, category_id varchar, position smallint, net varchar, missing_type varchar);
"""


def small_release(path: Path) -> Path:
    with duckdb.connect(path) as connection:
        connection.execute(TABLES)
    return path
