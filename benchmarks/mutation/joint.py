"""Corruptions that leave a column's shares as they are and take it from the people who gave the answers."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.mutation.case import NUMBER, SINGLE, Case, NotApplicable, Row, blind
from benchmarks.mutation.wave_text import Cell, WaveText

SCRAMBLED = ("scrambled_column",)
ATTRIBUTES = ("age_group", "education", "sex", "ideology", "party_support")


def sort_key(value: Cell, *, falling: bool = False) -> tuple:
    """As a spreadsheet sorts: numbers by size, before texts, empty cells last."""
    if value is None:
        return (2, 0, "")
    if not value.replace(".", "", 1).isdigit():
        return (1, 0, value)
    return (0, -float(value) if falling else float(value), "")


def _reorder(wave: WaveText, ats: Sequence[int], order: Sequence[int]) -> None:
    """Cells of these columns from the rows in `order`."""
    before = [[row[at] for at in ats] for row in wave.rows]
    for row, origin in zip(wave.rows, order, strict=True):
        for at, value in zip(ats, before[origin], strict=True):
            row[at] = value
    if before == [[row[at] for at in ats] for row in wave.rows]:
        raise NotApplicable


def _shuffle(case: Case, sample_id: str, columns: Sequence[Row]) -> str:
    column = case.one(columns)
    with case.wave(sample_id) as wave:
        order = list(range(len(wave.rows)))
        case.random.shuffle(order)
        _reorder(wave, [wave.at(column["variable"])], order)
    return f"{sample_id} {column['variable']}: {column['question_id']}"


def _opinions(case: Case, sample_id: str, is_ordinal: bool) -> list[Row]:
    return [
        column
        for column in case.unbound(sample_id, *SINGLE)
        if column["question_id"] not in ATTRIBUTES and case.is_ordinal(column) == is_ordinal
    ]


@blind(*SCRAMBLED)
def ordinal_column_shuffled(case: Case) -> str:
    sample_id = case.sample()
    return _shuffle(case, sample_id, _opinions(case, sample_id, True))


@blind(*SCRAMBLED)
def nominal_column_shuffled(case: Case) -> str:
    sample_id = case.sample()
    return _shuffle(case, sample_id, _opinions(case, sample_id, False))


@blind(*SCRAMBLED)
def attribute_of_respondents_shuffled(case: Case) -> str:
    sample_id = case.sample()
    columns = [c for c in case.unbound(sample_id, *SINGLE, *NUMBER) if c["question_id"] in ATTRIBUTES]
    return _shuffle(case, sample_id, columns)


@blind(*SCRAMBLED)
def column_sorted(case: Case) -> str:
    """Sorted alone, as a spreadsheet does where the selection was not extended."""
    sample_id = case.sample()
    column = case.one(case.unbound(sample_id, *SINGLE, *NUMBER))
    with case.wave(sample_id) as wave:
        cells = wave.column(column["variable"])
        falling = case.random.random() < 0.3
        order = sorted(range(len(cells)), key=lambda n: sort_key(cells[n], falling=falling))
        _reorder(wave, [wave.at(column["variable"])], order)
    return f"{sample_id} {column['variable']}: {column['question_id']}"


def _rotated(n: int, step: int) -> list[int]:
    return [(row - step) % n for row in range(n)]


@blind(*SCRAMBLED)
def column_moved_by_a_row(case: Case) -> str:
    sample_id, step = case.sample(), case.one((1, -1, 1, -1, 2))
    column = case.one(case.unbound(sample_id, *SINGLE, *NUMBER))
    with case.wave(sample_id) as wave:
        _reorder(wave, [wave.at(column["variable"])], _rotated(len(wave.rows), step))
    return f"{sample_id} {column['variable']}: {column['question_id']} by {step}"


@blind(*SCRAMBLED)
def column_moved_by_a_row_from_somewhere_on(case: Case) -> str:
    """A cell deleted in the upper half, the others moved up, and the gap at the end filled."""
    sample_id = case.sample()
    column = case.one(case.unbound(sample_id, *SINGLE, *NUMBER))
    with case.wave(sample_id) as wave:
        n = len(wave.rows)
        first = case.random.randrange(n // 2)
        order = [*range(first), *range(first + 1, n), first]
        _reorder(wave, [wave.at(column["variable"])], order)
    return f"{sample_id} {column['variable']}: {column['question_id']} from row {first + 1} on"


@blind(*SCRAMBLED, "answered_though_skipped", "skipped_though_asked")
def filter_moved_against_what_it_filters(case: Case) -> str:
    sample_id = case.sample()
    column = case.one(c for c in case.columns(sample_id, *SINGLE) if case.is_parent(c["question_id"]))
    with case.wave(sample_id) as wave:
        _reorder(wave, [wave.at(column["variable"])], _rotated(len(wave.rows), case.one((1, -1))))
    return f"{sample_id} {column['variable']}: {column['question_id']}"


def whole_families(case: Case, sample_id: str, variables: Sequence[str]) -> bool:
    """Whether columns that hang together, as those of a question with its filter, are all among these or all not."""
    among = set(variables)
    families: dict[str, set[bool]] = {}
    for column in case.columns(sample_id):
        question_id = column["question_id"]
        root = case.root(question_id)
        families.setdefault(root, set()).add(column["variable"] in among)
    return all(len(sides) == 1 for sides in families.values())


def _block(case: Case, sample_id: str, wave: WaveText, to_the_end: bool) -> list[str]:
    """Neighbouring columns of the file, without the identifier."""
    first = case.random.randrange(1, len(wave.header) - 4)
    last = len(wave.header) if to_the_end else min(first + case.random.randint(4, 16), len(wave.header))
    names = wave.header[first:last]
    asked = {column["variable"] for column in case.columns(sample_id)}
    if (
        case.samples[sample_id]["id_variable"] in names
        or len(asked & set(names)) < 3
        or len(asked - set(names)) < 3
        or not whole_families(case, sample_id, names)
    ):
        raise NotApplicable
    return names


def _move_block(case: Case, to_the_end: bool, order_of) -> str:
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        names = _block(case, sample_id, wave, to_the_end)
        ats = [wave.at(name) for name in names]
        _reorder(wave, ats, order_of(wave, ats))
    return f"{sample_id}: {names[0]} to {names[-1]}"


@blind(*SCRAMBLED)
def block_of_columns_moved_by_a_row(case: Case) -> str:
    return _move_block(case, False, lambda wave, _: _rotated(len(wave.rows), case.one((1, -1))))


@blind(*SCRAMBLED)
def right_part_of_the_file_moved_by_a_row(case: Case) -> str:
    return _move_block(case, True, lambda wave, _: _rotated(len(wave.rows), case.one((1, -1))))


@blind(*SCRAMBLED)
def block_of_columns_sorted_together(case: Case) -> str:
    def order(wave: WaveText, ats: list[int]) -> list[int]:
        by = case.one(ats)
        return sorted(range(len(wave.rows)), key=lambda n: sort_key(wave.rows[n][by]))

    return _move_block(case, case.random.random() < 0.5, order)


def _cross(case: Case, least: int, most: int) -> str:
    """Pairs of respondents exchange all answers right of a column."""
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        names = _block(case, sample_id, wave, to_the_end=True)
        ats = [wave.at(name) for name in names]
        rows = case.some(range(len(wave.rows)), least, most)
        rows = rows[: len(rows) // 2 * 2]
        order = list(range(len(wave.rows)))
        for one, other in zip(rows[::2], rows[1::2]):
            order[one], order[other] = other, one
        _reorder(wave, ats, order)
    return f"{sample_id}: {len(rows) // 2} pairs from {names[0]} on"


@blind(*SCRAMBLED)
def halves_of_two_respondents_crossed(case: Case) -> str:
    return _cross(case, 2, 2)


@blind(*SCRAMBLED)
def halves_of_many_respondents_crossed(case: Case) -> str:
    return _cross(case, 200, 500)


@blind(*SCRAMBLED, "swapped_variables")
def column_copied_over_another(case: Case) -> str:
    sample_id = case.sample()
    columns = case.unbound(sample_id, *SINGLE)
    origin = case.one(columns)
    target = case.one(c for c in columns if c is not origin and c["code_list"] == origin["code_list"])
    with case.wave(sample_id) as wave:
        wave.put(target["variable"], wave.column(origin["variable"]))
    return f"{sample_id}: {origin['question_id']} over {target['question_id']}"


@blind(*SCRAMBLED)
def column_pasted_from_the_wave_before(case: Case) -> str:
    sample_id = case.sample()
    earlier = case.wave_before(sample_id)
    column = case.one(case.unbound(sample_id, *SINGLE))
    origin = case.one(case.of_question(earlier, column["question_id"]))
    back = {category: code for code, category in case.codes(column).items()}
    pasted = [
        case.codes(origin).get(value or "<blank>") for value in case.text(earlier).column(origin["variable"])
    ]
    if origin["layout"] != "single" or not set(pasted) <= set(back):
        raise NotApplicable
    with case.wave(sample_id) as wave:
        cells = [None if back[category] == "<blank>" else back[category] for category in pasted]
        wave.put(column["variable"], (cells + cells)[: len(wave.rows)])
    return f"{sample_id} {column['variable']}: {column['question_id']} of {earlier}"
