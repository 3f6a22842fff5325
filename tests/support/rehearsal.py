"""Rehearse a build in memory: the models as dbt compiles them, without dbt's cost for each node.

A build costs dbt about 50 ms a node; a program that damages a wave file six hundred times needs the same
answers sooner. dbt compiles the project once; after that a rehearsal loads the seeds of a project copy,
runs its Python models and its compiled SQL in the order of the graph, and keeps everything in memory. What
it cannot do: tests of sources, hooks, grants, contracts. A test holds it equal to a real build.
"""

from __future__ import annotations

import csv
import importlib.util
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tests.support.project import Project

DATABASE = "warehouse"
GATE = ("gate",)
# What a reader relies on, and what checks it once the gate is open.
FACTS = ("fct_response", "fct_multiple_response", "dim_respondent")
AFTER = (*FACTS, "reconciliation_topline", "reconciliation_claim")
# What kjpoll.release.signed reads: unsigned_inputs the first, unsigned_changes the second.
SIGNED_INPUTS = ("int_input_digest", "int_signed_aspect")
SIGNED = (
    "int_signed_digest",
    "int_signed_aspect",
    "topline",
    "topline_net",
    "dim_sample",
    "dim_universe",
    "availability",
)


@dataclass(frozen=True)
class Outcome:
    """What a rehearsal left: `gate` is the error that closed the gate, or None where it stayed open."""

    con: duckdb.DuckDBPyConnection
    built: tuple[str, ...]
    gate: Exception | None
    catalog: str = DATABASE

    def query(self, sql: str) -> pd.DataFrame:
        """The rows of a query on the rehearsed tables, named as in the warehouse."""
        return self.con.sql(sql).df()

    @cached_property
    def violations(self) -> pd.DataFrame:
        """quality.violation."""
        return self.query("select * from quality.violation")

    @cached_property
    def audit(self) -> pd.DataFrame:
        """quality.response_code_audit."""
        return self.query("select * from quality.response_code_audit")

    def rules(self) -> dict[str, set[str]]:
        """Sample (or, for a seed, its file) -> the rules that found something there, warnings included."""
        found: dict[str, set[str]] = {}
        for row in self.violations.itertuples():
            where = row.file if pd.isna(row.sample_id) else row.sample_id
            found.setdefault(where, set()).add(row.rule)
        return found

    def close(self) -> None:
        self.con.close()


