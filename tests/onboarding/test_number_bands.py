"""Bands of numbers, read from labels."""

import pytest
from kjpoll.onboarding.propose.number_bands import bands_of, category_of

AGES = {
    "young": {"value_min": "18", "value_max": "29"},
    "thirties": {"value_min": "30", "value_max": "39"},
    "old": {"value_min": "60", "value_max": "120"},
    "no_answer": {"value_min": "", "value_max": ""},
}


@pytest.mark.parametrize(
    ("labels", "bands"),
    [
        (("18-29", "30-39", "40-59", "60 and over"), [(18, 29), (30, 39), (40, 59), (60, None)]),
        (
            ("만 18~29세", "30대", "40대", "50대", "60세 이상"),
            [(18, 29), (30, 39), (40, 49), (50, 59), (60, None)],
        ),
        (("３０歳未満", "３０代", "４０代以上"), [(0, 29), (30, 39), (40, None)]),
        (("under 20", "20s", "30s+"), [(0, 19), (20, 29), (30, None)]),
    ],
)
def test_any_language(labels, bands):
    codes = {str(i): label for i, label in enumerate(labels, start=1)}
    assert list(bands_of(codes).values()) == bands
    assert bands_of(codes | {"9": "No answer"}) == bands_of(codes)


@pytest.mark.parametrize(
    "labels",
    [
        ("20s", "30s"),
        ("18-29", "30-39", "35-59"),
        ("18-29", "30-39", "45-59"),
        ("0 (left)", "1", "2", "3", "4 (right)"),
        ("good", "fair", "bad"),
        ("1-2-3", "4-5-6", "7-8-9"),
    ],
)
def test_what_is_no_row_of_bands(labels):
    assert bands_of({str(i): label for i, label in enumerate(labels)}) == {}


@pytest.mark.parametrize(
    ("band", "category"),
    [
        ((18, 29), "young"),
        ((0, 29), "young"),
        ((30, 39), "thirties"),
        ((60, None), "old"),
        ((18, 39), ""),
        ((50, None), ""),
    ],
)
def test_a_band_is_the_category_with_its_numbers(band, category):
    assert category_of(band, AGES) == category
