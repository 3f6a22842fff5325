"""The report as one page that needs no network."""

from __future__ import annotations

from pathlib import Path

import jinja2

from kjpoll.onboarding.review.report import WaveReport

TEMPLATES = Path(__file__).with_name("templates")


def page(report: WaveReport) -> str:
    """HTML. What stands in a wave file or a seed is text in it, never markup."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(report=report)
