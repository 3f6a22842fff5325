"""Verbs that show the releases: releases, diff."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kjpoll.cli.completion import complete_release
from kjpoll.cli.progress import working
from kjpoll.cli.project import warehouse_option
from kjpoll.common.release_hold import held

if TYPE_CHECKING:
    import pyarrow as pa

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
    help="The format of the output.",
)


@click.command()
@warehouse_option
@format_option
def releases(warehouse: Path, form: str) -> None:
    """List every release, oldest first: when, what changed, from what, and whether its file is still kept.

    \b
    Examples:
      kjpoll releases
      kjpoll releases --format json
    """
    import pyarrow as pa

    from kjpoll.release import list_releases

    listed = list_releases(warehouse)
    if not listed:
        raise click.ClickException(
            f"{warehouse}: nothing was released yet; build first, or name a released file"
        )
    rows = [
        {
            "release_id": release.row["release_id"],
            "built_at": release.row["built_at"].replace(microsecond=0),
            "file": "present" if release.present else "kept" if release.file else "gone",
            "n_changes": release.row["n_changes"],
            "causes": release.row["causes"],
            "git_commit": _shortened(release.row["git_commit"], form),
            "raw_files_hash": _shortened(release.row["raw_files_hash"], form),
            "code_hash": _shortened(release.row["code_hash"], form),
        }
        for release in listed
    ]
    _show(
        pa.Table.from_pylist(
            rows,
            schema=pa.schema(
                [
                    (name, {"built_at": pa.timestamp("s"), "n_changes": pa.int64()}.get(name, pa.string()))
                    for name in rows[0]
                ]
            ),
        ),
        form,
    )
    if said := held(warehouse):
        # A program reads rows alone.
        click.echo(said, err=form != "text")


@click.command()
@click.argument("old", shell_complete=complete_release)
@click.argument("new", shell_complete=complete_release)
@warehouse_option
@format_option
@click.option(
    "--table",
    "table",
    metavar="TABLE",
    help="Every change in one table, such as topline or analysis.topline.",
)
def diff(old: str, new: str, warehouse: Path, form: str, table: str | None) -> None:
    """Say which public values changed from release OLD to release NEW, and why.

    OLD, NEW: release ids or the beginning of them, `present`, `previous`, or released files.

    \b
    Examples:
      kjpoll diff previous present
      kjpoll diff 662d63 present --table topline --format csv
    """
    import duckdb

    from kjpoll.release import ReleaseError, difference, find_release, last_row

    try:
        files = [find_release(warehouse, name) for name in (old, new)]
        with working("Comparing every public table"):
            changes = difference(*files)
    except (ReleaseError, duckdb.Error, OSError) as error:
        raise click.ClickException(str(error)) from error
    if table:
        _check_table(table, changes)
        changes = _of_table(changes, table)
    if form == "text":
        rows = [last_row(file) or {} for file in files]
        for sign, row, file in zip("-+", rows, files):
            click.echo(f"{sign} {_heading(row, file)}")
        for name, column in (("code", "code_hash"), ("engine", "engine")):
            if len({row.get(column) for row in rows}) > 1 and changes.num_rows:
                click.echo(
                    f"The {name} differs too: it may have a part in what a file or a line has changed."
                )
        if changes.num_rows == 0:
            click.echo("No public value differs.")
            return
        if not table:
            _show_by_cause(changes)
            return
    _show(changes, form)


def _check_table(table: str, changes: pa.Table) -> None:
    """Raises click.BadParameter where there is no such public table; one of an older version may have changes."""
    from kjpoll.common.properties import table_properties

    known = {f"{found.schema}.{found.name}" for found in table_properties().values()}
    known |= set(changes["table_name"].to_pylist())
    if table not in {*known, *(name.partition(".")[2] for name in known)}:
        raise click.BadParameter(
            f"there is no public table {table}; there are {', '.join(sorted(known))}", param_hint="--table"
        )


def _of_table(changes: pa.Table, table: str) -> pa.Table:
    import duckdb

    return duckdb.execute(
        "select * from changes where table_name = ? or split_part(table_name, '.', 2) = ?", [table, table]
    ).to_arrow_table()


def _show_by_cause(changes: pa.Table) -> None:
    """Each cause, what names it, and how many values of which table changed for it."""
    import duckdb

    by_cause = duckdb.execute(
        "with of_table as (select causes, details, table_name, sum(n) as n from changes group by all) "
        "select causes, details, sum(n), string_agg(table_name || ' ' || n, ', ' order by table_name) "
        "from of_table group by causes, details order by causes, details"
    ).fetchall()
    for causes, details, n, tables in by_cause:
        click.echo(f"\n{causes}: {n} changes\n  " + details.replace("\n", "\n  "))
        click.echo(textwrap.fill(tables, 110, initial_indent="    ", subsequent_indent="    "))


def _heading(row: dict, file: Path) -> str:
    if not row:
        return f"{file} (no release)"
    parts = [row["release_id"], f"built {row['built_at']:%Y-%m-%d %H:%M:%S}"]
    parts += [
        f"{name} {row[column][:12]}"
        for name, column in (("commit", "git_commit"), ("code", "code_hash"))
        if row[column]
    ]
    return ", ".join(parts)


def _shortened(digest: str | None, form: str) -> str | None:
    """Twelve digits distinguish hashes by eye; a program gets them whole."""
    if digest is None or form != "text":
        return digest
    return digest[:12] + ("-dirty" if digest.endswith("-dirty") else "")


def _show(rows: pa.Table, form: str) -> None:
    import duckdb

    if form == "text":
        names = [
            name for name in rows.schema.names if rows.num_rows == 0 or rows[name].null_count < rows.num_rows
        ]
        duckdb.from_arrow(rows.select(names)).show(max_rows=1_000_000, max_width=1_000_000, max_col_width=120)
    elif form == "csv":
        frame = rows.to_pandas()
        text = io.StringIO()
        frame.to_csv(text, index=False)
        click.echo(text.getvalue(), nl=False)
    else:
        click.echo(rows.to_pandas().to_json(orient="records", date_format="iso", force_ascii=False, indent=1))
