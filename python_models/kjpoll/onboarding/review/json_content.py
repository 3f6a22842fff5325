"""The report on a new wave and the open rows, for programs. docs/json.md lists the keys, which stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kjpoll.onboarding.review.decisions import Group, OpenSample
from kjpoll.onboarding.review.toplines import Topline
from kjpoll.onboarding.review.wave_report import WaveReport

Content = dict[str, Any]


def open_content(samples: Sequence[OpenSample]) -> Content:
    """What waits for a person."""
    return {
        "open": bool(samples),
        "samples": [
            {
                "sample_id": sample.sample_id,
                "row_proposed": sample.is_proposed,
                "row_lacks": sample.lacks,
                "groups": [_group(group) for group in sample.groups],
            }
            for sample in samples
        ],
    }


def report_content(report: WaveReport) -> Content:
    """What add-wave found and proposes."""
    return {
        "sample_id": report.sample_id,
        "delivered_as": report.delivered_as,
        "records": report.n_records,
        "dry_run": report.is_dry_run,
        "written": report.written,
        "counts": report.counts,
        "file": [
            {"name": found.name, "value": found.value, "confidence": found.confidence, "reason": found.why}
            for found in report.findings
        ],
        "groups": [
            {
                "status": line.status,
                "question_id": line.question_id or None,
                "columns": line.variables,
                "score": report.score(line),
                "reason": report.why(line),
                "changes": line.changes,
                "faults": line.faults,
            }
            for line in report.lines
        ],
        "gone": report.gone,
        "codes": [
            {
                "question_id": code.question_id,
                "column": code.variable,
                "code": code.code,
                "label": code.label,
                "records": code.n,
                "before": code.before or None,
                "now": code.now or None,
            }
            for code in report.codes
        ],
        "outside_band": [_topline(topline) for topline in report.outside],
        "still_named": [
            {"question_id": question_id, "referent": referent} for question_id, referent in report.still_named
        ],
        "row_lacks": report.sample_lacks,
    }


def _group(group: Group) -> Content:
    return {
        "question_id": group.question_id or None,
        "columns": group.variables,
        "code_lists": group.code_list.split(", ") if group.code_list else [],
        "ignored": group.is_ignored,
        "score": group.score,
        "reason": group.why,
        "faults": group.faults,
    }


def _topline(topline: Topline) -> Content:
    return {
        "question_id": topline.question_id,
        "category_id": topline.category_id,
        "pct": topline.pct,
        "low": topline.low,
        "high": topline.high,
        "last": topline.series[0][1],
    }
