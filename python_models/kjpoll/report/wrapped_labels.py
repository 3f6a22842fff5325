"""Long labels of an upright axis: wrapped into lines whose middle stands at the middle of their row."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

import altair as alt

LINE_HEIGHT = 1.2
FONT_SIZE = 12


def wrapped(label: str, letters: int) -> str:
    """A label in lines of at most so many letters."""
    return "\n".join(textwrap.wrap(label, letters))


def most_lines(labels: Iterable[str]) -> int:
    return max(label.count("\n") + 1 for label in labels)


def wrapped_axis(labels: Iterable[str], font_size: int = FONT_SIZE, **settings: Any) -> alt.Axis:
    """An axis for wrapped labels. Vega would put the first line where the middle belongs."""
    length = "length(split(datum.label, '\\n'))"
    raised = [
        {"test": f"{length} === {lines}", "value": -font_size * LINE_HEIGHT * (lines - 1) / 2}
        for lines in range(2, most_lines(labels) + 1)
    ]
    return alt.Axis(
        labelExpr="split(datum.label, '\\n')",
        labelOffset={"condition": raised, "value": 0} if raised else 0,
        labelFontSize=font_size,
        labelLineHeight=font_size * LINE_HEIGHT,
        ticks=False,
        domain=False,
        **settings,
    )
