"""What a model is: rows of the seeds regression_models and regression_terms, checked and in order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import pandas as pd

from kjpoll.common.properties import seed_properties
from kjpoll.ordinal import RegressionError

SEEDS = seed_properties()
ALLOWED = {**SEEDS["regression_models"].allowed, "common_sample": ("true", "false")}
TERMS = SEEDS["regression_terms"]
# A term that no question answers: the wave of the respondent.
WAVE = "wave"


@dataclass(frozen=True)
class Term:
    """One question on the right-hand side.

    coding: `numeric` (the answer's position), `categorical` (an indicator for each category but
    `reference`) or `net` (the same for the nets of the categories).
    dont_know: `missing` (the respondent is dropped), `category` (a level of its own), or `middle`
    (the middle of a numeric term's scale).
    """

    question_id: str
    coding: str
    reference: str | None = None
    dont_know: str = "missing"


@dataclass(frozen=True)
class Specification:
    """One ordinal model: the samples of a country from one wave to another, outcome, terms in order.

    common_sample: whether the model is fitted on the respondents that all models of its table share.
    required: terms whose missing answers drop a respondent too: they are not in the model, or there a
    don't know is not missing.
    completeness: questions whose answers give the probability of entering the model, by whose inverse the respondents
    are weighted; empty for none. See complete_cases.
    left_out: terms of the model it comes from that these samples were not asked, or on another scale.
    comparability_breaks: the outcome and terms that were asked in another form, see Answers.
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
    completeness: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    comparability_breaks: tuple[str, ...] = ()

    @property
    def sample_id(self) -> str | None:
        """The sample, where the model has one only."""
        return f"{self.country}-{self.first_wave}" if self.first_wave == self.last_wave else None

    @property
    def place(self) -> str:
        """The samples in words, for messages."""
        return self.sample_id or f"{self.country}, waves {self.first_wave} to {self.last_wave}"

    @property
    def questions(self) -> list[str]:
        """Every question whose answers decide the fit, once, the outcome first."""
        names = [
            self.outcome,
            *(term.question_id for term in (*self.terms, *self.required)),
            *self.completeness,
        ]
        return [name for name in dict.fromkeys(names) if name != WAVE]

    @property
    def formula(self) -> str:
        """The usual notation; `i.` marks a categorical term."""
        return f"{self.outcome} ~ " + " + ".join(
            ("" if term.coding == "numeric" else "i.") + term.question_id for term in self.terms
        )

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
        if self.completeness:
            canonical["completeness"] = list(self.completeness)
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
        for term in (term for sibling in table for term in sibling.terms):
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
        """The same model without a term, which does not drop respondents any more."""
        terms, required = (
            tuple(term for term in terms if term.question_id != question_id)
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
    return Specification(terms=read, **values)


def _read_term(model_id: str, row: dict) -> Term:
    name = text_of(row["term"])
    if name is None:
        raise RegressionError("a row of seed regression_terms has no term", model=model_id)
    term = Term(
        name,
        text_of(row["coding"]) or "",
        text_of(row["reference_category"]),
        text_of(row["dont_know"]) or "",
    )
    return checked(model_id, term)


def checked(model_id: str, term: Term) -> Term:
    """The term, if its coding, reference and treatment of don't know go together."""

    def fault(text: str, level: str | None = None) -> RegressionError:
        return RegressionError(text, model=model_id, term=term.question_id, level=level)

    for column, allowed in TERMS.allowed.items():
        if (value := getattr(term, column)) not in allowed:
            raise fault(f"{column} is {value!r}; write {', '.join(allowed)}")
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
