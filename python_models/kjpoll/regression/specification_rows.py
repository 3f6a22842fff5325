"""The rows of the seeds regression_models and regression_terms, read as specifications and checked."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pandas as pd

from kjpoll.common.properties import seed_properties
from kjpoll.ordinal import RegressionError

from .interaction_terms import INTERACTION, check_interactions
from .specification import BETWEEN_SERIES, Specification, Term

SEEDS = seed_properties()
ALLOWED = {**SEEDS["regression_models"].allowed, "common_sample": ("true", "false")}
TERMS = SEEDS["regression_terms"]

# What of a row a specification takes as it stands.
MODEL_COLUMNS = [
    field.name for field in fields(Specification) if field.name in SEEDS["regression_models"].columns
]


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
    for name in ("series", "outcome", "first_wave", "last_wave", *ALLOWED):
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
    each_series = [series.strip() for series in values["series"].split(BETWEEN_SERIES)]
    if "" in each_series or len(set(each_series)) < len(each_series):
        raise RegressionError(
            f"series is {values['series']!r}; write each series once, with a semicolon between two",
            model=model_id,
        )
    values["series"] = BETWEEN_SERIES.join(sorted(each_series))
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
