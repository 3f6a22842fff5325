"""Which rows and values of the public tables differ: tables `changed_value` and `changed_cell` of the comparing connection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import duckdb

from kjpoll.common.properties import Properties

from ..inventory import quoted
from .catalogue import TABLES, is_figure

OLD, NEW = "old_release", "new_release"
# How many respondents one row of the comparison names.
FIRST = 3

# What of a row, beside its key, the search for causes needs from both sides.
CARRIED = (
    "category_id",
    "position",
    "net",
    "answer_status",
    "raw_variable",
    "raw_code",
    "base_n",
    "base_substantive_n",
    "previous_wave",
    "comparability_break",
    "is_waived",
    "missing_type",
)
# A row reported as of some sample, wave or question though that is no part of its key.
CONTEXT = ("sample_id", "wave", "country", "series", "question_id")
# Keys that the tables identify their rows by; a table without one has it empty.
KEYS = sorted({name for table in TABLES for name in table.key} | {"figure", *CONTEXT})

CHANGED_VALUE = f"""
create or replace temp table changed_value (
    value_id bigint, table_schema varchar, table_name varchar, change varchar, column_name varchar,
    old_value varchar, new_value varchar, n_alike bigint, first_alike varchar[],
    {", ".join(f'"{name}" varchar' for name in KEYS)},
    {", ".join(f"old_{name} varchar, new_{name} varchar" for name in CARRIED)}
)"""


SAMPLE_WAVE = ("sample_id", "wave", "country", "series")
# What changed of a row is its part `row` where it came or went; that a table has another column is the part `column`.
NUMBERED = """
create or replace temp table changed_value as
select row_number() over () as value_id, value.* exclude (value_id, sample_id, series),
    coalesce(value.sample_id, of_series.sample_id) as sample_id, coalesce(value.series, sample.series) as series,
    case when change like 'column %' then 'column' else coalesce(column_name, 'row') end as part,
    case when figure is null then table_name else 'figure' end as node
from changed_value as value
left join sample_now as sample on value.sample_id = sample.sample_id
left join (select series, wave, max(sample_id) as sample_id from sample_now group by series, wave) as of_series
    on value.sample_id is null and value.series = of_series.series and value.wave = of_series.wave
"""


class Sides:
    """Two attached databases, OLD and NEW, and what columns their tables have.

    standing: (schema, table) -> the samples whose rows are known to be the same on both sides.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        old: str,
        new: str,
        standing: Mapping[tuple[str, str], Collection[str]] = {},
    ) -> None:
        self.con, self.names, self.standing = con, (old, new), standing
        self._columns: dict[tuple[str, str, str], list[str]] = {}
        for database, schema, table, column in con.execute(
            "select database_name, schema_name, table_name, column_name from duckdb_columns() "
            "where database_name in (?, ?) order by database_name, schema_name, table_name, column_index",
            [old, new],
        ).fetchall():
            self._columns.setdefault((database, schema, table), []).append(column)

    def columns(self, schema: str, table: str) -> tuple[list[str], list[str]]:
        """The columns that the table has on either side; none where it is not there."""
        old, new = (self._columns.get((name, schema, table), []) for name in self.names)
        return old, new

    def has(self, schema: str, table: str) -> tuple[bool, bool]:
        old, new = self.columns(schema, table)
        return bool(old), bool(new)

    def tables(self) -> list[Properties]:
        """The public tables that both sides have; a project may have more figures than the one that this came with."""
        figures = [
            replace(figure, name=table)
            for figure in [table for table in TABLES if is_figure(table.name)][:1]
            for table in sorted({table for _, schema, table in self._columns if schema == figure.schema})
            if is_figure(table)
        ]
        known = [table for table in TABLES if not is_figure(table.name)]
        return [table for table in (*known, *figures) if all(self.has(table.schema, table.name))]

    def select(self, side: int, schema: str, table: str, columns: list[str]) -> str:
        """A query for columns as text, empty where this side lacks one; nothing where it lacks the table."""
        present = self.columns(schema, table)[side]
        cells = ", ".join(
            f"cast({quoted(name) if name in present else 'null'} as varchar) as {quoted(name)}"
            for name in columns
        )
        if not present:
            return f"select {cells} where false"
        return f"select {cells} from {quoted(self.names[side], schema, table)}"

    def answers(self, side: int) -> str:
        """A query for the cells of the wave files, with the number of the respondent in place of that of the record."""
        cells = self.select(side, "raw", "answer", ["sample_id", "row", "variable", "value"])
        columns = self.select(side, "seeds", "variables", ["sample_id", "variable", "role"])
        return f"""
            with delivered as ({cells}), numbered as (
                select delivered.sample_id, delivered.row, row_number() over (
                    partition by delivered.sample_id order by length(delivered.value), delivered.value, cast(delivered.row as integer)
                ) as number
                from delivered inner join ({columns}) as used
                    on delivered.sample_id = used.sample_id and delivered.variable = used.variable
                where used.role = 'id'
            )
            select delivered.sample_id, coalesce(numbered.number, cast(delivered.row as integer)) as row, variable, value
            from delivered left join numbered on delivered.sample_id = numbered.sample_id and delivered.row = numbered.row
        """

    def both(self, schema: str, table: str, columns: list[str]) -> str:
        """A query for the columns of the distinct rows of both sides."""
        return " union ".join(self.select(side, schema, table, columns) for side in (0, 1))

    def digests(self, schema: str, table: str, columns: list[str]) -> list[str] | None:
        """The samples whose rows differ; None where the table has no samples and its rows differ; [] if none do."""
        by = '"sample_id"' if "sample_id" in columns else "null"
        standing = sorted(self.standing.get((schema, table), ()))
        others = " where not list_contains(?, sample_id)" if standing else ""
        listed = ", ".join(quoted(name) for name in columns)
        sides = [
            f"select {by} as sample, count(*) as n, sum(cast(hash({listed}) as hugeint)) as digest "
            f"from {quoted(name, schema, table)}{others} group by all"
            for name in self.names
        ]
        differing = self.con.execute(
            f"select distinct coalesce(o.sample, n.sample) from ({sides[0]}) as o full join ({sides[1]}) as n "
            "on o.sample is not distinct from n.sample where (o.n, o.digest) is distinct from (n.n, n.digest) order by 1",
            [standing, standing] if standing else [],
        ).fetchall()
        samples = [sample for (sample,) in differing]
        return None if None in samples else samples

    def of_one_side(self, schema: str, table: str, samples: list[str]) -> list[str]:
        """Those of the samples that only one of the two has: they came or went as a whole."""
        samples_of = [
            {sample for (sample,) in self.con.execute(
                f"select distinct sample_id from {quoted(name, schema, table)} where list_contains(?, sample_id)", [samples]
            ).fetchall()}
            for name in self.names
        ]  # fmt: skip
        return sorted(samples_of[0] ^ samples_of[1])


