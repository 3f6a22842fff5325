"""What the series of its own question, the correlations and the print say of a column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from . import series_likelihood
from .columns import Column, Key

# Bounds of the usual movement between waves, where too few waves are there, or too many wrong, to estimate it.
MOVEMENT = 0.02, 0.1  # in arcsines: 2 to 10 points at 50%
PROFILE_MOVEMENT = 0.08, 0.3  # in standard deviations of an anchor
BREAK_MOVEMENT = 0.05  # across a break of wording or options: 5 points at 50%
PERSON_MOVEMENT = 0.15  # where another person or government is rated: 15 points at 50%
FEW = 5  # a mean of fewer respondents says nothing
SHRINKAGE = 0.2  # of the anchors' correlations towards none


@dataclass(frozen=True)
class Print:
    """A published percentage of those asked, as an interval, and the categories that it stands for."""

    categories: frozenset[str]
    lower: float
    upper: float


# Anchor -> (respondents, mean position) of each category.
Profile = dict[str, tuple[dict[str, float], dict[str, float]]]


class SeriesEvidence:
    """Deviances of columns. A column that was found wrong no longer testifies about others (`discard`)."""

    def __init__(
        self,
        columns: Sequence[Column],
        design_effects: Mapping[str, float],
        prints: Mapping[tuple[str, str], Sequence[Print]],
    ) -> None:
        self.columns = columns
        self.design_effects, self.prints = design_effects, prints
        self.discarded: set[tuple[str, str]] = set()
        self._series: dict[Key, list[Column]] = defaultdict(list)
        self._forms: dict[Key, list[Column]] = defaultdict(list)
        self._parts: dict[Key, list[Column]] = defaultdict(list)
        for column in sorted(columns, key=lambda column: column.wave):
            self._series[column.series].append(column)
            self._forms[column.key].append(column)
            self._parts[column.place].append(column)
        self._of_question = {
            (column.sample_id, column.question_id): column for column in columns if column.layout == "single"
        }
        self._references: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}
        self._profiles: dict[tuple[str, str], Profile] = {}
        self._precisions: dict[tuple[str, tuple[str, ...]], np.ndarray] = {}
        self._correlations = self._anchor_correlations()
        self.movement, self.profile_movement = 0.0, 0.0
        self.movement, self.profile_movement = self._usual_movements()

    def discard(self, column: Column) -> None:
        self.discarded.add(column.name)
        self._forget(column)

    @contextmanager
    def without(self, columns: Collection[Column]) -> Iterator[None]:
        """The evidence as it would be without some columns."""
        for column in columns:
            self.discard(column)
        yield
        for column in columns:
            self.discarded.remove(column.name)
            self._forget(column)

    def _forget(self, column: Column) -> None:
        for other in self._parts[column.place]:
            self._references.pop(other.name, None)
            self._profiles.pop(other.name, None)

    def neighbours(self, column: Column) -> list[Column]:
        """The nearest sound column of the same series before and after; at the ends of the series, the two nearest.

        A column that is alone in its series is compared across the break, with the askings of other wording,
        about another person, or with other options where most are the same.
        """
        return self._nearest(column, self._series[column.series]) or self._nearest(
            column,
            [
                other
                for other in self._parts[column.place]
                if 2 * len(set(other.categories) & set(column.categories)) > len(column.categories)
            ],
        )

    def _nearest(self, column: Column, series: Sequence[Column]) -> list[Column]:
        sound = [other for other in series if other.name not in self.discarded]
        before = [other for other in sound if other.wave < column.wave]
        after = [other for other in sound if other.wave > column.wave]
        return before[-1:] + after[:1] if before and after else before[-2:] + after[:2]

    def anchors(self, column: Column, *readings: Column) -> tuple[str, ...]:
        """The anchors that speak of the column under each of the readings and are none of the questions concerned."""
        without = {column.question_id, *(like.question_id for like in readings)}
        known = set(column.profile)
        for like in readings:
            if reference := self._reference_profile(like):
                known &= set(reference)
        return tuple(
            sorted(anchor for anchor in known - without if self._sound_anchor(column.sample_id, anchor))
        )

    def deviance(
        self, column: Column, like: Column, meaning: Mapping[str, str], anchors: Sequence[str]
    ) -> float:
        """Log likelihood of the column read as `like` with these meanings of its codes, less that of a perfect fit."""
        return (
            self._of_shares(column, like, meaning)
            + self._of_profile(column, like, meaning, anchors)
            + self._of_print(column, like, meaning)
        )

    def observed(self, column: Column, like: Column, meaning: Mapping[str, str]) -> np.ndarray:
        """Counts of the categories of `like`, then of its other answers, under these meanings."""
        index = {category: at for at, category in enumerate((*like.categories, *like.other))}
        counts = np.zeros(len(index))
        for code, n in zip(column.codes, column.counts, strict=True):
            at = index.get(meaning.get(code, ""))
            if at is not None:
                counts[at] += n
        return counts

    def reference(self, column: Column) -> tuple[np.ndarray, np.ndarray]:
        """Mean arcsine of each category, then of each other answer, in the neighbours, and its sampling variance."""
        if column.name not in self._references:
            near = self.neighbours(column)
            neighbours = [self._transformed(other, column) for other in near]
            shape = len(column.categories) + len(column.other)
            if neighbours:
                means = np.mean([mean for mean, _ in neighbours], axis=0)
                variances = np.mean([variance for _, variance in neighbours], axis=0) / len(neighbours)
                if any(other.series != column.series for other in near):
                    same = all(other.about == column.about for other in near)
                    variances = variances + (BREAK_MOVEMENT if same else PERSON_MOVEMENT) ** 2
            else:
                means, variances = np.full((2, shape), np.nan)
            self._references[column.name] = means, variances
        return self._references[column.name]

    def _transformed(
        self, column: Column, like: Column, meaning: Mapping[str, str] | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        counts = self.observed(column, like, meaning or column.meaning)
        parts = len(like.categories)
        bases = np.where(np.arange(len(counts)) < parts, counts[:parts].sum(), counts.sum())
        value = np.where(bases > 0, np.arcsin(np.sqrt((counts + 0.375) / (bases + 0.75))), np.nan)
        if meaning is None:
            known = set(column.categories) | set(column.other)
            value[[category not in known for category in (*like.categories, *like.other)]] = np.nan
        return value, self.design_effects[column.sample_id] / (4 * bases + 2)

    def _of_shares(self, column: Column, like: Column, meaning: Mapping[str, str]) -> float:
        expected, variance = self.reference(like)
        value, own = self._transformed(column, like, meaning)
        parts = len(like.categories)
        difference, total = value - expected, variance + own + self.movement**2
        log = 0.0
        for part, free in ((slice(0, parts), parts), (slice(parts, None), None)):
            known = ~np.isnan(difference[part])
            if known.any():
                log += series_likelihood.shares(difference[part][known], total[part][known], free)
        return log

    def _reference_profile(self, column: Column) -> Profile:
        """Anchor -> (respondents, mean position) of each category, pooled over the other waves."""
        if column.name not in self._profiles:
            pooled: Profile = {}
            for other in self._forms[column.key]:
                if other is column or other.name in self.discarded:
                    continue
                for anchor, (n, mean) in other.profile.items():
                    if not self._sound_anchor(other.sample_id, anchor):
                        continue
                    count, total = pooled.setdefault(anchor, (defaultdict(float), defaultdict(float)))
                    for code, code_n, code_mean in zip(other.codes, n, mean, strict=True):
                        count[other.meaning[code]] += code_n
                        total[other.meaning[code]] += code_n * code_mean
            self._profiles[column.name] = {
                anchor: (dict(count), {name: total[name] / count[name] for name in total if count[name] > 0})
                for anchor, (count, total) in pooled.items()
            }
        return self._profiles[column.name]

    def _of_profile(
        self, column: Column, like: Column, meaning: Mapping[str, str], anchors: Sequence[str]
    ) -> float:
        found = self._profile_difference(column, like, meaning, anchors)
        if found is None:
            return 0.0
        difference, variance = found
        return series_likelihood.profiles(
            difference, variance + self.profile_movement**2, self._precision(column.country, tuple(anchors))
        )

    def _profile_difference(
        self, column: Column, like: Column, meaning: Mapping[str, str], anchors: Sequence[str]
    ) -> tuple[np.ndarray, np.ndarray] | None:
        reference = self._reference_profile(like)
        if not anchors or not set(anchors) <= set(reference):
            return None
        rows, variances = [], []
        n = np.array([column.profile[anchor][0] for anchor in anchors])
        mean = np.array([column.profile[anchor][1] for anchor in anchors])
        effect = self.design_effects[column.sample_id]
        for at, code in enumerate(column.codes):
            category = meaning.get(code)
            if category not in like.categories or n[:, at].min() < FEW:
                continue
            known = np.array([reference[anchor][0].get(category, 0) for anchor in anchors])
            expected = np.array([reference[anchor][1].get(category, 0) for anchor in anchors])
            rows.append(mean[:, at] - expected)
            variances.append(effect / n[:, at].mean() + effect / max(known.mean(), 1))
        return (np.array(rows), np.array(variances)) if len(rows) > 1 else None

    def _of_print(self, column: Column, like: Column, meaning: Mapping[str, str]) -> float:
        prints = self.prints.get((like.sample_id, like.question_id), ())
        if like.layout == "indicator":
            prints = [
                Print(frozenset({"chosen"}), one.lower, one.upper)
                for one in prints
                if one.categories == {like.part}
            ]
        elif like.layout != "single":
            return 0.0
        asked = [
            (meaning.get(code), n)
            for code, n in zip(column.codes, column.counts, strict=True)
            if meaning.get(code) != "skipped"
        ]
        base = sum(n for _, n in asked)
        if not prints or not base:
            return 0.0
        return series_likelihood.prints(
            [100 * sum(n for category, n in asked if category in one.categories) / base for one in prints],
            [one.lower for one in prints],
            [one.upper for one in prints],
        )

    def _sound_anchor(self, sample_id: str, anchor: str) -> bool:
        column = self._of_question.get((sample_id, anchor))
        return column is None or column.name not in self.discarded

    def _anchor_correlations(self) -> dict[tuple[str, str, str], float]:
        """Mean correlation of two anchors over the samples of a country."""
        found: dict[tuple[str, str, str], list[float]] = defaultdict(list)
        for column in self.columns:
            if column.layout != "single" or column.answer_type != "ordinal":
                continue
            position = np.array([column.positions.get(code, np.nan) for code in column.codes])
            for anchor, (n, mean) in column.profile.items():
                use = ~np.isnan(position) & (n > 0)
                if n[use].sum() < FEW:
                    continue
                center = np.average(position[use], weights=n[use])
                spread = np.sqrt(np.average((position[use] - center) ** 2, weights=n[use]))
                if spread > 0:
                    r = np.average((position[use] - center) / spread * mean[use], weights=n[use])
                    found[_pair(column.country, column.question_id, anchor)].append(float(r))
        # The median, since a column that is wrong turns the sign of its own.
        return {pair: float(np.median(values)) for pair, values in found.items()}

    def _precision(self, country: str, anchors: tuple[str, ...]) -> np.ndarray:
        if (country, anchors) not in self._precisions:
            size = len(anchors)
            matrix = np.eye(size)
            for i in range(size):
                for j in range(i):
                    r = self._correlations.get(_pair(country, anchors[i], anchors[j]), 0.0)
                    matrix[i, j] = matrix[j, i] = (1 - SHRINKAGE) * r
            self._precisions[country, anchors] = np.linalg.inv(matrix)
        return self._precisions[country, anchors]

    def _usual_movements(self) -> tuple[float, float]:
        """Medians over all columns as coded: movement of arcsines and of profiles beyond sampling error."""
        squares, samplings, distances, profile_samplings = [], [], [], []
        for column in self.columns:
            expected, variance = self.reference(column)
            value, own = self._transformed(column, column, column.meaning)
            known = ~np.isnan(value - expected)
            squares += list((value - expected)[known] ** 2)
            samplings += list((variance + own)[known])
            anchors = self.anchors(column, column)
            found = self._profile_difference(column, column, column.meaning, anchors)
            if found is not None:
                precision = self._precision(column.country, anchors)
                distances += list(np.einsum("ci,ij,cj->c", found[0], precision, found[0]) / len(anchors))
                profile_samplings += list(found[1])
        return (
            _movement(squares, samplings, MOVEMENT, 0.455),
            _movement(distances, profile_samplings, PROFILE_MOVEMENT, 0.85),
        )


def _movement(
    squares: Collection[float],
    samplings: Collection[float],
    bounds: tuple[float, float],
    median_of_one: float,
) -> float:
    """Standard deviation beyond sampling error. The median of a squared normal deviate is 0.455 of its mean;
    that of the mean of about five, 0.85."""
    if not squares:
        return bounds[0]
    beyond = np.median(list(squares)) / median_of_one - np.median(list(samplings))
    return float(np.clip(np.sqrt(max(beyond, 0)), *bounds))


def _pair(country: str, one: str, other: str) -> tuple[str, str, str]:
    return country, min(one, other), max(one, other)
