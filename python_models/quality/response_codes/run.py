"""Runs the suites and puts their results into rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import great_expectations as gx
import pandas as pd

from .frame import audit_frame
from .suites import sample_suite
from .tables import AuditTables

SHOWN = 10
ROWS = {"sample_id": "string", "expectation": "string", "rule": "string", "audited_column": "string",
        "success": "bool", "n_elements": "int64", "n_unexpected": "int64", "unexpected": "string"}
VERDICTS = {"result_format": "BASIC"}
# It costs half as much again, and only a failure has rows to name.
OFFENDERS = {"result_format": "COMPLETE", "unexpected_index_column_names": ["item"]}


@dataclass(frozen=True)
class Audit:
    """`rows`: one per sample and expectation, in order; `results`: Great Expectations' own, by sample."""

    rows: pd.DataFrame
    results: dict[str, Any]


def audit(tables: AuditTables) -> Audit:
    """Run the suite of every sample.

    Raises RuntimeError where an expectation could not be evaluated, since Great Expectations reports that as a
    plain failure.
    """
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batches = (context.data_sources.add_pandas("wave_files")
               .add_dataframe_asset("frames").add_batch_definition_whole_dataframe("sample"))
    whole = audit_frame(tables)
    rows, results = [], {}
    for sample_id in sorted(tables.samples["sample_id"].dropna().unique()):
        frame = whole[whole["sample_id"] == sample_id].reset_index(drop=True)
        suite = sample_suite(sample_id, tables, frame)
        batch = batches.get_batch(batch_parameters={"dataframe": frame})
        outcome = batch.validate(suite, result_format=VERDICTS)
        if not outcome.success:
            outcome = batch.validate(suite, result_format=OFFENDERS)
        results[sample_id] = outcome
        rows += [_row(sample_id, frame, result) for result in outcome.results]
    return Audit(pd.DataFrame(rows, columns=list(ROWS)).astype(ROWS), results)


def _row(sample_id: str, frame: pd.DataFrame, result) -> dict:
    config = result.expectation_config
    failures = [entry["exception_message"] for entry in _exceptions(result.exception_info)]
    if failures:
        raise RuntimeError(
            f"{sample_id}: the expectation '{config.meta['name']}' could not be evaluated: {failures[0]}")
    columns = [config.kwargs[name] for name in ("column", "column_A", "column_B") if name in config.kwargs]
    details = result.result or {}
    return {
        "sample_id": sample_id,
        "expectation": config.meta["name"],
        "rule": config.meta["rule"],
        "audited_column": ", ".join(columns),
        "success": bool(result.success),
        "n_elements": int(frame[columns].notna().any(axis=1).sum()),
        "n_unexpected": 0 if result.success else details["unexpected_count"],
        "unexpected": None if result.success else _unexpected(details),
    }


def _exceptions(info: dict) -> list[dict]:
    """Great Expectations gives one exception entry, or one for each metric."""
    entries = [info] if "raised_exception" in info else list(info.values())
    return [entry for entry in entries if entry.get("raised_exception")]


def _unexpected(details: dict) -> str:
    shown = [row["item"] for row in details["unexpected_index_list"]][:SHOWN]
    rest = details["unexpected_count"] - len(shown)
    return "; ".join(shown) + (f"; and {rest} more" if rest > 0 else "")
