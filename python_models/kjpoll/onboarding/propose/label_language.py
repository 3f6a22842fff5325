"""In which language a text is, as the labels of questions and categories show how each language is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kjpoll.common.label_text import folded
from kjpoll.common.languages import label_column

# Where a language has no more of a text's letters than this, the text is in another one.
LEAST_LETTERS = 0.5

Row = Mapping[str, str]


@dataclass(frozen=True)
class LabelLanguages:
    """`languages`: rows of the seed of languages. `labelled`: rows of seeds with labels in them."""

    languages: Iterable[Row]
    labelled: Iterable[Row]

    def language_of(self, text: str) -> str | None:
        """The language whose labels have most of the letters of a text, of those that are written alike most of its pairs of
        letters; None where no language has most of its letters."""
        letters, pairs = _letters(text), _pairs(text)
        shares = {
            language: (_share(letters, known_letters), _share(pairs, known_pairs))
            for language, (known_letters, known_pairs) in self._written.items()
        }
        best = max(shares, key=lambda language: shares[language], default=None)
        return best if best is not None and shares[best][0] > LEAST_LETTERS else None

    @cached_property
    def _written(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """language -> the letters and the pairs of letters in its labels."""
        rows = list(self.labelled)
        written = {}
        for language in (row["language"] for row in self.languages):
            labels = [row.get(label_column(language), "") for row in rows]
            written[language] = (
                frozenset(letter for label in labels for letter in _letters(label)),
                frozenset(pair for label in labels for pair in _pairs(label)),
            )
        return written


def _letters(text: str) -> list[str]:
    return [letter for letter in _decomposed(text) if letter.isalpha()]


def _pairs(text: str) -> list[str]:
    return [one + other for one, other in pairwise(_decomposed(text)) if one.isalpha() and other.isalpha()]


def _decomposed(text: str) -> str:
    # A few labels have all letters of an alphabet, but few of the syllables that Unicode makes of them.
    return unicodedata.normalize("NFD", folded(text))


def _share(parts: list[str], known: frozenset[str]) -> float:
    return sum(part in known for part in parts) / len(parts) if parts else 0.0
