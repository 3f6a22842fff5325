"""The training of the proposal's weights, on evidence that is made up."""

import numpy as np
import pytest
from kjpoll.onboarding.propose.match_evidence import KINDS
from kjpoll.onboarding.propose.matching import Weights

from benchmarks.evidence_weights import calibrated, fit_weights


def test_weights_find_the_evidence_that_tells():
    """Of two kinds one follows the truth, the other is noise."""
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
    """Of those that a label named, and of the others, which were right more often."""
    probabilities = ([0.9] * 200 + [0.5] * 200) * 2
    named = [True] * 400 + [False] * 400
    right = [True] * 120 + [False] * 80 + [True] * 40 + [False] * 160
    right += [True] * 180 + [False] * 20 + [True] * 100 + [False] * 100
    weights = calibrated(
        Weights({kind: float(kind in ("label", "open")) for kind in KINDS}), probabilities, named, right
    )
    assert weights.score(0.9, True) == pytest.approx(0.6, abs=0.03)
    assert weights.score(0.5, True) == pytest.approx(0.2, abs=0.03)
    assert weights.score(0.9, False) == pytest.approx(0.9, abs=0.03)
    assert weights.score(0.5, False) == pytest.approx(0.5, abs=0.03)
