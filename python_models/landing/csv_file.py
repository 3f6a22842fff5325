"""Read a delimited text file strictly: a byte or a line that does not fit stops it."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Collection, Iterator
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa

from python_models.landing.encodings import decode, diagnose
from python_models.landing.limits import RECORD_BYTES
from python_models.landing.problems import ReadProblem
from python_models.landing.wave_table import (
    Variable,
    WaveTable,
    block,
    check_names,
    rows_per_block,
)

AGAIN = "Ask for the file again"
CELL = r'(?:"(?:[^"]|"")*"|[^",]*)'
WELL_QUOTED = re.compile(f"{CELL}(?:,{CELL})*[\r\n]*")


def read_csv(path: Path, encoding: str, expected: Collection[str] = ()) -> WaveTable:
    """Comma-separated text with a header line, in `encoding`. Raises ReadProblem.

    Cells are kept as they stand, spaces and formulas included; an empty cell, quoted or not, is
    null. `expected` are names that the header should have: they tell encodings apart.
    """
    records = _Records(path, encoding, expected)
    header = next(records, None)
    if header is None:
        raise ReadProblem("empty_file", "the file is empty", AGAIN)
    check_names(header)
    records.header = header
    return WaveTable(tuple(Variable(name) for name in header), (), _blocks(records, len(header)))


def _blocks(records: Iterator[list[str]], n_columns: int) -> Iterator[pa.StringArray]:
    while rows := list(islice(records, rows_per_block(n_columns))):
        yield block(chain.from_iterable(rows))


class _Records:
    """The records of a file one at a time; each fault is told with its line."""

    def __init__(self, path: Path, encoding: str, expected: Collection[str]) -> None:
        self.header: list[str] | None = None
        self._path = path
        self._encoding = encoding
        self._expected = expected
        self._reader = csv.reader(self._lines(), strict=True)
        # The lines of the record being read: a quoted cell may hold line breaks.
        self._open_lines: list[str] = []
        self._n_records = 0
        self._whole_lines = True

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        first_line = self._reader.line_num + 1
        self._open_lines.clear()
        try:
            record = next(self._reader)
        except csv.Error as error:
            ended = "unexpected end" in str(error)
            if ended and len(self._open_lines) == 1 and not self._whole_lines:
                raise self._cut(first_line) from error
            raise self._problem(
                "malformed_record",
                f"line {first_line}: not a well-formed record ({error})",
                "Look for a stray or unclosed quotation mark in this line",
            ) from error
        if not record:
            raise self._problem("malformed_record", f"line {first_line} is blank", "Remove the line")
        if self.header is not None and len(record) != len(self.header):
            if len(record) < len(self.header) and not self._whole_lines:
                raise self._cut(first_line)
            raise self._problem(
                "ragged_row",
                f"line {first_line} has {len(record)} fields, the header has {len(self.header)}",
                "Quote the cell that holds a comma, or supply what is missing",
            )
        text = "".join(self._open_lines)
        if '"' in text and not WELL_QUOTED.fullmatch(text):
            raise self._problem(
                "malformed_record",
                f"line {first_line}: a quotation mark stands inside a cell that is not quoted",
                "Quote the cell and double the mark, or remove the mark",
            )
        self._n_records += 1
        return record

    def _problem(self, rule: str, what: str, fix: str, variable: str | None = None) -> ReadProblem:
        return ReadProblem(rule, what, fix, variable, self._n_records or None)

    def _cut(self, line: int) -> ReadProblem:
        what = f"the file breaks off in line {line}, its last record"
        return self._problem("truncated_file", what, AGAIN)

    def _lines(self) -> Iterator[str]:
        """Decoded lines. All four encodings keep the line feed byte for line feeds only, so
        the bytes may be split before they are decoded."""
        # The byte order mark is cut off by hand: the codec would take one from every line.
        encoding = "utf-8" if self._encoding == "utf-8-sig" else self._encoding
        start = number = open_bytes = 0
        with self._path.open("rb") as stream:
            while line := stream.readline(RECORD_BYTES + 1):
                number += 1
                if number == 1 and line.startswith(codecs.BOM_UTF8):
                    if self._encoding != "utf-8-sig":
                        raise self._marked(line, encoding)
                    line = line[len(codecs.BOM_UTF8) :]
                    start += len(codecs.BOM_UTF8)
                if not self._open_lines:
                    open_bytes = 0
                open_bytes += len(line)
                if open_bytes > RECORD_BYTES:
                    raise self._problem(
                        "line_too_long",
                        f"line {number}: the record has more than {RECORD_BYTES} bytes",
                        "Look for a missing line break or an unclosed quotation mark, or "
                        "ask for the file again",
                    )
                if b"\0" in line:
                    raise self._diagnosed(
                        self._problem(
                            "nul_byte",
                            f"line {number}: NUL byte at byte {start + line.index(0)} of the file",
                            "The file is damaged: save it again",
                        )
                    )
                try:
                    text = decode(line, encoding)
                except UnicodeDecodeError as error:
                    if not line.endswith(b"\n") and error.end == len(line) and number > 1:
                        raise self._cut(number) from error
                    raise self._undecodable(number, start, line, error, encoding) from error
                start += len(line)
                self._whole_lines = line.endswith(b"\n")
                self._open_lines.append(text)
                yield text

    def _marked(self, line: bytes, encoding: str) -> ReadProblem:
        problem = ReadProblem(
            "byte_order_mark",
            "line 1 begins with a UTF-8 byte order mark",
            "Set encoding to utf-8-sig in the samples seed",
        )
        if encoding == "utf-8":
            return problem
        problem.fix = "Save the file without the mark, or set encoding to utf-8-sig in the samples seed"
        return self._diagnosed(problem)

    def _diagnosed(self, problem: ReadProblem) -> ReadProblem:
        return diagnose(self._path, self._encoding, self._expected, problem)

    def _undecodable(
        self, number: int, start: int, line: bytes, error: UnicodeDecodeError, encoding: str
    ) -> ReadProblem:
        found = line[error.start : max(error.end, error.start + 1)]
        before = "".join(self._open_lines) + line[: error.start].decode(encoding)
        variable = self._variable(before)
        return self._diagnosed(
            self._problem(
                "broken_bytes",
                f"line {number}{f', column {variable}' if variable else ''}: bytes "
                f"{found.hex(' ')} at byte {start + error.start} of the file are not "
                f"{self._encoding} text, and no other encoding fits the whole file",
                AGAIN,
                variable,
            )
        )

    def _variable(self, before: str) -> str | None:
        """The column of the cell that follows `before`, the record's text so far."""
        if self.header is None:
            return None
        try:
            # Not strict: the text breaks off inside a cell, perhaps inside its quotes.
            fields = next(csv.reader([before]), [""])
        except csv.Error:
            return None
        return self.header[len(fields) - 1] if len(fields) <= len(self.header) else None
