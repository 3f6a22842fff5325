"""Who may import whom: the contracts of pyproject.toml hold, and each of them fails on a line that breaks it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from kjpoll.checks.response_codes import run
from kjpoll.landing import store
from kjpoll.regression import fit_cache

from tests.support.project import CHECKOUT

LAYERS = "A package imports only those of lower layers, and none beside it"
SYNTHETIC = "The generator of the raw files imports common alone"
CIRCLES = "No imports run in a circle"
LAZY = "def planted():\n    "
TYPES = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "
# (file, line, contract, what the tool has to say below the contract's name)
PLANTED = [
    (
        "common/json_cache.py",
        "import kjpoll.landing.store",
        LAYERS,
        "common.json_cache -> kjpoll.landing.store",
    ),
    (
        "common/label_text.py",
        f"{LAZY}from kjpoll import ordinal",
        LAYERS,
        "common.label_text -> kjpoll.ordinal",
    ),
    ("ordinal/newton.py", "import kjpoll.common.unix", LAYERS, "ordinal.newton -> kjpoll.common.unix"),
    (
        "ordinal/brant.py",
        f"{TYPES}import kjpoll.regression.fit",
        LAYERS,
        "ordinal.brant -> kjpoll.regression.fit",
    ),
    ("landing/store.py", "from kjpoll.checks import gate", LAYERS, "landing.store -> kjpoll.checks.gate"),
    ("checks/gate.py", "import kjpoll.build.lock", LAYERS, "checks.gate -> kjpoll.build.lock"),
    ("regression/fit.py", f"{LAZY}import kjpoll.release", LAYERS, "regression.fit -> kjpoll.release"),
    (
        "release/files.py",
        f"{TYPES}from kjpoll.tables import text",
        LAYERS,
        "release.files -> kjpoll.tables.text",
    ),
    ("tables/text.py", "from kjpoll.report import theme", LAYERS, "tables.text -> kjpoll.report.theme"),
    ("build/lock.py", "from kjpoll import scheduling", LAYERS, "build.lock -> kjpoll.scheduling"),
    (
        "onboarding/profile.py",
        "import kjpoll.build.readers",
        LAYERS,
        "onboarding.profile -> kjpoll.build.readers",
    ),
    (
        "report/site.py",
        "import kjpoll.onboarding.profile",
        LAYERS,
        "report.site -> kjpoll.onboarding.profile",
    ),
    (
        "scheduling/ingestion.py",
        "import kjpoll.cli.progress",
        LAYERS,
        "scheduling.ingestion -> kjpoll.cli.progress",
    ),
    ("synthetic/seeds.py", "from kjpoll import landing", LAYERS, "synthetic.seeds -> kjpoll.landing"),
    ("a_new_package/__init__.py", "", LAYERS, "- kjpoll.a_new_package"),
    (
        "synthetic/core.py",
        f"{LAZY}import kjpoll.ordinal.newton",
        SYNTHETIC,
        "synthetic.core -> kjpoll.ordinal.newton",
    ),
    ("ordinal/covariance.py", f"{TYPES}from . import ordinal_model", CIRCLES, "allowed in kjpoll.ordinal."),
    (
        "onboarding/propose/asked.py",
        f"{LAZY}import kjpoll.onboarding.propose.survey_history",
        CIRCLES,
        "in kjpoll.onboarding.propose.",
    ),
    ("release/archive.py", "from .changes import compare", CIRCLES, "allowed in kjpoll.release."),
]


def broken(folder: Path) -> dict[str, str]:
    """The contracts that the package `kjpoll` in `folder` breaks, each with what is said about it."""
    program = Path(sys.executable).with_name("lint-imports")
    command = [program, CHECKOUT / "pyproject.toml", "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    listed, *details = re.split(r"^-+\nBroken contracts\n-+\n", done.stdout, flags=re.MULTILINE)
    outcomes = dict(re.findall(r"^(.+) (KEPT|BROKEN)$", listed, flags=re.MULTILINE))
    assert outcomes.keys() == {LAYERS, SYNTHETIC, CIRCLES}, done.stdout + done.stderr
    assert (done.returncode == 0) == (set(outcomes.values()) == {"KEPT"})
    _, *sections = re.split(r"^(.+)\n-{5,}\n", "".join(details), flags=re.MULTILINE)
    findings = dict(zip(sections[::2], sections[1::2], strict=True))
    assert findings.keys() == {name for name, outcome in outcomes.items() if outcome == "BROKEN"}
    return findings


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("imports")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "python_models" / "kjpoll", folder / "kjpoll", ignore=ignored)
    return folder


@pytest.fixture(scope="module")
def outcomes(copy):
    """What is said of the package before and after all lines are planted."""
    before = broken(copy)
    for module, line, *_ in PLANTED:
        path = copy / "kjpoll" / module
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(f"\n{line}\n")
    return before, broken(copy)


def test_every_contract_holds(outcomes):
    assert outcomes[0] == {}


@pytest.mark.parametrize(("module", "line", "contract", "words"), PLANTED, ids=[row[0] for row in PLANTED])
def test_a_line_that_breaks_a_contract_is_found(outcomes, module, line, contract, words):
    assert words in outcomes[1][contract]


def test_each_contract_has_its_planted_line():
    assert {contract for *_, contract, _ in PLANTED} == {LAYERS, SYNTHETIC, CIRCLES}


@pytest.fixture
def graph():
    return grimp.build_graph("kjpoll", cache_dir=None)


def circles(graph) -> list[tuple[str, str]]:
    """Imports to which a chain of imports leads back. The contract looks at siblings, this at a package and its own
    modules too."""
    return [
        (importer, imported)
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if graph.chain_exists(importer=imported, imported=importer)
    ]


def test_no_module_is_imported_by_what_it_imports(graph):
    assert circles(graph) == []
    graph.add_import(importer="kjpoll.scheduling.build_inputs", imported="kjpoll.scheduling")
    assert ("kjpoll.scheduling.build_inputs", "kjpoll.scheduling") in circles(graph)


def undigested(graph, cache) -> set[str]:
    """Modules that the code behind a cache imports, and whose change would leave what is cached in force."""
    package, *others = cache.ENGINE.packages
    reached = graph.find_upstream_modules(package, as_package=True)
    return {name for name in reached if not name.startswith((f"{package}.", *others))}


@pytest.mark.parametrize("cache", [store, run, fit_cache], ids=lambda cache: cache.__name__)
def test_a_cache_ends_with_any_code_of_ours_that_decides_it(graph, cache):
    assert undigested(graph, cache) == set()
    graph.add_import(importer=cache.__name__, imported="kjpoll.checks.gate")
    assert "kjpoll.checks.gate" in undigested(graph, cache)
