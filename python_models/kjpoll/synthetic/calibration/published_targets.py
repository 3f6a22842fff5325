"""The published numbers that the margins have to give back.

Shares are percent of the base of the question; counts are respondents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kjpoll.synthetic.catalog import Catalog, SyntheticError
from kjpoll.synthetic.seeds import OPTIONS, rows

Key = tuple[str, str]
"""A sample and one of its questions."""

HALF_TENTH = Fraction(1, 20)
NUMBERS = ("published/toplines.csv", "published/demographics.csv")
CLAIMS = "published/claims.csv"


@dataclass(frozen=True)
class Published:
    """One eligible number: `categories` together lie in [lower, upper) percent of the base; `pct` is their middle
    where only words were published."""

    sample_id: str
    question_id: str
    option_id: str
    categories: tuple[str, ...]
    pct: Fraction
    lower: Fraction
    upper: Fraction

    def counts(self, base: int) -> tuple[int, int]:
        """Smallest and largest count that the number allows on `base` (empty if low > high)."""
        low = math.ceil(self.lower * base / 100)
        high = math.ceil(self.upper * base / 100) - 1
        return max(low, 0), min(high, base)

    @property
    def text(self) -> str:
        """The number as published; of words, such as 7 in 10, the interval that they stand for."""
        if self.upper - self.lower > 1:
            return f"{float(self.lower):g} to {float(self.upper):g}"
        return f"{float(self.pct):g}"

    def nearest(self, share: float) -> float:
        """The share nearest to an assumed one that the number allows, percent: a printed number is its own middle, and
        words, such as 7 in 10, move a share that they allow nowhere.
        """
        if self.upper - self.lower > 1:
            return min(max(share, float(self.lower)), float(self.upper))
        return float((self.lower + self.upper) / 2)


@dataclass(frozen=True)
class Change:
    """A printed difference between two samples of one country in one option, percentage points."""

    claim_id: str
    sample_id: str
    base_sample_id: str
    question_id: str
    option_id: str
    points: Fraction


def published(catalog: Catalog, seeds: Path, offered: dict[Key, list[str]]) -> dict[Key, list[Published]]:
    """Every eligible number of toplines and demographics, restricted to the `offered` categories.

    Raises SyntheticError for a number of a question that the sample does not ask, or of an
    option with no offered category.
    """
    out: dict[Key, list[Published]] = {}
    for name in NUMBERS:
        for row in rows(seeds / name):
            if row["legibility"] == "conflict":
                continue
            sample = row["sample_id"]
            question, option = row["question_id"], row["option_id"]
            known = offered.get((sample, question), [])
            named = catalog.option(question, option) or [option]
            chosen = tuple(c for c in named if c in known)
            if not chosen:
                raise SyntheticError(
                    f"{name}: {sample} {question} {option}: none of {named} is among the offered "
                    f"categories {known}; correct crosswalk/variables.csv, code_lists.csv or {OPTIONS}"
                )
            if row["lower"] and row["upper"]:
                lower, upper = Fraction(row["lower"]), Fraction(row["upper"])
            else:
                lower, upper = Fraction(row["pct"]) - HALF_TENTH, Fraction(row["pct"]) + HALF_TENTH
            pct = Fraction(row["pct"]) if row["pct"] else (lower + upper) / 2
            number = Published(sample, question, option, chosen, pct, lower, upper)
            out.setdefault((sample, question), []).append(number)
    return out


def changes(catalog: Catalog, seeds: Path) -> list[Change]:
    """The printed changes between two waves among the claims."""
    return [
        Change(
            r["claim_id"],
            catalog.sample_of(r["series"], r["wave"], CLAIMS).sample_id,
            catalog.sample_of(r["series"], r["base_wave"], CLAIMS).sample_id,
            r["question_id"],
            r["option_id"],
            Fraction(r["value"]),
        )
        for r in rows(seeds / CLAIMS)
        if r["measure"] == "change"
    ]
