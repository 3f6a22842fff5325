"""Read any wave file, by the format that the seed gives and the file has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from kjpoll.landing.csv_file import read_csv
from kjpoll.landing.landing_sample import OVERRIDES, Sample
from kjpoll.landing.limits import RECORD_BYTES
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.statistical_file import read_statistical
from kjpoll.landing.wave_table import WaveTable
from kjpoll.landing.western_text import SINGLE_BYTE, WesternEvidence
from kjpoll.landing.workbook_file import read_workbook

FIRST_BYTES = {b"PK\x03\x04": "xlsx", b"$FL2": "sav", b"$FL3": "sav", b"<stata_dta>": "dta"}
# Stata before 13 wrote the number of its format in the first byte.
OLD_DTA = bytes(range(102, 116))


def format_of(head: bytes) -> str | None:
    """The format that a file begins as; None for text and for what the project does not read."""
    # After the number of the format stand the byte order, 1 or 2, and a 1.
    if len(head) > 2 and head[0] in OLD_DTA and head[1] in (1, 2) and head[2] == 1:
        return "dta"
    return next((name for start, name in FIRST_BYTES.items() if head.startswith(start)), None)


def look(path: Path, sample: Sample) -> None:
    """Refuse at the first sight what is of another format or has no line break. Raises ReadProblem."""
    with path.open("rb") as stream:
        head = stream.read(RECORD_BYTES + 1)
    if not head:
        raise ReadProblem("empty_file", "the file is empty", "Ask for the file again")
    file_format = format_of(head)
    if file_format == sample.format or (file_format is None and sample.format == "csv"):
        if sample.format == "csv" and len(head) > RECORD_BYTES and b"\n" not in head:
            raise ReadProblem(
                "line_too_long",
                f"line 1: the record has more than {RECORD_BYTES} bytes",
                "Ask for the file again, with line breaks",
            )
        return
    raise ReadProblem(
        "unreadable_file",
        f"cannot be read as {sample.format} ({_kind(file_format, head)})",
        "Correct format in the samples seed, or ask for the file again",
    )


def read(path: Path, sample: Sample, expected: Collection[str] = ()) -> WaveTable:
    """The file as `sample` says that it is to be read. `expected`: see read_csv. Raises ReadProblem."""
    if sample.format == "csv":
        return read_csv(path, sample.layout, expected)
    if sample.format == "xlsx":
        return read_workbook(
            path, str(sample.sheet), sample.header_row, sample.label_sheet, sample.header_rows
        )
    return read_statistical(path, sample.format, sample.encoding)


def encoding_that_reads(path: Path, sample: Sample) -> str | None:
    """For a sav or dta whose text cannot be read: the encoding with which all of it can, if any."""
    for encoding in (None, *OVERRIDES):
        try:
            table = read(path, replace(sample, encoding=encoding))
            for _ in table.blocks:
                pass
        except ReadProblem:
            continue
        if encoding in SINGLE_BYTE and not _is_western(table):
            continue
        if sample.id_variable in {variable.name for variable in table.variables}:
            return encoding or "none"
    return None


def _is_western(table: WaveTable) -> bool:
    evidence = WesternEvidence()
    for text in (
        *(variable.label for variable in table.variables),
        *(label.label for label in table.value_labels),
    ):
        evidence.take(text or "")
    return evidence.is_western


def _kind(file_format: str | None, head: bytes) -> str:
    if file_format:
        return f"it is {file_format}"
    return "it is text" if b"\0" not in head else "it does not begin as one"
