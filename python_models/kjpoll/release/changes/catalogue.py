"""The tables and the seeds of a release that are compared, and what a cause of a change is called."""

from __future__ import annotations

from kjpoll.common.properties import Properties, seed_properties, table_properties

RAW_FILE, CROSSWALK = "raw file", "crosswalk line"
CODE, ENGINE, CODE_OR_ENGINE = "model or code", "engine", "model, code or engine"
DATE, UNEXPLAINED = "date", "unexplained"
LINE_OF = {"published": "published line", "analysis": "analysis line", "quality": "rule line"}

TABLES = tuple(table_properties().values())
# The synthetic wave files are made from the seeds left out; a build reads the files.
SEEDS = tuple(seed for seed in seed_properties().values() if seed.folder != "synthetic")


def line_cause(seed: Properties) -> str:
    """What a changed line of the seed is called."""
    return LINE_OF.get(seed.folder, CROSSWALK)


def is_figure(table: str) -> bool:
    """Figures have one table each; how many there are is the project's affair."""
    return table.startswith("figure_")
