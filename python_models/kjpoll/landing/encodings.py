"""In which encoding a text file is written, where it is not the one that the seed gives."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from kjpoll.landing.limits import RECORD_BYTES
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.text_lines import UTF_16_MARKS, TextLayout, raw_lines

KNOWN = ("utf-8", "cp949", "cp932")
# Bytes that cp932 does not define; Python reads them as characters that nobody writes.
UNDEFINED = re.compile("[\x80\uf8f0-\uf8f3]")
# What hangul turns into when it is read as cp932: half-width kana and private characters.
STRANGE = re.compile("[\uff61-\uff9f\ue000-\uf8ff]")


def decode(line: bytes, encoding: str) -> str:
    """The text of a line, every byte of it meant. Raises UnicodeDecodeError."""
    text = line.decode(encoding)
    if encoding == "cp932" and (undefined := UNDEFINED.search(text)):
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
    if whole in (None, declared.encoding):
        return otherwise
    what = f"the file is {whole} text, not {declared.encoding}"
    fix = f"Set encoding to {whole} in the samples seed"
    if whole in UTF_16_MARKS.values():
        what += " (it has no byte order mark)"
        fix = "Save the file as utf-8-sig, and set encoding to utf-8-sig in the samples seed"
    return ReadProblem("wrong_encoding", what, fix)


def header_names(line: bytes, encoding: str, sign: str) -> list[str]:
    """The cells of a header line, none where `encoding` does not decode it. `sign` parts them."""
    try:
        text = decode(line.removeprefix(codecs.BOM_UTF8) if encoding[:5] == "utf-8" else line, encoding)
        return next(csv.reader([text], delimiter=sign), [])
    except (UnicodeDecodeError, csv.Error):
        return []


def _other(path: Path, declared: TextLayout, expected: Collection[str]) -> str | None:
    """The one encoding that decodes every line and suits the header, else None."""
    decoded: Counter[str] = Counter()
    strange: Counter[str] = Counter()
    n_lines = 0
    first = header = b""
    for number, line in enumerate(_lines(path), start=1):
        if number == 1:
            first = line
        if number == declared.header_row:
            header = line
        line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if line.isascii():
            continue
        n_lines += 1
        for encoding in KNOWN:
            try:
                text = decode(line, encoding)
            except UnicodeDecodeError:
                continue
            decoded[encoding] += 1
            strange[encoding] += len(STRANGE.findall(text))
    declared_codec = declared.encoding.removesuffix("-sig")
    # A file that begins with the mark of UTF-8 is UTF-8 or damaged, nothing else.
    marked = first.startswith(codecs.BOM_UTF8)
    if n_lines == 0 and declared_codec == "utf-16" and b"\0" not in first:
        return "utf-8-sig" if marked else "utf-8"
    # A few bad lines in a file are damage, even where another encoding lets them pass.
    if n_lines == 0 or n_lines >= 10 and decoded[declared_codec] >= 0.9 * n_lines:
        return None
    fitting = [
        encoding
        for encoding in (("utf-8",) if marked else KNOWN)
        if encoding != declared_codec
        and decoded[encoding] == n_lines
        and (header.isascii() or not set(expected).isdisjoint(header_names(header, encoding, declared.sign)))
    ]
    best = min(fitting, key=lambda encoding: strange[encoding], default=None)
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
