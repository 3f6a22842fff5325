"""Corruptions of what comes with the answers: variable labels, sidecars, bytes behind the last record."""

from __future__ import annotations

import datetime
import json
import os
import struct
from collections.abc import Callable

from benchmarks.mutation.case import Case, NotApplicable, blind
from tests.support.wave_edit import refresh_sidecar

LABELS = ("contradicting_variable_label",)
SIDECAR = ("sidecar_mismatch", "wrong_sample")
STATED = ("sample_id", "n", "wave", "country", "fieldwork_start", "fieldwork_end", "synthetic")
LEFT_OVER = ("leftover_bytes", "unreadable_file")


def _asked(case: Case, sample_id: str, labels: dict[str, str]) -> list[str]:
    """Labelled columns of answers, one of each question."""
    by_question = {
        row["question_id"]: row["variable"] for row in case.columns(sample_id) if labels.get(row["variable"])
    }
    return sorted(by_question.values())


@blind(*LABELS)
def variable_labels_of_two_columns_exchanged(case: Case) -> str:
    sample_id = case.sample("sav", "dta", "xlsx")
    with case.wave(sample_id) as wave:
        labels = wave.variable_labels
        one, other = case.some(_asked(case, sample_id, labels), 2, 2)
        if labels[one] == labels[other]:
            raise NotApplicable
        labels[one], labels[other] = labels[other], labels[one]
    return f"{sample_id}: {one} and {other}"


@blind(*LABELS)
def variable_label_of_another_question(case: Case) -> str:
    sample_id = case.sample("sav", "dta", "xlsx")
    with case.wave(sample_id) as wave:
        labels = wave.variable_labels
        one, other = case.some(_asked(case, sample_id, labels), 2, 2)
        if labels[one] == labels[other]:
            raise NotApplicable
        labels[one] = labels[other]
    return f"{sample_id}: {one} is labelled {labels[one]!r}, as {other}"


@blind(*LABELS)
def variable_labels_moved_by_a_column(case: Case) -> str:
    sample_id = case.sample("sav", "dta", "xlsx")
    with case.wave(sample_id) as wave:
        names = [name for name in wave.header if wave.variable_labels.get(name)]
        at = case.random.randrange(len(names) - 5)
        moved = [wave.variable_labels[name] for name in names[at:]]
        wave.variable_labels.update(zip(names[at:], [moved[-1], *moved[:-1]]))
    return f"{sample_id}: from {names[at]} on"


def _sidecar(case: Case, change: Callable[[str, dict], dict]) -> str:
    """Change what the sidecar says; its hash and size stay the file's."""
    sample_id = case.sample()
    path = case.path(sample_id)
    sidecar = path.with_name(path.name + ".json")
    content = json.loads(sidecar.read_text(encoding="utf-8"))
    changed = change(sample_id, content)
    sidecar.write_text(json.dumps(content | changed, ensure_ascii=False), encoding="utf-8")
    refresh_sidecar(path)
    return f"{sample_id}: {', '.join(f'{name} {value}' for name, value in changed.items() if name in STATED)}"


@blind(*SIDECAR)
def sidecar_of_another_sample(case: Case) -> str:
    def change(sample_id: str, content: dict) -> dict:
        other = case.path(case.one(name for name in case.samples if name != sample_id))
        return json.loads(other.with_name(other.name + ".json").read_text(encoding="utf-8"))

    return _sidecar(case, change)


@blind(*SIDECAR)
def sidecar_with_another_number_of_respondents(case: Case) -> str:
    return _sidecar(case, lambda _, content: {"n": content["n"] + case.one((-100, -4, -1, 1, 20, 1000))})


@blind(*SIDECAR)
def sidecar_with_other_dates(case: Case) -> str:
    def change(_: str, content: dict) -> dict:
        by = datetime.timedelta(days=case.one((-365, -30, -7, 1, 7, 30, 365)))
        names = case.one((("fieldwork_start", "fieldwork_end"), ("fieldwork_start",), ("fieldwork_end",)))
        return {name: str(datetime.date.fromisoformat(content[name]) + by) for name in names}

    return _sidecar(case, change)


@blind(*SIDECAR)
def sidecar_of_another_wave_or_country(case: Case) -> str:
    def change(_: str, content: dict) -> dict:
        if case.random.random() < 0.5:
            return {"wave": content["wave"] + case.one((-1, 1))}
        return {"country": {"KOR": "JPN", "JPN": "KOR"}[content["country"]]}

    return _sidecar(case, change)


@blind(*SIDECAR)
def sidecar_that_takes_the_records_for_real(case: Case) -> str:
    return _sidecar(case, lambda *_: {"synthetic": False})


@blind(*SIDECAR, "unreadable_file", "not_a_file")
def sidecar_that_is_no_sidecar(case: Case) -> str:
    sample_id = case.sample()
    sidecar = case.path(sample_id).with_name(case.path(sample_id).name + ".json")
    sort = case.one(("nested", "list", "text", "pipe"))
    if sort == "pipe":
        sidecar.unlink()
        os.mkfifo(sidecar)
    else:
        content = {
            "nested": '{"note": ' + "[" * 100_000 + "]" * 100_000 + "}",
            "list": "[1, 2]",
            "text": "see the mail",
        }
        sidecar.write_text(content[sort], encoding="utf-8")
    return f"{sample_id}: {sort}"


@blind(*LEFT_OVER)
def bytes_left_over_behind_the_last_record(case: Case) -> str:
    """What an older, longer file left when a shorter one was written over it."""
    sample_id = case.sample("sav", "sav", "dta")
    path = case.path(sample_id)
    content = path.read_bytes()
    n = case.random.randint(1, 20_000)
    added = case.one((content[-n:], bytes(n), case.random.randbytes(n), b"\xfd" * 8 * n))
    path.write_bytes(content + added)
    refresh_sidecar(path)
    return f"{sample_id}: {len(added)} bytes such as {added[:8].hex(' ')}"


@blind(*LEFT_OVER, "wrong_n", "truncated_file")
def head_of_the_file_says_fewer_records(case: Case) -> str:
    """The number of cases in the header of an SPSS file, at byte 80."""
    sample_id = case.sample("sav")
    path = case.path(sample_id)
    content = bytearray(path.read_bytes())
    order = "<" if struct.unpack_from("<i", content, 64)[0] in (2, 3) else ">"
    (n,) = struct.unpack_from(order + "i", content, 80)
    fewer = case.random.randint(1, 60)
    struct.pack_into(order + "i", content, 80, max(n, int(case.samples[sample_id]["n_expected"])) - fewer)
    path.write_bytes(bytes(content))
    refresh_sidecar(path)
    return f"{sample_id}: {fewer} fewer, {n} before"
