"""The columns of a sample with what they are, and their words: those of the project, or others."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kjpoll.common.seed_file import read_seed
from kjpoll.onboarding.profile import BLANK, VariableProfile
from kjpoll.onboarding.propose.asked import Target

from tests.support.hidden_sample import Hidden, codes_in, project
from tests.support.project import CHECKOUT

Row = Mapping[str, str]
DATA = CHECKOUT / "benchmarks" / "data"


@dataclass(frozen=True)
class Column:
    """A column of a wave with what it is. `row`: of the crosswalk, None of a new question; `meaning`: code -> category_id, ''
    of what no wave had; `question`, `option`: their words in the file, '' without."""

    variable: VariableProfile
    row: Row | None
    meaning: Mapping[str, str]
    question: str = ""
    option: str = ""

    @property
    def target(self) -> Target | None:
        """What the column is, None of a new question."""
        if self.row is None:
            return None
        is_answer = self.row["role"] == "answer"
        return Target(self.row["role"], self.row["question_id"], "" if is_answer else self.row["note"])

    @property
    def stem(self) -> str:
        return self.row["question_id"] or self.row["variable"] if self.row else self.variable.name


@cache
def paraphrases(words: str) -> dict[tuple[str, str], list[str]]:
    """(question_id, language) -> labels in other words, the `learnt` or the `unseen` ones."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in read_seed(DATA / f"{words}_questions.csv"):
        found.setdefault((row["question_id"], row["language"]), []).append(row["label"])
    return found


@cache
def paraphrased_answers(words: str) -> dict[tuple[str, str, str], list[str]]:
    """(category_set, category_id, language) -> labels in other words, the `learnt` or the `unseen` ones."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in read_seed(DATA / f"{words}_answers.csv"):
        found.setdefault((row["category_set"], row["category_id"], row["language"]), []).append(row["label"])
    return found


def columns_of(hidden: Hidden, language: str, words: str, chance: random.Random) -> list[Column]:
    seeds = project()
    rows = {
        row["variable"]: row
        for row in seeds.seeds["variables"]
        if row["sample_id"] == hidden.row["sample_id"]
    }
    chosen: dict[str, str] = {}
    columns = []
    for variable in project().profiles[hidden.row["sample_id"]].variables:
        row = rows[variable.name]
        question_id = row["question_id"]
        meaning = dict(project().code_lists.get(row["code_list"], {}))
        if row["role"] != "answer":
            columns.append(Column(variable, row, {}))
            continue
        if question_id not in chosen:
            chosen[question_id] = seeds.questions[question_id][f"label_{language}"]
            if words:
                chosen[question_id] = chance.choice(
                    paraphrases(words).get((question_id, language), [chosen[question_id]])
                )
        category_set = seeds.questions[question_id]["category_set"]
        option = (
            _answer_label(category_set, row["category_id"], language, words, chance)
            if row["category_id"]
            else ""
        )
        if row["layout"] == "single":
            variable, meaning = _numbered(variable, meaning, question_id)
        used = codes_in(variable.counts, row)
        labels = {
            code: _answer_label(category_set, meaning[code], language, words, chance)
            for code in sorted(used)
            if code in meaning and code != BLANK
        }
        columns.append(
            Column(
                replace(variable, label=None, value_labels=labels if row["layout"] != "number" else {}),
                row,
                {code: meaning[code] for code in used if code in meaning},
                chosen[question_id],
                option,
            )
        )
    return columns


def _numbered(
    variable: VariableProfile, meaning: dict[str, str], question_id: str
) -> tuple[VariableProfile, dict[str, str]]:
    """The column with numbers where the file has words, in the order of the categories."""
    if any(code.lstrip("0-").isdigit() for code in variable.counts):
        return variable, meaning
    order = list(project().categories_of(question_id))
    words = sorted(
        (code for code in variable.counts if code != BLANK), key=lambda code: order.index(meaning[code])
    )
    numbers = {word: str(i) for i, word in enumerate(words, start=1)}
    counts = {numbers.get(code, code): n for code, n in variable.counts.items()}
    return (
        replace(variable, counts=counts),
        {numbers.get(code, code): category for code, category in meaning.items() if code in variable.counts},
    )


def _answer_label(
    category_set: str, category_id: str, language: str, words: str, chance: random.Random
) -> str:
    for name in (category_set, "reserved"):
        if category_id in project().categories.get(name, {}):
            known = project().categories[name][category_id][f"label_{language}"]
            if words:
                return chance.choice(paraphrased_answers(words).get((name, category_id, language), [known]))
            return known
    return category_id


def blocks_of_columns(columns: Sequence[Column]) -> list[list[Column]]:
    blocks: list[list[Column]] = []
    for column in columns:
        if blocks and blocks[-1][0].stem == column.stem:
            blocks[-1].append(column)
        else:
            blocks.append([column])
    return blocks
