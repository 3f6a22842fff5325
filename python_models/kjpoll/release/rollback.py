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
from .publishing import refuse_changed_release

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
    present, kept = last_row(release), archived(release)
    listed = []
    for row in rows:
        is_present = present is not None and (row["release_id"], row["built_at"]) == (
            present["release_id"],
            present["built_at"],
        )
        file = release if is_present else kept.get(row["release_id"])
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
        place = next((n for n, one in enumerate(listed) if one.present), 0)
        if not place:
            raise ReleaseError(f"{release}: no release is known from before the present one")
        fitting = [listed[place - 1]]
    else:
        fitting = [one for one in listed if one.row["release_id"].startswith(name)] if name else []
    ids = sorted({one.row["release_id"] for one in fitting})
    if len(ids) != 1:
        many = (
            f"several releases begin so ({', '.join(ids)}); write more of it"
            if ids
            else "no release begins so"
        )
        raise ReleaseError(f"{name}: {many}; `kjpoll releases` lists them")
    kept = [one.file for one in fitting if one.file]
    if not kept:
        raise ReleaseError(
            f"{ids[0]}: its file is not kept any more; build the state of the project that it was made from (commit "
            f"{fitting[-1].row['git_commit'] or 'unknown'}) and its wave files again"
        )
    return release if any(one.present for one in fitting) else kept[-1]


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
        refuse_changed_release(release)
        kept = find_release(release, name)
        if kept == release:
            raise ReleaseError(f"{name}: this is what readers have already")
        if kept not in archived(release).values():
            raise ReleaseError(f"{kept}: only a kept release can be put back; `kjpoll releases` lists them")
        release_id = _checked(kept)
        replaced = last_row(release)
        new = unfinished(release, "new")
        try:
            files.alias(kept, new)
            if replaced is None:
                log.warning("%s: it cannot be read, so it is replaced and not kept", release)
            put_in_place(new, release, archive_path(release, replaced["release_id"]) if replaced else None)
        finally:
            files.remove(new)
        # The same content may have been replaced: then its name belongs to what was just kept.
        if replaced is None or archive_path(release, replaced["release_id"]) != kept:
            files.remove(kept)
    return replaced["release_id"] if replaced else None, release_id


def _checked(kept: Path) -> str:
    """The release id of a kept file that holds what its row says."""
    repair = "it was changed or damaged after its release and is not put back"
    try:
        with opened(kept) as con:
            rows = release_rows(con, "released")
            row = dict(zip(COLUMNS, rows[-1])) if rows else {}
            if row.get("release_id") != kept.stem:
                raise ReleaseError(
                    f"{kept}: the file is release {row.get('release_id')}, not {kept.stem}; {repair}"
                )
            found = content_hash(con, "released")
    except duckdb.Error as error:
        raise ReleaseError(f"{kept}: {repair} ({str(error).splitlines()[0]})") from error
    if found != row["content_hash"]:
        made_by = _duckdb_of(row["engine"])
        if made_by == duckdb.__version__ or made_by is None:
            raise ReleaseError(
                f"{kept}: its content has the hash {found}, not {row['content_hash']}; {repair}"
            )
        log.warning(
            "%s: every table can be read; the content hash was not compared, since DuckDB %s made it and this is %s",
            kept,
            made_by,
            duckdb.__version__,
        )
    return kept.stem


def _duckdb_of(engine: str | None) -> str | None:
    versions = dict(part.rpartition(" ")[::2] for part in (engine or "").split(", "))
    return versions.get("duckdb")
