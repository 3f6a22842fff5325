"""What the series of its own question, the correlations with other questions and the published shares say of a column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from . import series_likelihood
from .columns import Column, Key
from .profile_evidence import ProfileEvidence

BREAK_MOVEMENT = 0.05  # across a break of wording or options: 5 points at 50%
PERSON_MOVEMENT = 0.15  # where another person or government is rated: 15 points at 50%


@dataclass(frozen=True)
class PublishedShare:
    """A published percentage of those asked, as an interval, and the categories that it stands for."""

    categories: frozenset[str]
    lower: float
    upper: float


class SeriesEvidence:
    """Deviances of columns. A column that was found wrong no longer testifies about others (`discard`).

    movement: the usual movement of a share between waves, as a difference of arcsine square roots.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        design_effects: Mapping[str, float],
        published: Mapping[tuple[str, str], Sequence[PublishedShare]],
        movement: float,
    ) -> None:
        self.columns, self.design_effects, self.published = columns, design_effects, published
        self.movement = movement
        self.discarded: set[tuple[str, str]] = set()
        self._series: dict[Key, list[Column]] = defaultdict(list)
        self._parts: dict[Key, list[Column]] = defaultdict(list)
        for column in sorted(columns, key=lambda column: column.wave):
            self._series[column.series].append(column)
            self._parts[column.question_part].append(column)
        self._references: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}
        self.profiles = ProfileEvidence(columns, design_effects, self.discarded)

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
        self.profiles.forget()

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

    def deviance(
        self, column: Column, like: Column, meaning: Mapping[str, str], anchors: Sequence[str]
    ) -> float:
        """Log likelihood of the column read as `like` with these meanings of its codes, less that of a perfect fit."""
        return (
            self._of_shares(column, like, meaning)
            + self.profiles.log_likelihood(column, like, meaning, anchors)
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
