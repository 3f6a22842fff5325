"""What tests share is in tests/support: a benchmark is imported by its own tests alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.project import CHECKOUT

TESTS = CHECKOUT / "tests"
OWN_TESTS = TESTS / "benchmarks"


def imported(path: Path) -> Iterator[str]:
    """The names of the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def importers(folder: Path, package: str) -> list[Path]:
    """The files of a folder that import the package or a part of it."""
    return [
        path
        for path in sorted(folder.rglob("*.py"))
        if any(f"{name}.".startswith(f"{package}.") for name in imported(path))
    ]


def test_a_benchmark_is_imported_by_its_own_tests_alone():
    assert {path.parent for path in importers(TESTS, "benchmarks")} == {OWN_TESTS}


def test_what_is_shared_imports_no_test():
    support = TESTS / "support"
    folders = {path.name for path in TESTS.iterdir() if path.is_dir()} - {"support"}
    assert [path for folder in folders for path in importers(support, f"tests.{folder}")] == []


def test_an_import_is_seen_wherever_it_stands(tmp_path):
    lines = {
        "whole": "import benchmarks",
        "part": "import benchmarks.scale as scale",
        "names": "from benchmarks.scale import run",
        "inner": "def test():\n    from benchmarks import scale",
        "another": "import benchmarks_of_others\nfrom tests.support import project",
    }
    for name, line in lines.items():
        (tmp_path / f"{name}.py").write_text(line, encoding="utf-8")
    assert {path.stem for path in importers(tmp_path, "benchmarks")} == lines.keys() - {"another"}