def find_values(sides: Sides) -> None:
    """Fill the temporary table `changed_value`: one row per changed value, and per row that came or went.

    Leaves the wave, country and series of every sample as `sample_wave`, those of both sides where they differ, and as
    `sample_now`, those of the new side alone where it has the sample.
    """
    sides.con.execute(CHANGED_VALUE)
    for table in sides.tables():
        old, new = sides.columns(table.schema, table.name)
        for change, names in (("added", set(new) - set(old)), ("removed", set(old) - set(new))):
            for name in sorted(names):
                sides.con.execute(
                    "insert into changed_value by name select ? as table_schema, ? as table_name, ? as change, ? as column_name, "
                    "1 as n_alike",
                    [table.schema, table.name, f"column {change}", name],
                )
        shared = [name for name in new if name in old]
        samples = sides.digests(table.schema, table.name, shared)
        if samples and table.per_respondent:
            whole = sides.of_one_side(table.schema, table.name, samples)
            _find_whole_samples(sides, table, shared, whole)
            samples = [sample for sample in samples if sample not in whole]
        if samples is None or samples:
            _find_values_of(sides, table, shared, samples)
    # A release made before there were series has none.
    query = sides.both("seeds", "samples", list(SAMPLE_WAVE))
    sides.con.execute(
        "create or replace temp table sample_wave as "
        f"select sample_id, wave, country, max(series) as series from ({query}) group by sample_id, wave, country"
    )
    both = " union all by name ".join(
        f"select *, {side} as side from ({sides.select(side, 'seeds', 'samples', list(SAMPLE_WAVE))})"
        for side in (0, 1)
    )
    latest = ", ".join(f"max_by({name}, side) as {name}" for name in SAMPLE_WAVE[1:])
    sides.con.execute(
        f"create or replace temp table sample_now as select sample_id, {latest} from ({both}) group by sample_id"
    )
    sides.con.execute(NUMBERED)


