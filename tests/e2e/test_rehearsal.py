"""A rehearsal in memory makes the tables that dbt makes; on damaged files test_damaged_waves compares them."""

from dataclasses import replace

import duckdb
import pytest

from tests.support.partial_rehearsal import by_sample, rehearse_copy

FACTS = ("gate", "fct_response", "fct_multiple_response", "dim_respondent", "reconciliation_topline")
# They hold the time of the build, or the paths of the copy.
NOT_COMPARED = {"build_info"}

# As many rows as before, but one respondent twice and another not at all.
EXCHANGED = """
    update marts.fct_response set respondent_id = 'KOR-2013-0001'
    where respondent_id = 'KOR-2013-0002' and question_id = 'sex'
"""


def content(query, table: str):
    return query(f"select count(*), sum(hash(t)) from {table} as t")


def test_every_table_is_that_of_a_build(built, rehearsal):
    outcome = rehearsal.run(built.root, FACTS)
    schemas = dict(
        outcome.con.sql(
            "select table_name, schema_name from duckdb_tables() where database_name = 'warehouse'"
        ).fetchall()
    )
    compared = [f"{schema}.{name}" for name, schema in schemas.items() if name not in NOT_COMPARED]
    assert {"marts.fct_response", "intermediate.int_value_meaning", "raw.answer", "seeds.code_lists"} <= set(
        compared
    )
    differ = [
        table
        for table in compared
        if content(lambda sql: outcome.con.sql(sql).fetchall(), table)
        != content(lambda sql: built.query(sql, of=built.build_file), table)
    ]
    assert differ == []
    assert outcome.gate is None and rehearsal.failing_tests(outcome) == {}


def test_a_failing_data_test_is_reported(rehearsal, built, rehearsed_copy):
    rehearsed_copy.change("published/claims", {"claim_id": "c87"}, value=1)
    outcome = rehearse_copy(rehearsal, built, rehearsed_copy, ("reconciliation_claim",))
    (rows,) = rehearsal.failing_tests(outcome).values()
    assert ["c87"] == list(rows["claim_id"])


@pytest.mark.parametrize(
    ("change", "table", "n"),
    [
        ("insert into marts.fct_response from marts.fct_response limit 1", "fct_response", 1),
        (
            "insert into marts.fct_multiple_response from marts.fct_multiple_response limit 1",
            "fct_multiple_response",
            1,
        ),
        (EXCHANGED, "fct_response", 1),
        ("insert into marts.dim_respondent from marts.dim_respondent limit 1", "dim_respondent", 1),
    ],
)
def test_a_key_that_several_rows_have_is_found(built, rehearsal, change, table, n):
    (node,) = (node for node in rehearsal.nodes.values() if node["name"] == "int_duplicate_key")
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as warehouse")
        con.execute(f"attach '{built.build_file}' as built (read_only)")
        con.execute("create schema warehouse.marts")
        for name in ("dim_respondent", "fct_response", "fct_multiple_response"):
            con.execute(f"create table warehouse.marts.{name} as from built.marts.{name}")
        con.execute("use warehouse")
        assert con.execute(node["compiled_code"]).fetchall() == []
        con.execute(change)
        found = con.execute(node["compiled_code"]).fetchall()
    assert {row[0] for row in found} >= {table}
    assert sum(row[0] == table for row in found) == n


def test_what_is_built_sample_by_sample_asks_no_other_sample(built, rehearsal, sound):
    """From the rows of one sample alone each of these models gives what the build gave for it beside all others."""
    models = {
        node["name"]
        for node in rehearsal.nodes.values()
        if node["config"].get("materialized") == "incremental"
    }
    # Of sound files these and the rules have no rows; how they judge damaged ones is measured by benchmarks/mutation.
    silent = {
        "int_broken_record",
        "int_duplicate_key",
        "int_near_pair",
        "int_similar_run",
        "int_straight_line",
        "int_unknown_cell",
    }
    # No sound file has strata or clusters; tests/dbt/test_sampling_design.py and test_number_design.py hold five samples beside each
    # other to what R, or a formula, gives for each alone.
    silent |= {"int_sampling_unit", "int_share_variance", "int_number_variance"}
    models = {name for name in models if not name.startswith("int_rule_")} - silent
    whole = replace(sound, built=tuple(rehearsal.nodes[one]["name"] for one in rehearsal.order(models)))
    assert len(models) > 20
    assert models - by_sample(rehearsal, whole, built.root, ["KOR-2021"]) == set()


def test_a_model_that_looks_at_another_sample_is_seen(built, rehearsal, sound):
    (name,) = (key for key, node in rehearsal.nodes.items() if node["name"] == "int_code_frequency")
    node = rehearsal.nodes[name]
    code = node["compiled_code"]
    crossing = f"select * replace (greatest(n, (select max(n) from ({code}))) as n) from ({code})"
    looking = replace(rehearsal, nodes={**rehearsal.nodes, name: {**node, "compiled_code": crossing}})
    whole = replace(
        sound, built=tuple(rehearsal.nodes[one]["name"] for one in rehearsal.order(["int_code_frequency"]))
    )
    assert "int_code_frequency" in by_sample(rehearsal, whole, built.root, ["KOR-2021"])
    assert "int_code_frequency" not in by_sample(looking, whole, built.root, ["KOR-2021"])
