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


@main.command()
@click.option("--table", "names", multiple=True, metavar="1|2|NAME",
              help="A printed table's number, or ids or patterns of models with commas between; all printed tables "
                   "unless told.")
@click.option("--format", "form", type=click.Choice(["text", "latex", "html", "docx", "csv"]),
              help="What the output file's name ends in (.txt .tex .html .docx .csv), else text.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path),
              help="The file to write; the terminal unless told.")
@click.option("--language", type=click.Choice(["en", "ko", "ja"]), default="en",
              help="The language of labels and notes.")
@click.option("--fit-statistics", is_flag=True, help="Add pseudo R2, log likelihood, AIC and BIC.")
@click.option("--favourability", is_flag=True, help="Reverse the signs: positive means more favourable.")
@click.option("--page", is_flag=True, help=r"LaTeX as a document that compiles, not a table to \input.")
@click.option("--warehouse", type=click.Path(path_type=Path), default=Path("warehouse.duckdb"),
              help="warehouse.duckdb of this folder unless told.")
def tables(names: tuple[str, ...], form: str | None, output: Path | None, language: str, fit_statistics: bool,
           favourability: bool, page: bool, warehouse: Path) -> None:
    """Render tables of regression models from a released warehouse."""
    from python_models.regression.tables.errors import TableError
    from python_models.regression.tables.render import format_of, render

    try:
        form = format_of(output, form)
        if form == "docx" and output is None:
            raise TableError("a Word document is written to a file alone; name one with --output")
        content = render(warehouse, names, form=form, language=language, fit_statistics=fit_statistics,
                         favourability=favourability, page=page)
        if output is None:
            click.echo(content, nl=False)
        else:
            output.write_bytes(content)
            click.echo(output)
    except (TableError, OSError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
