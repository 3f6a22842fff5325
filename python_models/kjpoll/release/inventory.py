"""What a database holds, in a form that two databases can be compared by."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import duckdb


@dataclass(frozen=True)
class Inventory:
    """The public content of one database; equal inventories mean equal releases.

    tables: (schema, table) -> its comment and constraints, from `create table` on;
    columns: (schema, table, column) -> position, type and comment;
    macros: (name, parameters) -> definition, without parentheses, and comment;
    contents: (schema, table) -> (rows, fingerprint), and of tables that are built sample by
    sample (schema, table, sample_id) -> the same for the rows of a sample, in the order in which
    the samples stand there, which is no part of the content. The fingerprint depends on every
    value and on the order of these rows.
    """

    tables: dict[tuple, tuple]
    columns: dict[tuple, tuple]
    macros: dict[tuple, tuple]
    contents: dict[tuple, tuple]

    @property
    def n_rows(self) -> int:
        """Rows of all tables together."""
        return sum(rows for rows, _ in self.contents.values())

    @property
    def sample_wise(self) -> set[tuple]:
        """(schema, table) of the tables whose contents were taken by sample."""
        return {key[:2] for key in self.contents if len(key) == 3}

    def placed(self, table: tuple[str, str]) -> list[str]:
        """The samples of a table in the order in which they first stand there."""
        return [key[2] for key in self.contents if len(key) == 3 and key[:2] == table]

    def without(self, schema: str, table: str) -> "Inventory":
        """The same inventory with one table left out of the contents."""
        contents = {key: value for key, value in self.contents.items() if key[:2] != (schema, table)}
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
    con: duckdb.DuckDBPyConnection,
    database: str,
    schemas: Sequence[str],
    sample_wise: Collection[tuple[str, str]] = (),
    known: Mapping[tuple[str, str, str], tuple] = {},
    counted: bool = True,
) -> Inventory:
    """The inventory of the base tables in `schemas` and of the macros of `main`.

    sample_wise: tables whose contents are taken by sample, so that the order of the samples does not matter.
    known: contents of samples that need not be looked at again but for the number of their rows; without `counted`
    not for these either: a table of which any sample is known has no others, and they are in their order.
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
            (name, parameters): (re.sub(r"\bAS \w+", lambda found: found[0].upper(), definition), comment)
            for name, parameters, definition, comment in macros
        },
        contents=dict(
            entry
            for table in sorted(names)
            for entry in (
                _by_sample(con, database, table, known, counted)
                if table in sample_wise
                else _whole(con, database, table)
            )
        ),
    )


def _whole(
    con: duckdb.DuckDBPyConnection, database: str, table: tuple[str, str]
) -> list[tuple[tuple, tuple]]:
    found = _contents(con, quoted(database, *table), "true")
    return [(table, found.get(True, (0, None)))]


def _by_sample(
    con: duckdb.DuckDBPyConnection,
    database: str,
    table: tuple[str, str],
    known: Mapping[tuple[str, str, str], tuple],
    counted: bool,
) -> list[tuple[tuple, tuple]]:
    of_table = [(key, content) for key, content in known.items() if key[:2] == table]
    if of_table and not counted:
        return of_table
    name = quoted(database, *table)
    counts = con.execute(
        f"select sample_id, count(*) from {name} group by sample_id order by min(rowid)"
    ).fetchall()
    kept = {sample_id for sample_id, rows in counts if known.get((*table, sample_id), (None,))[0] == rows}
    rebuilt = [sample_id for sample_id, _ in counts if sample_id not in kept]
    found = _contents(con, name, "sample_id", rebuilt) if rebuilt else {}
    return [
        (key, known[key] if sample_id in kept else found[sample_id])
        for sample_id, _ in counts
        for key in [(*table, sample_id)]
    ]


def _contents(
    con: duckdb.DuckDBPyConnection, name: str, group: str, wanted: Sequence[str] | None = None
) -> dict[Any, tuple]:
    """Group -> (rows, fingerprint) of the wanted groups, or of all.

    Every row counts times its place after the first of its group: the sum of h (n - first) is that of h n less first
    times that of h. 40 bits of h leave room for 10^14 rows in 128. Row ids are places where they have no gaps, as in
    a group that was written at once; elsewhere the rows are counted in their order. A row_number() over () would not
    do: behind a filter DuckDB holds back small chunks and numbers them last.
    """
    contents, scattered = {}, []
    for key, rows, *digest, spread in con.execute(
        _digests(name, group, "rowid", wanted), _values(wanted)
    ).fetchall():
        if spread == rows:
            contents[key] = (rows, tuple(map(int, digest)))
        else:
            scattered.append(key)
    if scattered:
        counted = _digests(name, group, f"row_number() over (partition by {group} order by rowid)", scattered)
        for key, rows, *digest, _ in con.execute(counted, _values(scattered)).fetchall():
            contents[key] = (rows, tuple(map(int, digest)))
    return contents


def _digests(name: str, group: str, place: str, wanted: Sequence | None) -> str:
    return (
        'select "#group", count(*), sum("#h"), sum("#h" * "#") - min("#") * sum("#h"), max("#") - min("#") + 1 from '
        f'(select {group} as "#group", {place} as "#", (hash("#row") % (1::ubigint << 40))::hugeint as "#h" '
        f'from {name} as "#row"{"" if wanted is None else f" where list_contains(?, {group})"}) group by "#group"'
    )


def _values(wanted: Sequence | None) -> list:
    return [] if wanted is None else [list(wanted)]
