"""From long answers and a specification to an outcome vector and a design matrix.

A respondent enters the model with an answer to the outcome and to every term (listwise deletion).
Whoever is dropped is counted once, under the first reason in the order outcome, then terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .errors import RegressionError
from .specification import Specification, Term

STATUSES = ("answered", "dont_know", "no_answer", "skipped")
DROPPED = STATUSES[1:]
NOT_SURE = "not_sure"
REQUIRED = ("sample_id", "respondent_id", "question_id", "category_id", "position",
            "answer_status")


@dataclass(frozen=True)
class Column:
    """A coefficient: a numeric term (category_id None) or one level of a categorical term."""

    term: str
    category_id: str | None = None
    reference_category: str | None = None

    @property
    def name(self) -> str:
        return self.term if self.category_id is None else f"{self.term}={self.category_id}"


@dataclass(frozen=True)
class Design:
    """What the likelihood needs, and what was left out.

    outcome: (n,) integers 0..k-1, in the order of `levels`, rows sorted by respondent_id.
    matrix: (n, p) floats, one column per entry of `columns`, no constant (the cut points are).
    levels: category_id (or `position <n>` if nobody in the sample chose it) of each outcome
    category, ascending in position.
    dropped: per term, in model order, and per status, the respondents dropped for it.
    """

    outcome: np.ndarray
    matrix: np.ndarray
    columns: tuple[Column, ...]
    levels: tuple[str, ...]
    n_sample: int
    dropped: Mapping[str, Mapping[str, int]]

    def n_dropped(self, status: str | None = None) -> int:
        """Respondents dropped for one status, or for any."""
        return sum(count for counts in self.dropped.values()
                   for name, count in counts.items() if status in (None, name))


class Answers:
    """Long answers, one row per respondent x question, served as aligned columns.

    Input columns: sample_id, respondent_id, question_id, category_id, position, answer_status.
    """

    def __init__(self, rows: pd.DataFrame) -> None:
        absent = [name for name in REQUIRED if name not in rows.columns]
        if absent:
            raise RegressionError(f"the answers lack the columns {', '.join(absent)}",
                                  model="(all)")
        rows = rows.loc[:, list(REQUIRED)]
        self._respondents = {
            sample_id: pd.Index(np.sort(part.unique()))
            for sample_id, part in rows["respondent_id"].astype(object).groupby(rows["sample_id"])
        }
        self._questions = dict(iter(rows.groupby(["sample_id", "question_id"], sort=False)))

    def respondents(self, spec: Specification) -> pd.Index:
        """The sorted respondent_ids of the model's sample."""
        if spec.sample_id not in self._respondents:
            raise RegressionError(f"no rows: sample {spec.sample_id} has no answers to any "
                                  "question of the models", model=spec.model_id)
        return self._respondents[spec.sample_id]

    def of(self, spec: Specification, question_id: str) -> pd.DataFrame:
        """category_id, position, answer_status of one question, aligned with respondents()."""
        everyone = self.respondents(spec)
        where = {"model": spec.model_id, "term": question_id}
        found = self._questions.get((spec.sample_id, question_id))
        if found is None:
            raise RegressionError(f"no rows: sample {spec.sample_id} was not asked this question",
                                  **where)
        twice = found["respondent_id"].duplicated()
        if twice.any():
            raise RegressionError(
                f"{int(twice.sum())} answers stand twice, the first of respondent "
                f"{found.loc[twice, 'respondent_id'].iloc[0]}", **where)
        lacking = len(everyone) - len(found)
        if lacking:
            first = everyone.difference(pd.Index(found["respondent_id"].astype(object)))[0]
            raise RegressionError(
                f"{lacking} of {len(everyone)} respondents of {spec.sample_id} have no row, the "
                f"first is {first}; each needs one, with its answer_status", **where)
        unknown = sorted(set(found["answer_status"].astype(str)) - set(STATUSES))
        if unknown:
            raise RegressionError(f"unknown answer_status {', '.join(unknown)}; known are "
                                  f"{', '.join(STATUSES)}", **where)
        found = found.set_index(found["respondent_id"].astype(object)).reindex(everyone)
        return pd.DataFrame({
            "category_id": found["category_id"].astype(object).where(
                found["category_id"].notna(), None),
            "position": pd.to_numeric(found["position"]).astype("Float64").to_numpy(
                dtype=float, na_value=np.nan),
            "answer_status": found["answer_status"].astype(str).to_numpy(dtype=object),
        }, index=everyone)


