"""A released warehouse small enough to make in a moment: its facts and results follow from its files and seeds."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from kjpoll.release.history import COLUMNS

SAMPLES = {"KOR-2020": (2020, "KOR"), "JPN-2020": (2020, "JPN"), "KOR-2021": (2021, "KOR")}

SEEDS: dict[str, list[dict[str, Any]]] = {
    "samples": [
        {
            "sample_id": sample,
            "wave": wave,
            "country": country,
            "series": country,
            "file": f"{wave}/{country}.csv",
            "format": "csv",
            "encoding": "utf-8",
            "note": None,
        }
        for sample, (wave, country) in SAMPLES.items()
    ],
    "questions": [
        {"question_id": "liking", "label_en": "Liking", "answer_type": "ordinal", "category_set": "scale"},
        {"question_id": "party", "label_en": "Party", "answer_type": "nominal", "category_set": "parties"},
        {
            "question_id": "worries",
            "label_en": "Worries",
            "answer_type": "multiple",
            "category_set": "worries",
        },
    ],
    "categories": [
        {"category_set": s, "category_id": c, "position": p, "net": n, "missing_type": m, "label_en": c}
        for s, c, p, n, m in [
            ("scale", "good", 1, "positive", None),
            ("scale", "fair", 2, "positive", None),
            ("scale", "bad", 3, "negative", None),
            ("scale", "dont_know", None, None, "dont_know"),
            ("parties", "red", None, None, None),
            ("parties", "blue", None, None, None),
            ("worries", "war", None, None, None),
            ("worries", "prices", None, None, None),
        ]
    ],
    "variables": [
        {
            "sample_id": sample,
            "variable": variable,
            "role": role,
            "question_id": question,
            "layout": layout,
            "category_id": None,
            "code_list": codes,
            "delimiter": ";" if layout == "delimited" else None,
            "comparability": "identical" if question else None,
            "referent": None,
            "review": "reviewed",
            "note": None,
        }
        for sample in SAMPLES
        for variable, role, question, layout, codes in [
            ("id", "id", None, None, None),
            ("w", "weight", None, None, None),
            ("q1", "answer", "liking", "single", "scale_korean" if sample[0] == "K" else "scale_japanese"),
            ("q2", "answer", "party", "single", "parties_1"),
            ("q3", "answer", "worries", "delimited", "worries_1"),
        ]
    ],
    "code_lists": [
        {"code_list": codes, "code": code, "category_id": category, "note": None}
        for codes, code, category in [
            ("scale_korean", "1", "good"),
            ("scale_korean", "2", "fair"),
            ("scale_korean", "3", "bad"),
            ("scale_korean", "9", "dont_know"),
            ("scale_japanese", "1", "bad"),
            ("scale_japanese", "2", "fair"),
            ("scale_japanese", "3", "good"),
            ("scale_japanese", "9", "dont_know"),
            ("parties_1", "1", "red"),
            ("parties_1", "2", "blue"),
            ("worries_1", "1", "war"),
            ("worries_1", "2", "prices"),
        ]
    ],
    "figures": [
        {"figure": 99, "title": "Liking", "question_id": "liking", "grouping": "net", "first_wave": 2020}
    ],
    "regression_models": [
        {
            "model_id": "liking_by_party",
            "variant": "published",
            "printed_table": 1,
            "model": 1,
            "series": "KOR",
            "first_wave": 2020,
            "last_wave": 2021,
            "outcome": "liking",
            "weight": "none",
            "common_sample": False,
        }
    ],
    "regression_terms": [{"model_id": "liking_by_party", "term": "party", "dont_know": "missing"}],
    "waivers": [],
}
PUBLISHED = {
    "toplines": [
        {
            "sample_id": "KOR-2021",
            "question_id": "liking",
            "option_id": "good",
            "pct": 40.0,
            "lower": None,
            "upper": None,
            "source_id": "paper",
            "legibility": "reported",
            "note": None,
        }
    ],
}

MODELS = """
create view coded as
select answer.sample_id, answer.row, columns.*exclude (sample_id), answer.value, questions.category_set, questions.answer_type,
    answer.sample_id || '-' || printf('%04d', answer.row) as respondent_id
from raw.answer as answer join seeds.variables as columns using (sample_id, variable)
join seeds.questions as questions on columns.question_id = questions.question_id;
create view weighed as
select answer.sample_id, answer.row, answer.value::double as weight from raw.answer as answer
join seeds.variables as columns using (sample_id, variable) where columns.role = 'weight';
create table marts.fct_response as
select respondent_id, coded.sample_id, samples.wave, samples.country, question_id, categories.category_id,
    categories.position, categories.net, coalesce(categories.missing_type, 'answered') as answer_status, weight,
    comparability, variable as raw_variable, value as raw_code
