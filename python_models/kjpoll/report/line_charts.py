"""What charts with lines over the waves share: their size, and the numbers printed at their points."""

from __future__ import annotations

from typing import Any

import altair as alt

from kjpoll.report import theme

LINE_WIDTH, LINE_HEIGHT = 430, 300
LABEL_HEIGHT = 11
SMALLEST_ON_A_LINE = 3


def values(base: alt.Chart, y: alt.Y) -> list[alt.Chart]:
    """The printed numbers, each on a white edge so that lines below do not cut it."""
    text = alt.Text("pct:Q", format=".1f")
    return [
        base.mark_text(fontSize=10, stroke=theme.PAPER, strokeWidth=3).encode(
            y=y, text=text, color=alt.value(theme.PAPER)
        ),
        base.mark_text(fontSize=10).encode(y=y, text=text, color=alt.Color("ink:N", scale=None)),
    ]


def place_labels(column: list[dict[str, Any]], height: float, top: float) -> None:
    """Give the rows of one wave a `label_at` (per cent) near their points, clear of others if there is room.

    `height` is that of a label in per cent, `top` the end of the axis. Shares too small to print get none.
    """
    placed: list[float] = []
    for row in sorted(column, key=lambda row: -row["pct"]):
        if row["pct"] < SMALLEST_ON_A_LINE:
            continue
        above, below = row["ci_high"] + 0.55 * height, row["ci_low"] - 0.55 * height
        points = [neighbour["pct"] for neighbour in column if neighbour is not row]
        wanted = [above, below, above + height, below - height, above + 2 * height, below - 2 * height]
        possible = [at for at in wanted if 0.4 * height < at <= top + height / 2]
        row["label_at"] = min(
            possible,
            key=lambda at: (
                sum(abs(at - neighbour) < 0.95 * height for neighbour in placed),
                sum(abs(at - point) < 0.8 * height for point in points),
                possible.index(at),
            ),
        )
        placed.append(row["label_at"])
