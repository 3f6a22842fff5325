"""What the explorer's engine is given: the answers and what explains them, as Arrow streams, and SQL.

The engine cannot read Parquet without fetching an extension, and DuckDB never writes two files alike:
hence Arrow.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow

from kjpoll.report.site import ReportError, Site

TABLES = {
    "marts": ("dim_sample", "dim_question", "dim_category", "availability"),
    "analysis": ("topline", "topline_net", "topline_number", "trend"),
    "quality": ("release",),
    "published": ("subgroups",),
}
MACROS = (
    "known_question", "question_of_categories", "known_wave", "single_question",
    "topline_of", "trend_of", "change_of", "crosstab", "crosstab_tested",
)  # fmt: skip
DOWNLOADS = (
    "marts.dim_sample", "marts.dim_question", "marts.dim_category", "marts.dim_respondent",
    "marts.fct_response", "marts.fct_multiple_response", "marts.panel", "marts.availability",
    "analysis.topline", "analysis.topline_net", "analysis.topline_number", "analysis.trend",
)  # fmt: skip

RESPONDENTS = """
select cast(row_number() over (order by respondent_id) as integer) as respondent, * from marts.dim_respondent
"""
ANSWERS = f"""
with numbered as ({RESPONDENTS})
select question_id, coalesce(category_id, answer_status) as category_id, value, respondent
from marts.fct_response inner join numbered using (respondent_id)
order by question_id, respondent
"""
CHOICES = f"""
with numbered as ({RESPONDENTS})
select
    question_id, category_id, respondent,
    case
        when answer_status <> 'answered' then answer_status
        when chosen then 'chosen'
        else 'not_chosen'
    end as cell
from marts.fct_multiple_response inner join numbered using (respondent_id)
order by question_id, category_id, respondent
"""


@dataclass(frozen=True)
class ExplorerTable:
    """A table for the engine: where it belongs, and its rows in Arrow's stream format."""

    schema: str
    name: str
    stream: bytes

    @property
    def packed(self) -> bytes:
        return gzip.compress(self.stream, 6, mtime=0)


def tables(site: Site) -> Iterator[ExplorerTable]:
    """The tables that `script` builds on, the same bytes for the same warehouse."""
    for schema, names in TABLES.items():
        for name in names:
            yield ExplorerTable(schema, name, stream(cleaned(arrow(site, f"from {schema}.{name}"))))
    respondents = arrow(site, f"{RESPONDENTS} order by respondent")
    yield ExplorerTable("stored", "respondent", stream(cleaned(respondents)))
    yield ExplorerTable(
        "stored", "answer", stream(encoded(arrow(site, ANSWERS), ["question_id", "category_id"]))
    )
    yield ExplorerTable(
        "stored", "choice", stream(encoded(arrow(site, CHOICES), ["question_id", "category_id", "cell"]))
    )


def script(site: Site) -> str:
    """SQL that makes the tables and macros of the warehouse out of `tables`.

    ReportError: the warehouse lacks a macro, since an older version of the project built it.
    """
    definitions = {
        row["function_name"]: row
        for row in site.rows(
            "select function_name, function_type, parameters, macro_definition from duckdb_functions() where not internal"
        )
    }
    lacking = [name for name in MACROS if name not in definitions]
    if lacking:
        raise ReportError(
            f"the warehouse has no macro {', '.join(lacking)}: an older version of the project built it; "
            "`make build` rebuilds it"
        )
    macros = (
        f"create macro {name}({', '.join(definitions[name]['parameters'])}) as"
        f"{' table' if definitions[name]['function_type'] == 'table_macro' else ''}\n"
        f"{definitions[name]['macro_definition']};\n"
        for name in MACROS
    )
    views = Path(__file__).with_name("explorer.sql").read_text(encoding="utf-8")
    return "\n".join([views, *macros])


def download(site: Site, table: str) -> str:
    """Write a table of the warehouse as Parquet; its path in the site."""
    path = f"explorer/parquet/{table.partition('.')[2]}.parquet"
    target = str(site.path(path)).replace("'", "''")
    site.connection.execute(
        f"copy (from {table}) to '{target}' (format parquet, compression zstd, compression_level 12)"
    )
    return path


def arrow(site: Site, sql: str) -> pyarrow.Table:
    return site.connection.sql(sql).to_arrow_table().combine_chunks()


def cleaned(table: pyarrow.Table) -> pyarrow.Table:
    # DuckDB leaves whatever was in memory where a value is NULL, other bytes each time.
    return pyarrow.table(
        [pyarrow.array(column.to_pylist(), column.type) for column in table.columns], schema=table.schema
    )


def encoded(table: pyarrow.Table, columns: Sequence[str]) -> pyarrow.Table:
    """With some columns, none of which has a NULL, as numbers that stand for their values."""
    for name in columns:
        column = table[name].combine_chunks().dictionary_encode()
        numbers = column.indices.cast(pyarrow.int16())
        table = table.set_column(
            table.column_names.index(name),
            name,
            pyarrow.DictionaryArray.from_arrays(numbers, column.dictionary),
        )
    return table


def stream(table: pyarrow.Table) -> bytes:
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()
