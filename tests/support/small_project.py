"""A small dbt project, made for the purpose, that borrows the macros of the real one, and the database that dbt makes of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.support.project import CHECKOUT

DBT = Path(sys.executable).with_name("dbt")
MODELS = CHECKOUT / "dbt_project" / "models"
DESIGN = sorted((MODELS / "intermediate" / "design").glob("*.sql"))
PROFILE = """
kjpoll:
  target: t
  outputs:
    t: {type: duckdb, path: "{{ flags.PROFILES_DIR }}/small.duckdb", threads: 1}
"""
PROJECT = """
name: kjpoll
version: "1.0.0"
profile: kjpoll
flags: {send_anonymous_usage_stats: false}
"""


def build_small_project(
    folder: Path, files: Mapping[str, str], config: str = "", borrowed: Iterable[Path] = ()
) -> tuple[list[dict[str, Any]], Path]:
    """(results of dbt, the database that it built), of a project without an error.

    files: path in the project -> text; config: further lines of dbt_project.yml; borrowed: files and folders of the real project,
    each copied to where it stands there.
    """
    real = CHECKOUT / "dbt_project"
    shutil.copytree(real / "macros", folder / "macros")
    texts = {
        "macros/functions/figure_tables.sql": "{% macro figure_tables() %}{{ return([]) }}{% endmacro %}",
        "profiles.yml": PROFILE,
        "dbt_project.yml": PROJECT + config,
    }
    for source in borrowed:
        target = folder / source.relative_to(real)
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    for name, text in (texts | dict(files)).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    run = subprocess.run(
        [DBT, "build"], cwd=folder, capture_output=True, text=True, env=os.environ | {"DO_NOT_TRACK": "1"}, check=False
    )  # fmt: skip
    written = folder / "target" / "run_results.json"
    assert written.exists(), run.stdout
    results = json.loads(written.read_text(encoding="utf-8"))["results"]
    errors = [result["unique_id"] for result in results if result["status"] in ("error", "skipped")]
    assert not errors, run.stdout
    return results, folder / "small.duckdb"


def build_design(folder: Path, toplines: Iterable[str], stubs: Mapping[str, str]) -> Path:
    """The database of the models of sampling design, on made tables of the answers. toplines: models of analysis/toplines beside
    those of the design; stubs: name -> SQL of what they read."""
    models = (*DESIGN, *(MODELS / "analysis" / "toplines" / f"{name}.sql" for name in toplines))
    files = {f"models/{name}.sql": sql for name, sql in stubs.items()}
    _, database = build_small_project(folder, files, "models: {+materialized: table}\n", models)
    return database
