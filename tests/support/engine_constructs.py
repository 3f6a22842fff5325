"""Constructs of DuckDB that Spark lacks: how many the shared SQL has. The number may only fall.

`python -m tests.support.engine_constructs` compares the SQL with the numbers in the CSV file beside this module.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
COUNTS = Path(__file__).with_suffix(".csv")
# What an engine spells in its own way, and what only clients of DuckDB call.
OWN_TO_AN_ENGINE = ("macros/engines", "macros/functions")
JINJA = r"\{\{.*?\}\}|\{%.*?%\}"
PART = re.compile(
    rf"(?P<comment>\{{#.*?#\}}|--[^\n]*|/\*.*?\*/)|(?P<text>'(?:{JINJA}|''|[^'])*')|(?P<jinja>{JINJA})",
    re.DOTALL,
)


@dataclass(frozen=True)
class Construct:
    name: str
    pattern: re.Pattern[str]
    count: int
    remedy: str


@dataclass(frozen=True)
class Place:
    file: str
    line: int


def read_constructs(path: Path = COUNTS) -> list[Construct]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Construct(
                row["construct"],
                re.compile(row["pattern"], re.IGNORECASE | re.MULTILINE),
                int(row["count"]),
                row["remedy"],
            )
            for row in csv.DictReader(stream)
        ]


def code_of(sql: str) -> str:
    """The SQL without comments and texts, every line in its place. A text in Jinja may be SQL, and stays without its quotes."""

    def kept(part: re.Match[str]) -> str:
        removed = r"[\"']" if part["jinja"] else r"[^\n]"
        return re.sub(removed, " ", part[0])

    return PART.sub(kept, sql)


def shared_files(project: Path) -> Iterator[Path]:
    for folder in ("models", "macros", "tests"):
        for path in sorted((project / folder).rglob("*.sql")):
            if not path.relative_to(project).as_posix().startswith(OWN_TO_AN_ENGINE):
                yield path


def places_of(project: Path, constructs: list[Construct]) -> dict[str, list[Place]]:
    """Where each construct stands, by its name."""
    places: dict[str, list[Place]] = {construct.name: [] for construct in constructs}
    for path in shared_files(project):
        code = code_of(path.read_text(encoding="utf-8"))
        file = path.relative_to(project.parent).as_posix()
        for construct in constructs:
            places[construct.name] += [
                Place(file, code.count("\n", 0, found.start()) + 1)
                for found in construct.pattern.finditer(code)
            ]
    return places


def complaints(project: Path, constructs: list[Construct]) -> Iterator[str]:
    places = places_of(project, constructs)
    for construct in constructs:
        found = places[construct.name]
        if len(found) > construct.count:
            yield f"{construct.name}: {len(found)}, and there were {construct.count}. Instead of one more, {construct.remedy}."
            yield from (f"  {place.file}:{place.line}" for place in found)
        elif len(found) < construct.count:
            yield (
                f"{construct.name}: {len(found)}, and there were {construct.count}. Lower the number in "
                f"{COUNTS.relative_to(CHECKOUT).as_posix()}, so that none comes back."
            )


def main() -> int:
    lines = list(complaints(CHECKOUT / "dbt_project", read_constructs()))
    print(*lines, sep="\n", end="\n" if lines else "")
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main())
