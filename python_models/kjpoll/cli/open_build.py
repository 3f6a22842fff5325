"""The file that a build writes, for the verbs that read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import duckdb

    from kjpoll.build.project_paths import ProjectPaths


@contextmanager
def open_build(paths: ProjectPaths) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build, to be read; no other starts meanwhile. Raises click.ClickException where there is none."""
    import duckdb

    from kjpoll.build import BuildLock, lock_path, wait_seconds

    if not paths.build_file.exists():
        raise click.ClickException(f"{paths.build_file} does not exist; run `dbt build` first")
    lock = BuildLock.acquired(lock_path(paths.build_file), wait_seconds(), partial(click.echo, err=True))
    try:
        with duckdb.connect(paths.build_file, read_only=True) as con:
            yield con
    finally:
        lock.release()
