"""Colours that can be told apart and read, each with one meaning; labels that do not cover each other."""

from itertools import combinations

import pytest
from kjpoll.report import theme
from kjpoll.report.comparability import difference
from kjpoll.report.line_charts import place_labels
from kjpoll.report.site import weblink

CATEGORIES = [
    ("a", "good", 1, "positive", None),
    ("a", "fair", 2, "positive", None),
    ("a", "neither", 3, "neither", None),
    ("a", "poor", 4, "negative", None),
    ("a", "bad", 5, "negative", None),
    ("a", "dont_know", None, None, "dont_know"),
    ("b", "usa", 1, None, None),
    ("b", "china", 2, None, None),
    ("b", "other", 3, None, None),
    ("b", "no_answer", None, None, "no_answer"),
    ("c", "russia", 1, None, None),
    ("c", "china", 2, None, None),
    ("c", "usa", 3, None, None),
    ("c", "not_sure", None, None, "dont_know"),
]


@pytest.fixture
def colours():
    names = ("question_id", "category_id", "position", "net", "missing_type")
    return theme.CategoryColours([dict(zip(names, row, strict=True)) for row in CATEGORIES])


def test_contrast_is_that_of_wcag():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert theme.contrast("#ffffff", "#767676") == theme.contrast("#767676", "#ffffff")


def test_text_can_be_read():
    for ink, paper in (
        (theme.INK, theme.PAPER),
        (theme.MUTED, theme.PAPER),
        (theme.LINK, theme.PAPER),
        (theme.LINK, theme.SHADE),
        (theme.INK, theme.SHADE),
        (theme.NOTICE_INK, theme.NOTICE),
    ):
        assert theme.contrast(ink, paper) >= 4.5, (ink, paper)
    for colour in (*theme.COUNTRY_COLOURS.values(), *theme.NET_COLOURS.values()):
        assert theme.contrast(colour, theme.PAPER) >= 4.5, colour
    everything = {
        *theme.NOMINAL,
        *theme.NET_COLOURS.values(),
        *theme.MISSING_COLOURS.values(),
        theme.OTHER_COLOUR,
        *(shade for shades in theme.NET_SHADES.values() for shade in shades),
    }
    for colour in everything:
        assert theme.contrast(theme.text_on(colour), colour) >= 4.5, colour
        assert theme.contrast(theme.darkened(colour), theme.PAPER) >= 4.5, colour


def test_a_category_has_one_colour_in_every_question(colours):
    assert colours.of("b", "china") == colours.of("c", "china")
    assert colours.of("b", "usa") == colours.of("c", "usa")
    assert colours.of("a", "dont_know") == colours.of("c", "not_sure") == theme.MISSING_COLOURS["dont_know"]


def test_two_categories_of_a_question_have_two_colours(colours):
    for one, other in combinations(CATEGORIES, 2):
        if one[0] == other[0]:
            assert colours.of(*one[:2]) != colours.of(*other[:2]), (one, other)


def test_the_strongest_answers_of_a_scale_are_the_darkest(colours):
    for strong, weak in (("good", "fair"), ("bad", "poor")):
        assert theme.luminance(colours.of("a", strong)) < theme.luminance(colours.of("a", weak))


def test_a_net_has_its_colour_and_an_unknown_category_none(colours):
    assert colours.of("a", "positive") == theme.NET_COLOURS["positive"]
    with pytest.raises(KeyError):
        colours.of("a", "purple")


def column(*shares: float) -> list[dict]:
    return [
        {"pct": share, "ci_low": max(0, share - 2), "ci_high": min(100, share + 2), "basis": "published"}
        for share in shares
    ]


@pytest.mark.parametrize("shares", [(50,), (30, 32), (30, 31, 32), (28, 29, 30, 31), (4, 5, 90), (0.4, 99.6)])
def test_labels_do_not_cover_each_other(shares):
    rows = column(*shares)
    place_labels(rows, height=3.7, top=100)
    labels = [row["label_at"] for row in rows if "label_at" in row]
    assert len(labels) == sum(share >= 3 for share in shares)
    assert all(abs(one - other) >= 3.5 for one, other in combinations(labels, 2))
    assert all(0 < label <= 102 for label in labels)


def test_a_difference_is_reported_with_its_note():
    assert difference(2018, "scale", "three points") == "2018 has another scale (three points)"
    assert difference(2018, "options", None) == "2018 has other answer options"
    assert difference(2018, "identical", "three points") == ""


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "//host/x", "file:///x"]
)
def test_an_address_that_is_not_of_the_web_leads_nowhere(address):
    assert weblink(address) == "#"
    assert weblink("https://example.org/?a=1") == "https://example.org/?a=1"
