"""The explorer: any question by country or by any other question, over the waves, and a box for SQL.

Toplines and trends are in the page, as the release has them. Crosstabs and SQL need the engine, DuckDB in the
browser, which `make report` gets from npm: a report without it says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kjpoll.report import explorer_data, theme
from kjpoll.report.comparability import breaks
from kjpoll.report.site import Page, Section, Site

SECTION = Section(
    "Explorer",
    "explorer/index.html",
    "Any question by country, sex, age or any other: crosstabs, trends, SQL.",
)
SCRIPTS = ("text", "choice", "engine", "topline", "crosstab", "trend", "query", "page")
ENGINE_FILES = ("engine.js", "worker.js", "duckdb.wasm.gz", "licences.txt")
RESPONDENT = "respondent"
"""The topic of the questions that divide the respondents: sex, age and the like."""

LANGUAGES = {"en": "English", "ko": "한국어", "ja": "日本語"}
COUNTRY_LABELS = {"KOR": ("Korea", "한국", "韓国"), "JPN": ("Japan", "일본", "日本")}
NET_LABELS = {
    "positive": ("Positive", "긍정", "肯定"),
    "neither": ("Neither", "중립", "中立"),
    "negative": ("Negative", "부정", "否定"),
}

QUESTIONS = """
select question_id, topic, answer_type, label_en, label_ko, label_ja from marts.dim_question
order by topic = ?, topic, label_en
"""
CATEGORIES = """
select question_id, category_id, missing_type, label_en, label_ko, label_ja from marts.dim_category
order by question_id, missing_type nulls first, position nulls last, category_id
"""
ASKED = """
select question_id, wave, country, comparability, referent, n_asked from marts.availability where asked
order by question_id, wave, country desc
"""
# Each row with its percentage and interval, rounded to what a drawing can show; an assumed share has no interval.
CELLS = """
select question_id, wave, country, 'category' as grouping, category_id, n, base_n,
    round(ci_low, 2) as ci_low, round(ci_high, 2) as ci_high, round(pct, 3) as pct, basis
from analysis.topline
union all
select question_id, wave, country, 'net', net, n, base_n, round(ci_low, 2), round(ci_high, 2), round(pct, 3), basis
from analysis.topline_net
order by question_id, wave, country desc, grouping desc, category_id
"""


def pages(site: Site) -> Iterable[Page]:
    site.write("explorer/toplines.js", f"explorer.data = {compact(toplines(site))};\n")
    # With the database, the site may be as large as the tables are; without it, it stays small enough to mail.
    downloads = [
        {"table": table, "path": explorer_data.download(site, table)} | described(site, table)
        for table in (explorer_data.DOWNLOADS if site.engine else ())
    ]
    yield Page(SECTION.path, SECTION.title, "explorer.html.j2", {
        "scripts": [f"assets/explorer-{name}.js" for name in SCRIPTS],
        "languages": LANGUAGES,
        "engine": write_engine(site, site.engine) if site.engine else None,
        "downloads": downloads,
    })  # fmt: skip


def write_engine(site: Site, folder: Path) -> dict[str, Any]:
    """Put the engine and its tables into the site; what the page's script has to know to start it."""
    for name in ENGINE_FILES:
        site.write(f"explorer/engine/{name}", (folder / name).read_bytes())
    script = explorer_data.script(site)
    site.write("explorer/engine/tables.sql", script)
    fetched = (folder / "duckdb.wasm.gz").stat().st_size
    known = []
    for table in explorer_data.tables(site):
        address = f"engine/{table.schema}.{table.name}.arrow.gz"
        packed = table.packed
        site.write(f"explorer/{address}", packed)
        fetched += len(packed)
        known.append({"schema": table.schema, "name": table.name, "address": address})
    return {
        "program": "engine/engine.js",
        "worker": "engine/worker.js",
        "wasm": "engine/duckdb.wasm.gz",
        "tables": known,
        "script": script,
        "bytes": fetched,
    }


def toplines(site: Site) -> dict[str, Any]:
    """Every question with categories, its samples, breaks, and the numbers of topline and topline_net.

    Of numeric questions there is nothing to count: they are in topline_number, which the box for SQL has.
    """
    questions = {
        row["question_id"]: {
            "id": row["question_id"], "topic": row["topic"], "type": row["answer_type"], "label": labels(row),
            "categories": [], "asked": [], "cells": [],
            "breaks": [[at.country, at.wave, at.reason] for at in breaks(site, row["question_id"])],
        }
        for row in site.rows(QUESTIONS, [RESPONDENT])
        if row["answer_type"] != "numeric"
    }  # fmt: skip
    for row in site.rows(CATEGORIES):
        if row["question_id"] not in questions:
            continue
        questions[row["question_id"]]["categories"].append({
            "id": row["category_id"], "missing": row["missing_type"], "label": labels(row),
            "colour": site.colours.of(row["question_id"], row["category_id"]),
        })  # fmt: skip
    for key, sql in (("asked", ASKED), ("cells", CELLS)):
        for row in site.rows(sql):
            if (name := row.pop("question_id")) in questions:
                questions[name][key].append([*row.values()])
    return {
        "countries": {
            code: {"label": named(COUNTRY_LABELS[code]), "colour": colour}
            for code, colour in theme.COUNTRY_COLOURS.items()
        },
        "nets": {
            net: {"label": named(NET_LABELS[net]), "colour": colour}
            for net, colour in theme.NET_COLOURS.items()
        },
        "questions": [*questions.values()],
        "respondent": RESPONDENT,
        "first": site.rows("select question_id from seeds.figures order by figure limit 1")[0]["question_id"],
        "muted": theme.MUTED,
    }


def labels(row: dict[str, Any]) -> dict[str, str]:
    """The labels of a row by language; where one is missing, the English one and no other claim."""
    return named([row[f"label_{language}"] or row["label_en"] for language in LANGUAGES])


def named(texts: Iterable[str]) -> dict[str, str]:
    return dict(zip(LANGUAGES, texts, strict=True))


def described(site: Site, table: str) -> dict[str, Any]:
    """What a table holds, in the words of its comment, and how many rows."""
    schema, _, name = table.partition(".")
    return site.rows(
        "select coalesce(comment, '') as comment, estimated_size as n from duckdb_tables() "
        "where schema_name = ? and table_name = ?",
        [schema, name],
    )[0]


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
