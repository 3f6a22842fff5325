"""pandas' nullable columns (Int64, boolean, string, Arrow), which numpy and patsy do not read, as ones that they do."""

from __future__ import annotations

import re
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd


def numbers(given: Any) -> Any:
    """A frame of covariates, or a series, as floats with NaN for a missing value. Arrays, and frames that hold
    numpy's numbers already, as they are.

    Raises ValueError for a column that is not of numbers, which it names.
    """
    if not isinstance(given, pd.DataFrame | pd.Series):
        return given
    columns = [given] if isinstance(given, pd.Series) else [given.iloc[:, j] for j in range(given.shape[1])]
    if all(isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiub" for column in columns):
        return given
    for column in columns:
        if not (is_of_numbers(column.dtype) or _holds_numbers(column)):
            raise ValueError(
                f"column {column.name} has the type {column.dtype}, not numbers; "
                "make indicators of its categories, or use from_formula, which does"
            )
    values = [column.to_numpy(dtype=float, na_value=np.nan) for column in columns]
    if isinstance(given, pd.Series):
        return pd.Series(values[0], given.index, name=given.name)
    return pd.DataFrame(np.column_stack(values), given.index, given.columns)


def is_of_numbers(dtype: Any) -> bool:
    """Whether a column of this type holds numbers, or true and false."""
    if isinstance(dtype, pd.CategoricalDtype):
        return False
    return bool(pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_bool_dtype(dtype))


def _holds_numbers(column: pd.Series) -> bool:
    return column.dtype == object and all(isinstance(each, Number | np.bool_) for each in column.dropna())


def readable(data: pd.DataFrame, formula: str) -> pd.DataFrame:
    """`data` with the nullable columns that the formula may name as patsy reads them: numbers as floats with NaN
    (as they are where none is missing), booleans and text as objects with None."""
    plain = {}
    for name in data.columns:
        column = data[name] if named_in(formula, name) else None
        if not isinstance(column, pd.Series) or isinstance(column.dtype, np.dtype | pd.CategoricalDtype):
            continue
        missing = column.isna()
        if pd.api.types.is_bool_dtype(column.dtype) or not pd.api.types.is_numeric_dtype(column.dtype):
            plain[name] = column.astype(object).where(~missing, None)
            if pd.api.types.is_bool_dtype(column.dtype) and not missing.any():
                plain[name] = column.astype(bool)
        elif missing.any():
            plain[name] = pd.Series(column.to_numpy(dtype=float, na_value=np.nan), data.index)
        else:
            plain[name] = pd.Series(column.to_numpy(), data.index)
    return data.assign(**plain) if plain else data


def named_in(formula: str, name: object) -> bool:
    """Whether a formula has the name of a column as a word."""
    return re.search(rf"(?<!\w){re.escape(str(name))}(?!\w)", formula) is not None
