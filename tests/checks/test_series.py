"""The statistics of the series rules, on counts made by hand."""

import math
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from kjpoll.checks.series.columns import columns_of
from kjpoll.checks.series.diagnosis import diagnose
from kjpoll.checks.series.findings import _published_shares
from kjpoll.checks.series.readings import exchangeable, n_recodings, recodings
from kjpoll.checks.series.series_evidence import PublishedShare, SeriesEvidence
from kjpoll.checks.series.series_likelihood import profiles, published, shares

SCALE = ["very_good", "good", "neither", "bad", "very_bad"]
USUAL = [30, 120, 350, 400, 100]
OTHER = [400, 300, 150, 100, 50]
SYMMETRIC = [100, 250, 300, 250, 100]


def column(
    sample_id,
    question_id,
    counts,
    *,
    answer_type="ordinal",
    layout="single",
    part="",
    names=SCALE,
    variable=None,
):
    """The rows of int_series_count of one column with the codes 1, 2, ... and 9 for don't know."""
    country, wave = sample_id.split("-")
    answers = [*zip(range(1, len(counts) + 1), names, counts, strict=True), (9, "dont_know", 20)]
    return [
        {
            "sample_id": sample_id,
            "wave": int(wave),
            "series": country,
            "question_id": question_id,
            "answer_type": answer_type,
            "variable": variable or question_id,
            "column_position": 1,
            "layout": layout,
            "part": part,
            "is_about_respondent": False,
            "is_one_run": False,
            "code_list": "list",
            "comparability": "identical",
            "referent": "",
            "code": str(code),
            "category_id": category,
            "position": None if code == 9 else code,
            "missing_type": "dont_know" if code == 9 else None,
            "is_substantive": code != 9,
            "n": n,
        }
        for code, category, n in answers
    ]


def evidence(*columns, profile=(), published=None, movement=0.02):
    """The columns in a survey where opinion usually moves as little as that."""
    names = ["sample_id", "variable", "code", "anchor", "n", "total", "total_of_squares"]
    counts = pd.DataFrame([row for rows in columns for row in rows])
    return SeriesEvidence(
        columns_of(counts, pd.DataFrame(list(profile), columns=names)),
        defaultdict(lambda: 1.0),
        published or {},
        movement,
    )


def reported(found):
    return [(one.rule, *(column.name for column in one.columns)) for one in found]


def series(question_id="relations", counts=USUAL, answer_type="ordinal", **changed):
    """Four waves of a question that hardly moves, but for the waves that are named."""
    return [
        column(
            f"KOR-{wave}",
            question_id,
            changed.get(f"in_{wave}", [n + 5 * (wave % 2) for n in counts]),
            answer_type=answer_type,
        )
        for wave in range(2013, 2017)
    ]


def test_a_perfect_fit_has_likelihood_zero_and_a_worse_one_less():
    variance = np.full(3, 0.001)
    near, far = (shares(np.array([d, 0, -d]), variance, 3) for d in (0.05, 0.5))
    assert shares(np.zeros(3), variance, 3) == 0 and far < near < 0
    assert near == pytest.approx(2 / 3 * 2 * -4.5 * math.log1p(0.05**2 / (8 * 0.001)))


def test_the_profile_counts_anchors_that_say_the_same_only_once():
    difference, variance = np.array([[0.5, 0.5], [-0.5, -0.5]]), np.full(2, 0.02)
    apart = profiles(difference, variance, np.eye(2))
    alike = profiles(difference, variance, np.linalg.inv([[1, 0.8], [0.8, 1]]))
    assert apart < alike < 0 and profiles(np.zeros((2, 2)), variance, np.eye(2)) == 0


def test_a_published_number_allows_what_rounds_to_it():
    assert published([31.26], [(31.25, 31.35)]) == 0
    assert published([33.0], [(31.25, 31.35)]) < published([31.5], [(31.25, 31.35)]) < 0


def test_sound_series_have_no_diagnosis():
    assert diagnose(evidence(*series(), *series("trust", OTHER))) == []


@pytest.mark.parametrize("wave", range(2013, 2017))
def test_a_reversed_scale_is_found_in_any_wave_and_nowhere_else(wave):
    found = diagnose(evidence(*series(**{f"in_{wave}": USUAL[::-1]}), *series("trust", OTHER)))
    assert reported(found) == [("reversed_scale", (f"KOR-{wave}", "relations"))]
    assert found[0].meaning["1"] == "very_bad" and found[0].meaning["9"] == "dont_know"


def test_where_opinion_moves_much_shares_alone_do_not_turn_a_scale():
    turned = series(in_2015=USUAL[::-1])
    assert reported(diagnose(evidence(*turned))) and diagnose(evidence(*turned, movement=0.15)) == []


