"""What charts with lines over the waves share: their size, and the numbers printed at their points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import altair as alt

from kjpoll.report import theme
from kjpoll.tables.numbers import percent

LINE_WIDTH, LINE_HEIGHT = 430, 300
LABEL_HEIGHT = 11
SMALLEST_ON_A_LINE = 3
# What the basis of a share is called in a sentence, the surest first.
KNOWN = {
    "observed": "observed",
    "published": "published",
    "derived": "from published changes",
    "rounded": "published as round numbers",
    "constrained": "fixed by published sums",
}

ASSUMED = "assumed"
# A share that nobody published: its point is hollow, its bar is pale, and it has no interval and no printed number.
HOLLOW = f"datum.basis === '{ASSUMED}'"
PALE = 0.3


def lines(base: alt.Chart, series: str, y: alt.Y) -> list[alt.Chart]:
    """Lines over the waves, pale on the way to and from an assumed share. series: the field that tells the lines of a chart
    apart; a field `segment` says where each is interrupted."""
    known = (
        base.transform_calculate(assumed=f"{HOLLOW} ? 1 : 0")
        .transform_window(
            n_assumed="sum(assumed)",
            frame=[None, 0],
            groupby=[series, "segment"],
            sort=[alt.SortField("wave")],
        )
        .transform_filter(f"!({HOLLOW})")
    )
    return [
        base.mark_line(strokeWidth=2, opacity=PALE).encode(y=y, detail="segment:N"),
        known.mark_line(strokeWidth=2).encode(y=y, detail=["segment:N", "n_assumed:N"]),
    ]


def points(base: alt.Chart, **encoding: Any) -> list[alt.Chart]:
    """The points of lines, filled where the share is known."""
    return [
        base.transform_filter(f"!({HOLLOW})").mark_point(filled=True, size=45, opacity=1).encode(**encoding),
        base.transform_filter(HOLLOW)
        .mark_point(filled=False, fill=theme.PAPER, strokeWidth=1.5, size=40, opacity=1)
        .encode(**encoding),
    ]


def interval(row: dict[str, Any]) -> str:
    """The interval of a share for its tooltip."""
    if row["basis"] == ASSUMED:
        return "none, the share is assumed"
    return f"{percent(row['ci_low'])} to {percent(row['ci_high'])}"


def known_points(rows: Sequence[dict[str, Any]]) -> str:
    """How many of the shares were published, in a sentence; empty where all were observed."""
    n = Counter(row["basis"] for row in rows)
    if set(n) == {"observed"}:
        return ""
    known = ", ".join(f"{n[basis]} {words}" for basis, words in KNOWN.items() if n[basis])
    assumed = f"; {n[ASSUMED]} assumed: hollow or pale, without interval" if n[ASSUMED] else ""
    return f"Of {len(rows)} points {known or 'none published'}{assumed}."


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

    `height` is that of a label in per cent, `top` the end of the axis. Shares that are assumed or too small to print get none.
    """
    placed: list[float] = []
    for row in sorted(column, key=lambda row: -row["pct"]):
        if row["basis"] == ASSUMED or row["pct"] < SMALLEST_ON_A_LINE:
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
