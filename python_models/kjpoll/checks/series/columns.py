"""The answer columns of every sample as arrays: what was counted, and what its codes mean."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

# What columns have in common: the series of their sample, question, part, layout, categories and the like.
Key = tuple[str | frozenset[str], ...]


@dataclass(eq=False)
class Column:
    """One answer column. `counts` follows `codes`; `meaning` gives the category of each code of the list.

    `order` holds the substantive codes in the order of the questionnaire; a list that is shifted or
    reversed is read along it. `is_sorted`: each code stands in one run of records. `profile` holds, for each anchor (an ordinal question of most waves), the
    number of respondents per code who answered both, and the mean of the anchor's positions among them
    in standard deviations from its mean.
    """

    sample_id: str
    wave: int
    sample_series: str
    question_id: str
    answer_type: str
    variable: str
    file_position: int
    layout: str
    part: str
    is_about_respondent: bool
    code_list: str
    referent: str
    comparability: str
    codes: list[str]
    counts: np.ndarray
    meaning: dict[str, str]
    positions: dict[str, float]
    order: list[str]
    is_sorted: bool
    profile: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.categories = tuple(dict.fromkeys(self.meaning[code] for code in self.order))
        self.nonsubstantive = tuple(sorted(set(self.meaning.values()) - set(self.categories) - {"skipped"}))
        self.at = {code: index for index, code in enumerate(self.codes)}
        self.question_part = (self.sample_series, self.question_id, self.part, self.layout)
        self.form = (*self.question_part, frozenset(self.categories))
        self.series = (*self.form, self.comparability, self.referent)

    @property
    def name(self) -> tuple[str, str]:
        return self.sample_id, self.variable

    @property
    def n_categories(self) -> int:
        return len(self.categories)


def columns_of(counts: pd.DataFrame, profiles: pd.DataFrame) -> list[Column]:
    """counts: int_series_count, profiles: int_series_profile; one Column per sample and variable, in order."""
    columns = [_column(rows) for _, rows in sorted(_groups(counts, ["sample_id", "variable"]).items())]
    by_name = {column.name: column for column in columns}
    for (sample_id, variable, anchor), rows in sorted(
        _groups(profiles, ["sample_id", "variable", "anchor"]).items()
    ):
        column = by_name.get((sample_id, variable))
        if column and (standardised := _standardised(column, rows)):
            column.profile[anchor] = standardised
    return columns


def _groups(frame: pd.DataFrame, by: list[str]) -> dict[tuple[str, ...], list[Any]]:
    """The rows of a frame by a key; hundreds of small frames would cost seconds."""
    frame = frame.astype(object).where(frame.notna(), None)
    groups: dict[tuple[str, ...], list[Any]] = {}
    for key, row in zip(
        zip(*(frame[name] for name in by), strict=True), frame.itertuples(index=False), strict=True
    ):
        groups.setdefault(key, []).append(row)
    return groups


def _column(rows: list[Any]) -> Column:
    rows = sorted(rows, key=lambda row: row.code)
    first = rows[0]
    substantive = [row for row in rows if row.is_substantive]
    try:
        in_list = sorted(substantive, key=lambda row: float(row.code))
    except ValueError:
        in_list = sorted(substantive, key=lambda row: math.inf if row.position is None else row.position)
    same = (
        "sample_id",
        "question_id",
        "answer_type",
        "variable",
        "layout",
        "part",
        "is_about_respondent",
        "code_list",
    )
    return Column(
        **{name: getattr(first, name) for name in (*same, "comparability")},
        wave=int(first.wave),
        sample_series=first.series,
        file_position=int(first.column_position),
        referent=first.referent,
        codes=[row.code for row in rows],
        counts=np.array([row.n for row in rows], float),
        meaning={row.code: row.category_id for row in rows},
        positions={row.code: float(row.position) for row in rows if row.position is not None},
        order=[row.code for row in in_list],
        is_sorted=all(row.is_one_run for row in rows),
    )


def _standardised(column: Column, rows: list[Any]) -> tuple[np.ndarray, np.ndarray] | None:
    """None where all stand at the same place of the anchor, which then says nothing."""
    n, total, squares = np.zeros((3, len(column.codes)))
    for row in rows:
        at = column.at.get(row.code)
        if at is not None:
            n[at], total[at], squares[at] = row.n, row.total, row.total_of_squares
    if not n.sum():
        return None
    mean = total.sum() / n.sum()
    deviation = math.sqrt(max(squares.sum() / n.sum() - mean**2, 0))
    if deviation == 0:
        return None
    return n, (np.divide(total, n, out=np.full_like(n, mean), where=n > 0) - mean) / deviation
