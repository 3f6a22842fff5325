"""What parts the cells of a text file, and which of its lines names the columns."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kjpoll.landing.limits import RECORD_BYTES
from kjpoll.landing.text_lines import DELIMITERS, UTF_16_MARKS, raw_lines
from kjpoll.onboarding.detect.finding import DetectionError, Finding, best_of, tie
from kjpoll.onboarding.detect.header_row import Header, headers

# The first lines, in which the header is looked for, and how many characters of them at most.
HEAD_LINES = 300
HEAD_SIZE = 4 * RECORD_BYTES
# A record that goes over more lines is an unclosed quotation mark in a title.
RECORD_LINES = 50
# Delimiters whose tables are as sound as this apart are a question to a person.
AS_GOOD = 0.5


@dataclass(frozen=True)
class _DelimitedTable:
    """What a file is when its cells are parted by `delimiter`."""

    delimiter: str
    headers: tuple[Header, ...]
    n_records: int
    n_even: int

    @property
    def soundness(self) -> float:
        """The share of records as wide as the header, less that of names to be parted further."""
        names = self.headers[0].names
        other_signs = [sign for name, sign in DELIMITERS.items() if name != self.delimiter]
        mixed = sum(any(sign in name for sign in other_signs) for name in names)
        return self.n_even / self.n_records * (1 - mixed / len(names)) if self.n_records else 0.0

    @property
    def why(self) -> str:
        n_columns = len(self.headers[0].names)
        if self.n_even == self.n_records:
            return f"it parts the header and all {self.n_records} records into {n_columns} columns"
        return (
            f"it parts {self.n_even} of {self.n_records} records into the {n_columns} columns of the header"
        )


def find_layout(path: Path, encoding: str, answers: Mapping[str, str]) -> tuple[Finding, ...]:
    """The delimiter (None for comma), the header row, and of how many rows the header is where not of one. Raises
    DetectionError."""
    given = answers.get("delimiter")
    row, n_rows = (
        int(answers[name]) if answers.get(name) else None for name in ("header_row", "header_rows")
    )
    tables = [
        table
        for delimiter in ([given] if given else DELIMITERS)
        if (table := _table(path, encoding, delimiter, row, n_rows)) is not None
    ]
    if not tables:
        signs = given or ", ".join(DELIMITERS)
        where = f"line {row} is no row" if row else "no line is a row"
        raise DetectionError(
            path,
            f"{where} of names above even records, whatever parts the cells ({signs})",
            "Look into the file: set delimiter and header_row yourself, or ask for the file again",
        )
    tables.sort(key=lambda table: -table.soundness)
    best = tables[0]
    rivals = [
        table for table in tables if table.soundness > 0 and table.soundness >= best.soundness - AS_GOOD
    ]
    if len(rivals) > 1:
        delimiter = tie("delimiter", [(table.delimiter, table.why) for table in rivals])
    else:
        delimiter = best_of(
            "delimiter", [(table.delimiter, round(table.soundness, 3), table.why) for table in tables]
        )
    if delimiter.value == "comma" and not delimiter.is_tie:
        delimiter = Finding(
            "delimiter", None, delimiter.confidence, f"comma: {delimiter.why}", delimiter.alternatives
        )
    return delimiter, *header_findings(best.headers, "line")


def header_findings(rows: tuple[Header, ...], what: str) -> tuple[Finding, ...]:
    """The header row among rows that may be it, and that it is of two where that is so. `what`: line or row."""
    first = rows[0]
    if len(rows) > 1:
        return (
            tie("header_row", [(header.row, f"{what} {header.row}: {_shown(header)}") for header in rows]),
        )
    if first.n_rows > 1:
        why = f"{what}s {first.row} and {first.row + 1} together name the columns: {_shown(first)}"
        return Finding("header_row", first.row, 0.9, why), Finding("header_rows", first.n_rows, 0.9, why)
    above = f", below {first.row - 1} {what}(s) of titles or notes" if first.row > 1 else ""
    why = f"{what} {first.row} is the first whose cells are all filled, differ and are no answers{above}"
    return (Finding("header_row", first.row, 0.99, why),)


def _shown(header: Header) -> str:
    return ", ".join(header.names[:5]) + (", ..." if len(header.names) > 5 else "")


def _table(
    path: Path, encoding: str, delimiter: str, row: int | None, n_rows: int | None
) -> _DelimitedTable | None:
    sign = DELIMITERS[delimiter]
    rows = list(_rows(_head(path, encoding), sign))
    candidates = headers(rows, row, n_rows)
    if not candidates:
        return None
    start, width = candidates[0].row + candidates[0].n_rows - 1, len(candidates[0].names)
    n_records = n_even = 0
    try:
        for cells in csv.reader(islice(_lines(path, encoding), start, None), delimiter=sign):
            n_records += 1
            n_even += len(cells) == width
    except csv.Error:
        # An unclosed quotation mark: what follows it is no record of this table.
        n_records += 1
    return _DelimitedTable(delimiter, candidates, n_records, n_even)


def _head(path: Path, encoding: str) -> list[str]:
    lines: list[str] = []
    size = 0
    for line in islice(_lines(path, encoding), HEAD_LINES):
        lines.append(line)
        size += len(line)
        if size > HEAD_SIZE:
            break
    return lines


def _rows(lines: list[str], sign: str) -> Iterator[tuple[int, list[str]]]:
    """The records of the first lines, numbered by their first line. A title with an odd quotation
    mark is a record of its own."""
    alone = [_record([line], sign) for line in lines]
    usual = Counter(len(cells) for cells, _ in filter(None, alone)).most_common(1)
    width = usual[0][0] if usual else 0
    i = 0
    while i < len(lines):
        cells, size = alone[i] or (None, 1)
        if cells is None:
            cells, size = _record(lines[i : i + RECORD_LINES], sign) or (None, 1)
            if cells is None or len(cells) != width:
                cells, size = [lines[i]], 1
        yield i + 1, cells
        i += size


def _record(lines: Iterable[str], sign: str) -> tuple[list[str], int] | None:
    """The first record and how many lines it takes; None if its quotation marks do not close."""
    reader = csv.reader(lines, delimiter=sign, strict=True)
    try:
        return next(reader, []), reader.line_num
    except csv.Error:
        return None


def _lines(path: Path, encoding: str) -> Iterator[str]:
    """The text lines; the encoding was found to decode them all."""
    with path.open("rb") as stream:
        mark = {"utf-16": 2, "utf-8-sig": 3}.get(encoding, 0)
        codec = UTF_16_MARKS.get(stream.read(mark), "utf-8") if mark else encoding
        for line in raw_lines(stream, codec):
            yield line.content.decode(codec, errors="replace")
