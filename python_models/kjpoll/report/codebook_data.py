"""What the codebook knows of each question, read from a warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kjpoll.report.asked_of import asked_of, parents
from kjpoll.report.comparability import NOTED, Break, breaks
from kjpoll.report.line_charts import ASSUMED
from kjpoll.report.site import Site

Record = dict[str, Any]
# Columns whose codes are numbers of a range, age or year of birth: shown as spans, not one by one.
NUMBERS = ("number", "birth_year")

QUESTIONS = """
select
    question_id, topic, label_en, label_ko, label_ja, answer_type, category_set, universe, note
from marts.dim_question
order by topic, label_en, question_id;
"""
CATEGORIES = """
select question_id, category_id, position, net, missing_type, label_en, label_ko, label_ja
from marts.dim_category
order by question_id, missing_type nulls first, position nulls last, net desc nulls last, category_id;
"""
ASKED = f"""
with {NOTED},

crosswalk as (
    select sample_id, question_id, string_agg(distinct code_list, ', ' order by code_list) as code_list
    from seeds.variables
    where question_id is not null
    group by all
)

select
    question_id, sample_id, country, wave, asked, n_asked, n_answered, comparability, referent, universe,
    question_number, code_list, note
from marts.availability
left join crosswalk using (question_id, sample_id)
left join noted using (question_id, sample_id)
order by question_id, country desc, wave;
"""
FREQUENCIES = """
select question_id, sample_id, country, category_id, n, base_n, pct, basis
from analysis.topline
order by question_id, sample_id, category_id;
"""
NUMBERS_GIVEN = """
select question_id, country, wave, unit, n, mean, minimum, p25, median, p75, maximum, basis
from analysis.topline_number
order by question_id, country desc, wave, sample_id;
"""
PROVENANCE = f"""
with {NOTED}

select
    question_id, sample_id, country, file, variable, variable_label, layout, code, raw_label, category_id, n,
    array_to_string(
        list_filter(
            string_split(provenance.note, '; '),
            lambda phrase: not list_contains(coalesce(string_split(noted.note, '; '), []), phrase)
        ),
        '; '
    ) as own_note
from quality.provenance
inner join marts.dim_sample using (sample_id, file)
left join noted using (sample_id, question_id)
where question_id is not null
order by
    question_id, country desc, wave, column_position, try_cast(code as double) nulls last, code, category_id;
"""
FIGURES = "select question_id, figure, title from seeds.figures order by figure"
TABLES = """
select distinct terms.term as question_id, terms.printed_table
from analysis.regression_term as terms
where terms.printed_table is not null and terms.kind = 'coefficient'
union
select outcome, printed_table from analysis.regression_model where printed_table is not null
order by all
"""


@dataclass(frozen=True)
class CodebookQuestion:
    """One question: `asked` has a row per sample of the poll, `frequencies` one per sample and answer, `numbers` one per
    sample with numbers. `universe`: whom it was asked, in words, None if everybody; `parents`: the questions that decide it.
    """

    facts: Record
    categories: list[Record]
    samples: list[Record]
    frequencies: dict[tuple[str, str], Record]
    sources: list[SourceColumn]
    breaks: list[Break]
    universe: str | None
    parents: list[str]
    figures: list[Record]
    tables: list[str]
    numbers: list[Record]

    @property
    def question_id(self) -> str:
        return self.facts["question_id"]

    @property
    def path(self) -> str:
        return f"codebook/{self.question_id}.html"

    @property
    def asked(self) -> list[Record]:
        return [row for row in self.samples if row["asked"]]

    @property
    def not_asked(self) -> list[Record]:
        return [row for row in self.samples if not row["asked"]]

    def asked_in(self, country: str) -> list[Record]:
        """The samples of a country that asked the question."""
        return [row for row in self.asked if row["country"] == country]

    @property
    def has_assumed(self) -> bool:
        """Whether a share is one that nobody published of synthetic records."""
        return any(row["basis"] == ASSUMED for row in self.frequencies.values())

    def counted(self, country: str) -> list[Record]:
        """The categories that a country's answers have, in order."""
        present = {row["category_id"] for row in self.frequencies.values() if row["country"] == country}
        return [category for category in self.categories if category["category_id"] in present]

    def base(self, sample_id: str) -> int | None:
        """How many were asked in a sample; None if nobody's answers are counted there."""
        return next(
            (row["base_n"] for row in self.frequencies.values() if row["sample_id"] == sample_id), None
        )


@dataclass(frozen=True)
class SourceColumn:
    """A column of a wave file that feeds a question, and what its codes became: `codes`, in rows.

    `note`: what the crosswalk says of this column and not of all that the question has in the file.
    `as_above`: codes, labels and answers are those of the column before in the file; the counts are its own.
    """

    sample_id: str
    country: str
    file: str
    variable: str
    label: str | None
    layout: str
    note: str | None
    codes: list[Record]
    as_above: bool


def questions(site: Site) -> Iterator[CodebookQuestion]:
    """All questions, by topic and label."""
    categories = grouped(site.rows(CATEGORIES))
    samples = grouped(site.rows(ASKED))
    frequencies = grouped(site.rows(FREQUENCIES))
    provenance = grouped(site.rows(PROVENANCE))
    figures = grouped(site.rows(FIGURES))
    tables = grouped(site.rows(TABLES))
    numbers = grouped(site.rows(NUMBERS_GIVEN))
    for facts in site.rows(QUESTIONS):
        name = facts["question_id"]
        asked = [row for row in samples[name] if row["asked"]]
        yield CodebookQuestion(
            facts,
            categories[name],
            samples[name],
            {(row["sample_id"], row["category_id"]): row for row in frequencies.get(name, [])},
            [*sources(provenance.get(name, []))],
            breaks(site, name),
            asked_of(site, asked),
            parents(site, asked),
            figures.get(name, []),
            [str(row["printed_table"]) for row in tables.get(name, [])],
            numbers.get(name, []),
        )


def grouped(rows: Iterable[Record]) -> dict[str, list[Record]]:
    """Rows by their question."""
    groups: dict[str, list[Record]] = {}
    for row in rows:
        groups.setdefault(row["question_id"], []).append(row)
    return groups


def sources(rows: Iterable[Record]) -> Iterator[SourceColumn]:
    """The columns in the order of the rows, which stand by sample and column."""
    above = None
    for _, group in groupby(rows, key=lambda row: (row["sample_id"], row["variable"])):
        codes = [*group]
        first = codes[0]
        if first["layout"] in NUMBERS:
            codes = spans(codes)
        meaning = (first["file"], [(row["code"], row["raw_label"], row["category_id"]) for row in codes])
        yield SourceColumn(
            first["sample_id"],
            first["country"],
            first["file"],
            first["variable"],
            first["variable_label"],
            first["layout"],
            first["own_note"],
            codes,
            meaning == above,
        )
        above = meaning


def spans(codes: list[Record]) -> list[Record]:
    """Neighbouring codes of one category and without labels as one row, such as 20 to 29, counts added."""
    spans: list[Record] = []
    for _, group in groupby(codes, key=lambda row: (row["category_id"], row["raw_label"])):
        run = [*group]
        code = run[0]["code"] if len(run) == 1 else f"{run[0]['code']} to {run[-1]['code']}"
        spans.append(run[0] | {"code": code, "n": sum(row["n"] for row in run)})
    return spans
