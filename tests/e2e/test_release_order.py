"""The rows of a release stand in the order that their models declare, whatever their order in the build."""

import shutil

import duckdb
import pytest
from kjpoll.release import publish
from kjpoll.release.publishing import PUBLIC_SCHEMAS
from kjpoll.release.samples import release_orders, sample_wise_tables

from tests.support.build_comparison import table_bytes

TABLES_OF_RECORDS = {
    ("raw", "answer"),
    ("marts", "dim_respondent"),
    ("marts", "fct_response"),
    ("marts", "fct_multiple_response"),
    ("marts", "panel"),
}


@pytest.fixture
def build(built, tmp_path):
    (tmp_path / "build").mkdir()
    path = shutil.copyfile(built.build_file, tmp_path / "build" / "warehouse.duckdb")
    with duckdb.connect(path, config={"storage_compatibility_version": "v1.0.0"}) as con:
        yield con


def test_each_public_table_of_records_declares_an_order_that_leaves_no_choice(build):
    orders = release_orders(build, "warehouse")
    of_records = {
        (schema, table)
        for schema, table in sample_wise_tables(build, "warehouse")
        if schema in PUBLIC_SCHEMAS
    }
    assert of_records == TABLES_OF_RECORDS <= orders.keys()
    for (schema, table), order in orders.items():
        within = "sample_id, " if (schema, table) in of_records else ""
        doubles = f"select {within}{order} from {schema}.{table} group by all having count(*) > 1 limit 1"
        assert build.execute(doubles).fetchall() == [], table


def test_a_build_in_another_order_gives_the_same_release(built, build, tmp_path):
    for schema, table in release_orders(build, "warehouse"):
        build.execute(f"create or replace temp table shuffled as from {schema}.{table} as t order by hash(t)")
        build.execute(f"delete from {schema}.{table}")
        build.execute(f"insert into {schema}.{table} from temp.shuffled")
    release = tmp_path / "release" / "warehouse.duckdb"
    publish(build, release)
    assert table_bytes(release) == table_bytes(built.release)
