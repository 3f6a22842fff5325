"""Rehearse again only what a change can reach, from what the undamaged project gave.

A model of which nothing that it needs has changed is what it was. Of the others, those of SAMPLE_WISE say of each
sample only what its own rows of their parents say: where the parents' rows of all other samples are what they were,
they are run on the changed samples alone, and put beside what the undamaged project gave for the rest. All others,
such as those that hold a sample against its series, run on the whole. A test holds the outcome equal to that of a
whole rehearsal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from tests.support.project import Project, seed_files
from tests.support.rehearsal import AFTER, DATABASE, GATE, SIGNED, Outcome, Rehearsal, is_closed_gate

# The two catalogs of a run; and what has been rebuilt but is, of all other samples, what it was.
WHOLE, PART, STANDING = "trial", "part", "standing"
SEEDS = Path("dbt_project", "seeds")
# Rows up to which it is worth a comparison.
FEW = 50_000
# They read the raw directory, which any change may reach.
LANDING = ("wave_file", "file_problem")
# `by_sample` measures them on the undamaged project; but of the rules, which find nothing there, these are the heavy
# ones that judge each record by itself.
SAMPLE_WISE_RULES = ("int_rule_choice", "int_rule_status")
SAMPLE_WISE = (
    *SAMPLE_WISE_RULES,
    "answer",
    "audit_result",
    "dim_respondent",
    "fct_multiple_response",
    "fct_response",
    "int_answer",
    "int_answer_digest",
    "int_answer_status",
    "int_answer_surprisal",
    "int_asked",
    "int_asked_category",
    "int_base",
    "int_battery",
    "int_battery_answer",
    "int_code_frequency",
    "int_coded_value",
    "int_delimited_value",
    "int_design_effect",
    "int_eligible_question",
    "int_eligible_sample",
    "int_file_weight",
    "int_filtered_question",
    "int_identifier_count",
    "int_indicator_choice",
    "int_delimited_choice",
    "int_list_column",
    "int_ranked_choice",
    "int_value",
    "int_value_choice",
    "int_value_meaning",
    "int_missing_share",
    "int_multiple_cell",
    "int_multiple_choice",
    "int_multiple_status",
    "int_number_value",
    "int_offered_category",
    "int_respondent_answer",
    "int_respondent_band",
    "int_series_count",
    "int_series_profile",
    "int_single_answer",
    "int_status_count",
    "int_unanswered_part",
    "int_universe",
    "int_universe_value",
    "int_wave_share",
    "int_weight",
    "landed_file",
    "response_code_audit",
    "stg_code",
    "stg_column",
    "stg_respondent",
    "value_label",
    "variable",
)
# Between them they have every layout.
MEASURED = ("JPN-2015", "JPN-2018", "KOR-2021")
Node = Mapping[str, Any]


class PartialRehearsal:
    """What the undamaged project gave: `sound`, of a rehearsal or of a build. One outcome can be open at a time."""

    def __init__(
        self, rehearsal: Rehearsal, sound: Outcome, sample_wise: Iterable[str] = SAMPLE_WISE
    ) -> None:
        self.rehearsal, self.sound = rehearsal, sound
        self.sample_wise = frozenset(sample_wise)
        # Model -> what this run made of it: the whole rebuilt, that with other samples as they were, or a part.
        self._anew: dict[str, str] = {}

    def run(
        self,
        root: Path,
        samples: Collection[str],
        seeds: Collection[str],
        targets: Iterable[str],
        onto: Outcome | None = None,
    ) -> Outcome:
        """As Rehearsal.run, of a copy that differs from the undamaged project in the seeds of the names `seeds` and
        in the raw directory. `samples`: those whose file differs, or some of whose rows in the seeds do."""
        if onto is None:
            self._anew = {}
        con, built = (onto.con, list(onto.built)) if onto else (self.connected(), [])
        for unique_id in self.rehearsal.order(targets):
            node = self.rehearsal.nodes[unique_id]
            if node["name"] in built:
                continue
            try:
                self._build(con, node, root, sorted(samples), seeds)
            except Exception as error:
                if is_closed_gate(node, error):
                    return Outcome(con, tuple(built), error, WHOLE)
                raise
            built.append(node["name"])
        return Outcome(con, tuple(built), None, WHOLE)

    def connected(self) -> duckdb.DuckDBPyConnection:
        con = self.sound.con.cursor()
        for name in (WHOLE, PART):
            con.execute(f"detach database if exists {name}")
            con.execute(f"attach ':memory:' as {name}")
        con.execute(f"use {WHOLE}")
        return con

    def _build(
        self,
        con: duckdb.DuckDBPyConnection,
        node: Node,
        root: Path,
        samples: list[str],
        seeds: Collection[str],
    ) -> None:
        _schemas(con, node)
        sound, whole, part = (_in(catalog, node) for catalog in (DATABASE, WHOLE, PART))
        changed = [
            parent["name"]
            for parent in parents(self.rehearsal, node)
            if parent["name"] in self._anew and parent["name"] != "gate"
        ]
        if not changed and node["name"] not in (*LANDING, *seeds):
            con.execute(f"create view {whole} as select * from {sound}")
            # The gate is rebuilt to be closed, and only the order of the models depends on it.
            return
        if node["name"] in self.sample_wise and all(self._anew[name] in (PART, STANDING) for name in changed):
            self._anew[node["name"]] = PART
            if samples:
                in_parts = {name for name in changed if self._anew[name] == PART}
                build_part(self.rehearsal, con, node, root, samples, in_parts)
            con.execute(
                f"create view {whole} as select * from {sound} where sample_id not in ({_listed(samples)})"
                + (
                    f" union all select * from {part} where sample_id in ({_listed(samples)})"
                    if samples
                    else ""
                )
            )
        else:
            self.rehearsal.build(con, moved(self.rehearsal, node, {}), root, named(self.rehearsal, {}))
            stands = self._stands(con, node, samples)
            # Where no sample differs, all rows are those that the undamaged project gave.
            if samples or not stands:
                self._anew[node["name"]] = STANDING if stands else WHOLE

    def _stands(self, con: duckdb.DuckDBPyConnection, node: Node, samples: list[str]) -> bool:
        """Whether the rows of all other samples are those that the undamaged project gave; all rows, if no sample differs."""
        tables = [_in(catalog, node) for catalog in (DATABASE, WHOLE)]
        if samples and "sample_id" not in con.sql(f"select * from {tables[0]} limit 0").columns:
            return False
        if any(con.execute(f"select count(*) from {table}").fetchall()[0][0] > FEW for table in tables):
            return False
        others = f"where sample_id is null or sample_id not in ({_listed(samples)})" if samples else ""
        digest = f"select count(*), sum(hash(t)) from {{}} as t {others}"
        before, now = (con.execute(digest.format(table)).fetchall() for table in tables)
        return before == now


def changes(origin: Project, project: Project) -> tuple[set[str], set[str]]:
    """The samples of which a file or a row of a seed differs between two copies, and the seeds that do."""
    samples, seeds = set(), set()
    for row in origin.seed("survey/samples"):
        before, now = (copy.root / "data" / "raw" / row["file"] for copy in (origin, project))
        if not now.is_file() or now.is_symlink() or before.read_bytes() != now.read_bytes():
            samples.add(row["sample_id"])
    for path in seed_files(origin.root):
        name = path.relative_to(origin.root / SEEDS).with_suffix("").as_posix()
        if path.read_bytes() != project.seed_path(name).read_bytes():
            seeds.add(path.stem)
            before, now = (
                Counter(tuple(row.items()) for row in copy.seed(name)) for copy in (origin, project)
            )
            samples |= {dict(row).get("sample_id") for row in (before - now) + (now - before)} - {None}
    return samples, seeds


def outcome_of_build(rehearsal: Rehearsal, project: Project) -> Outcome:
    """What the last build of the project left, up to the facts and what is signed, as a rehearsal would have left it."""
    con = duckdb.connect()
    con.execute("set enable_progress_bar = false")
    con.execute("set threads = 1")
    con.execute(f"attach '{project.build_file}' as {DATABASE} (read_only)")
    con.execute(f"use {DATABASE}")
    names = (rehearsal.nodes[unique_id]["name"] for unique_id in rehearsal.order((*GATE, *AFTER, *SIGNED)))
    return Outcome(con, tuple(names), None)


def rehearse_copy(
    rehearsal: Rehearsal, origin: Project, project: Project, targets: Iterable[str] = GATE
) -> Outcome:
    """As Rehearsal.run, of a changed copy of a project that stands built."""
    samples, seeds = changes(origin, project)
    partial = PartialRehearsal(rehearsal, outcome_of_build(rehearsal, origin))
    return partial.run(project.root, samples, seeds, targets)


def by_sample(
    rehearsal: Rehearsal, sound: Outcome, root: Path, samples: Collection[str] = MEASURED
) -> set[str]:
    """The models that give for one sample alone what they give for it beside all others.

    `root`: the undamaged project, of which `sound` is the outcome. Rules find nothing there and are left out, but
    for those declared above.
    """
    agree, said = [], set()
    for sample_id in samples:
        found, rows = _by_sample(PartialRehearsal(rehearsal, sound, ()), root, sample_id)
        agree.append(found)
        said |= rows
    return set.intersection(*agree) & (said | set(SAMPLE_WISE_RULES))


def _by_sample(partial: PartialRehearsal, root: Path, sample_id: str) -> tuple[set[str], set[str]]:
    """The models that agree in this sample, and those of them that have rows of it."""
    con = partial.connected()
    found: set[str] = set()
    rows: set[str] = set()
    for unique_id in partial.rehearsal.order(partial.sound.built):
        node = partial.rehearsal.nodes[unique_id]
        name = node["name"]
        _schemas(con, node)
        sound, whole, part = (_in(catalog, node) for catalog in (DATABASE, WHOLE, PART))
        con.execute(f"create view {whole} as select * from {sound}")
        if name in LANDING or name.startswith("int_rule_") and name not in SAMPLE_WISE_RULES:
            continue
        if (
            node["resource_type"] == "seed"
            or "sample_id" not in con.sql(f"select * from {sound} limit 0").columns
        ):
            continue
        try:
            build_part(partial.rehearsal, con, node, root, [sample_id], found)
        except (duckdb.Error, TypeError):
            continue
        digest = f"select count(*), sum(hash(t)) from {{}} as t where sample_id = '{sample_id}'"
        gave, gives = (con.execute(digest.format(table)).fetchall() for table in (sound, part))
        if gave == gives:
            found.add(name)
            rows |= {name} if gave[0][0] else set()
    con.close()
    return found, rows


def build_part(
    rehearsal: Rehearsal,
    con: duckdb.DuckDBPyConnection,
    node: Node,
    root: Path,
    samples: list[str],
    in_parts: Collection[str],
) -> None:
    """The node for these samples, in the catalog of parts, from those parents that stand there and else the whole."""
    places = {parent["name"]: PART for parent in parents(rehearsal, node) if parent["name"] in in_parts}
    if node.get("language") == "python":
        # It may look at whatever it gets: let that be of these samples only.
        for parent in parents(rehearsal, node):
            columns = con.sql(f"select * from {_in(WHOLE, parent)} limit 0").columns
            if parent["name"] not in places and "sample_id" in columns:
                _schemas(con, parent)
                con.execute(
                    f"create view if not exists {_in(PART, parent)} as select * from {_in(WHOLE, parent)} "
                    f"where sample_id in ({_listed(samples)})"
                )
                places[parent["name"]] = PART
    places[node["name"]] = PART
    rehearsal.build(con, moved(rehearsal, node, places), root, named(rehearsal, places))


def parents(rehearsal: Rehearsal, node: Node) -> list[Node]:
    return [rehearsal.nodes[name] for name in rehearsal.parents[node["unique_id"]] if name in rehearsal.nodes]


def moved(rehearsal: Rehearsal, node: Node, places: Mapping[str, str]) -> Node:
    """The node with its own and its parents' tables in the catalogs that `places` gives, or in that of the whole."""
    code = node.get("compiled_code") or ""
    for parent in parents(rehearsal, node):
        code = code.replace(parent["relation_name"], _in(places.get(parent["name"], WHOLE), parent))
    return {**node, "compiled_code": code, "relation_name": _in(places.get(node["name"], WHOLE), node)}


def named(rehearsal: Rehearsal, places: Mapping[str, str]) -> dict[str, Node]:
    return {
        unique_id: {**node, "relation_name": _in(places.get(node["name"], WHOLE), node)}
        for unique_id, node in rehearsal.nodes.items()
        if node["resource_type"] in ("model", "seed")
    }


def _schemas(con: duckdb.DuckDBPyConnection, node: Node) -> None:
    for name in (WHOLE, PART):
        con.execute(f"create schema if not exists {name}.{node['schema']}")


def _listed(samples: list[str]) -> str:
    return ", ".join(f"'{sample_id}'" for sample_id in samples) or "''"


def _in(catalog: str, node: Node) -> str:
    return f'"{catalog}"."{node["schema"]}"."{node["alias"]}"'
