"""What the series of its own question, the correlations with other questions and the published shares say of a column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

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
# The median of a squared normal deviate, and of the mean of about five, as parts of their means.
MEDIAN_OF_SQUARE, MEDIAN_OF_MEAN = 0.455, 0.85


@dataclass(frozen=True)
class PublishedShare:
    """A published percentage of those asked, as an interval, and the categories that it stands for."""

    categories: frozenset[str]
    lower: float
    upper: float


# Anchor -> category -> (respondents, mean position).
Profile = dict[str, dict[str, tuple[float, float]]]


class SeriesEvidence:
    """Deviances of columns. A column that was found wrong no longer testifies about others (`discard`)."""

    def __init__(
        self,
        columns: Sequence[Column],
        design_effects: Mapping[str, float],
        published: Mapping[tuple[str, str], Sequence[PublishedShare]],
    ) -> None:
        self.columns, self.design_effects, self.published = columns, design_effects, published
        self.discarded: set[tuple[str, str]] = set()
        self._series: dict[Key, list[Column]] = defaultdict(list)
        self._forms: dict[Key, list[Column]] = defaultdict(list)
        self._parts: dict[Key, list[Column]] = defaultdict(list)
        self._single_columns: dict[tuple[str, str], tuple[str, str]] = {}
        for column in sorted(columns, key=lambda column: column.wave):
            self._series[column.series].append(column)
            self._forms[column.form].append(column)
            self._parts[column.question_part].append(column)
            if column.layout == "single":
                self._single_columns[column.sample_id, column.question_id] = column.name
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
        for asking in self._parts[column.question_part]:
            self._references.pop(asking.name, None)
            self._profiles.pop(asking.name, None)

    def neighbours(self, column: Column) -> list[Column]:
        """The nearest sound column of the same series before and after; at the ends of the series, the two nearest.

        A column that is alone in its series is compared across the break, with the askings of other wording,
        about another person, or with other options where most are the same.
        """
        return self._nearest(column, self._series[column.series]) or self._nearest(
            column,
            [
                asking
                for asking in self._parts[column.question_part]
                if 2 * len(set(asking.categories) & set(column.categories)) > len(column.categories)
            ],
        )

    def _nearest(self, column: Column, series: Sequence[Column]) -> list[Column]:
        sound = [asking for asking in series if asking.name not in self.discarded]
        before = [asking for asking in sound if asking.wave < column.wave]
        after = [asking for asking in sound if asking.wave > column.wave]
        return before[-1:] + after[:1] if before and after else before[-2:] + after[:2]

    def anchors(self, column: Column, *readings: Column) -> tuple[str, ...]:
        """The anchors that speak of the column under each of the readings and are none of the questions concerned."""
        known = set(column.profile) - {column.question_id, *(like.question_id for like in readings)}
        for like in readings:
            if reference := self._reference_profile(like):
                known &= set(reference)
        return tuple(sorted(anchor for anchor in known if self._is_sound(column.sample_id, anchor)))

    def _is_sound(self, sample_id: str, anchor: str) -> bool:
        return self._single_columns.get((sample_id, anchor)) not in self.discarded

    def deviance(
        self, column: Column, like: Column, meaning: Mapping[str, str], anchors: Sequence[str]
    ) -> float:
        """Log likelihood of the column read as `like` with these meanings of its codes, less that of a perfect fit."""
        return (
            self._of_shares(column, like, meaning)
            + self._of_profile(column, like, meaning, anchors)
            + self._of_published(column, like, meaning)
        )

    def observed(self, column: Column, like: Column, meaning: Mapping[str, str]) -> np.ndarray:
        """Counts of the categories of `like`, then of its other answers, under these meanings."""
        counts = dict.fromkeys((*like.categories, *like.nonsubstantive), 0.0)
        for code, n in zip(column.codes, column.counts, strict=True):
            if (category := meaning.get(code, "")) in counts:
                counts[category] += n
        return np.array(list(counts.values()))

    def reference(self, column: Column) -> tuple[np.ndarray, np.ndarray]:
        """Mean arcsine of each category, then of each other answer, in the neighbours, and its sampling variance."""
        if column.name not in self._references:
            neighbours = self.neighbours(column)
            if neighbours:
                transformed = [self._transformed(asking, column) for asking in neighbours]
                means = np.mean([mean for mean, _ in transformed], axis=0)
                variances = np.mean([variance for _, variance in transformed], axis=0) / len(neighbours)
                if any(asking.series != column.series for asking in neighbours):
                    same = all(asking.referent == column.referent for asking in neighbours)
                    variances = variances + (BREAK_MOVEMENT if same else PERSON_MOVEMENT) ** 2
            else:
                means, variances = np.full((2, len(column.categories) + len(column.nonsubstantive)), np.nan)
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
            known = {*column.categories, *column.nonsubstantive}
            value[[category not in known for category in (*like.categories, *like.nonsubstantive)]] = np.nan
        return value, self.design_effects[column.sample_id] / (4 * bases + 2)

    def _of_shares(self, column: Column, like: Column, meaning: Mapping[str, str]) -> float:
        expected, reference_variance = self.reference(like)
        value, variance = self._transformed(column, like, meaning)
        parts = len(like.categories)
        difference, total = value - expected, reference_variance + variance + self.movement**2
        log = 0.0
        for part, free in ((slice(0, parts), parts), (slice(parts, None), None)):
            known = ~np.isnan(difference[part])
            if known.any():
                log += series_likelihood.shares(difference[part][known], total[part][known], free)
        return log

    def _reference_profile(self, column: Column) -> Profile:
        """The profile of the other waves, pooled."""
        if column.name not in self._profiles:
            pooled: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
            for asking in self._forms[column.form]:
                if asking is column or asking.name in self.discarded:
                    continue
                for anchor, (n, mean) in asking.profile.items():
                    if self._is_sound(asking.sample_id, anchor):
                        for code, code_n, code_mean in zip(asking.codes, n, mean, strict=True):
                            sums = pooled[anchor][asking.meaning[code]]
                            sums[0] += code_n
                            sums[1] += code_n * code_mean
            self._profiles[column.name] = {
                anchor: {name: (n, total / n if n > 0 else 0.0) for name, (n, total) in categories.items()}
                for anchor, categories in pooled.items()
            }
        return self._profiles[column.name]

    def _of_profile(
        self, column: Column, like: Column, meaning: Mapping[str, str], anchors: Sequence[str]
    ) -> float:
        compared = self._profile_difference(column, like, meaning, anchors)
        if compared is None:
            return 0.0
        difference, variance = compared
        return series_likelihood.profiles(
            difference, variance + self.profile_movement**2, self._precision(column.country, tuple(anchors))
        )

    def _profile_difference(
        self, column: Column, like: Column, meaning: Mapping[str, str], anchors: Sequence[str]
    ) -> tuple[np.ndarray, np.ndarray] | None:
        reference = self._reference_profile(like)
        if not anchors or not set(anchors) <= set(reference):
            return None
        differences, variances = [], []
        n, mean = np.array([column.profile[anchor] for anchor in anchors]).swapaxes(0, 1)
        effect = self.design_effects[column.sample_id]
        for at, code in enumerate(column.codes):
            category = meaning.get(code)
            if category not in like.categories or n[:, at].min() < FEW:
                continue
            known, expected = np.array([reference[anchor].get(category, (0, 0)) for anchor in anchors]).T
            differences.append(mean[:, at] - expected)
            variances.append(effect / n[:, at].mean() + effect / max(known.mean(), 1))
        return (np.array(differences), np.array(variances)) if len(differences) > 1 else None

    def _of_published(self, column: Column, like: Column, meaning: Mapping[str, str]) -> float:
        published = self.published.get((like.sample_id, like.question_id), ())
        if like.layout == "indicator":
            chosen = frozenset({"chosen"})
            published = [
                replace(share, categories=chosen) for share in published if share.categories == {like.part}
            ]
        if not published or like.layout not in ("single", "indicator"):
            return 0.0
        counts: dict[str | None, float] = defaultdict(float)
        for code, n in zip(column.codes, column.counts, strict=True):
            counts[meaning.get(code)] += n
        counts.pop("skipped", None)
        base = sum(counts.values())
        if not base:
            return 0.0
        percentages = [100 * sum(counts[name] for name in share.categories) / base for share in published]
        return series_likelihood.published(percentages, [(share.lower, share.upper) for share in published])

    def _anchor_correlations(self) -> dict[tuple[str, frozenset[str]], float]:
        """Correlation of two anchors in a country, the median over its samples: a wrong column turns the sign of its own."""
        correlations: dict[tuple[str, frozenset[str]], list[float]] = defaultdict(list)
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
                    correlations[column.country, frozenset({column.question_id, anchor})].append(float(r))
        return {pair: float(np.median(values)) for pair, values in correlations.items()}

    def _precision(self, country: str, anchors: tuple[str, ...]) -> np.ndarray:
        if (country, anchors) not in self._precisions:
            matrix = np.eye(len(anchors))
            for i, anchor in enumerate(anchors):
                for j in range(i):
                    r = self._correlations.get((country, frozenset({anchor, anchors[j]})), 0.0)
                    matrix[i, j] = matrix[j, i] = (1 - SHRINKAGE) * r
            self._precisions[country, anchors] = np.linalg.inv(matrix)
        return self._precisions[country, anchors]

    def _usual_movements(self) -> tuple[float, float]:
        """Over all columns as coded: movement of arcsines and of profiles beyond sampling error."""
        squares, variances, distances, profile_variances = [], [], [], []
        for column in self.columns:
            expected, reference_variance = self.reference(column)
            value, variance = self._transformed(column, column, column.meaning)
            known = ~np.isnan(value - expected)
            squares += list((value - expected)[known] ** 2)
            variances += list((reference_variance + variance)[known])
            anchors = self.anchors(column, column)
            compared = self._profile_difference(column, column, column.meaning, anchors)
            if compared is not None:
                precision = self._precision(column.country, anchors)
                distances += list(series_likelihood.distances(compared[0], precision) / len(anchors))
                profile_variances += list(compared[1])
        return (
            _movement(squares, variances, MOVEMENT, MEDIAN_OF_SQUARE),
            _movement(distances, profile_variances, PROFILE_MOVEMENT, MEDIAN_OF_MEAN),
        )


def _movement(
    squares: Sequence[float], variances: Sequence[float], bounds: tuple[float, float], median: float
) -> float:
    """Standard deviation beyond sampling error. median: of the squares, as a part of their mean."""
    if not squares:
        return bounds[0]
    beyond = np.median(squares) / median - np.median(variances)
    return float(np.clip(np.sqrt(max(beyond, 0)), *bounds))
