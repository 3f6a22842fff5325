"""The response-code audit: Great Expectations over the columns and the code frequencies of each wave file.

An expectation costs 20 to 30 ms whatever it looks at, so a suite has few expectations and each of them
covers all variables of a sample; it looks at frequencies, so its cost does not grow with the respondents.
"""

from __future__ import annotations

import os

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

SHOWN = 10
COLUMNS = {"sample_id": "string", "expectation": "string", "audited_column": "string", "success": "bool",
           "n_elements": "int64", "n_unexpected": "int64", "unexpected": "string"}


def column_suite(sample_id: str, columns: pd.DataFrame) -> gx.ExpectationSuite:
    """What the crosswalk (stg_column rows of the sample) expects of the columns of its file."""
    return gx.ExpectationSuite(name=f"{sample_id} columns", expectations=[
        gxe.ExpectColumnDistinctValuesToEqualSet(
            column="variable", value_set=sorted(columns["variable"]),
            meta={"name": "the file has the expected variables"}),
    ])


def code_suite(sample_id: str, ages: pd.DataFrame) -> gx.ExpectationSuite:
    """What is expected of the code frequencies. ages: categories with value_min and value_max."""
    return gx.ExpectationSuite(name=f"{sample_id} codes", expectations=[
        gxe.ExpectColumnValuesToNotBeNull(column="category_id", meta={"name": "every code has a category"}),
        gxe.ExpectColumnValuesToBeBetween(
            column="number", min_value=float(ages["value_min"].min()), max_value=float(ages["value_max"].max()),
            meta={"name": "every number of years is in range"}),
    ])


def audit(frequencies: pd.DataFrame, variables: pd.DataFrame, columns: pd.DataFrame,
          categories: pd.DataFrame) -> pd.DataFrame:
    """Runs the suites of every sample.

    frequencies: int_code_frequency, one row per sample, variable and code. variables: raw.variable, one
    row per column of each file. columns: stg_column. categories: the categories seed. Returns one row per
    sample and expectation, ordered; raises RuntimeError where an expectation could not be evaluated,
    since Great Expectations reports that as a plain failure.
    """
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batches = (context.data_sources.add_pandas("wave_files")
               .add_dataframe_asset("frames").add_batch_definition_whole_dataframe("sample"))
    ages = categories.dropna(subset=["value_min", "value_max"])
    rows = []
    for sample_id in sorted(columns["sample_id"].unique()):
        for frame, suite, index in (
            (variables, column_suite(sample_id, columns[columns["sample_id"] == sample_id]), ["variable"]),
            (frequencies, code_suite(sample_id, ages), ["variable", "code", "n"]),
        ):
            part = frame[frame["sample_id"] == sample_id].reset_index(drop=True)
            outcome = batches.get_batch(batch_parameters={"dataframe": part}).validate(suite, result_format={
                "result_format": "COMPLETE", "unexpected_index_column_names": index})
            rows += [_row(sample_id, len(part), result) for result in outcome.results]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _row(sample_id: str, n_elements: int, result) -> dict:
    config = result.expectation_config
    failures = [entry["exception_message"] for entry in _exceptions(result.exception_info)]
    if failures:
        raise RuntimeError(f"{sample_id}: the expectation '{config.meta['name']}' could not be evaluated: {failures[0]}")
    details = result.result or {}
    return {
        "sample_id": sample_id,
        "expectation": config.meta["name"],
        "audited_column": config.kwargs["column"],
        "success": bool(result.success),
        "n_elements": n_elements,
        "n_unexpected": 0 if result.success else _n_unexpected(config, details),
        "unexpected": _unexpected(config, details) if not result.success else None,
    }


def _exceptions(info: dict) -> list[dict]:
    """Great Expectations gives one exception entry, or one for each metric."""
    entries = [info] if "raised_exception" in info else list(info.values())
    return [entry for entry in entries if entry.get("raised_exception")]


def _n_unexpected(config, details: dict) -> int:
    # Of a set of values, those that are absent count too; elsewhere missing_count counts empty cells.
    absent = details["missing_count"] if "value_set" in config.kwargs else 0
    return (details.get("unexpected_count") or 0) + absent


def _unexpected(config, details: dict) -> str:
    if "value_set" in config.kwargs:
        shown = [f"missing {name}" for name in details["partial_missing_list"]]
        shown += [f"not expected {name}" for name in details["partial_unexpected_list"]]
    else:
        shown = [f"{row['variable']} = {row['code']} ({row['n']})" for row in details["unexpected_index_list"]]
    rest = _n_unexpected(config, details) - len(shown[:SHOWN])
    return "; ".join(shown[:SHOWN]) + (f"; and {rest} more" if rest > 0 else "")
