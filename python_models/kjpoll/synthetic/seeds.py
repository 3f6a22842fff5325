"""What the seeds say, for the calibration and for the records.

Every function keeps the order of the rows: the order of a code list's rows decides which code stands for a
category, the order of a sample's variables is the file's column order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from kjpoll.common.seed_file import SeedError, read_seed
from kjpoll.synthetic.catalog import (
    Catalog,
    Category,
    Margin,
    Question,
    SyntheticError,
    SyntheticSample,
    SyntheticVariable,
    UniverseCondition,
)

MARGINS = "synthetic/margins.csv"
CORE = "synthetic/core_records.csv"
OPTIONS = "published/topline_options.csv"
Record = TypeVar("Record", SyntheticSample, Question, UniverseCondition, Category, SyntheticVariable, Margin)
# How a cell becomes a value, by the type that a class gives its column.
VALUES: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "float | None": lambda cell: float(cell) if cell else None,
    "int | None": lambda cell: int(cell) if cell else None,
    "bool": lambda cell: cell.lower() == "true",
}


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a seed as text, empty cells as ''. Raises SyntheticError for a seed that cannot be read."""
    try:
        return read_seed(path)
    except SeedError as error:
        raise SyntheticError(str(error)) from error


def load(seeds: Path) -> Catalog:
    """Everything that the records rest on: the survey, its margins, published breaks and fillers.

    ``seeds`` is the dbt project's seed folder. Raises SyntheticError as ``load_survey`` does.
    """
    catalog = load_survey(seeds)
    for r in rows(seeds / MARGINS):
        catalog.margins.setdefault((r["sample_id"], r["question_id"]), []).append(_record(Margin, r))
    catalog.subgroups = rows(seeds / "published/subgroups.csv")
    for r in rows(seeds / "synthetic/filler_columns.csv"):
        catalog.fillers[r["sample_id"], r["variable"]] = r["content"]
    return catalog


def load_survey(seeds: Path) -> Catalog:
    """Samples, questions, universes, categories, the crosswalk and the core records; no margins.

    Raises SyntheticError when a seed is absent, a variable names an unknown question or code list, or core
    records belong to no sample.
    """
    catalog = Catalog()
    for r in rows(seeds / "survey/samples.csv"):
        catalog.samples[r["sample_id"]] = _record(SyntheticSample, r)
    for r in rows(seeds / "survey/questions.csv"):
        catalog.questions[r["question_id"]] = _record(Question, r)
    for r in rows(seeds / "survey/universes.csv"):
        catalog.universes.setdefault(r["universe"], []).append(_record(UniverseCondition, r))
    for r in rows(seeds / "survey/categories.csv"):
        catalog.categories.setdefault(r["category_set"], {})[r["category_id"]] = _record(Category, r)
    for r in rows(seeds / OPTIONS):
        catalog.groups.setdefault((r["question_id"], r["option_id"]), []).append(r["category_id"])
    for r in rows(seeds / "crosswalk/code_lists.csv"):
        catalog.code_lists.setdefault(r["code_list"], []).append((r["code"], r["category_id"]))
    for r in rows(seeds / "crosswalk/variables.csv"):
        catalog.variables.setdefault(r["sample_id"], []).append(_variable(catalog, r))
    for record in rows(seeds / CORE):
        sample = catalog.sample_of(record["country"], record["wave"], CORE)
        catalog.core.setdefault(sample.sample_id, []).append(record)
    for sample_id, records in catalog.core.items():
        asked = [column for column in records[0] if any(record[column] for record in records)]
        catalog.core[sample_id] = [{column: record[column] for column in asked} for record in records]
    return catalog


def _record(kind: type[Record], row: dict[str, str]) -> Record:
    """The columns of a row that the class has, each in its type."""
    try:
        return kind(**{column.name: VALUES[str(column.type)](row[column.name]) for column in fields(kind)})
    except ValueError as error:
        raise SyntheticError(f"{','.join(row.values())}: {error}; correct the row of the seed") from error


def _variable(catalog: Catalog, row: dict[str, str]) -> SyntheticVariable:
    variable = _record(SyntheticVariable, row)
    if variable.role == "answer" and variable.question_id not in catalog.questions:
        raise SyntheticError(
            f"crosswalk/variables: {variable.sample_id} {variable.variable} names the unknown question "
            f"{variable.question_id!r}; add it to survey/questions"
        )
    if variable.code_list and variable.code_list not in catalog.code_lists:
        raise SyntheticError(
            f"crosswalk/variables: {variable.sample_id} {variable.variable} names the unknown code list "
            f"{variable.code_list!r}; add its rows to crosswalk/code_lists"
        )
    return variable
