"""From patterns of answers and a specification to an outcome vector and a design matrix.

A respondent enters the model with an answer to the outcome and to every term (listwise deletion).
Whoever is dropped is counted once, under the first reason in the order outcome, then terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.matrix_column import MatrixColumn

from .complete_cases import complete_case_weights
from .crossed_columns import crossed
from .interaction_terms import INTERACTION
from .model_answers import FREQUENCY, SAMPLE_COUNTRY, SAMPLE_SERIES, STATUSES, WEIGHT, Answers
from .number_terms import refuse_numbers
from .specification import COUNTRY, WAVE, Specification, Term

DROPPED = STATUSES[1:]
NOT_SURE = "not_sure"


@dataclass(frozen=True)
class Design:
    """What the likelihood needs, and what was left out.

    outcome: (m,) integers 0..k-1, in the order of `levels`, one per pattern. matrix: (m, p) floats, one
    column per entry of `columns`, no constant (the cut points are). frequency: (m,) respondents per
    pattern. sampling_weights: (m,) or None. levels: category_id (or `position <n>` if nobody in the
    answers chose it) of each outcome category, ascending in position; nets: the net of each, None without one.
    dropped: per term, in model order, and per status, the respondents dropped for it.
    """

    outcome: np.ndarray
    matrix: np.ndarray
    frequency: np.ndarray
    sampling_weights: np.ndarray | None
    columns: tuple[MatrixColumn, ...]
    levels: tuple[str, ...]
    n_sample: int
    dropped: Mapping[str, Mapping[str, int]]
    nets: tuple[str | None, ...] = ()

    def n_dropped(self, status: str | None = None) -> int:
        """Respondents dropped for one status, or for any."""
        return sum(
            count
            for counts in self.dropped.values()
            for name, count in counts.items()
            if status in (None, name)
        )


@dataclass(frozen=True)
class _Cells:
    """The answers to one question, one entry per pattern."""

    status: np.ndarray
    category: np.ndarray
    position: np.ndarray
    net: np.ndarray

    def where(self, rows: np.ndarray) -> _Cells:
        return _Cells(self.status[rows], self.category[rows], self.position[rows], self.net[rows])


def build_design(spec: Specification, answers: Answers) -> Design:
    """The outcome, the matrix and the drop counts of one model.

    Raises RegressionError for an answer that the term's coding cannot use, samples or a question
    without rows, and a model that drops everybody of one of its samples, or all that have weight.
    The error names the term wherever the model might exist without it.
    """
    refuse_numbers(spec, answers.numeric)
    patterns = answers.patterns(spec)
    frequency = patterns[FREQUENCY].to_numpy(dtype=float)
    outcome_term = Term(spec.outcome, "numeric")
    plain = [term for term in spec.terms if term.coding != INTERACTION]
    everything = {term.question_id: term for term in (*spec.required, outcome_term, *plain)}
    ordered = [
        everything[name]
        for name in dict.fromkeys([spec.outcome, *(t.question_id for t in plain), *everything])
    ]
    cells = {
        term.question_id: _sample_cells(patterns, term.question_id)
        if term.question_id in spec.not_asked
        else _read_cells(patterns, term.question_id, answers)
        for term in ordered
    }

    strict = {term.question_id for term in spec.required if term.dont_know == "missing"}
    cause = np.full(len(patterns), None, dtype=object)
    complete = np.ones(len(patterns), dtype=bool)
    alone: dict[str, float] = {}
    for term in ordered:
        answer = cells[term.question_id]
        if term.coding == "numeric":
            _require_positions(spec, term, answer, frequency)
        alone[term.question_id] = 0
        for name in DROPPED:
            excluded = answer.status == name
            if name == "dont_know" and term.dont_know != "missing" and term.question_id not in strict:
                excluded = np.zeros_like(complete)
            alone[term.question_id] += frequency[excluded].sum()
            cause[complete & excluded] = _cause(term.question_id, name)
            complete &= ~excluded
    names = [term.question_id for term in ordered]
    dropped = _count(names, cause, frequency)
    if not complete.any():
        raise RegressionError(
            f"no rows: all {int(frequency.sum())} respondents of {spec.place} are dropped "
            f"({_reasons(dropped)})",
            model=spec.model_id,
            term=_at_fault(spec.outcome, alone, frequency.sum()),
        )
    series, waves = patterns[SAMPLE_SERIES].to_numpy(), patterns[WAVE].to_numpy()
    for name, wave in sorted({*zip(series[~complete], waves[~complete])}):
        there = (series == name) & (waves == wave)
        if not complete[there].any():
            counts = _count(names, cause[there], frequency[there])
            raise RegressionError(
                f"no rows: all {int(frequency[there].sum())} respondents of {answers.sample_id(name, wave)} "
                f"are dropped ({_reasons(counts)})",
                model=spec.model_id,
            )
    weights = patterns[WEIGHT].to_numpy(dtype=float)[complete] if spec.weight != "none" else None
    if weights is not None and not weights.any():
        raise RegressionError(
            f"no rows: the {int(frequency[complete].sum())} complete cases of {spec.place} all have the weight 0",
            model=spec.model_id,
        )

    if spec.completeness:
        weights = complete_case_weights(
            patterns[list(spec.completeness)], complete, frequency, spec.model_id
        )[complete]

    levels, outcome = _code_outcome(spec.outcome, cells[spec.outcome], complete, answers)
    of_term = {
        term.question_id: _code_term(spec, term, cells[term.question_id].where(complete), answers)
        for term in plain
    }
    coded = [
        entry
        for term in spec.terms
        for entry in of_term.get(term.question_id) or crossed(spec, term, of_term)
    ]
    return Design(
        outcome,
        np.column_stack([vector for _, vector in coded]),
        frequency[complete],
        weights,
        tuple(column for column, _ in coded),
        levels,
        int(frequency.sum()),
        dropped,
        tuple(answers.categories.get((spec.outcome, level), (None, None))[1] for level in levels),
    )


def _sample_cells(patterns: pd.DataFrame, name: str) -> _Cells:
    """What no question answers: each has a wave, which counts, and a country, which only has a name."""
    text = patterns[SAMPLE_COUNTRY if name == COUNTRY else WAVE].astype(str).to_numpy(dtype=object)
    return _Cells(
        np.full(len(text), "answered", dtype=object),
        text,
        patterns[WAVE].to_numpy(dtype=float) if name == WAVE else np.full(len(text), np.nan),
        np.full(len(text), None, dtype=object),
    )


def _read_cells(patterns: pd.DataFrame, name: str, answers: Answers) -> _Cells:
    code, known = pd.factorize(patterns[name])
    status, category = zip(*(cell.split(":", 1) for cell in known), strict=True)
    looked_up = [
        answers.categories.get((name, c), (None, None)) if s == "answered" else (None, None)
        for s, c in zip(status, category, strict=True)
    ]
    position = [np.nan if position is None else float(position) for position, _ in looked_up]
    return _Cells(
        np.array(status, dtype=object)[code],
        np.array([c or None for c in category], dtype=object)[code],
        np.array(position)[code],
        np.array([net for _, net in looked_up], dtype=object)[code],
    )


def _require_positions(spec: Specification, term: Term, answer: _Cells, frequency: np.ndarray) -> None:
    """A collapsed category has no place on the scale, so it cannot enter as a number."""
    lost = (answer.status == "answered") & np.isnan(answer.position)
    if lost.any():
        raise RegressionError(
            f"{int(frequency[lost].sum())} answers have no position and cannot be used as numbers; make the term "
            "categorical or correct seed categories",
            model=spec.model_id,
            term=term.question_id,
            level=min(str(category) for category in answer.category[lost]),
        )


def _code_outcome(
    question_id: str, answer: _Cells, complete: np.ndarray, answers: Answers
) -> tuple[tuple[str, ...], np.ndarray]:
    """Levels are all positions of the scale from the first to the highest chosen by anyone in any sample,
    so that a category which nobody chose, or only dropped respondents did, is missed, not closed up."""
    chosen = answer.status == "answered"
    labels = {int(position): name for position, name in answers.scale(question_id).items()}
    labels |= {
        int(position): name for position, name in zip(answer.position[chosen], answer.category[chosen])
    }
    scale = range(min(1, *labels), max(labels) + 1) if len(labels) > 1 else list(labels)
    levels = tuple(str(labels.get(position) or f"position {position}") for position in scale)
    return levels, answer.position[complete].astype(int) - scale[0]


def _code_term(
    spec: Specification, term: Term, answer: _Cells, answers: Answers
) -> list[tuple[MatrixColumn, np.ndarray]]:
    unsure = answer.status == "dont_know"
    if term.coding == "numeric":
        middle = answers.middle(term.question_id, model=spec.model_id) if unsure.any() else np.nan
        return [(MatrixColumn(term.question_id), np.where(unsure, middle, answer.position))]
    level = np.where(unsure & pd.isna(answer.category), NOT_SURE, answer.category)
    if term.coding == "net":
        level = np.where(unsure, level, answer.net)
        if pd.isna(level).any():
            raise RegressionError(
                "answers without a net cannot be used by net; make the term categorical",
                model=spec.model_id,
                term=term.question_id,
                level=min(map(str, answer.category[pd.isna(level)])),
            )
    positions: dict[str, tuple] = {}
    for name, is_unsure, position in zip(level, unsure, answer.position):
        at = (is_unsure, np.inf if np.isnan(position) else position, str(name))
        positions[name] = min(positions.get(name, at), at)
    if term.reference not in positions:
        raise RegressionError(
            "the reference category has no observations in the estimation sample; choose one of "
            + ", ".join(sorted(positions, key=positions.__getitem__)),
            model=spec.model_id,
            term=term.question_id,
            level=term.reference,
        )
    if len(positions) == 1:
        raise RegressionError(
            "constant: all observations are in the reference category",
            model=spec.model_id,
            term=term.question_id,
            level=term.reference,
        )
    return [
        (MatrixColumn(term.question_id, name, term.reference), (level == name).astype(float))
        for name in sorted(positions, key=positions.__getitem__)
        if name != term.reference
    ]


def _cause(question_id: str, status: str) -> str:
    return f"{status}:{question_id}"


def _count(names: list[str], cause: np.ndarray, frequency: np.ndarray) -> dict[str, dict[str, int]]:
    """Respondents per term and status, from the first reason of each pattern."""
    return {
        name: {status: int(frequency[cause == _cause(name, status)].sum()) for status in DROPPED}
        for name in names
    }


def _at_fault(outcome: str, alone: Mapping[str, float], people: float) -> str:
    """The term that would drop the most respondents by itself; the outcome only if it drops them all."""
    terms = [name for name in alone if name != outcome]
    return outcome if alone[outcome] == people else max(terms, key=alone.__getitem__)


def _reasons(dropped: Mapping[str, Mapping[str, int]]) -> str:
    return ", ".join(
        f"{term} {status} {count}"
        for term, counts in dropped.items()
        for status, count in counts.items()
        if count
    )
