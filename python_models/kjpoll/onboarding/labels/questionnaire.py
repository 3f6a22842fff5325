"""The labels in a questionnaire: numbered questions, each followed by its numbered options."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kjpoll.onboarding.label_entry import LabelEntry
from kjpoll.onboarding.labels.file_columns import FileColumns

# 'Q1. ', '문1) ', '問1-2 ': letters and a number. A question that is counted by a number alone ends it with a full stop.
PREFIXED = re.compile(
    r"\s*[\[(【]?((?:[A-Za-z]{1,4}|문항?|問|設問)\s*[0-9]+(?:[-_.][0-9]+)*[A-Za-z]?)\s*[\])】]?\s*[.):：．]?\s+(\S.*)"
)
NUMBERED = re.compile(r"\s*([0-9]+(?:[-_][0-9]+)?)\s*[.．]\s*(\S.*)")
# '1) ', '(1) ', '① ', '1. ', '1 = ' before an option, at the beginning of a line or behind a space.
OPTION = re.compile(
    r"(?:(?<=\s)|^)(?:[(（]?([0-9]{1,3})\s*[)）]|([①-⑳])|([0-9]{1,3})\s*[.．=＝](?![0-9]))\s*"
)


@dataclass
class _Question:
    name: str
    where: str
    words: list[str]
    options: dict[str, str] = field(default_factory=dict)
    is_ended: bool = False


def questionnaire_entries(lines: Sequence[str], columns: FileColumns, where: str = "") -> list[LabelEntry]:
    """The questions that the file has, with their options. Words that follow a question before its first option are its own."""
    counts_alone = not any(
        columns.columns_of(match[1]) for line in lines if (match := PREFIXED.match(_folded(line)))
    )
    entries = []
    for question in _questions(lines, columns, counts_alone, where):
        entries.append(LabelEntry(question.name, None, " ".join(question.words), question.where))
        entries += [
            LabelEntry(question.name, code, label, question.where) for code, label in question.options.items()
        ]
    return entries


def _questions(
    lines: Sequence[str], columns: FileColumns, counts_alone: bool, where: str
) -> Iterator[_Question]:
    question: _Question | None = None
    asked: set[str] = set()
    pattern = NUMBERED if counts_alone else PREFIXED
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        match = pattern.match(_folded(line))
        # A question is put once: what names it later speaks of it.
        if match and match[1] not in asked:
            asked.add(match[1])
            if question:
                yield question
            # A question that the file does not have takes its options with it.
            known = bool(columns.columns_of(match[1]))
            words, options = _parted(match[2])
            question = _Question(match[1], f"{where}line {number}", [words], options) if known else None
        elif question and not question.is_ended:
            words, options = _parted(line)
            if options and not words:
                question.options |= {
                    code: text for code, text in options.items() if code not in question.options
                }
            elif question.options:
                question.is_ended = True
            else:
                question.words.append(words)
                question.options |= options
    if question:
        yield question


def _parted(line: str) -> tuple[str, dict[str, str]]:
    """The words before the first option of a line, and its options by their codes."""
    found = list(OPTION.finditer(line))
    if not found:
        return line.strip(), {}
    ends = [match.start() for match in found[1:]] + [len(line)]
    options = {}
    for match, end in zip(found, ends, strict=True):
        code = unicodedata.normalize("NFKC", match[1] or match[2] or match[3])
        if label := line[match.end() : end].strip():
            options[code] = label
    return line[: found[0].start()].strip(), options


def _folded(line: str) -> str:
    """A line with the digits and letters of its number in half width; circled ones stay."""
    return "".join(
        unicodedata.normalize("NFKC", letter) if "！" <= letter <= "～" else letter for letter in line
    )
