"""The codebook: every question on a page of its own, a grid of who was asked what when, and a search."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from kjpoll.report import theme
from kjpoll.report.codebook_data import CATEGORIES, QUESTIONS, CodebookQuestion, questions
from kjpoll.report.comparability import DIFFERENCES
from kjpoll.report.downloads import offer
from kjpoll.report.language import language
from kjpoll.report.site import Page, Section, Site

SECTION = Section(
    "Codebook",
    "codebook/index.html",
    "Every question: labels in three languages, where it was asked, frequencies, the columns it comes from.",
)
# The letter of the grid for each state; `asked` is that of a question in its reference form.
MARKS = {"asked": "●", **{name: name[0].upper() for name in DIFFERENCES}}
# Columns that are read in a way of their own; the others hold one answer each.
LAYOUTS = {
    "ranked": "by rank",
    "delimited": "several in one cell",
    "number": "a number",
    "birth_year": "the year of birth",
}
# Without the samples that did not ask: the file is small and lists what there is.
AVAILABILITY = """
select question_id, sample_id, question_number, n_asked, n_answered, comparability, referent
from marts.availability
where asked
order by question_id, sample_id;
"""
DOWNLOADS = (
    ("questions", "Questions", QUESTIONS),
    ("categories", "Categories", CATEGORIES),
    ("availability", "Where asked", AVAILABILITY),
)


def pages(site: Site) -> Iterable[Page]:
    site.environment.filters.update(language=language)
    shown = [*questions(site)]
    site.write("codebook/search-index.js", search_index(shown))
    samples = site.rows("select sample_id, country, wave from marts.dim_sample order by country desc, wave")
    yield Page(
        SECTION.path,
        SECTION.title,
        "codebook.html.j2",
        {
            "topics": {topic: [*group] for topic, group in groupby(shown, key=lambda q: q.facts["topic"])},
            "questions": shown,
            "samples": samples,
            "countries": {
                country: [*group] for country, group in groupby(samples, key=lambda row: row["country"])
            },
            "marks": MARKS,
            "differences": DIFFERENCES,
            "downloads": [offer(site, "codebook", *download) for download in DOWNLOADS],
        },
    )
    for at, question in enumerate(shown):
        yield Page(
            question.path,
            question.facts["label_en"],
            "question.html.j2",
            {
                "question": question,
                "layouts": LAYOUTS,
                "countries": [country for country in theme.COUNTRY_NAMES if question.asked_in(country)],
                "before": shown[at - 1] if at else None,
                "after": shown[at + 1] if at + 1 < len(shown) else None,
            },
        )


def search_index(questions: Iterable[CodebookQuestion]) -> str:
    """What the search looks through: a classic script that sets `codebookIndex`, so pages from files load it.

    A list of questions: `id`, `topic`, `labels` (English, Korean, Japanese), `categories` (the same, per
    answer), `numbers` (question numbers), `variables` (columns of the wave files).
    """
    entries = [entry(question) for question in questions]
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    return f"window.codebookIndex = {text};\n"


def entry(question: CodebookQuestion) -> dict[str, Any]:
    return {
        "id": question.question_id,
        "topic": question.facts["topic"],
        "labels": labels(question.facts),
        "categories": [labels(category) for category in question.categories if not category["missing_type"]],
        "numbers": [
            *dict.fromkeys(row["question_number"] for row in question.asked if row["question_number"])
        ],
        "variables": [*dict.fromkeys(source.variable for source in question.sources)],
    }


def labels(row: dict[str, Any]) -> list[str]:
    """English, Korean, Japanese; a label that is missing is empty."""
    return [row[f"label_{tongue}"] or "" for tongue in ("en", "ko", "ja")]
