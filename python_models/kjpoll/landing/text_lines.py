"""The lines of a text file as bytes, in any encoding of the seed, within bounds."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kjpoll.landing.limits import RECORD_BYTES

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
# The byte order mark says which of the two the seed's `utf-16` is.
UTF_16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True)
class TextLayout:
    """How the text of a csv is written: its encoding, what parts its cells, the line of its header and how many rows that has."""

    encoding: str
    delimiter: str = "comma"
    header_row: int = 1
    header_rows: int = 1

    @property
    def sign(self) -> str:
        return DELIMITERS[self.delimiter]


@dataclass(frozen=True)
class RawLine:
    """A line with its line break, and whether it has one. A line that is too long comes in parts."""

    content: bytes
    whole: bool


def raw_lines(stream: BinaryIO, codec: str) -> Iterator[RawLine]:
    """The lines from where `stream` stands. `codec` is utf-16-le, utf-16-be or one that keeps the
    line feed byte for line feeds only. No line has more than RECORD_BYTES + 2 bytes."""
    if not codec.startswith("utf-16"):
        while content := stream.readline(RECORD_BYTES + 1):
            yield RawLine(content, content.endswith(b"\n"))
        return
    while (line := _utf_16_line(stream, codec)).content:
        yield line


def _utf_16_line(stream: BinaryIO, codec: str) -> RawLine:
    # The byte of the line feed may be half of another character, or straddle two.
    line = bytearray()
    while len(line) <= RECORD_BYTES and (part := stream.readline(RECORD_BYTES + 1 - len(line))):
        line += part
        if not part.endswith(b"\n"):
            continue
        if codec == "utf-16-be":
            whole = len(line) % 2 == 0 and line[-2] == 0
        elif whole := len(line) % 2 == 1:
            other_half = stream.read(1)
            line += other_half
            whole = other_half == b"\0"
        if whole:
            return RawLine(bytes(line), True)
    return RawLine(bytes(line), False)
