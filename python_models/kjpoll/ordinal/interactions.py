"""Columns that are products of others: they follow wherever their parts are moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .matrix_column import MatrixColumn
from .regression_error import RegressionError

Products = Mapping[int, tuple[int, ...]]
"""Place of each product among the columns: the places of its parts."""


def products_of(columns: Sequence[MatrixColumn], *, model: str) -> Products:
    """Raises RegressionError if a part has no column of its own: its values do not follow from the product alone."""
    places = {column: place for place, column in enumerate(columns)}
    for column in columns:
        for part in column.parts:
            if part not in places:
                raise RegressionError(
                    f"the interaction has a part without a column of its own, {part.name}, so that what moves with "
                    "it is not known; add its main effect",
                    model=model,
                    term=column.term,
                    level=column.category_id,
                )
    return {
        place: tuple(places[part] for part in column.parts)
        for place, column in enumerate(columns)
        if column.parts
    }


def refill(matrix: np.ndarray, products: Products) -> None:
    """Compute the products in `matrix` (n, p) anew from the columns that they multiply."""
    for place, parts in products.items():
        matrix[:, place] = matrix[:, parts].prod(axis=1)


def derivative_of_rows(matrix: np.ndarray, products: Products, moved: int) -> np.ndarray:
    """(n, p): by how much each column changes per unit of the column `moved`."""
    change = np.zeros_like(matrix)
    change[:, moved] = 1.0
    for place, parts in products.items():
        if moved in parts:
            others = [part for part in parts if part != moved]
            change[:, place] = matrix[:, others].prod(axis=1)
    return change
