"""In which encoding a text file is written: every byte has to fit, and the text has to make sense."""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kjpoll.landing.encodings import decode
from kjpoll.landing.limits import RECORD_BYTES
from kjpoll.landing.text_lines import UTF_16_MARKS, raw_lines
from kjpoll.landing.western_text import SINGLE_BYTE, WesternEvidence, western_encoding
from kjpoll.onboarding.detect.finding import DetectionError, Finding, best_of, tie
from kjpoll.onboarding.detect.text_likelihood import classes, is_plausible, log_likelihood

BARE = ("utf-8", "cp949", "cp932")
# Every western text is read in it, and nearly every other text too.
WESTERN = "windows-1252"
# Not read by the project, but written by old Japanese systems: the text would pass as Korean.
FOREIGN = "euc_jp"
JIS_ESCAPE = re.compile(rb"\x1b[$(]")
SAVE = "Save it as CSV UTF-8 and try again"
ASCII = re.compile(r"[\x00-\x7f]+")
# A rival with more than this probability leaves the choice to a person.
DOUBT = 0.01


@dataclass
class _DecodedLines:
    """What one encoding makes of the lines: which characters, and where it fails first."""

    characters: Counter[str] = field(default_factory=Counter)
    n_failed: int = 0
    first_failure: str = ""
    western: WesternEvidence = field(default_factory=WesternEvidence)

    def take(self, line: bytes, encoding: str, number: int) -> None:
        try:
            text = decode(line, encoding)
            self.characters.update(ASCII.sub("", text))
            if encoding == WESTERN:
                self.western.take(text)
        except UnicodeDecodeError as error:
            self.n_failed += 1
            undecoded = line[error.start : max(error.end, error.start + 1)].hex(" ")
            self.first_failure = self.first_failure or f"line {number} has the bytes {undecoded}"


