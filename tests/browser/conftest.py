"""A browser, and the report of a whole build with its engine, served as `kjpoll report --serve` does.

Skipped, with the reason, where Chromium or npm is missing: the warehouse needs neither.
"""

import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from kjpoll.cli.site_server import server
from kjpoll.report import build_site

from tests.support.browsing import Browser, programs
from tests.support.project import CHECKOUT


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A running Browser."""
    found = programs()
    if not found:
        pytest.skip("no chromium with chromedriver on this machine")
    running = Browser(*found, tmp_path_factory.mktemp("profile"))
    yield running
    running.quit()


@pytest.fixture(scope="session")
def npm() -> None:
    """Skips where nothing can be fetched; where the registry answers, what fails is a failure."""
    if not shutil.which("npm"):
        pytest.skip("no npm on this machine, and the explorer's database and axe-core come from there")
    if subprocess.run(["npm", "ping"], capture_output=True, check=False).returncode:
        pytest.skip(
            "npm's registry does not answer, and the explorer's database and axe-core come from there"
        )


@pytest.fixture(scope="session")
def engine(npm, shared) -> Path:
    """The explorer's database as `make report` gets it."""
    # Two processes that make it at once remove each other's files.
    done = shared(
        "engine",
        lambda folder: subprocess.run(
            ["make", "engine"], cwd=CHECKOUT, capture_output=True, text=True, check=False
        ),
    )
    dist = CHECKOUT / "build" / "engine" / "dist"
    assert (dist / "licences.txt").is_file(), done.stdout + done.stderr
    return dist


@pytest.fixture(scope="session")
def axe(shared, engine) -> str:
    """The script of axe-core; fetched after the engine, since npm does not always answer two that ask at once."""

    def fetched(folder: Path) -> str:
        place = folder / "axe"
        shutil.copytree(CHECKOUT / "tests" / "browser" / "axe", place)
        done = subprocess.run(
            ["npm", "ci", "--loglevel=error"], cwd=place, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return (place / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    return shared("axe", fetched)


@pytest.fixture(scope="session")
def site(browser, engine, built, shared) -> Path:
    """The folder of the site."""

    def make(folder: Path) -> Path:
        build_site(built.release, folder / "site", engine=engine)
        return folder / "site"

    return shared("report_with_engine", make)


@pytest.fixture(scope="session")
def origin(site):
    """The address at which the site is served, without a slash at its end."""
    with server(site, 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