def build_design(spec: Specification, answers: Answers) -> Design:
    """The outcome, the matrix and the drop counts of one model.

    Raises RegressionError for an answer that the term's coding cannot use, a sample or a question
    without rows, and a model that drops everybody.
    """
    everyone = answers.respondents(spec)
    outcome_term = Term(spec.outcome, "numeric", None, "missing")
    columns = {term.question_id: answers.of(spec, term.question_id)
               for term in (outcome_term, *spec.terms)}

    kept = np.ones(len(everyone), dtype=bool)
    dropped: dict[str, dict[str, int]] = {}
    for term in (outcome_term, *spec.terms):
        answer = columns[term.question_id]
        status = answer["answer_status"].to_numpy()
        if term.coding == "numeric":
            _require_positions(spec, term, answer)
        dropped[term.question_id] = counts = {}
        for name in DROPPED:
            excluded = status == name
            if name == "dont_know" and term.dont_know == "category":
                excluded = np.zeros_like(kept)
            counts[name] = int((kept & excluded).sum())
            kept &= ~excluded
    if not kept.any():
        raise RegressionError(f"no rows: all {len(everyone)} respondents of {spec.sample_id} are "
                              f"dropped ({_reasons(dropped)})", model=spec.model_id)

    levels, outcome = _code_outcome(columns[spec.outcome], kept)
    names: list[Column] = []
    values: list[np.ndarray] = []
    for term in spec.terms:
        for column, vector in _code_term(spec, term, columns[term.question_id][kept]):
            names.append(column)
            values.append(vector)
    return Design(outcome, np.column_stack(values), tuple(names), levels, len(everyone), dropped)


def _require_positions(spec: Specification, term: Term, answer: pd.DataFrame) -> None:
    """A collapsed category has no place on the scale, so it cannot enter as a number."""
    lost = answer[(answer["answer_status"] == "answered") & answer["position"].isna()]
    if len(lost):
        level = sorted({str(category) for category in lost["category_id"]})[0]
        raise RegressionError(f"{len(lost)} answers have no position and cannot be used as "
                              "numbers; make the term categorical or correct seed categories",
                              model=spec.model_id, term=term.question_id, level=level)


def _code_outcome(answer: pd.DataFrame, kept: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    """Levels are all positions of the scale up to the highest chosen by anyone in the sample, so
    that a category which only dropped respondents chose is missed, not closed up."""
    chosen = answer[answer["answer_status"] == "answered"]
    labels = dict(zip(chosen["position"].astype(int), chosen["category_id"]))
    scale = range(min(1, *labels), max(labels) + 1) if len(labels) > 1 else list(labels)
    levels = tuple(str(labels.get(place) or f"position {place}") for place in scale)
    return levels, answer["position"].to_numpy()[kept].astype(int) - scale[0]


def _code_term(spec: Specification, term: Term,
               answer: pd.DataFrame) -> list[tuple[Column, np.ndarray]]:
    if term.coding == "numeric":
        return [(Column(term.question_id), answer["position"].to_numpy())]
    unsure = (answer["answer_status"] == "dont_know").to_numpy()
    category = answer["category_id"].to_numpy(dtype=object).copy()
    category[unsure & pd.isna(category)] = NOT_SURE
    place = {level: (is_unsure, np.inf if np.isnan(position) else position, str(level))
             for level, is_unsure, position in zip(category, unsure, answer["position"])}
    if term.reference not in place:
        raise RegressionError(
            "the reference category has no observations in the estimation sample; choose one of "
            + ", ".join(sorted(place, key=place.get)),
            model=spec.model_id, term=term.question_id, level=term.reference)
    if len(place) == 1:
        raise RegressionError("constant: all observations are in the reference category",
                              model=spec.model_id, term=term.question_id, level=term.reference)
    return [(Column(term.question_id, level, term.reference), (category == level).astype(float))
            for level in sorted(place, key=place.get) if level != term.reference]


def _reasons(dropped: Mapping[str, Mapping[str, int]]) -> str:
    return ", ".join(f"{term} {status} {count}" for term, counts in dropped.items()
                     for status, count in counts.items() if count)
