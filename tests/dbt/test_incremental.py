"""Tables that are incremental by sample_id, in a small project of their own: what is rebuilt, and that it is right."""

import random
import re
import shutil
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PROFILE = """
kjpoll:
  target: t
  outputs:
    t:
      type: duckdb
      path: "{{ flags.PROFILES_DIR }}/warehouse.duckdb"
      plugins: [{module: kjpoll.build.plugin}]
      threads: 2
    dev:
      type: duckdb
      path: "{{ flags.PROFILES_DIR }}/dev.duckdb"
      attach: [{path: "{{ flags.PROFILES_DIR }}/warehouse.duckdb", alias: warehouse, read_only: true}]
      plugins: [{module: kjpoll.build.plugin}]
      threads: 2
"""
PROJECT = """
name: kjpoll
version: "1.0.0"
profile: kjpoll
flags:
  send_anonymous_usage_stats: false
on-run-start: "{{ create_fingerprint_table() }}"
seeds: {+quote_columns: true, +full_refresh: true}
models: {+incremental_strategy: delete+insert, +unique_key: sample_id, +on_schema_change: fail, +pre-hook: "{{ choose_samples() }}", +post-hook: "{{ write_more_samples() }}"}
# A and B are too many for one batch, B and C are not.
vars: {batch_records: 3}
"""
MODELS = {
    "wave_file": "select sample_id, count(*) as n_rows from {{ ref('cells') }} group by sample_id",
    # Without a sample_id: a change touches every sample of whoever reads it.
    "scale": "select factor from {{ ref('factors') }}",
    "meaning": "select sample_id, code, meant from {{ ref('codes') }}",
    "facts": """
        select cells.sample_id, cells.id, cells.code, meaning.meant
        from {{ samples_of(ref('cells')) }} as cells
        left join {{ ref('meaning') }} as meaning
            on cells.sample_id = meaning.sample_id and cells.code = meaning.code""",
    "known": "select sample_id, id, meant from {{ ref('facts') }} where meant is not null",
    "counts": """
        -- depends_on: {{ ref('remark') }}
        select sample_id, meant, count(*) as n, count(*) * (select factor from {{ ref('scale') }}) as scaled
        from {{ samples_of(ref('known')) }}
        group by sample_id, meant""",
    "remark": "select text from {{ ref('remarks') }}",
}
YAML = """
models:
  - {name: wave_file, config: {materialized: table}}
  - {name: scale, config: {materialized: table}}
  - {name: meaning, config: {materialized: view}}
  - {name: remark, config: {materialized: table}}
  - name: facts
    description: One row per cell.
    config: {materialized: incremental, contract: {enforced: true}, persist_docs: {relation: true, columns: true}}
    columns:
      - {name: sample_id, data_type: varchar, description: The sample.}
      - {name: id, data_type: integer, description: The record.}
      - {name: code, data_type: varchar, description: The code., constraints: [{type: check, expression: "code <> 'forbidden'"}]}
      - {name: meant, data_type: varchar, description: What it means.}
  - {name: known, config: {materialized: view}}
  - {name: counts, config: {materialized: incremental}}
seeds:
  - {name: cells, config: {column_types: {sample_id: varchar, id: integer, code: varchar}}}
  - {name: codes, config: {column_types: {sample_id: varchar, code: varchar, meant: varchar, note: varchar}}}
"""
CELLS = {("A", 1): "1", ("A", 2): "2", ("B", 1): "1", ("B", 2): "1", ("C", 1): "2"}
CODES = {("A", "1"): "yes", ("A", "2"): "no", ("B", "1"): "yes", ("C", "2"): "no"}


