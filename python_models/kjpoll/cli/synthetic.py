"""Verbs that make the synthetic records: calibrate, synthesize."""

from __future__ import annotations

from pathlib import Path

import click

from kjpoll.cli.project import project_option


@click.command()
@project_option
def calibrate(project: Path) -> None:
    """Recompute the margins of the synthetic records from the published numbers and the assumed shares.

    \b
    Examples:
      kjpoll calibrate
    """
    from kjpoll.cli.progress import working
    from kjpoll.synthetic.calibration.margins import write
    from kjpoll.synthetic.catalog import SyntheticError

    try:
        with working("Margins of the synthetic records"):
            path, unmet = write(project / "dbt_project" / "seeds")
    except SyntheticError as error:
        raise click.ClickException(str(error)) from error
    for number in unmet:
        click.echo(f"not met: {number}", err=True)
    click.echo(path)


@click.command()
@project_option
@click.option(
    "--raw-dir",
    type=click.Path(file_okay=False, path_type=Path),
    show_default="data/raw of the project",
    help="Where the raw files go.",
)
def synthesize(project: Path, raw_dir: Path | None) -> None:
    """Rewrite the synthetic raw files from the seeds: the same bytes on any day.

    \b
    Examples:
      kjpoll synthesize --raw-dir build/synthetic
    """
    from kjpoll.cli.progress import working
    from kjpoll.synthetic.catalog import SyntheticError
    from kjpoll.synthetic.records.raw_files import synthesize as write

    raw_dir = raw_dir or project / "data" / "raw"
    try:
        with working("Synthetic raw files"):
            written = write(project / "dbt_project" / "seeds", raw_dir)
    except SyntheticError as error:
        raise click.ClickException(str(error)) from error
    size = sum(path.stat().st_size for path in written)
    click.echo(f"{len(written)} files, {size / 1e6:.1f} MB, in {raw_dir}")
