"""The printed tables of models: a page for each, and one that says how to read their signs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kjpoll.report import table_charts
from kjpoll.report.quality import CELLS
from kjpoll.report.site import Page, Section, Site
from kjpoll.report.table_data import (
    SIGNIFICANT,
    PrintedTable,
    direction,
    p_value,
    read,
    readings,
)
from kjpoll.tables import numbers
from kjpoll.tables.layout import Table, arrange

SECTION = Section(
    "Tables",
    "tables/index.html",
    "The published models in their printed shape, with intervals, tests, effects, earlier waves.",
)
POINTS = 100
"""A probability in percentage points."""


def pages(site: Site) -> Iterable[Page]:
    site.environment.filters.update(p_value=p_value, estimate=numbers.estimate, points=points, signed=signed)
    tables = read(site)
    yield Page(
        SECTION.path,
        "The published tables",
        "tables.html.j2",
        {
            "tables": tables,
            "agreement": {table.number: agreement(table) for table in tables},
            "direction": {table.number: direction(table) for table in tables},
            "pooled": pooled(tables[0]) if tables else None,
        },
    )
    cells = site.rows(CELLS)
    for table in tables:
        yield Page(
            f"tables/{table.name}.html",
            table.layout.full_title,
            "table.html.j2",
            {
                "table": table,
                "direction": direction(table),
                "readings": readings(table, table.last),
                "charts": charts(site, table),
                "rejected": rejected(table),
                "changes": {model["model_id"]: changes(table, model["model_id"]) for model in table.models},
                "unfitted": [row for row in table.rows("sensitivity") if row["problem"]],
                "alternatives": {
                    row["alternative_id"]: row["note"]
                    for row in site.rows(
                        "select alternative_id, note from seeds.regression_alternatives order by all"
                    )
                },
                "waves": {
                    model["model_id"]: fits
                    for model in table.models
                    if (fits := table.fits_by_wave(model["model_id"]))
                },
                "differences": differences(table),
                "agreement": agreement(table),
                "cells": [row for row in cells if str(row["printed_table"]) == table.number],
                "others": [another for another in tables if another is not table],
            },
        )


def charts(site: Site, table: PrintedTable) -> dict[str, Any]:
    """The drawn charts by name; no chart of waves where no earlier wave asked a term."""
    drawn = {
        "coefficients": (table_charts.coefficients, table_charts.coefficients_in_words),
        "sensitivity": (table_charts.sensitivity, table_charts.sensitivity_in_words),
    }
    if table_charts.by_term(table):
        drawn["waves"] = (table_charts.waves, table_charts.waves_in_words)
    return {
        name: site.chart(chart(table), f"{table.name}-{name}", words(table))
        for name, (chart, words) in drawn.items()
    }


def pooled(table: PrintedTable) -> Table | None:
    """The models over all waves side by side; None if the warehouse has none."""
    models = [model["model_id"] for model in table.source.models if model["variant"] == "pooled"]
    return arrange(table.source, ",".join(models)) if models else None


def rejected(table: PrintedTable) -> list[str]:
    """The models, as printed, whose overall score test rejects proportional odds."""
    return [
        str(model["model"])
        for model in table.models
        if (test := table.tests(model["model_id"]).get(("score", "overall", "", "")))
        and test["p_value"] is not None
        and test["p_value"] < SIGNIFICANT
    ]


def changes(table: PrintedTable, model_id: str) -> list[str]:
    """What another choice turns round: a sign, or whether a coefficient is significant, in words."""
    forms = table.alternatives(model_id)
    changes = []
    for key, label in table.coefficients:
        published = forms["published"].get(key)
        for form, rows in forms.items():
            row = rows.get(key)
            if not row or not published or form == "published":
                continue
            turned = (row["estimate"] > 0) != (published["estimate"] > 0)
            significant = row["p_value"] < SIGNIFICANT
            if significant != (published["p_value"] < SIGNIFICANT):
                changes.append(
                    f"{label}: {'' if significant else 'not '}significant under {form}"
                    f"{', with the other sign' if turned else ''}"
                )
            elif turned and significant:
                changes.append(f"{label}: the other sign under {form}")
    return changes


def differences(table: PrintedTable) -> list[dict[str, Any]]:
    """The questions that an earlier wave asked in another form: wave, label, how."""
    differing = {
        (row["wave"], row["term"], how)
        for row in table.rows("earlier-waves")
        if (how := table_charts.differs(row))
    }
    return [
        {"wave": wave, "label": table.labels.question(term), "how": how}
        for wave, term, how in sorted(differing)
    ]


def agreement(table: PrintedTable) -> dict[str, int]:
    """The legible cells of the published table: how many there are, are equal, are close, and disagree."""
    eligible = [row for row in table.rows("published") if row["eligible"]]
    agree = sum(row["agrees"] for row in eligible)
    close = sum(row["close"] and not row["agrees"] for row in eligible)
    return {
        "eligible": len(eligible),
        "agree": agree,
        "close": close,
        "disagree": len(eligible) - agree - close,
    }


def points(value: float) -> str:
    """A change of a probability in percentage points, with its sign."""
    return f"{POINTS * value:+z.1f}"


def signed(value: float) -> str:
    """A coefficient with its sign."""
    return ("+" if value > 0 else "") + numbers.estimate(value)
