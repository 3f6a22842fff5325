"""Labels that differ in what does not tell them apart are one label."""

import pytest
from kjpoll.common.label_text import folded, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Very good", "VERY-GOOD."),
        ("1. Very good", "very good"),
        ("(2) 좋다", "좋다"),
        ("ＡＢＣ　１", "abc 1"),
        ("ｶﾞｿﾘﾝ", "ガソリン"),
        ("Don't know / no answer", "dont know, no answer"),
        ("Straße", "STRASSE"),
    ],
)
def test_labels_that_mean_the_same(one, other):
    assert plain(one) == plain(other) != ""


@pytest.mark.parametrize(("one", "other"), [("10", "1"), ("1.5", "5"), ("good", "no good"), ("ハ", "バ")])
def test_labels_that_do_not(one, other):
    assert plain(one) != plain(other)


def test_a_text_keeps_its_spaces_and_marks_when_it_is_folded():
    assert folded("Ｑ１. A-b") == "q1. a-b"
