"""What can be wrong with a page in a browser, each as a list of findings."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass

from tests.support.browsing import Browser

PHONE = (360, 740)
DESKTOP = (1280, 1000)

# Every chart of a page was drawn by its script, or there is none.
DRAWN = """
return [...document.querySelectorAll("script[data-chart]")].every(
  (script) => document.getElementById(script.dataset.chart).dataset.interactive === "yes")
  && (!document.querySelector("#trend") || document.querySelector("#trend .chart[data-drawn] svg") !== null)
"""
AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"] }).then(
  (found) => done(found.violations.flatMap((rule) => rule.nodes.map((node) => rule.id + ": " + node.html.slice(0, 200)))),
  (error) => done([String(error)]));
"""
WIDER = """
const width = document.documentElement.clientWidth;
return document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll("body *")].filter(
  (element) => element.getBoundingClientRect().right > width + 1 && !element.closest(".scroll, pre, svg"))
  .slice(0, 5).map((element) => element.outerHTML.slice(0, 120)).concat(document.documentElement.scrollWidth + " px wide");
"""
HIDDEN = """
return [...document.querySelectorAll(".chart")].filter((chart) => {
  const drawing = chart.querySelector("svg");
  if (!drawing) return true;
  const box = drawing.getBoundingClientRect();
  return !chart.checkVisibility() || box.width < 100 || box.height < 40;
}).map((chart) => chart.id);
"""
# The colours of what a chart draws: its lines, points and areas.
COLOURS = """
return [...new Set([...document.querySelectorAll(".chart svg path, .chart svg rect, .chart svg line")].flatMap((mark) => {
  const style = getComputedStyle(mark);
  return [style.stroke, style.fill];
}).filter((colour) => colour.startsWith("rgb(")))];
"""


@dataclass(frozen=True)
class Visit:
    """What was wrong with a page at the sizes of a desktop and of a phone; barriers at that of a phone, where tables scroll."""

    console: list[str]
    foreign: list[str]
    barriers: list[str]
    wider: list[str]


def visit(browser: Browser, address: str, axe: str) -> Visit:
    """Open a page, wait for its charts, and look. `axe`: the script of axe-core."""
    browser.resize(*DESKTOP)
    browser.console()
    browser.foreign()
    browser.open(address)
    browser.wait(lambda: browser.run(DRAWN), f"{address}: not all charts were drawn")
    browser.run(f"{axe}; window.axe = axe;")
    wider = browser.run(WIDER)
    browser.resize(*PHONE)
    wider += browser.run(WIDER)
    barriers = browser.driver.execute_async_script(AXE)
    return Visit(browser.console(), browser.foreign(), barriers, wider)


def missing_on_paper(browser: Browser) -> list[str]:
    """The charts of the open page that its print shows not at all, and their colours that the PDF lacks."""
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    hidden, colours = browser.run(HIDDEN), browser.run(COLOURS)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    pdf = base64.b64decode(
        browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
    )
    painted = colours_of(pdf)
    return hidden + [
        colour for colour in colours if tuple(map(int, re.findall(r"\d+", colour)[:3])) not in painted
    ]


def colours_of(pdf: bytes) -> set[tuple[int, int, int]]:
    """The colours with which a PDF strokes and fills."""
    found = set()
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            drawing = zlib.decompress(stream)
        except zlib.error:
            continue
        for parts in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", drawing):
            found.add(tuple(round(255 * float(part)) for part in parts))
    return found
