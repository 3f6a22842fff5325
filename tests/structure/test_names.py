"""A file and a class of the package can be found by name: no other is called so."""

import ast
from collections import Counter
from pathlib import Path

import kjpoll

PACKAGE = Path(kjpoll.__file__).parent


def names_twice(package: Path) -> set[str]:
    """Names that two files, or two classes at the top of a file, have; every package has its __init__.py."""
    files = [path for path in package.rglob("*.py") if path.name != "__init__.py"]
    names = Counter(path.name for path in files)
    for path in files:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        names.update(node.name for node in body if isinstance(node, ast.ClassDef))
    return {name for name, count in names.items() if count > 1}


def test_no_file_and_no_class_of_the_package_is_called_as_another():
    assert names_twice(PACKAGE) == set()


def test_a_name_that_stands_twice_is_found(tmp_path):
    (tmp_path / "part").mkdir()
    for path in ("rows.py", "part/rows.py", "part/__init__.py", "__init__.py"):
        (tmp_path / path).write_text(f"class Row:\n    '''{path}'''\n", encoding="utf-8")
    assert names_twice(tmp_path) == {"rows.py", "Row"}
