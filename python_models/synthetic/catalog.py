"""What the generator needs of the seeds, as plain records.

Every reader keeps the order of the rows: the order of a code list's rows decides which code stands for a
category, the order of a sample's variables is the file's column order.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

BLANK = "<blank>"
"""How a code list names an empty cell."""


class SyntheticError(ValueError):
    """The seeds ask for records that cannot exist; the message says where and what to change."""


@dataclass(frozen=True)
class Sample:
    """One row of ``survey/samples``."""

    sample_id: str
    wave: int
    country: str
    file: str
    format: str
    encoding: str
    sheet: str
    header_row: int
    n: int
    fieldwork_start: str
    fieldwork_end: str
    mode: str
    agency: str
    population: str
    source_id: str
    synthetic: bool = True


@dataclass(frozen=True)
class Question:
    """One row of ``survey/questions``; ``labels`` by language (en, ko, ja)."""

    question_id: str
    topic: str
    answer_type: str
    category_set: str
    universe_question_id: str
    universe_net: str
    universe_category_id: str
    labels: dict[str, str]


@dataclass(frozen=True)
class Category:
    """One row of ``survey/categories``; ``position`` is None for missing kinds and coarse categories."""

    category_id: str
    position: int | None
    net: str
    missing_type: str
    value_min: int | None
    value_max: int | None
    labels: dict[str, str]


@dataclass(frozen=True)
class Variable:
    """One row of ``crosswalk/variables``."""

    sample_id: str
    variable: str
    role: str
    question_id: str
    layout: str
    category_id: str
    code_list: str
    delimiter: str
    question_number: str


@dataclass(frozen=True)
class Margin:
    """The exact number of people of a sample in a category, out of the ``base_n`` who were asked."""

    category_id: str
    n: int
    base_n: int


@dataclass
class Catalog:
    """All seeds that the generator reads, indexed by their keys.

    ``margins`` is keyed by (sample, question); ``categories`` by set; ``code_lists`` by name, as pairs
    (code, category) in order; ``core`` by sample, as rows in respondent order; ``subgroups`` are the
    published breaks; ``fillers`` maps (sample, variable) to a kind of content.
    """

    samples: dict[str, Sample]
    questions: dict[str, Question]
    categories: dict[str, dict[str, Category]]
    variables: dict[str, list[Variable]]
    code_lists: dict[str, list[tuple[str, str]]]
    margins: dict[tuple[str, str], list[Margin]]
    core: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    subgroups: list[dict[str, str]] = field(default_factory=list)
    fillers: dict[tuple[str, str], str] = field(default_factory=dict)

    def category(self, question_id: str, category_id: str) -> Category:
        """The category of a question, looked up in its own set, then among the reserved ones."""
        category_set = self.questions[question_id].category_set
        for name in (category_set, "reserved"):
            if category_id in self.categories.get(name, {}):
                return self.categories[name][category_id]
        raise SyntheticError(
            f"question {question_id}: category {category_id!r} is neither in set {category_set!r} nor in "
            "'reserved'; add it to survey/categories or correct the row that names it"
        )

    def asked(self, sample_id: str) -> dict[str, list[Variable]]:
        """The sample's answer variables by question, in column order."""
        found: dict[str, list[Variable]] = {}
        for variable in self.variables.get(sample_id, []):
            if variable.role == "answer":
                found.setdefault(variable.question_id, []).append(variable)
        return found


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a seed; an absent seed is an error that names it."""
    if not path.is_file():
        raise SyntheticError(f"seed {path} does not exist; the generator cannot work without it")
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _labels(row: dict[str, str]) -> dict[str, str]:
    return {language: row[f"label_{language}"] for language in ("en", "ko", "ja")}


def _samples(found: Iterable[dict[str, str]]) -> dict[str, Sample]:
    return {
        r["sample_id"]: Sample(
            r["sample_id"], int(r["wave"]), r["country"], r["file"], r["format"], r["encoding"], r["sheet"],
            int(r["header_row"] or 1), int(r["n_expected"]), r["fieldwork_start"], r["fieldwork_end"],
            r["mode"], r["agency"], r["population"], r["source_id"],
            r["synthetic"].lower() == "true",
        )
        for r in found
    }  # fmt: skip


def load(seeds: Path) -> Catalog:
    """Read the seeds under ``seeds`` (the dbt project's seed folder).

    Raises SyntheticError when a seed is absent or a variable names an unknown question or code list.
    """
    catalog = Catalog(_samples(rows(seeds / "survey/samples.csv")), {}, {}, {}, {}, {})
    for r in rows(seeds / "survey/questions.csv"):
        catalog.questions[r["question_id"]] = Question(
            r["question_id"], r["topic"], r["answer_type"], r["category_set"], r["universe_question_id"],
            r["universe_net"], r["universe_category_id"], _labels(r),
        )  # fmt: skip
    for r in rows(seeds / "survey/categories.csv"):
        catalog.categories.setdefault(r["category_set"], {})[r["category_id"]] = Category(
            r["category_id"], _whole(r["position"]), r["net"], r["missing_type"],
            _whole(r["value_min"]), _whole(r["value_max"]), _labels(r),
        )  # fmt: skip
    for r in rows(seeds / "crosswalk/code_lists.csv"):
        catalog.code_lists.setdefault(r["code_list"], []).append((r["code"], r["category_id"]))
    for r in rows(seeds / "crosswalk/variables.csv"):
        variable = Variable(
            r["sample_id"], r["variable"], r["role"], r["question_id"], r["layout"], r["category_id"],
            r["code_list"], r["delimiter"], r["question_number"],
        )  # fmt: skip
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
        catalog.variables.setdefault(variable.sample_id, []).append(variable)
    for r in rows(seeds / "synthetic/margins.csv"):
        margin = Margin(r["category_id"], int(r["n"]), int(r["base_n"]))
        catalog.margins.setdefault((r["sample_id"], r["question_id"]), []).append(margin)
    for path in sorted((seeds / "synthetic").glob("core_*.csv")):
        records = rows(path)
        if records:
            catalog.core[f"{records[0]['country']}-{records[0]['wave']}"] = records
    catalog.subgroups = rows(seeds / "published/subgroups.csv")
    for r in rows(seeds / "synthetic/filler_columns.csv"):
        catalog.fillers[r["sample_id"], r["variable"]] = r["content"]
    return catalog
