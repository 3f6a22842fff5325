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
} | {
    f"quality.{table} has numbers that do not agree with the published ones": f"""
        select count(*) from quality.{table} where judged and {agrees} is distinct from true"""
    # A refitted cell may differ in its last digit.
    for table, agrees in (
        ("reconciliation_topline", "agrees"),
        ("reconciliation_claim", "agrees"),
        ("reconciliation_regression", "close"),
    )
}


def refuse_unsound_build(con: duckdb.DuckDBPyConnection) -> None:
    """Raise ReleaseError where the build that `con` has open contradicts its checks or the published numbers."""
    try:
        found = {fault: con.execute(query).fetchall()[0][0] for fault, query in FAULTS.items()}
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise ReleaseError(f"the build has not what a release is checked by: {error}") from error
    faults = [f"{fault} ({n})" for fault, n in found.items() if n]
    if faults:
        raise ReleaseError("; ".join(faults))
