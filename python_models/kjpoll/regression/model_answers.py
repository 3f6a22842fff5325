"""The answers that the models need: wide, grouped in DuckDB to unique patterns with their counts.

Only patterns reach Python, so the cost of a model follows the patterns, not the people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

from kjpoll.ordinal import RegressionError

from .specification import WAVE, Specification

# Columns of patterns beside the questions; no question can have such a name.
SAMPLE_COUNTRY, SAMPLE_SERIES, WEIGHT, FREQUENCY = "(country)", "(series)", "(weight)", "(n)"
# What an answer is known by: its category, or its number as text.
CATEGORY = "coalesce(category_id, cast(value as varchar))"
STATUSES = ("answered", "dont_know", "no_answer", "skipped")
KIND_COLUMNS = (
    "sample_id",
    "wave",
    "series",
    "question_id",
    "category_id",
    "position",
    "net",
    "value",
    "answer_status",
    "comparability",
)


class MissingRows(RegressionError):
    """Some of a sample have no row for a question: a fault of the answers, not of a model."""


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def asked_for(questions: Sequence[str]) -> str:
    """The condition of SQL that a row is of one of these questions."""
    return f"question_id in ({', '.join(map(literal, questions))})" if questions else "false"


def require(relation: duckdb.DuckDBPyRelation, names: Iterable[str]) -> None:
    absent = [name for name in names if name not in relation.columns]
    if absent:
        raise RegressionError(f"the answers lack the columns {', '.join(absent)}", model="(all)")


@dataclass(frozen=True)
class _SampleCounts:
    """One sample: its country, respondents and a digest of their weights; and per question those with a row, the first
    without one, and a digest of all answers with their respondents."""

    sample_id: str
    country: str
    people: int
    weights: int
    answered: dict[str, int]
    lacking: dict[str, str | None]
    digests: dict[str, int]


class Answers:
    """Answers to single-answer questions, served per model as patterns.

    Of two tables of the build, which are not read here but asked for counts. wide: one row per respondent:
    respondent_id, sample_id, wave, country, series, weight, and a column q_<question> with `status:category_id`, of a numeric
    question `status:number`. kinds: the distinct answers of a sample, without the respondents; `value` is that number.
    questions: those that any model uses; others are
    ignored. Raises RegressionError for a missing column, an unknown answer_status, a category with two positions
    or nets, and a question with no or two comparabilities in one sample.
    """

    def __init__(
        self, wide: duckdb.DuckDBPyRelation, kinds: duckdb.DuckDBPyRelation, questions: Iterable[str]
    ) -> None:
        self.questions = sorted(set(questions) - {WAVE})
        require(
            wide,
            (
                *("respondent_id", "sample_id", "wave", "country", "series", "weight"),
                *(f"q_{name}" for name in self.questions),
            ),
        )
        require(kinds, KIND_COLUMNS)
        self._column = {name: f'"q_{name}"' for name in self.questions}
        kinds = kinds.filter(asked_for(self.questions))
        self.categories = self._read_categories(kinds)
        self.numeric = self._read_numeric(kinds)
        self._comparability = self._read_comparability(kinds)
        self._wide = wide
        self._rows = self._count_rows()

    def _read_categories(self, relation: duckdb.DuckDBPyRelation) -> dict[tuple[str, str], tuple]:
        """(question_id, category_id) -> (position or None, net or None) of the substantive categories.

        A number of a numeric question counts as a category that has the number as its position.
        """
        known = (
            relation.select(f"* exclude (category_id), {CATEGORY} as category_id")
            .aggregate(
                "question_id, category_id, answer_status, max(position) as position, max(net) as net, "
                "max(value), "
                "count(distinct coalesce(cast(position as varchar), 'none')), "
                "count(distinct coalesce(cast(net as varchar), 'none'))",
                "question_id, category_id, answer_status",
            )
            .order("question_id, category_id")
            .fetchall()
        )
        for question_id, category_id, status, _, _, _, positions, nets in known:
            if status not in STATUSES:
                raise RegressionError(
                    f"unknown answer_status {status}; known are {', '.join(STATUSES)}",
                    model="(all)",
                    term=question_id,
                )
            if status == "answered" and max(positions, nets) > 1:
                raise RegressionError(
                    "the category has several positions or nets (an empty one counts); give it one of each",
                    model="(all)",
                    term=question_id,
                    level=category_id,
                )
        return {
            (question_id, category_id): (value if position is None else position, net)
            for question_id, category_id, status, position, net, value, _, _ in known
            if status == "answered"
        }

    def _read_numeric(self, relation: duckdb.DuckDBPyRelation) -> set[str]:
        """The questions whose answers are numbers."""
        numbers = relation.filter("category_id is null and value is not null")
        return {name for (name,) in numbers.aggregate("question_id", "question_id").fetchall()}

    def _read_comparability(self, relation: duckdb.DuckDBPyRelation) -> dict[tuple[str, int, str], str]:
        """(series, wave, question_id) -> how far the question is comparable with its reference form there."""
        comparabilities = {}
        for sample_id, series, wave, question_id, value, another, lacking in (
            relation.aggregate(
                "sample_id, series, wave, question_id, min(comparability), max(comparability), "
                "bool_or(comparability is null)",
                "sample_id, series, wave, question_id",
            )
            .order("series, wave, question_id")
            .fetchall()
        ):
            if lacking or value != another:
                problem = (
                    "a row without comparability" if lacking else f"the comparabilities {value} and {another}"
                )
                raise RegressionError(
                    f"{sample_id} has {problem}; a question has one in a sample",
                    model="(all)",
                    term=question_id,
                )
            comparabilities[series, wave, question_id] = value
        return comparabilities

    def _query(self, sql: str) -> duckdb.DuckDBPyRelation:
        relation = self._wide.query("wide", sql)
        assert relation is not None  # as it is for a statement without rows
        return relation

    def scale(self, question_id: str) -> dict[int, str]:
        """position -> category_id, of all that anybody in any sample chose."""
        return {
            position: category_id
            for (name, category_id), (position, _) in self.categories.items()
            if name == question_id and position is not None
        }

    def middle(self, question_id: str, *, model: str = "(all)") -> float:
        """The middle of a question's scale: halfway between its first and its last position.

        Raises RegressionError, which names the model, if no answer has a position."""
        positions = self.scale(question_id)
        if not positions:
            raise RegressionError(
                "no answer in any sample has a position, so the scale has no middle",
                model=model,
                term=question_id,
            )
        return (min(positions) + max(positions)) / 2

    def comparability(self, series: str, wave: int, question_id: str) -> str | None:
        """How far the question is comparable with its reference form; None if the sample was not asked."""
        return self._comparability.get((series, wave, question_id))

    def comparability_breaks(self, spec: Specification) -> tuple[str, ...]:
        """The outcome and terms that are not identical to their reference form: `question (what differs)`,
        with the wave after the question where the model has several, or the sample where it has several series."""
        breaks = []
        for name in spec.questions:
            for series, wave in self._rows:
                if not spec.covers(series, wave):
                    continue
                value = self.comparability(series, wave, name)
                if value not in (None, "identical"):
                    several = self.sample_id(series, wave) if len(spec.each_series) > 1 else str(wave)
                    where = name if spec.is_of_one_sample else f"{name} {several}"
                    breaks.append(f"{where} ({value})")
        return tuple(breaks)

    def samples(self) -> list[tuple[str, int]]:
        """(series, wave) of every sample, in order."""
        return list(self._rows)

    def sample_id(self, series: str, wave: int) -> str:
        """The sample of a series in a wave. KeyError if there is none."""
        return self._rows[series, wave].sample_id

    def asked(self, series: str, wave: int) -> set[str]:
        """The questions that anybody in the sample has a row for; if not all have one, patterns objects."""
        return {name for name, count in self._rows[series, wave].answered.items() if count}

    def patterns(self, spec: Specification) -> pd.DataFrame:
        """The distinct answers of the model's samples, in a fixed order: SAMPLE_COUNTRY, SAMPLE_SERIES, `wave`, a column
        `status:category_id` per question of the model, WEIGHT where the model uses it, and FREQUENCY.

        Raises RegressionError if the samples have no rows, or someone in them lacks a row for a question,
        or a weight that the model needs.
        """
        names = spec.questions_read
        self._require_rows(spec, names)
        weighted = spec.weight != "none"
        keys = ", ".join(
            [
                "country",
                "series",
                "wave",
                *(self._column[name] for name in names),
                *(["weight"] if weighted else []),
            ]
        )
        patterns = self._query(
            f"select {keys}, count(*) as n from wide where series in ({', '.join(map(literal, spec.each_series))}) "
            f"and wave between {int(spec.first_wave)} and {int(spec.last_wave)} group by all order by all",
        ).df()
        patterns.columns = [
            SAMPLE_COUNTRY,
            SAMPLE_SERIES,
            "wave",
            *names,
            *([WEIGHT] if weighted else []),
            FREQUENCY,
        ]
        if weighted:
            unusable = ~(patterns[WEIGHT] >= 0)
            if unusable.any():
                raise RegressionError(
                    f"{int(patterns.loc[unusable, FREQUENCY].sum())} respondents of {spec.place} have no weight or a "
                    "negative one; a weighted model needs one each",
                    model=spec.model_id,
                )
        return patterns

    def decisive(self, spec: Specification) -> str:
        """All that decides the patterns and the categories of a model, as a text: other answers give another.

        Respondents count by their names, so that an exchange of answers between two of them shows too.
        """
        names = sorted(spec.questions_read)
        samples = {
            (series, wave): [
                rows.country,
                rows.people,
                spec.weight != "none" and rows.weights,
                *(
                    (rows.answered[name], rows.lacking[name], rows.digests[name])
                    for name in names
                    if name in rows.answered
                ),
            ]
            for (series, wave), rows in self._rows.items()
            if spec.covers(series, wave)
        }
        categories = [(key, value) for key, value in self.categories.items() if key[0] in names]
        return repr((samples, categories))

    def _count_rows(self) -> dict[tuple[str, int], _SampleCounts]:
        counts = "".join(
            f", count({column}), min(respondent_id) filter ({column} is null), "
            f"sum(cast(hash(respondent_id, {column}) as hugeint))"
            for column in self._column.values()
        )
        counted = self._query(
            "select series, wave, min(sample_id), min(country), count(*), sum(cast(hash(respondent_id, weight) as hugeint))"
            f"{counts} from wide group by series, wave order by series, wave",
        )
        return {
            (row[0], row[1]): _SampleCounts(
                *row[2:6], *(dict(zip(self.questions, row[at::3], strict=True)) for at in (6, 7, 8))
            )
            for row in counted.fetchall()
        }

    def _require_rows(self, spec: Specification, names: Sequence[str]) -> None:
        samples = {
            rows.sample_id if len(spec.each_series) > 1 else str(wave): rows
            for (series, wave), rows in self._rows.items()
            if spec.covers(series, wave)
        }
        if not samples:
            raise RegressionError(
                f"no rows: {spec.place} has no answers to any question of the models", model=spec.model_id
            )
        people = sum(rows.people for rows in samples.values())
        for name in names:
            lacking = people - sum(rows.answered[name] for rows in samples.values())
            if lacking == people:
                raise RegressionError(
                    f"no rows: {spec.place} was not asked this question", model=spec.model_id, term=name
                )
            unasked = [sample for sample, rows in samples.items() if not rows.answered[name]]
            if unasked:
                raise RegressionError(
                    f"{spec.place}: not asked in {', '.join(unasked)}; leave those {'samples' if len(spec.each_series) > 1 else 'waves'} or the term out",
                    model=spec.model_id,
                    term=name,
                )
            if lacking:
                first = min(lacks for rows in samples.values() if (lacks := rows.lacking[name]) is not None)
                raise MissingRows(
                    f"{lacking} of {people} respondents of {spec.place} have no row, the first is {first}; "
                    "each needs one, with its answer_status",
                    model=spec.model_id,
                    term=name,
                )
