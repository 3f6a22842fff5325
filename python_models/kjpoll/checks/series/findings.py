"""The diagnoses as rows of the rule models, with the seed lines that would resolve them."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kjpoll.common.frames import records, rows

from .columns import Column, columns_of
from .diagnosis import Diagnosis, diagnose
from .series_evidence import PublishedShare, SeriesEvidence

FIELDS = [
    "rule",
    "sample_id",
    "question_id",
    "variable",
    "other_question_id",
    "other_variable",
    "n",
    "log_likelihood_ratio",
    "finding",
    "resolve_with",
]

# (sample, variable) -> its line of the crosswalk.
Lines = Mapping[tuple[str, str], dict[str, Any]]


def series_findings(
    counts: pd.DataFrame,
    profiles: pd.DataFrame,
    designs: pd.DataFrame,
    published: pd.DataFrame,
    variables: pd.DataFrame,
    code_lists: pd.DataFrame,
) -> pd.DataFrame:
    """One row per column, or pair of columns, that fits its series far better with another meaning.

    counts: int_series_count. profiles: int_series_profile. designs: sample_id, design_effect. published: one
    row per published percentage and category (sample_id, question_id, option_id, source_id, lower, upper,
    category_id). variables, code_lists: the crosswalk seeds. The order is that of clearness.
    """
    evidence = SeriesEvidence(
        columns_of(counts, profiles),
        dict(zip(designs["sample_id"], designs["design_effect"], strict=True)),
        _published_shares(published),
    )
    lines: Lines = {
        (row["sample_id"], row["variable"]): row
        for row in records(variables.astype(object).where(variables.notna(), ""))
    }
    lists: dict[str, dict[str, str]] = defaultdict(dict)
    for name, code, category in zip(
        code_lists["code_list"], code_lists["code"], code_lists["category_id"], strict=True
    ):
        lists[name][code] = category
    rows = [_row(evidence, diagnosis, lines, lists) for diagnosis in diagnose(evidence)]
    return pd.DataFrame(rows, columns=FIELDS).astype(
        {
            "n": "int64",
            "log_likelihood_ratio": "float64",
            **{name: "string" for name in FIELDS if name not in ("n", "log_likelihood_ratio")},
        }
    )


def _published_shares(published: pd.DataFrame) -> dict[tuple[str, str], list[PublishedShare]]:
    categories: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in rows(published):
        categories[row.sample_id, row.question_id, row.option_id, row.source_id, row.lower, row.upper].add(
            row.category_id
        )
    shares = defaultdict(list)
    for (sample_id, question_id, _, _, lower, upper), group in sorted(categories.items()):
        shares[sample_id, question_id].append(PublishedShare(frozenset(group), lower, upper))
    return shares


def _row(
    evidence: SeriesEvidence, diagnosis: Diagnosis, lines: Lines, lists: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    column, partner = diagnosis.column, diagnosis.exchanged_with
    moved = [
        n
        for code, n in zip(column.codes, column.counts, strict=True)
        if partner is not None or diagnosis.meaning[code] != column.meaning[code]
    ]
    return {
        "rule": diagnosis.rule,
        "sample_id": column.sample_id,
        "question_id": column.question_id,
        "variable": column.variable,
        "other_question_id": partner.question_id if partner else None,
        "other_variable": partner.variable if partner else None,
        "n": int(sum(moved)),
        "log_likelihood_ratio": diagnosis.gain,
        "finding": _finding(evidence, diagnosis),
        "resolve_with": _resolve(diagnosis, lines, lists),
    }


def _finding(evidence: SeriesEvidence, diagnosis: Diagnosis) -> str:
    column, partner = diagnosis.column, diagnosis.exchanged_with
    if partner is not None:
        parts = [
            f"the columns {column.variable} and {partner.variable} fit the other waves better the other way round",
            f"{column.variable}, {_shares(evidence, column, column, column.meaning)}",
            f"{partner.variable}, {_shares(evidence, partner, partner, partner.meaning)}",
        ]
    else:
        how = {"reversed_scale": "in reverse", "shifted_codes": "shifted by one"}[diagnosis.rule]
        parts = [
            f"the codes of {column.variable} fit the other waves better {how}",
            f"{_shares(evidence, column, column, column.meaning)}",
            f"{how}: {_percentages(evidence, column, column, diagnosis.meaning)}",
        ]
    return "; ".join(parts) + f" (log likelihood ratio {diagnosis.gain:.0f})"


def _shares(evidence: SeriesEvidence, column: Column, like: Column, meaning: Mapping[str, str]) -> str:
    text = f"{like.question_id}{' ' + like.part if like.part else ''} as coded: {_percentages(evidence, column, like, meaning)}"
    expected = evidence.reference(like)[0][: like.n_categories]
    if np.isnan(expected).any():
        return text + ", against its correlations in the other waves or the published percentages"
    return text + ", in the series: " + _listed(like, 100 * np.sin(expected) ** 2)


def _percentages(evidence: SeriesEvidence, column: Column, like: Column, meaning: Mapping[str, str]) -> str:
    counts = evidence.observed(column, like, meaning)[: like.n_categories]
    return _listed(like, 100 * counts / max(counts.sum(), 1))


def _listed(column: Column, percentages: Sequence[float]) -> str:
    return " ".join(
        f"{category} {value:.0f}%" for category, value in zip(column.categories, percentages, strict=True)
    )


def _resolve(diagnosis: Diagnosis, lines: Lines, lists: Mapping[str, Mapping[str, str]]) -> str:
    column, partner = diagnosis.column, diagnosis.exchanged_with
    line = lines[column.name]
    if partner is not None:
        return (
            f"correct the file, or crosswalk/variables.csv: {_line(lines[partner.name] | {'variable': column.variable})} "
            f"and crosswalk/variables.csv: {_line(line | {'variable': partner.variable})}"
        )
    same = sorted(
        name for name, meaning in lists.items() if name != column.code_list and meaning == diagnosis.meaning
    )
    if same:
        return f"correct the file, or crosswalk/variables.csv: {_line(line | {'code_list': same[0]})}"
    return (
        f"correct the file, or give {column.variable} in crosswalk/variables.csv another code list with "
        + ", ".join(f"{code} = {diagnosis.meaning[code]}" for code in column.order)
    )


def _line(row: Mapping[str, str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(row.values())
    return text.getvalue()
