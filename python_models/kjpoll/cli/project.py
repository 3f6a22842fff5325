"""The option by which a verb is told which project it works on."""

from __future__ import annotations

from pathlib import Path

import click


def _project(context: click.Context, parameter: click.Parameter, value: Path) -> Path:
    if not (value / "dbt_project" / "dbt_project.yml").is_file():
        raise click.BadParameter(
            f"{value} has no dbt_project/dbt_project.yml; run in the project's root or name it"
        )
    return value


project_option = click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    callback=_project,
    help="The project's root; this folder unless told.",
)
