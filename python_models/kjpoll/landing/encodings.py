"""In which encoding a text file is written, where it is not the one that the seed gives."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from kjpoll.landing.limits import RECORD_BYTES
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.text_lines import UTF_16_MARKS, TextLayout, raw_lines
from kjpoll.landing.western_text import SINGLE_BYTE, WesternEvidence, western_encoding

KNOWN = ("utf-8", "cp949", "cp932")
# Bytes that an encoding does not define; Python reads them as characters that nobody writes.
UNDEFINED = {
    "cp932": re.compile("[\x80\uf8f0-\uf8f3]"),
    # The control characters that no text has; where windows-1252 has other signs.
    "latin-1": re.compile("[\x80-\x9f]"),
}
# What hangul turns into when it is read as cp932: half-width kana and private characters.
STRANGE = re.compile("[\uff61-\uff9f\ue000-\uf8ff]")


def decode(line: bytes, encoding: str) -> str:
    """The text of a line, every byte of it meant. Raises UnicodeDecodeError."""
    text = line.decode(encoding)
    if encoding in UNDEFINED and (undefined := UNDEFINED[encoding].search(text)):
        start = len(text[: undefined.start()].encode(encoding))
        raise UnicodeDecodeError(encoding, line, start, start + 1, "undefined byte")
    return text


def diagnose(
    path: Path, declared: TextLayout, expected: Collection[str], otherwise: ReadProblem
) -> ReadProblem:
    """The problem of a file that `declared` does not decode: wrong_encoding, or `otherwise`.

    `expected` are names that the header should have. The file is read line by line.
    """
    whole = _utf_16(path, declared, expected) or _other(path, declared, expected)
    if whole is None or whole == declared.encoding:
        return otherwise
    return _wrong_encoding(whole, declared)


def _wrong_encoding(whole: str, declared: TextLayout) -> ReadProblem:
    what = f"the file is {whole} text, not {declared.encoding}"
    fix = f"Set encoding to {whole} in the samples seed"
    if whole in UTF_16_MARKS.values():
        what += " (it has no byte order mark)"
        fix = "Save the file as utf-8-sig, and set encoding to utf-8-sig in the samples seed"
    return ReadProblem("wrong_encoding", what, fix)


def disguised(path: Path, declared: TextLayout, expected: Collection[str]) -> ReadProblem | None:
    """The problem of a file that a single-byte encoding decodes, as it does nearly all bytes, and that is other text.

    Only what cannot well be western text is accused: who says latin-1 has no other way to say it.
    """
    lines = _EncodingCounts.of(path, declared)
    if lines.n_lines == 0 or lines.western.may_be_western and lines.decoded["utf-8"] < lines.n_lines:
        return None
    fitting = lines.fitting(KNOWN, declared, expected)
    whole = min(fitting, key=lambda encoding: lines.strange[encoding], default=None)
    return None if whole is None else _wrong_encoding(whole, declared)


def header_names(line: bytes, encoding: str, sign: str) -> list[str]:
    """The cells of a header line, none where `encoding` does not decode it. `sign` parts them."""
    try:
        text = decode(line.removeprefix(codecs.BOM_UTF8) if encoding[:5] == "utf-8" else line, encoding)
        return next(csv.reader([text], delimiter=sign), [])
    except (UnicodeDecodeError, csv.Error):
        return []


@dataclass
class _EncodingCounts:
    """What the encodings make of the lines of a file beyond ASCII: how many each decodes, with how many strange characters."""

    n_lines: int = 0
    decoded: Counter[str] = field(default_factory=Counter)
    strange: Counter[str] = field(default_factory=Counter)
    western: WesternEvidence = field(default_factory=WesternEvidence)
    first: bytes = b""
    header: bytes = b""

    @classmethod
    def of(cls, path: Path, declared: TextLayout) -> _EncodingCounts:
        lines = cls()
        for number, line in enumerate(_lines(path), start=1):
            if number == 1:
                lines.first = line
            if number == declared.header_row:
                lines.header = line
            lines._take(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line)
        return lines

    def _take(self, line: bytes) -> None:
        if line.isascii():
            return
        self.n_lines += 1
        for encoding in (*KNOWN, *SINGLE_BYTE):
            try:
                text = decode(line, encoding)
            except UnicodeDecodeError:
                continue
            self.decoded[encoding] += 1
            self.strange[encoding] += len(STRANGE.findall(text))
            if encoding == "windows-1252":
                self.western.take(text)

    def fitting(
        self, encodings: Collection[str], declared: TextLayout, expected: Collection[str]
    ) -> list[str]:
        """Those that decode every line, and the header to names that it should have."""
        return [
            encoding
            for encoding in encodings
            if encoding != declared.encoding.removesuffix("-sig")
            and self.decoded[encoding] == self.n_lines
            and (
                self.header.isascii()
                or not set(expected).isdisjoint(header_names(self.header, encoding, declared.sign))
            )
        ]


def _other(path: Path, declared: TextLayout, expected: Collection[str]) -> str | None:
    """The encoding that decodes every line and suits the header, or two of which a person has to choose; else None."""
    lines = _EncodingCounts.of(path, declared)
    declared_codec = declared.encoding.removesuffix("-sig")
    # A file that begins with the mark of UTF-8 is UTF-8 or damaged, nothing else.
    marked = lines.first.startswith(codecs.BOM_UTF8)
    if lines.n_lines == 0 and declared_codec == "utf-16" and b"\0" not in lines.first:
        return "utf-8-sig" if marked else "utf-8"
    # A few bad lines in a file are damage, even where another encoding lets them pass; but the text of windows-1252 is that of
    # latin-1 except for a few signs.
    is_latin = declared_codec == "latin-1" and lines.decoded["windows-1252"] == lines.n_lines
    damaged = lines.n_lines >= 10 and lines.decoded[declared_codec] >= 0.9 * lines.n_lines and not is_latin
    if lines.n_lines == 0 or damaged:
        return None
    fitting = lines.fitting(("utf-8",) if marked else KNOWN, declared, expected)
    best = min(fitting, key=lambda encoding: lines.strange[encoding], default=None)
    if not marked and lines.western.is_western and best != "utf-8":
        western = western_encoding(lines.western.characters)
        if lines.fitting([western], declared, expected):
            if best and not is_latin:
                return f"{best} or {western}" if lines.western.is_lettered else best
            return western
    return "utf-8-sig" if best and marked else best


def _utf_16(path: Path, declared: TextLayout, expected: Collection[str]) -> str | None:
    """utf-16 for a file with a byte order mark, the kind of utf-16 for one without, else None."""
    with path.open("rb") as stream:
        head = stream.read(RECORD_BYTES)
    marked = UTF_16_MARKS.get(head[:2])
    codec = marked or next(
        (kind for kind in UTF_16_MARKS.values() if _suits(head, kind, declared, expected)), None
    )
    return None if codec is None or not _decodes(path, codec) else "utf-16" if marked else codec


def _suits(head: bytes, codec: str, declared: TextLayout, expected: Collection[str]) -> bool:
    lines = head.decode(codec, errors="ignore").split("\n")
    header = next(islice(lines, declared.header_row - 1, None), "").rstrip("\r")
    return not set(expected).isdisjoint(next(csv.reader([header], delimiter=declared.sign), []))


def _decodes(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        with path.open("rb") as stream:
            while part := stream.read(RECORD_BYTES):
                decoder.decode(part)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file; one that is too long comes in parts, so memory stays bounded."""
    with path.open("rb") as stream:
        yield from (line.content for line in raw_lines(stream, "utf-8"))
