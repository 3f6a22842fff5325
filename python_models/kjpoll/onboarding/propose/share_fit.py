"""How well the shares of a block's answers fit those of a question in other files.

Shares are compared as arcsine square roots, with Student's t (see kjpoll.checks.series.series_likelihood); what is given
is a fifth of the log likelihood ratio against the answers to just any question.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from .asked import Asked, Target
from .blocks import Block
from .survey_history import History

# As the samples seed assumes for every sample.
DESIGN_EFFECT = 1.5
DEGREES = 8.0
# Standard deviations of arcsines: between waves of a country, for each year between them, between the
# countries, and of the answers to just any question.
MOVEMENT, PER_YEAR, ELSEWHERE, ANY = 0.06, 0.02, 0.2, 0.32
LIMIT = 25.0
# So many askings with the usual movement are added to those of a question.
PRIOR_ASKINGS = 5
# A category with a smaller share may be missing from a scheme for lack of answers.
RARE = 0.02
# The same of the share of missing answers: between waves, between countries; mean and deviation of any question.
MISSING_MOVEMENT, MISSING_ELSEWHERE, MISSING_MEAN, MISSING_ANY = 0.12, 0.25, 0.3, 0.4
# The log likelihood ratio is divided by this, so that its weight is of the size of the other kinds' weights.
SCALE = 5


@dataclass(frozen=True)
class KnownAskings:
    """The askings of a history with which a new sample of this wave and country is compared."""

    history: History
    wave: int
    country: str

    def nearest(self, asked: Sequence[Asked], here: bool) -> list[tuple[Asked, float]]:
        """The nearest askings of the same country, or of others, with their weights relative to the first."""
        of_kind = [asking for asking in asked if (asking.country == self.country) == here and asking.n]
        of_kind.sort(key=lambda asking: (abs(asking.wave - self.wave), asking.sample_id))
        gaps = [abs(asking.wave - self.wave) for asking in of_kind]
        return [
            (asking, math.exp((gaps[0] - gap) / 2))
            for asking, gap in zip(of_kind[: 2 if here else 1], gaps, strict=False)
        ]

    def last(self, asked: Sequence[Asked]) -> Asked | None:
        """The nearest asking, of another country where this one was never asked."""
        nearest = self.nearest(asked, here=True) or self.nearest(asked, here=False)
        return nearest[0][0] if nearest else None

    def shares(
        self, shares: Mapping[str, float], n: int, block: Block, asked: Sequence[Asked], here: bool
    ) -> float:
        """`shares`: of `n` who answered. `here`: against the country's own askings, else others'."""
        nearest = self.nearest(asked, here)
        if not nearest:
            return 0.0
        gap = abs(nearest[0][0].wave - self.wave)
        movement = (self._movements[nearest[0][0].target] if here else ELSEWHERE) + PER_YEAR * gap
        log = 0.0
        series = [(asking, asking.shares, weight) for asking, weight in nearest]
        if not block.is_multiple and not shares.keys() <= nearest[0][0].shares.keys():
            # A scale of other length has the same nets.
            shares = self._nets(shares, nearest[0][0])
            series = [(asking, self._nets(asking.shares, asking), weight) for asking, _, weight in series]
        categories = sorted(shares)
        middle = _arcsine(1 / max(len(categories), 2))
        for category in categories:
            known = [
                (asking, known_shares[category], weight)
                for asking, known_shares, weight in series
                if category in known_shares
            ]
            if not known:
                continue
            total = sum(weight for *_, weight in known)
            expected = sum(weight * _arcsine(share) for _, share, weight in known) / total
            sampling = DESIGN_EFFECT / (4 * n) + DESIGN_EFFECT / (4 * sum(asking.n for asking, *_ in known))
            value = _arcsine(shares[category])
            log += _log_density(value - expected, sampling + movement**2)
            log -= _log_density(value - middle, sampling + ANY**2)
        # What the series has and this scheme has no code for was given by nobody.
        for category, share in series[0][1].items():
            if category not in shares and share > RARE:
                log += _log_density(_arcsine(share), movement**2) - _log_density(0.0, movement**2)
        if not block.is_multiple and len(categories) > 1:
            log *= (len(categories) - 1) / len(categories)
        return max(-LIMIT, min(LIMIT, log)) / SCALE

    def _nets(self, shares: Mapping[str, float], asked: Asked) -> dict[str, float]:
        """The shares by net where the categories have one, as they are where they have none."""
        categories = self.history.categories_of(asked.target.question_id)
        nets: dict[str, float] = defaultdict(float)
        for name, share in shares.items():
            nets[categories.get(name, {}).get("net") or name] += share
        return dict(nets)

    @cached_property
    def _movements(self) -> dict[Target, float]:
        """By how much the shares of each question usually move from one asking of the country to the next."""
        return {target: self._movement(asked) for target, asked in self.history.targets.items()}

    def _movement(self, asked: Sequence[Asked]) -> float:
        askings = sorted(
            (asking for asking in asked if asking.country == self.country and asking.n),
            key=lambda asking: asking.wave,
        )
        squares = [
            (_arcsine(earlier.shares[name]) - _arcsine(later.shares[name])) ** 2
            for earlier, later in pairwise(askings)
            for name in earlier.shares.keys() & later.shares.keys()
        ]
        return math.sqrt((sum(squares) + PRIOR_ASKINGS * MOVEMENT**2) / (len(squares) + PRIOR_ASKINGS))

    def missing(self, block: Block, n: int, asked: Sequence[Asked]) -> float:
        """The same for the share of all records without an answer; `n` have one."""
        last = self.last(asked)
        if not last or block.is_numeric:
            return 0.0
        movement = MISSING_MOVEMENT if last.country == self.country else MISSING_ELSEWHERE
        value, expected = _arcsine(1 - n / block.n_rows), _arcsine(1 - last.n / last.block.n_rows)
        log = _log_density(value - expected, movement**2) - _log_density(value - MISSING_MEAN, MISSING_ANY**2)
        return max(-LIMIT, min(LIMIT, log)) / SCALE


def _arcsine(share: float) -> float:
    return math.asin(math.sqrt(min(max(share, 0.0), 1.0)))


def _log_density(difference: float, variance: float) -> float:
    """Of Student's t, up to a constant."""
    return -(DEGREES + 1) / 2 * math.log1p(difference**2 / (DEGREES * variance)) - math.log(variance) / 2
