"""The published ordinal logits: design, fit, rows for the warehouse."""

from __future__ import annotations

import pandas as pd

from .design import Answers, build_design
from .errors import RegressionError
from .fit import fit_design
from .results import rows_of, to_frame
from .specification import read_specifications

__all__ = ["RegressionError", "fit_models"]


def fit_models(specifications: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Fit every model of `specifications` on `answers`.

    specifications: the seed regression_models, one row per model x term.
    answers: one row per respondent x question: sample_id, respondent_id, question_id,
    category_id, position, answer_status. Rows of other samples and questions are ignored.
    Returns one row per model x parameter, ordered by printed table, model and position; the
    columns are results.COLUMNS. A positive coefficient goes with a higher position of the
    outcome, which for the impression of the counterpart is a less favourable one.
    Raises RegressionError, which names the model and, where one is at fault, the term and level.
    """
    served = Answers(answers)
    rows: list[dict] = []
    for spec in read_specifications(specifications):
        design = build_design(spec, served)
        rows += rows_of(spec, design, fit_design(spec, design))
    return to_frame(rows)
