"""Damage that is done to records of a wave file: copied, shifted, from another wave, alike."""

from __future__ import annotations

import random

from tests.support.project import Project
from tests.support.wave_edit import editing


class Columns:
    """The columns of a sample by question, and its identifier."""

    def __init__(self, project: Project, sample_id: str) -> None:
        rows = [row for row in project.seed("crosswalk/variables") if row["sample_id"] == sample_id]
        self.id = next(row["variable"] for row in rows if row["role"] == "id")
        self.answers = [row["variable"] for row in rows if row["role"] == "answer"]
        self.of = {row["question_id"]: row["variable"] for row in rows if row["layout"] == "single"}
        # What each column holds, and its code list.
        self.held = {
            row["variable"]: (row["question_id"], row["category_id"], row["code_list"])
            for row in rows
            if row["layout"] in ("single", "indicator")
        }


def copy_record(wave, columns: Columns, source: int, target: int) -> None:
    for variable in columns.answers:
        wave.set(target, variable, wave.get(source, variable))


def answer_otherwise(wave, row: int, variable: str) -> None:
    """Give the record an answer that another record gave."""
    own = wave.get(row, variable)
    wave.set(
        row, variable, next(wave.get(i, variable) for i in range(1, 900) if wave.get(i, variable) != own)
    )


def straighten(wave, columns: Columns, questions: list[str]) -> list[int]:
    variables = [columns.of[question] for question in questions]
    scale = {wave.get(row, variables[1]) for row in range(1, 900)}
    substantive = {code for code in scale if str(code).removesuffix(".0") in tuple("12345")}
    answers = {row: [wave.get(row, variable) for variable in variables] for row in range(1, 1000)}
    # Those with the least to change, so that no share changes as much as between two waves.
    rows = sorted(
        (row for row, codes in answers.items() if set(codes) <= substantive and len(set(codes)) > 1),
        key=lambda row: -answers[row].count(answers[row][0]),
    )[:50]
    assert len(rows) == 50
    for row in rows:
        for variable in variables:
            wave.set(row, variable, wave.get(row, variables[0]))
    return rows


def shift_record(wave, columns: Columns, row: int) -> None:
    answers = [wave.get(row, variable) for variable in columns.answers]
    for variable, answer in zip(columns.answers, answers[-1:] + answers[:-1]):
        wave.set(row, variable, answer)


def repeat_header(wave, row: int, in_place: bool) -> None:
    wave.rows[row - 1 : row if in_place else row - 1] = [list(wave.header)]


def paste_records(project: Project, source_id: str, sample_id: str, rows: list[tuple[int, int]]) -> None:
    """Give records the single and indicator answers of another wave's records, in their own codes."""
    meaning, code = {}, {}
    for line in project.seed("crosswalk/code_lists"):
        meaning[line["code_list"], line["code"]] = line["category_id"]
        code.setdefault((line["code_list"], line["category_id"]), line["code"])
    source, target = Columns(project, source_id), Columns(project, sample_id)
    of_target = {
        (question, part): (variable, codes) for variable, (question, part, codes) in target.held.items()
    }
    with editing(project, source_id) as origin, editing(project, sample_id) as wave:
        for variable, (question, part, codes) in source.held.items():
            own_variable, own_codes = of_target.get((question, part), (None, None))
            for source_row, row in rows if own_variable else ():
                category = meaning[codes, str(origin.get(source_row, variable)).removesuffix(".0")]
                if (own_codes, category) in code:
                    wave.set(row, own_variable, code[own_codes, category])


def make_alike(wave, project: Project, sample_id: str, rows: range) -> None:
    """Questions on which no filter depends, so that the records stay consistent."""
    chance = random.Random(1)
    of_question: dict[str, list[str]] = {}
    for line in project.seed("crosswalk/variables"):
        if line["sample_id"] == sample_id and line["role"] == "answer":
            of_question.setdefault(line["question_id"], []).append(line["variable"])
    for question in project.seed("survey/questions"):
        if question["universe"]:
            of_question.pop(question["question_id"], None)
    for condition in project.seed("survey/universes"):
        of_question.pop(condition["question_id"], None)
    for row in rows[1:]:
        for variables in of_question.values():
            for variable in variables if chance.random() < 0.65 else ():
                wave.set(row, variable, wave.get(rows[0], variable))
