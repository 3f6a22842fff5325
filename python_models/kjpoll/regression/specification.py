"""What a model is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kjpoll.ordinal.matrix_column import BETWEEN_PARTS

from .interaction_terms import INTERACTION, parts_of

# Terms that no question answers: the wave of the respondent, and the country in a model of several series.
WAVE, COUNTRY = "wave", "country"
BETWEEN_SERIES = ";"


@dataclass(frozen=True)
class Term:
    """One question on the right-hand side, or the interaction `a:b` of two.

    coding: `numeric` (the answer's position, of a numeric question its number), `categorical` (an indicator for each category but
    `reference`), `net` (the same for the nets of the categories) or `interaction` (products of the columns of two
    other terms, coded as these are).
    dont_know: `missing` (the respondent is dropped), `category` (a level of its own), or `middle`
    (the middle of a numeric term's scale).
    nominal: whether its effect is free at every cut point (partial proportional odds).
    """

    question_id: str
    coding: str
    reference: str | None = None
    dont_know: str = "missing"
    nominal: bool = False

    def notation(self, numeric: Collection[str]) -> str:
        """The term in a formula, if these terms are numeric; see Specification.formula."""
        name = BETWEEN_PARTS.join(("" if part in numeric else "i.") + part for part in self.parts)
        return f"nominal({name})" if self.nominal else name

    @property
    def parts(self) -> tuple[str, ...]:
        """The terms that an interaction multiplies; of another term itself."""
        return parts_of(self)


@dataclass(frozen=True)
class Specification:
    """One ordinal model: the samples of a series from one wave to another, outcome, terms in order.

    series: one, or several with semicolons between, in alphabetical order.
    common_sample: whether the model is fitted on the respondents that all models of its table share.
    required: terms whose missing answers drop a respondent too: they are not in the model, or there a
    don't know is not missing.
    completeness: questions whose answers give the probability of entering the model, by whose inverse the respondents
    are weighted; empty for none. See complete_cases.
    left_out: terms of the model it comes from that these samples were not asked, or on another scale.
    comparability_breaks: the outcome and terms that were asked in another form, see Answers.
    not_freed: terms that were to be nominal and are not, each with the reason, see partial_odds.
    """

    model_id: str
    variant: str
    printed_table: int | None
    model: int | None
    series: str
    first_wave: int
    last_wave: int
    outcome: str
    link: str
    weight: str
    vce: str
    common_sample: bool
    terms: tuple[Term, ...]
    base_model_id: str | None = None
    required: tuple[Term, ...] = ()
    completeness: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    comparability_breaks: tuple[str, ...] = ()
    not_freed: tuple[str, ...] = ()

    @property
    def is_of_one_sample(self) -> bool:
        return len(self.each_series) == 1 and self.first_wave == self.last_wave

    @property
    def each_series(self) -> tuple[str, ...]:
        return tuple(self.series.split(BETWEEN_SERIES))

    def covers(self, series: str, wave: int) -> bool:
        """Whether the sample is in the model."""
        return series in self.each_series and self.first_wave <= wave <= self.last_wave

    @property
    def not_asked(self) -> tuple[str, ...]:
        """The names of terms that stand for no question in this model."""
        return (WAVE, COUNTRY) if len(self.each_series) > 1 else (WAVE,)

    @property
    def questions(self) -> tuple[str, ...]:
        """The outcome and the questions of the terms, in order."""
        asked = (term.question_id for term in self.terms if term.coding != INTERACTION)
        return (self.outcome, *(name for name in asked if name not in self.not_asked))

    @property
    def place(self) -> str:
        """The samples in words, for messages."""
        waves = f"waves {self.first_wave} to {self.last_wave}"
        if self.first_wave == self.last_wave:
            waves = f"wave {self.first_wave}"
        one = f"{self.series}-{self.first_wave}" if self.is_of_one_sample else None
        return one or f"{' and '.join(self.each_series)}, {waves}"

    @property
    def questions_read(self) -> tuple[str, ...]:
        """Every question whose answers decide the fit, once, the outcome first."""
        more = (*(term.question_id for term in self.required), *self.completeness)
        return tuple(dict.fromkeys((*self.questions, *(name for name in more if name not in self.not_asked))))

    @property
    def formula(self) -> str:
        """The usual notation: `i.` marks a categorical term, `nominal()` one that is free at every cut point."""
        numeric = {term.question_id for term in self.terms if term.coding == "numeric"}
        return f"{self.outcome} ~ " + " + ".join(term.notation(numeric) for term in self.terms)

    @property
    def nominal(self) -> tuple[str, ...]:
        """The terms whose effects are free at every cut point, in the order of the model."""
        return tuple(term.question_id for term in self.terms if term.nominal)

    @property
    def spec_hash(self) -> str:
        """SHA-256 of everything that decides the fit, and of nothing that only labels it."""
        canonical: dict[str, Any] = {
            "family": "ordinal",
            "link": self.link,
            "vce": self.vce,
            "weight": self.weight,
            # As it was called when the first hashes were made.
            "country": self.series,
            "waves": [self.first_wave, self.last_wave],
            "outcome": self.outcome,
            "terms": [_plain(term) for term in self.terms],
            "required": sorted(_plain(term) for term in self.required),
        }
        if self.nominal:
            canonical["nominal"] = sorted(self.nominal)
        if self.completeness:
            canonical["completeness"] = list(self.completeness)
        text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def shares_table_with(self, sibling: Specification) -> bool:
        """Whether both stand in one printed table, or outside any but on the same samples."""
        return (self.printed_table, self.series, self.first_wave, self.last_wave) == (
            sibling.printed_table,
            sibling.series,
            sibling.first_wave,
            sibling.last_wave,
        )

    def on_common_sample(self, table: Sequence[Specification]) -> Specification:
        """The same model on the respondents who answered every question of the models of its table."""
        own_terms = {term.question_id: term for term in self.terms}
        strictest: dict[str, Term] = {}
        for term in (term for sibling in table for term in sibling.terms if term.coding != INTERACTION):
            # The strictest treatment of a don't know is the one that all models can share.
            if term.question_id not in strictest or term.dont_know == "missing":
                strictest[term.question_id] = term
        return replace(
            self,
            common_sample=True,
            required=tuple(
                term
                for name, term in strictest.items()
                if name not in own_terms
                or (term.dont_know == "missing" and own_terms[name].dont_know != "missing")
            ),
        )

    def with_terms(self, terms: tuple[Term, ...]) -> Specification:
        """The same model on other terms."""
        return replace(self, terms=terms)

    def without(self, question_id: str | None) -> Specification:
        """The same model without a term, which does not drop respondents any more, and without its interactions."""
        terms, required = (
            tuple(term for term in terms if question_id not in (term.question_id, *term.parts))
            for terms in (self.terms, self.required)
        )
        return replace(self, terms=terms, required=required)


def _plain(term: Term) -> list[str]:
    return [term.question_id, term.coding, term.reference or "", term.dont_know]
