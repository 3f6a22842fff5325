"""What a person decides in one step of the review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Decision:
    """What a person accepts, corrects, adds and opens again. `accept_all`: all but columns that are to be ignored, which
    `accept_ignored` accepts.

    `settings` are cells of one row, '' clears: that of `corrected_variable`, `question` or `category` (set, category), of the
    new `new_question` or `new_category` (set, category), else of the sample. `like`: the question whose cells the new one takes
    over; `draft_categories`: the column whose labels make its category set. `codes`: (code list, code, category), where ''
    takes the code out of the list; `code_notes`: (code list, code, note). `new_code_list`: the list that `codes` begin.
    """

    questions: Sequence[str] = ()
    variables: Sequence[str] = ()
    accept_sample: bool = False
    accept_all: bool = False
    accept_ignored: bool = False
    corrected_variable: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    codes: Sequence[tuple[str, str, str]] = ()
    code_notes: Sequence[tuple[str, str, str]] = ()
    new_code_list: str | None = None
    new_question: str | None = None
    like: str | None = None
    draft_categories: str | None = None
    new_category: tuple[str, str] | None = None
    question: str | None = None
    category: tuple[str, str] | None = None
    reopened_questions: Sequence[str] = ()
    reopened_variables: Sequence[str] = ()
    reopen_sample: bool = False

    @property
    def reopens(self) -> bool:
        """Whether accepted rows are to be proposed again."""
        return bool(self.reopened_questions or self.reopened_variables or self.reopen_sample)

    @property
    def accepts(self) -> bool:
        """Whether proposed rows are to be accepted."""
        return bool(
            self.questions or self.variables or self.accept_sample or self.accept_all or self.accept_ignored
        )

    @property
    def target(self) -> str:
        """The option that names the row of the settings, '' for the row of the sample."""
        named = [
            option
            for option, value in (
                ("--column", self.corrected_variable),
                ("--new-question", self.new_question),
                ("--new-category", self.new_category),
                ("--question", self.question),
                ("--category", self.category),
            )
            if value is not None
        ]
        return " and ".join(named)

    @property
    def needs_sample(self) -> bool:
        """Whether it is about a sample, and not about seeds alone that all samples share."""
        return bool(
            self.accepts
            or self.reopens
            or self.corrected_variable is not None
            or self.draft_categories is not None
            or (self.settings and not self.target)
        )
