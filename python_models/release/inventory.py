"""What a database holds, in a form that two databases can be compared by."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import duckdb


@dataclass(frozen=True)
class Inventory:
    """The public content of one database; equal inventories mean equal releases.

    tables: (schema, table) -> its comment and constraints, from `create table` on;
    columns: (schema, table, column) -> position, type and comment;
    macros: (name, parameters) -> definition, without parentheses, and comment;
    contents: (schema, table) -> (rows, fingerprint). The fingerprint depends on every
    value and on the order of the rows.
    """

    tables: dict[tuple, tuple]
    columns: dict[tuple, tuple]
    macros: dict[tuple, tuple]
    contents: dict[tuple, tuple]

    @property
    def n_rows(self) -> int:
        """Rows of all tables together."""
        return sum(rows for rows, _ in self.contents.values())

    def without(self, schema: str, table: str) -> "Inventory":
        """The same inventory with one table left out of the contents."""
        contents = {key: value for key, value in self.contents.items() if key != (schema, table)}
        return Inventory(self.tables, self.columns, self.macros, contents)

    def differences(self, other: "Inventory") -> list[str]:
        """One line for each thing that the two do not share."""
        lines = []
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            for key in sorted(mine.keys() | theirs.keys(), key=str):
                if mine.get(key) != theirs.get(key):
                    name = ".".join(map(str, key))
                    lines.append(f"{field.name} {name}: {mine.get(key)} and {theirs.get(key)}")
        return lines


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


def take_inventory(
    con: duckdb.DuckDBPyConnection, database: str, schemas: Sequence[str]
) -> Inventory:
    """The inventory of the base tables in `schemas` and of the macros of `main`."""
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
    # The engine prints a stored join with more parentheses, and a union with fewer blanks, than the
    # same once copied.
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
        macros={tuple(row[:2]): tuple(row[2:]) for row in macros},
        contents={
            (schema, table): con.execute(
                'select count(*), bit_xor(hash("#", "#row")) from '
                f'(select row_number() over () as "#", "#row" from '
                f'{quoted(database, schema, table)} as "#row")'
            ).fetchone()
            for schema, table, *_ in tables
        },
    )
