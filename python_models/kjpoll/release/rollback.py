"""List the releases, find one by its name, and put one back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from kjpoll.common.atomic_file import unfinished

from . import files
from .archive import archive_path, archived, put_in_place
from .content import content_hash
from .errors import ReleaseError
from .history import COLUMNS, last_row, opened, previous_release, release_rows
from .log import log

PRESENT, PREVIOUS = "present", "previous"


@dataclass(frozen=True)
class Listed:
    """One row of quality.release; `file`: where its content can be read, or None; `present`: what readers have."""

    row: dict[str, Any]
    file: Path | None
    present: bool


def list_releases(release_path: str | Path) -> list[Listed]:
    """Every release ever, oldest first. A content that was released twice has two rows and at most one file."""
    release = Path(release_path).absolute()
    rows = previous_release(release).to_pylist()
    present, files_by_id = last_row(release), archived(release)
    listed = []
    for row in rows:
        is_present = present is not None and (row["release_id"], row["built_at"]) == (
            present["release_id"],
            present["built_at"],
        )
        file = release if is_present else files_by_id.get(row["release_id"])
        listed.append(Listed(row, file, is_present))
    return listed


def find_release(release_path: str | Path, name: str) -> Path:
    """The file of a release: `present`, `previous` (the one before the present), a release id or the beginning of one,
    or the path of a file. Raises ReleaseError where none or several fit, or the file is no longer kept.
    """
    release = Path(release_path).absolute()
    if name == PRESENT:
        if not release.exists():
            raise ReleaseError(f"{release}: nothing was released yet")
        return release
    if Path(name).is_file():
        return Path(name).absolute()
    listed = list_releases(release)
    if name == PREVIOUS:
        position = next((n for n, listing in enumerate(listed) if listing.present), 0)
        if not position:
            raise ReleaseError(f"{release}: no release is known from before the present one")
        fitting = [listed[position - 1]]
    else:
        fitting = (
            [listing for listing in listed if listing.row["release_id"].startswith(name)] if name else []
        )
    ids = sorted({listing.row["release_id"] for listing in fitting})
    if len(ids) != 1:
        many = (
            f"several releases begin so ({', '.join(ids)}); write more of it"
            if ids
            else "no release begins so"
        )
        raise ReleaseError(f"{name}: {many}; `kjpoll releases` lists them")
    paths = [listing.file for listing in fitting if listing.file]
    if not paths:
        raise ReleaseError(
            f"{ids[0]}: its file is not kept any more; build the state of the project that it was made from (commit "
            f"{fitting[-1].row['git_commit'] or 'unknown'}) and its wave files again"
        )
    return release if any(listing.present for listing in fitting) else paths[-1]


def roll_back(release_path: str | Path, name: str) -> tuple[str | None, str]:
    """Put a kept release in the place of the present one, in one step for readers; the present one is kept.

    name: as in find_release, without paths. Returns the release ids (what was replaced, what readers have now).
    Raises ReleaseError, and leaves all as it was, where the kept file does not open, is not the release that its name
    says, or its content does not have the hash of its row.
    """
    release = Path(release_path).absolute()
    if not release.parent.is_dir():
        raise ReleaseError(f"{release.parent}: there is no such folder, so nothing was released there")
    with files.only_one(release.parent):
        files.remove_left_over(release)
        with files.without_writer(release):
            file = find_release(release, name)
        if file == release:
            raise ReleaseError(f"{name}: this is what readers have already")
        if file not in archived(release).values():
            raise ReleaseError(f"{file}: only a kept release can be put back; `kjpoll releases` lists them")
        release_id = _checked(file)
        replaced = last_row(release)
        new = unfinished(release, "new")
        try:
            files.alias(file, new)
            if replaced is None:
                log.warning("%s: it cannot be read, so it is replaced and not kept", release)
            put_in_place(new, release, archive_path(release, replaced["release_id"]) if replaced else None)
        finally:
            files.remove(new)
        # The same content may have been replaced: then its name belongs to what was just kept.
        if replaced is None or archive_path(release, replaced["release_id"]) != file:
            files.remove(file)
    return replaced["release_id"] if replaced else None, release_id


def _checked(file: Path) -> str:
    """The release id of a kept file that holds what its row says."""
    repair = "it was changed or damaged after its release and is not put back"
    try:
        with opened(file) as con:
            rows = release_rows(con, "released")
            row = dict(zip(COLUMNS, rows[-1])) if rows else {}
            if row.get("release_id") != file.stem:
                raise ReleaseError(
                    f"{file}: the file is release {row.get('release_id')}, not {file.stem}; {repair}"
                )
            computed_hash = content_hash(con, "released")
    except duckdb.Error as error:
        raise ReleaseError(f"{file}: {repair} ({str(error).splitlines()[0]})") from error
    if computed_hash != row["content_hash"]:
        made_by = _duckdb_of(row["engine"])
        if made_by == duckdb.__version__ or made_by is None:
            raise ReleaseError(
                f"{file}: its content has the hash {computed_hash}, not {row['content_hash']}; {repair}"
            )
        log.warning(
            "%s: every table can be read; the content hash was not compared, since DuckDB %s made it and this is %s",
            file,
            made_by,
            duckdb.__version__,
        )
    return file.stem


def _duckdb_of(engine: str | None) -> str | None:
    versions = dict(part.rpartition(" ")[::2] for part in (engine or "").split(", "))
    return versions.get("duckdb")
