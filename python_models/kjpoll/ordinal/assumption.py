"""The rows of a test of proportional odds: overall, per term and per level, each with its reason where it is absent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from .fitted_model import FittedModel

COLUMNS = ("kind", "term", "category_id", "chi2", "df", "p_value", "problem")
TEXT = ("kind", "term", "category_id", "problem")
DEPENDENT = ("sampling_weights", "clusters", "strata")
# From the places of columns: the chi-squared statistic for equal effects of them at all cut points (nan where it is
# absent), and why it is absent.
Statistic = Callable[[list[int]], tuple[float, str | None]]


def untestable(results: Any, fitted: FittedModel) -> str | None:
    """Why the model as a whole cannot be tested, if it cannot."""
    # Of dependent observations there are no NominalResults, which have no model either.
    model = getattr(results, "model", None)
    declared = [name for name in DEPENDENT if getattr(model, name, None) is not None]
    if declared:
        return f"the model declares {', '.join(declared)}; the test is that of independent observations"
    if len(fitted.cut_points) < 2:
        return "two outcome categories have one cut point: nothing to compare"
    return None


def assumption_rows(fitted: FittedModel, statistic: Statistic | str) -> pd.DataFrame:
    """One row `overall`, then one per `term` (all columns of a categorical term together), each followed by one per
    `level` of a categorical term. df is (k - 2) x number of columns. statistic: or why there is none at all. Terms whose
    effects are free have no row, and none is in the overall test."""
    known: dict[tuple[int, ...], tuple[float, str | None]] = {}

    def row(kind: str, term: str | None, category_id: str | None, positions: list[int]) -> tuple[Any, ...]:
        df = (len(fitted.cut_points) - 1) * len(positions)
        key = tuple(positions)
        if key not in known:
            known[key] = (np.nan, statistic) if isinstance(statistic, str) else statistic(positions)
        chi2, why = known[key]
        return kind, term, category_id, chi2, df, chdtrc(df, chi2), why

    tested = fitted.proportional
    everything = [position for positions in tested.values() for position in positions]
    rows = [row("overall", None, None, everything)] if tested else []
    for term, positions in tested.items():
        rows.append(row("term", term, None, positions))
        rows += [
            row("level", term, fitted.columns[position].category_id, [position])
            for position in positions
            if fitted.columns[position].category_id is not None
        ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype(dict.fromkeys(TEXT, "string"))
