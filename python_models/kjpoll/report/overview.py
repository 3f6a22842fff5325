"""The first page: what the data are, the story of the waves in three charts, and the state of the build."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import altair as alt

from kjpoll.report import theme
from kjpoll.report.charts import Chart, Drawing
from kjpoll.report.comparability import breaks
from kjpoll.report.line_charts import (
    ASSUMED,
    LABEL_HEIGHT,
    LINE_HEIGHT,
    LINE_WIDTH,
    interval,
    known_points,
    lines,
    place_labels,
    points,
    values,
)
from kjpoll.report.quality import agreement, checks
from kjpoll.report.site import Page, Section, Site
from kjpoll.tables.numbers import percent

SECTION = Section("Overview", "index.html")
# What the story consists of: a question, a net of it, and what the net's share is called.
STORY = (
    ("impression_of_counterpart", "positive", "Have a good impression of the other country"),
    ("current_relations", "negative", "Call the present relations bad"),
    ("importance_of_relations", "positive", "Call the relations important"),
)
SHAPES = {"KOR": "circle", "JPN": "square"}


@dataclass(frozen=True)
class Telling:
    """One chart of the story, with its sentences and its numbers."""

    title: str
    chart: Chart
    sentences: list[str]
    rows: list[dict[str, Any]]


def pages(site: Site) -> Iterable[Page]:
    span = site.rows(
        "select min(wave) as first, max(wave) as last, count(distinct wave) as waves, "
        "count(distinct country) as countries from marts.dim_sample"
    )[0]
    questions = site.rows("select count(*) as n from marts.dim_question")[0]["n"]
    yield Page(
        SECTION.path,
        "What Korea and Japan think of each other",
        "overview.html.j2",
        {
            "span": span,
            "questions": questions,
            "agreement": agreement(site),
            "checks": checks(site),
            "story": [telling(site, *chapter) for chapter in STORY],
        },
    )


def telling(site: Site, question_id: str, net: str, title: str) -> Telling:
    """One question's share of a net over all waves, both countries in one chart."""
    rows = site.rows(
        "select country, wave, n, base_n, pct, ci_low, ci_high, basis from analysis.topline_net "
        "where question_id = ? and net = ? order by country desc, wave",
        [question_id, net],
    )
    broken = breaks(site, question_id)
    for row in rows:
        row["name"] = theme.COUNTRY_NAMES[row["country"]]
        row["interval"] = interval(row)
        row["segment"] = sum(b.country == row["country"] and b.wave <= row["wave"] for b in broken)
        row["ink"] = theme.COUNTRY_COLOURS[row["country"]]
    for wave in {row["wave"] for row in rows}:
        place_labels([row for row in rows if row["wave"] == wave], LABEL_HEIGHT * 100 / LINE_HEIGHT, 100)
    sentences = [
        spoken(theme.COUNTRY_NAMES[country], [row for row in rows if row["country"] == country])
        for country in theme.COUNTRY_NAMES
    ] + [known_points(rows)]
    chart = site.chart(
        drawing(rows),
        f"story-{question_id.replace('_', '-')}",
        f"{title}, per cent. "
        + " ".join(
            f"{theme.COUNTRY_NAMES[country]}: "
            + ", ".join(
                f"{percent(row['pct'])} in {row['wave']}{' (assumed)' if row['basis'] == ASSUMED else ''}"
                for row in rows
                if row["country"] == country
            )
            + "."
            for country in theme.COUNTRY_NAMES
        ),
    )
    return Telling(title, chart, sentences, rows)


def spoken(name: str, rows: list[dict[str, Any]]) -> str:
    """The first and the last share of a country, its lowest and its highest, of those that are known."""
    rows = [row for row in rows if row["basis"] != ASSUMED]
    if not rows:
        return f"{name}: no share was published."
    low, high = min(rows, key=lambda row: row["pct"]), max(rows, key=lambda row: row["pct"])
    return (
        f"{name}: {percent(rows[0]['pct'])}% in {rows[0]['wave']}, {percent(rows[-1]['pct'])}% in {rows[-1]['wave']}; "
        f"lowest in {low['wave']} ({percent(low['pct'])}%), highest in {high['wave']} ({percent(high['pct'])}%)."
    )


def drawing(rows: list[dict[str, Any]]) -> Drawing:
    waves = sorted({row["wave"] for row in rows})
    names = [*theme.COUNTRY_NAMES.values()]
    height = alt.Scale(domain=[0, 106], nice=False)
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X(
            "wave:Q",
            title=None,
            axis=alt.Axis(values=waves, format="d", grid=False),
            scale=alt.Scale(domain=[waves[0] - 0.5, waves[-1] + 0.5], nice=False),
        ),
        color=alt.Color(
            "name:N",
            legend=alt.Legend(symbolOpacity=1),
            scale=alt.Scale(domain=names, range=[*theme.COUNTRY_COLOURS.values()]),
        ),
    )
    y = alt.Y(
        "pct:Q",
        title=None,
        scale=height,
        axis=alt.Axis(values=[*range(0, 101, 20)], labelExpr="datum.label + '%'"),
    )
    tooltip = [
        alt.Tooltip("name:N", title="Country"),
        alt.Tooltip("wave:O", title="Wave"),
        alt.Tooltip("pct:Q", title="Per cent", format=".1f"),
        alt.Tooltip("interval:N", title="95% interval"),
        alt.Tooltip("basis:N", title="Basis"),
        alt.Tooltip("base_n:Q", title="Base", format=","),
    ]
    chart = alt.layer(
        base.mark_rule(strokeWidth=3, opacity=0.35).encode(
            y=alt.Y("ci_low:Q", scale=height, title=None), y2="ci_high:Q"
        ),
        *lines(base, "name", y),
        *points(
            base,
            y=y,
            tooltip=tooltip,
            shape=alt.Shape("name:N", scale=alt.Scale(domain=names, range=[*SHAPES.values()])),
        ),
        *values(
            base.transform_filter("isValid(datum.label_at)"), alt.Y("label_at:Q", scale=height, title=None)
        ),
    ).properties(width=LINE_WIDTH, height=LINE_HEIGHT)
    return Drawing(chart, rows)
