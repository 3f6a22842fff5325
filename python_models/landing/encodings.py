"""In which encoding a text file is written, where it is not the one that the seed gives."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from python_models.landing.limits import RECORD_BYTES
from python_models.landing.problems import ReadProblem

KNOWN = ("utf-8", "cp949", "cp932")
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Bytes that cp932 does not define; Python reads them as characters that nobody writes.
UNDEFINED = re.compile("[\x80\uf8f0-\uf8f3]")
# What Korean text turns into when it is read as cp932: half-width kana and private characters.
STRANGE = re.compile("[\uff61-\uff9f\ue000-\uf8ff]")


def decode(line: bytes, encoding: str) -> str:
    """The text of a line, every byte of it meant. Raises UnicodeDecodeError."""
    text = line.decode(encoding)
    if encoding == "cp932" and (found := UNDEFINED.search(text)):
        start = len(text[: found.start()].encode(encoding))
        raise UnicodeDecodeError(encoding, line, start, start + 1, "undefined byte")
    return text


def diagnose(
    path: Path, declared: str, expected: Collection[str], otherwise: ReadProblem
) -> ReadProblem:
    """The problem of a file that `declared` does not decode: wrong_encoding, or `otherwise`.

    `expected` are names that the header should have. The file is read line by line.
    """
    whole = _utf_16(path, expected) or _other(path, declared, expected)
    if whole is None:
        return otherwise
    fix = f"Set encoding to {whole} in the samples seed"
    if whole.startswith("utf-16"):
        fix = "Save the file as utf-8-sig, and set encoding to utf-8-sig in the samples seed"
    return ReadProblem("wrong_encoding", f"the file is {whole} text, not {declared}", fix)


def header_names(line: bytes, encoding: str) -> list[str]:
    """The cells of a header line, none where `encoding` does not decode it."""
    try:
        text = decode(line.removeprefix(codecs.BOM_UTF8) if encoding[:5] == "utf-8" else line, encoding)
        return next(csv.reader([text]), [])
    except (UnicodeDecodeError, csv.Error):
        return []


def _other(path: Path, declared: str, expected: Collection[str]) -> str | None:
    """The one encoding that decodes every line and suits the header, else None."""
    decoded: Counter[str] = Counter()
    strange: Counter[str] = Counter()
    n_lines = 0
    header = b""
    for number, line in enumerate(_lines(path)):
        if number == 0:
            header = line
        line = line.removeprefix(codecs.BOM_UTF8) if number == 0 else line
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
    own = declared.removesuffix("-sig")
    # A few bad lines in a file are damage, even where another encoding lets them pass.
    if n_lines == 0 or n_lines >= 10 and decoded[own] >= 0.9 * n_lines:
        return None
    # A file that begins with the mark of UTF-8 is UTF-8 or damaged, nothing else.
    marked = header.startswith(codecs.BOM_UTF8)
    fitting = [
        encoding
        for encoding in (("utf-8",) if marked else KNOWN)
        if encoding != own
        and decoded[encoding] == n_lines
        and (header.isascii() or not set(expected).isdisjoint(header_names(header, encoding)))
    ]
    found = min(fitting, key=lambda encoding: strange[encoding], default=None)
    return "utf-8-sig" if found and marked else found


def _utf_16(path: Path, expected: Collection[str]) -> str | None:
    with path.open("rb") as stream:
        head = stream.read(RECORD_BYTES)
    encoding = UTF_16.get(head[:2])
    if encoding is None:
        for encoding in ("utf-16-le", "utf-16-be"):
            text = head.decode(encoding, errors="ignore")
            if not set(expected).isdisjoint(next(csv.reader([text.split("\n")[0].rstrip("\r")]), [])):
                break
        else:
            return None
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while part := stream.read(RECORD_BYTES):
                decoder.decode(part)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return encoding


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file; one that is too long comes in parts, so memory stays bounded."""
    with path.open("rb") as stream:
        while line := stream.readline(RECORD_BYTES):
            yield line
