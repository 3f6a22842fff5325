"""From a design to a fitted ordinal model. An error names the term of the specification, not a column of the matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.nominal import NominalResults, fit_nominal
from kjpoll.ordinal.patterns import group

from .design import Design
from .model_answers import MissingRows
from .specification import Specification
from .specification_rows import refuse_dependent

if TYPE_CHECKING:
    from statsmodels.miscmodels.ordinal_model import OrderedResultsWrapper

FitResult = TypeVar("FitResult")


@dataclass(frozen=True)
class Dropped:
    """A term that was taken out of a model: the column at fault (its term, and its level if it has any), and why."""

    column: MatrixColumn
    reason: str


def fit_design(spec: Specification, design: Design) -> OrderedResultsWrapper | NominalResults:
    """Fit one model on the distinct rows of the design's matrix, each with its frequency; the parameters are named
    as the columns are. With nominal terms these are NominalResults.

    Raises RegressionError, which names the model, term and level at fault, if the estimates do
    not exist, are not unique, or were not reached.
    """
    refuse_dependent(spec)
    # statsmodels takes seconds to import, which a build whose fits are all cached need not wait for.
    from kjpoll.ordinal import OrdinalModel

    # Rows that differed only in a dropped term are the same row of this matrix.
    rows = group(
        design.outcome, design.matrix, freq_weights=design.frequency, sampling_weights=design.sampling_weights
    )
    try:
        model = OrdinalModel(
            pd.Series(
                pd.Categorical.from_codes(rows.outcome, pd.Index(design.levels), ordered=True),
                name=spec.outcome,
            ),
            pd.DataFrame(rows.matrix, columns=[column.name for column in design.columns]),
            link=spec.link,
            freq_weights=rows.freq_weights,
            sampling_weights=rows.sampling_weights,
        )
        results = model.fit(spec.vce)
        if spec.nominal:
            return fit_nominal(results, spec.nominal, design.columns, levels=design.levels)
        return results
    except RegressionError as error:
        column = next((column for column in design.columns if column.name == error.term), None)
        term, level = (error.term, error.level) if column is None else (column.term, column.category_id)
        raise type(error)(error.problem, model=spec.model_id, term=term, level=level) from error


def fit_dropping(
    spec: Specification, fit: Callable[[Specification], FitResult]
) -> tuple[FitResult, tuple[Dropped, ...]]:
    """Fit what can be fitted of a model: a term at fault (without usable answers, constant, collinear, separating
    the outcome) is taken out whole, until there is none. Respondents with a missing answer to it alone stay in.
    Returns what was fitted, and what was taken out and why.

    fit: fits a specification or raises RegressionError. Raises RegressionError if another problem
    stands in the way, or no term remains.
    """
    dropped: list[Dropped] = []
    while True:
        try:
            return fit(spec), tuple(dropped)
        except MissingRows:
            raise
        except RegressionError as error:
            reduced = spec.without(error.term)
            if reduced == spec or not reduced.terms:
                before = ", ".join(without.column.term for without in dropped)
                problem = error.problem if reduced == spec else f"no term remains: {error.problem}"
                raise type(error)(
                    problem + (f" (after taking out {before})" if before else ""),
                    model=spec.model_id,
                    term=error.term,
                    level=error.level,
                ) from error
            assert error.term is not None  # since there is a model without it
            dropped.append(Dropped(MatrixColumn(error.term, error.level), error.problem))
            dropped += [
                Dropped(MatrixColumn(term.question_id), f"an interaction of {error.term}, which is out")
                for term in spec.terms
                if term not in reduced.terms and term.question_id != error.term
            ]
            spec = reduced
