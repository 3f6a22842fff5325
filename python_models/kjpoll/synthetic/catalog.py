"""The seeds as plain records, and what follows from them: who is asked what, and what can be answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from kjpoll.common.properties import seed_properties

BLANK = "<blank>"
"""How a code list names an empty cell."""

SKIPPED = "skipped"
"""The category, and the kind of missing, of those who were not asked."""

RESERVED = "reserved"
"""The set whose categories any code list may use."""

SILENT = seed_properties()["missing_bands"].allowed["missing_type"]
"""The kinds of missing of those who were asked."""


class SyntheticError(ValueError):
    """The seeds ask for records that cannot exist; the message says where and what to change."""


@dataclass(frozen=True)
class SyntheticSample:
    """One row of ``survey/samples``."""

    sample_id: str
    wave: int
    country: str
    series: str
    file: str
    format: str
    encoding: str
    sheet: str
    label_sheet: str
    header_row: int
    n_expected: int
    fieldwork_start: str
    fieldwork_end: str
    mode: str
    agency: str
    population: str
    source_id: str
    synthetic: bool = True


@dataclass(frozen=True)
class Question:
    """One row of ``survey/questions``."""

    question_id: str
    topic: str
    answer_type: str
    category_set: str
    universe: str
    label_en: str
    label_ko: str
    label_ja: str


@dataclass(frozen=True)
class UniverseCondition:
    """One row of ``survey/universes``: an answer to ``question_id`` that lets people in."""

    universe: str
    question_id: str
    net: str
    category_id: str
    value_min: float | None
    value_max: float | None

    @property
    def is_of_numbers(self) -> bool:
        return self.value_min is not None or self.value_max is not None

    def has(self, number: float) -> bool:
        """Whether a number lies inside."""
        return (self.value_min is None or self.value_min <= number) and (
            self.value_max is None or number <= self.value_max
        )


@dataclass(frozen=True)
class Category:
    """One row of ``survey/categories``; ``position`` is None for missing kinds and coarse categories."""

    category_id: str
    position: int | None
    net: str
    missing_type: str
    value_min: int | None
    value_max: int | None
    label_en: str
    label_ko: str
    label_ja: str


@dataclass(frozen=True)
class SyntheticVariable:
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
    universe: str = ""


@dataclass(frozen=True)
class Margin:
    """The exact number of people of a sample in a category, out of the ``base_n`` who were asked."""

    category_id: str
    n: int
    base_n: int


@dataclass
class Catalog:
    """All seeds that the package reads, indexed by their keys, in the order of their rows.

    ``margins`` is keyed by (sample, question); ``universes`` by name; ``categories`` by set; ``code_lists`` by name, as pairs
    (code, category); ``groups`` maps a question and a published group of it to the categories that it sums;
    ``core`` by sample, as rows in respondent order; ``subgroups`` are the published breaks; ``fillers`` maps
    (sample, variable) to a kind of content.
    """

    samples: dict[str, SyntheticSample] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    universes: dict[str, list[UniverseCondition]] = field(default_factory=dict)
    categories: dict[str, dict[str, Category]] = field(default_factory=dict)
    variables: dict[str, list[SyntheticVariable]] = field(default_factory=dict)
    code_lists: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    groups: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    margins: dict[tuple[str, str], list[Margin]] = field(default_factory=dict)
    core: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    subgroups: list[dict[str, str]] = field(default_factory=list)
    fillers: dict[tuple[str, str], str] = field(default_factory=dict)

    def sample_of(self, series: str, wave: str | int, where: str) -> SyntheticSample:
        """The sample of a series in a wave; ``where`` says in errors which seed speaks of it."""
        for sample in self.samples.values():
            if (sample.series, sample.wave) == (series, int(wave)):
                return sample
        raise SyntheticError(
            f"{where}: {series} {wave} is no sample; add it to survey/samples or drop the rows"
        )

    def members(self, question_id: str) -> dict[str, Category]:
        """The categories of a question's own set."""
        return self.categories[self.questions[question_id].category_set]

    def category(self, question_id: str, category_id: str) -> Category:
        """The category of a question, looked up in its own set, then among the reserved ones."""
        category_set = self.questions[question_id].category_set
        for name in (category_set, RESERVED):
            if category_id in self.categories.get(name, {}):
                return self.categories[name][category_id]
        raise SyntheticError(
            f"question {question_id}: category {category_id!r} is neither in set {category_set!r} nor in "
            f"{RESERVED!r}; add it to survey/categories or correct the row that names it"
        )

    def option(self, question_id: str, option_id: str) -> list[str]:
        """The categories behind what a publication names: a category, a net or a published group."""
        members = self.members(question_id)
        if option_id in members:
            return [option_id]
        of_net = [c.category_id for c in members.values() if c.net == option_id]
        return of_net + self.groups.get((question_id, option_id), [])

    def asked(self, sample_id: str) -> dict[str, list[SyntheticVariable]]:
        """The sample's answer variables by question, in column order."""
        variables: dict[str, list[SyntheticVariable]] = {}
        for variable in self.variables.get(sample_id, []):
            if variable.role == "answer":
                variables.setdefault(variable.question_id, []).append(variable)
        return variables

    def question_order(self, sample_id: str, first: str = "") -> list[str]:
        """The sample's questions: ``first``, then column order, but a filter always before what it filters."""
        asked = list(self.asked(sample_id))
        done: list[str] = []

        def visit(question_id: str, trail: tuple[str, ...]) -> None:
            if question_id in done:
                return
            if question_id in trail or question_id not in asked:
                raise SyntheticError(
                    f"sample {sample_id}: question {trail[-1]} is asked of a part that {question_id} defines, "
                    f"and {question_id} "
                    + ("depends on it in turn" if question_id in trail else "has no variable")
                )
            for parent in self.conditions(sample_id, question_id):
                visit(parent, (*trail, question_id))
            done.append(question_id)

        for question_id in sorted(asked, key=lambda q: q != first):
            visit(question_id, ())
        return done

    def ranked(self, sample_id: str, question_id: str) -> list[SyntheticVariable]:
        """The columns of a question's first, second, ... choice: as many as a respondent has choices."""
        return [v for v in self.asked(sample_id)[question_id] if v.layout == "ranked"]

    def offered(self, sample_id: str, question_id: str) -> list[str]:
        """The categories that the sample's columns can hold as answers to the question.

        In the order of the question's set; silence that only the reserved set knows comes last.
        """
        offered: dict[str, None] = {}
        for variable in self.asked(sample_id)[question_id]:
            if variable.layout == "indicator":
                offered[variable.category_id] = None
            elif variable.layout in ("number", "birth_year"):
                offered |= {
                    c.category_id: None for c in self.members(question_id).values() if c.value_min is not None
                }
            for _, category_id in self.code_lists.get(variable.code_list, []):
                if self._is_answer(question_id, category_id):
                    offered[category_id] = None
        rank = {c: i for i, c in enumerate(self.members(question_id))}
        return sorted(offered, key=lambda c: (rank.get(c, len(rank)), c))

    def _is_answer(self, question_id: str, category_id: str) -> bool:
        """Not a mark (chosen, not chosen, no further choice), and not the cell of somebody who was not asked."""
        missing = self.category(question_id, category_id).missing_type
        return missing in SILENT or (not missing and category_id in self.members(question_id))

    def conditions(self, sample_id: str, question_id: str) -> dict[str, list[UniverseCondition]]:
        """By parent, the answers of which one has to be given for the question to be asked; none if all are asked.

        Raises SyntheticError where only a delivered file could say who was asked, or the universe has no rows.
        """
        asked = self.asked(sample_id).get(question_id, [])
        own = next((variable.universe for variable in asked if variable.universe), "")
        universe = own or self.questions[question_id].universe
        if universe and universe not in self.universes:
            raise SyntheticError(
                f"sample {sample_id}, question {question_id}: nobody can tell from the universe {universe!r} who "
                "is asked; add its rows to survey/universes, or name another in crosswalk/variables"
            )
        parents: dict[str, list[UniverseCondition]] = {}
        for condition in self.universes.get(universe, []):
            parents.setdefault(condition.question_id, []).append(condition)
        return parents

    def admits(self, condition: UniverseCondition, category_id: str) -> bool:
        """Whether the answer ``category_id`` to the condition's question is the one that it names."""
        if category_id == SKIPPED:
            return False
        if condition.category_id:
            return category_id == condition.category_id
        return bool(condition.net) and (
            self.category(condition.question_id, category_id).net == condition.net
        )
