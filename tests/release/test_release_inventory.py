"""What a table's content is does not depend on where its rows are, and every change of a row is seen."""

import duckdb
import pytest
from kjpoll.release.inventory import take_inventory

ROWS = "select 'S' || (i % 3) as sample_id, i, 'value ' || hash(i) as value from range(3000) as r(i)"
CHANGES = {
    "a value": "update t set value = 'other' where i = 7",
    "a value that is absent": "update t set value = null where i = 7",
    "two values exchanged": "update t set value = (select value from t as o where o.i = 15 - t.i) where i in (7, 8)",
    "a row less": "delete from t where i = 7",
    "a row twice": "insert into t from t where i = 7",
    "a row of no sample": "update t set sample_id = null where i = 7",
    "a row of another sample": "update t set sample_id = 'S0' where i = 7",
    "a row of a new sample": "update t set sample_id = 'S9' where i = 7",
}


def inventory(statement="", unchanged=(), order="i"):
    with duckdb.connect() as con:
        con.execute(f"create table t as from ({ROWS}) order by {order}")
        con.execute(statement)
        return take_inventory(con, "memory", ["main"], {("main", "t"): unchanged} if unchanged else {})


@pytest.mark.parametrize("unchanged", [(), ("S0",), ("S0", "S2"), ("S0", "S1", "S2")])
def test_the_order_of_rows_is_no_content(unchanged):
    in_order = inventory(unchanged=unchanged)
    assert in_order == inventory(unchanged=unchanged, order="hash(i)")
    assert in_order.n_rows == 3000


@pytest.mark.parametrize("unchanged", [(), ("S0",), ("S0", "S2")])
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_in_what_is_not_known_to_be_unchanged(change, unchanged):
    assert inventory(unchanged=unchanged).differences(inventory(CHANGES[change], unchanged))


@pytest.mark.parametrize(
    "change", ["a row less", "a row twice", "a row of no sample", "a row of another sample"]
)
def test_samples_that_are_known_to_be_unchanged_are_counted(change):
    samples = ("S0", "S1", "S2")
    assert inventory(unchanged=samples).differences(inventory(CHANGES[change], samples))


def test_of_two_long_texts_the_part_is_said_where_they_differ():
    columns = ", ".join(f"{i} as c{i}" for i in range(400))
    built, copied = (f"create macro m() as table select {columns}, {end} as last" for end in (7, 8))
    (line,) = inventory(built).differences(inventory(copied))
    assert line.startswith("macros m.[]: ...") and " 7 AS" in line and " 8 AS" in line and len(line) < 300
