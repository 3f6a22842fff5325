"""Tables as one web page that needs nothing else: no script, no font, no style sheet from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
from pandas.io.formats.style_render import CSSDict

from kjpoll.tables.layout import Cell, Table

PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: serif; margin: 2em; }}
section {{ max-width: 60em; margin-bottom: 3em; }}
section > p {{ font-size: smaller; margin: 0.2em 0; }}
</style>
</head>
<body>
{sections}
</body>
</html>
"""


def html(tables: Sequence[Table]) -> str:
    """A whole page with every table, its title as caption and its notes under it."""
    sections = "\n".join(_section(table, f"table_{number}") for number, table in enumerate(tables, 1))
    return PAGE.format(
        language=tables[0].language.replace("_", "-"),
        sections=sections,
        title=escape("; ".join(table.full_title for table in tables)),
    )


def _section(table: Table, identity: str) -> str:
    frame = pd.DataFrame(
        [[_entry(cell) for cell in row.cells] for row in table.rows],
        index=[row.label for row in table.rows],
        columns=list(table.models),
    )
    styler = frame.style.set_uuid(identity).set_caption(escape(table.full_title))
    styler = (
        styler.format(escape="html").format_index(escape="html", axis=0).format_index(escape="html", axis=1)
    )
    styler.cell_ids = False  # type: ignore[attr-defined]  # the stubs do not know it
    styler.set_table_styles(_styles(table))
    notes = "\n".join(f"<p>{escape(note)}</p>" for note in table.notes)
    return f"<section>\n{styler.to_html()}{notes}\n</section>"


def _entry(cell: Cell) -> str:
    return "\n".join(part for part in (cell.estimate + cell.stars, cell.statistic) if part)


def _styles(table: Table) -> list[CSSDict]:
    thick, thin = "2px solid", "1px solid"
    styles: list[CSSDict] = [
        {"selector": "", "props": f"border-collapse: collapse; border-top: {thick}; border-bottom: {thick};"},
        {"selector": "caption", "props": "text-align: left; font-weight: bold; padding-bottom: 0.5em;"},
        {"selector": "thead th", "props": f"text-align: center; border-bottom: {thin};"},
        {"selector": "th, td", "props": "padding: 0.15em 0.8em; font-weight: normal; vertical-align: top;"},
        {"selector": "tbody th", "props": "text-align: left; max-width: 22em;"},
        {"selector": "td", "props": "text-align: center; white-space: pre-line;"},
    ]
    for position, row in enumerate(table.rows):
        selector = f"tbody tr:nth-child({position + 1})"
        if row.kind == "level":
            styles.append({"selector": f"{selector} th", "props": "padding-left: 2em;"})
        if table.starts_block(position):
            styles.append({"selector": f"{selector} > *", "props": f"border-top: {thin};"})
    return styles
