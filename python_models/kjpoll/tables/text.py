"""Tables as plain text and as comma-separated values."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kjpoll.tables.layout import Table
from kjpoll.tables.table_lines import laid_out, wrap

STARS = 3


def text(tables: Sequence[Table]) -> str:
    """The tables as text for a terminal with fixed-width letters, blank lines between them."""
    return "\n\n".join(map(_text, tables)) + "\n"


def _text(table: Table) -> str:
    lines = list(laid_out(table))
    # Room for the stars after every entry, so that the digits stand under each other.
    frame = pd.DataFrame(
        [[_starred(cell) for cell in line.cells] for line in lines],
        index=[line.label for line in lines],
        columns=[f"{model} {' ' * (STARS - 1)}" for model in table.models],
    )
    with pd.option_context("display.unicode.east_asian_width", True):
        header, *body = frame.to_string(line_width=None).split("\n")
    rule = "-" * len(header)
    printed = [table.full_title, rule, header, rule]
    for line, string in zip(lines, body, strict=True):
        printed += [rule, string] if line.rule else [string]
    printed.append(rule)
    for note in table.notes:
        printed += wrap(note, len(header))
    return "\n".join(line.rstrip() for line in printed)


def _starred(cell: str) -> str:
    return cell + " " * (STARS - (len(cell) - len(cell.rstrip("*"))))


def csv(tables: Sequence[Table]) -> str:
    """One line per row that has entries, with the printed digits; per model its estimate, stars and t.

    Columns: table, kind (term, level, cut_point or statistic), term, category_id, label, then estimate_<m>,
    stars_<m> and t_<m> for each model m; a statistic such as N stands under estimate_<m>.
    """
    records = []
    for table in tables:
        for row in table.rows:
            if row.kind == "heading":
                continue
            record = {
                "table": table.name,
                "kind": row.kind,
                "term": row.term,
                "category_id": row.category_id,
                "label": row.label,
            }
            for model, cell in zip(table.models, row.cells, strict=True):
                number = model.strip("()")
                record |= {
                    f"estimate_{number}": cell.estimate,
                    f"stars_{number}": cell.stars,
                    f"t_{number}": cell.statistic.strip("()"),
                }
            records.append(record)
    return pd.DataFrame(records).fillna("").to_csv(index=False, lineterminator="\n")
