"""Copies of the project to change, and its release to read."""

import duckdb
import pytest

from benchmarks.project import Project


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


@pytest.fixture
def rehearsed_copy(landed, tmp_path) -> Project:
    """A copy to damage and to rehearse."""
    return Project.copied(tmp_path / "project", landing=landed.landing)
