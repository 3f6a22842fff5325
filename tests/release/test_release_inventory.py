"""What a sample's rows are depends on nothing but themselves, however and wherever they were written."""

import duckdb
import pytest
from kjpoll.release.inventory import take_inventory

# DuckDB 2.0 reads the first three in chunks of which it holds the short ones back behind a filter by a long list.
SIZES = [145_435] * 3 + [5] * 9
SAMPLES = [f"S{number:02d}" for number in range(len(SIZES))]


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        con.execute("create table whole (sample_id varchar, i integer)")
        rows = ", ".join(f"('{sample}', {size})" for sample, size in zip(SAMPLES, SIZES, strict=True))
        con.execute(
            f"insert into whole select s, i from (values {rows}) t(s, n), range(n) r(i) order by s, hash(i)"
        )
        con.execute("create table pieces as from whole limit 0")
        for sample in reversed(SAMPLES):
            con.execute("insert into pieces select * from whole where sample_id = ? order by rowid", [sample])
        con.execute("create table mixed as select * from whole order by hash(rowid // 7), rowid")
        con.execute("create table sorted_back as select mixed.* from mixed order by sample_id, hash(i)")
        yield con


def contents(con, table, known=()):
    database = con.execute("select current_database()").fetchone()[0]
    found = take_inventory(con, database, ["main"], [("main", table)], dict(known)).contents
    return {key[2:]: value for key, value in found.items() if key[1] == table}


def test_a_sample_is_the_same_in_a_table_written_whole_or_in_pieces(con):
    whole = contents(con, "whole")
    assert [whole[sample,][0] for sample in SAMPLES] == SIZES
    assert contents(con, "pieces") == whole
    assert contents(con, "sorted_back") == whole


def test_some_samples_are_looked_at_as_all_are(con):
    whole = contents(con, "whole")
    known = {("main", "pieces", SAMPLES[0]): whole[SAMPLES[0],]}
    assert contents(con, "pieces", known) == whole


def test_rows_of_a_sample_that_stand_apart_count_in_their_order(con):
    whole = contents(con, "whole")
    mixed = contents(con, "mixed")
    # The same rows, in blocks that were moved about, also within a sample.
    assert [mixed[sample,][0] for sample in SAMPLES] == SIZES
    assert all(mixed[sample,] != whole[sample,] for sample in SAMPLES[:3])
    con.execute(
        "create or replace table apart as select sample_id, i from whole order by "
        "row_number() over (partition by sample_id order by rowid), sample_id"
    )
    assert contents(con, "apart") == whole


@pytest.mark.parametrize("number", [0, 4])
def test_two_rows_that_change_places_are_seen(con, number):
    con.execute(
        "create or replace table exchanged as select sample_id, i from (select *, rowid as r from whole) "
        "order by sample_id, case when sample_id = ? and i < 2 then 1 - i else -1 end, r",
        [SAMPLES[number]],
    )
    con.execute(
        "create or replace table other as select sample_id, i from (select *, rowid as r from whole) "
        "order by sample_id, case when sample_id = ? and i < 2 then i else -1 end, r",
        [SAMPLES[number]],
    )
    one, other = contents(con, "exchanged"), contents(con, "other")
    assert [key for key in one if one[key] != other[key]] == [(SAMPLES[number],)]
