"""Rows that seeds/survey/missing_bands.csv lacks, by the rule that its description states."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

from kjpoll.common.seed_file import SeedError

KINDS = ("dont_know", "no_answer")
# Standard errors of the Wilson bounds.
BREADTH = 3.0
# A band of more points needs a note, and none may have more than MOST.
WITHOUT_NOTE, MOST = 25, 60
DEFAULT_NOTE = "questions that are new to the series: as the widest of those asked of everyone"
PARTS_NOTE = (
    "questions that are new to the series: as the widest of those there are, none of which everyone was asked"
)
# A share of exactly a whole percent is not rounded outward by the last bit of a double.
LAST_BIT = 1e-9

SHARES = """
select share.country, share.question_id, share.missing_type, share.sample_id, asked.wave, asked.universe is null,
    share.is_eligible, share.n, share.base_n
from intermediate.int_missing_share as share
inner join intermediate.int_asked as asked using (sample_id, question_id)
order by all
"""


@dataclass(frozen=True)
class MissingShare:
    """How many of those asked in a sample gave one kind of missing answer. `eligible`: no error makes it doubtful."""

    country: str
    question_id: str
    missing_type: str
    sample_id: str
    wave: int
    of_everyone: bool
    eligible: bool
    n: int
    base_n: int

    def bounds(self) -> tuple[float, float]:
        """The Wilson bounds of the share in percent."""
        low, high = proportion_confint(self.n, self.base_n, alpha=2 * norm.sf(BREADTH), method="wilson")
        return 100 * low, 100 * high


@dataclass(frozen=True)
class ProposedBand:
    """A row of the seed, and the waves that it rests on. `question_id` is '' for the default of a country."""

    country: str
    question_id: str
    missing_type: str
    min_pct: int
    max_pct: int
    note: str
    waves: tuple[int, ...]

    @property
    def row(self) -> dict[str, str]:
        return {
            "country": self.country,
            "question_id": self.question_id,
            "missing_type": self.missing_type,
            "min_pct": str(self.min_pct),
            "max_pct": str(self.max_pct),
            "note": self.note,
        }


@dataclass(frozen=True)
class BandProposals:
    """The rows that lack, in the order of the seed; and in words the questions for which no row can be proposed."""

    bands: list[ProposedBand]
    open: list[str]


def missing_shares(con: duckdb.DuckDBPyConnection) -> list[MissingShare]:
    """Of the build that `con` has open, whose gate may be closed. Raises duckdb.Error where it has no such tables."""
    return [MissingShare(*row) for row in con.execute(SHARES).fetchall()]


def proposals(
    shares: Iterable[MissingShare], rows: Iterable[Mapping[str, str]], each_question: bool = False
) -> BandProposals:
    """What the seed's `rows` lack of the countries of the shares.

    A question asked in several waves has bands of its own. So has one of a single wave that the country's default would
    not hold; with `each_question` every one. Raises SeedError for a row whose bound is no number.
    """
    of_country: dict[str, list[MissingShare]] = {}
    for share in shares:
        of_country.setdefault(share.country, []).append(share)
    found = BandProposals([], [])
    for country, of_it in sorted(of_country.items()):
        most = {
            (row["question_id"], row["missing_type"]): _bound(row)
            for row in rows
            if row["country"] == country
        }
        bands = _CountryBands(country, of_it, most)
        defaults = bands.defaults()
        found.bands.extend(defaults)
        for question_id in sorted({share.question_id for share in of_it}):
            if lacking := bands.lacking(question_id, each_question):
                if fault := bands.fault(question_id, lacking):
                    found.open.append(fault)
                else:
                    found.bands.extend(bands.proposed[question_id, kind] for kind in lacking)
    return found


class _CountryBands:
    """The bands that one country's shares give, and `most`: the upper bounds of those it has, by question and kind."""

    def __init__(
        self, country: str, shares: Sequence[MissingShare], most: Mapping[tuple[str, str], int]
    ) -> None:
        self.country, self.most = country, dict(most)
        self.waves = tuple(sorted({share.wave for share in shares}))
        self.cells: dict[tuple[str, str], list[MissingShare]] = {}
        for share in shares:
            self.cells.setdefault((share.question_id, share.missing_type), []).append(share)
        sound = {key: [share for share in askings if share.eligible] for key, askings in self.cells.items()}
        self.proposed = {key: _band(askings) for key, askings in sound.items() if askings}

    def defaults(self) -> list[ProposedBand]:
        """The country's bands for new questions that lack; from here on they count as its own."""
        defaults = []
        for kind in KINDS:
            bounds = {
                key: self.most[key] if key in self.most else self.proposed[key].max_pct
                for key in self.cells
                if key[1] == kind and (key in self.most or key in self.proposed)
            }
            of_everyone = {key for key in bounds if all(share.of_everyone for share in self.cells[key])}
            # A country that never asked everybody (split ballots alone) has the widest of all.
            widest = [bounds[key] for key in of_everyone or bounds]
            if ("", kind) not in self.most and widest:
                note = (DEFAULT_NOTE if of_everyone else PARTS_NOTE) + (
                    f"; {_guess(self.waves)}" if len(self.waves) == 1 else ""
                )
                self.most["", kind] = min(max(widest), MOST)
                defaults.append(
                    ProposedBand(self.country, "", kind, 0, self.most["", kind], note, self.waves)
                )
        return defaults

    def lacking(self, question_id: str, each_question: bool) -> list[str]:
        """The kinds of missing answers for which the question needs a band and has none."""
        kinds = [kind for kind in KINDS if (question_id, kind) not in self.most]
        if len(kinds) < len(KINDS) or each_question:
            return kinds
        waves = {share.wave for kind in KINDS for share in self.cells[question_id, kind]}
        is_outside = any(
            self.proposed[question_id, kind].max_pct > self.most.get(("", kind), MOST)
            for kind in KINDS
            if (question_id, kind) in self.proposed
        )
        return kinds if len(waves) > 1 or is_outside else []

    def fault(self, question_id: str, kinds: Sequence[str]) -> str | None:
        """Why no bands of the question can be proposed."""
        bands = [self.proposed.get((question_id, kind)) for kind in kinds]
        if None in bands:
            return (
                f"{self.country} {question_id}: first comes what else is wrong in every sample that asked it"
            )
        if any(band and band.max_pct - band.min_pct > MOST for band in bands):
            return (
                f"{self.country} {question_id}: its shares differ by more than the {MOST} points that a band may have; "
                "look at its samples"
            )
        return None


