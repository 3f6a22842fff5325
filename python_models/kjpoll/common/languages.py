"""The languages of labels: a seed has a column label_<language> for each, and the first is the one that messages use."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kjpoll.common.properties import LABEL_PREFIX, seed_properties
from kjpoll.common.seed_file import SeedError, read_seed


def label_columns(columns: Iterable[str]) -> list[str]:
    """Those of the columns of a table or seed that hold labels, in their order."""
    return [name for name in columns if name.startswith(LABEL_PREFIX)]


def label_column(language: str) -> str:
    """The column that holds the labels in a language of the seed of languages."""
    return LABEL_PREFIX + language.lower().replace("-", "_")


def languages(seeds: Path) -> dict[str, str]:
    """language -> the column of its labels, the first language first, by the seeds in the folder `seeds`.

    Raises SeedError where the seed of languages cannot be read, has no row, or an order that is no number.
    """
    path = seeds / seed_properties()["languages"].folder / "languages.csv"
    rows = read_seed(path)
    for row in rows:
        if row["language_order"] and not row["language_order"].isdecimal():
            raise SeedError(
                f"the seed {path}: language_order of {row['language']} is {row['language_order']!r}; write a whole number, 1 for the first"
            )
    if not rows:
        raise SeedError(
            f"the seed {path} has no language; add the one in which every label is written, as en,1,English"
        )
    # As the macro languages orders them.
    in_order = sorted(rows, key=lambda row: (int(row["language_order"] or 9999), row["language"]))
    return {row["language"]: label_column(row["language"]) for row in in_order}


def first_label(seeds: Path) -> str:
    """The column that holds the labels in the first language. Raises SeedError as `languages` does."""
    return next(iter(languages(seeds).values()))
