"""SHA-256 of files, and of the code that decides a result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_hash(files: Mapping[str, Path]) -> str:
    """SHA-256 of several files, name -> path: of their names and contents, in the order of their names."""
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        content = path.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def engine_hash(packages: Iterable[str], libraries: Iterable[str]) -> str:
    """SHA-256 of all that decides a cached result but its input: files of packages, versions of libraries."""
    files = {
        f"{package}/{path.relative_to(folder).as_posix()}": path
        for package in packages
        for folder in _folders(package)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    versions = [f"{library}=={version(library)}" for library in libraries]
    return hashlib.sha256(" ".join([files_hash(files), *versions]).encode()).hexdigest()


def _folders(package: str) -> list[Path]:
    spec = find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(f"{package} is no package", name=package)
    return [Path(folder) for folder in spec.submodule_search_locations]
