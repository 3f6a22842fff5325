"""What an ordinal model is given: values, weights and labels, checked before fitting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .nullable import is_of_numbers


def check_values(endog: Any, exog: Any, *, dropped: bool) -> None:
    """No missing and no infinite value; dropped: statsmodels leaves out rows with missing ones."""
    for role, columns in (("the outcome", _columns(endog, "y")), ("column", _columns(exog, "x"))):
        for name, column in columns:
            number = isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiub"
            if number and np.isfinite(column).all():
                continue
            if is_of_numbers(column.dtype):
                bad = np.isinf(pd.Series(column).to_numpy(dtype=float, na_value=np.nan))
            else:
                bad = np.asarray(pd.Series(column).isin([np.inf, -np.inf]))
            if not dropped:
                bad = bad | np.asarray(pd.isna(column))
            if bad.any():
                raise ValueError(
                    f"{role} {name} has a missing or infinite value in row "
                    f"{int(np.flatnonzero(bad)[0])}; leave such rows out"
                )


def check_ordered(endog: Any) -> Any:
    """The outcome: numbers, or an ordered Categorical, as a series. Anything else has no order of its own: the
    alphabet's, in which statsmodels fits it, is none.

    Raises ValueError for an unordered Categorical, and for an outcome that is not of numbers.
    """
    if isinstance(endog, pd.Categorical):
        endog = pd.Series(endog, name="y")
    columns = _columns(endog, "y")
    if len(columns) != 1:
        raise ValueError(f"the outcome has {len(columns)} columns; give one")
    ((name, column),) = columns
    if isinstance(column.dtype, pd.CategoricalDtype):
        if not column.dtype.ordered:
            raise ValueError(
                f"the outcome {name} is an unordered Categorical; give the order of its categories, the lowest "
                f"first: {name}.cat.set_categories([...], ordered=True)"
            )
    elif not is_of_numbers(column.dtype):
        raise ValueError(
            f"the outcome {name} has the type {column.dtype}, not numbers, and so no order; give numbers, or its "
            f"categories, the lowest first: pd.Series(pd.Categorical({name}, [...], ordered=True))"
        )
    return column if isinstance(endog, pd.DataFrame) else endog


def _columns(given: Any, base: str) -> list[tuple[object, np.ndarray | pd.Series]]:
    """The columns with their names, as statsmodels names them."""
    if given is None:
        return []
    if isinstance(given, pd.DataFrame):
        return [(name, given.iloc[:, j]) for j, name in enumerate(given.columns)]
    if isinstance(given, pd.Series):
        return [(base if given.name is None else given.name, given)]
    values = np.asarray(given)
    if values.ndim < 2:
        return [(base if base == "y" else "x1", np.atleast_1d(values))]
    return [(f"{base}{j}", column) for j, column in enumerate(values.T, start=1)]


def weights_of(name: str, given: Any, n: int) -> np.ndarray:
    if given is None:
        return np.ones(n)
    weights = np.asarray(given, dtype=float)
    if weights.shape != (n,):
        raise ValueError(f"{name} has the shape {weights.shape}, the outcome has {n} rows")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(
            f"{name} must be finite and not negative; row "
            f"{int(np.flatnonzero(~(weights >= 0) | ~np.isfinite(weights))[0])} is not"
        )
    if not weights.any():
        raise ValueError(f"{name} are all zero")
    return weights


def labels_of(name: str, given: Any, n: int) -> np.ndarray | None:
    """Labels as codes 0.. in order of appearance; the labels themselves are kept in `.names`."""
    if given is None:
        return None
    codes, names = pd.factorize(np.asarray(given))
    if len(codes) != n:
        raise ValueError(f"{name} has {len(codes)} rows, the outcome has {n}")
    if (codes < 0).any():
        raise ValueError(f"{name} has no label in row {int(np.flatnonzero(codes < 0)[0])}")
    return np.asarray(names)[codes]
