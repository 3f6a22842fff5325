"""The labels in SPSS syntax: VARIABLE LABELS and VALUE LABELS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kjpoll.onboarding.label_entry import LabelEntry
from kjpoll.onboarding.review.review_error import ReviewError

# Each keyword may be cut to its first letters.
COMMAND = re.compile(r"^[ \t]*(?:ADD[ \t]+)?(VAR\w*|VAL\w*)[ \t]+LAB\w*", re.IGNORECASE | re.MULTILINE)
# Of a line with an asterisk: up to a full stop at the end of a line, or a blank line.
COMMENT = re.compile(
    r"/\*.*?\*/|^[ \t]*(?:\*|COMMENT\b).*?(?:\.[ \t]*$|(?=\n[ \t]*\n)|\Z)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?P<slash>/)|(?P<plus>\+)|(?P<end>\.(?=\s|$))|(?P<word>[^\s/'"+]+?(?=\.?(?:\s|$)|[/'"+]))|(?P<comma>,)"""
)
TO = "to"
NUMBER = re.compile(r"-?[0-9]+(?:[.][0-9]+)?")


def is_syntax(text: str) -> bool:
    """Whether a text has a command that labels something."""
    return COMMAND.search(text) is not None


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def syntax_entries(text: str, names: Sequence[str], file: str) -> list[LabelEntry]:
    """The labels of columns and codes. `names`: the columns in their order, which 'Q1 TO Q5' names. Raises ReviewError for a
    quotation mark that is never closed."""
    text = COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)
    entries = []
    commands = list(COMMAND.finditer(text))
    for command in commands:
        line = text.count("\n", 0, command.start()) + 1
        tokens = list(_tokens(text, command.end(), line, file))
        of_columns = command.group(1).lower().startswith("var")
        read = _of_columns(tokens) if of_columns else _of_codes(tokens, names)
        entries += [
            LabelEntry(name, code, label.strip(), f"line {line}")
            for name, code, label in read
            if label.strip()
        ]
    return entries


def _tokens(text: str, start: int, line: int, file: str) -> Iterator[_Token]:
    """The tokens up to the full stop of the command, or to the next one; strings that + joins are one."""
    following = COMMAND.search(text, start)
    end = following.start() if following else len(text)
    place, joins, held = start, False, None
    while place < end:
        if text[place].isspace():
            place += 1
            continue
        match = TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            where = text.count("\n", 0, place) + 1
            raise ReviewError(
                f"{file}, line {where}: the quotation mark of a label is never closed; close it, or leave out the command in line {line}"
            )
        kind, place = match.lastgroup, match.end()
        if kind == "end":
            break
        if kind == "plus":
            joins = True
            continue
        token = _Token(kind, _unquoted(match.group()) if kind == "text" else match.group())
        if joins and held and held.kind == kind == "text":
            held = _Token(kind, held.text + token.text)
        else:
            if held:
                yield held
            held = token
        joins = False
    if held:
        yield held


def _unquoted(text: str) -> str:
    mark = text[0]
    return text[1:-1].replace(mark * 2, mark)


def _of_columns(tokens: Sequence[_Token]) -> Iterator[tuple[str, str | None, str]]:
    name = ""
    for token in tokens:
        if token.kind == "word":
            name = token.text
        elif token.kind == "text" and name:
            yield name, None, token.text
            name = ""


def _of_codes(tokens: Sequence[_Token], names: Sequence[str]) -> Iterator[tuple[str, str | None, str]]:
    """Names of columns, then codes with their labels, up to the next slash. A code may be a string."""
    columns: list[str] = []
    code: str | None = None
    begun = True
    for token in tokens:
        if token.kind == "slash":
            columns, code, begun = [], None, True
        elif begun and token.kind == "word" and not NUMBER.fullmatch(token.text):
            columns.append(token.text)
        elif token.kind in ("word", "text") and code is None:
            code, begun = token.text, False
        elif token.kind == "text" and code is not None:
            for column in _with_ranges(columns, names):
                yield column, code, token.text
            code = None


def _with_ranges(columns: Sequence[str], names: Sequence[str]) -> list[str]:
    folded = [name.casefold() for name in names]
    expanded: list[str] = []
    for place, column in enumerate(columns):
        if column.casefold() == TO and 0 < place < len(columns) - 1:
            ends = [columns[place - 1].casefold(), columns[place + 1].casefold()]
            if all(end in folded for end in ends):
                expanded += names[folded.index(ends[0]) + 1 : folded.index(ends[1])]
        else:
            expanded.append(column)
    return expanded
