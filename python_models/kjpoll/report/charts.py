"""A chart twice: as static SVG for paper and readers without scripts, and as a specification to explore."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree

import altair
import vl_convert
from markupsafe import Markup

from kjpoll.report import theme

FILE_GAP, FILE_HEAD, TITLE_LETTER = 40, 56, 11

DRAWN = re.compile(r' (?:d|transform|x|y|x2|y2|width|height)="[^"]*"')
DIGITS = re.compile(r"(\.\d)\d+")
NAMESPACE = "http://www.w3.org/2000/svg"
# What a group hands down to what stands in it.
INHERITED = ("fill", "stroke", "stroke-width", "font-size", "font-weight", "text-anchor")
SIZE = re.compile(r'width="([0-9.]+)" height="([0-9.]+)"')


@dataclass(frozen=True)
class Drawing:
    """An Altair chart, and the rows that its layers know as `rows`: apart, since Altair copies a chart at every step."""

    chart: altair.TopLevelMixin
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Chart:
    """A drawn chart: `svg` stands in the page until the script replaces it by that of `specification`."""

    chart_id: str
    alt: str
    specification: dict[str, Any]
    svg: Markup


def draw(drawing: Drawing, chart_id: str, alt: str) -> Chart:
    """Draw an Altair chart in the report's theme."""
    specification = specified(drawing)
    svg = vl_convert.vegalite_to_svg(specification | {"config": theme.chart_config()})
    # The page gives each chart a text of its own, so Vega's, mark by mark, would only repeat it.
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    svg = slim(svg)
    # Several drawings share a page, so the names inside each (its clip paths) have to be its own.
    svg = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{chart_id}-", svg)
    # Vega names the font at each text; once is enough, and halves the page.
    font = re.search(r' font-family="[^"]*"', svg)
    if font:
        svg = svg.replace(font[0], "").replace("<svg ", f"<svg{font[0]} ", 1)
    return Chart(chart_id, alt, specification, Markup(svg))


def slim(svg: str) -> str:
    """A drawing without what does not show: classes, defaults, empty paths, hair-fine digits, what siblings repeat."""
    svg = re.sub(r' (?:class|pointer-events)="[^"]*"| opacity="1"', "", svg)
    svg = re.sub(r'<path d="(?:M0,0h0v0h0Z)?"[^>]*/>|<path [^>]*display="none"[^>]*/>', "", svg)
    svg = DRAWN.sub(lambda match: DIGITS.sub(r"\1", match[0]), svg)
    count = 1
    while count:
        svg, count = re.subn(r"<g[^>]*/>|<g(?: [^>]*)?></g>", "", svg)
    return hoisted(svg)


def hoisted(svg: str) -> str:
    """The same drawing, with what all children of a group say said once, by the group."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.fromstring(svg)
    # Children come after their parents, so a group's own finds go up before its parent looks.
    for group in reversed(list(root.iter(f"{{{NAMESPACE}}}g"))):
        for name in INHERITED:
            values = {child.get(name, "") for child in group}
            if len(group) > 1 and len(values) == 1 and all(name in child.attrib for child in group):
                # A value of the group's own was seen by no child.
                group.set(name, *values)
                for child in group:
                    del child.attrib[name]
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def specified(drawing: Drawing) -> dict[str, Any]:
    """An Altair chart as a Vega-Lite specification, without its schema's address and without the theme."""
    with altair.data_transformers.enable("default", consolidate_datasets=False, max_rows=None):
        specification = drawing.chart.to_dict() | {"datasets": {"rows": drawing.rows}}
    specification.pop("$schema")
    specification.pop("config", None)
    return specification


def svg_file(title: str, subtitle: str, drawn: Sequence[Chart]) -> str:
    """Charts side by side below a title, as an SVG file of its own."""
    sizes = [tuple(map(float, SIZE.findall(chart.svg)[0])) for chart in drawn]
    width = max(sum(size[0] for size in sizes) + FILE_GAP * (len(sizes) - 1), TITLE_LETTER * len(title))
    parts, at = [], 0.0
    for chart, size in zip(drawn, sizes, strict=True):
        parts.append(chart.svg.replace(Markup("<svg "), Markup(f'<svg x="{at:g}" y="{FILE_HEAD}" '), 1))
        at += size[0] + FILE_GAP
    height = max(size[1] for size in sizes) + FILE_HEAD
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        'viewBox="0 0 {width} {height}">'
        '<rect width="100%" height="100%" fill="{paper}"/><g font-family="{font}" fill="{ink}">'
        '<text x="8" y="22" font-size="16" font-weight="bold">{title}</text>'
        '<text x="8" y="42" font-size="12">{subtitle}</text></g>{parts}</svg>\n',
    ).format(
        width=f"{width:g}",
        height=f"{height:g}",
        paper=theme.PAPER,
        ink=theme.INK,
        font=theme.FONT,
        title=title,
        subtitle=subtitle,
        parts=Markup("").join(parts),
    )


@cache
def library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one classic script that defines `vegaEmbed`, and the theme, `chartConfig`."""
    config = json.dumps(theme.chart_config(), sort_keys=True)
    return vl_convert.javascript_bundle(
        f"window.vegaEmbed = vegaEmbed; window.vega = vega; window.chartConfig = {config};"
    )
