"""The hypotheses about each column, and which of them the evidence prefers to what the crosswalk says."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from .columns import Column, Key
from .readings import exchangeable, n_recodings, recodings
from .series_evidence import SeriesEvidence

# Chance that a build without such faults reports one. A likelihood ratio exceeds 1 / ALPHA by chance in at
# most a share ALPHA of the cases (Markov's inequality); times the number of hypotheses for all of them together.
ALPHA = 0.001
# Part of what a column falls short of its series that the other meaning has to explain; else opinion moved instead.
EXPLAINED = 0.5
# Candidates of the same series with less than this part of the best one's gain are no rivals to it.
RIVAL = 0.5
# By how much, in log likelihood, the rest of a series has to agree better without one wave than without another: 20 times.
CERTAIN = math.log(20)


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What is wrong with a column. gain: log likelihood ratio to what the crosswalk says; meaning: what the codes
    of the column mean then; exchanged_with: the other column of a swap; or_sample: the sample of another wave that
    may be the wrong one as well."""

    rule: str
    column: Column
    gain: float
    meaning: dict[str, str]
    exchanged_with: Column | None = None
    or_sample: str | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        return (self.column,) if self.exchanged_with is None else (self.column, self.exchanged_with)

    def is_moved(self, code: str) -> bool:
        """Whether the code of the column means something else than the crosswalk says."""
        return self.meaning[code] != self.column.meaning[code]


def diagnose(evidence: SeriesEvidence) -> list[Diagnosis]:
    """The faults, the clearest first. Each is taken out of the evidence before the next is looked for, so that
    a wrong column accuses neither its neighbours in time nor those that correlate with it."""
    samples = defaultdict(list)
    for column in evidence.columns:
        samples[column.sample_id].append(column)
    threshold = math.log(max(1, _hypotheses(samples)) / ALPHA)
    diagnoses: list[Diagnosis] = []
    shortfalls: dict[tuple[str, str], float] = {}
    candidates: dict[str, list[Diagnosis]] = {}
    while True:
        for sample_id, columns in samples.items():
            if sample_id not in candidates:
                for column in columns:
                    shortfalls[column.name] = _shortfall(evidence, column)
                candidates[sample_id] = [
                    diagnosis
                    for diagnosis in _candidates(evidence, columns, shortfalls, threshold)
                    if diagnosis.gain > threshold
                ]
        best = _clearest(evidence, [diagnosis for sample in candidates.values() for diagnosis in sample])
        if best is None:
            return diagnoses
        diagnoses.append(best)
        for column in best.columns:
            evidence.discard(column)
        questions = {(column.sample_series, column.question_id) for column in best.columns}
        for sample_id, columns in samples.items():
            if sample_id == best.column.sample_id or any(
                (column.sample_series, column.question_id) in questions for column in columns
            ):
                candidates.pop(sample_id, None)


def _clearest(evidence: SeriesEvidence, candidates: Sequence[Diagnosis]) -> Diagnosis | None:
    """The best of the candidates. A wrong wave accuses its neighbours, whose only reference it may be: of rivals in
    the same series the one without which the rest agrees best, and of equals the later, as the earlier was there before."""
    if not candidates:
        return None
    best = max(candidates, key=lambda diagnosis: (diagnosis.gain, diagnosis.column.name))
    forms = {column.form for column in best.columns}
    rivals = [
        diagnosis
        for diagnosis in candidates
        if diagnosis.gain >= RIVAL * best.gain and forms & {column.form for column in diagnosis.columns}
    ]
    if len(rivals) == 1:
        return best
    scores = {rival: rival.gain - _disagreement(evidence, rival, forms) for rival in rivals}
    first, *others = sorted(
        rivals, key=lambda rival: (scores[rival], rival.column.wave, rival.column.name), reverse=True
    )
    as_likely = (
        rival.column.sample_id
        for rival in others
        if rival.column.wave != first.column.wave and scores[rival] > scores[first] - CERTAIN
    )
    return replace(first, or_sample=next(as_likely, None))


def _disagreement(evidence: SeriesEvidence, diagnosis: Diagnosis, forms: Collection[Key]) -> float:
    """How badly the columns of some series fit each other without those of a diagnosis."""
    with evidence.without(diagnosis.columns):
        return sum(
            _shortfall(evidence, column)
            for column in evidence.columns
            if column.form in forms and column.name not in evidence.discarded
        )


def _shortfall(evidence: SeriesEvidence, column: Column) -> float:
    return -evidence.deviance(column, column, column.meaning, evidence.profiles.anchors(column, column))


def _hypotheses(samples: dict[str, list[Column]]) -> int:
    number = 0
    for columns in samples.values():
        by_layout = Counter(column.layout for column in columns)
        number += sum(n_recodings(column) for column in columns)
        number += sum(n * (n - 1) // 2 for n in by_layout.values())
    return number


def _candidates(
    evidence: SeriesEvidence,
    columns: Sequence[Column],
    shortfalls: dict[tuple[str, str], float],
    threshold: float,
) -> Iterator[Diagnosis]:
    """Only columns whose fit falls short by enough to be gained are looked at."""
    sound = [column for column in columns if column.name not in evidence.discarded]
    for column in sound:
        if shortfalls[column.name] > threshold:
            anchors = evidence.profiles.anchors(column, column)
            for rule, meaning in recodings(column):
                gain = shortfalls[column.name] + evidence.deviance(column, column, meaning, anchors)
                if gain > EXPLAINED * shortfalls[column.name]:
                    yield Diagnosis(rule, column, gain, meaning)
    for first, second in combinations(sound, 2):
        shortfall = shortfalls[first.name] + shortfalls[second.name]
        if shortfall > threshold and exchangeable(first, second):
            gain = _exchange(evidence, first, second)
            if gain > EXPLAINED * shortfall:
                yield Diagnosis("swapped_variables", first, gain, second.meaning, second)


def _exchange(evidence: SeriesEvidence, first: Column, second: Column) -> float:
    """Gain of reading each of two columns as the other."""
    gain = 0.0
    for column, like in ((first, second), (second, first)):
        anchors = evidence.profiles.anchors(column, column, like)
        gain += evidence.deviance(column, like, like.meaning, anchors)
        gain -= evidence.deviance(column, column, column.meaning, anchors)
    return gain
