"""The charts of a printed table of models: coefficients, the earlier waves, the range under other choices."""

from __future__ import annotations

from typing import Any

import altair as alt

from kjpoll.report import theme
from kjpoll.report.charts import Drawing
from kjpoll.report.table_data import PrintedTable, interval, key_of
from kjpoll.report.wrapped_labels import wrapped, wrapped_axis
from kjpoll.tables.warehouse import Record

WIDTH, MODEL_STEP, ROW_STEP = 330, 9, 46
PANEL_WIDTH, PANEL_HEIGHT, PANELS = 190, 95, 3
WRAPPED_LABEL, WRAPPED_TITLE = 30, 34
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "stroke")
PALEST = 0.6
ZERO = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=theme.MUTED)
TOOLTIP = [
    alt.Tooltip("name:N", title="Term"),
    alt.Tooltip("form:N", title="Model"),
    alt.Tooltip("estimate:Q", title="Coefficient", format=".3f"),
    alt.Tooltip("interval:N", title="95% interval"),
]


def coefficients(table: PrintedTable) -> Drawing:
    """A row per term and level, in it a point with its 95% interval per model."""
    names = [f"Model {model['model']}" for model in table.models]
    colour = theme.COUNTRY_COLOURS[table.country]
    shades = [
        theme.mixed(colour, theme.PAPER, PALEST * (len(names) - 1 - at) / max(1, len(names) - 1))
        for at in range(len(names))
    ]
    rows = [
        point(row, label) | {"form": name}
        for name, model in zip(names, table.models, strict=True)
        for key, label in table.coefficients
        if (row := table.estimates(model["model_id"]).get(key))
    ]
    base = in_rows(table, rows).encode(
        yOffset=alt.YOffset("form:N", sort=names, scale=alt.Scale(domain=names)),
        color=alt.Color("form:N", scale=alt.Scale(domain=names, range=shades), legend=alt.Legend(columns=5)),
    )
    shape = alt.Shape("form:N", scale=alt.Scale(domain=names, range=[*SHAPES[: len(names)]]))
    return layered(
        rows,
        {"step": MODEL_STEP, "for": "offset"},
        base.mark_rule(strokeWidth=1.5).encode(x=alt.X("ci_low:Q", title=None), x2="ci_high:Q"),
        base.mark_point(filled=True, size=30, opacity=1).encode(
            x=alt.X("estimate:Q", title=None), shape=shape, tooltip=TOOLTIP
        ),
    )


def coefficients_in_words(table: PrintedTable) -> str:
    """The chart's text: the last model's numbers; the table beside it has those of all models."""
    estimates = table.estimates(table.last["model_id"])
    values = "; ".join(
        f"{label} {described(estimates[key])}" for key, label in table.coefficients if key in estimates
    )
    return (
        f"Coefficients with 95% intervals of table {table.number}, models {table.models[0]['model']} to "
        f"{table.models[-1]['model']}. Model {table.last['model']}: {values}. "
        "The others are in the table of all estimates."
    )


def sensitivity(table: PrintedTable) -> Drawing:
    """A row per term and level of the last model: the estimate under each choice, and the range of all."""
    forms = table.alternatives(table.last["model_id"])
    rows = [
        {
            "label": wrapped(label, WRAPPED_LABEL),
            "name": label,
            "form": form.replace("_", " "),
            "estimate": row["estimate"],
            "lowest": row["lowest"],
            "highest": row["highest"],
            "interval": interval(row["lowest"], row["highest"]),
        }
        for form, of_form in forms.items()
        for key, label in table.coefficients
        if (row := of_form.get(key))
    ]
    names = [form.replace("_", " ") for form in forms]
    colours = [theme.INK, *theme.NOMINAL[: len(names) - 1]]
    base = in_rows(table, rows)
    tooltip = [*TOOLTIP[:3], alt.Tooltip("interval:N", title="Range")]
    return layered(
        rows,
        {"step": ROW_STEP},
        base.mark_rule(strokeWidth=4, color=theme.RULE).encode(
            x=alt.X("lowest:Q", title=None), x2="highest:Q"
        ),
        base.mark_point(filled=False, size=60, opacity=1, strokeWidth=2).encode(
            x=alt.X("estimate:Q", title=None),
            tooltip=tooltip,
            color=alt.Color(
                "form:N",
                legend=alt.Legend(columns=2, symbolOpacity=1),
                scale=alt.Scale(domain=names, range=colours),
            ),
            shape=alt.Shape("form:N", scale=alt.Scale(domain=names, range=[*SHAPES[: len(names)]])),
        ),
    )


def sensitivity_in_words(table: PrintedTable) -> str:
    published = table.alternatives(table.last["model_id"])["published"]
    values = "; ".join(
        f"{label} {row['estimate']:.3f}, range {interval(row['lowest'], row['highest'])}"
        for key, label in table.coefficients
        if (row := published.get(key))
    )
    model = table.last["model"]
    return f"Coefficients of model {model} under other choices. Published, and range of all: {values}."


