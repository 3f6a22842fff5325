"""Shares from counts, and the band in which sampling error leaves them."""

import math
from statistics import NormalDist

import pytest
from kjpoll.onboarding.review.answer_shares import asking, meanings
from kjpoll.onboarding.review.survey import Survey
from kjpoll.onboarding.review.toplines import toplines

from tests.onboarding import review_project
from tests.onboarding.review_project import NEW, crosswalk, profile, sample, variable


@pytest.fixture
def root(tmp_path):
    review_project.make(tmp_path / "project")
    return tmp_path / "project"


def counts_of(**good: int):
    """Counts of the three waves; `good` people of 1,000 in each."""
    files = {
        "KOR-2021": profile(good=good["y2021"]),
        "KOR-2022": profile(good=good["y2022"]),
        NEW: profile(good=good["y2023"]),
    }
    return {name: {column.name: column.counts for column in one.variables} for name, one in files.items()}


def survey_with(root, *changes) -> Survey:
    """The survey with a third wave; `changes`: (sample_id, variable, cells)."""
    survey = Survey(root)
    survey.samples.insert(len(survey.samples.rows), sample(NEW))
    survey.add_wave(2023)
    for row in crosswalk(NEW):
        survey.variables.insert(len(survey.variables.rows), row)
    for sample_id, name, cells in changes:
        (place,) = survey.variables.find(sample_id=sample_id, variable=name)
        survey.variables.replace(place, {**survey.variables.rows[place], **cells})
    return survey


def mood_good(survey, counts):
    return next(
        topline
        for topline in toplines(survey, NEW, counts)
        if (topline.question_id, topline.category_id) == ("mood", "good")
    )


def test_a_share_is_of_the_substantive_answers_and_the_band_of_both_samples(root):
    found = mood_good(survey_with(root), counts_of(y2021=380, y2022=400, y2023=420))
    assert (found.n, found.base) == (420, 900)
    assert found.series == ((2022, pytest.approx(100 * 400 / 900)), (2021, pytest.approx(100 * 380 / 900)))
    # Mood has three categories, sex, reasons and age two each: nine shares share the error of 1%.
    share = 402 / 904
    half = 100 * NormalDist().inv_cdf(1 - 0.005 / 9) * math.sqrt(share * (1 - share) * 2 * 1.5 / 900)
    assert (found.low, found.high) == (
        pytest.approx(100 * 400 / 900 - half),
        pytest.approx(100 * 400 / 900 + half),
    )
    assert not found.is_outside


@pytest.mark.parametrize(("good", "is_outside"), [(400, False), (480, False), (490, True), (310, True)])
def test_a_share_beyond_the_band_is_marked(root, good, is_outside):
    assert mood_good(survey_with(root), counts_of(y2021=400, y2022=400, y2023=good)).is_outside is is_outside


@pytest.mark.parametrize(
    "cells", [{"comparability": "wording"}, {"referent": "somebody else"}, {"code_list": "sex__1_2"}]
)
def test_an_asking_that_cannot_be_compared_is_passed_over(root, cells):
    """That of 2022 is another one: the band is about 2021."""
    found = mood_good(
        survey_with(root, ("KOR-2022", "Q1", cells)), counts_of(y2021=300, y2022=800, y2023=300)
    )
    assert [wave for wave, _ in found.series] == [2021] and not found.is_outside


def test_without_a_comparable_asking_there_is_no_band(root):
    found = mood_good(
        survey_with(root, (NEW, "Q1", {"referent": "somebody else"})),
        counts_of(y2021=300, y2022=800, y2023=300),
    )
    assert found.series == () and found.low is None and not found.is_outside


def test_several_answers_are_shares_of_those_who_were_asked(root):
    survey = survey_with(root)
    rows = [row for row in survey.rows_of(NEW) if row["question_id"] == "reasons"]
    counts = {"Q3_1": {"0": 60, "1": 20, "<blank>": 20}, "Q3_2": {"0": 30, "1": 50, "<blank>": 20}}
    found = asking(survey, "reasons", rows, counts)
    assert (found.counts, found.base) == ({"food": 20, "music": 50}, 80)


@pytest.mark.parametrize(
    ("layout", "counts", "expected"),
    [
        (
            "ranked",
            {"R1": {"1": 70, "<blank>": 30}, "R2": {"2": 40, "1": 10, "<blank>": 50}},
            {"male": 80, "female": 40},
        ),
        (
            "delimited",
            {"R1": {"1": 30, "1;2": 20, "2": 10, "<blank>": 40}, "R2": {}},
            {"male": 50, "female": 30},
        ),
    ],
)
def test_choices_in_lists_are_counted_one_by_one(root, layout, counts, expected):
    rows = [
        variable(NEW, name, question_id="sex", layout=layout, code_list="sex__1_2", delimiter=";")
        for name in ("R1", "R2")
    ]
    found = asking(Survey(root), "sex", rows, counts)
    assert (found.counts, found.base) == (expected, 100)


@pytest.mark.parametrize(
    ("layout", "counts"),
    [("number", {"20": 3, "39": 2, "40": 5, "?": 1}), ("birth_year", {"2003": 5, "1980": 5, "": 1})],
)
def test_numbers_fall_into_bands(root, layout, counts):
    row = variable(NEW, "AGE", question_id="age_group", layout=layout)
    found = asking(survey_with(root), "age_group", [row], {"AGE": counts})
    assert (found.counts, found.base) == ({"young": 5, "old": 5}, 10)


def test_a_code_that_the_crosswalk_does_not_know_means_nothing(root):
    row = variable(NEW, "Q1", question_id="mood", code_list="mood__1to3_dk9")
    assert list(meanings(Survey(root), row, {"1": 4, "7": 2})) == [("1", 4, ["good"]), ("7", 2, [""])]