def test_of_two_askings_that_accuse_each_other_both_are_named():
    for wave in (2013, 2014):
        two = [column for column in series(**{f"in_{wave}": USUAL[::-1]}) if column[0]["wave"] < 2015]
        (found,) = diagnose(evidence(*two))
        assert {found.column.sample_id, found.or_sample} == {"KOR-2013", "KOR-2014"}
    (found,) = diagnose(evidence(*series(in_2013=USUAL[::-1])))
    assert (found.column.sample_id, found.or_sample) == ("KOR-2013", None)


@pytest.mark.parametrize("shifted", [USUAL[1:] + USUAL[:1], USUAL[-1:] + USUAL[:-1]])
def test_a_list_shifted_either_way_is_found(shifted):
    assert reported(diagnose(evidence(*series(in_2014=shifted)))) == [
        ("shifted_codes", ("KOR-2014", "relations"))
    ]


@pytest.mark.parametrize("wave", range(2013, 2017))
def test_neighbouring_codes_exchanged_are_found_in_any_wave_and_nowhere_else(wave):
    exchanged = [*USUAL[:1], USUAL[2], USUAL[1], *USUAL[3:]]
    (found,) = diagnose(evidence(*series(**{f"in_{wave}": exchanged}), *series("trust", OTHER)))
    assert (found.rule, found.column.name) == ("exchanged_codes", (f"KOR-{wave}", "relations"))
    assert [code for code in found.column.order if found.is_moved(code)] == ["2", "3"]


def test_the_two_codes_of_a_list_are_found_exchanged_where_its_shares_differ():
    def waves(counts):
        return [
            column(
                f"KOR-{wave}",
                "visited",
                counts[::-1] if wave == 2015 else counts,
                answer_type="nominal",
                names=["yes", "no"],
            )
            for wave in range(2013, 2017)
        ]

    assert reported(diagnose(evidence(*waves([250, 750])))) == [("exchanged_codes", ("KOR-2015", "visited"))]
    assert diagnose(evidence(*waves([480, 520]))) == []


def test_two_columns_that_hold_each_other_s_answers_are_found_together():
    found = diagnose(evidence(*series(in_2015=OTHER), *series("trust", OTHER, in_2015=USUAL)))
    assert reported(found) == [("swapped_variables", ("KOR-2015", "relations"), ("KOR-2015", "trust"))]


def test_a_jump_that_no_other_meaning_explains_is_left_to_drift():
    assert diagnose(evidence(*series(in_2015=[30, 40, 50, 100, 780]))) == []


def test_a_published_number_decides_between_a_turn_of_opinion_and_a_reversed_scale():
    turned = series(in_2015=USUAL[::-1])
    percentage = 100 * USUAL[-1] / (sum(USUAL) + 20)
    best = PublishedShare(frozenset({"very_good"}), percentage - 0.05, percentage + 0.05)
    two_best = PublishedShare(
        frozenset({"very_good", "good"}), 100 * 500 / 1020 - 0.05, 100 * 500 / 1020 + 0.05
    )
    published = {("KOR-2015", "relations"): [best, two_best] * 3}
    assert reported(diagnose(evidence(*turned))) == [("reversed_scale", ("KOR-2015", "relations"))]
    assert diagnose(evidence(*turned, published=published)) == []


def test_a_published_number_without_a_source_counts():
    columns = ["sample_id", "question_id", "option_id", "source_id", "lower", "upper", "category_id"]
    rows = [("KOR-2015", "relations", "net", None, 31.25, 31.35, category) for category in ("a", "b")]
    assert _published_shares(pd.DataFrame(rows, columns=columns)) == {
        ("KOR-2015", "relations"): [PublishedShare(frozenset({"a", "b"}), 31.25, 31.35)]
    }


def profile_of(wave, sign, strength=0.4):
    """Those who answer 1 stand low on the two anchors, those who answer 5 high: a correlation of `sign`."""
    rows = []
    for anchor in ("impression", "importance"):
        for code, n in zip(range(1, 6), SYMMETRIC, strict=True):
            mean = 3 + sign * strength * (code - 3)
            rows.append((f"KOR-{wave}", "relations", str(code), anchor, n, n * mean, n * (mean**2 + 1)))
    return rows


def test_a_symmetric_scale_is_found_by_the_sign_of_its_correlations():
    columns = [column(f"KOR-{wave}", "relations", SYMMETRIC) for wave in range(2013, 2017)]
    profile = [row for wave in range(2013, 2017) for row in profile_of(wave, -1 if wave == 2014 else 1)]
    assert reported(diagnose(evidence(*columns, profile=profile))) == [
        ("reversed_scale", ("KOR-2014", "relations"))
    ]
    assert diagnose(evidence(*columns)) == []


