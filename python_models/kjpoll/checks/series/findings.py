"""The diagnoses as rows of the rule models, with the seed lines that would resolve them."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kjpoll.common.file_hash import Engine
from kjpoll.common.frames import records
from kjpoll.common.json_cache import read_cache, write_cache

from .columns import Column, columns_of
from .diagnosis import Diagnosis, diagnose
from .scrambled import Scrambled, scrambled_columns
from .series_evidence import PublishedShare, SeriesEvidence

TYPES = dict.fromkeys(
    ("rule", "sample_id", "question_id", "variable", "other_question_id", "other_variable"), "string"
) | {"n": "int64", "log_likelihood_ratio": "float64", "finding": "string", "resolve_with": "string"}

FILE = "findings.json"
# What decides the findings but what they are of.
ENGINE = Engine(("kjpoll.checks.series", "kjpoll.common"), ("numpy", "pandas"))

# How the codes fit better, where a recoding concerns all of them.
HOW = {"reversed_scale": "in reverse", "shifted_codes": "shifted by one"}

# (sample, variable) -> its line of the crosswalk.
Lines = Mapping[tuple[str, str], dict[str, Any]]


def series_findings(
    counts: pd.DataFrame,
    profiles: pd.DataFrame,
    designs: pd.DataFrame,
    published: pd.DataFrame,
    variables: pd.DataFrame,
    code_lists: pd.DataFrame,
    movement: float,
    cache_dir: Path | None = None,
) -> pd.DataFrame:
    """One row per column, or pair of columns, that fits its series far better with another meaning, and per column
    that goes with no other any more; of columns moved together the first alone has a finding, which names all.

    counts: int_series_count. profiles: int_series_profile. designs: sample_id, design_effect. published: one
    row per published percentage and category (sample_id, question_id, option_id, source_id, lower, upper,
    category_id). variables, code_lists: the crosswalk seeds. movement: percentage points by which a share of 50% usually moves
    between waves. cache_dir: where the rows are cached from one build to the next, which looks for faults again only if something
    of this or the code changed. The order is that of clearness.
    """
    # The order of the rows of a table is that of no build but this.
    texts = [
        frame.sort_values(list(frame.columns)).to_csv(index=False, na_rep=chr(0))
        for frame in (counts, profiles, designs, published, variables, code_lists)
    ]
    key = ENGINE.key(movement, *texts)
    cache_file = None if cache_dir is None else cache_dir / FILE
    cached = read_cache(cache_file)
    if key not in cached:
        cached = {key: _found(counts, profiles, designs, published, variables, code_lists, movement)}
        write_cache(cache_file, cached)
    return pd.DataFrame(cached[key], columns=list(TYPES)).astype(TYPES)


def _found(
    counts: pd.DataFrame,
    profiles: pd.DataFrame,
    designs: pd.DataFrame,
    published: pd.DataFrame,
    variables: pd.DataFrame,
    code_lists: pd.DataFrame,
    movement: float,
) -> list[dict[str, Any]]:
    """The rows of series_findings."""
    evidence = SeriesEvidence(
        columns_of(counts, profiles),
        dict(zip(designs["sample_id"], designs["design_effect"], strict=True)),
        _published_shares(published),
        # Near 50% the arcsine square root moves as much as the share.
        movement / 100,
    )
    lines: Lines = {
        (row["sample_id"], row["variable"]): row
        for row in records(variables.astype(object).where(variables.notna(), ""))
    }
    lists = {
        str(name): dict(zip(rows["code"], rows["category_id"], strict=True))
        for name, rows in code_lists.groupby("code_list")
    }
    rows = [_row(evidence, diagnosis, lines, lists) for diagnosis in diagnose(evidence)]
    rows += [row for scrambled in scrambled_columns(evidence) for row in _scrambled_rows(scrambled)]
    return rows


def _published_shares(published: pd.DataFrame) -> dict[tuple[str, str], list[PublishedShare]]:
    shares: dict[tuple[str, str], list[PublishedShare]] = defaultdict(list)
    columns = ["sample_id", "question_id", "option_id", "source_id", "lower", "upper"]
    key: Any
    # A published number may have no source.
    for key, categories in published.groupby(columns, dropna=False)["category_id"]:
        shares[key[:2]].append(PublishedShare(frozenset(categories), *key[-2:]))
    return shares


def _row(
    evidence: SeriesEvidence, diagnosis: Diagnosis, lines: Lines, lists: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    column, partner = diagnosis.column, diagnosis.exchanged_with
    moved = [partner is not None or diagnosis.is_moved(code) for code in column.codes]
    return {
        "rule": diagnosis.rule,
        "sample_id": column.sample_id,
        "question_id": column.question_id,
        "variable": column.variable,
        "other_question_id": partner.question_id if partner else None,
        "other_variable": partner.variable if partner else None,
        "n": int(column.counts[moved].sum()),
        "log_likelihood_ratio": diagnosis.gain,
        "finding": _finding(evidence, diagnosis),
        "resolve_with": _resolve(diagnosis, lines, lists),
    }


def _scrambled_rows(scrambled: Scrambled) -> list[dict[str, Any]]:
    """One row a column, so that what follows from each is suppressed."""
    first = scrambled.columns[0]
    rows = [
        {
            "rule": "scrambled_column",
            "sample_id": first.sample_id,
            "question_id": first.question_id,
            "variable": first.variable,
            "other_question_id": None if column is first else column.question_id,
            "other_variable": None if column is first else column.variable,
            "n": int(first.counts.sum()),
            "log_likelihood_ratio": scrambled.gain,
            "finding": None,
            "resolve_with": None,
        }
        for column in scrambled.columns
    ]
    rows[0]["finding"] = _scrambled_finding(scrambled)
    rows[0]["resolve_with"] = (
        f"compare {first.variable} with the agency's file, record by record, and put its rows back in order: "
        "a column was sorted, shuffled or moved by a row on its own, or a part of the file was joined by a wrong key"
    )
    return rows


def _scrambled_finding(scrambled: Scrambled) -> str:
    first, association = scrambled.columns[0], scrambled.association
    if first.is_sorted and len(scrambled.columns) == 1:
        return (
            f"the answers of {first.variable} stand sorted in the file, each code in one run of records: they do not stand "
            "beside those of the same respondents, unless the whole file was sorted by them"
        )
    assert association is not None
    strength = (
        f"{first.variable} goes {association.ratio:.2f} (standard error {association.information**-0.5:.2f}) times as much "
        f"as in the other waves with {', '.join(scrambled.anchors)} (log likelihood ratio {scrambled.gain:.0f})"
    )
    if len(scrambled.columns) == 1:
        return (
            f"the answers of {first.variable} do not stand beside those of the same respondents (or those of the questions "
            f"named here do not, moved together): {strength}"
        )
    in_file = sorted(scrambled.columns, key=lambda column: column.file_position)
    return (
        f"the columns {', '.join(column.variable for column in in_file)} were moved together, so that their answers do not "
        f"stand beside those of the same respondents in the other columns (or all the others were moved; and columns that "
        f"tell little, between {in_file[0].variable} and {in_file[-1].variable}, may have been too): {strength}"
    )


def _finding(evidence: SeriesEvidence, diagnosis: Diagnosis) -> str:
    column, partner = diagnosis.column, diagnosis.exchanged_with
    if partner is not None:
        parts = [
            f"the columns {column.variable} and {partner.variable} fit the other waves better the other way round",
            f"{column.variable}, {_shares(evidence, column, column, column.meaning)}",
            f"{partner.variable}, {_shares(evidence, partner, partner, partner.meaning)}",
        ]
    else:
        codes, how = "the codes", HOW.get(diagnosis.rule, "exchanged")
        if diagnosis.rule == "exchanged_codes":
            codes = "the codes " + " and ".join(
                f"{code} ({column.meaning[code]})" for code in column.order if diagnosis.is_moved(code)
            )
        parts = [
            f"{codes} of {column.variable} fit the other waves better {how}",
            f"{_shares(evidence, column, column, column.meaning)}",
            f"{how}: {_percentages(evidence, column, column, diagnosis.meaning)}",
        ]
    doubt = f"; either {column.sample_id} or {diagnosis.or_sample} is wrong: the other waves do not say which"
    return (
        "; ".join(parts)
        + f" (log likelihood ratio {diagnosis.gain:.0f})"
        + (doubt if diagnosis.or_sample else "")
    )


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
