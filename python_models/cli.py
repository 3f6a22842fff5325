"""The ``kjpoll`` command: one thin verb per job."""

from __future__ import annotations

from pathlib import Path

import click


def _project(context: click.Context, parameter: click.Parameter, value: Path) -> Path:
    if not (value / "dbt_project" / "dbt_project.yml").is_file():
        raise click.BadParameter(f"{value} has no dbt_project/dbt_project.yml; run in the project's root or name it")
    return value


project_option = click.option(
    "--project", type=click.Path(file_okay=False, path_type=Path), default=Path("."), callback=_project,
    help="The project's root; this folder unless told.")


@click.group()
def main() -> None:
    """The Korea-Japan joint opinion poll, from raw wave files to tables."""


@main.command()
@project_option
def calibrate(project: Path) -> None:
    """Compute the margins of the synthetic records anew from the published numbers and the assumed shares."""
    from python_models.synthetic.calibration.margins import write
    from python_models.synthetic.catalog import SyntheticError

    try:
        path, unmet = write(project / "dbt_project" / "seeds")
    except SyntheticError as error:
        raise click.ClickException(str(error)) from error
    for number in unmet:
        click.echo(f"not met: {number}", err=True)
    click.echo(path)


@main.command()
@project_option
@click.option("--raw-dir", type=click.Path(file_okay=False, path_type=Path), help="data/raw of the project unless told.")
def synthesize(project: Path, raw_dir: Path | None) -> None:
    """Write the synthetic raw files anew from the seeds: the same bytes on any day."""
    from python_models.synthetic.catalog import SyntheticError
    from python_models.synthetic.records.raw_files import synthesize as write

    raw_dir = raw_dir or project / "data" / "raw"
    try:
        written = write(project / "dbt_project" / "seeds", raw_dir)
    except SyntheticError as error:
        raise click.ClickException(str(error)) from error
    size = sum(path.stat().st_size for path in written)
    click.echo(f"{len(written)} files, {size / 1e6:.1f} MB, in {raw_dir}")


if __name__ == "__main__":
    main()
