"""Copies of the project to change, and its release to read."""

from dataclasses import replace

import duckdb
import pytest
from kjpoll.checks.response_codes.run import ROWS

from tests.support.project import Project
from tests.support.rehearsal import Rehearsal


@pytest.fixture(scope="module")
def warehouse(built):
    """The release, opened to read."""
    with duckdb.connect(built.release, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def copy(built, tmp_path_factory):
    """copy(name): a fresh copy of the unbuilt project that has its files landed already."""

    def make(name: str) -> Project:
        return Project.copied(tmp_path_factory.mktemp(name), kept=built)

    return make


@pytest.fixture(scope="session")
def rules(rehearsal) -> Rehearsal:
    """The compiled project without the audit, which test_audit_agrees holds to the rules."""
    (name,) = (key for key, node in rehearsal.nodes.items() if node["name"] == "audit_result")
    columns = ", ".join(f"cast(null as {'boolean' if kind == 'bool' else 'bigint' if kind == 'int64' else 'varchar'}) as {column}"
                        for column, kind in ROWS.items())  # fmt: skip
    silent = {**rehearsal.nodes[name], "language": "sql", "compiled_code": f"select {columns} where false"}
    return replace(rehearsal, nodes={**rehearsal.nodes, name: silent})


@pytest.fixture
def rehearsed_copy(built, tmp_path) -> Project:
    """A copy to damage and to rehearse."""
    return Project.copied(tmp_path / "project", kept=built)
