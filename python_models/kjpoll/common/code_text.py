"""Codes as they are compared: what no reader sees in a code, and in which other form it may stand in a list.

Numbers that are written with a comma or with signs between thousands are recognised too: a numeric question may not hold them.
Labels are compared more freely (label_text): a code keeps its case and its punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import takewhile

import pandas as pd

# Control and format characters, and every kind of space.
INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}
# Between two words a reader expects these.
BETWEEN_WORDS = " \u3000"
WHOLE_NUMBER = re.compile(r"([-+]?)([0-9]+)(?:[.]0*)?")
NUMBER = re.compile(r"[-+]?[0-9]+(?:[.][0-9]*)?")
# Three digits and three more, with one sign between them throughout, and another before the decimals.
GROUPED = re.compile(r"([-+]?)([0-9]{1,3}([ ,.'’])[0-9]{3}(?:\3[0-9]{3})*)(?:(?!\3)[.,]([0-9]+))?")
DECIMAL_COMMA = re.compile(r"([-+]?)([0-9]*),([0-9]+)")
BARE_POINT = re.compile(r"([-+]?)[.]([0-9]+)")
# As the models take a number of a numeric question: the macro is_plain_number says the same.
PLAIN_NUMBER = re.compile(r"[-+]?[0-9]{1,12}(?:[.][0-9]+)?")
MOST_NAMED = 3


def plain_code(code: str) -> str:
    """The code as it was meant: '1' for '1' and a no-break space, full-width '１', '01' and '1.0'."""
    seen = "".join(letter if not _is_invisible(letter) else _space(letter) for letter in code)
    text = unicodedata.normalize("NFKC", seen).strip()
    number = WHOLE_NUMBER.fullmatch(text)
    return f"{'-' if number[1] == '-' else ''}{number[2].lstrip('0') or '0'}" if number else text


def flaw(code: str) -> str | None:
    """What makes a code another than a reader takes it for, as it follows 'the code is'; None where nothing does."""
    before = "".join(takewhile(_is_invisible, code))
    after = "".join(takewhile(_is_invisible, code[len(before) :][::-1]))[::-1]
    inside = code[len(before) : len(code) - len(after)]
    if not inside:
        return f"made of {_named(before)} alone"
    hidden = "".join(letter for letter in inside if _is_invisible(letter) and letter not in BETWEEN_WORDS)
    parts = [
        f"{where} {_named(letters)}"
        for where, letters in (("preceded by", before), ("interrupted by", hidden), ("followed by", after))
        if letters
    ]
    if not inside.isascii() and not hidden and _is_number_in_other_digits(inside):
        parts.append("written in other digits than 0 to 9")
    return " and ".join(parts) or None


def code_forms(codes: Iterable[str]) -> pd.DataFrame:
    """One row per code with a flaw or another plain form: code, plain_code, flaw, plain_number, number_flaw."""
    # Most are identifiers and plain numbers: of those nothing has to be computed.
    doubtful = sorted(code for code in codes if not code.isascii() or not code.isalnum() or code[0] == "0")
    forms = (
        (code, plain_code(code), flaw(code), *(written_number(code) or (None, None))) for code in doubtful
    )
    return pd.DataFrame(
        [form for form in forms if form[2] or form[0] != form[1] or form[4]],
        columns=["code", "plain_code", "flaw", "plain_number", "number_flaw"],
        dtype="string",
    )


def written_number(code: str) -> tuple[str | None, str] | None:
    """Of a number that is not written with a decimal point alone: how it reads (None where nobody can tell), and what is
    wrong with it, as it follows 'the code is'. None of any other text.

    '2,5' reads 2.5; '1,234.5' and '1.234,5' read 1234.5; '1,234' may be either number.
    """
    text = plain_code(code)
    if grouped := GROUPED.fullmatch(text):
        sign, whole, separator, decimals = grouped.groups()
        is_one_group = decimals is None and whole.count(separator) == 1 and whole[0] != "0"
        if is_one_group and separator in ".,":
            return None if separator == "." else (None, "written with a comma, of decimals or of thousands")
        if whole[0] != "0":
            digits = "".join(letter for letter in whole if letter.isdigit())
            return (
                f"{sign}{digits}{f'.{decimals}' if decimals else ''}",
                "written with signs between thousands",
            )
    if comma := DECIMAL_COMMA.fullmatch(text):
        return f"{comma[1]}{comma[2] or '0'}.{comma[3]}", "written with a decimal comma"
    if bare := BARE_POINT.fullmatch(text):
        return f"{bare[1]}0.{bare[2]}", "written without a digit before the decimal point"
    return None


def _is_invisible(letter: str) -> bool:
    return unicodedata.category(letter) in INVISIBLE


def _space(letter: str) -> str:
    """What a reader takes an invisible character for: nothing, or the space between words."""
    return " " if letter.isspace() else ""


def _is_number_in_other_digits(text: str) -> bool:
    return NUMBER.fullmatch(unicodedata.normalize("NFKC", text)) is not None and all(
        letter.isascii() or unicodedata.category(letter) != "No" for letter in text
    )


def _named(letters: str) -> str:
    names = [
        f"U+{ord(letter):04X}" + (f" ({name.lower()})" if (name := unicodedata.name(letter, "")) else "")
        for letter in dict.fromkeys(letters)
    ]
    return ", ".join(names[:MOST_NAMED]) + (" and others" if len(names) > MOST_NAMED else "")
