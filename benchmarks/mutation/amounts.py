"""Corruptions of numbers: how many answers were given, ranks, ages."""

from __future__ import annotations

from benchmarks.mutation.case import (
    NUMBER,
    Case,
    NotApplicable,
    Row,
    blind,
    cell,
    code,
)
from benchmarks.mutation.wave_text import Cell, WaveText

CHOICES = ("choice_count", "drift")
HEAPS = ("heaped_number", "missing_code_in_range", "drift")


def _question(case: Case, *layouts: str) -> tuple[str, str, list[Row]]:
    sample_id = case.sample()
    question_id = case.column(sample_id, *layouts)["question_id"]
    return sample_id, question_id, case.of_question(sample_id, question_id)


def _later_ranks_emptied(case: Case, wave: WaveText, columns: list[Row], kept: int) -> int:
    """How many cells of the ranks after the first `kept` lost their choice."""
    emptied = 0
    for column in columns[kept:]:
        no_more = [key for key, category in case.codes(column).items() if category == "no_further_choice"]
        at = wave.at(column["variable"])
        for row in wave.rows:
            if row[at] in case.substantive(column):
                row[at] = cell(case.one(no_more))
                emptied += 1
    if not emptied:
        raise NotApplicable
    return emptied


@blind(*CHOICES)
def several_answers_cut_to_the_first(case: Case) -> str:
    """As by a field of two or three signs, or a form that takes one answer."""
    sample_id, question_id, columns = _question(case, "delimited")
    with case.wave(sample_id) as wave:
        at, delimiter = wave.at(columns[0]["variable"]), columns[0]["delimiter"]
        cut = 0
        for row in wave.rows:
            if row[at] and delimiter in row[at]:
                row[at] = row[at].split(delimiter)[0]
                cut += 1
        if not cut:
            raise NotApplicable
    return f"{sample_id} {question_id}: {cut} records"


@blind(*CHOICES)
def ranks_after_the_first_lost(case: Case) -> str:
    sample_id, question_id, columns = _question(case, "ranked")
    with case.wave(sample_id) as wave:
        n = _later_ranks_emptied(case, wave, columns, 1)
    return f"{sample_id} {question_id}: {n} cells"


@blind(*CHOICES, "nobody_answered")
def last_rank_lost(case: Case) -> str:
    sample_id, question_id, columns = _question(case, "ranked")
    with case.wave(sample_id) as wave:
        n = _later_ranks_emptied(case, wave, columns, len(columns) - 1)
    return f"{sample_id} {question_id}: {n} cells"


@blind("swapped_variables", *CHOICES)
def ranks_exchanged(case: Case) -> str:
    sample_id, question_id, columns = _question(case, "ranked")
    one, other = columns[0]["variable"], columns[case.random.randrange(1, len(columns))]["variable"]
    with case.wave(sample_id) as wave:
        first, second = wave.column(one), wave.column(other)
        wave.put(one, second)
        wave.put(other, first)
    return f"{sample_id} {question_id}: {one} and {other}"


@blind(*CHOICES)
def a_choice_added_to_all(case: Case) -> str:
    """One option of several is chosen by everybody who answered."""
    sample_id, question_id, columns = _question(case, "indicator", "delimited")
    column = case.one(columns)
    delimiter = column["delimiter"]
    back = {category: key for key, category in case.codes(column).items()}
    with case.wave(sample_id) as wave:
        at, added = wave.at(column["variable"]), 0
        option = case.one(case.substantive(column)) if delimiter else ""
        for row in wave.rows:
            if (
                delimiter
                and row[at]
                and set(parts := row[at].split(delimiter)) <= set(case.substantive(column))
            ):
                if option not in parts:
                    row[at] = delimiter.join([*parts, option])
                    added += 1
            elif not delimiter and code(row[at]) == back["not_chosen"] and _chose(case, wave, row, columns):
                row[at] = back["chosen"]
                added += 1
        if not added:
            raise NotApplicable
    return f"{sample_id} {question_id}: {column['category_id'] or option} in {added} records more"


def _chose(case: Case, wave: WaveText, row: list[Cell], columns: list[Row]) -> bool:
    return any(
        case.codes(column).get(code(row[wave.at(column["variable"])])) == "chosen" for column in columns
    )


@blind(*CHOICES)
def answers_of_one_option_lost(case: Case) -> str:
    """Nobody chose an option any more, as where a column was not punched."""
    sample_id, question_id, columns = _question(case, "indicator")
    column = case.one(columns)
    back = {category: key for key, category in case.codes(column).items()}
    with case.wave(sample_id) as wave:
        cells = wave.column(column["variable"])
        if back["chosen"] not in cells:
            raise NotApplicable
        wave.put(
            column["variable"], [back["not_chosen"] if value == back["chosen"] else value for value in cells]
        )
    return f"{sample_id} {question_id}: {column['category_id']}"


# ages


def _aged(case: Case, change, *layouts: str) -> str:
    sample_id = case.sample()
    column = case.column(sample_id, *layouts)
    with case.wave(sample_id) as wave:
        before = wave.column(column["variable"])
        numbers = [int(value) for value in before if value and value not in case.codes(column)]
        after = [
            value if not value or value in case.codes(column) else change(int(value), numbers)
            for value in before
        ]
        if after == before:
            raise NotApplicable
        wave.put(column["variable"], after)
    return f"{sample_id} {column['variable']}: {sum(a != b for a, b in zip(after, before))} cells"


@blind(*HEAPS)
def heap_at_the_highest_age(case: Case) -> str:
    share = case.random.uniform(0.02, 0.12)
    top = case.random.choice((0, 1))
    return _aged(
        case, lambda n, all_: str(max(all_) + top) if case.random.random() < share else str(n), "number"
    )


@blind(*HEAPS)
def heap_at_an_age_in_the_middle(case: Case) -> str:
    share, age = case.random.uniform(0.05, 0.2), case.one(("20", "30", "40", "50", "60"))
    return _aged(case, lambda n, _: age if case.random.random() < share else str(n), "number")


@blind(*HEAPS)
def ages_rounded_to_tens(case: Case) -> str:
    step = case.one((5, 10))
    return _aged(case, lambda n, _: str(max(n // step * step, 18)), "number")


@blind("drift", "number_out_of_range")
def ages_or_years_moved(case: Case) -> str:
    """Counted from another day or year."""
    by = case.one((1, -1, 5, 10))
    return _aged(case, lambda n, _: str(max(n + by, 18)), *NUMBER)


@blind("number_out_of_range")
def years_of_birth_of_two_digits(case: Case) -> str:
    return _aged(case, lambda n, _: str(n % 100), "birth_year")
