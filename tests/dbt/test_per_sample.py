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
"""
PROJECT = """
name: kjpoll
version: "1.0.0"
profile: kjpoll
flags:
  send_anonymous_usage_stats: false
on-run-start: "{{ create_fingerprint_table() }}"
seeds: {+quote_columns: true, +full_refresh: true}
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
        from {{ ref('cells') }} as cells
        left join {{ ref('meaning') }} as meaning
            on cells.sample_id = meaning.sample_id and cells.code = meaning.code
        order by cells.sample_id, cells.id""",
    "known": "select sample_id, id, meant from {{ ref('facts') }} where meant is not null",
    "counts": """
        -- depends_on: {{ ref('remark') }}
        select sample_id, meant, count(*) as n, count(*) * (select factor from {{ ref('scale') }}) as scaled
        from {{ ref('known') }}
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
    config: {materialized: per_sample, contract: {enforced: true}, persist_docs: {relation: true, columns: true}}
    columns:
      - {name: sample_id, data_type: varchar, description: The sample.}
      - {name: id, data_type: integer, description: The record.}
      - {name: code, data_type: varchar, description: The code., constraints: [{type: check, expression: "code <> 'forbidden'", warn_unsupported: false}]}
      - {name: meant, data_type: varchar, description: What it means.}
  - {name: known, config: {materialized: view}}
  - {name: counts, config: {materialized: per_sample}}
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

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(self.root / "warehouse.duckdb", read_only=True) as con:
            return con.execute(sql).fetchall()

    def fingerprints(self) -> dict[tuple[str, str], str]:
        if not (self.root / "warehouse.duckdb").exists():
            return {}
        rows = self.query("select model, sample_id, fingerprint from intermediate.sample_fingerprint")
        assert len({row[:2] for row in rows}) == len(rows)
        return {(model, sample_id): fingerprint for model, sample_id, fingerprint in rows}

    def facts(self) -> list[tuple]:
        return self.query("select * from facts")

    def right(self) -> None:
        """The tables hold what the seeds say, each sample's rows in order and in one place."""
        meant = {key: value[0] for key, value in self.codes.items()}
        rows = [(s, i, code, meant.get((s, code))) for (s, i), code in sorted(self.cells.items())]
        placed = self.facts()
        assert sorted(placed) == rows
        for sample_id in {row[0] for row in rows}:
            places = [at for at, row in enumerate(placed) if row[0] == sample_id]
            assert places == list(range(places[0], places[0] + len(places)))
            assert [placed[at] for at in places] == [row for row in rows if row[0] == sample_id]
        counted: dict[tuple[str, str], int] = {}
        for sample_id, _, _, meaning in rows:
            if meaning:
                counted[sample_id, meaning] = counted.get((sample_id, meaning), 0) + 1
        assert sorted(self.query("select sample_id, meant, n, scaled from counts")) == sorted(
            (*key, n, n * self.factor) for key, n in counted.items()
        )


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    project = Small(tmp_path_factory.mktemp("per_sample") / "project")
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
    # What was built last stands last: the order of the samples is made where they are released.
    assert [row[0] for row in small.facts()] == ["B", "B", "A", "A", "AA"]
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
    macro = small.root / "macros" / "incremental" / "per_sample.sql"
    text = macro.read_text()
    macro.write_text(text + "{# edited #}")
    assert small.build() == {table: {"A", "AA", "B"} for table in ("facts", "counts")}
    macro.write_text(text)
    assert small.build() == {table: {"A", "AA", "B"} for table in ("facts", "counts")}
    assert small.build() == {}


def test_samples_are_written_in_batches(small):
    small.build("--full-refresh")
    log = (small.root / "logs" / "dbt.log").read_text()
    wanted = [
        re.findall(r"'(\w+)'", found) for found in re.findall(r"as batch\s+where sample_id in \((.*?)\)", log)
    ]
    assert (
        ["A", "AA"] in wanted
        and ["B"] in wanted
        and not [batch for batch in wanted if {"A", "B"} <= set(batch)]
    )


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
    assert [row[0] for row in small.facts()] == ["A", "A", "AA", "B", "B"]


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