def find_encoding(path: Path) -> Finding:
    """The encoding of a text file, read to its end. Raises DetectionError."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head[:2] in UTF_16_MARKS:
        return _marked(path, "utf-16", UTF_16_MARKS[head[:2]], len(head[:2]))
    if head.startswith(codecs.BOM_UTF8):
        return _marked(path, "utf-8-sig", "utf-8", len(codecs.BOM_UTF8))
    if b"\0" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        what = "it holds NUL bytes, as no text does"
        if abs(even - odd) > len(head) / 8:
            what = "it looks like UTF-16 without a byte order mark"
        raise DetectionError(path, what, SAVE)
    return _unmarked(path)


def check_encoding(path: Path, encoding: str) -> None:
    """Raises DetectionError where the file is not all in the encoding that a person chose."""
    with path.open("rb") as stream:
        head = stream.read(2)
    codec = encoding.removesuffix("-sig")
    if codec == "utf-16":
        if head not in UTF_16_MARKS:
            raise DetectionError(
                path, "it does not begin with the byte order mark of utf-16", "Answer encoding otherwise"
            )
        codec = UTF_16_MARKS[head]
    (reading,), _ = _read(path, (codec,), 2 if encoding == "utf-16" else 0)
    if reading.n_failed:
        raise DetectionError(
            path, f"{reading.first_failure}, which are not {encoding}", "Answer encoding otherwise"
        )


def _marked(path: Path, encoding: str, codec: str, start: int) -> Finding:
    (reading,), _ = _read(path, (codec,), start)
    if reading.n_failed:
        fault = f"{reading.first_failure}, which are not {encoding}"
        what = f"it begins with the byte order mark of {encoding}, but {fault}"
        raise DetectionError(path, what, "The file is damaged: ask for it again")
    return Finding(
        "encoding", encoding, 1.0, "the byte order mark at its beginning says so, and every byte fits"
    )


def _unmarked(path: Path) -> Finding:
    (*readings, western, foreign), n_lines = _read(path, (*BARE, WESTERN, FOREIGN), 0)
    if n_lines == 0:
        why = "all of it is ASCII, which is the same in utf-8, cp949 and cp932"
        return Finding("encoding", "utf-8", 1.0, why)
    known = dict(zip(BARE, readings, strict=True))
    if western.western.is_western:
        known[western_encoding(western.western.characters)] = western
    fitting = {name: reading for name, reading in known.items() if not reading.n_failed}
    if not western.western.is_lettered and not fitting.keys().isdisjoint(BARE):
        fitting = {name: reading for name, reading in fitting.items() if name in BARE}
    if not fitting:
        raise _fits_nowhere(path, known, foreign, n_lines)
    if fitting.keys() <= set(SINGLE_BYTE):
        ((name, reading),) = fitting.items()
        return _alone_western(name, reading)
    texts = {name: classes(reading.characters) for name, reading in fitting.items()}
    best = max(log_likelihood(counts)[0] for counts in texts.values())
    if not foreign.n_failed and log_likelihood(classes(foreign.characters))[0] > best + math.log(1 / DOUBT):
        raise DetectionError(path, "its text is in EUC-JP, which the project does not read", SAVE)
    return weighed(texts, "every byte fits")


def weighed(texts: Mapping[str, Mapping[str, int]], fits: str) -> Finding:
    """The likeliest of encodings that all fit, by what each reads: its characters of each class.

    A tie where another one is more than DOUBT probable, and wherever a western encoding is among several: how
    likely its letters are beside whole syllables is not known. `fits` says in which way they fit.
    """
    likelihoods = {name: log_likelihood(counts) for name, counts in texts.items()}
    best = max(value for value, _ in likelihoods.values())
    total = sum(math.exp(value - best) for value, _ in likelihoods.values())
    candidates = []
    for name, (value, writing) in likelihoods.items():
        certain = math.exp(value - best) / total
        so = f"{writing} text"
        if not is_plausible(texts[name]):
            certain, so = certain / 2, "neither Korean nor Japanese"
        why = f"{fits}, and {sum(texts[name].values())} characters beyond ASCII read as {so}"
        candidates.append((name, round(certain, 3), why))
    may_be_western = not texts.keys().isdisjoint(SINGLE_BYTE)
    rivals = [(name, certain, why) for name, certain, why in candidates if may_be_western or certain > DOUBT]
    if len(rivals) > 1:
        rest = [candidate for candidate in candidates if candidate not in rivals]
        rivals.sort(key=lambda rival: -rival[1])
        return tie("encoding", [(value, why) for value, _, why in rivals], rest)
    return best_of("encoding", candidates)


def _alone_western(name: str, reading: _DecodedLines) -> Finding:
    total = sum(reading.characters.values())
    why = f"no other encoding fits, and {total} letters and signs beyond ASCII stand as in western text"
    # Each of them might be so by chance.
    return Finding("encoding", name, round(1 - 0.5**total, 3), why)


def _read(path: Path, encodings: tuple[str, ...], start: int) -> tuple[list[_DecodedLines], int]:
    """A reading of each encoding, and the number of lines that are not ASCII. Raises DetectionError."""
    readings = [_DecodedLines() for _ in encodings]
    n_lines = 0
    with path.open("rb") as stream:
        stream.seek(start)
        for number, line in enumerate(raw_lines(stream, encodings[0]), start=1):
            content = line.content
            if len(content) > RECORD_BYTES:
                what = f"line {number} has more than {RECORD_BYTES} bytes, as no questionnaire does"
                raise DetectionError(path, what, "Ask for the file again, with line breaks")
            if not encodings[0].startswith("utf-16") and JIS_ESCAPE.search(content):
                raise DetectionError(
                    path, "its text is in JIS with escape codes, which the project does not read", SAVE
                )
            if content.isascii() and not encodings[0].startswith("utf-16"):
                continue
            n_lines += 1
            for reading, encoding in zip(readings, encodings, strict=True):
                reading.take(content, encoding, number)
    return readings, n_lines


def _fits_nowhere(
    path: Path, readings: dict[str, _DecodedLines], foreign: _DecodedLines, n_lines: int
) -> DetectionError:
    if not foreign.n_failed and is_plausible(classes(foreign.characters)):
        return DetectionError(path, "its text is in EUC-JP, which the project does not read", SAVE)
    nearest = min(
        readings,
        key=lambda name: (
            not is_plausible(classes(readings[name].characters)),
            readings[name].n_failed,
            name not in SINGLE_BYTE,
        ),
    )
    reading = readings[nearest]
    if reading.n_failed * 2 > n_lines:
        known = ", ".join((*BARE, *SINGLE_BYTE))
        return DetectionError(path, f"its text is in none of {known} and utf-16", SAVE)
    what = (
        f"its text is {nearest} but for {reading.n_failed} of {n_lines} lines beyond ASCII: "
        f"{reading.first_failure}, which are not {nearest}"
    )
    return DetectionError(path, what, "The file is damaged: ask for it again")
