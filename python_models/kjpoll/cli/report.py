"""The verb that makes the report, and serves it."""

from __future__ import annotations

from pathlib import Path

import click

from kjpoll.cli.project import warehouse_option

PORT = 8000


@click.command()
@warehouse_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/site"),
    show_default=True,
    help="The folder of the site. A site there is replaced.",
)
@click.option(
    "--engine",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/engine/dist"),
    show_default=True,
    help="The explorer's database, which `make report` gets from npm.",
)
@click.option("--serve", is_flag=True, help="Then serve the site on this machine, until Ctrl-C.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="The port to serve on; 0 takes a free one.",
)
def report(warehouse: Path, out: Path, engine: Path, serve: bool, port: int) -> None:
    """Make the report, a static site, from a released warehouse.

    \b
    Examples:
      kjpoll report
      kjpoll report --out public --serve --port 0
    """
    from kjpoll.cli.progress import working
    from kjpoll.cli.site_server import serve_folder
    from kjpoll.report import ReportError, build_site
    from kjpoll.tables.table_error import TableError

    try:
        with working("Report") as status:
            written = build_site(
                warehouse,
                out,
                progress=lambda title: status.update(f"Report: {title}"),
                engine=engine if engine.is_dir() else None,
            )
    except (ReportError, TableError, OSError) as error:
        raise click.ClickException(str(error)) from error
    size = sum(path.stat().st_size for path in written)
    click.echo(f"{out / 'index.html'}: {len(written)} files, {size / 1e6:.1f} MB")
    if not engine.is_dir():
        click.echo(f"The explorer has no database, for crosstabs and SQL: {engine} is not there.", err=True)
    if serve:
        serve_folder(out, port)
