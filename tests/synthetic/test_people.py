"""The people of a sample: exact margins, universes, structure, and the core records."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from kjpoll.synthetic.catalog import SKIPPED, Category, Margin, SyntheticError, UniverseCondition
from kjpoll.synthetic.records.assign import choose
from kjpoll.synthetic.records.draws import UNIT, normals
from kjpoll.synthetic.records.people import generate
from scipy.stats import spearmanr

SAMPLE = "KOR-2016"
IMPRESSION = "impression_of_counterpart"
LEADER = "impression_of_counterpart_leader"


def counted(answers):
    return Counter(c for a in answers for c in (a if isinstance(a, tuple) else (a,)))


def positions(poll, people, question_id):
    found = [poll.category(question_id, a) for a in people.answers[question_id]]
    return np.array([np.nan if c.position is None else c.position for c in found])


def test_margins_are_met_exactly(poll):
    people = generate(poll, SAMPLE)
    for (_, question_id), margins in poll.margins.items():
        got = counted(people.answers[question_id])
        skipped = got.pop(SKIPPED, 0)
        assert got == {m.category_id: m.n for m in margins}, question_id
        assert skipped == people.n - margins[0].base_n


def test_filtered_questions_follow_their_parents(poll):
    answers = generate(poll, SAMPLE).answers
    for impression, reasons in zip(answers[IMPRESSION], answers["reasons_good_impression"], strict=True):
        assert (impression in ("good", "relatively_good")) == (reasons != SKIPPED)
    chain = zip(
        answers["consumes_popular_culture"],
        answers["popular_culture_effect"],
        answers["culture_reasons"],
        strict=True,
    )
    for consumes, effect, reasons in chain:
        assert (consumes == "yes") == (effect != SKIPPED)
        assert (effect in ("good", "relatively_good")) == (reasons != SKIPPED)


def test_everyone_who_answers_makes_one_to_as_many_choices_as_there_are_columns(poll):
    chosen = [a for a in generate(poll, SAMPLE).answers["military_threat"] if isinstance(a, tuple)]
    assert len(chosen) == 390
    assert {len(a) for a in chosen} == {1, 2}
    assert all(len(set(a)) == len(a) for a in chosen)


def test_ages_lie_in_their_bands_and_in_the_population(poll):
    people = generate(poll, SAMPLE)
    for age, band in zip(people.age.tolist(), people.answers["age_group"], strict=True):
        category = poll.category("age_group", band)
        assert max(19, category.value_min) <= age <= category.value_max


def test_answers_hang_together(poll):
    people = generate(poll, SAMPLE)
    impression, leader = positions(poll, people, IMPRESSION), positions(poll, people, LEADER)
    both = ~np.isnan(impression) & ~np.isnan(leader)
    assert spearmanr(impression[both], leader[both]).statistic > 0.3
    known = ~np.isnan(impression)
    assert spearmanr(impression[known], people.age[known]).statistic > 0.1
    sex = positions(poll, people, "sex")
    assert abs(spearmanr(impression[known], sex[known]).statistic) < 0.15


def test_a_coarse_category_stands_with_its_net(poll):
    people = generate(poll, SAMPLE)
    impression = positions(poll, people, IMPRESSION)
    relations = np.array(people.answers["current_relations"])
    assert (
        np.nanmean(impression[relations == "favourable"]) < np.nanmean(impression[relations == "bad"]) - 0.3
    )


def test_published_breaks_by_age_are_met(poll):
    row = dict(sample_id=SAMPLE, question_id=IMPRESSION, option_id="positive", subgroup="age_group")
    poll.subgroups = [
        row | {"value": "age_20_29", "pct": "45.0"},
        row | {"value": "age_60_plus", "pct": "14.0"},
    ]
    people = generate(poll, SAMPLE)
    positive = np.isin(people.answers[IMPRESSION], ["good", "relatively_good"])
    assert positive[(people.age >= 20) & (people.age < 30)].sum() == 27
    assert positive[people.age >= 60].sum() == 14
    assert positive.sum() == 120


def test_an_impossible_break_is_refused(poll):
    poll.subgroups = [dict(sample_id=SAMPLE, question_id=IMPRESSION, option_id="good", subgroup="age_group",
                           value="age_60_plus", pct="90.0")]  # fmt: skip
    with pytest.raises(SyntheticError, match=f"{SAMPLE}, question {IMPRESSION}"):
        generate(poll, SAMPLE)


def test_breaks_of_two_options_are_refused(poll):
    row = dict(sample_id=SAMPLE, question_id=IMPRESSION, subgroup="age_group", pct="10.0")
    poll.subgroups = [
        row | {"option_id": "positive", "value": "age_20_29"},
        row | {"option_id": "bad", "value": "age_60_plus"},
    ]
    with pytest.raises(
        SyntheticError, match=f"{SAMPLE}.*{IMPRESSION}: breaks of two options, the second bad"
    ):
        generate(poll, SAMPLE)


def test_a_population_without_a_youngest_age_is_refused(poll):
    poll.samples[SAMPLE] = replace(poll.samples[SAMPLE], population="adults")
    with pytest.raises(SyntheticError, match=f"{SAMPLE}: population 'adults' does not begin"):
        generate(poll, SAMPLE)


def test_equal_seeds_give_equal_people_and_a_question_changes_no_other(poll):
    first = generate(poll, SAMPLE).answers
    assert generate(poll, SAMPLE).answers == first
    poll.variables[SAMPLE] = [v for v in reversed(poll.variables[SAMPLE]) if v.question_id != LEADER]
    del poll.margins[SAMPLE, LEADER]
    poll.margins = dict(reversed(poll.margins.items()))
    changed = generate(poll, SAMPLE).answers
    assert changed == {q: a for q, a in first.items() if q != LEADER}


def test_draws_do_not_depend_on_the_process():
    code = "from kjpoll.synthetic.records.draws import normals; print(normals(3, 'a', 'b').tolist())"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {f"{normals(3, 'a', 'b').tolist()}\n"}


def test_normals_have_unit_spread():
    drawn = normals(20_000, "spread") / UNIT
    assert abs(drawn.mean()) < 0.03
    assert abs(drawn.std() - 1) < 0.02


def _with_core(poll):
    rng = np.random.default_rng(1)
    codes = {
        IMPRESSION: np.repeat(["1", "2", "3", "4", "5", "9", "99"], [30, 90, 110, 100, 60, 7, 3]),
        "age_group": np.repeat(["1", "2", "3", "4", "5", "6"], [20, 60, 70, 80, 70, 100]),
    }
    codes = {q: rng.permutation(c) for q, c in codes.items()}
    poll.core[SAMPLE] = [
        {"country": "KOR", "wave": "2016", "row": str(i + 1)} | {q: str(c[i]) for q, c in codes.items()}
        for i in range(400)
    ]
    return codes


def test_core_answers_are_kept_row_by_row_and_the_rest_leans_on_them(poll):
    codes = _with_core(poll)
    people = generate(poll, SAMPLE)
    names = dict(zip("12345", ["good", "relatively_good", "neither", "relatively_bad", "bad"], strict=True))
    names |= {"9": "dont_know", "99": "no_answer"}
    assert people.answers[IMPRESSION] == [names[c] for c in codes[IMPRESSION]]
    bands = [poll.category("age_group", a).position for a in people.answers["age_group"]]
    assert bands == [int(c) for c in codes["age_group"]]
    impression, leader = positions(poll, people, IMPRESSION), positions(poll, people, LEADER)
    both = ~np.isnan(impression) & ~np.isnan(leader)
    assert spearmanr(impression[both], leader[both]).statistic > 0.3


def test_core_code_nine_is_a_position_where_the_set_has_nine_positions(poll):
    _with_core(poll)
    found = poll.categories["good_bad_5"]
    for position in range(6, 10):
        found[f"p{position}"] = Category(f"p{position}", position, "", "", None, None, "", "", "")
    with pytest.raises(SyntheticError, match="impression_of_counterpart, category dont_know"):
        generate(poll, SAMPLE)


@pytest.mark.parametrize(
    ("question_id", "margins", "message"),
    [
        ("sex", [Margin("male", 200, 400), Margin("female", 199, 400)], "question sex: .* sums to 399, not to its base"),
        ("sex", [Margin("male", 200, 399), Margin("female", 199, 399)], "gives base_n 399 for male, but .* 400 people"),
        ("sex", [Margin("male", 200, 400), Margin("woman", 200, 400)], "category 'woman' is neither in set 'sex'"),
        ("sex", [], "question sex: synthetic/margins has no rows"),
        ("military_threat", [Margin("china", 390, 400)], "question military_threat: 390 choices cannot be spread"),
        ("yasukuni_visit", [Margin("never", 400, 400)], "questions without a variable: yasukuni_visit"),
    ],
)  # fmt: skip
def test_contradictions_are_named(poll, question_id, margins, message):
    poll.margins[SAMPLE, question_id] = margins
    with pytest.raises(SyntheticError, match=message):
        generate(poll, SAMPLE)


def test_core_records_that_differ_from_the_margins_are_refused(poll):
    _with_core(poll)
    poll.core[SAMPLE][0][IMPRESSION] = "5" if poll.core[SAMPLE][0][IMPRESSION] != "5" else "4"
    with pytest.raises(SyntheticError, match=f"{SAMPLE}, question {IMPRESSION}, category .* core"):
        generate(poll, SAMPLE)


def test_core_records_of_another_length_are_refused(poll):
    _with_core(poll)
    poll.core[SAMPLE].pop()
    with pytest.raises(SyntheticError, match="numbered 1 to 400 in order; it has 399"):
        generate(poll, SAMPLE)


def test_a_filter_that_was_not_asked_is_refused(poll):
    poll.variables[SAMPLE] = [
        v for v in poll.variables[SAMPLE] if v.question_id != "consumes_popular_culture"
    ]
    del poll.margins[SAMPLE, "consumes_popular_culture"]
    with pytest.raises(SyntheticError, match="consumes_popular_culture has no variable"):
        generate(poll, SAMPLE)


def test_filters_in_a_circle_are_refused(poll):
    question = poll.questions["consumes_popular_culture"]
    poll.questions["consumes_popular_culture"] = replace(question, universe="affected")
    poll.universes["affected"] = poll.universes["impressed"] + poll.universes["affected"]
    with pytest.raises(SyntheticError, match="depends on it in turn"):
        generate(poll, SAMPLE)


def test_a_universe_of_two_questions_and_of_numbers(poll):
    before = generate(poll, SAMPLE)
    impressions = before.answers["impression_of_counterpart"]
    expected = [
        i
        for i, (impression, age) in enumerate(zip(impressions, before.age, strict=True))
        if impression in ("good", "relatively_good") and (20 <= age <= 39 or age >= 60)
    ]
    assert 0 < len(expected) < 120
    poll.universes["impressed"] += [
        UniverseCondition("impressed", "age_group", "", "", 20, 39),
        UniverseCondition("impressed", "age_group", "", "", 60, None),
    ]
    poll.margins[SAMPLE, "reasons_good_impression"] = [Margin("food", len(expected), len(expected))]
    reasons = generate(poll, SAMPLE).answers["reasons_good_impression"]
    assert [i for i, answer in enumerate(reasons) if answer != "skipped"] == expected


def test_a_universe_of_numbers_that_the_generator_lacks_is_refused(poll):
    poll.universes["impressed"] = [UniverseCondition("impressed", "sex", "", "", 1, 2)]
    with pytest.raises(
        SyntheticError, match="reasons_good_impression: the generator knows the numbers of age_group"
    ):
        generate(poll, SAMPLE)


@pytest.mark.parametrize("cap", [2, 3, 5])
def test_choices_meet_counts_and_caps_and_follow_the_scores(cap):
    scores = np.stack([normals(300, "test", str(i)) for i in range(5)], axis=1)
    counts = [220, 150, 90, 60, 30]
    chosen = choose(scores, counts, cap, "test")
    assert chosen.sum(axis=0).tolist() == counts
    assert chosen.sum(axis=1).min() >= 1
    assert chosen.sum(axis=1).max() <= cap
    assert scores[chosen].mean() > scores[~chosen].mean() + UNIT // 4


def test_more_choices_than_fit_are_refused():
    with pytest.raises(SyntheticError, match="at most 2 each"):
        choose(np.zeros((10, 4), dtype=np.int64), [10, 10, 1, 0], 2, "test")