def _bound(row: Mapping[str, str]) -> int:
    try:
        return int(row["max_pct"])
    except ValueError as error:
        raise SeedError(
            f"survey/missing_bands.csv: max_pct is {row['max_pct']!r}, which is no whole number; correct the row "
            + ",".join(row.values())
        ) from error


def _band(askings: Sequence[MissingShare]) -> ProposedBand:
    """From the lowest lower to the highest upper bound, rounded outward; `askings` are of one question and kind."""
    first = askings[0]
    low = min(share.bounds()[0] for share in askings)
    high = max(share.bounds()[1] for share in askings)
    lower, upper = max(0, math.floor(low + LAST_BIT)), min(100, math.ceil(high - LAST_BIT))
    waves = tuple(sorted({share.wave for share in askings}))
    notes = [_guess(waves)] if len(waves) == 1 else []
    if upper - lower > WITHOUT_NOTE:
        least, most = (pick(askings, key=lambda share: share.n / share.base_n) for pick in (min, max))
        notes.append(f"{_percent(least)} in {least.sample_id}, {_percent(most)} in {most.sample_id}")
    return ProposedBand(
        first.country, first.question_id, first.missing_type, lower, upper, "; ".join(notes), waves
    )


def _guess(waves: tuple[int, ...]) -> str:
    return f"a guess from the wave {waves[0]} alone"


def _percent(share: MissingShare) -> str:
    return f"{100 * share.n / share.base_n:.1f}%"
