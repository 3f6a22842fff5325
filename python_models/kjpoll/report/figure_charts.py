"""The charts of the published figures: lines over the waves, or stacked options with an interval for each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from kjpoll.report import theme
from kjpoll.report.charts import Drawing
from kjpoll.report.comparability import Break
from kjpoll.report.figure_data import Figure
from kjpoll.report.line_charts import (
    HOLLOW,
    LABEL_HEIGHT,
    LINE_HEIGHT,
    LINE_WIDTH,
    PALE,
    interval,
    lines,
    place_labels,
    points,
    values,
)
from kjpoll.report.wrapped_labels import FONT_SIZE, most_lines, wrapped, wrapped_axis
from kjpoll.report.wrapped_labels import LINE_HEIGHT as LABEL_LINE_HEIGHT

BAR_WIDTH, BAR_STEP, STACK_STEP = 330, 13, 30
LONG_LABEL, WRAPPED_LABEL = 28, 26
# The smallest share, in per cent, whose number has room in its part of the bar. The page's script raises it where
# it draws the bar narrower.
SMALLEST_IN_A_STACK = 7
SMALLEST = alt.param(name="smallest", value=SMALLEST_IN_A_STACK)
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
REASON = alt.Tooltip("reason:N")
BREAK: dict[str, Any] = {"strokeDash": [5, 4], "color": theme.MUTED, "strokeWidth": 1.2}
# As wide as a pointer or a finger needs to rest on a thin line.
FINGER = 14
SURENESS = alt.condition(HOLLOW, alt.value(PALE), alt.value(1))
TOOLTIP = [
    alt.Tooltip("label:N", title="Answer"),
    alt.Tooltip("wave:O", title="Wave"),
    alt.Tooltip("pct:Q", title="Per cent", format=".1f"),
    alt.Tooltip("interval:N", title="95% interval"),
    alt.Tooltip("basis:N", title="Basis"),
    alt.Tooltip("n:Q", title="Respondents"),
    alt.Tooltip("base_n:Q", title="Base", format=","),
]


def country_chart(figure: Figure, country: str) -> Drawing:
    """A country's half of a figure."""
    if figure.is_trend:
        return trend(figure, country)
    return options(figure, country)


def trend(figure: Figure, country: str) -> Drawing:
    rows = records(figure, country)
    waves = [*figure.waves]
    breaks = figure.breaks_of(country)
    top = max(10, math.ceil(highest(figure) / 10) * 10)
    for row in rows:
        row["segment"] = sum(b.wave <= row["wave"] for b in breaks)
    for wave in waves:
        place_labels([row for row in rows if row["wave"] == wave], LABEL_HEIGHT * top / LINE_HEIGHT, top)
    width = alt.Scale(domain=[waves[0] - 0.5, waves[-1] + 0.5], nice=False)
    x = alt.X("wave:Q", title=None, axis=alt.Axis(values=waves, format="d", grid=False), scale=width)
    height = alt.Scale(domain=[0, top + 6], nice=False)
    colour = alt.Color(
        "label:N",
        legend=alt.Legend(symbolOpacity=1),
        scale=alt.Scale(domain=[s.label for s in figure.series], range=[s.colour for s in figure.series]),
    )
    shape = alt.Shape(
        "label:N",
        scale=alt.Scale(domain=[s.label for s in figure.series], range=[*SHAPES[: len(figure.series)]]),
    )
    base = alt.Chart(alt.NamedData("rows")).encode(x=x, color=colour)
    y = alt.Y(
        "pct:Q",
        title=None,
        scale=height,
        axis=alt.Axis(values=[*range(0, top + 1, 20)], labelExpr="datum.label + '%'"),
    )
    layers = [
        *break_layers(breaks, width, height, top + 6),
        base.mark_rule(strokeWidth=3, opacity=0.35).encode(
            y=alt.Y("ci_low:Q", scale=height, title=None), y2="ci_high:Q"
        ),
        *lines(base.transform_filter("!datum.missing"), "label", y),
        base.transform_filter("datum.missing")
        .mark_line(strokeWidth=1.5, strokeDash=[3, 3])
        .encode(y=y, detail="segment:N"),
        *points(base, y=y, shape=shape, tooltip=TOOLTIP),
        *(
            values(
                base.transform_filter("isValid(datum.label_at)"),
                alt.Y("label_at:Q", scale=height, title=None),
            )
        ),
    ]
    chart = alt.layer(*layers).properties(width=LINE_WIDTH, height=LINE_HEIGHT, title=title(figure, country))
    return Drawing(chart, rows)