def _find_whole_samples(sides: Sides, table: Properties, shared: list[str], samples: list[str]) -> None:
    """The rows of samples that came or went: one for all that say the same, reported by the first of their respondents."""
    said = [name for name in (*table.key, *CONTEXT, *CARRIED) if name in shared and name != "respondent_id"]
    said = list(dict.fromkeys(said))
    for side, change, prefix in ((0, "removed", "old_"), (1, "added", "new_")):
        named = ", ".join(quoted(name) for name in said if name in KEYS or name in CONTEXT)
        carried = "".join(f", {quoted(name)} as {prefix}{name}" for name in said if name in CARRIED)
        sides.con.execute(
            f"""
            insert into changed_value by name
            select ? as table_schema, ? as table_name, ? as change, count(*) as n_alike,
                min(respondent_id) as respondent_id, min(respondent_id, {FIRST}) as first_alike, {named}{carried}
            from ({sides.select(side, table.schema, table.name, shared)})
            where list_contains(?, sample_id)
            group by {", ".join(quoted(name) for name in said)}
            """,
            [table.schema, table.name, change, samples],
        )


def _find_values_of(sides: Sides, table: Properties, shared: list[str], samples: list[str] | None) -> None:
    # An older release may lack a part of the key; its rows are then told apart by their order, as those of a key that stands twice.
    key = [name for name in table.key if name in shared]
    context = [name for name in CONTEXT if name in shared and name not in key]
    values = [name for name in shared if name not in key]
    of_samples = "" if samples is None else " where list_contains(?, sample_id)"
    # A key that stands twice (two findings of one rule) is distinguished by the order of its rows.
    twice = ", ".join(quoted(name) for name in key)
    numbered = [
        f"select *, row_number() over (partition by {twice} order by all_of) as copy from ("
        f"select *, concat_ws('|', {', '.join(f'coalesce({quoted(n)}, chr(0))' for n in shared)}) as all_of "
        f"from ({sides.select(side, table.schema, table.name, shared)}){of_samples})"
        if not table.per_respondent
        else f"select *, 1 as copy from ({sides.select(side, table.schema, table.name, shared)}){of_samples}"
        for side in (0, 1)
    ]
    on = " and ".join(f"o.{quoted(name)} is not distinct from n.{quoted(name)}" for name in [*key, "copy"])
    differs = " or ".join(f"o.{quoted(name)} is distinct from n.{quoted(name)}" for name in values) or "false"
    pairs = ", ".join(
        f"{{'column_name': '{name}', 'old_value': o.{quoted(name)}, 'new_value': n.{quoted(name)}}}"
        for name in values
    )
    keys = ", ".join(
        f"coalesce(n.{quoted(name)}, o.{quoted(name)}) as {quoted(name)}" for name in [*key, *context]
    )
    carried = "".join(
        f", o.{quoted(name)} as old_{name}, n.{quoted(name)} as new_{name}"
        for name in CARRIED
        if name in shared
    )
    figure = f", '{int(table.name.rpartition('_')[2])}' as figure" if is_figure(table.name) else ""
    sides.con.execute(
        f"""
        insert into changed_value by name
        with pair as (
            select {keys}{carried}{figure},
                case when o.copy is null then 'added' when n.copy is null then 'removed' else 'changed' end as change,
                case when o.copy is null or n.copy is null
                    then [{{'column_name': null, 'old_value': null, 'new_value': null}}]
                    else [{pairs}] end as cells
            from ({numbered[0]}) as o
            full join ({numbered[1]}) as n on {on}
            where o.copy is null or n.copy is null or {differs}
        ),
        melted as (select * exclude (cells), unnest(cells, recursive := true) from pair)
        select '{table.schema}' as table_schema, '{table.name}' as table_name, 1 as n_alike,
            {"[respondent_id]" if table.per_respondent else "null"} as first_alike, *
        from melted where change <> 'changed' or old_value is distinct from new_value
        """,
        [samples, samples] if samples is not None else [],
    )


def find_cells(sides: Sides) -> None:
    """Fill the temporary table `changed_cell`: one row per cell of a wave file whose text differs, or that came or went.

    Its `row` is the number of the respondent, who may stand elsewhere in another delivery.
    """
    sides.con.execute(
        "create or replace temp table changed_cell (sample_id varchar, row integer, variable varchar)"
    )
    if not all(sides.has("raw", "answer")):
        return
    shared = ["sample_id", "row", "variable", "value"]
    samples = sides.digests("raw", "answer", shared)
    if not samples:
        return
    old, new = (
        f"(select * from ({sides.answers(side)}) where list_contains(?, sample_id))" for side in (0, 1)
    )
    sides.con.execute(
        f"""
        insert into changed_cell
        select coalesce(n.sample_id, o.sample_id), coalesce(n.row, o.row), coalesce(n.variable, o.variable)
        from {old} as o full join {new} as n
            on o.sample_id = n.sample_id and o.row = n.row and o.variable = n.variable
        where o.sample_id is null or n.sample_id is null or o.value is distinct from n.value
        """,
        [samples, samples],
    )
