"""Does the response-code audit cost the same whatever the number of respondents?

    python -m benchmarks.audit --output benchmarks/results/audit.md

Runs the audit and writes its pages on the tables of a build file as they are, and with every count of
records 100 times as large (the codes and the shares stay), in turns.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import fields
from pathlib import Path

BEGIN = time.process_time()
import great_expectations

IMPORT_SECONDS = time.process_time() - BEGIN

import duckdb
from kjpoll.checks import AuditTables, audit, write_data_docs

from tests.support.audit_tables import larger

from . import report

LARGE, ROUNDS, ALLOWED = 100, 5, 3.0


def read_tables(warehouse: Path) -> AuditTables:
    """The tables of a build file that the audit reads."""
    with duckdb.connect(warehouse, read_only=True) as con:
        schemas = dict(
            con.execute("select table_name, table_schema from information_schema.tables").fetchall()
        )
        return AuditTables(
            **{
                field.name: con.sql(f"select * from {schemas[field.name]}.{field.name}").df()
                for field in fields(AuditTables)
            }
        )


def seconds_of(tables: AuditTables, folder: Path) -> tuple[float, float]:
    """Seconds of processor time of the suites, and of the pages: what both take where nothing else runs."""
    begin = time.process_time()
    outcome = audit(tables)
    between = time.process_time()
    write_data_docs(outcome.samples, folder)
    if not outcome.rows["success"].all():
        raise RuntimeError("the audit of the warehouse fails: its time would be another one")
    return between - begin, time.process_time() - between


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--warehouse", type=Path, default=Path("build/warehouse.duckdb"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--output", type=Path, help="markdown file for the results")
    options = parser.parse_args(arguments)
    tables = read_tables(options.warehouse)
    sizes = {1: tables, LARGE: larger(tables, LARGE)}
    times: dict[int, list[tuple[float, float]]] = {size: [] for size in sizes}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            for size, of_size in sizes.items():
                times[size].append(seconds_of(of_size, Path(folder, "docs")))
    rows = []
    for size, found in times.items():
        suites, pages = (statistics.median(column) for column in zip(*found))
        rows.append(
            (
                f"{size}x",
                f"{int(sizes[size].wave_file['n_rows'].sum()):,}",
                f"{suites:.2f}",
                f"{pages:.2f}",
                f"{suites + pages:.2f}",
                f"{(suites + pages) / ALLOWED:.2f}",
                suites + pages,
            )
        )
    report.publish(
        "\n\n".join(
            [
                "# Time of the response-code audit",
                report.conditions([f"great_expectations {great_expectations.__version__}"]),
                (
                    f"Written by `python -m benchmarks.audit`: {len(tables.samples)} suites, medians of {options.rounds} rounds in "
                    f"turns of processor time (one core), without the import of Great Expectations ({IMPORT_SECONDS:.1f} s here). At most {ALLOWED:.0f} s are "
                    f"allowed. 100x against 1x: {rows[1][-1] / rows[0][-1]:.2f}."
                ),
                report.table(
                    ["counts", "records", "suites, s", "pages, s", "together, s", "of what is allowed"],
                    [row[:-1] for row in rows],
                ),
            ]
        ),
        options.output,
    )


if __name__ == "__main__":
    main()
