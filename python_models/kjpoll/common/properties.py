"""What dbt's properties files say of the seeds and the public tables: their columns, keys and allowed values.

No other place lists these. SQL reads them from dbt's `graph`, Python here, from the same files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PACKAGE = Path(__file__).parents[1]
# The project that came with the package: a wheel holds it, a checkout has it beside.
SHIPPED = next(root for root in (PACKAGE / "project", PACKAGE.parents[1]) if (root / "dbt_project").is_dir())


@dataclass(frozen=True)
class Condition:
    """`holds`: an expression of SQL that is not false of any row `seed`, of which `beside` is a row of that seed with the same
    `by`. `finding`: what the cell of `column` is where it is false."""

    column: str
    holds: str
    finding: str
    beside: str = ""
    by: str = ""


@dataclass(frozen=True)
class Reference:
    """A row of `to` has the values of `columns`, there called `to_columns`; a cell with a `delimiter` names several."""

    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]
    delimiter: str = ""


@dataclass(frozen=True)
class Properties:
    """Of a seed or a public table. `folder`: that of its file; `key`: the columns that identify a row. Of a seed alone: the
    SQL types of its columns but labels, the columns that are never empty, what holds of its rows, what they refer to, the table
    that has a column of each value of a column, and whether it has labels."""

    schema: str
    folder: str
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    allowed: Mapping[str, tuple[str, ...]]
    types: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    references: tuple[Reference, ...] = ()
    column_of: Mapping[str, str] = field(default_factory=dict)
    has_labels: bool = False

    @property
    def per_respondent(self) -> bool:
        """Whether its rows are respondents' facts."""
        return "respondent_id" in self.key


@cache
def seed_properties(root: Path = SHIPPED) -> dict[str, Properties]:
    """Every seed of the project in `root` by name."""
    return _read(root / "dbt_project", "seeds")


@cache
def table_properties(root: Path = SHIPPED) -> dict[str, Properties]:
    """Every public table of the project in `root` by name, but those on the releases themselves, which have no key."""
    return _read(root / "dbt_project", "models")


def _read(project: Path, kind: str) -> dict[str, Properties]:
    schemas = _parsed(project / "dbt_project.yml")[kind]["kjpoll"]
    return {
        entry["name"]: Properties(
            entry["config"].get(
                "schema", schemas.get(folders[0], schemas).get("+schema", schemas["+schema"])
            ),
            folders[-1],
            entry["name"],
            tuple(column["name"] for column in entry["columns"]),
            tuple(meta["keys"][0]),
            {column: tuple(map(str, values)) for column, values in meta.get("allowed", {}).items()},
            entry["config"].get("column_types", {}),
            tuple(meta.get("required", ())),
            tuple(Condition(**condition) for condition in meta.get("conditions", ())),
            tuple(
                Reference(
                    tuple(reference["columns"]),
                    reference["to"],
                    tuple(reference.get("to_columns", reference["columns"])),
                    reference.get("delimiter", ""),
                )
                for reference in meta.get("references", ())
            ),
            meta.get("column_of", {}),
            meta.get("labels", False),
        )
        for path in sorted((project / kind).rglob("*.yml"))
        for folders in [path.relative_to(project / kind).parts[:-1]]
        for entry in _parsed(path).get(kind, [])
        if "keys" in (meta := entry.get("config", {}).get("meta", {}))
    }


def _parsed(path: Path) -> Any:
    # The parser in C is ten times as fast, and not built everywhere.
    return yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