from coded join seeds.samples as samples on coded.sample_id = samples.sample_id
join weighed on coded.sample_id = weighed.sample_id and coded.row = weighed.row
join seeds.code_lists as codes on coded.code_list = codes.code_list and coded.value = codes.code
join seeds.categories as categories
    on coded.category_set = categories.category_set and codes.category_id = categories.category_id
where layout = 'single';
create table marts.fct_multiple_response as
select respondent_id, coded.sample_id, samples.wave, samples.country, question_id, codes.category_id,
    bool_or(list_contains(string_split(value, ';'), codes.code)) as chosen, 'answered' as answer_status,
    any_value(weight) as weight, comparability, variable as raw_variable, value as raw_code
from coded join seeds.samples as samples on coded.sample_id = samples.sample_id
join weighed on coded.sample_id = weighed.sample_id and coded.row = weighed.row
join seeds.code_lists as codes on coded.code_list = codes.code_list
where layout = 'delimited'
group by all;
create table marts.dim_respondent as
select answer.sample_id || '-' || printf('%04d', answer.row) as respondent_id, answer.sample_id, samples.wave,
    samples.country, answer.value as agency_id, weight
from raw.answer as answer join seeds.samples as samples using (sample_id)
join seeds.variables as columns using (sample_id, variable) join weighed using (sample_id, row) where columns.role = 'id';
create table marts.panel as
select respondent_id, any_value(sample_id) as sample_id, any_value(wave) as wave, any_value(country) as country,
    any_value(weight) as weight, max(position) filter (question_id = 'liking') as liking,
    max(category_id) filter (question_id = 'party') as party
from marts.fct_response group by respondent_id;
create table marts.dim_sample as
select sample_id, wave, country, series, samples.file, sha256, note from seeds.samples as samples join raw.wave_file using (sample_id);
create table marts.dim_question as select question_id, label_en from seeds.questions;
create table marts.dim_category as
select question_id, category_id, position, net, categories.label_en
from seeds.questions as questions join seeds.categories as categories using (category_set);
create view shares as
select sample_id, wave, country, question_id, category_id, any_value(position) as position, any_value(net) as net,
    any_value(comparability) as comparability, count(*) as n, sum(weight) as weighted
from marts.fct_response group by sample_id, wave, country, question_id, category_id
union all
select sample_id, wave, country, question_id, category_id, null, null, any_value(comparability), count(*) filter (chosen),
    sum(weight) filter (chosen)
from marts.fct_multiple_response group by sample_id, wave, country, question_id, category_id;
create view bases as
select sample_id, question_id, count(distinct respondent_id) as base_n, sum(weight) as base_weighted
from (select distinct sample_id, question_id, respondent_id, weight from marts.fct_response
    union all select distinct sample_id, question_id, respondent_id, weight from marts.fct_multiple_response)
group by sample_id, question_id;
create table analysis.topline as
select shares.* exclude (weighted), base_n, 100 * weighted / base_weighted as pct, 100.0 * n / base_n as pct_unweighted
from shares join bases using (sample_id, question_id);
create table analysis.topline_net as
select sample_id, wave, country, question_id, net, any_value(comparability) as comparability, sum(n)::bigint as n,
    any_value(base_n) as base_n, sum(pct) as pct
from analysis.topline where net is not null group by sample_id, wave, country, question_id, net;
create table analysis.figure_99 as
select figure, sample_id, country, wave, topline.question_id, net as option_id, n, pct
from analysis.topline_net as topline join seeds.figures as figures using (question_id) where wave >= first_wave;
create table analysis.trend as
select sample_id, series, shown.country, question_id, net, shown.wave, pct, lag(shown.wave) over line as previous_wave,
    pct - lag(pct) over line as change
from analysis.topline_net as shown join marts.dim_sample using (sample_id)
window line as (partition by series, question_id, net order by shown.wave);
create table analysis.regression_model as
select models.model_id, null::varchar as base_model_id, variant, printed_table, model, models.series, first_wave,
    last_wave, outcome, weight, common_sample,
    (select sum(liking.position * (hash(party.category_id) % 1000)) from marts.fct_response as liking
        join marts.fct_response as party using (respondent_id)
        where liking.question_id = outcome and party.question_id = 'party' and liking.country = models.series
        and liking.wave between first_wave and last_wave)::double as log_likelihood