def break_layers(breaks: Sequence[Break], width: alt.Scale, height: alt.Scale, top: float) -> list[alt.Chart]:
    """A dashed upright where the line breaks, with a letter that the text below explains."""
    if not breaks:
        return []
    rows = [
        {"at": (b.previous_wave + b.wave) / 2, "reason": b.reason, "letter": letter(i), "top": top}
        for i, b in enumerate(breaks)
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(x=alt.X("at:Q", title=None, scale=width), tooltip=REASON)
    return [
        base.mark_rule(**BREAK),
        base.mark_rule(strokeWidth=FINGER, opacity=0),
        base.mark_text(dx=6, dy=6, fontSize=11, fontStyle="italic", color=theme.MUTED).encode(
            y=alt.Y("top:Q", scale=height, title=None), text="letter:N"
        ),
    ]


def options(figure: Figure, country: str) -> Drawing:
    rows = records(figure, country)
    parts = (
        [intervals(figure, country, rows)]
        if figure.is_multiple
        else [stack(figure, country, rows), intervals(figure, country, rows)]
    )
    chart = (
        alt.vconcat(*parts, spacing=24)
        .add_params(*([] if figure.is_multiple else [SMALLEST]))
        .resolve_scale(color="independent")
        .properties(title=title(figure, country))
    )
    return Drawing(chart, rows)


def stack(figure: Figure, country: str, rows: list[dict[str, Any]]) -> alt.LayerChart | alt.FacetChart:
    """One bar per wave, all answers in it; adds to the rows where their part of the bar begins and ends."""
    for wave in figure.waves:
        reached = 0.0
        for row in (row for row in rows if row["wave"] == wave):
            row["from"], row["to"] = reached, reached + row["pct"]
            row["middle"] = reached + row["pct"] / 2
            row["inside"] = theme.text_on(row["colour"])
            reached += row["pct"]
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("wave:O", title=None, axis=alt.Axis(ticks=False, domain=False))
    )
    columns = 1 if any(len(series.label) > LONG_LABEL for series in figure.series) else 3
    bars = base.mark_bar(stroke=theme.PAPER, strokeWidth=1).encode(
        opacity=SURENESS,
        x=alt.X(
            "from:Q",
            title=None,
            scale=alt.Scale(domain=[0, 100]),
            axis=alt.Axis(values=[0, 50, 100], labelExpr="datum.label + '%'"),
        ),
        x2="to:Q",
        tooltip=TOOLTIP,
        color=alt.Color(
            "label:N",
            legend=alt.Legend(columns=columns),
            scale=alt.Scale(
                domain=[series.label for series in figure.series],
                range=[series.colour for series in figure.series],
            ),
        ),
    )
    printed = (
        base.transform_filter(f"!({HOLLOW}) && datum.pct >= {SMALLEST.name}")
        .mark_text(fontSize=11)
        .encode(x="middle:Q", text=alt.Text("pct:Q", format=".1f"), color=alt.Color("inside:N", scale=None))
    )
    broken = [{"wave": b.wave, "reason": b.reason, "from": 0} for b in figure.breaks_of(country)]
    across = alt.Chart(alt.Data(values=broken)).encode(
        y=alt.Y("wave:O", title=None, bandPosition=0), x="from:Q", x2=alt.datum(100), tooltip=REASON
    )
    lines = [across.mark_rule(**BREAK), across.mark_rule(strokeWidth=FINGER, opacity=0)] if broken else []
    return alt.layer(bars, printed, *lines).properties(width=BAR_WIDTH, height=alt.Step(STACK_STEP))


