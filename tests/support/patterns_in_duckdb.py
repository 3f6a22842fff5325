"""Patterns of a table too large for the memory: grouped in DuckDB, so that only they reach Python."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
from kjpoll.ordinal.patterns import Patterns


def group_in_duckdb(
    relation: duckdb.DuckDBPyRelation,
    outcome: str,
    columns: Sequence[str],
    *,
    freq_weight: str | None = None,
    sampling_weight: str | None = None,
) -> Patterns:
    """The patterns of a relation's rows, grouped in the database; only they leave it.

    outcome, columns: names of numeric or boolean columns. freq_weight: a column of frequencies to
    add up (rows are counted without one). Raises ValueError for a missing value.
    """
    keys = [outcome, *columns] + ([] if sampling_weight is None else [sampling_weight])
    quoted = ['"' + key.replace('"', '""') + '"' for key in keys]
    count = "count(*)" if freq_weight is None else 'sum("' + freq_weight.replace('"', '""') + '")'
    grouped = relation.aggregate(
        ", ".join(f"{key} as k{i}" for i, key in enumerate(quoted))
        + f", cast({count} as double) as frequency",
        ", ".join(quoted),
    )
    found = grouped.project(
        ", ".join(f"cast(k{i} as double) as k{i}" for i in range(len(keys))) + ", frequency"
    ).fetchnumpy()
    values = []
    for i, key in enumerate([*keys, freq_weight or "count"]):
        column = found[f"k{i}" if i < len(keys) else "frequency"]
        missing = np.ma.getmaskarray(column) | np.isnan(np.ma.getdata(column))
        if missing.any():
            raise ValueError(f"column {key} has missing values; leave such rows out of the relation")
        values.append(np.ma.getdata(column))
    order = np.lexsort(values[len(keys) - 1 :: -1])
    values = [column[order] for column in values]
    stop = 1 + len(columns)
    return Patterns(
        values[0],
        np.column_stack(values[1:stop]) if columns else np.empty((len(order), 0)),
        values[-1],
        None if sampling_weight is None else values[stop],
    )
