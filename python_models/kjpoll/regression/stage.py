"""The regression stage of a build: every model, its inference, and its sensitivity, as one table of parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pandas as pd

from kjpoll.ordinal import RegressionError

from .answers import Answers
from .fit import fit_dropping
from .fit_cache import FitCache
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
    return {
        name for spec in specifications for name in (spec.outcome, *(term.question_id for term in spec.terms))
    }


def fit_models(models: pd.DataFrame, terms: pd.DataFrame, answers: Rows) -> pd.DataFrame:
    """Fit every model of the seeds regression_models and regression_terms.

    answers: see Answers. Returns one row per model x parameter with the model's figures repeated,
    published models first, by table and column. A positive coefficient goes with a higher position of
    the outcome, which for the impression of the counterpart is a less favourable one.
    Raises RegressionError, which names the model and, where one is at fault, the term and level.
    """
    specifications, served = _read(models, terms, answers)
    bench = _Bench(served, FitCache(None))
    fitted = [bench.fit(spec) for spec in specifications]
    figures = to_frame([model_row(one) for one in fitted], MODEL)
    rows = to_frame([row for one in fitted for row in term_rows(one)], TERM)
    return rows.drop(columns=["alternative_id", "outcome_category", "df", "n_obs", "problem"]).merge(
        figures, on="model_id", how="left", validate="many_to_one"
    )


def run_stage(
    models: pd.DataFrame,
    terms: pd.DataFrame,
    alternatives: pd.DataFrame,
    answers: Rows,
    fits_dir: str | Path | None = None,
    kinds: duckdb.DuckDBPyRelation | None = None,
) -> pd.DataFrame:
    """All that a build computes: one row per `part` (model, term, effect, assumption, sensitivity) and
    its own key; the columns are `part` and those of results.MODEL and results.TERM, empty where a part
    has no use for them. Published and pooled models that cannot be fitted raise RegressionError; derived
    ones (earlier waves, alternatives) get a row with the problem. answers: see
    Answers; with kinds, see Answers.of_wide. fits_dir: where fits are cached from one build to the next; a model is fitted again only if its specification or data, or the code changed.
    """
    specifications, served = _read(models, terms, answers, kinds)
    bench = _Bench(served, FitCache(fits_dir))
    fitted = [bench.fit(spec) for spec in specifications]
    problems = []
    for spec in earlier_waves(specifications, served):
        try:
            outcome, dropped = fit_dropping(spec, bench.fit)
            fitted.append(replace(outcome, dropped=dropped))
        except RegressionError as error:
            problems.append(problem_row(bench.noted(spec), str(error)))
    published = [spec for spec in specifications if spec.variant == "published"]
    parts = {
        "model": to_frame([*map(model_row, fitted), *problems], MODEL),
        "term": to_frame(_each(term_rows, fitted), TERM),
        "effect": to_frame(_each(effect_rows, fitted), TERM),
        "assumption": to_frame(_each(assumption_rows, fitted), TERM),
        "sensitivity": to_frame(_sensitivity(published, read_alternatives(alternatives), bench), TERM),
    }
    bench.cache.save()
    together = pd.concat([frame.assign(part=name) for name, frame in parts.items()], ignore_index=True)
    return together.astype(MODEL | TERM | {"part": "string"})


def _each(rows_of: Callable[[Fitted], list[dict]], fitted: Iterable[Fitted]) -> list[dict]:
    return [row for one in fitted for row in rows_of(one)]


def _read(
    models: pd.DataFrame, terms: pd.DataFrame, answers: Rows, kinds: duckdb.DuckDBPyRelation | None = None
) -> tuple[list[Specification], Answers]:
    """The specifications first: what is wrong with the seeds is said before the answers are read."""
    specifications = read_specifications(models, terms)
    questions = questions_of(specifications)
    if kinds is None:
        return specifications, Answers(answers, questions)
    assert isinstance(answers, duckdb.DuckDBPyRelation)
    return specifications, Answers.of_wide(answers, kinds, questions)


@dataclass(frozen=True)
class _Bench:
    """Where models are fitted: their answers, the fits of earlier builds, and what was tried in this one."""

    answers: Answers
    cache: FitCache
    tried: dict[str, Fitted | RegressionError] = field(default_factory=dict)

    def fit(self, spec: Specification) -> Fitted:
        """The fit, or its error; the one of `tried` where the same model was tried under another name."""
        if spec.spec_hash not in self.tried:
            try:
                self.tried[spec.spec_hash] = Fitted(spec, self.cache.fit(spec, self.answers))
            except RegressionError as error:
                self.tried[spec.spec_hash] = error
        found = self.tried[spec.spec_hash]
        if isinstance(found, RegressionError):
            raise type(found)(
                found.problem, model=spec.model_id, term=found.term, level=found.level
            ) from found
        return replace(found, spec=self.noted(spec))

    def noted(self, spec: Specification) -> Specification:
        """The specification with what is not comparable in it."""
        return replace(spec, comparability_breaks=self.answers.comparability_breaks(spec))


def _sensitivity(
    published: list[Specification], alternatives: list[Alternative], bench: _Bench
) -> list[dict]:
    known_terms = {term.question_id for spec in published for term in spec.terms}
    for alternative in alternatives:
        for term in alternative.terms:
            if term not in known_terms:
                raise RegressionError(
                    f"alternative {alternative.alternative_id}: no published model has this term",
                    model="(all)",
                    term=term,
                )
    rows = []
    for spec in published:
        table = [other for other in published if spec.shares_table_with(other)]
        for alternative in alternatives:
            changed = alternative.apply(spec, table)
            if changed is None:
                continue
            try:
                found = term_rows(bench.fit(changed))
            except RegressionError as error:
                found = [{"model_id": spec.model_id, "kind": "model", "problem": str(error)}]
            rows += [row | {"alternative_id": alternative.alternative_id} for row in found]
    return rows
