"""What the page of a printed table of models shows, read from a warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kjpoll.report.downloads import Download, offer
from kjpoll.report.site import Site
from kjpoll.tables import numbers, text, warehouse
from kjpoll.tables.layout import Table, arrange
from kjpoll.tables.table_labels import Labels
from kjpoll.tables.warehouse import Record, ReleasedModels
from kjpoll.tables.words import Words

SIGNIFICANT = 0.05
Key = tuple[str, str]
"""A term and its level; the level is empty for a term without levels."""

TERMS = """
select
    model_id, term_position, kind, term, category_id, reference_category,
    estimate, std_error, statistic, p_value, stars, ci_low, ci_high, odds_ratio
from analysis.regression_term
where printed_table = {number}
order by model, term_position;
"""
ASSUMPTIONS = """
select model_id, test, kind, term, category_id, chi2, df, p_value, problem
from analysis.regression_assumption
where model_id in (select model_id from analysis.regression_model where printed_table = {number})
order by model_id, test_position;
"""
EFFECTS = """
select
    model_id, term, category_id, reference_category, kind, outcome_category,
    effect, std_error, p_value, ci_low, ci_high
from analysis.regression_effect
where model_id in (select model_id from analysis.regression_model where printed_table = {number})
order by model_id, effect_position;
"""
WAVES = """
select
    models.base_model_id, model_id, models.wave, models.n_obs, models.left_out, models.comparability_breaks,
    terms.term, terms.category_id, terms.reference_category, terms.estimate, terms.std_error, terms.statistic,
    terms.p_value, terms.stars, terms.ci_low, terms.ci_high
from analysis.regression_model as models
inner join analysis.regression_term as terms using (model_id)
where
    terms.kind = 'coefficient'
    and models.variant = 'earlier_wave'
    and models.base_model_id in (
        select model_id from analysis.regression_model where printed_table = {number}
    )
order by models.base_model_id, models.wave, terms.term_position;
"""
SENSITIVITY = """
select
    model_id, alternative_id, kind, term, category_id, reference_category, estimate, std_error, p_value,
    stars, n_obs, difference, lowest, highest, problem
from analysis.regression_sensitivity
where
    kind <> 'cut_point'
    and model_id in (select model_id from analysis.regression_model where printed_table = {number})
order by all;
"""
PUBLISHED_CELLS = """
select
    model, kind, term, category_id, statistic, printed, warehouse_value, difference,
    published_stars, warehouse_stars, eligible, agrees, close, note
from quality.reconciliation_regression
where printed_table = {number}
order by model, kind, term, category_id, statistic;
"""
QUERIES = (
    ("estimates", "Estimates", TERMS),
    ("proportional-odds", "Tests of proportional odds", ASSUMPTIONS),
    ("marginal-effects", "Marginal effects", EFFECTS),
    ("earlier-waves", "Earlier waves", WAVES),
    ("sensitivity", "Sensitivity", SENSITIVITY),
    ("published", "Compared with the published table", PUBLISHED_CELLS),
)


@dataclass(frozen=True)
class PrintedTable:
    """A printed table: its models in order, its layout, and what else the warehouse knows of those models."""

    number: str
    source: ReleasedModels
    labels: Labels
    layout: Table
    models: list[Record]
    downloads: dict[str, Download]
    codings: dict[str, list[Record]]

    @property
    def name(self) -> str:
        return f"table-{self.number}"

    @property
    def country(self) -> str:
        return self.models[0]["series"]

    @property
    def outcome(self) -> str:
        return self.models[0]["outcome"]

    @cached_property
    def last(self) -> Record:
        """The model with the most terms, as a rule the last: charts show this one."""
        return max(self.models, key=lambda model: (model["df_model"], model["model"]))

    @cached_property
    def coefficients(self) -> list[tuple[Key, str]]:
        """Every term and level of the table in printed order, with a label that stands alone."""
        coefficients, heading = [], ""
        for row in self.layout.rows:
            if row.kind == "heading":
                heading = row.label
            elif row.kind in ("term", "level"):
                label = row.label if row.kind == "term" else f"{heading}: {row.label}"
                coefficients.append(((row.term, row.category_id), label))
        return coefficients

    def rows(self, download: str) -> list[Record]:
        return self.downloads[download].rows

    def estimates(self, model_id: str) -> dict[Key, Record]:
        """The coefficients of a model."""
        return {
            key_of(row): row
            for row in self.rows("estimates")
            if row["model_id"] == model_id and row["kind"] == "coefficient"
        }

    def tests(self, model_id: str) -> dict[tuple[str, str, str, str], Record]:
        """The tests of proportional odds of a model, by test (score, likelihood_ratio, brant), kind (overall, term,
        level), term and level."""
        return {
            (row["test"], row["kind"], row["term"] or "", row["category_id"] or ""): row
            for row in self.rows("proportional-odds")
            if row["model_id"] == model_id
        }

    def effects(self, model_id: str) -> dict[tuple[str, str, str], Record]:
        """The average marginal effects of a model, by term, level and answer."""
        return {
            (*key_of(row), row["outcome_category"]): row
            for row in self.rows("marginal-effects")
            if row["model_id"] == model_id
        }

    def alternatives(self, model_id: str) -> dict[str, dict[Key, Record]]:
        """The coefficients of a model under each choice of harmonisation, the published one first.

        A level stands under the alternatives alone that have it with the published reference.
        """
        published = self.estimates(model_id)
        forms: dict[str, dict[Key, Record]] = {"published": {}}
        for row in self.rows("sensitivity"):
            if row["model_id"] != model_id or row["kind"] != "coefficient":
                continue
            rows_of_form = forms.setdefault(row["alternative_id"], {})
            if key_of(row) in published and row["difference"] is not None:
                rows_of_form[key_of(row)] = row
        return forms

    def by_wave(self, model_id: str) -> list[Record]:
        """A model's coefficients in the earlier waves and, last, its own."""
        model = next(model for model in self.models if model["model_id"] == model_id)
        earlier = [row for row in self.rows("earlier-waves") if row["base_model_id"] == model_id]
        return earlier + [
            row | {"wave": model["wave"], "comparability_breaks": None}
            for row in self.estimates(model_id).values()
        ]

    def fits_by_wave(self, model_id: str) -> Table | None:
        """The model wave by wave in the printed shape; None where no earlier wave asked its terms."""
        if not any(row["base_model_id"] == model_id for row in self.rows("earlier-waves")):
            return None
        return arrange(self.source, f"{model_id}@*,{model_id}")

    def answers(self) -> list[tuple[str, str]]:
        """The outcome's answers in order: category and label."""
        return [
            (row["category_id"], row["label_en"])
            for row in self.source.categories[self.outcome]
            if row["position"] is not None
        ]


