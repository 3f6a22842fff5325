"""A rehearsal in memory makes the tables that dbt makes; on damaged files test_damaged_waves compares them."""

FACTS = ("gate", "fct_response", "fct_multiple_response", "dim_respondent", "reconciliation_topline")
# They hold the time of the build, or the paths of the copy.
NOT_COMPARED = {"build_info"}


def content(query, table: str):
    return query(f"select count(*), sum(hash(t)) from {table} as t")


def test_every_table_is_that_of_a_build(built, rehearsal):
    outcome = rehearsal.run(built.root, FACTS)
    schemas = dict(outcome.con.sql(
        "select table_name, schema_name from duckdb_tables() where database_name = 'warehouse'").fetchall())
    compared = [f"{schema}.{name}" for name, schema in schemas.items() if name not in NOT_COMPARED]
    assert {"marts.fct_response", "intermediate.int_answer", "raw.answer", "seeds.code_lists"} <= set(compared)
    differ = [
        table for table in compared
        if content(lambda sql: outcome.con.sql(sql).fetchall(), table)
        != content(lambda sql: built.query(sql, of=built.build_file), table)
    ]
    assert differ == []
    assert outcome.gate is None and rehearsal.failing_tests(outcome) == {}


def test_a_failing_data_test_is_told(rehearsal, rehearsed_copy):
    rehearsed_copy.change("published/claims", {"claim_id": "c87"}, value=1)
    outcome = rehearsal.run(rehearsed_copy.root, ("reconciliation_claim",))
    (rows,) = rehearsal.failing_tests(outcome).values()
    assert ["c87"] == list(rows["claim_id"])
