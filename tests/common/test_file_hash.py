"""A hash changes with whatever decides a result, and with nothing else."""

import hashlib
import sys

import pytest
from kjpoll.common import file_hash
from kjpoll.common.file_hash import Engine, files_hash


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path):
    (tmp_path / "file").write_bytes(b"one" * 100_000)
    assert file_hash.file_hash(tmp_path / "file") == hashlib.sha256(b"one" * 100_000).hexdigest()
    with pytest.raises(FileNotFoundError):
        file_hash.file_hash(tmp_path / "other")


def test_the_hash_of_several_files_changes_with_names_and_bytes_but_not_with_the_order(tmp_path):
    for name, content in (("a", b"xy"), ("b", b"z"), ("c", b"x"), ("d", b"yz")):
        (tmp_path / name).write_bytes(content)
    a, b, c, d = (tmp_path / name for name in "abcd")
    assert files_hash({"one": a, "two": b}) == files_hash({"two": b, "one": a})
    others = [{"one": a}, {"two": a, "one": b}, {"one": c, "two": d}, {"one": a, "three": b}]
    assert len({files_hash(files) for files in [{"one": a, "two": b}, *others]}) == 5


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "hashed_package"
    (folder / "part").mkdir(parents=True)
    for name in ("__init__.py", "part/__init__.py", "part/page.css"):
        (folder / name).write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


@pytest.mark.parametrize("name", ["__init__.py", "part/__init__.py", "part/page.css", "part/new.py"])
def test_the_hash_of_an_engine_changes_with_every_file_of_its_packages(package, name):
    before = Engine(("hashed_package",), ("numpy",)).key()
    (package / "part" / "compiled.pyc").write_text("not a source")
    assert Engine(("hashed_package",), ("numpy",)).key() == before
    (package / name).write_text("# changed")
    assert Engine(("hashed_package",), ("numpy",)).key() != before
    assert "hashed_package" not in sys.modules


def test_the_hash_of_an_engine_changes_with_the_versions_of_its_libraries(package, monkeypatch):
    before = Engine(("hashed_package",), ("numpy",)).key()
    assert Engine(("hashed_package",), ("numpy", "pandas")).key() != before
    monkeypatch.setattr(file_hash, "version", lambda library: "0.0")
    assert Engine(("hashed_package",), ("numpy",)).key() != before


def test_a_key_changes_with_each_input():
    engine = Engine((), ("numpy",))
    keys = [
        engine.key(*inputs) for inputs in ((), ("a", "b"), ("ab",), ("b", "a"), (["a", "b"],), ("a", None))
    ]
    assert len({*keys, engine.key("a", "b")}) == len(keys)


def test_a_package_that_is_not_there_is_an_error():
    with pytest.raises(ModuleNotFoundError, match="kjpoll.common.file_hash is no package"):
        Engine(("kjpoll.common.file_hash",), ()).key()
