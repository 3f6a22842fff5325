"""Countries, questions, waves and figures are rows of the seeds: what leads from landing to release names none of them."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.support.project import CHECKOUT

SEARCHED = ("dbt_project/models", "dbt_project/macros", "dbt_project/tests", "dbt_project/dbt_project.yml",
            "python_models/dbt_models", "python_models/kjpoll")  # fmt: skip
KINDS = {".sql", ".py", ".yml", ".md", ".j2"}
# What is no part of that way, or is written from the seeds: the generator of the shipped wave files, the report on this poll,
# dbt's unit tests, whose rows are examples, and the tables of the published figures with their list.
LEFT_OUT = re.compile(
    r"kjpoll/(synthetic|report)/|/unit_tests\.yml$|models/analysis/figures/|macros/functions/figure_tables\.sql$"
)
# Modules that tell encodings apart call a script by the language that is written in it.
SCRIPTS = re.compile(r"kjpoll/onboarding/detect/")
# The set that every survey has.
BUILT_IN = {"reserved"}
YEAR = re.compile(r"(?<![\d.])20(?!00)\d\d(?![\d.])")
WAVE = re.compile(r"(?<![\d.])20(?:1[3-9]|2[0-9])(?![\d.])")
FIGURE = re.compile(r"\bfigure[ _]?0*[1-9]\d*\b", re.IGNORECASE)

# What is still named; each line goes with what it is about.
STILL_NAMED = {
    # A format of Excel is called by its year.
    "python_models/kjpoll/onboarding/detect/file_format.py": {"2007"},
}


def seed(name: str) -> list[dict[str, str]]:
    with (CHECKOUT / f"dbt_project/seeds/{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def words(names: set[str], plural: str = "") -> re.Pattern[str]:
    """Any of the names where no letter stands beside it."""
    listed = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{listed}){plural}(?![^\W_])")


def country_names() -> set[str]:
    rows = seed("survey/countries")
    columns = [name for name in rows[0] if name in ("country", "adjective") or name.startswith("label_")]
    names = {row[column] for row in rows for column in columns if row[column]}
    return names | {row["country"].lower() for row in rows}


def question_names() -> set[str]:
    names = {row["question_id"] for row in seed("survey/questions")}
    return names | {row["category_set"] for row in seed("survey/categories")} - BUILT_IN


COUNTRIES = words(country_names(), "s?")
# A name of one word may stand in a sentence; one of several words is a name wherever it stands.
LONG_NAMES = re.compile(
    r"(?<!\w)(?:" + "|".join(sorted(name for name in question_names() if "_" in name)) + r")(?!\w)"
)
SHORT_NAMES = re.compile(
    r"(?<!\w)(?:" + "|".join(sorted(name for name in question_names() if "_" not in name)) + r")(?!\w)"
)


def code_of(text: str, suffix: str) -> str:
    """A text without comments, docstrings and descriptions."""
    if suffix in (".sql", ".j2"):
        return re.sub(r"--.*", "", re.sub(r"\{#.*?#\}|/\*.*?\*/", "", text, flags=re.DOTALL))
    if suffix == ".yml":
        return "\n".join(_cells(yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))))
    if suffix == ".py":
        return _without_docstrings(text)
    return ""


def _cells(part: object) -> Iterator[str]:
    """The keys and values of a YAML file, but no descriptions."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield str(key)
            if key != "description":
                yield from _cells(value)
    elif isinstance(part, list):
        for value in part:
            yield from _cells(value)
    else:
        yield str(part)


def _without_docstrings(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [
                line
                for line in body
                if not (
                    isinstance(line, ast.Expr)
                    and isinstance(line.value, ast.Constant)
                    and isinstance(line.value.value, str)
                )
            ] or [ast.Pass()]
    return ast.unparse(tree)


def named_in(text: str, path: str) -> set[str]:
    """What a file names that only seeds may name. A year or a word of its own may stand in what is said of the code."""
    code = code_of(text, Path(path).suffix)
    found = {
        *LONG_NAMES.findall(text),
        *SHORT_NAMES.findall(code),
        *FIGURE.findall(text),
        *YEAR.findall(code),
    }
    return found if SCRIPTS.search(path) else found | set(COUNTRIES.findall(text))


def searched() -> Iterator[tuple[str, Path]]:
    for part in SEARCHED:
        base = CHECKOUT / part
        for path in [base] if base.is_file() else sorted(base.rglob("*")):
            name = path.relative_to(CHECKOUT).as_posix()
            if path.suffix in KINDS and not LEFT_OUT.search(name):
                yield name, path


def test_nothing_from_landing_to_release_names_what_the_seeds_name():
    files = dict(searched())
    assert len(files) > 400
    found = {
        name: named
        for name, path in files.items()
        if (named := named_in(path.read_text(encoding="utf-8"), name))
    }
    assert found == STILL_NAMED


def test_no_model_and_no_module_names_a_wave():
    """Of the generator, the report and the figures too: what is left out of the search for other names."""
    folders = [CHECKOUT / "dbt_project/models", CHECKOUT / "dbt_project/macros", CHECKOUT / "python_models"]
    files = [path for folder in folders for kind in ("*.sql", "*.py") for path in sorted(folder.rglob(kind))]
    assert len(files) > 100
    named = {}
    for path in files:
        found = WAVE.findall(code_of(path.read_text(encoding="utf-8"), path.suffix))
        if found:
            named[str(path.relative_to(CHECKOUT))] = found
    assert named == {}


@pytest.mark.parametrize(
    ("path", "text", "named"),
    [
        ("models/a.sql", "select * from x where country = 'KOR'", {"KOR"}),
        ("models/a.sql", "-- Japanese samples have no weights\nselect 1", {"Japanese"}),
        ("models/a.sql", "select * from {{ ref('core_kor') }}", {"kor"}),
        ("models/a.sql", "select max(x) filter (where question_id = 'sex') as sex", {"sex"}),
        ("models/a.sql", "-- whichever sex they are\nselect 1", set()),
        ("models/a.sql", "-- as age_group has it\nselect 1", {"age_group"}),
        ("models/a.sql", "select 1 where wave >= 2017", {"2017"}),
        ("models/a.sql", "-- Binder 1983; Wolter 2007\nselect 2000.0 * n, {{ 2000 }}", set()),
        ("models/a.sql", "select * from {{ ref('figure_07') }}", {"figure_07"}),
        ("models/a.sql", "select 'figure_' || figure", set()),
        ("models/models.yml", "models: [{name: a, description: Mood 2010}]", set()),
        ("models/models.yml", "models: [{name: a, description: in Korea}]", {"Korea"}),
        ("models/models.yml", "models: [{name: a, config: {meta: {first: 2014}}}]", {"2014"}),
        ("models/columns.md", "{% docs ideology %}Left to right in 2016{% enddocs %}", set()),
        ("kjpoll/a.py", '"""As Mood (2010) has it."""\nFIRST = 2013', {"2013"}),
        ("kjpoll/a.py", "NAMES = {'a': '한국'}", {"한국"}),
        ("kjpoll/onboarding/detect/a.py", "PRIORS = {'Korean': 0.5}", set()),
        ("kjpoll/onboarding/detect/a.py", "SETS = ['good_bad_5']", {"good_bad_5"}),
    ],
)
def test_each_kind_of_name_is_found_where_it_stands(path, text, named):
    assert named_in(text, path) == named
