"""The weights, the scores and the assignment, on evidence that is made up."""

import pytest
from kjpoll.onboarding.propose import matching
from kjpoll.onboarding.propose.asked import Target
from kjpoll.onboarding.propose.blocks import Block
from kjpoll.onboarding.propose.match_evidence import KINDS, Fit
from kjpoll.onboarding.propose.matching import Weights, match

BLOCK = Block((), "single")
A, B = Target("answer", "a"), Target("answer", "b")
ONLY_LABELS = Weights({kind: float(kind in ("label", "open")) for kind in KINDS})


class NoNeighbours:
    def beside(self, one, other):
        return 0.0

    def other_named(self, block, target):
        return None

    def is_named(self, block, target):
        return False


def test_two_blocks_do_not_get_one_question():
    fits = [
        {A: Fit({"label": 6.0}), B: Fit({"label": 2.0}), None: Fit({"open": 1.0})},
        {A: Fit({"label": 5.0}), B: Fit({"label": 1.0}), None: Fit({"open": 0.0})},
    ]
    found = match([BLOCK] * len(fits), fits, NoNeighbours(), ONLY_LABELS)
    assert {one.target for one in found} == {A, B}


def test_an_implausible_target_is_left_open():
    fits = [{A: Fit({"label": 0.5}), B: Fit({"label": 0.5}), None: Fit({"open": 0.4})}]
    assert match([BLOCK] * len(fits), fits, NoNeighbours(), ONLY_LABELS, 0.0)[0].target in (A, B)
    (found,) = match([BLOCK] * len(fits), fits, NoNeighbours(), ONLY_LABELS, 0.4)
    assert found.target is None
    assert found.alternative in (A, B)
    assert found.probability == pytest.approx(1 - found.alternative_probability)


def test_a_neighbour_decides_what_the_columns_themselves_do_not():
    class AThenB(NoNeighbours):
        def beside(self, one, other):
            return 5.0 if (one, other) == (A, B) else 0.0

    weights = Weights({**ONLY_LABELS.kinds, "context": 1.0})
    even = {A: Fit({"label": 1.0}), B: Fit({"label": 1.0}), None: Fit({"open": 0.0})}
    found = match([BLOCK, BLOCK], [even, even], AThenB(), weights)
    assert [one.target for one in found] == [A, B]
    # The places decide what is proposed, but make nobody sure: no label names either of the two.
    assert max(one.probability for one in found) < 0.5

    class NamesB(AThenB):
        def is_named(self, block, target):
            return target == B

    found = match([BLOCK, BLOCK], [even, even], NamesB(), weights)
    assert min(one.probability for one in found) > 0.9


def test_an_open_block_claims_nothing():
    (found,) = match(
        [BLOCK], [{A: Fit({"label": 0.0}), None: Fit({"open": 9.0})}], NoNeighbours(), ONLY_LABELS
    )
    assert (found.target, found.score) == (None, 0.0)


def test_every_kind_of_evidence_has_a_shipped_weight():
    weights = matching.shipped_weights()
    assert tuple(weights.kinds) == KINDS
    assert weights.line[0] > 0
    assert weights.unnamed_line[0] > 0
    assert all(value >= 0 for kind, value in weights.kinds.items() if not kind.startswith("open"))


def test_what_no_label_names_is_never_quite_sure():
    weights = Weights(ONLY_LABELS.kinds, (1.0, 5.0), (1.0, 5.0))
    assert weights.score(1 - 1e-6, True) > 0.99
    assert weights.score(1 - 1e-6, False) == matching.UNNAMED