def test_an_anchor_at_which_all_stand_in_one_place_says_nothing():
    columns = [column(f"KOR-{wave}", "relations", SYMMETRIC) for wave in range(2013, 2017)]
    profile = [row for wave in range(2013, 2017) for row in profile_of(wave, -1 if wave == 2014 else 1)]
    constant = [
        ("KOR-2014", "relations", str(code), "constant", n, 3 * n, 9 * n)
        for code, n in zip(range(1, 6), SYMMETRIC, strict=True)
    ]
    of_waves = evidence(*columns, profile=[*profile, *constant])
    assert all("constant" not in asking.profile for asking in of_waves.columns)
    assert reported(diagnose(of_waves)) == [("reversed_scale", ("KOR-2014", "relations"))]


def test_of_two_askings_that_contradict_each_other_the_later_is_named():
    columns = [column("KOR-2013", "relations", USUAL), column("KOR-2014", "relations", USUAL[::-1])]
    assert reported(diagnose(evidence(*columns))) == [("reversed_scale", ("KOR-2014", "relations"))]


def test_nothing_is_said_of_a_question_asked_once():
    assert diagnose(evidence(column("KOR-2013", "relations", USUAL), *series("trust", OTHER))) == []


def test_codes_are_ordered_as_numbers_and_other_meanings_follow_that_order():
    names = [f"option_{code}" for code in range(1, 9)]
    rows = column("KOR-2013", "country", [10] * 8, answer_type="nominal", names=names)
    rows[1]["code"] = "10"
    (one,) = columns_of(
        pd.DataFrame(rows), pd.DataFrame(columns=["sample_id", "variable", "anchor", "code", "n"])
    )
    assert one.order == ["1", "3", "4", "5", "6", "7", "8", "10"]
    rules = [(rule, meaning["10"]) for rule, meaning in recodings(one)]
    # Of the 28 pairs that can be exchanged, 7 have the last code.
    assert rules[:2] == [("shifted_codes", "option_1"), ("shifted_codes", "option_8")]
    assert len(rules) == n_recodings(one) == 2 + 28
    assert rules.count(("exchanged_codes", "option_2")) == 28 - 7


def test_columns_are_exchangeable_where_no_code_would_be_unknown():
    five, four = column("KOR-2013", "a", USUAL), column("KOR-2013", "b", USUAL[:4], names=SCALE[:4])
    same = column("KOR-2013", "c", OTHER)
    of = {column.question_id: column for column in evidence(five, four, same).columns}
    assert exchangeable(of["a"], of["c"]) and not exchangeable(of["a"], of["b"])


def across_a_break(counts, **changed):
    """Three waves of a question, and a fourth whose rows differ from them by `changed`."""
    rest = [column(f"KOR-{wave}", "relations", USUAL) for wave in range(2013, 2016)]
    return *rest, [row | changed for row in column("KOR-2016", "relations", counts)]


def test_a_column_alone_in_its_series_is_compared_across_the_break():
    found = diagnose(evidence(*across_a_break(USUAL[::-1], comparability="wording")))
    assert reported(found) == [("reversed_scale", ("KOR-2016", "relations"))]
    assert diagnose(evidence(*across_a_break([50, 200, 350, 320, 80], comparability="wording"))) == []


def test_of_another_person_opinion_may_be_another():
    """The same answers that a wording does not explain are no fault where another leader is rated."""
    assert diagnose(evidence(*across_a_break(USUAL[::-1], referent="another leader"))) == []
    far = [column(f"KOR-{wave}", "relations", [5, 20, 200, 300, 475]) for wave in range(2013, 2016)]
    reverse = [
        row | {"referent": "another leader"}
        for row in column("KOR-2016", "relations", [475, 300, 200, 20, 5])
    ]
    assert reported(diagnose(evidence(*far, reverse))) == [("reversed_scale", ("KOR-2016", "relations"))]


def test_lists_that_share_most_options_are_compared_in_these():
    names = [f"party_{number}" for number in range(8)]
    shares = [10, 300, 20, 200, 30, 150, 40, 120]
    later = [*names[:6], "party_new", names[7]]
    waves = [
        column(f"JPN-{wave}", "party", shares, answer_type="nominal", names=names)
        for wave in (2013, 2014, 2015)
    ]
    sound = column("JPN-2016", "party", shares, answer_type="nominal", names=later)
    shifted = column("JPN-2016", "party", shares[1:] + shares[:1], answer_type="nominal", names=later)
    assert diagnose(evidence(*waves, sound)) == []
    assert reported(diagnose(evidence(*waves, shifted))) == [("shifted_codes", ("JPN-2016", "party"))]
