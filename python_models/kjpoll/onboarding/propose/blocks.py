"""Columns that belong together, and the layout that their codes show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from kjpoll.common.code_text import PLAIN_NUMBER
from kjpoll.common.label_text import folded_label, shared_start
from kjpoll.onboarding.layouts import MULTIPLE, NUMERIC
from kjpoll.onboarding.profile import BLANK, FileProfile, VariableProfile

from .folded_text import WHOLE_NUMBER, code_key, folded_name

# 'q12_1', 'q12_r1', 'q12_1位': what stands before the last number has a number and a break of its own.
PART = re.compile(
    r"(?P<stem>.*[0-9])(?P<mark>[_\-. ][^0-9]*|[^0-9_\-. ]{1,2}(?=[0-9]))(?P<part>[0-9]+)(?P<tail>[^0-9]*)"
)
LETTER_PART = re.compile(r"(?P<stem>.*[0-9])(?P<mark>_?)(?P<part>[a-z])(?P<tail>)")
NUMBERED = re.compile(r"(?P<kind>[^0-9]*)(?P<number>[0-9]+)")
OPTION = re.compile(r"(?P<question>.*\S)\s+[/|:-]\s+(?P<option>\S.*)")
DELIMITERS = (",", ";", "|", "/", " ")
STAMP = re.compile(r"[12][0-9]{3}[-/.][01]?[0-9][-/.][0-3]?[0-9].*")
NUMBER = re.compile(r"[0-9]{1,4}")
WITH_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
# More different codes than any scale has: the column holds numbers.
MOST_OPTIONS = 30
# Fewer different words are marks of a choice, or answers.
LEAST_TEXTS = 5
# Fewer numbers without a label may be codes whose labels were forgotten.
LEAST_NUMBERS = 5
# A code stands apart in so many columns, or it is a rare answer.
LEAST_APART = 3
AGES, YEARS = range(15, 111), range(1900, 1900 + 121)
# Shares of the cells: numbers in a column of numbers, filled ones in a column of texts, split ones in a list.
NUMBERS, TEXTS, SPLIT = 0.9, 0.3, 0.05


@dataclass(frozen=True)
class Block:
    """Columns that hold one question together, or one column.

    `layout`: as in variables.csv; for what is no answer id, weight, text, stamp or serial. `chosen`,
    `unchosen`: the two codes of indicator columns. `apart`: code_keys that stand apart from the scales of the file.
    """

    variables: tuple[VariableProfile, ...]
    layout: str
    delimiter: str = ""
    chosen: str = ""
    unchosen: str = ""
    apart: frozenset[str] = frozenset()

    @property
    def first(self) -> VariableProfile:
        return self.variables[0]

    @cached_property
    def stem(self) -> str:
        """The folded name, without the number of the part where the block has several columns."""
        name = folded_name(self.first.short_name)
        part = name_part(name) if len(self.variables) > 1 else None
        return part[0] if part else name

    @cached_property
    def number(self) -> tuple[str, int] | None:
        """What the columns are called and counted by: ('q', 12), ('f', 3); None without a number."""
        numbered = NUMBERED.fullmatch(self.stem)
        return (numbered["kind"], int(numbered["number"])) if numbered else None

    @cached_property
    def label(self) -> str:
        """The folded label of the question, without the option or the rank of a column; '' without labels."""
        return folded_label(shared_label(self.variables))

    @cached_property
    def part_labels(self) -> list[str]:
        """The folded label of what each column holds; '' without labels."""
        labels = [variable.wording for variable in self.variables]
        start = len(shared_start(labels)) if len(labels) > 1 else 0
        return [folded_label(label[start:]) for label in labels]

    @property
    def is_multiple(self) -> bool:
        return self.layout in MULTIPLE

    @property
    def is_numeric(self) -> bool:
        return self.layout in NUMERIC

    @cached_property
    def codes(self) -> Counter[str]:
        """How often each code occurs, the parts of a delimited cell one by one, over all columns."""
        counts: Counter[str] = Counter()
        for variable in self.variables:
            for value, n in variable.counts.items():
                for part in self._parts(value):
                    counts[part] += n
        return counts

    @cached_property
    def code_labels(self) -> dict[str, str]:
        """The label of each code that the file labels."""
        return {code: label for variable in self.variables for code, label in variable.value_labels.items()}

    @property
    def n_rows(self) -> int:
        return sum(self.first.counts.values())

    def _parts(self, value: str) -> list[str]:
        if self.layout != "delimited" or value == BLANK:
            return [value]
        return [part.strip() for part in value.split(self.delimiter) if part.strip()]

    def option_counts(self, meaning: Mapping[str, str]) -> tuple[Counter[str], int]:
        """Records by category, and records with any category. `meaning`: code_key (of an indicator block the
        number of the column) -> category."""
        counts: Counter[str] = Counter()
        if self.layout == "indicator":
            for number, variable in enumerate(self.variables, start=1):
                if str(number) in meaning:
                    counts[meaning[str(number)]] += variable.counts.get(self.chosen, 0)
            first = self.first.counts
            return counts, first.get(self.chosen, 0) + first.get(self.unchosen, 0)
        n_answered = 0
        for rank, variable in enumerate(self.variables):
            for value, n in variable.counts.items():
                categories = {meaning[key] for key in map(code_key, self._parts(value)) if key in meaning}
                for category in categories:
                    counts[category] += n
                if categories and rank == 0:
                    n_answered += n
        return counts, n_answered


def shared_label(variables: Sequence[VariableProfile]) -> str:
    """What the labels of a question's columns have in common, as it is written: without the option or the rank of a column; ''
    without labels."""
    return shared_start(variable.wording for variable in variables if variable.wording)


def blocks_of(profile: FileProfile, id_variable: str, weight_variable: str) -> list[Block]:
    """The blocks of a file in their order."""
    blocks: list[Block] = []
    for run in _runs(profile.variables):
        if len(run) > 1:
            block = _several(run)
            if block:
                blocks.append(block)
                continue
        blocks += [_single(variable, profile.n_rows, id_variable, weight_variable) for variable in run]
    apart = _apart(blocks)
    return [replace(block, apart=apart) for block in blocks]


def _apart(blocks: Sequence[Block]) -> frozenset[str]:
    """Codes that several columns have, below 0 or above a gap behind their scale: 98 beside 1 to 5, say."""
    found: Counter[str] = Counter()
    for block in blocks:
        numbers = sorted(
            {int(key) for key in map(code_key, block.codes) if WHOLE_NUMBER.fullmatch(key)}
            if block.layout in ("single", "indicator", "ranked")
            else ()
        )
        upper = [number for number in numbers if number >= 0]
        gap = next(
            (i for i, (low, high) in enumerate(pairwise(upper), start=1) if high > low + 1), len(upper)
        )
        found.update(str(number) for number in numbers if number < 0)
        found.update(map(str, upper[gap:] if gap > 1 else []))
    return frozenset(key for key, n in found.items() if n >= LEAST_APART)


def name_part(name: str) -> tuple[str, str, int] | None:
    """Stem, the letters around the number of the part, and that number (a letter counts from a = 1)."""
    if parts := PART.fullmatch(name):
        return parts["stem"], parts["mark"] + parts["tail"], int(parts["part"])
    if parts := LETTER_PART.fullmatch(name):
        return parts["stem"], parts["mark"] + "a", ord(parts["part"]) - ord("a") + 1
    return None


def _runs(variables: Sequence[VariableProfile]) -> list[list[VariableProfile]]:
    """Neighbours whose names count the parts of one stem upwards, or have one number before different words."""
    runs: list[list[VariableProfile]] = []
    before = None
    for variable in variables:
        part = name_part(folded_name(variable.short_name))
        follows = bool(part and before and part[:2] == before[:2] and part[2] > before[2])
        is_option = bool(runs) and _asks_the_same(runs[-1][-1], variable)
        if follows or is_option:
            runs[-1].append(variable)
        else:
            runs.append([variable])
        before = part
    return runs


def _asks_the_same(variable: VariableProfile, following: VariableProfile) -> bool:
    """Whether two columns are called after one question, each with an option of its own: 'Q5. Reasons / Culture'."""
    one, other = OPTION.fullmatch(variable.wording), OPTION.fullmatch(following.wording)
    return variable.short_name == following.short_name or bool(
        one and other and one["question"] == other["question"] and one["option"] != other["option"]
    )


def _several(run: Sequence[VariableProfile]) -> Block | None:
    """Indicator or ranked columns, by their codes; None where they are questions of their own."""
    codes = {code for variable in run for code in variable.counts}
    # What is missing is missing in all columns of one question alike.
    telling = {code for code in codes if len({variable.counts.get(code, 0) for variable in run}) > 1}
    if len(telling) == 2:
        rarer, commoner = sorted(
            telling, key=lambda code: sum(variable.counts.get(code, 0) for variable in run)
        )
        # Of two options the one that fewer give, unless the other one is empty or zero.
        chosen, unchosen = (commoner, rarer) if rarer in (BLANK, "0") else (rarer, commoner)
        return Block(tuple(run), "indicator", chosen=chosen, unchosen=unchosen)
    # Nobody gives a second answer without a first: the code for no further answer grows from rank to rank.
    grows = any(
        all(column.counts.get(code, 0) < following.counts.get(code, 0) for column, following in pairwise(run))
        for code in telling
    )
    return Block(tuple(run), "ranked") if grows and len(telling) > 2 else None


def _single(variable: VariableProfile, n_rows: int, id_variable: str, weight_variable: str) -> Block:
    counts = {code: n for code, n in variable.counts.items() if code != BLANK}
    if variable.name == id_variable:
        return Block((variable,), "id")
    if variable.name == weight_variable:
        return Block((variable,), "weight")
    if counts and all(STAMP.fullmatch(code) for code in counts):
        return Block((variable,), "stamp")
    delimiter = _delimiter(counts)
    if delimiter:
        return Block((variable,), "delimited", delimiter)
    numbers = {code: n for code, n in counts.items() if NUMBER.fullmatch(code)}
    n_numbers, n_filled = sum(numbers.values()), sum(counts.values())
    if n_numbers > NUMBERS * n_filled > 0 and len(numbers) > MOST_OPTIONS:
        for layout, domain in (("number", AGES), ("birth_year", YEARS)):
            if sum(n for code, n in numbers.items() if int(code) in domain) > NUMBERS * n_numbers:
                return Block((variable,), layout)
        return Block((variable,), "serial")
    # Identifiers are whole numbers; with decimals or negative ones a column is of numbers.
    plain = {code: n for code, n in counts.items() if PLAIN_NUMBER.fullmatch(code)}
    if (
        sum(plain.values()) > NUMBERS * n_filled > 0
        and len(plain) > MOST_OPTIONS
        and not all(map(str.isdigit, plain))
    ):
        return Block((variable,), "number")
    if _labels_are_of_missing(variable, plain):
        return Block((variable,), "number")
    # Numbers in another spelling are no text.
    n_commas = sum(n for code, n in counts.items() if WITH_COMMA.fullmatch(code))
    is_text = not variable.value_labels and n_numbers + n_commas == 0 and len(counts) >= LEAST_TEXTS
    if is_text and (n_filled < TEXTS * n_rows or len(counts) > MOST_OPTIONS):
        return Block((variable,), "text")
    return Block((variable,), "single")


def _labels_are_of_missing(variable: VariableProfile, plain: Mapping[str, int]) -> bool:
    """Whether a column has numbers, and labels for codes apart from them alone (98 don't know beside 0 to 16): the ends of a
    scale are labelled too, but stand next to its numbers."""
    numbers = sorted(float(code) for code in plain if code not in variable.value_labels)
    n_numbers = sum(n for code, n in plain.items() if code not in variable.value_labels)
    if not variable.value_labels or len(numbers) < LEAST_NUMBERS or 2 * n_numbers < sum(plain.values()):
        return False
    labelled = [float(code) for code in variable.value_labels if PLAIN_NUMBER.fullmatch(code)]
    return all(code > numbers[-1] + 1 or code < min(numbers[0], 0) for code in labelled)


def _delimiter(counts: Mapping[str, int]) -> str:
    """The sign between the parts of a cell, where splitting there leaves few different parts; else ''."""
    for delimiter in DELIMITERS:
        split = {code for code in counts if delimiter in code.strip()}
        parts = {part.strip() for code in counts for part in code.split(delimiter)}
        n_split = sum(counts[code] for code in split)
        if n_split > SPLIT * sum(counts.values()) and len(parts) < min(len(counts), MOST_OPTIONS):
            return delimiter
    return ""
