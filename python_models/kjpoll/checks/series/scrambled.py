"""Columns whose answers no longer stand beside those of the same respondents: sorted, shuffled, moved by a row.

The shares of such a column are what they were; its correlations are gone. By how much a column goes with the
anchors is measured by `Association`: 1 is as in the other waves, 0 not at all. The correlations of a sound
column move between waves, but hardly to less than LEAST of what they were; a column is reported where no
association at all fits it better than any from LEAST up by a factor that chance does not give. Columns that
were moved together go with each other still, and with none of the others; whichever of the two sides has fewer
columns is reported, in one finding.

A column whose codes stand in one run each was sorted, or the whole file was. What chance says of such a run needs no
other wave; where the column goes with the anchors as ever, it is the file that is sorted, as it may be by sex or age.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .columns import Column
from .profile_evidence import FEW
from .series_evidence import SeriesEvidence

# Chance that a build without such columns reports one (Markov's inequality and Bonferroni's); half of it for
# single columns, half for blocks.
ALPHA = 0.001
# Sound columns kept 0.85 in thirty years of one survey (benchmarks/results/scrambled_power.md), and one of the
# shipped files 0.48; a finding needs less than half of this.
LEAST = 0.7
# Part of the distance from the other waves that no association at all may leave.
UNEXPLAINED = 0.5
# Log likelihood by which a column of a block has to speak for belonging to it.
MEMBER = 3.0
# Log likelihood of the association of a sound column, beyond which a sorted one is believed to be sound.
SOUND = 2.0


@dataclass(frozen=True)
class Association:
    """Of a column with some anchors, as a multiple `ratio` of that in the other waves.

    information: of the ratio, one over its variance. from_none, from_series: squared distances of what is
    observed from no association and from that of the other waves, in the same units.
    """

    ratio: float
    information: float
    from_none: float
    from_series: float

    @property
    def gain(self) -> float:
        """Log likelihood of none, less that of the likeliest association that a sound column may have."""
        return self.information * LEAST * (LEAST - 2 * self.ratio) / 2

    @property
    def is_none(self) -> bool:
        """Whether none fits at all, and not only better than another: a reversed scale has a negative one."""
        return abs(self.ratio) < LEAST / 2 and self.from_none < UNEXPLAINED * self.from_series


@dataclass(frozen=True)
class Scrambled:
    """Columns of one sample that were moved together, the clearest first, and its association with the others.

    Of a column that stands sorted `gain` is the surprisal of its order, and there may be no association to be known."""

    columns: tuple[Column, ...]
    gain: float
    association: Association | None
    anchors: tuple[str, ...]


class Comparison:
    """One column's mean anchor positions by code, beside those of the other waves."""

    def __init__(self, evidence: SeriesEvidence, column: Column) -> None:
        profiles = evidence.profiles
        self.column, self.precision = column, profiles.precision
        reference = profiles.reference(column)
        self.anchors = tuple(anchor for anchor in profiles.anchors(column, column) if anchor in reference)
        effect = evidence.design_effects[column.sample_id]
        observed, expected, variances, noise = [], [], [], []
        for at, code in enumerate(column.codes):
            category = column.meaning[code]
            if not self.anchors or category not in column.categories:
                continue
            n, means = np.array([[pair[at] for pair in column.profile[anchor]] for anchor in self.anchors]).T
            known, series = np.array([reference[anchor].get(category, (0, 0)) for anchor in self.anchors]).T
            if min(n.min(), known.min()) >= FEW:
                observed.append(means)
                expected.append(series)
                variances.append(effect / n.mean() + effect / known.mean())
                noise.append(effect / known.mean())
        self.codes = len(observed)
        self.observed, self.expected = np.array(observed), np.array(expected)
        self.variance, self.noise = np.array(variances), np.array(noise)

    def with_each(self) -> np.ndarray:
        """Gain of no association with each of the anchors alone."""
        products = (self.expected * self.observed / self.variance[:, None]).sum(0)
        information = ((self.expected**2 - self.noise[:, None]) / self.variance[:, None]).sum(0)
        gains: np.ndarray = self._free * LEAST * (LEAST * np.maximum(information, 0) - 2 * products) / 2
        return gains

    def with_all(self, use: np.ndarray | None = None) -> Association | None:
        """Association with all anchors together, or with those that a mask selects."""
        use = np.ones(len(self.anchors), bool) if use is None else use
        anchors = tuple(anchor for anchor, is_used in zip(self.anchors, use, strict=True) if is_used)
        if not anchors:
            return None
        precision = self.precision(self.column.sample_series, anchors)
        observed, expected = self.observed[:, use], self.expected[:, use]

        def product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
            terms: np.ndarray = np.einsum("ci,ij,cj->c", left, precision, right) / self.variance
            return terms * self._free

        # The reference is a mean of other samples, whose own error is no association.
        information = float(
            (product(expected, expected) - len(anchors) * self.noise / self.variance * self._free).sum()
        )
        if information <= 0:
            return None
        return Association(
            float(product(observed, expected).sum()) / information,
            information,
            float(product(observed, observed).sum()),
            float(product(observed - expected, observed - expected).sum()),
        )

    @property
    def _free(self) -> float:
        """The codes' means balance, so that one is not free."""
        return (self.codes - 1) / self.codes


