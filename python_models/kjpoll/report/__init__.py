"""The report: a released warehouse as a small static site."""

from kjpoll.report.site import Page, ReportError, Section, Site, build_site

__all__ = ["Page", "ReportError", "Section", "Site", "build_site"]
