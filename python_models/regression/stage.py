"""The regression stage of a build: every model, its inference, and its sensitivity, as one table of parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import duckdb
import pandas as pd

from .answers import Answers
from .design import build_design
from .errors import RegressionError
from .fit import fit_design, fit_dropping
from .results import (
    MODEL,
    TERM,
    Fitted,
    assumption_rows,
    effect_rows,
    model_row,
    problem_row,
    term_rows,
    to_frame,
)
from .specification import Specification, read_specifications
from .variants import Alternative, earlier_waves, read_alternatives

Rows = pd.DataFrame | duckdb.DuckDBPyRelation


def questions_of(specifications: Iterable[Specification]) -> set[str]:
    """The questions that the models ask for."""
    return {name for spec in specifications
            for name in (spec.outcome, *(term.question_id for term in spec.terms))}


def fit_models(models: pd.DataFrame, terms: pd.DataFrame, answers: Rows) -> pd.DataFrame:
    """Fit every model of the seeds regression_models and regression_terms.

    answers: see Answers. Returns one row per model x parameter with the model's figures repeated,
    published models first, by table and column. A positive coefficient goes with a higher position of
    the outcome, which for the impression of the counterpart is a less favourable one.
    Raises RegressionError, which names the model and, where one is at fault, the term and level.
    """
    specifications, served = _read(models, terms, answers)
    known: dict[str, Fitted | RegressionError] = {}
    fitted = [_fit(spec, served, known) for spec in specifications]
    figures = to_frame([model_row(one) for one in fitted], MODEL)
    rows = to_frame([row for one in fitted for row in term_rows(one)], TERM)
    return rows.drop(columns=["alternative_id", "outcome_category", "df", "n_obs", "problem"]).merge(
        figures, on="model_id", how="left", validate="many_to_one")


def run_stage(models: pd.DataFrame, terms: pd.DataFrame, alternatives: pd.DataFrame, answers: Rows) -> pd.DataFrame:
    """All that a build computes: one row per `part` (model, term, effect, assumption, sensitivity) and
    its own key; the columns are `part` and those of results.MODEL and results.TERM, empty where a part
    has no use for them. Published and pooled models that cannot be fitted raise RegressionError; derived
    ones (earlier waves, alternatives) get a row with the problem.
    """
    specifications, served = _read(models, terms, answers)
    known: dict[str, Fitted | RegressionError] = {}
    fitted = [_fit(spec, served, known) for spec in specifications]
    problems = []
    for spec in earlier_waves(specifications, served):
        try:
            outcome, dropped = fit_dropping(spec, lambda part: _fit(part, served, known))
            fitted.append(replace(outcome, dropped=dropped))
        except RegressionError as error:
            problems.append(problem_row(_noted(spec, served), str(error)))
    published = [spec for spec in specifications if spec.variant == "published"]
    parts = {
        "model": to_frame([*map(model_row, fitted), *problems], MODEL),
        "term": to_frame(_each(term_rows, fitted), TERM),
        "effect": to_frame(_each(effect_rows, fitted), TERM),
        "assumption": to_frame(_each(assumption_rows, fitted), TERM),
        "sensitivity": to_frame(
            _sensitivity(published, read_alternatives(alternatives), served, known), TERM),
    }
    together = pd.concat([frame.assign(part=name) for name, frame in parts.items()], ignore_index=True)
    return together.astype(MODEL | TERM | {"part": "string"})


def _each(rows_of: Callable[[Fitted], list[dict]], fitted: Iterable[Fitted]) -> list[dict]:
    """The rows of every model; computed once where one fit has several names."""
    known: dict[str, list[dict]] = {}
    for one in fitted:
        if one.spec.spec_hash not in known:
            known[one.spec.spec_hash] = rows_of(one)
    return [row | {"model_id": one.spec.model_id} for one in fitted for row in known[one.spec.spec_hash]]


def _read(models: pd.DataFrame, terms: pd.DataFrame, answers: Rows) -> tuple[list[Specification], Answers]:
    """The specifications first: what is wrong with the seeds is said before the answers are read."""
    specifications = read_specifications(models, terms)
    return specifications, Answers(answers, questions_of(specifications))


def _fit(spec: Specification, answers: Answers, known: dict[str, Fitted | RegressionError]) -> Fitted:
    """The fit, or its error; taken from `known` where the same model was tried under another name."""
    if spec.spec_hash not in known:
        try:
            design = build_design(spec, answers)
            known[spec.spec_hash] = Fitted(spec, design, fit_design(spec, design))
        except RegressionError as error:
            known[spec.spec_hash] = error
    found = known[spec.spec_hash]
    if isinstance(found, RegressionError):
        raise type(found)(found.problem, model=spec.model_id, term=found.term, level=found.level) from found
    return replace(found, spec=_noted(spec, answers))


def _noted(spec: Specification, answers: Answers) -> Specification:
    """The specification with what is not comparable in it."""
    return replace(spec, comparability_breaks=answers.comparability_breaks(spec))


def _sensitivity(published: list[Specification], alternatives: list[Alternative], answers: Answers,
                 known: dict[str, Fitted | RegressionError]) -> list[dict]:
    known_terms = {term.question_id for spec in published for term in spec.terms}
    for alternative in alternatives:
        for term in alternative.terms:
            if term not in known_terms:
                raise RegressionError(f"alternative {alternative.alternative_id}: no published model has this term",
                                      model="(all)", term=term)
    rows = []
    for spec in published:
        table = [other for other in published if spec.shares_table_with(other)]
        for alternative in alternatives:
            changed = alternative.apply(spec, table)
            if changed is None:
                continue
            try:
                found = term_rows(_fit(changed, answers, known))
            except RegressionError as error:
                found = [{"model_id": spec.model_id, "kind": "model", "problem": str(error)}]
            rows += [row | {"alternative_id": alternative.alternative_id} for row in found]
    return rows
