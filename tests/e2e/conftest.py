"""Copies of the project to change, and its release to read."""

import duckdb
import pytest

from benchmarks.mutation.trial import AFTER
from benchmarks.project import Project
from benchmarks.rehearsal import DATABASE, Outcome


@pytest.fixture(scope="module")
def warehouse(built):
    """The release, opened to read."""
    with duckdb.connect(built.release, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def copy(built, tmp_path_factory):
    """copy(name): a fresh copy of the unbuilt project that has its files landed already."""

    def make(name: str) -> Project:
        return Project.copied(tmp_path_factory.mktemp(name), landing=built.landing)

    return make


@pytest.fixture(scope="module")
def sound(built, rehearsal):
    """What the build of the sound files gave, as a rehearsal would."""
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        con.execute(f"attach '{built.build_file}' as {DATABASE} (read_only)")
        con.execute(f"use {DATABASE}")
        names = (rehearsal.nodes[unique_id]["name"] for unique_id in rehearsal.order(("gate", *AFTER)))
        yield Outcome(con, tuple(names), None)


@pytest.fixture
def rehearsed_copy(landed, tmp_path) -> Project:
    """A copy to damage and to rehearse."""
    return Project.copied(tmp_path / "project", landing=landed.landing)
