"""What readers have of the samples: the present release, and the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from kjpoll.build.project_paths import ProjectPaths
from kjpoll.common.file_hash import file_hash
from kjpoll.common.made_from import release_of_site
from kjpoll.common.release_hold import held
from kjpoll.release import last_row
from kjpoll.release.history import opened

from .build_items import build_command
from .items import Item, State


def release_items(paths: ProjectPaths, raw_files: Mapping[str, Path]) -> Iterator[Item]:
    """The lines hold, release (of each sample) and report. raw_files: sample_id -> its wave file."""
    build = build_command(paths.root)
    yield from _hold_items(paths)
    present = last_row(paths.release)
    if present is None:
        text = (
            f"{paths.release.name} cannot be read" if paths.release.exists() else "nothing was released yet"
        )
        for sample_id in raw_files:
            yield Item("release", State.NOT_YET, text, sample_id, build)
        yield Item("report", State.NOT_YET, "waits for a release")
        return
    name = f"release {present['release_id']} of {present['built_at']:%Y-%m-%d %H:%M}"
    with opened(paths.release) as con:
        for sample_id, path in raw_files.items():
            yield _released(con, name, sample_id, path, build)
    report = "make report" if (paths.root / "Makefile").is_file() else "kjpoll report"
    made_from = release_of_site(paths.root / "build" / "site")
    if made_from is None:
        yield Item("report", State.NOT_YET, "none was made in build/site", None, report)
    elif made_from != present["release_id"]:
        text = f"of release {made_from}, and readers have {present['release_id']}"
        yield Item("report", State.OPEN, text, None, report)
    else:
        yield Item("report", State.DONE, f"of release {made_from}")


def _hold_items(paths: ProjectPaths) -> Iterator[Item]:
    """A line where the releases are held."""
    if said := held(paths.release):
        yield Item("hold", State.OPEN, said, None, "kjpoll rollback --lift-hold")


def _released(con: duckdb.DuckDBPyConnection, name: str, sample_id: str, path: Path, build: str) -> Item:
    try:
        rows = con.execute(
            "select sha256 from released.marts.dim_sample where sample_id = ?", [sample_id]
        ).fetchall()
    except duckdb.Error as error:
        return Item(
            "release", State.FAILED, f"{name} cannot be read: {str(error).splitlines()[0]}", sample_id, build
        )
    if not rows:
        return Item("release", State.NOT_YET, f"{name}, the present one, is without it", sample_id, build)
    if path.is_file() and rows[0][0] != file_hash(path):
        return Item(
            "release", State.OPEN, f"{name}, the present one, has another file of it", sample_id, build
        )
    return Item("release", State.DONE, f"in {name}, the present one", sample_id)
