"""The columns of a wave as a person reviews them: block by block, in groups, with how sure each proposal is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kjpoll.onboarding.page.pending_decisions import Pending
from kjpoll.onboarding.profile import FileProfile
from kjpoll.onboarding.review.comparison import ComparisonLine
from kjpoll.onboarding.review.faults import OF_AN_ANSWER
from kjpoll.onboarding.review.proposal_notes import Rationale
from kjpoll.onboarding.review.survey import Row
from kjpoll.onboarding.review.terminal import SURE
from kjpoll.onboarding.review.wave_report import WaveReport, report_of

# Name and title of each group, in the order in which they want a person's attention.
GROUPS = {
    "open": "Open: something is missing",
    "unsure": "Not sure: the proposal is a guess",
    "changed": "Changed: wording, number or answers",
    "moved": "Shares out of their band: a change of opinion, or a fault",
    "named": "About somebody, as at the last asking: is that still so?",
    "new": "New in this series",
    "corrected": "Corrected by you",
    "sure": "Sure and unchanged",
    "ignored": "To be ignored: nothing of it is read",
}
LIKELY, EVEN = 0.8, 0.5


@dataclass(frozen=True)
class ReviewBlock:
    """The columns of a question, or one column that answers none.

    `number`: of its first row among those of the sample. `state`: accepted (in the seeds), decided (pending),
    left (open, by the person), undecided. `rationale`: of the least sure column, None where a person
    chose another question, or nothing is known.
    """

    number: int
    group: str
    state: str
    line: ComparisonLine
    rows: tuple[Row, ...]
    label: str
    rationale: Rationale | None
    is_corrected: bool

    @property
    def question_id(self) -> str:
        return self.line.question_id

    @property
    def variables(self) -> tuple[str, ...]:
        return self.line.variables

    @property
    def role(self) -> str:
        return self.rows[0]["role"]

    @property
    def is_guess(self) -> bool:
        """Whether what stands there is less than sure, and nobody has decided it."""
        is_sure = self.is_corrected or (self.rationale is not None and self.rationale.score >= SURE)
        return self.state in ("undecided", "left") and not is_sure

    @property
    def certainty(self) -> str:
        """How sure the proposal is, in words and as a number."""
        if self.is_corrected:
            return "corrected by you"
        if self.rationale is None:
            return "no score is known"
        score = self.rationale.score
        if not self.rationale.question_id and self.role == "answer":
            return "nothing is proposed"
        words = (
            "sure"
            if score >= SURE
            else "likely, not sure"
            if score >= LIKELY
            else "a guess"
            if score >= EVEN
            else "a weak guess"
        )
        return f"{words} ({score:.2f})"


@dataclass(frozen=True)
class WaveView:
    """All blocks in the order of their groups, and the report that they are taken from."""

    pending: Pending
    report: WaveReport
    blocks: tuple[ReviewBlock, ...]
    profile: FileProfile

    @property
    def groups(self) -> dict[str, list[ReviewBlock]]:
        """The groups that have blocks."""
        blocks = {name: [block for block in self.blocks if block.group == name] for name in GROUPS}
        return {name: found for name, found in blocks.items() if found}

    def block(self, number: int) -> ReviewBlock | None:
        """The block that has the row of that number."""
        rows = self.pending.survey.rows_of(self.report.sample_id)
        if not 0 <= number < len(rows):
            return None
        return next(block for block in self.blocks if rows[number]["variable"] in block.variables)

    def after(self, block: ReviewBlock, step: int = 1) -> ReviewBlock | None:
        """The block that many places further, None beyond the ends."""
        place = self.blocks.index(block) + step
        return self.blocks[place] if 0 <= place < len(self.blocks) else None

    def from_next_on(self, block: ReviewBlock) -> list[int]:
        """The numbers of all blocks in their order, from the one after `block` on and round to it."""
        place = self.blocks.index(block) + 1
        return [other.number for other in (*self.blocks[place:], *self.blocks[:place])]

    def first_undecided(self, numbers: Iterable[int]) -> ReviewBlock | None:
        """The first of the blocks of these numbers that nobody has decided or left open."""
        blocks = map(self.block, numbers)
        return next((block for block in blocks if block and block.state == "undecided"), None)

    @property
    def sample_state(self) -> str:
        """The state of the row of the sample, as of a block."""
        return _state(self.pending.before.sample(self.report.sample_id), self.report.sample, frozenset())


def view_of(
    pending: Pending,
    sample_id: str,
    profiles: Mapping[str, FileProfile],
    notes: Mapping[str, Rationale],
    of_labels: Mapping[str, Sequence[str]],
) -> WaveView:
    """The wave with what is pending. `profiles`: of the sample and those before it; `notes`: variable -> rationale;
    `of_labels`: variable -> what the labels of the file say against its row."""
    before = {row["variable"]: row for row in pending.before.rows_of(sample_id)}
    rows = pending.survey.rows_of(sample_id)
    corrected = {
        row["variable"]
        for row in rows
        if any(row[name] != before[row["variable"]][name] for name in ("role", *OF_AN_ANSWER))
    }
    # A rationale for another question says nothing about the one that a person chose.
    rationales = {
        row["variable"]: notes[row["variable"]]
        for row in rows
        if row["variable"] in notes and notes[row["variable"]].question_id == row["question_id"]
    }
    report = report_of(
        pending.survey,
        sample_id,
        profiles,
        rationales=rationales,
        findings=(),
        delivered_as="",
        of_labels=of_labels,
    )
    numbers = {row["variable"]: number for number, row in enumerate(rows)}
    labels = {variable.name: variable.label or "" for variable in profiles[sample_id].variables}
    named = {question_id for question_id, _ in report.still_named}
    moved = {topline.question_id for topline in report.outside}
    blocks = []
    for line in report.lines:
        own = tuple(rows[numbers[name]] for name in line.variables)
        known = [rationales.get(name) for name in line.variables]
        least = min((one for one in known if one), key=lambda one: one.score, default=None)
        states = [_state(before[row["variable"]], row, pending.left_open) for row in own]
        state = max(states, key=("accepted", "decided", "left", "undecided").index)
        block = ReviewBlock(
            numbers[line.variables[0]],
            "",
            state,
            line,
            own,
            labels.get(line.variables[0], ""),
            least,
            not corrected.isdisjoint(line.variables),
        )
        blocks.append(replace(block, group=_group(block, None not in known, named, moved)))
    order = list(GROUPS)
    blocks.sort(key=lambda block: (order.index(block.group), block.number))
    return WaveView(pending, report, tuple(blocks), profiles[sample_id])


def _group(block: ReviewBlock, are_known: bool, named: Collection[str], moved: Collection[str]) -> str:
    """`are_known`: whether all its columns have a score; `named`: the questions about somebody who may have changed;
    `moved`: those with shares out of their band."""
    if block.line.status == "open":
        return "open"
    if block.role == "ignored":
        return "ignored"
    if block.is_corrected:
        return "corrected"
    if not are_known or block.rationale is None or block.rationale.score < SURE:
        return "unsure"
    if block.line.status in ("changed", "back"):
        return "changed"
    if block.question_id in moved:
        return "moved"
    if block.question_id in named:
        return "named"
    return "new" if block.line.status == "new" else "sure"


def _state(before: Row, row: Row, left_open: frozenset[str]) -> str:
    if row["review"] != "proposed":
        return "accepted" if before["review"] != "proposed" else "decided"
    return "left" if row.get("variable") in left_open else "undecided"
