"""Corruptions of how a code is written: signs that nobody sees, blanks, digits of another width, zeros, decimal points."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.mutation.case import MULTIPLE, SINGLE, Case, NotApplicable, Row, blind
from benchmarks.mutation.wave_text import Verbatim, WaveText

WRITTEN = ("unclean_code",)
FULL_WIDTH = {ord("0") + digit: chr(0xFF10 + digit) for digit in range(10)}
Write = Callable[[Case, str], str]


def _format_character(case: Case, key: str) -> str:
    sign = case.one(("\u200b", "\ufeff", "\u200e", "\u2060", "\u00ad"))
    return case.one((key + sign, sign + key))


def _no_break_space(case: Case, key: str) -> str:
    sign = case.one(("\u00a0", "\u3000", "\u202f"))
    return case.one((key + sign, sign + key))


def _blank(case: Case, key: str) -> str:
    return case.one((f"{key} ", f" {key}", f"{key}  ", f"{key}\t"))


def _full_width(case: Case, key: str) -> str:
    return key.translate(FULL_WIDTH)


def _decimal(case: Case, key: str) -> str:
    return f"{key}.0" if key.isdigit() else key


def _zero_added(case: Case, key: str) -> str:
    return f"0{key}" if key.isdigit() else key


def _zero_lost(case: Case, key: str) -> str:
    return key.lstrip("0") if key.isdigit() and len(key) > 1 else key


WAYS: dict[str, Write] = {
    "a format character at a code": _format_character,
    "a no-break space at a code": _no_break_space,
    "a blank at a code": _blank,
    "digits of full width": _full_width,
    "a decimal point at a code": _decimal,
    "a zero before a code": _zero_added,
    "zeros lost": _zero_lost,
}


def _storable(case: Case, sample_id: str, texts: set[str]) -> None:
    """Raises NotApplicable where the file's encoding has no such sign."""
    encoding = case.samples[sample_id]["encoding"] or "utf-8"
    try:
        "".join(texts).encode(encoding)
    except UnicodeEncodeError:
        raise NotApplicable from None


def _rewrite(case: Case, write: Write, whole: bool) -> str:
    sample_id = case.sample("csv", "xlsx")
    column: Row = case.column(sample_id, *SINGLE, *MULTIPLE)
    if all(write(case, key) == key for key in case.codes(column)):
        raise NotApplicable
    with case.wave(sample_id) as wave:
        rows = _rows(case, wave, column, write, whole)
        at = wave.at(column["variable"])
        # One way for all cells of a column, as where a program wrote them.
        chance = case.random.getstate()
        written = {}
        for n in rows:
            case.random.setstate(chance)
            written[n] = _written(case, column, wave.rows[n][at], write)
        _storable(case, sample_id, set(written.values()))
        for n, text in written.items():
            wave.rows[n][at] = Verbatim(text)
    return f"{sample_id} {column['variable']}: {len(rows)} cells such as {text!r}"


def _written(case: Case, column: Row, value: str, write: Write) -> str:
    delimiter = column["delimiter"] or "\0"
    return delimiter.join(write(case, part) for part in value.split(delimiter))


def _rows(case: Case, wave: WaveText, column: Row, write: Write, whole: bool) -> list[int]:
    rows = [
        n
        for n, value in enumerate(wave.column(column["variable"]))
        if value and _written(case, column, value, write) != value
    ]
    if not rows:
        raise NotApplicable
    return rows if whole else sorted(case.random.sample(rows, min(len(rows), case.random.randint(1, 20))))


for _name, _write in WAYS.items():
    for _where, _whole in (("in a whole column", True), ("in some cells", False)):
        blind(*WRITTEN, name=f"{_name} {_where}")(
            lambda case, write=_write, whole=_whole: _rewrite(case, write, whole)
        )


@blind("unknown_variable", "missing_variable", "invalid_header", *WRITTEN)
def format_character_in_a_column_name(case: Case) -> str:
    sample_id = case.sample("csv", "xlsx")
    column = case.column(sample_id)
    with case.wave(sample_id) as wave:
        new = case.one((_format_character, _no_break_space, _blank))(case, column["variable"])
        _storable(case, sample_id, {new})
        wave.rename(column["variable"], new)
    return f"{sample_id}: {new!r}"