def waves(table: PrintedTable) -> Drawing:
    """A panel per term and level of the last model that several waves have: estimates with intervals."""
    panels = by_term(table)
    years = sorted({row["wave"] for rows in panels.values() for row in rows})
    colour = theme.COUNTRY_COLOURS[table.country]
    rows = [
        {
            "name": label,
            "wave": row["wave"],
            "estimate": row["estimate"],
            "ci_low": row["ci_low"],
            "ci_high": row["ci_high"],
            "interval": interval(row["ci_low"], row["ci_high"]),
            "differs": differs(row),
        }
        for (_, label), of_term in panels.items()
        for row in of_term
    ]
    # The layers of a panel share the data of the panels: with data of their own each would hold all rows.
    base = alt.Chart().encode(
        x=alt.X(
            "wave:Q",
            title=None,
            scale=alt.Scale(domain=[years[0] - 0.5, years[-1] + 0.5], nice=False),
            axis=alt.Axis(values=[years[0], years[-1]], format="d", grid=False),
        )
    )
    tooltip = [
        TOOLTIP[0],
        alt.Tooltip("wave:O", title="Wave"),
        *TOOLTIP[2:],
        alt.Tooltip("differs:N", title="Differs in"),
    ]
    panel = alt.layer(
        alt.Chart()
        .transform_calculate(zero="0")
        .mark_rule(color=theme.MUTED)
        .encode(y=alt.Y("mean(zero):Q", title=None)),
        base.mark_rule(strokeWidth=1.5, color=colour).encode(y=alt.Y("ci_low:Q", title=None), y2="ci_high:Q"),
        base.mark_point(size=36, opacity=1, color=colour, strokeWidth=1.5).encode(
            y=alt.Y("estimate:Q", title=None, axis=alt.Axis(tickCount=4)),
            tooltip=tooltip,
            fill=alt.condition("datum.differs == ''", alt.value(colour), alt.value(theme.PAPER)),
        ),
        data=alt.NamedData("rows"),
    ).properties(width=PANEL_WIDTH, height=PANEL_HEIGHT)
    header = alt.Header(
        title=None,
        labelExpr="split(datum.label, '\\n')",
        labelAnchor="start",
        labelFontSize=11,
        labelOrient="top",
        labelLimit=PANEL_WIDTH + 40,
        labelPadding=4,
    )
    for row in rows:
        row["panel"] = wrapped(row["name"], WRAPPED_TITLE)
    chart = (
        panel.facet(
            facet=alt.Facet("panel:N", sort=[*dict.fromkeys(row["panel"] for row in rows)], header=header),
            columns=PANELS,
            spacing=18,
        )
        .resolve_scale(y="independent")
        .resolve_axis(x="independent")
    )
    return Drawing(chart, rows)


def waves_in_words(table: PrintedTable) -> str:
    values = " ".join(
        f"{label}: " + ", ".join(f"{row['estimate']:.3f} in {row['wave']}" for row in rows) + "."
        for (_, label), rows in by_term(table).items()
    )
    return f"Coefficients of model {table.last['model']} fitted wave by wave, with 95% intervals. {values}"


def by_term(table: PrintedTable) -> dict[tuple[Any, str], list[Record]]:
    """The rows of the last model over the waves, by term and its label, for terms of more than one wave."""
    by_wave = table.by_wave(table.last["model_id"])
    panels = {
        (key, label): [row for row in by_wave if key_of(row) == key] for key, label in table.coefficients
    }
    return {name: of_term for name, of_term in panels.items() if len(of_term) > 1}


def differs(row: Record) -> str:
    """How a wave's question differs from its reference form (`comparability_breaks`); empty if not."""
    for part in (row["comparability_breaks"] or "").split(", "):
        term, _, how = part.partition(" ")
        if term == row["term"]:
            return how.strip("()")
    return ""


def in_rows(table: PrintedTable, rows: list[dict[str, Any]]) -> alt.Chart:
    """A chart with the table's terms as rows, labels wrapped."""
    shown = {row["label"] for row in rows}
    order = [
        wrapped(label, WRAPPED_LABEL)
        for _, label in table.coefficients
        if wrapped(label, WRAPPED_LABEL) in shown
    ]
    return alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            "label:N",
            title=None,
            sort=order,
            axis=wrapped_axis(order, font_size=11, grid=True),
        )
    )


def layered(rows: list[dict[str, Any]], height: Any, *layers: alt.Chart) -> Drawing:
    zero = ZERO.encode(x=alt.X("zero:Q", title=None))
    return Drawing(alt.layer(zero, *layers).properties(width=WIDTH, height=height), rows)


def point(row: Record, label: str) -> dict[str, Any]:
    return {
        "label": wrapped(label, WRAPPED_LABEL),
        "name": label,
        "estimate": row["estimate"],
        "ci_low": row["ci_low"],
        "ci_high": row["ci_high"],
        "interval": interval(row["ci_low"], row["ci_high"]),
    }


def described(row: Record) -> str:
    return f"{row['estimate']:.3f} ({interval(row['ci_low'], row['ci_high'])})"
