"""Corruptions of records: their order, their identifiers, and records that come from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.mutation.case import SINGLE, Case, NotApplicable, Row, blind, cell, code
from benchmarks.mutation.joint import sort_key
from benchmarks.mutation.wave_text import Cell, WaveText

MOVED = ("moved_identifiers", "unordered_respondents")
TWINS = ("respondents_of_another_wave",)
BLOCKS = ("identical_respondents", "near_identical_respondents", "similar_neighbours")


@blind("unordered_respondents")
def records_in_another_order(case: Case) -> str:
    """Whole records, so that only their numbers could change."""
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        by = case.one([None, *range(1, len(wave.header))])
        if by is None:
            case.random.shuffle(wave.rows)
        else:
            wave.rows.sort(key=lambda row: sort_key(row[by]))
    return f"{sample_id}: {'shuffled' if by is None else 'sorted by ' + wave.header[by]}"


def _identifiers(case: Case, change: Callable[[list[Cell]], list[Cell]]) -> str:
    sample_id = case.sample()
    variable = case.samples[sample_id]["id_variable"]
    with case.wave(sample_id) as wave:
        before = wave.column(variable)
        after = change(before)
        if after == before:
            raise NotApplicable
        wave.put(variable, after)
    return f"{sample_id}: {before[0]} is now {after[0]}"


@blind(*MOVED)
def identifiers_moved_by_a_row(case: Case) -> str:
    step = case.one((1, -1))
    return _identifiers(case, lambda cells: cells[step:] + cells[:step])


@blind(*MOVED)
def identifiers_shuffled(case: Case) -> str:
    return _identifiers(case, lambda cells: case.random.sample(cells, len(cells)))


@blind(*MOVED)
def identifiers_of_two_respondents_exchanged(case: Case) -> str:
    def change(cells: list[Cell]) -> list[Cell]:
        one, other = case.random.sample(range(len(cells)), 2)
        after = list(cells)
        after[one], after[other] = cells[other], cells[one]
        return after

    return _identifiers(case, change)


@blind(*MOVED)
def identifiers_renumbered(case: Case) -> str:
    """The same people in the same order under other numbers, as from another export."""
    start = case.one((1, 2, 1001, 500001))
    return _identifiers(case, lambda cells: [str(start + n) for n in range(len(cells))])


@blind(*MOVED)
def identifiers_renumbered_from_the_end(case: Case) -> str:
    return _identifiers(case, lambda cells: cells[::-1])


# records from elsewhere


def _meanings(
    case: Case, here: list[Row], there: list[Row]
) -> dict[str, Callable[[dict[str, Cell]], Cell]] | None:
    """Variable of this sample -> its cell, from the cells of a record of another; None where that cannot be said."""
    if {c["layout"] for c in here} != {c["layout"] for c in there} or len(here) > len(there):
        return None
    if here[0]["layout"] == "delimited":
        return None
    cells = {}
    for number, column in enumerate(here):
        origin = there[number]
        if column["layout"] == "indicator":
            same = [c for c in there if c["category_id"] == column["category_id"]]
            if not same:
                return None
            origin = same[0]
        back = {category: key for key, category in case.codes(column).items()}
        means = case.codes(origin)
        if column["layout"] in ("single", "ranked", "indicator") and not set(means.values()) <= set(back):
            return None
        cells[column["variable"]] = lambda record, origin=origin, back=back, means=means: _told(
            record[origin["variable"]], means, back
        )
    return cells


def _told(value: Cell, means: dict[str, str], back: dict[str, str]) -> Cell:
    category = means.get(code(value))
    if category and category not in back:
        raise NotApplicable
    return cell(back[category]) if category else value


def shared_answers(case: Case, here: str, there: str) -> dict[str, Callable[[dict[str, Cell]], Cell]]:
    """As `_meanings`, for all questions of both samples whose filters and filtered questions are shared too."""
    families: dict[str, set[str]] = {}
    for question_id in case.asked(here):
        root = case.root(question_id)
        families.setdefault(root, set()).add(question_id)
    shared = {}
    for questions in families.values():
        cells = [
            _meanings(case, case.of_question(here, question_id), case.of_question(there, question_id))
            if case.of_question(there, question_id)
            else None
            for question_id in questions
        ]
        if all(cells):
            for found in cells:
                shared |= found
    return shared


def _pasted(case: Case, rows_of: Callable[[int], list[int]]) -> str:
    here = case.sample()
    there = case.wave_before(here)
    shared = shared_answers(case, here, there)
    if len(shared) < 8:
        raise NotApplicable
    donors = case.text(there)
    with case.wave(here) as wave:
        n = min(len(wave.rows), len(donors.rows))
        rows = rows_of(n)
        for row in rows:
            record = dict(zip(donors.header, donors.rows[row], strict=True))
            for variable, code_of in shared.items():
                wave.rows[row][wave.at(variable)] = code_of(record)
    return f"{here}: {len(rows)} records of {there} in {len(shared)} columns"


@blind(*TWINS)
def records_pasted_from_the_wave_before(case: Case) -> str:
    def rows(n: int) -> list[int]:
        length = case.random.randint(20, 200)
        first = case.random.randrange(n - length)
        return list(range(first, first + length))

    return _pasted(case, rows)


@blind(*TWINS)
def few_records_of_the_wave_before(case: Case) -> str:
    return _pasted(case, lambda n: sorted(case.random.sample(range(n), case.random.randint(5, 15))))


@blind(*TWINS)
def half_of_the_file_is_the_wave_before(case: Case) -> str:
    return _pasted(case, lambda n: list(range(n // 2, n)))


@blind(*BLOCKS)
def block_of_records_copied_over_another(case: Case) -> str:
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        at = wave.at(case.samples[sample_id]["id_variable"])
        length = case.random.randint(5, 60)
        first, second = sorted(case.random.sample(range(len(wave.rows) - length), 2))
        if second < first + length:
            raise NotApplicable
        for n in range(length):
            target, origin = wave.rows[second + n], wave.rows[first + n]
            wave.rows[second + n] = [*origin[:at], target[at], *origin[at + 1 :]]
    return f"{sample_id}: rows {first + 1} to {first + length} over those from {second + 1} on"


def _invented(case: Case, share: float) -> str:
    """Neighbouring interviews that one interviewer filled in alike, but for a share of the answers."""
    sample_id = case.sample()
    columns = [c for c in case.unbound(sample_id, *SINGLE) if len(case.substantive(c)) > 1]
    with case.wave(sample_id) as wave:
        at = wave.at(case.samples[sample_id]["id_variable"])
        length = case.random.randint(6, 25)
        first = case.random.randrange(len(wave.rows) - length)
        model = wave.rows[first]
        for n in range(first + 1, first + length):
            record = [*model[:at], wave.rows[n][at], *model[at + 1 :]]
            for column in columns:
                if case.random.random() < share:
                    record[wave.at(column["variable"])] = cell(case.one(case.substantive(column)))
            wave.rows[n] = record
    return f"{sample_id}: rows {first + 1} to {first + length}, {share:.0%} of the answers of their own"


@blind(*BLOCKS)
def block_of_identical_interviews(case: Case) -> str:
    return _invented(case, 0)


@blind(*BLOCKS)
def block_of_nearly_identical_interviews(case: Case) -> str:
    return _invented(case, 0.15)


# rows of a table that are none, or stand elsewhere


@blind("broken_record")
def header_line_repeated(case: Case) -> str:
    """Between the records, or in the place of one, as where two exports were put one below the other."""
    sample_id = case.sample("csv", "xlsx")
    instead = case.random.random() < 0.5
    with case.wave(sample_id) as wave:
        row = case.random.randrange(1, len(wave.rows))
        wave.rows[row : row + instead] = [list(wave.header)]
    return f"{sample_id}: {'instead of' if instead else 'before'} record {row + 1}"


def _shift(case: Case, n: int) -> str:
    """Records whose cells stand one column further right or left from some column on; one cell is lost."""
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        first = case.random.randrange(len(wave.rows) - n)
        at = case.random.randrange(1, len(wave.header) * 2 // 3)
        end = next((n for n in range(at, len(wave.header)) if not _holds_numbers(wave, n)), len(wave.header))
        if end - at < 5 or at <= wave.at(case.samples[sample_id]["id_variable"]):
            raise NotApplicable
        to_the_right = case.random.random() < 0.5
        for row in wave.rows[first : first + n]:
            row[at:end] = [None, *row[at : end - 1]] if to_the_right else [*row[at + 1 : end], None]
    return f"{sample_id}: rows {first + 1} to {first + n} from {wave.header[at]} on"


def _holds_numbers(wave: WaveText, at: int) -> bool:
    """A statistical file has no place for a text in a column of numbers; a table has."""
    return wave.labels is None or all(
        row[at] is None or row[at][0] == "." or _is_number(row[at]) for row in wave.rows
    )


def _is_number(value: str) -> bool:
    return value.lstrip("-").replace(".", "", 1).isdigit()


@blind("broken_record")
def cells_of_a_record_shifted(case: Case) -> str:
    return _shift(case, 1)


@blind("broken_record")
def cells_of_a_block_of_records_shifted(case: Case) -> str:
    return _shift(case, case.random.randint(3, 25))
