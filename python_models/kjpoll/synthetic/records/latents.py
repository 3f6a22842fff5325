"""What stands behind the answers: a person's favourability, and a disposition per topic.

Scores are whole numbers in units of ``UNIT`` per standard deviation; higher is more favourable, that is
nearer to position 1. The loadings are assumptions: only the age gradient of the impression was published
(younger people are more favourable in both countries).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from kjpoll.synthetic.records.draws import UNIT, descending, mix, normals, sign

ANCHOR = "impression_of_counterpart"
"""The question that stands nearest to favourability; published models explain it."""

ON_ANCHOR = 88
ON_YOUTH = 28
ON_FAVOUR = {
    "perception": 80, "leaders": 70, "relations": 60, "government": 60, "conflict": 50, "history": 50,
    "security": 40, "economy": 40, "region": 30,
}  # fmt: skip
"""Loading of a topic on favourability, in hundredths."""

ON_TOPIC = 75
"""Loading of an ordered question on its topic."""

NOMINAL_ON_TOPIC = 30
"""Loading of an unordered question: its options have no direction, so the structure is lighter."""

ON_YOUTH_RESPONDENT = {"education": -45, "ideology": 20, "party_support": 15}
"""How far a respondent's own features lean on youth: later cohorts stayed longer in school, and are
less conservative. Position 1 of education is the lowest level, of ideology the most progressive."""

REVERSED = {"comfort_women_korean_discontent", "military_conflict_between"}
"""Unordered questions whose options run from the unfriendlier to the friendlier."""

_DIRECTIONS = {
    ("military_threat", "counterpart"): -1,
    ("economically_important_countries", "counterpart"): 1,
    ("counterpart_political_system", "democracy"): 1,
    ("counterpart_political_system", "liberalism"): 1,
    ("counterpart_political_system", "pacifism"): 1,
    ("counterpart_political_system", "nationalism"): -1,
    ("counterpart_political_system", "militarism"): -1,
    ("counterpart_political_system", "hegemonism"): -1,
}


def direction(question_id: str, category_id: str) -> int:
    """+1 where the favourable choose an option of a multiple question more often, -1 where less often.

    Where the wording leaves it open, it is fixed at random by the names.
    """
    return _DIRECTIONS.get((question_id, category_id), sign(question_id, category_id))


def youth(age: np.ndarray) -> np.ndarray:
    """Age in years (-1 unknown) as a score: 0 at 45, one standard deviation per 18 years younger."""
    return np.where(age < 0, 0, (45 - age) * UNIT // 18)


def scores_of(positions: np.ndarray, *key: str) -> np.ndarray:
    """Normal scores in the order of known positions (1 = highest score; -1 = unknown, pure noise)."""
    n = len(positions)
    drawn = normals(n, *key)
    known = np.flatnonzero(positions >= 0)
    ranked = np.empty(len(known), dtype=np.int64)
    ranked[descending(-positions[known], *key)] = np.sort(drawn[known])[::-1]
    drawn[known] = ranked
    return drawn


class Latents:
    """The latent scores of one sample's people.

    ``age`` in years, -1 where unknown; ``known`` maps the questions of the core records to positions
    (-1 where missing): what is known comes first, everything else is drawn conditional on it.
    """

    def __init__(
        self, sample_id: str, age: np.ndarray, known: Mapping[str, np.ndarray], topics: Mapping[str, str]
    ) -> None:
        self.sample_id, self.n, self.age = sample_id, len(age), age
        self.youth = youth(age)
        self._known = {q: scores_of(p, sample_id, q, "known") for q, p in sorted(known.items())}
        self._by_topic: dict[str, list[str]] = {}
        for question_id in sorted(self._known):
            self._by_topic.setdefault(topics[question_id], []).append(question_id)
        if ANCHOR in self._known:
            self.favour = mix(self._known[ANCHOR], ON_ANCHOR, self.n, sample_id, "favour")
        else:
            self.favour = mix(self.youth, ON_YOUTH, self.n, sample_id, "favour")
        self._topics: dict[str, np.ndarray] = {}
        quiet = normals(self.n, sample_id, "reticence")
        self.reticence = (90 * quiet - 25 * self.youth - 15 * abs(self.favour)) // 100

    def topic(self, topic: str) -> np.ndarray:
        """The disposition on a topic: favourability, known answers on the same topic, and noise."""
        if topic not in self._topics:
            loading = ON_FAVOUR[topic]
            score = loading * self.favour
            rest = 10_000 - loading * loading
            near = [self._known[q] for q in self._by_topic.get(topic, []) if q != ANCHOR]
            if near:
                score = score + 50 * (sum(near) // len(near))
                rest = max(rest - 2_500, 0)
            noise = normals(self.n, self.sample_id, "topic", topic)
            self._topics[topic] = (score + math.isqrt(rest) * noise) // 100
        return self._topics[topic]

    def question(self, question_id: str, topic: str, ordered: bool) -> np.ndarray:
        """The score by which a question's answers are handed out, highest to position 1."""
        key = (self.sample_id, question_id, "score")
        if topic == "respondent":
            return mix(self.youth, ON_YOUTH_RESPONDENT.get(question_id, 0), self.n, *key)
        if question_id == ANCHOR:
            return mix(self.favour, ON_ANCHOR, self.n, *key)
        return mix(self.topic(topic), ON_TOPIC if ordered else NOMINAL_ON_TOPIC, self.n, *key)

    def silence(self, question_id: str, kind: str) -> np.ndarray:
        """Who gives no substantive answer: mostly chance, a little more the older and the indifferent."""
        loading = 60 if kind == "dont_know" else 30
        return mix(self.reticence, loading, self.n, self.sample_id, question_id, kind)
