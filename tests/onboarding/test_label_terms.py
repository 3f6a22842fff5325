"""Labels in other words, by synonyms."""

import pytest
from kjpoll.onboarding.propose.label_terms import LabelTerms

SYNONYMS = [
    {"concept": concept, "term": term}
    for concept, terms in {
        "now": ["current", "at present"],
        "future": ["future", "to come"],
        "relations": ["relations", "ties"],
        "filler": ["what do you think of", "the"],
    }.items()
    for term in terms
]
LABELS = {"current": ["currentrelations"], "future": ["futurerelations"], "sex": ["sex"]}


@pytest.fixture
def terms():
    return LabelTerms(LABELS, SYNONYMS)


def test_other_words_for_the_same_are_the_same(terms):
    likeness = terms.likeness("whatdoyouthinkofthetiesatpresent")
    assert likeness["current"] == pytest.approx(1.0)
    assert likeness["future"] < 0.5
    assert likeness["sex"] == 0.0


def test_what_all_have_says_little(terms):
    """Both labels are about relations, which tells neither; that one is about now tells them apart."""
    likeness = terms.likeness("tiestocome")
    assert likeness["future"] > 2 * likeness["current"]


def test_without_synonyms_letters_are_compared():
    likeness = LabelTerms(LABELS, []).likeness("currentrelation")
    assert likeness["current"] > 0.9
    assert likeness["current"] > likeness["future"]
    assert LabelTerms(LABELS, []).likeness("")["sex"] == 0.0
