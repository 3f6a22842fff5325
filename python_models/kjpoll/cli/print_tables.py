"""The verb that renders tables of regression models."""

from __future__ import annotations

from pathlib import Path

import click

from kjpoll.cli.project import warehouse_option


@click.command()
@click.option(
    "--table",
    "names",
    multiple=True,
    metavar="1|2|NAME",
    show_default="all printed tables",
    help="A printed table's number, or ids or patterns of models with commas between.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "latex", "html", "docx", "csv"]),
    show_default="what the output file's name ends in, else text",
    help="The format; the output file's name ends in .txt, .tex, .html, .docx or .csv.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    show_default="the terminal",
    help="The file to write.",
)
@click.option(
    "--language",
    metavar="CODE",
    show_default="the first that the warehouse has labels in",
    help="The language of labels and notes, as in seeds.languages.",
)
@click.option("--fit-statistics", is_flag=True, help="Add pseudo R2, log likelihood, AIC and BIC.")
@click.option("--favourability", is_flag=True, help="Reverse the signs: positive means more favourable.")
@click.option("--page", is_flag=True, help=r"LaTeX as a document that compiles, not a table to \input.")
@warehouse_option
def tables(
    names: tuple[str, ...],
    form: str | None,
    output: Path | None,
    language: str | None,
    fit_statistics: bool,
    favourability: bool,
    page: bool,
    warehouse: Path,
) -> None:
    """Render tables of regression models from a released warehouse.

    \b
    Examples:
      kjpoll tables --table 1
      kjpoll tables --table 'table1_model2@*' --format csv
      kjpoll tables --table 2 --output table2.docx --language fr
    """
    from kjpoll.cli.progress import working
    from kjpoll.tables.rendered_table import format_of, render
    from kjpoll.tables.table_error import TableError

    try:
        form = format_of(output, form)
        if form == "docx" and output is None:
            raise TableError("a Word document is written to a file alone; name one with --output")
        with working("Tables"):
            content = render(
                warehouse,
                names,
                form=form,
                language=language,
                fit_statistics=fit_statistics,
                favourability=favourability,
                page=page,
            )
        if output is None:
            click.echo(content, nl=False)
        else:
            output.write_bytes(content)
            click.echo(output)
    except (TableError, OSError) as error:
        raise click.ClickException(str(error)) from error
