"""What is made once for all tests, also where several processes run them: builds and what is read from them."""

import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from kjpoll.report import build_site

from tests.support.first_build import FirstBuild, build_first
from tests.support.page_reader import Page, read_page
from tests.support.partial_rehearsal import outcome_of_build
from tests.support.project import Project
from tests.support.rehearsal import Rehearsal


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all processes at work: one makes the build that most slow files read, and the others meanwhile run files
    that need none. Half of these come last, so that no process is left alone with a slow one at the end."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
        if needs_build(item):
            item.add_marker("slow")
    of_build = [path for path, own in files.items() if any(map(needs_build, own))]
    others = [path for path in files if path not in of_build]
    half = len(others) // 2
    in_order = [*of_build[:1], *others[:half], *of_build[1:], *others[half:]]
    items[:] = [item for path in in_order for item in files[path]]


def needs_build(item: pytest.Item) -> bool:
    return "first_build" in item.fixturenames


@pytest.fixture(scope="session")
def shared(tmp_path_factory, request) -> Callable[[str, Callable[[Path], Any]], Any]:
    """shared(name, make): what make(folder) gives, made by the first process that asks and unpickled by the others; also by
    those of later runs on the same checkout where KJPOLL_TESTS_SHARED names a folder for it."""
    base = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        base = base.parent
    if kept := os.environ.get("KJPOLL_TESTS_SHARED"):
        base = Path(kept)

    def once(name: str, make: Callable[[Path], Any]) -> Any:
        folder, result = base / name, base / f"{name}.pickle"
        with FileLock(base / f"{name}.lock"):
            if not result.exists():
                # What a process left that failed; this one fails with an error of its own.
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                made = pickle.dumps(make(folder))
                result.write_bytes(made)
        return pickle.loads(result.read_bytes())

    return once


@pytest.fixture(scope="session")
def first_build(shared) -> FirstBuild:
    return shared("first", build_first)


@pytest.fixture(scope="session")
def built(first_build) -> Project:
    """The project after a whole build that passed. To read: other processes do too."""
    assert first_build.run.code == 0, first_build.run.output
    return first_build.project


@pytest.fixture(scope="session")
def site(built, shared) -> Path:
    """The report of the build."""

    def make(folder: Path) -> Path:
        build_site(built.release, folder / "site")
        return folder / "site"

    return shared("report", make)


@pytest.fixture(scope="session")
def pages(site) -> dict[str, Page]:
    """Every page of the report, by its path in the site."""
    return {str(path.relative_to(site)): read_page(path) for path in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="session")
def rehearsal(built) -> Rehearsal:
    """The compiled project: rehearsal.run(root) tells in seconds what a build of a copy would find."""
    return Rehearsal.of_build(built)


@pytest.fixture(scope="module")
def sound(built, rehearsal):
    """What the build of the sound files gave, as a rehearsal would."""
    outcome = outcome_of_build(rehearsal, built)
    yield outcome
    outcome.close()