class Small:
    """The small project; its seeds are these dictionaries."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cells, self.codes = dict(CELLS), {key: (meant, "") for key, meant in CODES.items()}
        self.factor, self.remark = 10, "first"
        shutil.copytree(ROOT / "dbt_project" / "macros", root / "macros")
        for folder in ("models", "seeds"):
            (root / folder).mkdir()
        (root / "profiles.yml").write_text(PROFILE)
        (root / "dbt_project.yml").write_text(PROJECT)
        (root / "models" / "models.yml").write_text(YAML)
        for name, sql in MODELS.items():
            (root / "models" / f"{name}.sql").write_text(sql)

    def build(self, *arguments: str, fails: bool = False) -> dict[str, set[str]]:
        """Build; table -> the samples of which it was rebuilt, or that went."""
        seeds = {
            "cells": ["sample_id,id,code", *(f"{s},{i},{code}" for (s, i), code in self.cells.items())],
            "codes": [
                "sample_id,code,meant,note",
                *(f"{s},{code},{meant},{note}" for (s, code), (meant, note) in self.codes.items()),
            ],
            "factors": ["factor", str(self.factor)],
            "remarks": ["text", self.remark],
        }
        for name, lines in seeds.items():
            (self.root / "seeds" / f"{name}.csv").write_text("\n".join(lines) + "\n")
        before = self.fingerprints()
        # In this process: dbt takes seconds to start.
        places = {"project-dir": self.root, "profiles-dir": self.root, "log-path": self.root / "logs"}
        run = dbtRunner().invoke(
            ["build", *(f"--{name}={path}" for name, path in places.items()), *arguments]
        )
        DuckDBConnectionManager.close_all_connections()
        assert run.success != fails, run
        after = self.fingerprints()
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        return {table: {s for name, s in changed if name == table} for table in {name for name, _ in changed}}

    def query(self, sql: str, file: str = "warehouse.duckdb") -> list[tuple]:
        with duckdb.connect(self.root / file, read_only=True) as con:
            return con.execute(sql).fetchall()

    def fingerprints(self, file: str = "warehouse.duckdb") -> dict[tuple[str, str], str]:
        if not (self.root / file).exists():
            return {}
        rows = self.query("select model, sample_id, fingerprint from intermediate.sample_fingerprint", file)
        assert len({row[:2] for row in rows}) == len(rows)
        return {(model, sample_id): fingerprint for model, sample_id, fingerprint in rows}

    def facts(self) -> list[tuple]:
        return sorted(self.query("select * from facts"))

    def right(self) -> None:
        """The tables hold what the seeds say."""
        meant = {key: value[0] for key, value in self.codes.items()}
        rows = [(s, i, code, meant.get((s, code))) for (s, i), code in sorted(self.cells.items())]
        assert self.facts() == rows
        counted: dict[tuple[str, str], int] = {}
        for sample_id, _, _, meaning in rows:
            if meaning:
                counted[sample_id, meaning] = counted.get((sample_id, meaning), 0) + 1
        assert sorted(self.query("select sample_id, meant, n, scaled from counts")) == sorted(
            (*key, n, n * self.factor) for key, n in counted.items()
        )


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    project = Small(tmp_path_factory.mktemp("incremental") / "project")
    assert project.build() == {table: {"A", "B", "C"} for table in ("facts", "counts")}
    project.right()
    return project


@pytest.fixture(autouse=True)
def sound(small):
    yield
    small.right()


def test_what_nothing_reads_touches_nothing(small):
    small.remark = "a parent that only a comment names"
    small.codes["B", "1"] = ("yes", "a column that no model reads")
    assert small.build() == {}


def test_a_code_touches_the_samples_that_use_it(small):
    small.codes["B", "1"] = ("perhaps", "")
    assert small.build() == {"facts": {"B"}, "counts": {"B"}}


def test_a_replaced_sample_loses_its_rows_a_new_one_comes_and_an_old_one_goes(small):
    small.cells.pop(("A", 2))
    small.cells |= {("A", 3): "1", ("AA", 1): "2"}
    small.cells.pop(("C", 1))
    assert small.build() == {table: {"A", "AA", "C"} for table in ("facts", "counts")}
    small.right()
    assert small.query("select comment from duckdb_tables() where table_name = 'facts'") == [
        ("One row per cell.",)
    ]


def test_a_table_without_samples_touches_all(small):
    small.factor = 100
    assert small.build() == {"counts": {"A", "AA", "B"}}


def test_other_sql_touches_all_and_a_new_column_comes_in(small):
    # The view stands between the two tables.
    (small.root / "models" / "known.sql").write_text(MODELS["known"] + " and true")
    assert small.build() == {"counts": {"A", "AA", "B"}}
    model = small.root / "models" / "counts.sql"
    model.write_text(MODELS["counts"].replace("as scaled", "as scaled, 7 as more"))
    assert small.build() == {"counts": {"A", "AA", "B"}}
    assert small.query("select distinct more from counts") == [(7,)]


def test_another_way_of_building_touches_all(small):
    macro = small.root / "macros" / "incremental" / "samples.sql"
    text = macro.read_text()
    macro.write_text(text + "{# edited #}")
    assert small.build() == {table: {"A", "AA", "B"} for table in ("facts", "counts")}
    macro.write_text(text)
    assert small.build() == {table: {"A", "AA", "B"} for table in ("facts", "counts")}
    assert small.build() == {}


def test_samples_are_written_in_batches(small):
    small.build("--full-refresh", "--log-level-file", "debug")
    log = (small.root / "logs" / "dbt.log").read_text()
    wanted = [re.findall(r"'(\w+)'", found) for found in re.findall(r"more_samples_of_facts = (.*)", log)]
    assert wanted[-1] == ["B"]
    assert "insert into" in log and len(small.facts()) == len(small.cells)


def test_a_model_that_reads_all_samples_has_each_row_once(small):
    """Also where the samples are more than one batch, and where one has changed."""
    model = small.root / "models" / "unfiltered.sql"
    model.write_text("select sample_id, id from {{ ref('cells') }}")
    properties = small.root / "models" / "unfiltered.yml"
    properties.write_text("models: [{name: unfiltered, config: {materialized: incremental}}]")
    small.build()
    assert sorted(small.query("select * from unfiltered")) == sorted(small.cells)
    small.cells["B", 7] = "1"
    small.build()
    assert sorted(small.query("select * from unfiltered")) == sorted(small.cells)
    small.cells.pop(("B", 7))
    model.unlink()
    properties.unlink()
    small.build()


def test_a_failed_build_leaves_rows_and_fingerprints_in_agreement(small):
    kept, rows = small.fingerprints(), small.facts()
    small.cells["B", 9] = "forbidden"
    assert small.build(fails=True) == {}
    assert (small.fingerprints(), small.facts()) == (kept, rows)
    small.cells.pop(("B", 9))


def test_a_dropped_table_and_a_full_refresh_build_the_whole(small):
    with duckdb.connect(small.root / "warehouse.duckdb") as con:
        con.execute("drop table facts")
    small.build()
    small.right()
    small.build("--full-refresh")


def test_random_changes_give_what_a_whole_build_gives(small):
    draw = random.Random(5)
    for _ in range(2):
        for _ in range(draw.randint(1, 4)):
            sample_id = draw.choice(["A", "AA", "B", "C", "D"])
            match draw.randrange(3):
                case 0:
                    small.cells[sample_id, draw.randint(1, 4)] = draw.choice("123")
                case 1:
                    small.codes[sample_id, draw.choice("123")] = (draw.choice(["yes", "no", "perhaps"]), "")
                case 2 if len({key[0] for key in small.cells} - {sample_id}) > 1:
                    small.cells = {key: code for key, code in small.cells.items() if key[0] != sample_id}
        small.build()
        small.right()


def test_a_developer_builds_one_model_on_the_tables_of_another_build(small):
    """With --defer the parents are those of the build whose artifacts are given, fingerprints too."""

    def deferred() -> set[str]:
        before = small.fingerprints("dev.duckdb")
        state = ("--defer", "--state", str(small.root / "state"), "--target", "dev", "--select", "counts")
        small.build(*state)
        counted = small.query("select * from counts order by all")
        assert small.query("select * from counts order by all", "dev.duckdb") == counted != []
        after = small.fingerprints("dev.duckdb")
        return {sample_id for (_, sample_id), value in after.items() if before.get((_, sample_id)) != value}

    small.build()
    shutil.copytree(small.root / "target", small.root / "state")
    samples = {sample_id for sample_id, _ in small.cells}
    assert deferred() == samples
    assert deferred() == set()
    sample_id, _ = next(iter(small.cells))
    small.cells[sample_id, 4] = next(code for key, code in small.codes if key == sample_id)
    small.build()
    assert deferred() == {sample_id}
    (small.root / "models" / "counts.sql").write_text(MODELS["counts"])
