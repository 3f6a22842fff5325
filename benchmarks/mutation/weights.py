"""Corruptions of weights.

The shipped files have none. Three waves of a country get some that leave every published share as it is, and those of
the last wave are damaged.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.mutation.case import NUMBER, SINGLE, VARIABLES, Case, Row, blind
from benchmarks.mutation.wave_text import WaveText

ATTRIBUTES = ("sex", "age_group", "education")
WEIGHTS = ("unrelated_weight", "weight_spread")


def _indicators(case: Case, sample_id: str, wave: WaveText, columns: Sequence[Row]) -> np.ndarray:
    """Respondents by codes, of each of these columns; ages in groups."""
    indicators = [[True] * len(wave.rows)]
    for column in columns:
        cells = [value or "" for value in wave.column(column["variable"])]
        if column["layout"] in NUMBER:
            cells = [_age_group(case, sample_id, column, value) for value in cells]
        chosen = [set(value.split(column["delimiter"] or "\0")) for value in cells]
        indicators += [[key in codes for codes in chosen] for key in sorted(set.union(*chosen))]
    return np.array(indicators).T.astype(float)


def _age_group(case: Case, sample_id: str, column: Row, value: str) -> str:
    if not value or value in case.codes(column):
        return value
    year = int(case.samples[sample_id]["wave"])
    age = year - int(value) if column["layout"] == "birth_year" else int(value)
    return str(min(age // 10, 6))


def attribute(case: Case, sample_id: str) -> Row:
    """The column of an attribute of the respondents of which nothing is published of this sample."""
    sample = case.samples[sample_id]
    published = {
        row["question_id"]
        for row in case.project.seed("published/demographics")
        if row["sample_id"] == sample["sample_id"]
    }
    by_question = {column["question_id"]: column for column in case.unbound(sample_id, *SINGLE, *NUMBER)}
    return case.one([by_question[name] for name in ATTRIBUTES if name in by_question.keys() - published][:1])


def neutral_weights(case: Case, sample_id: str, wave: WaveText, weighted: Row) -> np.ndarray:
    """Weights that average 1 and go with this column; every other answer has the share that it has without."""
    rest = [column for column in case.columns(sample_id) if column is not weighted]
    answers = _indicators(case, sample_id, wave, rest)
    drawn = np.random.default_rng(case.random.getrandbits(32)).lognormal(0, 0.35, len(answers))
    group = _indicators(case, sample_id, wave, [weighted])[:, 1]
    free = []
    for part in (drawn, group):
        inside, *_ = np.linalg.lstsq(answers, part, rcond=None)
        free.append((part - answers @ inside) / (part - answers @ inside).std())
    weights = 0.3 * free[0] + 0.18 * free[1]
    return 1 + weights * min(1, 0.75 / -weights.min())


def _weighted(case: Case, change) -> str:
    sample_id = case.sample()
    before = case.wave_before(sample_id)
    samples = (case.wave_before(before), before, sample_id)
    attributes = {name: attribute(case, name) for name in samples}
    for name in samples:
        with case.wave(name) as wave:
            weights = neutral_weights(case, name, wave, attributes[name])
            if name == sample_id:
                weights = change(weights)
            wave.add("WEIGHT", [f"{weight:.6f}" for weight in weights])
        row = {
            "sample_id": name,
            "variable": "WEIGHT",
            "role": "weight",
            "review": "reviewed",
            "note": "weight",
        }
        case.project.append(VARIABLES, row)
        case.project.change("survey/samples", {"sample_id": name}, weight_variable="WEIGHT")
    return f"{sample_id}, weighted as {samples[0]} and {before}"


@blind(*WEIGHTS)
def weights_permuted(case: Case) -> str:
    return _weighted(case, lambda weights: np.array(case.random.sample(list(weights), len(weights))))


@blind(*WEIGHTS)
def weights_moved_by_a_row(case: Case) -> str:
    return _weighted(case, lambda weights: np.roll(weights, 1))


@blind(*WEIGHTS, "weight_mean", "invalid_weight")
def weights_rounded(case: Case) -> str:
    """To whole numbers, with their mean put right again."""

    def change(weights: np.ndarray) -> np.ndarray:
        rounded = np.maximum(np.round(weights), 1 if case.random.random() < 0.5 else 0.5)
        return rounded / rounded.mean()

    return _weighted(case, change)


@blind(*WEIGHTS)
def weights_squared(case: Case) -> str:
    return _weighted(case, lambda weights: weights**2 / np.mean(weights**2))


@blind(*WEIGHTS)
def weights_inverted(case: Case) -> str:
    return _weighted(case, lambda weights: (1 / weights) / np.mean(1 / weights))


@blind(*WEIGHTS)
def weights_all_one(case: Case) -> str:
    return _weighted(case, np.ones_like)
