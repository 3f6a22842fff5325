"""Each share of a new sample beside its series, with the band in which sampling error would leave it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from kjpoll.onboarding.review.answer_shares import Asking, asking
from kjpoll.onboarding.review.survey import Survey

# The chance that any share of a sample without a change is called out of its band. A person looks at these; what stops a build
# is more (rule drift), since opinion moves.
ALPHA = 0.01
Counts = Mapping[str, Mapping[str, Mapping[str, int]]]


@dataclass(frozen=True)
class Topline:
    """A share in percent. `series`: (wave, share) of the comparable earlier askings, the last one first.
    `low` and `high` are None where there is none."""

    question_id: str
    category_id: str
    n: int
    base: int
    series: tuple[tuple[int, float], ...]
    low: float | None = None
    high: float | None = None

    @property
    def pct(self) -> float:
        return 100.0 * self.n / self.base

    @property
    def is_outside(self) -> bool:
        return self.low is not None and self.high is not None and not self.low <= self.pct <= self.high


def toplines(survey: Survey, sample_id: str, counts: Counts) -> list[Topline]:
    """The shares of all questions that the rows of the sample name, in the order of the file.

    `counts`: sample_id -> variable -> code verbatim -> records, of the sample and of those before it. The
    band is about the last comparable share, whose variance and that of the new one are those of simple random
    samples times the design effects, wide enough for all shares together (Bonferroni).
    """
    sample = survey.sample(sample_id)
    with_variance: list[tuple[Topline, float]] = []
    for question_id, rows in survey.questions_of(sample_id).items():
        here = asking(survey, question_id, rows, counts[sample_id])
        before = _comparable(survey, sample_id, question_id, here, counts)
        for category_id, n in here.counts.items() if here.base else ():
            series = tuple((wave, 100.0 * past.counts[category_id] / past.base) for wave, past, _ in before)
            variance = math.nan
            if before:
                _, past, effect = before[0]
                # Two answers more of each kind keep the variance above 0 at a share of 0 or 1 (Agresti, Coull).
                share = (past.counts[category_id] + 2) / (past.base + 4)
                variance = share * (1 - share) * (effect / past.base + _effect(sample) / here.base)
            with_variance.append((Topline(question_id, category_id, n, here.base, series), variance))
    z = NormalDist().inv_cdf(
        1 - ALPHA / 2 / max(1, sum(bool(topline.series) for topline, _ in with_variance))
    )
    return [
        _with_band(topline, 100 * z * math.sqrt(variance)) if topline.series else topline
        for topline, variance in with_variance
    ]


def _comparable(
    survey: Survey, sample_id: str, question_id: str, here: Asking, counts: Counts
) -> Sequence[tuple[int, Asking, float]]:
    """(wave, asking, design effect) of the earlier samples of the series, the last one first."""
    comparable = []
    for earlier_id in survey.earlier(sample_id):
        rows = survey.questions_of(earlier_id).get(question_id)
        if rows and earlier_id in counts:
            sample = survey.sample(earlier_id)
            past = asking(survey, question_id, rows, counts[earlier_id])
            if past.line == here.line and past.base:
                comparable.append((int(sample["wave"]), past, _effect(sample)))
    return comparable


def _effect(sample: Mapping[str, str]) -> float:
    return float(sample["design_effect"] or 1)


def _with_band(topline: Topline, half: float) -> Topline:
    last = topline.series[0][1]
    return replace(topline, low=max(0.0, last - half), high=min(100.0, last + half))
