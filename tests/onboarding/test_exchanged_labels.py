"""Labels that stand at each other's columns while the answers fit both questions."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from kjpoll.onboarding.propose import propose
from kjpoll.onboarding.propose.asked import Target
from kjpoll.onboarding.propose.blocks import Block
from kjpoll.onboarding.propose.exchanged_labels import may_be_exchanged
from kjpoll.onboarding.propose.match_evidence import Fit

from tests.support.hidden_sample import hide, project

PAIR = ("korean_gov_attitude", "japanese_gov_attitude")
SURE = 0.8


@pytest.mark.parametrize("sample_id", ["KOR-2023", "JPN-2023"])
def test_two_labels_that_changed_places_make_nobody_sure(sample_id):
    hidden = hide(sample_id, "earlier")
    variable = {
        row["question_id"]: row["variable"]
        for row in project().seeds["variables"]
        if row["sample_id"] == sample_id
    }
    labels = {one.name: one.label for one in hidden.profile.variables}
    first, second = (variable[question] for question in PAIR)
    exchanged = labels | {first: labels[second], second: labels[first]}
    profile = replace(
        hidden.profile,
        variables=tuple(replace(one, label=exchanged[one.name]) for one in hidden.profile.variables),
    )
    proposals = {one.row["variable"]: one for one in propose(hidden.row, profile, hidden.history).proposals}
    for name in (first, second):
        assert proposals[name].score < SURE
        assert "may have been exchanged" in proposals[name].why
    sound = propose(hidden.row, hidden.profile, hidden.history).proposals
    assert not any("exchanged" in one.why for one in sound)


A, B, LAST = (Target("answer", name) for name in ("a", "b", "last"))
BLOCKS = [
    Block((SimpleNamespace(name=name, label=name, wording=name),), "single") for name in ("1", "2", "3")
]


@dataclass
class Evidence:
    """Two questions of one scale and a last one of another; b stood before a. `answers`: how the shares of a block fit a question."""

    answers: dict = field(default_factory=dict)
    history = SimpleNamespace(
        questions={
            "a": {"category_set": "scale"},
            "b": {"category_set": "scale"},
            "last": {"category_set": "yes_no"},
        }
    )

    def beside(self, before, after):
        return 3.0 if (before, after) in ((B, A), (A, LAST)) else 0.0

    def fit(self, block, target):
        return Fit({"shares": self.answers.get((BLOCKS.index(block), target), 0.0)})


def test_where_the_answers_leave_it_open_both_are_doubted():
    assert may_be_exchanged(BLOCKS, [A, B, LAST], Evidence()) == {0, 1}
    assert may_be_exchanged(BLOCKS, [B, A, LAST], Evidence()) == set()


def test_answers_that_fit_the_labels_settle_it():
    settled = Evidence({(0, A): 1.0, (1, B): 1.0})
    assert may_be_exchanged(BLOCKS, [A, B, LAST], settled) == set()
    against = Evidence({(0, B): 1.0, (1, A): 1.0})
    assert may_be_exchanged(BLOCKS, [A, B, LAST], against) == {0, 1}
