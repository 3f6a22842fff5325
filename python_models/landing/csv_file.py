"""Read a delimited text file strictly: a byte or a line that does not fit stops it."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa

from python_models.landing.problems import ReadProblem
from python_models.landing.wave_table import (
    Variable,
    WaveTable,
    block,
    check_names,
    rows_per_block,
)


def read_csv(path: Path, encoding: str) -> WaveTable:
    """Comma-separated text with a header line, in `encoding`. Raises ReadProblem.

    Cells are kept as they stand, spaces included; an empty cell, quoted or not, is null.
    """
    records = _Records(path, encoding)
    header = next(records, None)
    if header is None:
        raise ReadProblem("empty_file", "the file is empty", "Ask for the file again")
    check_names(header)
    records.header = header
    return WaveTable(tuple(Variable(name) for name in header), (), _blocks(records, len(header)))


def _blocks(records: Iterator[list[str]], n_columns: int) -> Iterator[pa.StringArray]:
    while rows := list(islice(records, rows_per_block(n_columns))):
        yield block(chain.from_iterable(rows))


class _Records:
    """The records of a file one at a time; each fault is told with its line."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.header: list[str] | None = None
        self._path = path
        self._encoding = encoding
        self._reader = csv.reader(self._lines(), strict=True)
        # The lines of the record being read: a quoted cell may hold line breaks.
        self._open_lines: list[str] = []

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        first_line = self._reader.line_num + 1
        self._open_lines.clear()
        try:
            record = next(self._reader)
        except csv.Error as error:
            raise ReadProblem(
                "malformed_record",
                f"line {first_line}: not a well-formed record ({error})",
                "Look for a stray or unclosed quotation mark in this line",
            ) from error
        if not record:
            raise ReadProblem("malformed_record", f"line {first_line} is blank", "Remove the line")
        if self.header is not None and len(record) != len(self.header):
            raise ReadProblem(
                "ragged_row",
                f"line {first_line} has {len(record)} fields, the header has {len(self.header)}",
                "Quote the cell that holds a comma, or supply what is missing",
            )
        return record

    def _lines(self) -> Iterator[str]:
        """Decoded lines. All four encodings keep the line feed byte for line feeds only, so
        the bytes may be split before they are decoded."""
        # The byte order mark is cut off by hand: the codec would take one from every line.
        encoding = "utf-8" if self._encoding == "utf-8-sig" else self._encoding
        offset = 0
        with self._path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                start = offset
                offset += len(line)
                if number == 1 and encoding == "utf-8" and line.startswith(codecs.BOM_UTF8):
                    if self._encoding != "utf-8-sig":
                        raise ReadProblem(
                            "byte_order_mark",
                            "line 1 begins with a UTF-8 byte order mark",
                            "Set encoding to utf-8-sig in the samples seed",
                        )
                    line = line[len(codecs.BOM_UTF8) :]
                    start += len(codecs.BOM_UTF8)
                if b"\0" in line:
                    raise ReadProblem(
                        "nul_byte",
                        f"line {number}: NUL byte at byte {start + line.index(0)} of the file",
                        "The file is damaged or not in a byte encoding (UTF-16?): save it again",
                    )
                try:
                    text = line.decode(encoding, errors="strict")
                except UnicodeDecodeError as error:
                    raise self._undecodable(number, start, line, error, encoding) from error
                self._open_lines.append(text)
                yield text

    def _undecodable(
        self, number: int, start: int, line: bytes, error: UnicodeDecodeError, encoding: str
    ) -> ReadProblem:
        found = line[error.start : max(error.end, error.start + 1)]
        before = "".join(self._open_lines) + line[: error.start].decode(encoding)
        return ReadProblem(
            "broken_bytes",
            f"line {number}{self._column(before)}: bytes {found.hex(' ')} at byte "
            f"{start + error.start} of the file are not {self._encoding} text",
            "Set the right encoding in the samples seed, or ask for the file again",
        )

    def _column(self, before: str) -> str:
        """', column ...' for the cell that follows `before`, the record's text so far."""
        if self.header is None:
            return ""
        try:
            # Not strict: the text breaks off inside a cell, perhaps inside its quotes.
            fields = next(csv.reader([before]), [""])
        except csv.Error:
            return ""
        if len(fields) > len(self.header):
            return ""
        return f", column {self.header[len(fields) - 1]}"
