"""Labels of terms, levels, samples and titles in one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kjpoll.common.properties import LABEL_PREFIX, seed_properties
from kjpoll.tables.warehouse import Record, ReleasedModels, waves
from kjpoll.tables.words import Words

BETWEEN_PARTS, TIMES = ":", " × "
MISSING_ORDER = seed_properties()["categories"].allowed["missing_type"]


class Labels:
    """Labels from marts.dim_question, dim_category and dim_country, in the first language where there is none in that of the
    words; an id that they do not have stands for itself."""

    def __init__(self, source: ReleasedModels, words: Words) -> None:
        self._source = source
        self.words = words
        self._columns = [LABEL_PREFIX + language for language in (words.language, source.languages[0])]

    def question(self, term: str) -> str:
        """The label of a question, or the term itself, such as a wave effect, where there is no such question."""
        question = self._source.questions.get(term)
        if question is not None:
            return self._of(question)
        if BETWEEN_PARTS in term:
            return TIMES.join(map(self.question, term.split(BETWEEN_PARTS)))
        return self.words(term) if term in self.words else term

    def level(self, term: str, category_id: str | None) -> str:
        """A level with its number, as '2. Mutually competitive'; levels of no known question stand for themselves."""
        if category_id is None:
            return self.question(term)
        if BETWEEN_PARTS in term:
            return self._crossed_level(term.split(BETWEEN_PARTS), category_id.split(BETWEEN_PARTS))
        category = next((row for row in self._categories(term) if row["category_id"] == category_id), None)
        if category is None:
            return self._country(category_id)
        return f"{self._numbers(term)[category_id]}. {self._of(category)}"

    def coefficient(self, term: str, category_id: str | None, cut_point: int | None) -> str:
        """A level, and the cut point where alone its coefficient holds; of a term without levels that cut point, or
        that it holds at all."""
        level = "" if category_id is None else self.level(term, category_id)
        if cut_point is None:
            return level or self.words("all_cuts")
        above = self.words("above_cut", cut_point)
        return self.words("level_above_cut", level, above) if level else above

    def _crossed_level(self, terms: list[str], levels: list[str]) -> str:
        """The levels of an interaction; a numeric term has none among them."""
        if len(levels) < len(terms):
            holders = [term for term in terms if levels[0] in self._numbers(term)]
            terms = holders or terms[:1]
        return TIMES.join(self.level(term, level) for term, level in zip(terms, levels))

    def in_order(self, term: str, levels: Iterable[str | None]) -> list[str | None]:
        """Levels in the order of their numbers."""
        numbers = self._numbers(term)
        return sorted(
            levels, key=lambda level: (level is not None, numbers.get(level or "", len(numbers)), level or "")
        )

    def ends(self, question_id: str) -> tuple[str, str] | None:
        """The first and the last answer of a question, numbered; None where it has no positions."""
        placed = [row["category_id"] for row in self._categories(question_id) if row["position"] is not None]
        return (self.level(question_id, placed[0]), self.level(question_id, placed[-1])) if placed else None

    def title(self, models: Sequence[Record]) -> str:
        """The method, the outcome and the samples of a table's models."""
        method = dict.fromkeys(self.words(model.get("link") or "logit") for model in models)
        outcomes = dict.fromkeys(self.question(model["outcome"]) for model in models)
        of_country: dict[str, list[str]] = {}
        for model in models:
            for country in dict.fromkeys(
                self._source.samples[sample_id]["country"] for sample_id in self._source.samples_of(model)
            ):
                country_waves = of_country.setdefault(country, [])
                if waves(model) not in country_waves:
                    country_waves.append(waves(model))
        samples = (
            f"{self._country(country)} {', '.join(sorted(country_waves))}"
            for country, country_waves in of_country.items()
        )
        return self.words(
            "title",
            method=self.words("comma").join(method),
            samples=self.words("comma").join(samples),
            outcome=self.words("comma").join(outcomes),
        )

    def _country(self, country: str) -> str:
        return self._of(self._source.countries[country]) if country in self._source.countries else country

    def _of(self, row: Record) -> str:
        """The label of a question, a category or a country."""
        return str(next(row[column] for column in self._columns if row[column]))

    def _categories(self, term: str) -> list[Record]:
        return self._source.categories.get(term, [])

    def _numbers(self, term: str) -> dict[str, int]:
        """Levels count by position; answers without one, such as not sure, go on from the last position."""
        rows = self._categories(term)
        numbers = {row["category_id"]: row["position"] for row in rows if row["position"] is not None}
        # Coarse answers have no position either; no model counts them as a level, so they come last.
        rest = sorted(
            (row for row in rows if row["position"] is None),
            key=lambda row: (
                row["missing_type"] is None,
                MISSING_ORDER.index(row["missing_type"]) if row["missing_type"] in MISSING_ORDER else 0,
                row["category_id"],
            ),
        )
        last = max(numbers.values(), default=0)
        return numbers | {row["category_id"]: last + rank for rank, row in enumerate(rest, 1)}
