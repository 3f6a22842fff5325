"""A browser, and the report of a whole build with its engine, served as `kjpoll report --serve` does.

Skipped, with the reason, where Chromium or npm is missing: the warehouse needs neither.
"""

import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from benchmarks.project import CHECKOUT
from python_models.cli.report import server
from python_models.report import build_site
from tests.browser.browsing import Browser, programs


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
def engine() -> Path:
    """The explorer's database as `make report` gets it."""
    if not shutil.which("npm"):
        pytest.skip("no npm on this machine, and the explorer's database comes from there")
    subprocess.run(["make", "engine"], cwd=CHECKOUT, check=True, capture_output=True)
    dist = CHECKOUT / "build" / "engine" / "dist"
    if not dist.is_dir():
        pytest.skip("npm cannot fetch the explorer's database")
    return dist


@pytest.fixture(scope="session")
def axe(shared) -> str:
    """The script of axe-core."""
    if not shutil.which("npm"):
        pytest.skip("no npm on this machine, and axe-core comes from there")

    def fetched(folder: Path) -> str:
        place = folder / "axe"
        shutil.copytree(CHECKOUT / "tests" / "browser" / "axe", place)
        done = subprocess.run(["npm", "ci", "--silent"], cwd=place, capture_output=True, text=True)
        return (place / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8") if done.returncode == 0 else ""

    return shared("axe", fetched) or pytest.skip("npm cannot fetch axe-core")


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
