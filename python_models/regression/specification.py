"""What a model is: the rows of the seed regression_models, checked, in order, with a hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import pandas as pd

from .errors import RegressionError

REQUIRED = ("model_id", "printed_table", "model", "sample_id", "outcome", "term_order", "term",
            "coding", "reference_category", "dont_know")
SEED = "seed regression_models"


@dataclass(frozen=True)
class Term:
    """One question on the right-hand side.

    coding: `numeric` (the answer's position) or `categorical` (indicators against `reference`).
    dont_know: `missing` (the respondent is dropped) or `category` (a level of its own).
    """

    question_id: str
    coding: str
    reference: str | None
    dont_know: str


@dataclass(frozen=True)
class Specification:
    """One ordinal logit: its sample, its outcome, its terms in printed order."""

    model_id: str
    printed_table: int
    model: int
    sample_id: str
    outcome: str
    terms: tuple[Term, ...]

    @property
    def formula(self) -> str:
        """The usual notation; `i.` marks a categorical term."""
        return f"{self.outcome} ~ " + " + ".join(
            ("i." if term.coding == "categorical" else "") + term.question_id
            for term in self.terms
        )

    @property
    def spec_hash(self) -> str:
        """SHA-256 of everything that decides the fit, and of nothing that only labels it."""
        canonical = {
            "family": "ordinal", "link": "logit", "vce": "oim", "weight": "none",
            "sample_id": self.sample_id,
            "outcome": self.outcome,
            "terms": [[t.question_id, t.coding, t.reference, t.dont_know] for t in self.terms],
        }
        text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


def read_specifications(rows: pd.DataFrame) -> list[Specification]:
    """The models of `rows` (one row per model x term), ordered by table and model.

    Raises RegressionError if a column is missing or a model's rows contradict each other.
    """
    absent = [name for name in REQUIRED if name not in rows.columns]
    if absent:
        raise RegressionError(f"{SEED} lacks the columns {', '.join(absent)}", model="(all)")
    if rows.empty:
        raise RegressionError(f"{SEED} has no rows", model="(all)")
    models = [_read_model(str(model_id), part)
              for model_id, part in rows.groupby("model_id", sort=True, dropna=False)]
    return sorted(models, key=lambda m: (m.printed_table, m.model, m.model_id))


def _read_model(model_id: str, rows: pd.DataFrame) -> Specification:
    shared = {}
    for name in ("printed_table", "model", "sample_id", "outcome"):
        values = sorted({_text(value) for value in rows[name]}, key=str)
        if len(values) > 1 or values[0] is None:
            shown = ", ".join(str(value) for value in values)
            raise RegressionError(f"{name} must be one value on all rows, {SEED} has: {shown}",
                                  model=model_id)
        shared[name] = values[0]
    for name in ("printed_table", "model"):
        if not shared[name].isdigit():
            raise RegressionError(f"{name} is {shared[name]!r}; write a whole number",
                                  model=model_id)
        shared[name] = int(shared[name])

    order = pd.to_numeric(rows["term_order"])
    if order.isna().any() or order.duplicated().any():
        raise RegressionError(f"term_order must be filled and unique in {SEED}", model=model_id)
    terms = tuple(_read_term(model_id, row) for row in
                  rows.assign(term_order=order).sort_values("term_order").to_dict("records"))
    seen: set[str] = {shared["outcome"]}
    for term in terms:
        if term.question_id in seen:
            raise RegressionError(f"stands twice in the model; remove one row of {SEED}",
                                  model=model_id, term=term.question_id)
        seen.add(term.question_id)
    return Specification(model_id=model_id, terms=terms, **shared)


def _read_term(model_id: str, row: dict) -> Term:
    name = _text(row["term"])
    if name is None:
        raise RegressionError(f"a row of {SEED} has no term", model=model_id)
    coding, dont_know = _text(row["coding"]), _text(row["dont_know"])
    reference = _text(row["reference_category"])
    if coding not in ("numeric", "categorical"):
        raise RegressionError(f"coding is {coding!r}; write numeric or categorical",
                              model=model_id, term=name)
    if dont_know not in ("missing", "category"):
        raise RegressionError(f"dont_know is {dont_know!r}; write missing or category",
                              model=model_id, term=name)
    if coding == "categorical" and reference is None:
        raise RegressionError("a categorical term needs a reference_category",
                              model=model_id, term=name)
    if coding == "numeric" and reference is not None:
        raise RegressionError("a numeric term has no reference_category; empty it",
                              model=model_id, term=name, level=reference)
    if coding == "numeric" and dont_know == "category":
        raise RegressionError("a numeric term has no place for don't know; write missing, or "
                              "make the term categorical", model=model_id, term=name)
    return Term(name, coding, reference, dont_know)


def _text(value: object) -> str | None:
    """Seeds arrive as text or as numbers, depending on what dbt inferred for the column."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or None

