"""What a model is: rows of the seeds regression_models and regression_terms, checked and in order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import pandas as pd

from kjpoll.common.properties import seed_properties
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.matrix_column import BETWEEN_PARTS

from .interaction_terms import INTERACTION, check_interactions, parts_of

SEEDS = seed_properties()
ALLOWED = {**SEEDS["regression_models"].allowed, "common_sample": ("true", "false")}
TERMS = SEEDS["regression_terms"]
# Terms that no question answers: the wave of the respondent, and the country in a model of several.
WAVE, COUNTRY = "wave", "country"
BETWEEN_COUNTRIES = ";"


@dataclass(frozen=True)
class Term:
    """One question on the right-hand side, or the interaction `a:b` of two.

    coding: `numeric` (the answer's position), `categorical` (an indicator for each category but
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
    """One ordinal model: the samples of a country from one wave to another, outcome, terms in order.

    country: one, or several with semicolons between, in alphabetical order.
    common_sample: whether the model is fitted on the respondents that all models of its table share.
    required: terms whose missing answers drop a respondent too: they are not in the model, or there a
    don't know is not missing.
    left_out: terms of the model it comes from that these samples were not asked, or on another scale.
    comparability_breaks: the outcome and terms that were asked in another form, see Answers.
    not_freed: terms that were to be nominal and are not, each with the reason, see partial_odds.
    """

    model_id: str
    variant: str
    printed_table: int | None
    model: int | None
    country: str
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
    left_out: tuple[str, ...] = ()
    comparability_breaks: tuple[str, ...] = ()
    not_freed: tuple[str, ...] = ()

    @property
    def sample_id(self) -> str | None:
        """The sample, where the model has one only."""
        alone = len(self.countries) == 1 and self.first_wave == self.last_wave
        return f"{self.country}-{self.first_wave}" if alone else None

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(self.country.split(BETWEEN_COUNTRIES))

    def covers(self, country: str, wave: int) -> bool:
        """Whether the sample is in the model."""
        return country in self.countries and self.first_wave <= wave <= self.last_wave

    @property
    def not_asked(self) -> tuple[str, ...]:
        """The names of terms that stand for no question in this model."""
        return (WAVE, COUNTRY) if len(self.countries) > 1 else (WAVE,)

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
        return self.sample_id or f"{' and '.join(self.countries)}, {waves}"

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
            "country": self.country,
            "waves": [self.first_wave, self.last_wave],
            "outcome": self.outcome,
            "terms": [_plain(term) for term in self.terms],
            "required": sorted(_plain(term) for term in self.required),
        }
        if self.nominal:
            canonical["nominal"] = sorted(self.nominal)
        text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def shares_table_with(self, sibling: Specification) -> bool:
        """Whether both stand in one printed table, or outside any but on the same samples."""
        return (self.printed_table, self.country, self.first_wave, self.last_wave) == (
            sibling.printed_table,
            sibling.country,
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


# What of a row a specification takes as it stands.
MODEL_COLUMNS = [
    field.name for field in fields(Specification) if field.name in SEEDS["regression_models"].columns
]


def _plain(term: Term) -> list[str]:
    return [term.question_id, term.coding, term.reference or "", term.dont_know]


def read_specifications(models: pd.DataFrame, terms: pd.DataFrame) -> list[Specification]:
    """The models, published ones first and by table and column, then by name.

    models: one row per model. terms: one row per model x term. Raises RegressionError, which names
    the model and term, for a missing column, a model without terms, terms without a model, or a
    value that no model can have.
    """
    for seed, rows, columns in (
        ("regression_models", models, MODEL_COLUMNS),
        ("regression_terms", terms, TERMS.columns),
    ):
        absent = [name for name in columns if name not in rows.columns]
        if absent:
            raise RegressionError(f"seed {seed} lacks the columns {', '.join(absent)}", model="(all)")
    if models.empty:
        raise RegressionError("seed regression_models has no rows", model="(all)")
    ids = [text_of(value) for value in models["model_id"]]
    for model_id in ids:
        if model_id is None or ids.count(model_id) > 1:
            raise RegressionError(
                "model_id must be filled and unique in seed regression_models", model=str(model_id)
            )
    of_model = dict(iter(terms.groupby("model_id", sort=False, dropna=False)))
    stray = sorted(str(model_id) for model_id in of_model if model_id not in ids)
    if stray:
        raise RegressionError("seed regression_terms has terms, regression_models has no row", model=stray[0])
    specifications = [_read_model(row, of_model.get(row["model_id"])) for row in models.to_dict("records")]
    specifications.sort(
        key=lambda m: (m.variant != "published", m.printed_table or 0, m.model or 0, m.model_id)
    )
    return [
        spec.on_common_sample([sibling for sibling in specifications if spec.shares_table_with(sibling)])
        if spec.common_sample
        else spec
        for spec in specifications
    ]


def _read_model(row: dict, terms: pd.DataFrame | None) -> Specification:
    values: dict[str, Any] = {name: text_of(row[name]) for name in MODEL_COLUMNS}
    model_id = values["model_id"]
    for name in ("country", "outcome", "first_wave", "last_wave", *ALLOWED):
        if values[name] is None:
            raise RegressionError(f"{name} is empty in seed regression_models", model=model_id)
    for name, allowed in ALLOWED.items():
        if values[name] not in allowed:
            raise RegressionError(f"{name} is {values[name]!r}; write {' or '.join(allowed)}", model=model_id)
    for name in ("printed_table", "model", "first_wave", "last_wave"):
        if values[name] is not None:
            if not values[name].isdigit():
                raise RegressionError(f"{name} is {values[name]!r}; write a whole number", model=model_id)
            values[name] = int(values[name])
    countries = [country.strip() for country in values["country"].split(BETWEEN_COUNTRIES)]
    if "" in countries or len(set(countries)) < len(countries):
        raise RegressionError(
            f"country is {values['country']!r}; write each country once, with a semicolon between two",
            model=model_id,
        )
    values["country"] = BETWEEN_COUNTRIES.join(sorted(countries))
    values["common_sample"] = values["common_sample"] == "true"
    for name in ("printed_table", "model"):
        if values["variant"] == "published" and values[name] is None:
            raise RegressionError(
                f"{name} is empty; a published model stands in a printed table's column", model=model_id
            )
    if values["first_wave"] > values["last_wave"]:
        raise RegressionError("first_wave is after last_wave", model=model_id)
    if values["weight"] != "none" and values["vce"] == "oim":
        raise RegressionError("with survey weights vce must be robust", model=model_id)
    if terms is None:
        raise RegressionError("has no terms; add rows to seed regression_terms", model=model_id)

    order = pd.to_numeric(terms["term_order"], errors="coerce")
    if order.isna().any() or order.duplicated().any():
        raise RegressionError("term_order must be filled and unique in seed regression_terms", model=model_id)
    read = tuple(
        _read_term(model_id, term)
        for term in terms.assign(term_order=order).sort_values("term_order").to_dict("records")
    )
    seen = {values["outcome"]}
    for term in read:
        if term.question_id in seen:
            raise RegressionError(
                "stands twice in the model; remove one row of seed regression_terms",
                model=model_id,
                term=term.question_id,
            )
        seen.add(term.question_id)
    check_interactions(model_id, read)
    spec = Specification(terms=read, **values)
    refuse_dependent(spec)
    return spec


def _read_term(model_id: str, row: dict) -> Term:
    name = text_of(row["term"])
    if name is None:
        raise RegressionError("a row of seed regression_terms has no term", model=model_id)
    term = Term(
        name,
        text_of(row["coding"]) or "",
        text_of(row["reference_category"]),
        text_of(row["dont_know"]) or "",
        _read_nominal(model_id, name, text_of(row["nominal"])),
    )
    return checked(model_id, term)


def _read_nominal(model_id: str, term: str, value: str | None) -> bool:
    if value not in (None, "true", "false"):
        raise RegressionError(
            f"nominal is {value!r} in seed regression_terms; write true or false, or leave it empty",
            model=model_id,
            term=term,
        )
    return value == "true"


def refuse_dependent(spec: Specification) -> None:
    """Raise RegressionError where nominal terms meet weights or robust errors, which their fit does not know."""
    if spec.nominal and (spec.weight, spec.vce) != ("none", "oim"):
        raise RegressionError(
            f"a nominal term needs weight none and vce oim, not {spec.weight} and {spec.vce}",
            model=spec.model_id,
            term=spec.nominal[0],
        )


def checked(model_id: str, term: Term) -> Term:
    """The term, if its coding, reference and treatment of don't know go together."""

    def fault(text: str, level: str | None = None) -> RegressionError:
        return RegressionError(text, model=model_id, term=term.question_id, level=level)

    for column, allowed in TERMS.allowed.items():
        if (value := getattr(term, column)) not in allowed:
            raise fault(f"{column} is {value!r}; write {', '.join(allowed)}")
    if term.coding == INTERACTION:
        if term.reference is not None or term.dont_know != "missing":
            raise fault(
                "an interaction is coded as its parts are; empty reference_category and write missing as dont_know"
            )
        return term
    if term.coding != "numeric" and term.reference is None:
        raise fault("a categorical term needs a reference_category")
    if term.coding == "numeric" and term.reference is not None:
        raise fault("a numeric term has no reference_category; empty it", term.reference)
    if term.coding == "numeric" and term.dont_know == "category":
        raise fault(
            "a numeric term has no place for don't know as a category; write missing or middle, "
            "or make the term categorical"
        )
    if term.coding != "numeric" and term.dont_know == "middle":
        raise fault("a categorical term has no middle; write missing or category")
    return term


def text_of(value: object) -> str | None:
    """Seeds arrive as text or as numbers, depending on what dbt inferred for the column."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or None