def intervals(figure: Figure, country: str, rows: list[dict[str, Any]]) -> alt.LayerChart | alt.FacetChart:
    """One bar per answer and wave with its interval; the waves are shades of the country's colour."""
    several = len(figure.waves) > 1
    labels = [*dict.fromkeys(row["line"] for row in rows)]
    tallest = most_lines(labels) * FONT_SIZE * LABEL_LINE_HEIGHT + 4
    step = max(BAR_STEP, tallest / (len(figure.waves) + 1))
    span = max(1, figure.waves[-1] - figure.waves[0])
    shades = {
        wave: theme.mixed(
            theme.COUNTRY_COLOURS[country], theme.PAPER, 0.62 * (figure.waves[-1] - wave) / span
        )
        for wave in figure.waves
    }
    apart: dict[str, Any] = {"yOffset": alt.YOffset("wave:O", sort="ascending")} if several else {}
    size: dict[str, Any] = {} if several else {"size": 1.5 * BAR_STEP}
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            "line:N",
            title=None,
            sort=labels,
            axis=wrapped_axis(labels, labelLimit=200),
        ),
        **apart,
    )
    scale = alt.Scale(domain=[0, min(100, highest(figure) * 1.18)], nice=False)
    colour = alt.Color(
        "wave:O",
        scale=alt.Scale(domain=[*shades], range=[*shades.values()]),
        legend=alt.Legend(symbolType="square") if several else None,
    )
    return alt.layer(
        base.mark_bar(**size).encode(
            x=alt.X(
                "pct:Q", title=None, scale=scale, axis=alt.Axis(labelExpr="datum.label + '%'", tickCount=5)
            ),
            color=colour,
            opacity=SURENESS,
            tooltip=TOOLTIP,
        ),
        base.mark_rule(strokeWidth=1.2).encode(x=alt.X("ci_low:Q", scale=scale, title=None), x2="ci_high:Q"),
        base.transform_filter(f"!({HOLLOW})")
        .mark_text(align="left", dx=4, fontSize=10)
        .encode(x=alt.X("ci_high:Q", scale=scale, title=None), text=alt.Text("pct:Q", format=".1f")),
    ).properties(width=BAR_WIDTH, height={"step": step, "for": "offset"} if several else {"step": 2 * step})


def records(figure: Figure, country: str) -> list[dict[str, Any]]:
    """The rows that a chart is given, in the order of waves and answers."""
    order = [series.series for series in figure.series]
    by_id = {series.series: series for series in figure.series}
    rows = sorted(figure.of(country), key=lambda row: (row["wave"], order.index(row["option_id"])))
    return [
        {
            "wave": row["wave"],
            "label": by_id[row["option_id"]].label,
            "missing": by_id[row["option_id"]].is_missing,
            "line": wrapped(by_id[row["option_id"]].label, WRAPPED_LABEL),
            "colour": by_id[row["option_id"]].colour,
            "ink": theme.darkened(by_id[row["option_id"]].colour),
            "n": row["n"],
            "base_n": row["base_n"],
            "pct": row["pct"],
            "ci_low": row["ci_low"],
            "ci_high": row["ci_high"],
            "basis": row["basis"],
            "interval": interval(row),
        }
        for row in rows
    ]


def highest(figure: Figure) -> float:
    """The highest end of an interval, or share without one, in the figure."""
    return max(row["ci_high"] or row["pct"] for row in figure.rows)


def title(figure: Figure, country: str) -> alt.TitleParams:
    """The country's name; below it, where no line shows them, the breaks."""
    breaks = [] if figure.is_trend else figure.breaks_of(country)
    return alt.TitleParams(
        theme.COUNTRY_NAMES[country],
        color=theme.COUNTRY_COLOURS[country],
        subtitle=[f"Not comparable: {b.previous_wave} and {b.wave}" for b in breaks],
    )


def letter(index: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[index]
