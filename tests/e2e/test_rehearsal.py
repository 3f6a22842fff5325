"""A rehearsal in memory finds what a build by dbt finds."""

from benchmarks.wave_edit import editing

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


def test_a_damage_is_found_as_by_a_build(built, rehearsal, rehearsed_copy):
    with editing(rehearsed_copy, "KOR-2020") as wave:
        wave.set(8, "DQ2", "130")
        wave.set(9, wave.header[0], wave.get(8, wave.header[0]))
    run = rehearsed_copy.dbt("build", "--select", "+gate", "--exclude-resource-type", "unit_test")
    outcome = rehearsal.run(rehearsed_copy.root)
    assert run.code == 1 and outcome.gate is not None
    rows = rehearsed_copy.query("select * from quality.violation", of=rehearsed_copy.build_file)
    assert len(rows) == 2
    assert outcome.con.sql("select * from quality.violation").fetchall() == rows
    assert " ".join(str(outcome.gate).split()) in " ".join(run.output.split())


def test_a_failing_data_test_is_told(rehearsal, rehearsed_copy):
    rehearsed_copy.change("published/claims", {"claim_id": "c87"}, value=1)
    outcome = rehearsal.run(rehearsed_copy.root, ("reconciliation_claim",))
    (rows,) = rehearsal.failing_tests(outcome).values()
    assert ["c87"] == list(rows["claim_id"])
