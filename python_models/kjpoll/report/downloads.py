"""What a page shows, as files to take away: rows as CSV, and the query that gave them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kjpoll.report.site import ReportError, Site


@dataclass(frozen=True)
class Download:
    """A query and its answer, written beside a page as `<name>.csv` and `<name>.sql`."""

    name: str
    title: str
    sql: str
    rows: list[dict[str, Any]]


def offer(site: Site, folder: str, name: str, title: str, sql: str) -> Download:
    """Run a query and write both files to a folder of the site."""
    download = Download(name, title, sql.strip() + "\n", site.rows(sql))
    site.write(f"{folder}/{name}.csv", comma_separated(download.rows))
    site.write(f"{folder}/{name}.sql", download.sql)
    return download


def comma_separated(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows with the same names as CSV, numbers not rounded. ReportError: no rows, so no names."""
    if not rows:
        raise ReportError(
            "a table of the warehouse that the report offers as CSV has no rows; run make build"
        )
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=[*rows[0]], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: plain(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def plain(value: Any) -> Any:
    """Truth values as SQL writes them; everything else as it is."""
    return str(value).lower() if isinstance(value, bool) else value
