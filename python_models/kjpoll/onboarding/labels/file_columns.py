"""Which columns of a wave file a codebook means by a name or a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kjpoll.onboarding.label_entry import ColumnLabels, LabelEntry
from kjpoll.onboarding.profile import BLANK, VariableProfile
from kjpoll.onboarding.propose.blocks import NUMBERED, Block, name_part
from kjpoll.onboarding.propose.folded_text import code_key, folded_name
from kjpoll.onboarding.review.review_error import ReviewError

# Between the words of a question and those of an option.
BETWEEN = " / "
# What questions are counted by where a number stands alone, unless the file counts by something else.
QUESTION = "q"
# A column that is ticked or not holds no more codes.
MOST_TICKS = 2


@dataclass(frozen=True)
class FileColumns:
    """The columns of a wave file by their blocks, and the name of the codebook that speaks of them."""

    blocks: Sequence[Block]
    codebook: str

    @cached_property
    def names(self) -> list[str]:
        """The names in the order of the file."""
        return [column.name for column in self._in_order]

    @cached_property
    def _columns(self) -> dict[str, VariableProfile]:
        """Folded name, with and without the words of the question -> column."""
        numbers = Counter(folded_name(column.short_name) for column in self._in_order)
        columns: dict[str, VariableProfile] = {}
        for column in self._in_order:
            columns[folded_name(column.name)] = column
        for column in self._in_order:
            # A number that stands before the words of several columns is that of their question.
            if numbers[name := folded_name(column.short_name)] == 1:
                columns.setdefault(name, column)
        return columns

    @cached_property
    def _in_order(self) -> list[VariableProfile]:
        return [column for block in self.blocks for column in block.variables]

    @cached_property
    def _questions(self) -> dict[str, list[VariableProfile]]:
        """What several names begin with before a last number, or a name -> columns."""
        questions: dict[str, list[VariableProfile]] = {}
        for column in self._in_order:
            questions.setdefault(_stem(column), []).append(column)
        return questions

    @cached_property
    def _kind(self) -> str:
        kinds = Counter(
            numbered["kind"] for stem in self._questions if (numbered := NUMBERED.fullmatch(stem))
        )
        return QUESTION if QUESTION in kinds or not kinds else kinds.most_common(1)[0][0]

    def columns_of(self, name: str) -> list[VariableProfile]:
        """The columns that a name or the number of a question means: one, or all of a question; none of another name."""
        folded = folded_name(name)
        for wanted in (folded, f"{self._kind}{folded}") if folded[:1].isdigit() else (folded,):
            if wanted in self._columns:
                return [self._columns[wanted]]
            if wanted in self._questions:
                return self._questions[wanted]
        return []

    def codes_of(self, name: str) -> set[str]:
        """The code_keys that occur in the columns of a name, the parts of a delimited cell one by one."""
        if name not in self._codes:
            self._codes[name] = self._codes_of(name)
        return self._codes[name]

    @cached_property
    def _codes(self) -> dict[str, set[str]]:
        return {}

    def _codes_of(self, name: str) -> set[str]:
        named = {column.name for column in self.columns_of(name)}
        blocks = [block for block in self.blocks if named & {column.name for column in block.variables}]
        return {code_key(code) for block in blocks for code in block.codes if code != BLANK}

    def labels(self, entries: Iterable[LabelEntry]) -> dict[str, ColumnLabels]:
        """Name of a column -> what the entries that mean it say of it, in the order of the file. What is said of a question goes
        to each of its columns; the options of columns that are ticked or not, to the column of each. Raises ReviewError where
        something has two labels."""
        said: dict[tuple[str, str | None], LabelEntry] = {}
        of_names: dict[str, dict[str | None, str]] = {}
        for entry in entries:
            columns = self.columns_of(entry.variable)
            if not columns:
                continue
            name = columns[0].name if len(columns) == 1 else _stem(columns[0])
            key = (name, entry.code if entry.code is None else code_key(entry.code))
            before = said.setdefault(key, entry)
            if before.label != entry.label:
                what = "" if entry.code is None else f"code {entry.code} of "
                raise ReviewError(
                    f"--labels {self.codebook}: {what}{name} is {before.label!r} in {before.where} and {entry.label!r} in "
                    f"{entry.where}; correct or remove one of them"
                )
            of_names.setdefault(name, {})[entry.code] = entry.label
        labels: dict[str, ColumnLabels] = {}
        for stem, columns in self._questions.items():
            # A column that is called so speaks for itself alone, not for 'Q3_other' beside it.
            is_question = len(columns) > 1 and stem not in self._columns
            of_question = of_names.get(stem, {}) if is_question else {}
            has_options = _has_options(columns, of_question)
            for number, column in enumerate(columns, start=1):
                own = of_names.get(column.name, {})
                option = _option(of_question, number) if has_options else ""
                codes = {} if has_options else of_question
                label = own.get(None) or option
                question = of_question.get(None, "")
                if not label.startswith(question):
                    label = BETWEEN.join((question, label)).removesuffix(BETWEEN)
                of_column = ColumnLabels(label or question, _spelled(column, {**codes, **own}))
                if of_column.label or of_column.codes:
                    labels[column.name] = of_column
        return labels


def _stem(column: VariableProfile) -> str:
    name = folded_name(column.short_name)
    part = name_part(name)
    return part[0] if part else name


def _option(of_question: Mapping[str | None, str], number: int) -> str:
    return next(
        (text for code, text in of_question.items() if code is not None and code_key(code) == str(number)), ""
    )


def _spelled(column: VariableProfile, codes: Mapping[str | None, str]) -> dict[str, str]:
    """The codes as the wave file spells them."""
    spelled = {code_key(code): code for code in column.counts}
    return {spelled.get(code_key(code), code): text for code, text in codes.items() if code is not None}


def _has_options(columns: Sequence[VariableProfile], of_question: Mapping[str | None, str]) -> bool:
    """Whether the codes of a question with several columns are those of its columns, each of which is ticked or not."""
    options = {code_key(code) for code in of_question if code is not None}
    occur = {code_key(code) for column in columns for code in column.counts if code != BLANK}
    if not options or len(occur) > MOST_TICKS:
        return False
    # The same two codes may be the answers to each of several items.
    return len(occur) < MOST_TICKS or not occur <= options or MOST_TICKS < len(options) == len(columns)
