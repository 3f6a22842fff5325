"""From a design to a fitted ordinal model, on its patterns, with errors in the design's terms."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
from statsmodels.miscmodels.ordinal_model import OrderedResultsWrapper

from .design import Column, Design
from .errors import RegressionError
from .ordinal import OrdinalModel
from .patterns import group
from .specification import Specification


@dataclass(frozen=True)
class Dropped:
    """A term taken out of a model because of the column at fault, and why."""

    column: Column
    reason: str


def fit_design(spec: Specification, design: Design) -> OrderedResultsWrapper:
    """Fit one model; the results' rows are the distinct rows of the design's matrix, with their
    frequencies, their names those of the columns.

    Raises RegressionError, which names the model, term and level at fault, if the estimates do
    not exist, are not unique, or were not reached.
    """
    # Answers that a dropped question told apart can be one pattern in the matrix.
    rows = group(design.outcome, design.matrix, freq_weights=design.frequency,
                 sampling_weights=design.sampling_weights)
    try:
        model = OrdinalModel(
            pd.Series(pd.Categorical.from_codes(rows.outcome, list(design.levels), ordered=True),
                      name=spec.outcome),
            pd.DataFrame(rows.matrix, columns=[column.name for column in design.columns]),
            link=spec.link, freq_weights=rows.freq_weights,
            sampling_weights=rows.sampling_weights)
        return model.fit(spec.vce)
    except RegressionError as error:
        column = {column.name: column for column in design.columns}.get(error.term)
        term, level = (error.term, error.level) if column is None else (column.term,
                                                                       column.category_id)
        raise type(error)(error.problem, model=spec.model_id, term=term, level=level) from error


def fit_dropping(
        spec: Specification, design: Design
) -> tuple[Design, OrderedResultsWrapper, tuple[Dropped, ...]]:
    """As fit_design, but terms that are constant, collinear or separate the outcome are taken
    out, one at a time and whole: the design that was fitted, its results, and what was dropped.

    Raises RegressionError if another problem stands in the way, or no term remains.
    """
    dropped: list[Dropped] = []
    while True:
        try:
            return design, fit_design(spec, design), tuple(dropped)
        except RegressionError as error:
            at_fault = [column for column in design.columns
                        if (column.term, column.category_id) == (error.term, error.level)]
            if not at_fault:
                raise
            dropped.append(Dropped(at_fault[0], error.problem))
            kept = [j for j, column in enumerate(design.columns) if column.term != error.term]
            if not kept:
                raise RegressionError(f"no term remains: {error.problem}", model=spec.model_id,
                                      term=error.term, level=error.level) from error
            design = replace(design, matrix=design.matrix[:, kept],
                             columns=tuple(design.columns[j] for j in kept))
