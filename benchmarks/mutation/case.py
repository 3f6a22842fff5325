"""One corruption to be: the damaged copy, the chance that decides, and what the seeds say of the files."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from benchmarks.mutation.wave_text import Cell, NotApplicable, WaveText, damaging
from tests.support.project import Project
from tests.support.wave_edit import EDITS

T = TypeVar("T")
Row = dict[str, str]
VARIABLES, LISTS = "crosswalk/variables", "crosswalk/code_lists"
UNIVERSES = "survey/universes"
SINGLE, MULTIPLE, NUMBER = ("single",), ("indicator", "ranked", "delimited"), ("number", "birth_year")


@dataclass(frozen=True)
class Kind:
    """A kind of corruption. `expects`: the rules any of which names its cause. `disarms`: it changes what is checked,
    so that it does harm even where every public value stays."""

    name: str
    expects: tuple[str, ...]
    damage: Callable[[Case], str]
    disarms: bool = False


Damage = Callable[["Case"], str]
# Written beside the rules; and written blind, from a list of faults, by somebody who had not read them.
KINDS: dict[str, Kind] = {}
BLIND_KINDS: dict[str, Kind] = {}


def _register(kinds: dict[str, Kind], expects: tuple[str, ...], name: str | None, disarms: bool = False):
    def register(damage: Damage) -> Damage:
        title = name or damage.__name__.strip("_").replace("_", " ")
        assert title not in KINDS | BLIND_KINDS, title
        kinds[title] = Kind(title, expects, damage, disarms)
        return damage

    return register


def kind(*expects: str, name: str | None = None) -> Callable[[Damage], Damage]:
    """Registers a function that does the damage and says in a few words what it did."""
    return _register(KINDS, expects, name)


def blind(*expects: str, name: str | None = None, disarms: bool = False) -> Callable[[Damage], Damage]:
    """As `kind`, for the kinds that were written blind."""
    return _register(BLIND_KINDS, expects, name, disarms)


@dataclass
class Case:
    """What a kind of corruption works on. `among`: the samples that it may choose from, all if None."""

    project: Project
    random: random.Random
    among: Collection[str] | None = None
    samples: dict[str, Row] = field(init=False)
    variables: list[Row] = field(init=False)
    questions: dict[str, Row] = field(init=False)
    universes: list[Row] = field(init=False)
    categories: dict[tuple[str, str], Row] = field(init=False)
    lists: dict[str, dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.samples = {row["sample_id"]: row for row in self.project.seed("survey/samples")}
        self.variables = self.project.seed(VARIABLES)
        self.questions = {row["question_id"]: row for row in self.project.seed("survey/questions")}
        self.universes = self.project.seed(UNIVERSES)
        self.categories = {
            (row["category_set"], row["category_id"]): row for row in self.project.seed("survey/categories")
        }
        self.lists = {}
        for row in self.project.seed(LISTS):
            self.lists.setdefault(row["code_list"], {})[row["code"]] = row["category_id"]

    # what to damage

    def sample(self, *formats: str) -> str:
        """A sample, of the formats given."""
        return self.one(
            name
            for name, row in self.samples.items()
            if row["format"] in (formats or row["format"]) and (self.among is None or name in self.among)
        )

    def one(self, things: Iterable[T]) -> T:
        things = _in_order(things)
        if not things:
            raise NotApplicable
        return self.random.choice(things)

    def some(self, things: Iterable[T], least: int, most: int) -> list[T]:
        things = _in_order(things)
        if len(things) < least:
            raise NotApplicable
        return self.random.sample(things, self.random.randint(least, min(most, len(things))))

    def path(self, sample_id: str) -> Path:
        return self.project.root / "data" / "raw" / self.samples[sample_id]["file"]

    def wave_before(self, sample_id: str) -> str:
        """The sample of the country one wave earlier."""
        row = self.samples[sample_id]
        return self.one(
            name
            for name, earlier in self.samples.items()
            if earlier["country"] == row["country"] and int(earlier["wave"]) == int(row["wave"]) - 1
        )

    def text(self, sample_id: str) -> WaveText:
        """The wave file of a sample, to be read only."""
        return WaveText(
            EDITS[self.samples[sample_id]["format"]](self.path(sample_id), self.samples[sample_id])
        )

    @contextmanager
    def wave(self, sample_id: str) -> Iterator[WaveText]:
        with damaging(self.project, sample_id) as wave:
            yield wave

    # what the crosswalk says

    def columns(self, sample_id: str, *layouts: str) -> list[Row]:
        """The crosswalk's rows of the answers of a sample, of the layouts given."""
        return [
            row
            for row in self.variables
            if row["sample_id"] == sample_id
            and row["role"] == "answer"
            and row["layout"] in (layouts or row["layout"])
        ]

    def column(self, sample_id: str, *layouts: str) -> Row:
        return self.one(self.columns(sample_id, *layouts))

    def of_question(self, sample_id: str, question_id: str) -> list[Row]:
        return [row for row in self.columns(sample_id) if row["question_id"] == question_id]

    def asked(self, sample_id: str) -> list[str]:
        return sorted({row["question_id"] for row in self.columns(sample_id)})

    def codes(self, column: Row) -> dict[str, str]:
        """Code -> category_id of a column; '<blank>' is the empty cell."""
        return self.lists.get(column["code_list"], {})

    def missing_type(self, column: Row, category_id: str) -> str:
        """dont_know, no_answer, skipped, or '' for what counts as an answer."""
        own = self.categories.get((self.questions[column["question_id"]]["category_set"], category_id))
        row = own or self.categories.get(("reserved", category_id))
        return row["missing_type"] if row else ""

    def codes_of_type(self, column: Row, *types: str) -> list[str]:
        return [
            code
            for code, category in self.codes(column).items()
            if self.missing_type(column, category) in types
        ]

    def substantive(self, column: Row) -> list[str]:
        """Codes of the categories with a place on the scale, in the order of the categories' positions."""
        category_set = self.questions[column["question_id"]]["category_set"]
        placed = [
            (int(own["position"]), code)
            for code, category in self.codes(column).items()
            if (own := self.categories.get((category_set, category)))
            and own["position"]
            and not own["missing_type"]
        ]
        return [code for _, code in sorted(placed)]

    def is_ordinal(self, column: Row) -> bool:
        return self.questions[column["question_id"]]["answer_type"] == "ordinal"

    def unbound(self, sample_id: str, *layouts: str) -> list[Row]:
        """As `columns`, without the questions that filter others or are filtered."""
        return [
            column
            for column in self.columns(sample_id, *layouts)
            if not self.filtered(column["question_id"]) and not self.is_parent(column["question_id"])
        ]

    def filtered(self, question_id: str) -> bool:
        return bool(self.questions[question_id]["universe"])

    def is_parent(self, question_id: str) -> bool:
        return any(row["question_id"] == question_id for row in self.universes)

    def condition(self, question_id: str) -> Row | None:
        """Which answer leads into the question: the first row of its universe, None if everyone is asked."""
        universe = self.questions[question_id]["universe"]
        return next((row for row in self.universes if row["universe"] == universe), None)

    def root(self, question_id: str) -> str:
        """The question that decides who is asked this one; itself if everyone is."""
        condition = self.condition(question_id)
        return condition["question_id"] if condition else question_id

    def unknown(self, column: Row) -> str:
        """A code that the column's list does not have."""
        return self.one(
            code for code in ("0", "6", "7", "77", "98", "12", "1.5", "-1") if code not in self.codes(column)
        )


def _in_order(things: Iterable[T]) -> list[T]:
    # The order of a set of texts changes from process to process.
    return sorted(things) if isinstance(things, (set, frozenset)) else list(things)


def cell(code: str) -> Cell:
    """The cell in which a code list's code stands."""
    return None if code == "<blank>" else code


def code(value: Cell) -> str:
    return "<blank>" if value is None else value


def spread(case: Case, rows: Sequence[int], least: float, most: float) -> list[int]:
    """A random share of the rows."""
    n = max(1, round(len(rows) * case.random.uniform(least, most)))
    return sorted(case.random.sample(list(rows), min(n, len(rows))))
