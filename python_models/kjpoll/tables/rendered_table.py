"""From a warehouse and names of tables to a rendered file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kjpoll.tables import warehouse
from kjpoll.tables.layout import arrange
from kjpoll.tables.table_error import TableError

SUFFIXES = {".txt": "text", ".tex": "latex", ".html": "html", ".docx": "docx", ".csv": "csv"}
FORMATS = tuple(SUFFIXES.values())


def format_of(output: Path | None, stated: str | None) -> str:
    """The stated format, else the one that the output file's name ends in, else text. TableError if neither says."""
    if stated is not None:
        if stated not in FORMATS:
            raise TableError(f"no format {stated!r}; choose one of {', '.join(FORMATS)}")
        return stated
    if output is None:
        return "text"
    if output.suffix not in SUFFIXES:
        raise TableError(
            f"{output}: its name does not say the format; end it in {', '.join(SUFFIXES)}, or state --format"
        )
    return SUFFIXES[output.suffix]


def render(
    path: Path,
    names: Sequence[str] = (),
    *,
    form: str = "text",
    language: str | None = None,
    fit_statistics: bool = False,
    favourability: bool = False,
    page: bool = False,
) -> bytes:
    """The named tables of a warehouse, all its printed tables if none is named, as a file's bytes (UTF-8).

    `page` puts LaTeX into a document that compiles. TableError: no warehouse, an unknown table, format or language.
    """
    source = warehouse.read(path)
    names = list(names) or source.names()
    if not names:
        raise TableError(f"{path} has no printed table; name models with --table")
    if page and form != "latex":
        raise TableError("--page is for LaTeX alone; add --format latex or leave --page out")
    tables = [
        arrange(source, name, language=language, fit_statistics=fit_statistics, favourability=favourability)
        for name in names
    ]
    # The formats' libraries are loaded only where they are used: each takes longer than the rendering.
    match form:
        case "text":
            from kjpoll.tables.text import text

            return text(tables).encode()
        case "csv":
            from kjpoll.tables.text import csv

            return csv(tables).encode()
        case "latex":
            from kjpoll.tables.latex import latex

            return latex(tables, page).encode()
        case "html":
            from kjpoll.tables.html import html

            return html(tables).encode()
        case "docx":
            from kjpoll.tables.word import word

            return word(tables)
    raise TableError(f"no format {form!r}; choose one of {', '.join(FORMATS)}")
