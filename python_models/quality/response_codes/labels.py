"""Which category a value label of a wave file names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import pandas as pd

LABELS = ("label_en", "label_ko", "label_ja")


def normalised(label: str) -> str:
    """The letters and digits of a label alone: full-width forms, case, spaces and punctuation do not tell labels apart."""
    folded = unicodedata.normalize("NFKC", label).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def names_of(categories: pd.DataFrame) -> dict[str, dict[str, set[str]]]:
    """Category set -> normalised label -> the categories that have it in some language."""
    found: dict[str, dict[str, set[str]]] = {}
    for row in categories.itertuples():
        names = found.setdefault(row.category_set, {})
        for label in (getattr(row, name) for name in LABELS):
            if isinstance(label, str):
                names.setdefault(normalised(label), set()).add(row.category_id)
    return found


def named_category(label: str, category_id: str, names: Iterable[dict[str, set[str]]]) -> str | None:
    """The category that the label names, the code's own if it is among them; None where it names none."""
    named = set().union(*(known.get(normalised(label), set()) for known in names))
    if category_id in named:
        return category_id
    return min(named, default=None)
