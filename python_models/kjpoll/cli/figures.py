"""The verb that keeps the dbt files of the published figures in step with their seed."""

from __future__ import annotations

from pathlib import Path

import click

from kjpoll.cli.project import project_option


@click.command()
@click.option(
    "--write", is_flag=True, help="Write the files that are missing or stale, and remove those without a row."
)
@project_option
def figures(write: bool, project: Path) -> None:
    """Say which dbt files of the figures do not follow seeds/analysis/figures.csv, or write them.

    A figure more is a row of that seed and this command. Exit code 1 where files are stale and not written.

    \b
    Examples:
      kjpoll figures
      kjpoll figures --write
    """
    from kjpoll.build.figure_models import stale_files, write_figure_files
    from kjpoll.common.seed_file import SeedError

    try:
        if write:
            written = write_figure_files(project)
            click.echo("\n".join(f"written: {path}" for path in written) or "every file was up to date")
            return
        stale = stale_files(project)
    except (OSError, KeyError, SeedError, ValueError) as error:
        raise click.ClickException(f"the figures cannot be read: {error}") from error
    if stale:
        names = "\n".join(f"  {path}{'' if text else ' (no row)'}" for path, text in stale.items())
        raise click.ClickException(
            f"files that do not follow the seed:\n{names}\nrun: kjpoll figures --write"
        )
    click.echo("every file is up to date")