def read(site: Site) -> list[PrintedTable]:
    """Every printed table of the warehouse, by number; its files are written beside its page."""
    source = warehouse.gather(
        site.connection,
        Path(
            site.rows("select path from duckdb_databases() where database_name = current_database()")[0][
                "path"
            ]
        ),
    )
    labels = Labels(source, Words("en"))
    codings: dict[str, list[Record]] = {}
    for row in site.rows("select * from seeds.regression_terms order by model_id, term_order"):
        codings.setdefault(row["model_id"], []).append(row)
    tables = []
    for number in source.names():
        layout = arrange(source, number, fit_statistics=True)
        site.write(f"tables/table-{number}.csv", text.csv([layout]))
        downloads = {
            name: offer(site, "tables", f"table-{number}-{name}", title, sql.format(number=int(number)))
            for name, title, sql in QUERIES
        }
        tables.append(PrintedTable(number, source, labels, layout, source.select(number), downloads, codings))
    return tables


def key_of(row: Record) -> Key:
    return row["term"], row["category_id"] or ""


def p_value(value: float | None) -> str:
    """A p value with three decimals; empty for none."""
    if value is None:
        return ""
    return "< 0.001" if value < 0.0005 else f"{value:.3f}"


def interval(low: float, high: float) -> str:
    """An interval with the digits of an estimate: 0.382 to 0.749."""
    return f"{numbers.estimate(low)} to {numbers.estimate(high)}"


def readings(table: PrintedTable, model: Record) -> list[dict[str, Any]]:
    """How each term enters a model and what its signs say: label, enters, dont_know, and `says`, a list."""
    estimates = table.estimates(model["model_id"])
    readings = []
    for coding in table.codings[model["model_id"]]:
        term = coding["term"]
        levels = [row for key, row in estimates.items() if key[0] == term]
        names = {row["category_id"]: row["label_en"] for row in table.source.categories[term]}
        placed = [row["label_en"] for row in table.source.categories[term] if row["position"] is not None]
        nominal = table.source.questions[term]["answer_type"] == "nominal"
        if coding["coding"] == "categorical":
            enters = f"its levels against “{names[coding['reference_category']]}”"
            says = [sign_in_words(table, row, f"“{names[row['category_id']]}”") for row in levels]
        elif nominal:
            enters = "the number of the answer, as printed"
            says = ["The numbers only name the answers, so the size of the coefficient means nothing."]
        else:
            enters = f"the position of the answer, from “{placed[0]}” to “{placed[-1]}”"
            says = [sign_in_words(table, row, f"Nearer “{placed[-1]}”") for row in levels]
        readings.append(
            {
                "term": term,
                "label": table.labels.question(term),
                "enters": enters,
                "says": says,
                "dont_know": "a level of its own" if coding["dont_know"] == "category" else "left out",
            }
        )
    return readings


def sign_in_words(table: PrintedTable, row: Record, who: str) -> str:
    if row["p_value"] >= SIGNIFICANT:
        return f"{who}: no significant difference ({numbers.estimate(row['estimate'])})."
    answers = direction(table)[row["estimate"] > 0]
    return f"{who} goes with {answers} answers ({numbers.estimate(row['estimate'])})."


def direction(table: PrintedTable) -> tuple[str, str]:
    """What a negative and what a positive coefficient goes with, as an adjective before "answers"."""
    answers = [row for row in table.source.categories[table.outcome] if row["position"] is not None]
    if (answers[0]["net"], answers[-1]["net"]) == ("positive", "negative"):
        return "more favourable", "less favourable"
    return f"“{answers[0]['label_en']}” and nearer", f"“{answers[-1]['label_en']}” and nearer"
