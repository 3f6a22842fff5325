"""What a published figure shows, read from a warehouse: its numbers, the names of its answers, its breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kjpoll.report import theme
from kjpoll.report.asked_of import asked_of
from kjpoll.report.comparability import Break, breaks
from kjpoll.report.line_charts import ASSUMED
from kjpoll.report.site import Site
from kjpoll.tables.numbers import percent

NET_LABELS = {"positive": "Positive", "neither": "Neither", "negative": "Negative"}
# With fewer waves than this there is no line to follow, and the answers are stacked.
WAVES_OF_A_TREND = 3

FIGURES = """
select figures.*, label_en, label_ko, label_ja, answer_type, dim_question.note as question_note
from seeds.figures inner join marts.dim_question using (question_id) order by figure
"""


@dataclass(frozen=True)
class FigureSeries:
    """One answer, or one net, of a figure."""

    series: str
    label: str
    colour: str
    is_missing: bool


@dataclass(frozen=True)
class Figure:
    """A published figure. `rows` are those of its table in the warehouse, `sql` the query that gave them."""

    number: int
    question: dict[str, Any]
    sql: str
    rows: list[dict[str, Any]]
    series: tuple[FigureSeries, ...]
    breaks: tuple[Break, ...]
    categories: list[dict[str, Any]]
    asked: list[dict[str, Any]]
    universe: str | None

    @property
    def title(self) -> str:
        return self.question["title"]

    @property
    def name(self) -> str:
        return f"figure-{self.number:02d}"

    @cached_property
    def countries(self) -> tuple[str, ...]:
        return tuple(c for c in theme.COUNTRY_NAMES if any(row["country"] == c for row in self.rows))

    @cached_property
    def waves(self) -> tuple[int, ...]:
        return tuple(sorted({row["wave"] for row in self.rows}))

    @property
    def is_trend(self) -> bool:
        return self.question["grouping"] == "net" and len(self.waves) >= WAVES_OF_A_TREND

    @property
    def is_multiple(self) -> bool:
        return self.question["answer_type"] == "multiple"

    def of(self, country: str) -> list[dict[str, Any]]:
        """The rows of a country, by wave and answer."""
        return [row for row in self.rows if row["country"] == country]

    def bases_of(self, country: str) -> tuple[int, int]:
        """The smallest and the largest base that a wave of the country has."""
        bases = [row["base_n"] for row in self.of(country)]
        return min(bases), max(bases)

    def breaks_of(self, country: str) -> list[Break]:
        return [series_break for series_break in self.breaks if series_break.country == country]

    def alt(self, country: str) -> str:
        """The country's part of the figure in words, with its numbers."""
        parts = []
        for series in self.series:
            values = [
                f"{percent(row['pct'])} in {row['wave']}{' (assumed)' if row['basis'] == ASSUMED else ''}"
                for row in self.of(country)
                if row["option_id"] == series.series
            ]
            if values:
                parts.append(f"{series.label}: {', '.join(values)}.")
        return f"{theme.COUNTRY_NAMES[country]}, per cent. {' '.join(parts)}"


def figures(site: Site) -> Iterator[Figure]:
    """All figures that the warehouse knows, by number."""
    for question in site.rows(FIGURES):
        yield read(site, question)


def read(site: Site, question: dict[str, Any]) -> Figure:
    number, question_id = question["figure"], question["question_id"]
    sql = (
        "select\n"
        "    country, wave, question_id, option_id, n, base_n, pct, ci_low, ci_high, comparability, basis, source_id, synthetic\n"
        f"from analysis.figure_{number:02d}\n"
        "order by country desc, wave, option_order, option_id;\n"
    )
    rows = site.rows(sql)
    categories = site.rows(
        "select category_id, position, net, missing_type, label_en, label_ko, label_ja "
        "from marts.dim_category where question_id = ? "
        "order by missing_type nulls first, position nulls last, net desc, category_id",
        [question_id],
    )
    asked = site.rows(
        "select sample_id, country, wave, question_number, n_asked, n_answered, comparability, referent, universe "
        "from marts.availability where asked and question_id = ? "
        "and wave between ? and ? order by country desc, wave",
        [question_id, question["first_wave"], question["last_wave"]],
    )
    inside = tuple(
        series_break
        for series_break in breaks(site, question_id)
        if question["first_wave"] <= series_break.previous_wave and series_break.wave <= question["last_wave"]
    )
    return Figure(
        number,
        question,
        sql,
        rows,
        named(site, question_id, question["grouping"], rows, categories),
        inside,
        categories,
        asked,
        asked_of(site, asked),
    )


def named(
    site: Site, question_id: str, grouping: str, rows: list[dict[str, Any]], categories: list[dict[str, Any]]
) -> tuple[FigureSeries, ...]:
    """The answers of the rows in their order, each with the label and the colour that it has everywhere."""
    by_id = {category["category_id"]: category for category in categories}
    # A net and a category may share a name (neither), so the figure's grouping decides which is meant.
    nets = NET_LABELS if grouping == "net" else {}
    order = [*nets, *(category_id for category_id in by_id if category_id not in nets)]
    shown = sorted({row["option_id"] for row in rows}, key=order.index)
    return tuple(
        FigureSeries(
            series,
            nets.get(series) or by_id[series]["label_en"],
            site.colours.of(question_id, series),
            series not in nets and by_id[series]["missing_type"] is not None,
        )
        for series in shown
    )
