"""The verb by which a person accepts changes of released values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kjpoll.cli.open_build import open_build
from kjpoll.cli.person import by_option, named_person
from kjpoll.cli.project import project_option
from kjpoll.common.release_hold import held

if TYPE_CHECKING:
    import duckdb

    from kjpoll.build.project_paths import ProjectPaths


@click.command()
@click.argument("causes", metavar="[CAUSE]...", nargs=-1)
@click.option("--all", "every_cause", is_flag=True, help="Accept the changes of every cause.")
@click.option("--reason", help="Why the values change; needed to accept.")
@by_option
@project_option
def accept(
    causes: tuple[str, ...], every_cause: bool, reason: str | None, name: str | None, project: Path
) -> None:
    """Show which released values the last build would change, or accept that, by cause.

    CAUSE: "raw file", "seed line" or "code". A change with several causes is accepted where all of them are. The signed
    values in dbt_project/seeds/released become those of the build; the next `dbt build` releases.

    \b
    Examples:
      kjpoll accept
      kjpoll accept "seed line" --reason "codes 3 and 4 were exchanged in 2014"
      kjpoll accept --all --reason "the agency corrected its file" --by "A. Steward"
    """
    import duckdb

    from kjpoll.build import BuildError
    from kjpoll.common.seed_file import SeedError, check_seeds
    from kjpoll.release import ReleaseError
    from kjpoll.release.signed import CAUSES

    unknown = sorted(set(causes) - set(CAUSES))
    if unknown:
        raise click.UsageError(
            f"{', '.join(unknown)}: no cause; name of {', '.join(map(repr, CAUSES))}, or --all"
        )
    if causes and every_cause:
        raise click.UsageError("name causes or --all, not both")
    from kjpoll.build.project_paths import ProjectPaths

    paths = ProjectPaths.of(project)
    try:
        check_seeds(project)
        with open_build(paths) as con:
            if causes or every_cause:
                _accept(con, paths, causes or CAUSES, reason, name)
            else:
                _show(con, paths)
    except (BuildError, ReleaseError, SeedError, duckdb.Error, OSError) as error:
        raise click.ClickException(str(error)) from error


def _show(con: duckdb.DuckDBPyConnection, paths: ProjectPaths) -> None:
    from kjpoll.release.signed import listing, unsigned_changes

    changes = unsigned_changes(con, paths.signed)
    click.echo(listing(con, changes, paths.release) if changes else "The last build changes no signed value.")


def _accept(
    con: duckdb.DuckDBPyConnection,
    paths: ProjectPaths,
    causes: tuple[str, ...],
    reason: str | None,
    name: str | None,
) -> None:
    from kjpoll.release.signed import Acceptance, accept

    if not (reason or "").strip():
        raise click.UsageError('say why the values change: --reason "why"')
    accepted_by = named_person(name, paths.root)
    accepted, left = accept(con, paths.signed, Acceptance(accepted_by, str(reason).strip(), causes))
    click.echo(
        f"{accepted_by} has accepted {len(accepted)} changed value(s), {len(left)} are left. "
        f"Read `git diff {paths.signed.relative_to(paths.root)}` and commit it."
    )
    click.echo(
        "`kjpoll accept` shows what is left; it has other causes."
        if left
        else held(paths.release) or "`dbt build` releases now."
    )
