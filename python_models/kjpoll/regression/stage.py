"""The regression stage of a build: every model, its inference, and its sensitivity, as one table of parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pandas as pd

from kjpoll.ordinal import RegressionError

from .decompositions import COLUMNS as DECOMPOSED
from .decompositions import DECOMPOSITION, decomposition_rows, read_decompositions
from .fit import fit_dropping
from .fit_cache import FitCache
from .hypothesis import hypothesis_rows, read_hypotheses, terms_tested
from .model_answers import Answers
from .model_comparison import COMPARISON, comparison_rows, read_comparisons
from .partial_odds import freed_models
from .result_rows import (
    MODEL,
    PARTS,
    TERM,
    Fitted,
    has_part,
    model_row,
    part_rows,
    problem_row,
    to_frame,
)
from .specification import Specification
from .specification_rows import read_specifications
from .variants import OF_EVERYBODY, Alternative, earlier_waves, read_alternatives


def questions_of(
    specifications: Iterable[Specification], alternatives: Iterable[Alternative] = ()
) -> set[str]:
    """The questions that the models and their alternatives ask for."""
    return {name for spec in specifications for name in spec.questions} | {
        name
        for alternative in alternatives
        if alternative.setting in OF_EVERYBODY
        for name in alternative.terms
    }


def run_stage(
    models: pd.DataFrame,
    terms: pd.DataFrame,
    alternatives: pd.DataFrame,
    comparisons: pd.DataFrame,
    hypotheses: pd.DataFrame,
    decompositions: pd.DataFrame,
    wide: duckdb.DuckDBPyRelation,
    kinds: duckdb.DuckDBPyRelation,
    fits_dir: str | Path | None = None,
) -> pd.DataFrame:
    """All that a build computes, of the seeds and of two tables of the build; see Answers and fit_stage."""
    # The specifications first: what is wrong with the seeds is said before the answers are read.
    specifications = read_specifications(models, terms)
    answers = Answers(wide, kinds, questions_of(specifications, read_alternatives(alternatives)))
    return fit_stage(specifications, alternatives, comparisons, hypotheses, decompositions, answers, fits_dir)


def fit_stage(
    specifications: list[Specification],
    alternatives: pd.DataFrame,
    comparisons: pd.DataFrame,
    hypotheses: pd.DataFrame,
    decompositions: pd.DataFrame,
    answers: Answers,
    fits_dir: str | Path | None,
) -> pd.DataFrame:
    """One row per `part` (model, term, effect, assumption, prediction, sensitivity, comparison, hypothesis, decomposition)
    and its own key.

    The columns are `part` and those of result_rows.MODEL, result_rows.TERM, model_comparison.COMPARISON and
    decompositions.DECOMPOSITION, empty where a part has no use for them. A positive coefficient goes with a higher position of
    the outcome, which for the impression of the counterpart is a less favourable one. Models of the seed that cannot be fitted raise
    RegressionError, which names the model and, where one is at fault, the term and level; derived ones
    (earlier waves, terms freed, alternatives) get a row with the problem. Predictions are made of all but those on
    earlier waves, which would be four fifths of them. fits_dir: where fits are cached from one build
    to the next; a model is fitted again only if its specification or data, or the code changed.
    """
    compared = read_comparisons(comparisons)
    tested = terms_tested(read_hypotheses(hypotheses, specifications))
    taken_apart = read_decompositions(decompositions, specifications)
    fitter = ModelFitter(answers, FitCache(fits_dir))
    fitted = [fitter.fit(spec) for spec in specifications]
    problems = []
    for spec in earlier_waves(specifications, answers, tested):
        try:
            reduced, dropped = fit_dropping(spec, fitter.fit)
            fitted.append(replace(reduced, dropped=dropped))
        except RegressionError as error:
            problems.append(problem_row(fitter.noted(spec), str(error)))
    published = [spec for spec in specifications if spec.variant == "published"]
    of_hypotheses = hypothesis_rows(fitted, tested)
    variants, without_fit = freed_models(
        [model for model in fitted if model.spec.variant == "published"], fitter.fit
    )
    fitted += variants
    problems += [problem_row(fitter.noted(spec), problem) for spec, problem in without_fit]
    parts = {
        "model": to_frame([*map(model_row, fitted), *problems], MODEL),
        **{
            part: to_frame(
                [row for model in fitted if has_part(model.spec, part) for row in part_rows(model, part)],
                TERM,
            )
            for part in PARTS
        },
        "comparison": to_frame(
            comparison_rows(
                compared,
                {one.spec.model_id: one for one in fitted},
                {row["model_id"]: row["problem"] for row in problems},
            ),
            TERM | COMPARISON,
        ),
        "hypothesis": to_frame(of_hypotheses, TERM),
        "sensitivity": to_frame(_sensitivity(published, read_alternatives(alternatives), fitter), TERM),
        "decomposition": to_frame(decomposition_rows(taken_apart, specifications, fitter), DECOMPOSED),
    }
    fitter.cache.save()
    together = pd.concat([frame.assign(part=name) for name, frame in parts.items()], ignore_index=True)
    return together.astype(MODEL | TERM | COMPARISON | DECOMPOSITION | {"part": "string"})


@dataclass(frozen=True)
class ModelFitter:
    """Fits each model once: from its answers, or from the fits of earlier builds. `tried`: the results of this build."""

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
        attempt = self.tried[spec.spec_hash]
        if isinstance(attempt, RegressionError):
            raise type(attempt)(
                attempt.problem, model=spec.model_id, term=attempt.term, level=attempt.level
            ) from attempt
        return replace(attempt, spec=self.noted(spec))

    def noted(self, spec: Specification) -> Specification:
        """The specification with what is not comparable in it."""
        return replace(spec, comparability_breaks=self.answers.comparability_breaks(spec))


def _sensitivity(
    published: list[Specification], alternatives: list[Alternative], fitter: ModelFitter
) -> list[dict]:
    known_terms = {term.question_id for spec in published for term in spec.terms}
    for alternative in alternatives:
        for term in alternative.terms if alternative.setting not in OF_EVERYBODY else ():
            if term not in known_terms:
                raise RegressionError(
                    f"alternative {alternative.alternative_id}: no published model has this term",
                    model="(all)",
                    term=term,
                )
    rows = []
    for spec in published:
        table = [sibling for sibling in published if spec.shares_table_with(sibling)]
        for alternative in alternatives:
            changed = alternative.apply(spec, table)
            if changed is None:
                continue
            try:
                terms = part_rows(fitter.fit(changed), "term")
            except RegressionError as error:
                terms = [{"model_id": spec.model_id, "kind": "model", "problem": str(error)}]
            rows += [row | {"alternative_id": alternative.alternative_id} for row in terms]
    return rows