@dataclass(frozen=True)
class Rehearsal:
    """The compiled project. One is enough for any number of runs over copies with other files and seeds."""

    nodes: Mapping[str, Mapping[str, Any]]
    parents: Mapping[str, list[str]]
    project_dir: Path
    _models: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of_build(cls, project: Project) -> Rehearsal:
        """The SQL that the last build of the project compiled."""
        project_dir = project.root / "dbt_project"
        manifest = json.loads((project_dir / "target" / "manifest.json").read_text(encoding="utf-8"))
        return cls(manifest["nodes"], manifest["parent_map"], project_dir)

    def run(self, root: Path, targets: Iterable[str] = GATE, onto: Outcome | None = None) -> Outcome:
        """Everything that the models `targets` need, on the seeds and raw files of the project copy in `root`.

        `onto`: an outcome of the same copy to go on from; what it has built is not built again. Where the gate
        closes, what lies behind it is not run. Any other error of a model is raised.
        """
        con, built = (onto.con, list(onto.built)) if onto else (_connected(), [])
        for unique_id in self.order(targets):
            node = self.nodes[unique_id]
            if node["name"] in built:
                continue
            con.execute(f"create schema if not exists {node['schema']}")
            try:
                self.build(con, node, root, self.nodes)
            except Exception as error:
                if is_closed_gate(node, error):
                    return Outcome(con, tuple(built), error)
                raise
            built.append(node["name"])
        return Outcome(con, tuple(built), None)

    def failing_tests(self, outcome: Outcome) -> dict[str, pd.DataFrame]:
        """The dbt data tests of what was built that find something: name -> the rows found."""
        found = {}
        for unique_id, node in self.nodes.items():
            needs = [
                self.nodes[parent]["name"]
                for parent in self.parents.get(unique_id, [])
                if parent in self.nodes
            ]
            if node["resource_type"] == "test" and needs and set(needs) <= set(outcome.built):
                rows = outcome.query(node["compiled_code"].replace(f'"{DATABASE}".', f'"{outcome.catalog}".'))
                if len(rows):
                    found[node["name"]] = rows
        return found

    def order(self, targets: Iterable[str]) -> list[str]:
        """The targets and all that they need, parents first."""
        by_name = {
            node["name"]: unique_id
            for unique_id, node in self.nodes.items()
            if node["resource_type"] in ("model", "seed")
        }
        graph: dict[str, list[str]] = {}
        open_ids = [by_name[name] for name in targets]
        while open_ids:
            unique_id = open_ids.pop()
            if unique_id not in graph:
                graph[unique_id] = [parent for parent in self.parents[unique_id] if parent in self.nodes]
                open_ids += graph[unique_id]
        return list(TopologicalSorter(graph).static_order())

    def build(
        self,
        con: duckdb.DuckDBPyConnection,
        node: Mapping[str, Any],
        root: Path,
        nodes: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """Run one node; `nodes` say under which names a Python model finds what it refers to."""
        name = node["relation_name"]
        if node["resource_type"] == "seed":
            _load_seed(con, node, root / "dbt_project" / node["original_file_path"])
        elif node["language"] == "python":
            rows = self._model(node)(_Dbt(node, nodes, root, con), con)
            if isinstance(rows, duckdb.DuckDBPyRelation):
                rows.create(name)
            else:
                con.register("_rows", rows)
                con.execute(f"create table {name} as select * from _rows")
                con.unregister("_rows")
        else:
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            landing = str(root / "build" / "landing").replace("'", "''")
            con.execute(f"set variable landing_dir = '{landing}'")
            con.execute(f"create {kind} {name} as {node['compiled_code']}")

    def _model(self, node: Mapping[str, Any]) -> Any:
        """The function `model` of a Python model's file."""
        path = (self.project_dir / node["original_file_path"]).resolve()
        if str(path) not in self._models:
            spec = importlib.util.spec_from_file_location(f"rehearsed_{node['name']}", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            self._models[str(path)] = module.model
        return self._models[str(path)]


def is_closed_gate(node: Mapping[str, Any], error: Exception) -> bool:
    """By name: what a model raises may come from another import of the package."""
    return node["name"] == "gate" and type(error).__name__ == "GateClosed"


def _connected() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("set enable_progress_bar = false")
    # The tables are small, and rehearsals run side by side.
    con.execute("set threads = 1")
    con.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}")
    return con


class _Dbt:
    """What a Python model asks of dbt: its references and its configuration, with the paths of the copy."""

    def __init__(
        self,
        node: Mapping[str, Any],
        nodes: Mapping[str, Mapping[str, Any]],
        root: Path,
        con: duckdb.DuckDBPyConnection,
    ) -> None:
        self._names = {
            node["name"]: node["relation_name"]
            for node in nodes.values()
            if node["resource_type"] in ("model", "seed")
        }
        self._paths = {
            "raw_dir": root / "data" / "raw",
            "landing_dir": root / "build" / "landing",
            "build_dir": root / "build",
            "data_docs_dir": root / "build" / "data_docs",
            "cache_dir": root / "build" / "audit",
            "fits_dir": root / "build" / "regression",
            "findings_dir": root / "build" / "series",
            "release_path": root / "warehouse.duckdb",
        }
        self._config = node["config"]
        self._con = con
        self.config = self

    def get(self, key: str, default: Any = None) -> Any:
        return str(self._paths[key]) if key in self._paths else self._config.get(key, default)

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        return self._con.table(self._names[name])


def _load_seed(con: duckdb.DuckDBPyConnection, node: Mapping[str, Any], path: Path) -> None:
    """As dbt does: empty cells are null, columns have the types that the seed's YAML gives."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    types = node["config"]["column_types"]
    frame = pd.DataFrame([[cell or None for cell in row] for row in rows], columns=header, dtype="object")
    con.register("_seed", frame)
    cells = ", ".join(f'cast("{name}" as {types.get(name, "varchar")}) as "{name}"' for name in header)
    con.execute(f"create table {node['relation_name']} as select {cells} from _seed")
    con.unregister("_seed")
