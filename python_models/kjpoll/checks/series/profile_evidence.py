"""Where those who gave an answer stand on the anchors, against those who gave it in the other waves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from . import series_likelihood
from .columns import Column, Key

# Bounds of the usual movement between waves, in standard deviations of an anchor.
PROFILE_MOVEMENT = 0.08, 0.3
FEW = 5  # a mean of fewer respondents says nothing
SHRINKAGE = 0.2  # of the anchors' correlations towards none
# The median of the mean of about five squared normal deviates, as a part of their mean.
MEDIAN_OF_MEAN = 0.85

# Anchor -> category -> (respondents, mean position).
Profile = dict[str, dict[str, tuple[float, float]]]


class ProfileEvidence:
    """What the correlations with the anchors say of columns. `discarded`: names of columns that were found wrong."""

    def __init__(
        self,
        columns: Sequence[Column],
        design_effects: Mapping[str, float],
        discarded: Collection[tuple[str, str]],
    ) -> None:
        self.columns, self.design_effects, self.discarded = columns, design_effects, discarded
        self._forms: dict[Key, list[Column]] = defaultdict(list)
        self._single_columns: dict[tuple[str, str], tuple[str, str]] = {}
        for column in columns:
            self._forms[column.form].append(column)
            if column.layout == "single":
                self._single_columns[column.sample_id, column.question_id] = column.name
        self._references: dict[tuple[str, str], Profile] = {}
        self._precisions: dict[tuple[str, tuple[str, ...]], np.ndarray] = {}
        self._correlations = self._anchor_correlations()
        self.movement = self._usual_movement()

    def forget(self) -> None:
        """After a change of `discarded`: any column may be an anchor of any other."""
        self._references.clear()

    def anchors(self, column: Column, *readings: Column) -> tuple[str, ...]:
        """The anchors that speak of the column under each of the readings and are none of the questions concerned."""
        known = set(column.profile) - {column.question_id, *(like.question_id for like in readings)}
        for like in readings:
            if reference := self.reference(like):
                known &= set(reference)
        return tuple(sorted(anchor for anchor in known if self._is_sound(column.sample_id, anchor)))

    def _is_sound(self, sample_id: str, anchor: str) -> bool:
        return self._single_columns.get((sample_id, anchor)) not in self.discarded

    def reference(self, column: Column) -> Profile:
        """The profile of the other waves, pooled."""
        if column.name not in self._references:
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
            self._references[column.name] = {
                anchor: {name: (n, total / n if n > 0 else 0.0) for name, (n, total) in categories.items()}
                for anchor, categories in pooled.items()
            }
        return self._references[column.name]

    def log_likelihood(
        self, column: Column, like: Column, meaning: Mapping[str, str], anchors: Sequence[str]
    ) -> float:
        compared = self._difference(column, like, meaning, anchors)
        if compared is None:
            return 0.0
        difference, variance = compared
        return series_likelihood.profiles(
            difference, variance + self.movement**2, self.precision(column.sample_series, tuple(anchors))
        )

    def _difference(
        self, column: Column, like: Column, meaning: Mapping[str, str], anchors: Sequence[str]
    ) -> tuple[np.ndarray, np.ndarray] | None:
        reference = self.reference(like)
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

    def _anchor_correlations(self) -> dict[tuple[str, frozenset[str]], float]:
        """Correlation of two anchors in a series, the median over its samples: a wrong column turns the sign of its own."""
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
                    correlations[column.sample_series, frozenset({column.question_id, anchor})].append(
                        float(r)
                    )
        return {pair: float(np.median(values)) for pair, values in correlations.items()}

    def precision(self, series: str, anchors: tuple[str, ...]) -> np.ndarray:
        if (series, anchors) not in self._precisions:
            matrix = np.eye(len(anchors))
            for i, anchor in enumerate(anchors):
                for j in range(i):
                    r = self._correlations.get((series, frozenset({anchor, anchors[j]})), 0.0)
                    matrix[i, j] = matrix[j, i] = (1 - SHRINKAGE) * r
            self._precisions[series, anchors] = np.linalg.inv(matrix)
        return self._precisions[series, anchors]

    def _usual_movement(self) -> float:
        distances, variances = [], []
        for column in self.columns:
            anchors = self.anchors(column, column)
            compared = self._difference(column, column, column.meaning, anchors)
            if compared is not None:
                precision = self.precision(column.sample_series, anchors)
                distances += list(series_likelihood.distances(compared[0], precision) / len(anchors))
                variances += list(compared[1])
        return series_likelihood.usual_movement(distances, variances, PROFILE_MOVEMENT, MEDIAN_OF_MEAN)
