"""Whatever questionnaire history is made up, its files and seeds give back the answers that it was made from."""

import os
from collections import Counter

import pytest

from tests.support.histories.history import SAID, History, band_of, make_history
from tests.support.histories.seeding import write_project
from tests.support.project import CHECKOUT

pytestmark = pytest.mark.long

# Five histories share a rehearsal. By hand, more: KJPOLL_HISTORIES=500 pytest tests/e2e/test_questionnaire_histories.py,
# or some: KJPOLL_HISTORY=17,18.
NUMBERS = [int(n) for n in os.environ.get("KJPOLL_HISTORY", "").split(",") if n]
NUMBERS = NUMBERS or list(range(int(os.environ.get("KJPOLL_HISTORIES", "5"))))
BATCHES = [[n for n in NUMBERS if n // 5 == batch] for batch in sorted({n // 5 for n in NUMBERS})]
FACTS = ("gate", "fct_response", "fct_multiple_response")


def true_answers(histories: list[History]) -> tuple[set, set]:
    """The rows that the two fact tables have to have, from the answers alone."""
    single, multiple = set(), set()
    questions = {q.question_id: q for history in histories for q in history.questions}
    for sample in (sample for history in histories for sample in history.samples):
        for question_id, answers in sample.answers.items():
            question = questions[question_id]
            for i, answer in enumerate(answers, 1):
                where = (f"{sample.sample_id}-{i:04d}", question_id)
                if question.kind == "multiple":
                    status = answer if isinstance(answer, str) else "answered"
                    multiple |= {
                        (*where, c, c in answer if status == "answered" else None, status)
                        for c in question.categories
                    }
                elif answer == "skipped":
                    single.add((*where, None, None, None, "skipped"))
                elif answer in SAID:
                    single.add((*where, answer, None, None, answer))
                else:
                    category = band_of(question, answer) if question.kind == "years" else answer
                    position = question.categories.index(category) + 1
                    single.add((*where, category, position, question.nets.get(category), "answered"))
    return single, multiple


def harmonised(outcome) -> tuple[list, list]:
    single = outcome.con.sql(
        "select respondent_id, question_id, category_id, position, net, answer_status from marts.fct_response"
    )
    multiple = outcome.con.sql(
        "select respondent_id, question_id, category_id, chosen, answer_status from marts.fct_multiple_response"
    )
    return single.fetchall(), multiple.fetchall()


def differences(histories: list[History], outcome) -> list[str]:
    """What the facts have too many, too few or twice; empty where they are the answers."""
    found = []
    for truth, rows in zip(true_answers(histories), harmonised(outcome), strict=True):
        found += [f"{n} times: {row}" for row, n in Counter(rows).items() if n > 1]
        found += [f"not answered so: {row}" for row in sorted(set(rows) - truth, key=repr)]
        found += [f"lost: {row}" for row in sorted(truth - set(rows), key=repr)]
    return found


@pytest.mark.parametrize("numbers", BATCHES, ids=str)
def test_the_answers_come_back(rehearsal, tmp_path, numbers):
    histories = [make_history(number) for number in numbers]
    outcome = rehearsal.run(write_project(histories, CHECKOUT, tmp_path).root, FACTS)
    assert outcome.gate is None, outcome.gate
    assert differences(histories, outcome) == []
    outcome.close()


def test_a_wrong_line_of_a_code_list_is_seen(rehearsal, tmp_path):
    """Two codes of a question each stand for the other category: the answers of one column differ, and no others."""
    history = make_history(0)
    project = write_project([history], CHECKOUT, tmp_path)
    parents = {question.universe[0] for question in history.questions if question.universe}
    sample, column = next(
        (sample, column)
        for sample in history.samples
        for column in sample.columns
        if column.layout == "single" and column.question.kind == "single" and sample.format in ("csv", "xlsx")
        and column.question.question_id not in parents
    )  # fmt: skip
    question = column.question
    one, other = question.categories[:2]
    codes = {meaning: code for code, meaning in column.meanings.items()}
    code_list = f"{sample.sample_id}_{column.variable}"
    project.change("crosswalk/code_lists", {"code_list": code_list, "code": codes[one]}, category_id=other)
    project.change("crosswalk/code_lists", {"code_list": code_list, "code": codes[other]}, category_id=one)
    outcome = rehearsal.run(project.root, FACTS)
    assert outcome.gate is None, outcome.gate
    found = differences([history], outcome)
    wrong = sum(answer in (one, other) for answer in sample.answers[question.question_id])
    assert wrong and len(found) == 2 * wrong
    assert all(question.question_id in line and sample.sample_id in line for line in found)
    outcome.close()
