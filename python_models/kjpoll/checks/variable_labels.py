"""Columns that their file labels as something else than the crosswalk says.

What a label names is known from the labels of questions and categories in the seeds, and from those that the files of
other samples give their columns: a name is that of what most of them call so. A label that nothing is called by
contradicts only where it is far more like the name of something else than like any name of its own column.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from kjpoll.common.frames import records
from kjpoll.common.label_text import folded_label, shared_start, similarity
from kjpoll.common.languages import label_columns

SEEDS = "seeds"
# How like a name of something else, and by how much less like its own names, a label is that contradicts. Power and
# silence are in docs/checks.md.
NEAR, FARTHER = 0.85, 0.2
COLUMNS = ["sample_id", "variable", "label", "named_role", "named_question_id", "named_category_id"]


class ColumnMeaning(NamedTuple):
    """What a column is: its role; of an answer the question, and of a single choice the category."""

    role: str
    question_id: str = ""
    category_id: str = ""

    def agrees(self, named: ColumnMeaning) -> bool:
        """Whether a label that names `named` can stand at the column: either may leave out the category."""
        return self[:2] == named[:2] and (
            "" in (self.category_id, named.category_id) or self.category_id == named.category_id
        )


@dataclass(frozen=True)
class LabelNames:
    """`users`: folded label -> meaning -> the samples whose files, or the seeds, call it so. `words`: question ->
    folded label of a category alone -> what it means there."""

    users: dict[str, dict[ColumnMeaning, set[str]]]
    words: dict[str, dict[str, set[ColumnMeaning]]]

    def owners(self, label: str, column: ColumnMeaning, sample_id: str) -> set[ColumnMeaning]:
        """What a folded label names where it stands at a column; nothing where the file of the sample alone has it."""
        users_of = self.users.get(label, {})
        counts = {meaning: (SEEDS in users, len(users)) for meaning, users in users_of.items()}
        most = max(counts.values(), default=None)
        named = {meaning for meaning, count in counts.items() if count == most}
        if not set().union(*users_of.values()) - {sample_id}:
            named = set()
        return named | self.words.get(column.question_id, {}).get(label, set())

    def nearest(self, label: str, column: ColumnMeaning, sample_id: str) -> set[ColumnMeaning]:
        """What a label that nothing is called by names all the same, if it is decidedly something else."""
        likeness = {True: 0.0, False: 0.0}
        nearest: set[ColumnMeaning] = set()
        for name in (*self.users, *self.words.get(column.question_id, {})):
            like = similarity(label, name)
            # Most names are far from it, and whose they are does not matter then.
            if like <= min(likeness.values()):
                continue
            owners = self.owners(name, column, sample_id)
            is_own = any(column.agrees(owner) for owner in owners)
            if owners and like > likeness[is_own]:
                likeness[is_own] = like
                nearest = nearest if is_own else owners
        is_decided = likeness[False] >= NEAR and likeness[False] - likeness[True] >= FARTHER
        return nearest if is_decided else set()


def contradicting_labels(
    columns: pd.DataFrame, questions: pd.DataFrame, categories: pd.DataFrame
) -> pd.DataFrame:
    """One row per column of a role other than 'ignored' whose label names something else.

    `columns`: sample_id, variable, label, role, question_id and indicator_category_id of every column of every file. The others:
    rows of these seeds.
    """
    names = _names_of_seeds(questions, categories)
    labelled = _labelled(columns, names.users)
    for row, label, meaning in labelled:
        names.users[label][meaning].add(row["sample_id"])
    choices = _choices(labelled)
    contradicting = []
    for row, label, meaning in labelled:
        if meaning.role == "ignored" or not label:
            continue
        owners = names.owners(label, meaning, row["sample_id"])
        if not owners:
            choice = choices.get((row["sample_id"], row["variable"]), "")
            owners = names.words.get(meaning.question_id, {}).get(choice, set())
        if not owners:
            owners = names.nearest(label, meaning, row["sample_id"])
        if owners and not any(meaning.agrees(owner) for owner in owners):
            contradicting.append((row["sample_id"], row["variable"], row["label"], *min(owners)))
    return pd.DataFrame(contradicting, columns=COLUMNS, dtype="string")


def _labelled(
    columns: pd.DataFrame, named: Container[str]
) -> list[tuple[dict[str, Any], str, ColumnMeaning]]:
    """The columns with their folded labels, but for labels that only count: 'Question 4' beside 'Question 5'."""
    labelled = [
        (
            row,
            folded_label(row["label"]),
            ColumnMeaning(row["role"], row["question_id"], row["indicator_category_id"]),
        )
        for row in _texts(columns)
        if row["label"]
    ]
    questions: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for row, _, meaning in labelled:
        questions[row["sample_id"], _uncounted(row)].add(meaning[:2])

    def counts(row: dict[str, Any], label: str) -> bool:
        words = _uncounted(row)
        return words != label and words not in named and len(questions[row["sample_id"], words]) > 1

    return [column for column in labelled if not counts(*column[:2])]


def _choices(labelled: list[tuple[dict[str, Any], str, ColumnMeaning]]) -> dict[tuple[str, str], str]:
    """(sample, column) -> the folded words of a label that the other columns of its question do not begin with: the choice, after
    a question in the words of the questionnaire."""
    columns: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row, _, meaning in labelled:
        if meaning.category_id:
            columns[row["sample_id"], meaning.question_id].append(row)
    choices = {}
    for rows in columns.values():
        start = len(shared_start([row["label"] for row in rows])) if len(rows) > 1 else 0
        for row in rows:
            choices[row["sample_id"], row["variable"]] = folded_label(row["label"][start:])
    return choices


def _uncounted(row: dict[str, Any]) -> str:
    """A folded label without the name of its column and without numbers."""
    return re.sub(r"[0-9]+", "", folded_label(row["label"].replace(row["variable"], "")))


def _names_of_seeds(questions: pd.DataFrame, categories: pd.DataFrame) -> LabelNames:
    users: dict[str, dict[ColumnMeaning, set[str]]] = defaultdict(lambda: defaultdict(set))
    words: dict[str, dict[str, set[ColumnMeaning]]] = defaultdict(lambda: defaultdict(set))
    categories_of = defaultdict(list)
    for category in _texts(categories):
        categories_of[category["category_set"]].append(category)
    for question in _texts(questions):
        question_id = question["question_id"]
        for label in label_columns(question):
            name = folded_label(question[label])
            if name:
                users[name][ColumnMeaning("answer", question_id)].add(SEEDS)
            if question["answer_type"] != "multiple":
                continue
            for category in categories_of[question["category_set"]]:
                choice = ColumnMeaning("answer", question_id, category["category_id"])
                word = folded_label(category.get(label, ""))
                if word:
                    words[question_id][word].add(choice)
                if name and word:
                    users[name + word][choice].add(SEEDS)
    return LabelNames(users, words)


def _texts(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return records(frame.astype(object).where(frame.notna(), ""))
