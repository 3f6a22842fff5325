"""The floor benchmark finds its nodes, sees a row that differs, and stops what takes too long."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks.floor import section
from benchmarks.floor_compare import differing
from benchmarks.floor_nodes import FACTS, nodes_of
from benchmarks.measured_run import Cost, Limits, measured, median
from tests.support.project import Project

# Name: folder and what it reads. The facts name the gate in a comment alone, to come after it.
MODELS = {
    "landed_file": ("raw", []),
    "answer": ("raw", ["landed_file"]),
    "int_category": ("intermediate/questions", ["categories"]),
    "int_answer": ("intermediate/answers", ["answer", "int_category"]),
    "int_count": ("intermediate/answers", ["int_answer"]),
    "gate": ("checks", ["int_count"]),
    "fct_response": ("marts", ["int_answer", "gate"]),
    "fct_multiple_response": ("marts", ["int_answer", "gate"]),
    "dim_sample": ("marts", ["answer"]),
}


@pytest.fixture
def manifest(tmp_path) -> Path:
    nodes = {
        f"model.p.{name}": {
            "name": name,
            "resource_type": "model",
            "path": f"{folder}/{name}.sql",
            "depends_on": {
                "nodes": [
                    f"seed.p.{parent}" if parent == "categories" else f"model.p.{parent}"
                    for parent in parents
                ]
            },
        }
        for name, (folder, parents) in MODELS.items()
    }
    nodes["seed.p.categories"] = {
        "name": "categories",
        "resource_type": "seed",
        "path": "survey/categories.csv",
        "depends_on": {},
    }
    nodes["test.p.some"] = {
        "name": "some",
        "resource_type": "test",
        "path": "some.sql",
        "depends_on": {"nodes": []},
    }
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    return path


def test_measured_is_what_leads_from_the_landed_files_to_the_facts(manifest: Path) -> None:
    """Neither the checks nor what only they read, nor what no landed file decides, nor other marts."""
    found = nodes_of(manifest)
    assert found.measured == ["fct_multiple_response", "fct_response", "int_answer"]
    assert sorted({*found.needed} - {*found.measured}) == [
        "answer",
        "categories",
        "int_category",
        "landed_file",
    ]


def test_a_fact_of_another_name_is_an_error(manifest: Path) -> None:
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("fct_response", "fct_answer"))
    with pytest.raises(LookupError, match="fct_response"):
        nodes_of(manifest)


ROWS = "(values ('JPN-1', 'a', 1.0::double), ('JPN-1', 'a', 1.0), ('KOR-1', null, 0.1)) as t (sample_id, category_id, weight)"


def facts(path: Path, schema: str, changed: str = "*") -> Path:
    with duckdb.connect(path) as con:
        con.execute(f"create schema if not exists {schema}")
        for fact in FACTS:
            con.execute(f"create table {schema}.{fact} as select {changed} from {ROWS}")
    return path


def test_the_same_rows_do_not_differ(tmp_path: Path) -> None:
    ours, same = facts(tmp_path / "ours", "marts"), facts(tmp_path / "other", "main")
    assert differing(ours, same) == dict.fromkeys(FACTS, 0)
    with duckdb.connect(ours) as con:
        for fact in FACTS:
            con.execute(f"copy marts.{fact} to '{tmp_path / fact}.parquet'")
    assert differing(ours, tmp_path) == dict.fromkeys(FACTS, 0)


@pytest.mark.parametrize(
    ("change", "rows"),
    [
        ("* replace (nextafter(weight, 2) as weight)", 6),
        ("* replace (coalesce(category_id, '') as category_id)", 2),
        ("* replace (case sample_id when 'KOR-1' then 'KOR-2' else sample_id end as sample_id)", 2),
        ("distinct *", 1),
    ],
)
def test_a_row_that_differs_is_counted(tmp_path: Path, change: str, rows: int) -> None:
    ours, other = facts(tmp_path / "ours", "marts"), facts(tmp_path / "other", "main", change)
    assert differing(ours, other) == dict.fromkeys(FACTS, rows)


def test_other_columns_are_an_error(tmp_path: Path) -> None:
    ours, other = facts(tmp_path / "ours", "marts"), facts(tmp_path / "other", "main", "* exclude (weight)")
    with pytest.raises(ValueError, match="fct_response has the columns"):
        differing(ours, other)


def test_a_run_is_measured_or_stopped_or_fails_with_what_it_says(tmp_path: Path) -> None:
    project = Project(tmp_path)
    busy = "import time, array\nheld = array.array('b', bytes(200 * 2**20))\nwhile time.process_time() < 0.5: pass\n"
    run = measured([sys.executable, "-c", busy], project)
    assert run.processor >= 0.5 and run.wall >= 0.5 and run.memory > 200 and not run.stopped
    assert "stopped after" in measured([sys.executable, "-c", busy], project, Limits(0.1, 10_000)).stopped
    assert "stopped after" in measured([sys.executable, "-c", busy], project, Limits(60, 100)).stopped
    with pytest.raises(RuntimeError, match="no such answer"):
        measured([sys.executable, "-c", "raise SystemExit('no such answer')"], project)


def test_ratios_are_to_the_floor_without_the_starts() -> None:
    starts = {"floor": Cost(1, 1, 10), "ours": Cost(4, 3, 10), "pandas": Cost(1, 1, 10)}
    runs = {
        "floor": median([Cost(2, 2, 99), Cost(3, 3, 100), Cost(9, 9, 101)]),
        "ours": Cost(10, 9, 250),
        "pandas": Cost(5, 5, 9, "stopped after 5 s at 9 MB"),
    }
    text = "\n".join(section(20, 1000, runs, starts))
    assert "| ours | 6.0 | 3.00 | 6.0 | 3.00 | 250 | 2.50 | 4.0 |" in text
    assert "| pandas | stopped after 5 s at 9 MB |" in text
    assert "All rows and columns of both facts are the same as ours: floor." in text
