"""Corruptions of records and of whole files that stay readable."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from benchmarks.mutation.case import SINGLE, Case, NotApplicable, cell, kind, spread
from tests.support.wave_edit import refresh_sidecar


@kind("duplicate_respondent")
def identifier_duplicated(case: Case) -> str:
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        at = wave.at(case.samples[sample_id]["id_variable"])
        first, *others = case.some(wave.rows, 2, 4)
        for row in others:
            row[at] = first[at]
    return f"{sample_id}: {first[at]} {len(others)} more times"


@kind("duplicate_respondent")
def identifier_blanked(case: Case) -> str:
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        rows = case.some(wave.rows, 1, 4)
        for row in rows:
            row[wave.at(case.samples[sample_id]["id_variable"])] = None
    return f"{sample_id}: {len(rows)} records"


def _copies(case: Case, change: Callable) -> str:
    """Records take over the answers of others and keep their own identifier and place."""
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        at = wave.at(case.samples[sample_id]["id_variable"])
        pairs = case.some(range(len(wave.rows)), 4, 40)
        pairs = pairs[: len(pairs) // 2 * 2]
        for origin, target in zip(pairs[::2], pairs[1::2]):
            row = list(wave.rows[origin])
            change(sample_id, wave, row)
            wave.rows[target] = [*row[:at], wave.rows[target][at], *row[at + 1 :]]
    return f"{sample_id}: {len(pairs) // 2} records are copies of others"


@kind("identical_respondents")
def respondents_copied_under_new_identifiers(case: Case) -> str:
    return _copies(case, lambda sample_id, wave, row: None)


@kind("near_identical_respondents")
def respondents_nearly_copied(case: Case) -> str:
    def change(sample_id: str, wave, row: list) -> None:
        free = [
            c
            for c in case.columns(sample_id, *SINGLE)
            if not case.filtered(c["question_id"]) and not case.is_parent(c["question_id"])
        ]
        for column in case.some(free, 1, 2):
            at = wave.at(column["variable"])
            row[at] = cell(case.one(set(case.substantive(column)) - {row[at]}))

    return _copies(case, change)


@kind("wrong_n")
def records_dropped(case: Case) -> str:
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        rows = set(spread(case, range(len(wave.rows)), 0.001, 0.3))
        wave.rows = [row for number, row in enumerate(wave.rows) if number not in rows]
    return f"{sample_id}: {len(rows)} records"


@kind("wrong_n")
def records_appended(case: Case) -> str:
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        at = wave.at(case.samples[sample_id]["id_variable"])
        added = [list(row) for row in case.some(wave.rows, 1, 30)]
        if not all(row[at].isdigit() for row in wave.rows):
            raise NotApplicable
        highest = max(int(row[at]) for row in wave.rows)
        for number, row in enumerate(added, start=1):
            row[at] = str(highest + number)
        wave.rows += added
    return f"{sample_id}: {len(added)} records"


@kind("wrong_sample", "unreadable_file", "wrong_encoding", "no_id_variable")
def file_of_another_sample(case: Case) -> str:
    here = case.sample()
    # Nearly always the same format: another one is found at the first byte.
    formats = (case.samples[here]["format"],) if case.random.random() < 0.8 else ()
    other = case.sample(*formats)
    if here == other:
        raise NotApplicable
    shutil.copyfile(case.path(other), case.path(here))
    refresh_sidecar(case.path(here))
    return f"{here} holds the file of {other}"


@kind("wrong_sample", "unreadable_file", "wrong_encoding", "no_id_variable")
def two_files_exchanged(case: Case) -> str:
    here = case.sample()
    other = case.sample(case.samples[here]["format"])
    if here == other:
        raise NotApplicable
    first, second = case.path(here).read_bytes(), case.path(other).read_bytes()
    case.path(here).write_bytes(second)
    case.path(other).write_bytes(first)
    refresh_sidecar(case.path(here))
    refresh_sidecar(case.path(other))
    return f"{here} and {other}"


@kind("sidecar_mismatch")
def file_replaced_but_not_its_sidecar(case: Case) -> str:
    sample_id = case.sample()
    sidecar = case.path(sample_id).with_name(case.path(sample_id).name + ".json")
    before = sidecar.read_bytes()
    with case.wave(sample_id) as wave:
        column = case.column(sample_id, *SINGLE)
        codes = case.substantive(column)
        row = case.random.choice(wave.rows)
        row[wave.at(column["variable"])] = case.one(set(codes) - {row[wave.at(column["variable"])]})
    sidecar.write_bytes(before)
    return sample_id
