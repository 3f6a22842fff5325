"""Waves as agencies deliver them, made of hidden samples: renumbered, questions exchanged, dropped and new, options inserted,
scales turned, other codes for missing answers, age in bands; with labels in words that the project has nowhere, in the
header, or with none.

What the proposer knows are the earlier waves. The other words are in benchmarks/data, written by hand from the seeds by two who
had not seen the proposer: in learnt_*.csv those on which its weights are fitted, in unseen_*.csv those on which it is tried.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kjpoll.onboarding.profile import BLANK, FileProfile
from kjpoll.onboarding.propose import Proposals

from tests.support.hard_wave.changes import (
    dropped_and_new,
    exchanged,
    in_bands,
    inserted,
    is_scale,
    turned,
    with_missing,
)
from tests.support.hard_wave.columns import Column, Row, blocks_of_columns, columns_of
from tests.support.hard_wave.names import labelled, named
from tests.support.hidden_sample import COMPARED, SURE, Hidden, codes_in, hide

# No wrong row may be surer.
VERY_SURE = 0.95
LANGUAGE = {"KOR": "ko", "JPN": "ja"}
# Codes of missing answers: each agency has its own.
MISSING = (
    {"dont_know": "88", "no_answer": "99", "skipped": "77"},
    {"dont_know": "98", "no_answer": "99", "skipped": "96"},
    {"dont_know": "-8", "no_answer": "-9", "skipped": "-1"},
    {"dont_know": "999", "no_answer": "998", "skipped": BLANK},
)


@dataclass(frozen=True)
class HardWave:
    """A made wave: its columns in the order of the file, and what is known without it."""

    name: str
    hidden: Hidden
    columns: tuple[Column, ...]

    @property
    def profile(self) -> FileProfile:
        return FileProfile(self.hidden.profile.n_rows, tuple(column.variable for column in self.columns))


@dataclass(frozen=True)
class Verdict:
    """A proposed row: whether it is right, its score, whether a question or role is proposed, whether history knows it."""

    column: Column
    proposal_row: Row
    is_right: bool
    score: float
    is_open: bool
    is_known: bool
    why: str


# kind -> what there is of labels.
HARD_KINDS = {
    "labelled": "those of the project",
    "paraphrased": "in other words",
    "header": "in other words, in the header; none of codes",
    "unlabelled": "none",
}
IN_OTHER_WORDS = ("paraphrased", "header")


def hard_wave(sample_id: str, kind: str, seed: int = 0, words: str = "unseen") -> HardWave:
    """The sample made hard; kind: of HARD_KINDS."""
    hidden = hide(sample_id, "earlier")
    assert hidden
    chance = random.Random(f"{sample_id} {kind} {seed}")
    language = LANGUAGE[hidden.row["country"]]
    columns = columns_of(hidden, language, words if kind in IN_OTHER_WORDS else "", chance)
    blocks = blocks_of_columns(columns)
    blocks = dropped_and_new(blocks, language, chance)
    blocks = exchanged(blocks, chance)
    for change, n in ((inserted, 2), (turned, 2)):
        scales = [i for i, block in enumerate(blocks) if is_scale(block)]
        for i in chance.sample(scales, n):
            blocks[i] = [change(blocks[i][0], language)]
    codes = chance.choice(MISSING)
    blocks = [[with_missing(column, codes, language, kind) for column in block] for block in blocks]
    blocks = [[in_bands(column, language) for column in block] for block in blocks]
    columns = named(blocks, hidden.row, chance)
    columns = [labelled(column, kind) for column in columns]
    return HardWave(f"{sample_id} {kind} {seed}", hidden, tuple(columns))


def judge_hard(wave: HardWave, found: Proposals) -> list[Verdict]:
    """Each proposed row with whether it is right: its question, layout and option, and what each of its codes means."""
    lists = found.new_code_lists | wave.hidden.history.code_lists
    verdicts = []
    for column, proposal in zip(wave.columns, found.proposals, strict=True):
        row = column.row
        is_known = column.target is not None and bool(wave.hidden.history.targets.get(column.target))
        if row is None or not is_known:
            is_right = proposal.is_open
        else:
            is_right = all(proposal.row[name] == row[name] for name in COMPARED)
            if row["role"] == "answer" and row["layout"] not in ("number", "birth_year"):
                own = lists.get(proposal.row["code_list"], {})
                codes = codes_in(column.variable.counts, proposal.row) & column.meaning.keys()
                is_right &= all(own.get(code, "") == column.meaning[code] for code in codes)
        verdicts.append(
            Verdict(column, proposal.row, is_right, proposal.score, proposal.is_open, is_known, proposal.why)
        )
    return verdicts


def counted(verdicts: Iterable[Verdict]) -> Counter[str]:
    """How many rows there are of each sort, and how many of them are right."""
    count: Counter[str] = Counter()
    for verdict in verdicts:
        count["columns"] += 1
        count["right"] += verdict.is_right
        count["known"] += verdict.is_known
        count["proposed"] += verdict.is_known and not verdict.is_open
        for name, least in (("sure", verdict.score >= SURE), ("very sure", verdict.score > VERY_SURE)):
            count[name] += least
            count[f"{name} right"] += least and verdict.is_right
    return count
