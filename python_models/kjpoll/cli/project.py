"""The options that name the project or the release a verb works on, and the verb that makes a project."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

import kjpoll

PACKAGE = Path(kjpoll.__file__).parent
# Where the wheel has the dbt project; a checkout is a project itself.
PACKAGED = PACKAGE / "project"
CHECKOUT = PACKAGE.parents[1]


def _is_project(folder: Path) -> bool:
    return (folder / "dbt_project" / "dbt_project.yml").is_file()


def _project(context: click.Context, parameter: click.Parameter, value: Path) -> Path:
    if not _is_project(value):
        there = (
            f"With none at hand, make one: `kjpoll init FOLDER` copies the project that came with this installation, "
            f"{PACKAGED}; the raw wave files go into its data/raw."
            if _is_project(PACKAGED)
            else f"This kjpoll runs from the project in {CHECKOUT}."
        )
        raise click.BadParameter(
            f"{value.absolute()} is no project of kjpoll, as it has no dbt_project/dbt_project.yml. "
            f"Run this in the project's root, or name it with --project. {there}"
        )
    return value


project_option = click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    callback=_project,
    show_default="this folder",
    help="The project's root.",
)

warehouse_option = click.option(
    "--warehouse",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("warehouse.duckdb"),
    show_default=True,
    help="The released file.",
)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Make a project in a new FOLDER from the one that came with the installation: all but the raw wave files.

    \b
    Examples:
      kjpoll init my-survey
    """
    if not _is_project(PACKAGED):
        raise click.ClickException(
            f"this kjpoll runs from the project in {CHECKOUT}; a further one is a copy of it, by git clone"
        )
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty; name a new folder")
    try:
        shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        (folder / "data" / "raw").mkdir(parents=True)
    except OSError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{folder}: put each wave file into data/raw, where its row of dbt_project/seeds/survey/samples.csv has it. "
        "Then, in that folder: dbt build --project-dir dbt_project --profiles-dir ."
    )
