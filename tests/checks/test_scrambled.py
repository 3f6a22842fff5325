"""Columns that no longer stand beside those of the same respondents: made records of four waves."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from kjpoll.checks.series.columns import columns_of
from kjpoll.checks.series.diagnosis import diagnose
from kjpoll.checks.series.scrambled import scrambled_columns
from kjpoll.checks.series.series_evidence import SeriesEvidence

WAVES, RECORDS, CODES = range(2013, 2017), 1000, range(1, 6)
# In the order of the file; what goes with what, and the last goes with nothing.
QUESTIONS = {f"q{number}": 0.75 for number in range(1, 11)} | {"apart": 0.0}


def answers(seed=1):
    """Wave -> records x questions: codes 1 to 5 of one opinion, each with its own error."""
    draw = np.random.default_rng(seed)
    waves = {}
    for wave in WAVES:
        opinion = draw.normal(size=(RECORDS, 1))
        loading = np.array(list(QUESTIONS.values()))
        latent = opinion * loading + draw.normal(size=(RECORDS, len(loading))) * np.sqrt(1 - loading**2)
        waves[wave] = pd.DataFrame(np.digitize(latent, [-1, -0.4, 0.3, 1]) + 1, columns=list(QUESTIONS))
    return waves


def evidence(waves, about_respondent=False):
    counts, profiles = [], []
    for wave, frame in waves.items():
        same = {"sample_id": f"KOR-{wave}", "wave": wave, "series": "KOR", "answer_type": "ordinal", "layout": "single",
                "part": "", "code_list": "list", "comparability": "identical", "referent": "", "is_about_respondent": about_respondent, "missing_type": None,
                "is_substantive": True}  # fmt: skip
        values = frame.to_numpy(float)
        for position, question in enumerate(QUESTIONS):
            names = {"question_id": question, "variable": question, "column_position": position}
            for code in CODES:
                gave = np.flatnonzero(values[:, position] == code)
                is_one_run = gave.size == 0 or int(gave[-1] - gave[0]) + 1 == gave.size
                answer = {"code": str(code), "category_id": f"c{code}", "position": code}
                counts.append({**same, **names, **answer, "n": gave.size, "is_one_run": is_one_run})
                totals, squares = values[gave].sum(0), (values[gave] ** 2).sum(0)
                profiles += [
                    (same["sample_id"], question, str(code), anchor, gave.size, totals[at], squares[at])
                    for at, anchor in enumerate(QUESTIONS)
                    if at != position
                ]
    names = ["sample_id", "variable", "code", "anchor", "n", "total", "total_of_squares"]
    columns = columns_of(pd.DataFrame(counts), pd.DataFrame(profiles, columns=names))
    return SeriesEvidence(columns, defaultdict(lambda: 1.5), {}, 0.094)


def found(waves, about_respondent=False):
    of_waves = evidence(waves, about_respondent)
    assert diagnose(of_waves) == []
    return [
        (
            item.columns[0].wave,
            sorted((column.question_id for column in item.columns), key=list(QUESTIONS).index),
        )
        for item in scrambled_columns(of_waves)
    ]


def moved(waves, wave, questions, how):
    """Some columns of a wave, their rows in another order."""
    frame = waves[wave]
    rows = {
        "sorted": np.argsort(frame[questions[0]].to_numpy(), kind="stable"),
        "shuffled": np.random.default_rng(7).permutation(RECORDS),
        "shifted": np.roll(np.arange(RECORDS), 1),
    }[how]
    return waves | {wave: frame.assign(**{name: frame[name].to_numpy()[rows] for name in questions})}


def test_sound_waves_have_no_finding():
    assert found(answers()) == []


@pytest.mark.parametrize("how", ["sorted", "shuffled", "shifted"])
@pytest.mark.parametrize("wave", [2013, 2015])
def test_a_column_is_found_in_its_wave_and_nowhere_else(wave, how):
    assert found(moved(answers(), wave, ["q4"], how)) == [(wave, ["q4"])]


@pytest.mark.parametrize("how", ["sorted", "shuffled", "shifted"])
def test_columns_moved_together_are_one_finding_that_names_all(how):
    block = ["q3", "q4", "q5", "q6"]
    assert found(moved(answers(), 2014, block, how)) == [(2014, block)]


def test_of_two_parts_that_do_not_go_together_the_smaller_is_named():
    assert found(moved(answers(), 2014, list(QUESTIONS)[:7], "shifted")) == [(2014, ["q8", "q9", "q10"])]


def test_columns_scrambled_in_two_waves_are_two_findings():
    waves = moved(moved(answers(), 2014, ["q4"], "shuffled"), 2016, ["q9"], "sorted")
    assert sorted(found(waves)) == [(2014, ["q4"]), (2016, ["q9"])]


def test_nothing_is_said_of_a_column_that_never_went_with_others():
    assert found(moved(answers(), 2014, ["apart"], "shuffled")) == []


def test_a_sorted_column_needs_no_other_that_it_goes_with():
    assert found(moved(answers(), 2014, ["apart"], "sorted")) == [(2014, ["apart"])]
    assert found(moved(answers(), 2014, ["apart"], "sorted"), about_respondent=True) == []


def test_a_file_that_was_sorted_as_a_whole_is_sound():
    assert found(moved(answers(), 2014, ["q4", *QUESTIONS.keys() - {"q4"}], "sorted")) == []


def test_a_reversed_scale_and_one_that_goes_half_as_much_are_not_scrambled():
    waves = answers()
    reverse = waves | {2014: waves[2014].assign(q4=6 - waves[2014]["q4"])}
    assert scrambled_columns(evidence(reverse)) == []
    half = waves[2014]["q4"].to_numpy().copy()
    half[::2] = np.random.default_rng(3).permutation(half[::2])
    assert found(waves | {2014: waves[2014].assign(q4=half)}) == []


def test_without_an_eligible_sample_nothing_is_scrambled():
    assert scrambled_columns(SeriesEvidence([], {}, {}, 0.094)) == []
