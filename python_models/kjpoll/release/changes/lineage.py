"""Why each value changed: the rows of seeds/quality/lineage.csv walked from what changed to what depends on it.

A row says that columns of its inputs feed columns of its outputs, and by which keys a changed input meets a changed
output. Rows stand parents first. Inputs and outputs are public tables, seeds, and the nodes between them, which are
in no table: what a column means, the answers that moved, what a model is fitted on (temporary table `influence`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from kjpoll.common.properties import SHIPPED
from kjpoll.common.seed_file import read_seed

from ..inventory import quoted
from .bridges import Bridges
from .catalogue import SEEDS
from .rows import Sides

# Keys of a changed value or line that are no column of it; one with several values meets what any of them does.
KEY_SQL = {
    "row": "cast(substr(respondent_id, length(sample_id) + 2) as integer)",
    "column_name": "part",
    "role": "case column_name when 'agency_id' then 'id' when 'weight' then 'weight' end",
    # What decides errors and no value of a respondent.
    "design_role": "unnest(['stratum', 'cluster'])",
    # A column of a respondent's row stands for a question.
    "asked": "column_name",
    "member": "coalesce(category_id, net)",
    "moved_category": """unnest(case
        when table_name = 'fct_response'
            then list_filter([old_category_id, new_category_id, old_net, new_net], lambda name : name is not null)
        when old_answer_status is distinct from new_answer_status then [null]
        else [category_id] end)""",
    "any_category": "unnest([category_id, old_category_id, new_category_id])",
    "earlier_wave": "unnest([old_previous_wave, new_previous_wave])",
    "compared_wave": "unnest([wave, old_previous_wave, new_previous_wave])",
    "published_column": "replace(part, 'published_', '')",
    "term_category": "coalesce(category_id, '')",
    "any_term": "unnest([term, 'N'])",
    "finding_question": "case when variable is null then question_id end",
    "finding_seed": """case
        when rule = 'missing_share' or rule = 'incomplete_row' and file like '%missing_bands.csv' then 'missing_bands'
        when rule = 'missing_code_in_range' then 'missing_codes'
        when rule = 'drift' then 'known_changes'
        when rule = 'unmet_margin' and file like '%weight_bounds.csv' then 'weight_bounds'
        when rule in ('unusable_margin', 'unmet_margin', 'unanswered_margin') then 'population_margins'
        when rule in ('expired_waiver', 'unused_row') and file like '%waivers.csv' then 'waivers' end""",
}
# What a seed, the changed cells and `influence` have as columns, other than public tables.
STORED = ("row", "role")


@dataclass(frozen=True)
class Key:
    """A key by which an input meets an output. `any_input`, `any_output`: an empty one there stands for all."""

    input: str
    output: str
    any_input: bool
    any_output: bool

    @classmethod
    def of(cls, text: str) -> Key:
        left, _, right = text.lstrip("?").partition("=")
        name = left.rstrip("?")
        return cls(name, right or name, left.endswith("?"), text.startswith("?"))

    def meets(self, left: str, right: str, name: str) -> str:
        """The condition that the key `name` of `right` is that of `left`."""
        mine, theirs = f"{left}.{quoted(self.input)}", f"{right}.{quoted(name)}"
        empty = [
            f"{cell} is null" for cell, may in ((mine, self.any_input), (theirs, self.any_output)) if may
        ]
        return f"({' or '.join([f'{mine} = {theirs}', *empty])})"


@dataclass(frozen=True)
class Dependency:
    """A row of the seed. `through`: a relation that gives the inputs further keys."""

    outputs: tuple[str, ...]
    output_columns: str
    inputs: tuple[str, ...]
    input_columns: str
    through: str
    through_keys: tuple[Key, ...]
    keys: tuple[Key, ...]
    where_differs: tuple[str, ...]


def read_lineage() -> list[Dependency]:
    """The dependencies in the order in which they are walked."""
    return [
        Dependency(
            tuple(row["output"].split()),
            row["output_columns"],
            tuple(row["input"].split()),
            row["input_columns"],
            row["through"],
            tuple(map(Key.of, row["through_keys"].split())),
            tuple(map(Key.of, row["keys"].split())),
            tuple(row["where_differs"].split()),
        )
        for row in read_seed(SHIPPED / "dbt_project" / "seeds" / "quality" / "lineage.csv")
    ]


def find_value_causes(sides: Sides) -> None:
    """Fill `value_cause` (value_id, cause_id) for every changed value that an input explains."""
    con, bridges = sides.con, Bridges(sides)
    con.execute("create or replace temp table value_cause (value_id bigint, cause_id integer)")
    changed = _changed_nodes(con)
    for dependency in read_lineage():
        inputs = [name for name in dependency.inputs if name in changed]
        if not inputs:
            continue
        query = _input(dependency, inputs, bridges)
        if not dependency.output_columns:
            _add_influences(con, dependency, query)
            changed.update(dependency.outputs)
        elif outputs := [name for name in dependency.outputs if name in changed]:
            con.execute(
                f"""
                insert into value_cause
                select distinct output.value_id, input.cause_id
                from ({_output(dependency, outputs)}) as output
                inner join ({query}) as input
                    on {_all(key.meets("input", "output", key.output) for key in dependency.keys)}
                """
            )


def _changed_nodes(con: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables, seeds and files of which anything changed."""
    nodes = [f"select '{seed.name}' from line_{seed.name}" for seed in SEEDS if seed.name != "lineage"]
    nodes += [
        "select node from changed_value",
        "select node from influence",
        "select 'cell' from changed_cell",
    ]
    return {name for (name,) in con.execute(" union ".join(nodes)).fetchall()}


