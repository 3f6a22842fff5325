"""The tables that the response-code audit reads, with other counts of records."""

from dataclasses import replace

from kjpoll.checks import AuditTables

COUNTS = {
    "samples": ["n_expected"],
    "wave_file": ["n_rows"],
    "int_identifier_count": ["n_ids"],
    "int_code_frequency": ["n"],
    "int_missing_share": ["n", "base_n"],
}


def larger(tables: AuditTables, times: int) -> AuditTables:
    """The same with every count of records so many times as large."""
    return replace(
        tables,
        **{
            name: getattr(tables, name).assign(
                **{column: getattr(tables, name)[column].astype("int64") * times for column in columns}
            )
            for name, columns in COUNTS.items()
        },
    )
