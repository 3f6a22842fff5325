"""Text of western languages in one byte a character, in which nearly every sequence of bytes is some text.

What tells it apart is how its characters beyond ASCII stand: letters with accents and typographic signs, mostly alone
between ASCII characters. Text in hangul, kana or kanji, read so, has other signs and long runs of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

# windows-1252 has all characters of latin-1, and others in place of its control characters.
SINGLE_BYTE = ("windows-1252", "latin-1")
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
LETTERS = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŒœŠšŽžŸ")
# Those that questionnaires use; not ƒ, ‚ and ˆ, which begin kana in cp932.
SIGNS = frozenset("\xa0¡¿«»§°·ºª£€©®™’‘“”„–—…")
# Fewer characters beyond ASCII may be damage.
LEAST_CHARACTERS = 3
# Of all of them, how many are letters or signs at least, and how many stand together at most, on average.
LEAST_WESTERN, LONGEST_RUN = 0.9, 1.5
# How many are letters at least where the bytes are other text too.
LEAST_LETTERS = 0.75


@dataclass
class WesternEvidence:
    """What the lines of a text have beyond ASCII, read as windows-1252: which characters, in how many runs."""

    characters: Counter[str] = field(default_factory=Counter)
    n_runs: int = 0

    def take(self, text: str) -> None:
        for run in BEYOND_ASCII.findall(text):
            self.characters.update(run)
            self.n_runs += 1

    @property
    def is_western(self) -> bool:
        """Whether they stand as in western text; a text with few of them shows nothing."""
        total = self._total
        is_apart = LEAST_CHARACTERS <= total <= LONGEST_RUN * self.n_runs
        return is_apart and self._count(LETTERS | SIGNS) >= LEAST_WESTERN * total

    @property
    def may_be_western(self) -> bool:
        """Whether nothing speaks against it: there are few of them, or most are letters, as also in words of capitals."""
        is_of_letters = self._count(LETTERS) >= LEAST_LETTERS * self._total
        return self.is_western or self._total < LEAST_CHARACTERS or is_of_letters

    @property
    def is_lettered(self) -> bool:
        """Whether they are western text even where they can be read as other text."""
        return self.is_western and self._count(LETTERS) >= LEAST_LETTERS * self._total

    @property
    def _total(self) -> int:
        return sum(self.characters.values())

    def _count(self, among: frozenset[str]) -> int:
        return sum(times for character, times in self.characters.items() if character in among)


def western_encoding(characters: Mapping[str, int]) -> str:
    """latin-1 where it has all these characters of windows-1252, else windows-1252."""
    return "latin-1" if all(ord(character) <= 0xFF for character in characters) else "windows-1252"