def _add_influences(con: duckdb.DuckDBPyConnection, dependency: Dependency, query: str) -> None:
    keys = ", ".join(f"{quoted(key.input)} as {quoted(key.output)}" for key in dependency.keys)
    (node,) = dependency.outputs
    con.execute(f"insert into influence by name select '{node}' as node, cause_id, {keys} from ({query})")


def _output(dependency: Dependency, outputs: list[str]) -> str:
    cells = "".join(
        f", {KEY_SQL.get(key.output, quoted(key.output))} as {quoted(key.output)}" for key in dependency.keys
    )
    differs = " or ".join(f"old_{name} is distinct from new_{name}" for name in dependency.where_differs)
    return (
        f"select distinct value_id{cells} from changed_value where node in ({_texts(outputs)}) "
        f"and {_among(dependency.output_columns)} and ({differs or 'true'})"
    )


def _input(dependency: Dependency, inputs: list[str], bridges: Bridges) -> str:
    """A query for cause_id and the keys of the changed inputs, by the names that they have there."""
    given = bridges.columns(dependency.through) if dependency.through else []
    own_keys = [key.input for key in dependency.keys if key.input not in given]
    needed = list(dict.fromkeys([*own_keys, *(key.input for key in dependency.through_keys)]))
    changed = " union ".join(_changes(name, needed, dependency.input_columns, bridges) for name in inputs)
    if not dependency.through:
        return changed
    cells = "".join(
        f", {'bridge' if key.input in given else 'changed'}.{quoted(key.input)}" for key in dependency.keys
    )
    meets = _all(key.meets("changed", "bridge", key.input) for key in dependency.through_keys)
    return (
        f"select distinct changed.cause_id{cells} from ({changed}) as changed "
        f"inner join {dependency.through} as bridge on {meets}"
    )


def _changes(name: str, keys: list[str], columns: str, bridges: Bridges) -> str:
    is_public = name in bridges.public
    cells = "".join(
        f", {quoted(key) if key in STORED and not is_public else KEY_SQL.get(key, quoted(key))} as {quoted(key)}"
        for key in keys
    )
    if name in {seed.name for seed in SEEDS}:
        source = f"line_{name} where {_among(columns)}"
    elif is_public:
        source = (
            "changed_value inner join value_cause on changed_value.value_id = value_cause.value_id "
            f"where node = '{name}' and {_among(columns)}"
        )
    elif name == "cell":
        bridges.columns(name)
        source = "cell"
    else:
        source = f"influence where node = '{name}'"
    return f"select distinct cause_id{cells} from {source}"


def _among(columns: str) -> str:
    """The condition that `part` is among the columns that a row names: all with `*`, but those with a minus."""
    names = columns.split()
    if names[0] == "*":
        without = [name.removeprefix("-") for name in names[1:]]
        return f"part not in ({_texts(without)})" if without else "true"
    return f"part in ({_texts(names)})"


def _texts(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _all(conditions: Iterable[str]) -> str:
    return " and ".join(conditions) or "true"
