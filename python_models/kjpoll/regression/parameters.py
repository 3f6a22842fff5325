"""The parameters of a fitted model in printed order: coefficients by term and cut point, then the cut points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.nominal import NominalResults

ALL_CUTS = CUT_POINT = -1


@dataclass(frozen=True)
class Parameter:
    """kind: coefficient or cut_point. cut_point: where alone the coefficient holds, from 1; None: everywhere."""

    kind: str
    column: MatrixColumn
    cut_point: int | None
    estimate: float
    std_error: float


def parameters_of(results: Any, columns: Sequence[MatrixColumn]) -> list[Parameter]:
    """results: OrdinalResults (wrapped or not) or NominalResults of a matrix of these columns."""
    if isinstance(results, NominalResults):
        places = list(results.partial.parameters)
    else:
        places = [(column, ALL_CUTS) for column in range(len(columns))]
        places += [(CUT_POINT, cut) for cut in range(len(results.cut_points))]
    read = sorted(
        zip(places, np.asarray(results.params), np.asarray(results.bse), strict=True),
        key=lambda parameter: (parameter[0][0] == CUT_POINT, parameter[0]),
    )
    return [
        Parameter("cut_point", MatrixColumn(f"cut{cut + 1}"), None, float(estimate), float(error))
        if column == CUT_POINT
        else Parameter(
            "coefficient",
            columns[column],
            None if cut == ALL_CUTS else cut + 1,
            float(estimate),
            float(error),
        )
        for (column, cut), estimate, error in read
    ]
