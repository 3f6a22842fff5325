"""The weights, the scores and the assignment, on evidence that is made up."""

import numpy as np
import pytest
from kjpoll.onboarding.propose import matching
from kjpoll.onboarding.propose.asked import Target
from kjpoll.onboarding.propose.evidence import KINDS, Fit
from kjpoll.onboarding.propose.matching import Weights, match

from benchmarks.evidence_weights import calibrated, fit_weights

A, B = Target("answer", "a"), Target("answer", "b")
ONLY_LABELS = Weights({kind: float(kind in ("label", "open")) for kind in KINDS})


class NoNeighbours:
    def beside(self, one, other):
        return 0.0


def test_two_blocks_do_not_get_one_question():
    fits = [
        {A: Fit({"label": 6.0}), B: Fit({"label": 2.0}), None: Fit({"open": 1.0})},
        {A: Fit({"label": 5.0}), B: Fit({"label": 1.0}), None: Fit({"open": 0.0})},
    ]
    found = match(fits, NoNeighbours(), ONLY_LABELS)
    assert {one.target for one in found} == {A, B}


def test_an_implausible_target_is_left_open():
    fits = [{A: Fit({"label": 0.5}), B: Fit({"label": 0.5}), None: Fit({"open": 0.4})}]
    assert match(fits, NoNeighbours(), ONLY_LABELS, 0.0)[0].target is not None
    (found,) = match(fits, NoNeighbours(), ONLY_LABELS, 0.4)
    assert found.target is None
    assert found.other in (A, B)
    assert found.probability == pytest.approx(1 - found.other_probability)


def test_a_neighbour_decides_what_the_columns_themselves_do_not():
    class AThenB:
        def beside(self, one, other):
            return 5.0 if (one, other) == (A, B) else 0.0

    weights = Weights({**ONLY_LABELS.kinds, "context": 1.0})
    even = {A: Fit({"label": 1.0}), B: Fit({"label": 1.0}), None: Fit({"open": 0.0})}
    assert [one.target for one in match([even, even], AThenB(), weights)] == [A, B]


def test_weights_find_the_evidence_that_tells():
    """Of two kinds one is told by the truth, the other is noise."""
    chance = np.random.default_rng(1)
    cases = []
    for _ in range(400):
        table = np.zeros((4, len(KINDS)))
        table[:, KINDS.index("label")] = chance.normal(size=4)
        table[:, KINDS.index("name")] = chance.normal(size=4)
        odds = np.exp(2 * table[:, KINDS.index("label")])
        cases.append((table, int(chance.choice(4, p=odds / odds.sum()))))
    weights = fit_weights(cases).kinds
    assert weights["label"] == pytest.approx(2.0, abs=0.3)
    assert weights["name"] == pytest.approx(0.0, abs=0.15)


def test_scores_say_how_often_a_probability_was_right():
    probabilities = [0.9] * 200 + [0.5] * 200
    right = [True] * 120 + [False] * 80 + [True] * 40 + [False] * 160
    weights = calibrated(ONLY_LABELS, probabilities, right)
    assert weights.score(0.9) == pytest.approx(0.6, abs=0.03)
    assert weights.score(0.5) == pytest.approx(0.2, abs=0.03)


def test_every_kind_of_evidence_has_a_shipped_weight():
    weights = matching.shipped_weights()
    assert tuple(weights.kinds) == KINDS
    assert weights.slope > 0
    assert all(value >= 0 for kind, value in weights.kinds.items() if kind != "open")
