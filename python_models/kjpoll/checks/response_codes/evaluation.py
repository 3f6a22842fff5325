"""Great Expectations at work: it runs the suites of samples, and its results become rows and pages."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
from great_expectations.core import ExpectationValidationResult
from great_expectations.data_context.types.base import ProgressBarsConfig

from .page import PageWriter
from .sample import CheckedSample, SampleAudit
from .suites import sample_suite

SHOWN = 10
VERDICTS = {"result_format": "BASIC"}
# It costs half as much again, and only a failure has rows to name.
OFFENDERS = {"result_format": "COMPLETE", "unexpected_index_column_names": ["item"]}


def evaluate(samples: Iterable[CheckedSample]) -> list[SampleAudit]:
    """Run the suite of each sample.

    Raises RuntimeError where an expectation could not be evaluated, since Great Expectations reports that as a
    plain failure.
    """
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    batches = (
        context.data_sources.add_pandas("wave_files")
        .add_dataframe_asset("frames")
        .add_batch_definition_whole_dataframe("sample")
    )
    writer = PageWriter()
    results = []
    for sample in samples:
        suite = sample_suite(sample)
        batch = batches.get_batch(batch_parameters={"dataframe": sample.frame})
        outcome = batch.validate(suite, result_format=VERDICTS)
        if not outcome.success:
            outcome = batch.validate(suite, result_format=OFFENDERS)
        rows = [_row(sample, result) for result in outcome.results]
        counts = outcome.statistics
        results.append(
            SampleAudit(
                sample.sample_id,
                bool(outcome.success),
                counts["successful_expectations"],
                counts["evaluated_expectations"],
                rows,
                writer.page(sample.sample_id, outcome, rows),
            )
        )
    return results


def _row(sample: CheckedSample, result: ExpectationValidationResult) -> dict[str, Any]:
    config: Any = result.expectation_config
    failures = [entry["exception_message"] for entry in _exceptions(result.exception_info)]
    if failures:
        raise RuntimeError(
            f"{sample.sample_id}: the expectation '{config.meta['name']}' could not be evaluated: {failures[0]}"
        )
    columns = [config.kwargs[name] for name in ("column", "column_A", "column_B") if name in config.kwargs]
    details = result.result or {}
    return {
        "sample_id": sample.sample_id,
        "expectation": config.meta["name"],
        "rule": config.meta["rule"],
        "audited_column": ", ".join(columns),
        "success": bool(result.success),
        "n_elements": int(sample.frame[columns].notna().any(axis=1).sum()),
        "n_unexpected": 0 if result.success else int(details["unexpected_count"]),
        "unexpected": None if result.success else _unexpected(details),
    }


def _exceptions(info: dict[str, Any]) -> list[dict[str, Any]]:
    """Great Expectations gives one exception entry, or one for each metric."""
    entries = [info] if "raised_exception" in info else list(info.values())
    return [entry for entry in entries if entry.get("raised_exception")]


def _unexpected(details: dict[str, Any]) -> str:
    shown = [row["item"] for row in details["unexpected_index_list"]][:SHOWN]
    rest = details["unexpected_count"] - len(shown)
    return "; ".join(shown) + (f"; and {rest} more" if rest > 0 else "")
