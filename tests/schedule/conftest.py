"""A build file of no size, and a project whose dbt is a script."""

from pathlib import Path

import duckdb
import pytest

from tests.schedule.scripted_dbt import Scripted


@pytest.fixture
def build_file(tmp_path) -> Path:
    """A build file with the one table t, in a folder of its own."""
    path = tmp_path / "build" / "warehouse.duckdb"
    path.parent.mkdir()
    with duckdb.connect(path) as con:
        con.execute("create table t as select 1 as x")
    return path


@pytest.fixture
def scripted(tmp_path) -> Scripted:
    made = Scripted(tmp_path / "project")
    made.release.write_bytes(b"a release")
    return made
