"""The outcome and the covariates that a formula and a frame describe."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.formula._manager import FormulaManager
from statsmodels.formula.formulatools import handle_formula_data

from .model_inputs import check_ordered
from .nullable import named_in, readable

MISSING = ("drop", "raise", "none")
# Frames of the stack between patsy and the caller of from_formula, whose names a formula may use.
DEPTH = 3
PER_ROW = ("freq_weights", "sampling_weights", "clusters", "strata")


@dataclass(frozen=True)
class FormulaDesign:
    """outcome: (n,) series of the rows without a missing value. matrix: (n, p), without the constant; None if there
    are no covariates. kept: (n,) places of these rows in the `total` rows given. keywords: what statsmodels' classes
    remember. data: the rows of the subset, with and without missing values."""

    outcome: pd.Series
    matrix: pd.DataFrame | None
    kept: np.ndarray
    total: int
    keywords: dict[str, Any]
    data: pd.DataFrame

    def of_rows(self, given: Any) -> Any:
        """Weights or labels of all the rows given, for the rows kept; others as they are."""
        return given if given is None or len(given) != self.total else np.asarray(given)[self.kept]


def read_formula(
    formula: str, data: Any, subset: Any, drop_cols: Any, missing: str, eval_env: Any
) -> FormulaDesign:
    """Evaluate `formula` on the rows `subset` of `data` (all of them if None), without the columns `drop_cols`.

    data: a frame, or what makes one (a mapping of columns, a record array).
    missing: `drop` leaves out rows with a missing value (NaN, None, NA) in a variable of the formula, `raise` (or
    `none`) refuses them. The left side is a column of numbers, an ordered Categorical, or an expression that gives
    numbers. eval_env: as in statsmodels.
    Raises ValueError for a missing value that is not dropped, and for no outcome or one without an order.
    """
    if "~" not in formula:
        raise ValueError(f"the formula {formula!r} has no outcome; write outcome ~ covariates")
    if missing not in MISSING:
        raise ValueError(f"missing is {missing!r}; write drop or raise")
    data = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)
    places = np.arange(len(data))
    if subset is not None:
        places = pd.Series(places, data.index).loc[subset].to_numpy()
    chosen = places
    used = data.iloc[chosen]
    name = formula.split("~")[0].strip()
    if quoted := re.fullmatch(r"""Q\((["'])(.*)\1\)""", name):
        name = quoted[2]
    restore = None
    if name in used:
        outcome, restore = _as_numbers(check_ordered(used[name]))
        used = used.assign(**{name: outcome})
    namespace = DEPTH if eval_env is None else eval_env
    if isinstance(eval_env, int):
        namespace = {} if eval_env < 0 else DEPTH + eval_env
    (left, right), lost, spec = handle_formula_data(
        readable(used, formula), None, formula, depth=namespace, missing="drop"
    )
    if lost is not None:
        if missing != "drop":
            first = int(np.flatnonzero(lost)[0])
            raise ValueError(_missing(used.iloc[first], formula, int(places[first])))
        places = places[~np.asarray(lost)]
    if left.shape[1] > 1:
        raise ValueError(
            f"the outcome {name} of the formula gives categories without an order; make an ordered Categorical "
            "of it as a column of the data, and name that"
        )
    endog = left.iloc[:, 0].rename(name)
    endog = endog if restore is None else restore(endog)
    left_out = {"Intercept", *(drop_cols or ())} & set(right.columns)
    matrix = right.drop(columns=list(left_out))
    if left_out and spec is not None:
        spec = spec.subset([term for term in FormulaManager().get_term_names(spec) if term not in left_out])
    return FormulaDesign(
        endog,
        matrix if matrix.shape[1] else None,
        places,
        len(data),
        {
            "missing": "drop",
            "missing_idx": lost,
            "formula": formula,
            "model_spec": spec,
        },
        data.iloc[chosen],
    )


def interactions_of(model: Any) -> list[str]:
    """The terms of a model's formula that multiply variables; none for a model that has no formula."""
    spec = getattr(model.data, "model_spec", None)
    names = [] if spec is None else FormulaManager().get_term_names(spec)
    return [name for name in names if ":" in _outside_calls(name)]


def _outside_calls(name: str) -> str:
    """A term's name without what stands in parentheses, such as Q("a:b")."""
    inner = re.compile(r"\([^()]*\)")
    while inner.search(name):
        name = inner.sub("", name)
    return name


def _as_numbers(outcome: pd.Series) -> tuple[pd.Series, Callable[[pd.Series], pd.Series] | None]:
    """The outcome as patsy leaves it one column, and what makes the outcome of that again."""
    dtype = outcome.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        codes = outcome.cat.codes.astype(float).where(outcome.notna())

        def categories(kept: pd.Series) -> pd.Series:
            values = pd.Categorical.from_codes(kept.astype(int), dtype=dtype)
            return pd.Series(values, kept.index, name=kept.name)

        return codes, categories
    if pd.api.types.is_bool_dtype(dtype):
        return outcome.astype("boolean").astype("Float64"), None
    if pd.api.types.is_integer_dtype(dtype):
        # patsy makes floats of them, and 1.0 of the category 1.
        return outcome, lambda kept: kept.astype(np.int64)
    return outcome, None


def _missing(values: pd.Series, formula: str, row: int) -> str:
    empty = [str(name) for name in values.index[values.isna()] if named_in(formula, name)]
    return (
        f"row {row} of the data has a missing value in {', '.join(empty) or formula}; leave such rows out "
        "(missing='drop' does) or fill them"
    )
