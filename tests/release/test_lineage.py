"""The lineage names tables, columns, keys and relations that are there, and leaves no table and no seed out."""

from dataclasses import replace

import pytest
from kjpoll.common.properties import seed_properties, table_properties
from kjpoll.release.changes import SEEDS, TABLES
from kjpoll.release.changes.bridges import BRIDGES
from kjpoll.release.changes.catalogue import is_figure
from kjpoll.release.changes.lineage import KEY_SQL, Key, read_lineage
from kjpoll.release.changes.rows import CARRIED

# What has causes of its own without being a table: the files and their cells.
FILES = {
    "wave_file": {"sample_id"},
    "cell": {"sample_id", "row", "variable", "question_id", "category_id", "role"},
}
# That a row, or a column of the table, came or went.
PARTS = {"row", "column", "*"}


@pytest.fixture(scope="module")
def columns():
    """Table or seed -> the columns that its rows are reached by; `figure` for those of any figure."""
    keys = {}
    for name, properties in (table_properties() | seed_properties()).items():
        there = set(properties.columns)
        # A row of a table has the series of its sample, and some columns are seen as they are after the change.
        keys[name] = there | {f"new_{column}" for column in there & set(CARRIED)}
        if name in table_properties() and ("sample_id" in there or {"wave", "series"} <= there):
            keys[name] |= {"sample_id", "series"}
    return keys | {"figure": keys["figure_01"]}


def faults_of_lineage(rows, columns) -> set[str]:
    """What rows of the lineage name that is not there, or not yet where the walk comes to them."""
    known, faults = columns | FILES, set()
    for row in rows:
        tables = {*row.inputs, *(row.outputs if row.output_columns else ())}
        inputs, outputs = (
            set().union(*(known.get(name, set()) for name in names)) for names in (row.inputs, row.outputs)
        )
        faults |= (tables - set(known)) | (set(row.where_differs) - outputs)
        faults |= {row.through} - set(BRIDGES) - {"", "sample_wave"}
        for text, there in ((row.input_columns, inputs), (row.output_columns, outputs)):
            faults |= {name.removeprefix("-") for name in text.split()} - there - PARTS
        # A relation may give the keys that the inputs lack.
        met = row.through_keys if row.through else row.keys
        faults |= {key.input for key in met} - inputs - set(KEY_SQL) - {"seed"}
        if row.output_columns:
            faults |= {key.output for key in row.keys} - outputs - set(KEY_SQL) - {"value_id"}
        else:
            for name in row.outputs:
                known[name] = known.get(name, set()) | {key.output for key in row.keys}
    return faults


def test_the_lineage_names_what_is_there_and_leaves_no_table_and_no_seed_out(columns):
    rows = read_lineage()
    assert faults_of_lineage(rows, columns) == set()
    outputs = {name for row in rows if row.output_columns for name in row.outputs}
    assert outputs == {"figure" if is_figure(table.name) else table.name for table in TABLES}
    unused = {seed.name for seed in SEEDS} - {name for row in rows for name in row.inputs}
    # By synonyms and wordings a new wave is proposed; no value comes from them.
    assert unused == {"lineage", "sources", "events", "synonyms", "wordings"}


@pytest.mark.parametrize(
    ("field", "wrong", "fault"),
    [
        ("inputs", ("toplins",), "toplins"),
        ("outputs", ("trends",), "trends"),
        ("inputs", ("later_step",), "later_step"),
        ("input_columns", "row pcts", "pcts"),
        ("output_columns", "* -pcts", "pcts"),
        ("where_differs", ("base_nn",), "base_nn"),
        ("through", "sample_waves", "sample_waves"),
        ("keys", (Key.of("wave"), Key.of("net=nets")), "nets"),
        ("keys", (Key.of("wave"), Key.of("nets=net")), "nets"),
    ],
)
def test_a_row_that_names_what_is_not_there_is_found(columns, field, wrong, fault):
    rows = read_lineage()
    (place,) = (n for n, row in enumerate(rows) if (row.outputs, row.output_columns) == (("trend",), "row"))
    rows[place] = replace(rows[place], **{field: wrong})
    assert fault in faults_of_lineage(rows, columns)
