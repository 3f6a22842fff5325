"""The columns of an interaction: products of those of its parts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.matrix_column import MatrixColumn

from .specification import Specification, Term

Coded = list[tuple[MatrixColumn, np.ndarray]]
"""The columns of a term, each with its values (m,)."""


def crossed(spec: Specification, term: Term, of_term: Mapping[str, Coded]) -> Coded:
    """The products of an interaction, the levels of the first part fastest.

    Two levels that nobody has together have no estimate: what the model would say of them is not known. Raises
    RegressionError for them.
    """
    first, second = (of_term[part] for part in term.parts)
    columns = []
    for (one, values), (other, factors) in ((a, b) for b in second for a in first):
        column, product = MatrixColumn.product(one, other), values * factors
        if one.category_id is not None and other.category_id is not None and not product.any():
            raise RegressionError(
                f"nobody in the estimation sample has both {one.name} and {other.name}; merge levels or leave the "
                "interaction out",
                model=spec.model_id,
                term=column.term,
                level=column.category_id,
            )
        columns.append((column, product))
    return columns
