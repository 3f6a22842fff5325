"""The verb that puts a release back, and holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from kjpoll.cli.completion import complete_release
from kjpoll.cli.person import by_option, named_person
from kjpoll.cli.project import warehouse_option
from kjpoll.common.release_hold import Hold, held


@click.command()
@click.argument("release", shell_complete=complete_release, required=False)
@click.option("--hold", is_flag=True, help="Then have no build release until the hold is lifted.")
@click.option("--lift-hold", is_flag=True, help="Let builds release again.")
@click.option("--reason", help="Why the release is held; needed with --hold.")
@by_option
@warehouse_option
def rollback(
    release: str | None, hold: bool, lift_hold: bool, reason: str | None, name: str | None, warehouse: Path
) -> None:
    """Put a kept release in the place of the present one, in one step for readers.

    RELEASE: its id or the beginning of it, or `previous`. The present release is kept, so this can be taken back.
    With --hold and without RELEASE the present release is held.

    \b
    Examples:
      kjpoll rollback previous
      kjpoll rollback 662d63219f3a --hold --reason "FRA-2015 was weighted twice"
      kjpoll rollback --lift-hold
    """
    import duckdb

    from kjpoll.build import BuildError
    from kjpoll.release import ReleaseError, roll_back
    from kjpoll.release import lift_hold as lift

    _check_options(release, hold, lift_hold, reason)
    file = warehouse.absolute()
    put = _hold(reason, name, file.parent) if hold else None
    try:
        if lift_hold:
            lift(file)
            click.echo(
                f"{warehouse} is not held any more: the next build releases what the project holds then."
            )
            return
        with _no_build_of(warehouse), _held_by(put, file):
            done = roll_back(warehouse, release) if release else None
    except (BuildError, ReleaseError, duckdb.Error, OSError) as error:
        raise click.ClickException(str(error)) from error
    if done:
        _say_rolled_back(warehouse, *done)
    if said := held(warehouse):
        click.echo(f"{said}, and until then no build and no `kjpoll ingest` releases.")
    else:
        click.echo(
            "The next build releases what the project holds then: undo there what was wrong, or it comes back."
        )


def _check_options(release: str | None, hold: bool, lift_hold: bool, reason: str | None) -> None:
    if lift_hold and (release or hold or reason):
        raise click.UsageError("--lift-hold stands alone")
    if not (release or hold or lift_hold):
        raise click.UsageError("Missing argument 'RELEASE'; `kjpoll releases` lists them")
    if hold and not (reason or "").strip():
        raise click.UsageError('say why the release is held: --reason "why"')
    if reason and not hold:
        raise click.UsageError("--reason says why a release is held: add --hold")


def _hold(reason: str | None, name: str | None, root: Path) -> Hold:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Hold(named_person(name, root), now, (reason or "").strip())


@contextmanager
def _held_by(hold: Hold | None, release: Path) -> Iterator[None]:
    """Puts the hold before the block, so that no build comes between, and lifts it where the block fails."""
    from kjpoll.release import lift_hold, put_hold

    if hold is not None:
        put_hold(release, hold)
    try:
        yield
    except BaseException:
        if hold is not None:
            lift_hold(release)
        raise


def _say_rolled_back(warehouse: Path, replaced: str | None, now: str) -> None:
    next_steps = (
        f"{replaced} is kept; `kjpoll rollback {replaced}` takes this back"
        if replaced
        else "what it replaced was no release"
    )
    click.echo(f"{warehouse} is release {now} now. {next_steps}.")


@contextmanager
def _no_build_of(warehouse: Path) -> Iterator[None]:
    """Waits for a build that would release over `warehouse`, and lets none start."""
    from kjpoll.build import BuildLock, lock_path, wait_seconds
    from kjpoll.scheduling import ProjectPaths

    with ExitStack() as held:
        for root in {Path.cwd().resolve(), warehouse.resolve().parent}:
            paths = ProjectPaths.of(root)
            if paths.dbt_project.is_dir() and paths.release.resolve() == warehouse.resolve():
                lock = BuildLock.acquired(
                    lock_path(paths.build_file), wait_seconds(), partial(click.echo, err=True)
                )
                held.callback(lock.release)
        yield
