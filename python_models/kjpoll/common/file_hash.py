"""SHA-256 of files, and of all that decides a result that is cached."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_hash(files: Mapping[str, Path]) -> str:
    """SHA-256 of several files, name -> path: of their names and contents, in the order of their names."""
    return _json_hash([(name, file_hash(path)) for name, path in sorted(files.items())])


@dataclass(frozen=True)
class Engine:
    """What computes a cached result: packages, which count with all their files, and libraries, with their versions."""

    packages: tuple[str, ...]
    libraries: tuple[str, ...]

    def key(self, *inputs: object) -> str:
        """SHA-256 of all that decides a result: this engine, and the inputs, of types that JSON has."""
        return _json_hash([self._hash, inputs])

    @cached_property
    def _hash(self) -> str:
        files = {
            f"{package}/{path.relative_to(folder).as_posix()}": path
            for package in self.packages
            for folder in _folders(package)
            for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        }
        return _json_hash([files_hash(files), [(library, version(library)) for library in self.libraries]])


def _json_hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _folders(package: str) -> list[Path]:
    spec = find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(f"{package} is no package", name=package)
    return [Path(folder) for folder in spec.submodule_search_locations]
