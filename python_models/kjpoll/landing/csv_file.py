"""Read a delimited text file strictly: a byte or a line that does not fit stops it."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from kjpoll.landing.encodings import decode, diagnose, disguised
from kjpoll.landing.limits import RECORD_BYTES
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.text_lines import UTF_16_MARKS, TextLayout, raw_lines
from kjpoll.landing.wave_table import (
    Variable,
    WaveTable,
    block,
    check_names,
    joined_names,
    rows_per_block,
)
from kjpoll.landing.western_text import SINGLE_BYTE

AGAIN = "Ask for the file again"
HEADER_ROW = "Correct header_row in the samples seed"


def read_csv(path: Path, layout: TextLayout, expected: Collection[str] = ()) -> WaveTable:
    """Delimited text with a header of a line or two, written as `layout` says. Raises ReadProblem.

    Lines above the header are decoded and passed over. Cells are kept as they stand, spaces and
    formulas included; an empty cell, quoted or not, is null. `expected` are names that the header
    should have: they distinguish encodings.
    """
    records = _Records(path, layout, expected)
    rows = list(islice(records, layout.header_rows))
    header = joined_names(rows) if rows else None
    if header is None and layout.header_row > 1:
        what = f"the file has no line {layout.header_row}, where the header should be"
        raise ReadProblem("empty_file", what, f"{HEADER_ROW}, or ask for the file again")
    if header is None:
        raise ReadProblem("empty_file", "the file is empty", AGAIN)
    check_names(header)
    names = [name for name in header if name is not None]
    records.header = names
    return WaveTable(tuple(Variable(name) for name in names), (), _blocks(records, len(names)))


@cache
def _well_quoted(sign: str) -> re.Pattern[str]:
    """A record in which quotation marks stand around cells only, and doubled within."""
    cell = rf'(?:"(?:[^"]|"")*"|[^"{re.escape(sign)}]*)'
    return re.compile(rf"{cell}(?:{re.escape(sign)}{cell})*[\r\n]*")


def _blocks(records: Iterator[list[str]], n_columns: int) -> Iterator[pa.StringArray]:
    while rows := list(islice(records, rows_per_block(n_columns))):
        yield block(chain.from_iterable(rows))


class _Records:
    """The records of a file one at a time; each fault is reported with its line."""

    def __init__(self, path: Path, layout: TextLayout, expected: Collection[str]) -> None:
        self.header: list[str] | None = None
        self._path = path
        self._layout = layout
        self._expected = expected
        # The lines of the record being read: a quoted cell may hold line breaks.
        self._open_lines: list[str] = []
        self._n_records = 0
        self._whole_lines = True
        self._reader = csv.reader(self._from_header(), delimiter=layout.sign, strict=True)

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        first_line = self._reader.line_num + self._layout.header_row
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
            raise self._problem("malformed_record", f"line {first_line} is blank", self._fix_of_blank())
        if self.header is not None and len(record) != len(self.header):
            if len(record) < len(self.header) and not self._whole_lines:
                raise self._cut(first_line)
            raise self._problem(
                "ragged_row",
                f"line {first_line} has {len(record)} fields, the header has {len(self.header)}",
                f"Quote the cell that holds a {self._layout.delimiter}, or supply what is missing",
            )
        text = "".join(self._open_lines)
        if '"' in text and not _well_quoted(self._layout.sign).fullmatch(text):
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

    def _fix_of_blank(self) -> str:
        if self.header is None and self._layout.header_row > 1:
            return HEADER_ROW
        return "Remove the line"

    def _from_header(self) -> Iterator[str]:
        lines = self._lines()
        for _ in islice(lines, self._layout.header_row - 1):
            self._open_lines.clear()
        return lines

    def _lines(self) -> Iterator[str]:
        """Decoded lines. The bytes are split before they are decoded, so that a fault has its line."""
        start = number = open_bytes = 0
        with self._path.open("rb") as stream:
            codec, start = self._opened(stream)
            for raw in raw_lines(stream, codec):
                line = raw.content
                number += 1
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
                try:
                    text = decode(line, codec)
                except UnicodeDecodeError as error:
                    if not raw.whole and error.end == len(line) and number > self._layout.header_row:
                        raise self._cut(number) from error
                    raise self._undecodable(number, start, line, error, codec) from error
                if "\0" in text:
                    at = start + len(text[: text.index("\0")].encode(codec))
                    raise self._diagnosed(
                        self._problem(
                            "nul_byte",
                            f"line {number}: NUL byte at byte {at} of the file",
                            "The file is damaged: save it again",
                        )
                    )
                start += len(line)
                self._whole_lines = raw.whole
                self._open_lines.append(text)
                yield text
        # Which decode nearly every byte: only the whole text shows what it is.
        if self._layout.encoding in SINGLE_BYTE and (
            problem := disguised(self._path, self._layout, self._expected)
        ):
            raise problem

    def _opened(self, stream: BinaryIO) -> tuple[str, int]:
        """The codec of all lines, and the length of the byte order mark, which is passed over.

        It is cut off by hand: a codec would take one from every line.
        """
        encoding = self._layout.encoding
        head = stream.read(len(codecs.BOM_UTF8))
        if encoding == "utf-16":
            if head and head[:2] not in UTF_16_MARKS:
                raise self._unmarked()
            stream.seek(min(len(head), 2))
            return UTF_16_MARKS.get(head[:2], "utf-16-le"), 2
        marked = head == codecs.BOM_UTF8
        if marked and encoding != "utf-8-sig":
            raise self._marked()
        start = len(head) if marked else 0
        stream.seek(start)
        return "utf-8" if encoding == "utf-8-sig" else encoding, start

    def _unmarked(self) -> ReadProblem:
        what = "the file does not begin with the byte order mark of utf-16"
        return self._diagnosed(ReadProblem("broken_bytes", f"{what}, and no other encoding fits it", AGAIN))

    def _marked(self) -> ReadProblem:
        problem = ReadProblem(
            "byte_order_mark",
            "line 1 begins with a UTF-8 byte order mark",
            "Set encoding to utf-8-sig in the samples seed",
        )
        if self._layout.encoding == "utf-8":
            return problem
        problem.fix = "Save the file without the mark, or set encoding to utf-8-sig in the samples seed"
        return self._diagnosed(problem)

    def _diagnosed(self, problem: ReadProblem) -> ReadProblem:
        return diagnose(self._path, self._layout, self._expected, problem)

    def _undecodable(
        self, number: int, start: int, line: bytes, error: UnicodeDecodeError, encoding: str
    ) -> ReadProblem:
        undecoded = line[error.start : max(error.end, error.start + 1)]
        before = "".join(self._open_lines) + line[: error.start].decode(encoding)
        variable = self._variable(before)
        return self._diagnosed(
            self._problem(
                "broken_bytes",
                f"line {number}{f', column {variable}' if variable else ''}: bytes "
                f"{undecoded.hex(' ')} at byte {start + error.start} of the file are not "
                f"{self._layout.encoding} text, and no other encoding fits the whole file",
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
            fields = next(csv.reader([before], delimiter=self._layout.sign), [""])
        except csv.Error:
            return None
        return self.header[len(fields) - 1] if len(fields) <= len(self.header) else None