def scrambled_columns(evidence: SeriesEvidence) -> list[Scrambled]:
    """The clearest first; each is taken out of the evidence before the next is looked for."""
    scrambled = []
    while candidates := list(_candidates(evidence)):
        best = max(candidates, key=lambda candidate: (candidate.gain, candidate.columns[0].name))
        scrambled.append(best)
        for column in best.columns:
            evidence.discard(column)
    return scrambled + list(_sorted_columns(evidence))


def _sorted_columns(evidence: SeriesEvidence) -> Iterator[Scrambled]:
    """What stands sorted and is not known to be sound."""
    threshold = math.log(max(1, len(evidence.columns)) / ALPHA)
    for column in evidence.columns:
        # By what the respondents are, agencies sort whole files.
        if not column.is_sorted or column.is_about_respondent or column.name in evidence.discarded:
            continue
        comparison = Comparison(evidence, column)
        association = comparison.with_all() if comparison.codes > 1 else None
        surprisal = _surprisal_of_runs(column)
        if surprisal > threshold and (association is None or association.gain > -SOUND):
            yield Scrambled((column,), surprisal, association, comparison.anchors)


def _surprisal_of_runs(column: Column) -> float:
    """Minus the log of the chance that each code stands in one run, of all orders of the records."""
    counts = column.counts[column.counts > 0]
    runs = math.lgamma(len(counts) + 1)
    return math.lgamma(counts.sum() + 1) - sum(math.lgamma(n + 1) for n in counts) - runs


def _candidates(evidence: SeriesEvidence) -> Iterator[Scrambled]:
    """What is clear enough to be reported, of each sample the clearest."""
    samples: dict[str, list[Comparison]] = defaultdict(list)
    for column in evidence.columns:
        if column.profile and column.name not in evidence.discarded:
            comparison = Comparison(evidence, column)
            if comparison.codes > 1:
                samples[column.sample_id].append(comparison)
    sizes = np.array([len(comparisons) for comparisons in samples.values()])
    for comparisons in samples.values():
        comparisons.sort(key=lambda comparison: comparison.column.file_position)
        singles = [(number,) for number in range(len(comparisons))]
        # A column outside of a block may go with columns of the block alone: the block is looked for first.
        for sides, n_hypotheses in (
            ([_block(comparisons)], (sizes * (sizes + 1) // 2).sum()),
            (singles, sizes.sum()),
        ):
            threshold = math.log(2 * n_hypotheses / ALPHA)
            moved = [_moved(comparisons, side) for side in sides]
            clear = [item for item in moved if item and item.gain > threshold]
            if clear:
                yield max(clear, key=lambda item: item.gain)
                break


def _block(comparisons: Sequence[Comparison]) -> tuple[int, ...]:
    """The columns that go least with all others: a stretch of the file, then with each column where it fits."""
    gains, size = _pair_gains(comparisons), len(comparisons)
    within = np.zeros((len(gains) + 1, len(gains) + 1))
    within[1:, 1:] = gains.cumsum(0).cumsum(1)
    total = np.concatenate([[0.0], gains.sum(1).cumsum()])
    first, last = np.triu_indices(size + 1, 1)
    inside = within[last, last] - within[first, last] - within[last, first] + within[first, first]
    cuts = total[last] - total[first] - inside - MEMBER * (last - first)
    best = int(np.argmax(cuts))
    if cuts[best] <= 0:
        return ()
    side = np.full(len(gains), -1.0)
    side[first[best] : last[best]] = 1.0
    for _ in range(len(gains)):
        flips = side * (gains @ side)
        if flips.max() <= MEMBER:
            break
        side[np.argmax(flips)] *= -1
    if (side[:size] > 0).sum() > size / 2:
        side = -side
    belongs = (side > 0) & (-side * (gains @ side) > MEMBER)
    return tuple(int(number) for number in np.flatnonzero(belongs[:size]))


def _pair_gains(comparisons: Sequence[Comparison]) -> np.ndarray:
    """Gain of no association between two columns; last the anchors that are no columns here, such as numbers."""
    places = {comparison.column.question_id: at for at, comparison in enumerate(comparisons)}
    anchors = {anchor for comparison in comparisons for anchor in comparison.anchors}
    places |= {anchor: len(comparisons) + at for at, anchor in enumerate(sorted(anchors - set(places)))}
    size = max(places.values()) + 1
    gains, times = np.zeros((2, size, size))
    for at, comparison in enumerate(comparisons):
        for anchor, gain in zip(comparison.anchors, comparison.with_each(), strict=True):
            for pair in ((at, places[anchor]), (places[anchor], at)):
                gains[pair] += gain
                times[pair] += 1
    return gains / np.maximum(times, 1)


def _moved(comparisons: Sequence[Comparison], side: tuple[int, ...]) -> Scrambled | None:
    """A side as a finding. The mean of its columns' likelihood ratios is one too, however they depend on each other."""
    questions = {comparisons[number].column.question_id for number in side}
    apart = []
    for number in side:
        comparison = comparisons[number]
        outside = np.array([anchor not in questions for anchor in comparison.anchors], bool)
        association = comparison.with_all(outside)
        if association is not None and association.is_none:
            anchors = tuple(np.array(comparison.anchors)[outside])
            apart.append((association.gain, number, association, anchors))
    if not apart:
        return None
    gains = np.array([gain for gain, *_ in apart])
    _, clearest, association, anchors = max(apart, key=lambda item: item[:2])
    return Scrambled(
        tuple(
            comparisons[number].column
            for number in sorted(side, key=lambda number: (number != clearest, number))
        ),
        float(np.logaddexp.reduce(gains) - math.log(len(side))),
        association,
        anchors,
    )
