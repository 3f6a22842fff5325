"""The files of the raw directory: where they are, what they weigh, which do not belong there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from kjpoll.common.file_hash import file_hash
from kjpoll.common.sidecar import SidecarError, labels_path, read_sidecar, sidecar_path
from kjpoll.landing.problems import Problem, ReadProblem


@dataclass(frozen=True)
class RawFile:
    """A raw file that was found and hashed. `stated`: what its sidecar says of it."""

    path: Path
    sha256: str
    bytes: int
    stamp: tuple[int, int, int]
    stated: Mapping[str, Any] = field(default_factory=dict)

    def check_unchanged(self) -> None:
        """Raises ReadProblem if the file was written or replaced since it was hashed."""
        if _stamp(self.path) != self.stamp:
            raise ReadProblem("changed_file", "the file changed while it was read", "Run the build again")


def find_raw_file(raw_dir: Path, file: str) -> Path:
    """Where `file` stands below `raw_dir`. Raises ReadProblem."""
    relative = PurePosixPath(file)
    if relative.is_absolute() or ".." in relative.parts:
        raise ReadProblem(
            "unsafe_path",
            "the name leads out of the raw directory",
            "Give the file relative to the raw directory in the samples seed",
        )
    path = raw_dir / relative
    if not path.exists():
        raise ReadProblem(
            "missing_file",
            f"the file is not in {raw_dir}",
            "Add the file, or correct file in the samples seed",
        )
    if not path.resolve().is_relative_to(raw_dir.resolve()):
        raise ReadProblem(
            "unsafe_path",
            f"a link leads out of the raw directory, to {path.resolve()}",
            "Put the file itself in the raw directory",
        )
    if not path.is_file():
        what = "is a directory" if path.is_dir() else "is not a regular file"
        raise ReadProblem("not_a_file", f"the name {what}", "Put the wave file in its place")
    return path


def hash_raw_file(path: Path, sample_id: str) -> RawFile:
    """Hash a raw file and check that its sidecar, if it has one, is of it. Raises ReadProblem."""
    raw_file = stamped_file(path)
    return replace(raw_file, stated=_checked_sidecar(path, raw_file.sha256, sample_id))


def stamped_file(path: Path) -> RawFile:
    """Hash a file, wherever it stands and whatever its sidecar says."""
    stamp = _stamp(path)
    return RawFile(path, file_hash(path), stamp[1], stamp)


def unlisted(raw_dir: Path, listed: Iterable[str]) -> Iterator[Problem]:
    """A problem for each file below `raw_dir` that no sample names.

    README.md, sidecars (*.json), the labels of listed files and names that begin with a dot are passed over.
    """
    known = {str(PurePosixPath(file)) for file in listed}
    known |= {labels_path(Path(file)).as_posix() for file in known}
    for folder, folders, files in os.walk(raw_dir):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [*sorted(files), *folders]:
            file = (Path(folder) / name).relative_to(raw_dir).as_posix()
            if name in folders and not (Path(folder) / name).is_symlink():
                continue
            if name.startswith(".") or name == "README.md" or name.endswith(".json"):
                continue
            if file not in known and not any(known_file.startswith(f"{file}/") for known_file in known):
                yield Problem(
                    "unlisted_file",
                    file,
                    None,
                    "no row of the samples seed names it",
                    "Add its row to the samples seed, or remove it from the raw directory",
                )


def _checked_sidecar(path: Path, sha256: str, sample_id: str) -> dict[str, Any]:
    fix = f"Update or remove the sidecar {sidecar_path(path).name}"
    try:
        stated = read_sidecar(path) or {}
    except SidecarError as error:
        raise ReadProblem("sidecar_mismatch", str(error), fix) from error
    stated_sha256 = stated.get("sha256", sha256)
    if str(stated_sha256).lower() != sha256:
        what = f"its sidecar says sha256 {stated_sha256}, the file has {sha256}"
        raise ReadProblem("sidecar_mismatch", what, fix)
    reviewed = stated.get("reviewed_sha256", sha256)
    if str(reviewed).lower() != sha256:
        raise ReadProblem(
            "sidecar_mismatch",
            f"its sidecar says that its rows were accepted for a file with sha256 {reviewed}, this one has {sha256}",
            "Put that file back, or take this one in with kjpoll add-wave --replace, which shows what differs",
        )
    named_sample = stated.get("sample_id", sample_id)
    if named_sample != sample_id:
        raise ReadProblem(
            "wrong_sample",
            f"its sidecar says that it is the file of {named_sample}",
            f"Put the file of {sample_id} and its sidecar in its place",
        )
    return stated


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns
