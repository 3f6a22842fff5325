"""A small project of the models of sampling design, on made tables of the answers, and the database that dbt makes of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.support.project import CHECKOUT

DBT = Path(sys.executable).with_name("dbt")
MODELS = CHECKOUT / "dbt_project" / "models"
DESIGN = sorted((MODELS / "intermediate" / "design").glob("*.sql"))
PROFILE = """
kjpoll:
  target: t
  outputs:
    t: {type: duckdb, path: "{{ flags.PROFILES_DIR }}/design.duckdb", threads: 1}
"""
PROJECT = """
name: kjpoll
version: "1.0.0"
profile: kjpoll
flags: {send_anonymous_usage_stats: false}
models: {+materialized: table}
"""


def build_design(folder: Path, toplines: Iterable[str], stubs: Mapping[str, str]) -> Path:
    """The database of the project. toplines: models of analysis/toplines beside those of the design; stubs: name -> SQL of what
    they read."""
    shutil.copytree(CHECKOUT / "dbt_project" / "macros", folder / "macros")
    (folder / "macros/functions/figure_tables.sql").write_text(
        "{% macro figure_tables() %}{{ return([]) }}{% endmacro %}"
    )
    (folder / "profiles.yml").write_text(PROFILE)
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "models").mkdir()
    for path in (*DESIGN, *(MODELS / "analysis" / "toplines" / f"{name}.sql" for name in toplines)):
        shutil.copy(path, folder / "models")
    for name, sql in stubs.items():
        (folder / "models" / f"{name}.sql").write_text(sql)
    run = subprocess.run(
        [DBT, "run"], cwd=folder, capture_output=True, text=True, env=os.environ | {"DO_NOT_TRACK": "1"}, check=False
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    return folder / "design.duckdb"
