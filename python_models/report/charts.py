"""A chart twice: as static SVG for paper and for readers without scripts, and as a specification to explore."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair
import vl_convert
from markupsafe import Markup

from python_models.report import theme

PNG_SCALE = 2


@dataclass(frozen=True)
class Chart:
    """A drawn chart: `svg` stands in the page, the page's script replaces it by the chart of `specification`."""

    chart_id: str
    alt: str
    specification: dict[str, Any]
    svg: Markup


def draw(chart: altair.TopLevelMixin, chart_id: str, alt: str) -> Chart:
    """Draw an Altair chart in the report's theme."""
    specification = specified(chart)
    svg = vl_convert.vegalite_to_svg(specification)
    # Several drawings share a page, so the names inside each (its clip paths) have to be its own.
    svg = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{chart_id}-", svg)
    return Chart(chart_id, alt, specification, Markup(svg))


def specified(chart: altair.TopLevelMixin) -> dict[str, Any]:
    """An Altair chart as a Vega-Lite specification in the report's theme, without the address of its schema."""
    with altair.data_transformers.enable("default", consolidate_datasets=False, max_rows=None):
        specification = chart.to_dict()
    specification.pop("$schema")
    specification["config"] = theme.chart_config()
    return specification


def svg_file(chart: altair.TopLevelMixin) -> str:
    """A chart as an SVG file of its own."""
    return vl_convert.vegalite_to_svg(specified(chart))


def png_file(chart: altair.TopLevelMixin) -> bytes:
    """A chart as a PNG file, two pixels a point."""
    return vl_convert.vegalite_to_png(specified(chart), scale=PNG_SCALE)


@cache
def library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one classic script that defines `vegaEmbed`."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed; window.vega = vega;")
