"""What a table needs, read from a released warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import duckdb

from kjpoll.common.languages import label_columns
from kjpoll.common.properties import LABEL_PREFIX
from kjpoll.tables.table_error import TableError

Record = dict[str, Any]
# In regression_model.series.
BETWEEN_SERIES = ";"
SIGNIFICANT = 0.05
TABLES = (
    "analysis.regression_model",
    "analysis.regression_term",
    "analysis.regression_assumption",
    "marts.dim_question",
    "marts.dim_category",
    "marts.dim_sample",
    "marts.dim_country",
)


@dataclass(frozen=True)
class ReleasedModels:
    """The rows of the seven tables, each a dict by column name; models and terms in printed order.

    odds: by model, the score tests of proportional odds that reject, overall and of terms: the test to read, since it is
    always there and right in small cells (docs/regression-engine.md). languages: those of the labels, in their order.
    """

    path: Path
    models: list[Record]
    terms: dict[str, list[Record]]
    odds: dict[str, list[Record]]
    questions: dict[str, Record]
    categories: dict[str, list[Record]]
    samples: dict[str, Record]
    countries: dict[str, Record]
    languages: tuple[str, ...]

    def samples_of(self, model: Record) -> list[str]:
        """The samples that a model was fitted on."""
        return [
            sample_id
            for sample_id, row in self.samples.items()
            if row["series"] in model["series"].split(BETWEEN_SERIES)
            and model["first_wave"] <= row["wave"] <= model["last_wave"]
        ]

    def names(self) -> list[str]:
        """The numbers of the printed tables."""
        return list(
            dict.fromkeys(
                str(row["printed_table"]) for row in self.models if row["printed_table"] is not None
            )
        )

    def select(self, name: str) -> list[Record]:
        """The models of a printed table by its number, or those whose ids match a list of ids and patterns.

        ``1``; ``table1_model5``; ``table1_model5,table2_model5``; ``table?_model5``. TableError if a part of the
        name matches nothing.
        """
        if name in self.names():
            return [row for row in self.models if str(row["printed_table"]) == name]
        chosen: dict[str, Record] = {}
        for part in (part.strip() for part in name.split(",")):
            rows = [row for row in self.models if fnmatchcase(row["model_id"], part)]
            if not rows:
                ids = ", ".join(row["model_id"] for row in self.models)
                raise TableError(
                    f"{self.path} has no table or model {part!r}; name one of the tables "
                    f"{', '.join(self.names())}, or models by id or pattern: {ids}"
                )
            chosen.update((row["model_id"], row) for row in rows)
        return list(chosen.values())


def waves(model: Record) -> str:
    """The wave of a model, or its first and last: 2023, 2014-2023."""
    first, last = model["first_wave"], model["last_wave"]
    return str(first) if first == last else f"{first}\u2013{last}"


def read(path: Path) -> ReleasedModels:
    """Read a warehouse, without writing to it. TableError if there is none or it lacks a table or any model."""
    if not path.is_file():
        raise TableError(
            f"{path}: there is no warehouse; run make build, or name another file with --warehouse"
        )
    try:
        con = duckdb.connect(path, read_only=True)
    except duckdb.Error as error:
        raise TableError(
            f"{path} cannot be read as a warehouse; name the released file with --warehouse: {error}"
        ) from error
    with con:
        return gather(con, path)


def gather(con: duckdb.DuckDBPyConnection, path: Path) -> ReleasedModels:
    """The same from a warehouse that is open; `path` is its name in messages. TableError as in `read`."""
    present = {
        name
        for (name,) in con.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
        ).fetchall()
    }
    if absent := [table for table in TABLES if table not in present]:
        raise TableError(
            f"{path} has no {', '.join(absent)}; name a released warehouse with --warehouse, "
            "or run make build"
        )
    models = _rows(con, "from analysis.regression_model order by printed_table nulls last, model, model_id")
    terms = _rows(con, "from analysis.regression_term order by model_id, term_position")
    odds = _rows(
        con,
        "from analysis.regression_assumption where test = 'score' and kind in ('overall', 'term') "
        f"and p_value < {SIGNIFICANT} order by model_id, test_position",
    )
    questions = _rows(con, "from marts.dim_question")
    categories = _rows(con, "from marts.dim_category order by question_id, position nulls last, category_id")
    samples = _rows(con, "from marts.dim_sample order by sample_id")
    countries = _rows(con, "from marts.dim_country order by country_order, country")
    described = con.execute("describe marts.dim_question").fetchall()
    if not models:
        raise TableError(
            f"{path}: analysis.regression_model has no rows: the survey has no models; describe one in "
            "dbt_project/seeds/analysis/regression_models.csv, and build again"
        )
    return ReleasedModels(
        path,
        models,
        _grouped(terms, "model_id"),
        _grouped(odds, "model_id"),
        {row["question_id"]: row for row in questions},
        _grouped(categories, "question_id"),
        {row["sample_id"]: row for row in samples},
        {row["country"]: row for row in countries},
        tuple(name.removeprefix(LABEL_PREFIX) for name in label_columns(column for column, *_ in described)),
    )


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Record]:
    result = con.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _grouped(rows: list[Record], key: str) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups
