"""What a database holds, in a form that two databases can be compared by."""

import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields

import duckdb

# Of the rows of `content`, whatever their order; the macro content_digest writes the same into the models.
DIGEST = "coalesce(sum(cast(hash(content) as hugeint)), 0)"
# They are about the releases before, and no content of this one.
HISTORY = (("quality", "release"), ("quality", "release_change"))


@dataclass(frozen=True)
class Inventory:
    """The public content of one database; equal inventories mean equal releases.

    tables: (schema, table) -> its comment and constraints, from `create table` on;
    columns: (schema, table, column) -> position, type and comment;
    macros: (name, parameters) -> definition, without parentheses, and comment;
    contents: (schema, table) -> (rows, digest), which depends on every value and not on the order of the rows;
    (schema, table, sample_id) -> (rows,) of a sample that is known to be unchanged, which the digest leaves out.
    """

    tables: dict[tuple, tuple]
    columns: dict[tuple, tuple]
    macros: dict[tuple, tuple]
    contents: dict[tuple, tuple]

    @property
    def n_rows(self) -> int:
        """Rows of all tables together."""
        return sum(rows for rows, *_ in self.contents.values())

    def without_history(self) -> "Inventory":
        """The same inventory without the contents of the tables about earlier releases."""
        contents = {key: value for key, value in self.contents.items() if key not in HISTORY}
        return Inventory(self.tables, self.columns, self.macros, contents)

    def differences(self, copy: "Inventory") -> list[str]:
        """One line for each thing that the two do not share; of long ones, such as macros, the part where they part."""
        lines = []
        for field in fields(self):
            here, there = getattr(self, field.name), getattr(copy, field.name)
            for key in sorted(here.keys() | there.keys(), key=str):
                if here.get(key) != there.get(key):
                    name = ".".join(map(str, key))
                    lines.append(f"{field.name} {name}: " + _part(str(here.get(key)), str(there.get(key))))
        return lines


def _part(here: str, there: str, shown: int = 120) -> str:
    """Both texts, of which what is long is cut to so many characters about the first that differs."""
    start = max(0, len(os.path.commonprefix([here, there])) - shown // 3)
    return " and ".join(
        text if len(text) <= shown else ("..." if start else "") + text[start : start + shown] + "..."
        for text in (here, there)
    )


def quoted(*names: str) -> str:
    """A qualified identifier: quoted('marts', 'panel') -> '"marts"."panel"'."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def base_tables(
    con: duckdb.DuckDBPyConnection, database: str, schemas: Sequence[str]
) -> list[tuple[str, str]]:
    """(schema, table) of the base tables of `schemas`, sorted."""
    return con.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = ? and list_contains(?, schema_name) and not temporary "
        "order by all",
        [database, list(schemas)],
    ).fetchall()


def content_digest(
    con: duckdb.DuckDBPyConnection, relation: str, samples: Collection[str] | None = None
) -> tuple[int, int]:
    """(rows, digest) of a relation, or of its rows of these samples and of none."""
    where = "" if samples is None else " where sample_id is null or list_contains(?::varchar[], sample_id)"
    (digest,) = con.execute(
        f"select count(*), {DIGEST} from {relation} as content{where}",
        [] if samples is None else [list(samples)],
    ).fetchall()
    return digest


def take_inventory(
    con: duckdb.DuckDBPyConnection,
    database: str,
    schemas: Sequence[str],
    unchanged: Mapping[tuple[str, str], Collection[str]] = {},
) -> Inventory:
    """The inventory of the base tables in `schemas` and of the macros of `main`.

    unchanged: (schema, table) -> samples whose rows are only counted.
    """
    schemas = list(schemas)
    tables = con.execute(
        "select schema_name, table_name, sql, comment from duckdb_tables() "
        "where database_name = ? and list_contains(?, schema_name) and not temporary "
        "order by all",
        [database, schemas],
    ).fetchall()
    columns = con.execute(
        "select schema_name, table_name, column_name, column_index, data_type, comment "
        "from duckdb_columns() where database_name = ? and list_contains(?, schema_name)",
        [database, schemas],
    ).fetchall()
    # The engine prints a stored join with more parentheses, a union with fewer blanks, and the type of
    # a cast in small letters where the macro has it so: all otherwise than once copied.
    macros = con.execute(
        "select function_name, parameters::varchar, "
        "regexp_replace(translate(macro_definition, '()', ''), '\\s*UNION', ' UNION', 'g'), comment "
        "from duckdb_functions() where database_name = ? and schema_name = 'main' "
        "and not internal and function_type in ('macro', 'table_macro')",
        [database],
    ).fetchall()
    names = {(schema, table) for schema, table, *_ in tables}
    return Inventory(
        tables={(schema, table): (sql, comment) for schema, table, sql, comment in tables},
        columns={tuple(row[:3]): tuple(row[3:]) for row in columns if tuple(row[:2]) in names},
        macros={
            (name, parameters): (re.sub(r"\bAS \w+", lambda cast: cast[0].upper(), definition), comment)
            for name, parameters, definition, comment in macros
        },
        contents=dict(
            entry
            for table in sorted(names)
            for entry in _contents(con, database, table, unchanged.get(table, ())).items()
        ),
    )


def _contents(
    con: duckdb.DuckDBPyConnection, database: str, table: tuple[str, str], unchanged: Collection[str]
) -> dict[tuple, tuple]:
    relation = quoted(database, *table)
    if not unchanged:
        return {table: content_digest(con, relation)}
    counts = dict(con.execute(f"select sample_id, count(*) from {relation} group by sample_id").fetchall())
    changed = counts.keys() - unchanged
    return {table: content_digest(con, relation, changed)} | {
        (*table, sample_id): (counts[sample_id],) for sample_id in counts.keys() - changed
    }
