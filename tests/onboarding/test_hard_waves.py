"""A wave as hard as agencies make them, of which the proposer has seen neither the words nor the changes: what it is sure of
is right. The bars of all samples are in benchmarks/results/onboarding.md."""

import csv
from dataclasses import replace

import pytest
from kjpoll.common.label_text import plain, similarity
from kjpoll.onboarding.propose import propose
from kjpoll.onboarding.propose.known_labels import SAME_LABEL

from tests.support.hard_wave import HARD_KINDS, VERY_SURE, counted, hard_wave, judge_hard
from tests.support.hidden_sample import SURE, project
from tests.support.project import CHECKOUT

pytestmark = pytest.mark.slow

DATA = CHECKOUT / "benchmarks" / "data"
SEEDS = CHECKOUT / "dbt_project" / "seeds" / "survey"
# The least part of the known columns for which something is proposed.
PROPOSED = {"labelled": 0.8, "paraphrased": 0.8, "header": 0.8, "unlabelled": 0.6}


def judged(wave):
    return judge_hard(wave, propose(wave.hidden.row, wave.profile, wave.hidden.history))


@pytest.mark.parametrize("kind", HARD_KINDS)
def test_what_is_sure_is_right(kind):
    verdicts = [
        verdict for sample_id in ("JPN-2023", "KOR-2022") for verdict in judged(hard_wave(sample_id, kind))
    ]
    count = counted(verdicts)
    assert [v.proposal_row["variable"] for v in verdicts if v.score > VERY_SURE and not v.is_right] == []
    assert count["sure right"] >= 0.99 * count["sure"]
    assert count["sure"] > 0.3 * count["columns"]
    assert count["proposed"] >= PROPOSED[kind] * count["known"]


def test_the_wave_is_hard():
    """Questions have changed places, scales turned, an option came, a question is new, and two are gone."""
    wave = hard_wave("KOR-2023", "labelled")
    before = [variable.name for variable in wave.hidden.profile.variables]
    known = [column.row["variable"] for column in wave.columns if column.row]
    assert [before.index(name) for name in known] != sorted(before.index(name) for name in known)
    assert sum(column.row is None for column in wave.columns) == 1
    asked = {row["question_id"] for row in project().seeds["variables"] if row["sample_id"] == "KOR-2023"}
    assert len(asked - {column.row["question_id"] for column in wave.columns if column.row}) == 2
    new_options = [column for column in wave.columns if column.row and "" in column.meaning.values()]
    assert len(new_options) >= 3
    assert not {column.variable.name for column in wave.columns} & set(before) - {
        "ID",
        "OPEN1",
        "INTNO",
        "START",
    }


def test_a_wrong_proposal_is_judged_wrong():
    wave = hard_wave("KOR-2023", "labelled")
    right = counted(judged(wave))
    columns = list(wave.columns)
    at = next(
        i
        for i, column in enumerate(columns)
        if column.row and column.row["question_id"] == "current_relations"
    )
    meaning = columns[at].meaning
    turned = dict(zip(meaning, reversed(list(meaning.values())), strict=True))
    columns[at] = replace(columns[at], meaning=turned)
    assert counted(judged(replace(wave, columns=tuple(columns))))["right"] == right["right"] - 1


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_there_are_enough_words_in_both_languages():
    for words in ("learnt", "unseen"):
        labels = rows(DATA / f"{words}_questions.csv")
        for language in ("ko", "ja"):
            assert len({row["label"] for row in labels if row["language"] == language}) >= 60


def test_the_words_that_it_is_tried_on_are_nowhere_in_what_it_knows():
    """Not in the seeds, nor among the words that the weights are fitted on, nor as a whole label among the synonyms."""
    known = {plain(row["label"]) for row in rows(DATA / "learnt_questions.csv")}
    for row in rows(SEEDS / "questions.csv"):
        known |= {plain(value) for name, value in row.items() if name.startswith("label_")}
    terms = {plain(row["term"]) for row in rows(SEEDS / "synonyms.csv")}
    unseen = {plain(row["label"]) for row in rows(DATA / "unseen_questions.csv")}
    assert not unseen & terms
    near = {label: word for label in unseen for word in known if similarity(label, word) >= SAME_LABEL}
    assert near == {}
    # The check sees a label that stands in both.
    assert any(similarity(plain("현재의 양국관계"), word) >= SAME_LABEL for word in known)


def test_the_words_are_read_by_nothing_but_the_benchmarks():
    named = [
        path.name
        for path in (CHECKOUT / "python_models").rglob("*.py")
        if "unseen_" in path.read_text(encoding="utf-8") or "learnt_" in path.read_text(encoding="utf-8")
    ]
    assert named == []


def test_sure_is_what_the_page_says():
    page = (CHECKOUT / "docs" / "add-a-wave.md").read_text(encoding="utf-8")
    assert f"{SURE}" in page
