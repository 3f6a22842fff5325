"""The first page: what the data are, the story of the waves, and the state of the build."""

from __future__ import annotations

from collections.abc import Iterable

from python_models.report.site import Page, Section, Site

SECTION = Section("Overview", "index.html")


def pages(site: Site) -> Iterable[Page]:
    yield Page(SECTION.path, "Korea and Japan on each other", "overview.html.j2", {})
