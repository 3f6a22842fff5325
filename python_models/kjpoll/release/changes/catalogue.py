"""The tables and the seeds of a release, and the keys that they are compared by."""

from __future__ import annotations

from dataclasses import dataclass

from kjpoll.common.properties import seed_properties, table_properties


@dataclass(frozen=True)
class PublicTable:
    """A public table with the columns that identify a row."""

    schema: str
    name: str
    key: tuple[str, ...]

    @property
    def per_respondent(self) -> bool:
        """Whether its rows are respondents' facts, reported as numbers of respondents."""
        return "respondent_id" in self.key


@dataclass(frozen=True)
class Seed:
    """A seed: the schema and the file that it stands in, its key, and what a changed line of it is called."""

    schema: str
    folder: str
    name: str
    key: tuple[str, ...]

    @property
    def file(self) -> str:
        return f"{self.folder}/{self.name}.csv"

    @property
    def cause(self) -> str:
        return LINE_OF.get(self.folder, "crosswalk line")


RAW_FILE, CROSSWALK = "raw file", "crosswalk line"
CODE, ENGINE, CODE_OR_ENGINE = "model or code", "engine", "model, code or engine"
DATE, UNEXPLAINED = "date", "unexplained"
LINE_OF = {"published": "published line", "analysis": "analysis line", "quality": "rule line"}

FIGURE_KEY = ("country", "wave", "question_id", "series")


def is_figure(table: str) -> bool:
    """Figures have one table each; how many there are is the project's affair."""
    return table.startswith("figure_")


TABLES = tuple(
    PublicTable(table.schema, table.name, table.key)
    for table in table_properties().values()
    if not is_figure(table.name)
)
# The synthetic wave files are made from the seeds left out; a build reads the files.
SEEDS = tuple(
    Seed(seed.schema, seed.folder, seed.name, seed.key)
    for seed in seed_properties().values()
    if seed.folder != "synthetic"
)
