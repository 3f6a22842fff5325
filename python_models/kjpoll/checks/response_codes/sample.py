"""What is checked of one sample, and what came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from kjpoll.common.frames import rows

from .frame import audit_frame
from .tables import AuditTables


class NumberRange(NamedTuple):
    """The smallest and largest number that a numeric question can have, None for no bound."""

    question_id: str
    lowest: float | None
    highest: float | None


@dataclass(frozen=True)
class CheckedSample:
    """All that decides the audit of one sample. frame: its rows of the audit frame; cut_sets: the category sets that
    cut numbers into categories; ranges: of the numeric questions that have a bound. Of a sample that is not eligible only the file itself is expected to be sound."""

    sample_id: str
    # A seed with two rows for the sample is a violation of its own.
    n_expected: tuple[int, ...]
    is_eligible: bool
    cut_sets: tuple[str, ...]
    ranges: tuple[NumberRange, ...]
    frame: pd.DataFrame


@dataclass(frozen=True)
class SampleAudit:
    """Its outcome. rows: one per expectation, keys as in run.ROWS; page: the HTML page with what was found."""

    sample_id: str
    success: bool
    n_met: int
    n_expectations: int
    rows: list[dict[str, Any]]
    page: str


def checked_samples(tables: AuditTables) -> list[CheckedSample]:
    """One for each sample of the seed, in order."""
    whole = audit_frame(tables)
    eligible = set(tables.int_eligible_sample["sample_id"])
    cut = tables.categories.dropna(subset=["value_min", "value_max"])
    cut_sets = tuple(sorted(cut["category_set"].unique()))
    expected = tables.samples.dropna(subset=["n_expected"]).drop_duplicates(["sample_id", "n_expected"])
    return [
        CheckedSample(
            sample_id,
            tuple(map(int, expected.loc[expected["sample_id"] == sample_id, "n_expected"])),
            sample_id in eligible,
            cut_sets,
            _ranges(tables.stg_column[tables.stg_column["sample_id"] == sample_id]),
            whole[whole["sample_id"] == sample_id].reset_index(drop=True),
        )
        for sample_id in sorted(tables.samples["sample_id"].dropna().unique())
    ]


def _ranges(columns: pd.DataFrame) -> tuple[NumberRange, ...]:
    numeric = columns[columns["answer_type"] == "numeric"].dropna(
        subset=["value_min", "value_max"], how="all"
    )
    return tuple(
        NumberRange(
            row.question_id,
            *(None if pd.isna(bound) else float(bound) for bound in (row.value_min, row.value_max)),
        )
        for row in rows(numeric.sort_values("question_id"))
    )