from seeds.regression_models as models;
create table analysis.regression_term as
select model_id, 'coefficient' as kind, term, null::varchar as category_id, log_likelihood / 7 as estimate
from analysis.regression_model join seeds.regression_terms using (model_id);
create table quality.reconciliation_topline as
select 'toplines' as published_in, printed.sample_id, printed.question_id, option_id, source_id,
    printed.pct as published_pct, shown.n as warehouse_n, shown.pct as warehouse_pct, shown.pct - printed.pct as difference
from published.toplines as printed left join analysis.topline as shown
    on printed.sample_id = shown.sample_id and printed.question_id = shown.question_id
    and printed.option_id = shown.category_id
"""


@dataclass
class SmallRelease:
    """What a release is made from. Change any of it in a copy and write both to compare them."""

    seeds: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: copy.deepcopy(SEEDS))
    published: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: copy.deepcopy(PUBLISHED))
    files: dict[str, list[dict[str, str]]] = field(
        default_factory=lambda: {
            sample: [
                {
                    "id": f"{n:03d}",
                    "w": "1.0",
                    "q1": "1239"[(n + k) % 4],
                    "q2": "12"[n % 2],
                    "q3": ("1", "2", "1;2")[n % 3],
                }
                for n in range(10)
            ]
            for k, sample in enumerate(SAMPLES, start=1)
        }
    )
    sha256: dict[str, str] = field(default_factory=lambda: {sample: f"{sample} first" for sample in SAMPLES})
    code_hash: str | None = "code one"
    engine: str | None = "duckdb 2, statsmodels 1"
    built_at: datetime = datetime(2026, 1, 1)
    after: tuple[str, ...] = ()

    def copied(self) -> SmallRelease:
        return copy.deepcopy(self)

    def line(self, seed: str, **where: Any) -> dict[str, Any]:
        """The one line of a seed that has these values, to be changed."""
        seeds = self.seeds | self.published
        (found,) = [row for row in seeds[seed] if where.items() <= row.items()]
        return found

    def cell(self, sample: str, row: int, variable: str, value: str) -> None:
        """Change a cell, and with it the file's hash."""
        self.files[sample][row - 1][variable] = value
        self.sha256[sample] = f"{sample} second"

    def write(self, path: Path) -> Path:
        with duckdb.connect(path) as con:
            for schema in ("raw", "seeds", "published", "marts", "analysis", "quality"):
                con.execute(f"create schema {schema}")
            answers = [
                (sample, row, variable, position, value)
                for sample, rows in self.files.items()
                for row, cells in enumerate(rows, start=1)
                for position, (variable, value) in enumerate(cells.items(), start=1)
            ]
            self._table(
                con,
                "raw.answer",
                [
                    dict(zip(("sample_id", "row", "variable", "column_position", "value"), cell))
                    for cell in answers
                ],
            )
            self._table(
                con,
                "raw.wave_file",
                [
                    {
                        "sample_id": sample,
                        "file": f"{sample[4:]}/{sample[:3]}.csv",
                        "sha256": self.sha256[sample],
                    }
                    for sample in self.files
                ],
            )
            for schema, seeds in (("seeds", self.seeds), ("published", self.published)):
                for name, rows in seeds.items():
                    if rows:
                        self._table(con, f"{schema}.{name}", rows)
            for statement in (MODELS, *self.after):
                con.execute(statement)
            self._release_row(con, path.stem)
        return path

    @staticmethod
    def _table(con: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> None:
        frame = pd.DataFrame(rows).astype("object")
        frame = frame.where(frame.notna(), None)
        kinds = {
            "row": "integer",
            "wave": "smallint",
            "position": "smallint",
            "column_position": "integer",
            "figure": "smallint",
            "first_wave": "smallint",
            "last_wave": "smallint",
            "pct": "double",
            "common_sample": "boolean",
            "lower": "double",
            "upper": "double",
            "expires": "date",
        }
        cells = ", ".join(
            f'cast("{column}" as {kinds.get(column, "varchar")}) as "{column}"' for column in frame
        )
        con.register("_rows", frame)
        con.execute(f"create table {name} as select {cells} from _rows")
        con.unregister("_rows")

    def _release_row(self, con: duckdb.DuckDBPyConnection, name: str) -> None:
        con.execute(
            "create table quality.release (" + ", ".join(f"{n} {k}" for n, (_, k) in COLUMNS.items()) + ")"
        )
        row = {
            "release_id": name,
            "built_at": self.built_at,
            "content_hash": name,
            "code_hash": self.code_hash,
            "engine": self.engine,
        }
        con.execute(
            f"insert into quality.release by name select {', '.join(f'? as {column}' for column in row)}",
            list(row.values()),
        )
