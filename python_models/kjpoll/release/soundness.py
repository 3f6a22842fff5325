"""What a build says of itself, asked again before it is released, whatever checked it before."""

import duckdb

from .errors import ReleaseError

# What is wrong -> how often. The build is the present database.
FAULTS = {
    "quality.violation has errors that no waiver covers": """
        select count(*) from quality.violation where severity = 'error' and is_waived is distinct from true""",
    "intermediate.gate is not that of the violations": """
        with counted as (
            select count(*) filter (is_waived) as n_waived,
                count(*) filter (severity = 'warn' and is_waived is distinct from true) as n_warnings
            from quality.violation
        )
        select abs(1 - (select count(*) from intermediate.gate join counted using (n_waived, n_warnings)))""",
}
# A refitted cell of a regression may differ in its last digit: `close` then, else `agrees`.
RECONCILIATIONS = """
    select table_name, max(column_name) filter (column_name in ('agrees', 'close')) as agrees
    from duckdb_columns()
    where database_name = current_database() and schema_name = 'quality' and table_name like 'reconciliation_%'
    group by table_name order by table_name"""


def refuse_unsound_build(con: duckdb.DuckDBPyConnection) -> None:
    """Raise ReleaseError where the build that `con` has open contradicts its checks or the published numbers."""
    try:
        queries = FAULTS | _disagreements(con)
        found = {fault: con.execute(query).fetchall()[0][0] for fault, query in queries.items()}
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise ReleaseError(f"the build has not what a release is checked by: {error}") from error
    faults = [f"{fault} ({n})" for fault, n in found.items() if n]
    if faults:
        raise ReleaseError("; ".join(faults))


def _disagreements(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The same for every table of the reconciliation."""
    tables = con.execute(RECONCILIATIONS).fetchall()
    if not tables:
        raise ReleaseError(
            "the build has not what a release is checked by: no table quality.reconciliation_*"
        )
    return {
        f"quality.{table} has numbers that do not agree with the published ones": (
            f"select count(*) from quality.{table} where eligible and {agrees} is distinct from true"
        )
        for table, agrees in tables
    }
