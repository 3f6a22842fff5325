"""Labels and names as they are compared: what does not tell them apart is folded away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

LEADING_NUMBER = re.compile(r"^\s*[(\[]?[0-9]+[.):\]]\s*(?=[^0-9\s])")


def folded(text: str) -> str:
    """A text without case and full width."""
    return unicodedata.normalize("NFKC", text).casefold()


def plain(label: str) -> str:
    """A label without what does not tell labels apart: case, spaces, punctuation, full width, a leading number."""
    return "".join(letter for letter in LEADING_NUMBER.sub("", folded(label)) if letter.isalnum())


def plain_labels(labels: Iterable[str]) -> pd.DataFrame:
    """One row per label: label, plain_label."""
    return pd.DataFrame(
        [(label, plain(label)) for label in sorted(labels)], columns=["label", "plain_label"], dtype="string"
    )
