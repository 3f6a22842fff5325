"""Answers in long form, a row per respondent and question, for the tests and benchmarks of the regressions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pandas as pd
from kjpoll.ordinal import RegressionError
from kjpoll.regression import stage
from kjpoll.regression.fit_cache import FitCache
from kjpoll.regression.model_answers import KIND_COLUMNS, Answers, asked_for, literal, require
from kjpoll.regression.result_rows import MODEL, TERM, model_row, part_rows, to_frame
from kjpoll.regression.specification import WAVE
from kjpoll.regression.specification_rows import read_specifications
from kjpoll.regression.variants import read_alternatives

NO_DECOMPOSITIONS = pd.DataFrame(columns=["decomposition_id", "model_id", "earlier_wave"])
Rows = pd.DataFrame | duckdb.DuckDBPyRelation
NO_COMPARISONS = pd.DataFrame(columns=["comparison_id", "left_model_id", "right_model_id"])
NO_HYPOTHESES = pd.DataFrame(columns=["hypothesis_id", "model_id", "term"])


# Without a column series a country has one sample a wave, and is its own series.
LONG_COLUMNS = (
    *("respondent_id", "wave", "country"),
    *(name for name in KIND_COLUMNS if name not in ("sample_id", "wave", "series")),
    "weight",
)


class LongAnswers(Answers):
    """The answers of a frame or a relation with the LONG_COLUMNS.

    Raises RegressionError as Answers does, and for a respondent with two answers to one question or two weights.
    """

    def __init__(self, rows: pd.DataFrame | duckdb.DuckDBPyRelation, questions: Iterable[str]) -> None:
        # A connection of its own, not the module's: two threads of one process may fit models.
        self._con = duckdb.connect()
        relation = self._con.from_df(rows) if isinstance(rows, pd.DataFrame) else rows
        require(relation, LONG_COLUMNS)
        if "series" not in relation.columns:
            relation = relation.project("*, country as series")
        relation = relation.project("*, series || '-' || wave as sample_id")
        self.questions = sorted(set(questions) - {WAVE})
        # Not by name: a question may be called like a column (country), or like another but for case.
        self._column = {name: f"q{i}" for i, name in enumerate(self.questions)}
        relation = relation.filter(asked_for(self.questions))
        self.categories = self._read_categories(relation)
        self.numeric = self._read_numeric(relation)
        self._comparability = self._read_comparability(relation)
        self._refuse_doubles(relation)
        cells = ", ".join(
            f"max(answer_status || ':' || coalesce(category_id, cast(value as varchar), '')) filter (question_id = {literal(name)}) "
            f"as {self._column[name]}"
            for name in self.questions
        )
        wide = relation.aggregate(
            "sample_id, country, series, wave, respondent_id, max(weight) as weight, coalesce(min(weight) <> max(weight), false) "
            f"or count(weight) not in (0, count(*)) as contradicting, {cells}",
            "sample_id, country, series, wave, respondent_id",
        )
        self._wide = self._con.from_arrow(wide.to_arrow_table())
        self._refuse_contradicting_weights()
        self._rows = self._count_rows()

    def _refuse_contradicting_weights(self) -> None:
        found = self._query(
            "select respondent_id from wide where contradicting "
            "order by country, wave, respondent_id limit 1",
        ).fetchall()
        if found:
            raise RegressionError(
                f"respondent {found[0][0]} has several weights (an empty one counts); "
                "give one to all rows of a respondent",
                model="(all)",
            )

    def _refuse_doubles(self, relation: duckdb.DuckDBPyRelation) -> None:
        double = (
            relation.aggregate(
                "question_id, respondent_id, count(*) as n", "country, wave, question_id, respondent_id"
            )
            .filter("n > 1")
            .order("question_id, respondent_id")
            .limit(1)
            .fetchall()
        )
        if double:
            question_id, respondent_id, n = double[0]
            raise RegressionError(
                f"respondent {respondent_id} has {n} answers; a single-answer question has one",
                model="(all)",
                term=question_id,
            )


def fit_models(models: pd.DataFrame, terms: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """Fit every model of the seeds regression_models and regression_terms.

    One row per model x parameter with the model's figures repeated, published models first, by table and column.
    """
    specifications = read_specifications(models, terms)
    fitter = stage.ModelFitter(LongAnswers(rows, stage.questions_of(specifications)), FitCache(None))
    fitted = [fitter.fit(spec) for spec in specifications]
    figures = to_frame([model_row(one) for one in fitted], MODEL)
    parameters = to_frame([row for one in fitted for row in part_rows(one, "term")], TERM)
    return parameters.drop(
        columns=["alternative_id", "outcome_category", "value", "df", "n_obs", "problem"]
    ).merge(figures, on="model_id", how="left", validate="many_to_one")


def run_stage(
    models: pd.DataFrame,
    terms: pd.DataFrame,
    alternatives: pd.DataFrame,
    rows: Rows,
    fits_dir: str | Path | None = None,
    comparisons: pd.DataFrame = NO_COMPARISONS,
    hypotheses: pd.DataFrame = NO_HYPOTHESES,
    decompositions: pd.DataFrame = NO_DECOMPOSITIONS,
) -> pd.DataFrame:
    """The stage of a build on answers in long form."""
    specifications = read_specifications(models, terms)
    answers = LongAnswers(rows, stage.questions_of(specifications, read_alternatives(alternatives)))
    return stage.fit_stage(
        specifications, alternatives, comparisons, hypotheses, decompositions, answers, fits_dir
    )
