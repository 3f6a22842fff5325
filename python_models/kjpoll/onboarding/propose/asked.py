"""What a file of the history holds: blocks of columns with their meaning, and the shares of the answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kjpoll.onboarding.profile import FileProfile

from .blocks import NUMBERED, Block, blocks_of
from .folded_text import code_key, folded_name

Row = Mapping[str, str]


@dataclass(frozen=True, order=True)
class Target:
    """What a column can be: a question, or a role that is no answer with its note."""

    role: str
    question_id: str = ""
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """A block of a file of the history and what it means.

    `shares`: category -> share of those who gave any; `missing`: missing type -> share of all records.
    `options`: the categories of the indicator columns in their order.
    """

    sample_id: str
    wave: int
    country: str
    target: Target
    block: Block
    rows: tuple[Row, ...]
    shares: dict[str, float]
    missing: dict[str, float]
    n: int
    options: tuple[str, ...] = ()
    numbers: frozenset[tuple[str, int]] = field(default=frozenset())

    @property
    def code_list(self) -> str:
        return self.rows[0]["code_list"]


def asked_in(
    sample: Row,
    profile: FileProfile,
    rows: Sequence[Row],
    categories: Mapping[str, Mapping[str, Row]],
    code_lists: Mapping[str, Mapping[str, str]],
) -> list[Asked]:
    """The blocks of a file in their order with their meaning; columns whose row no person accepted are passed over.

    categories: question_id -> category_id -> row of what a code of the question may mean. code_lists: code_list ->
    code -> category_id.
    """
    by_name = {
        row["variable"]: row
        for row in rows
        if row["review"] == "reviewed" and (row["role"] != "answer" or row["question_id"] in categories)
    }
    askings = []
    for block in blocks_of(profile, sample["id_variable"], sample["weight_variable"]):
        block_rows = [by_name[variable.name] for variable in block.variables if variable.name in by_name]
        kinds = {(row["role"], row["question_id"], row["layout"]) for row in block_rows}
        if len(block_rows) < len(block.variables) or len(kinds) > 1:
            continue
        askings.append(_asked(sample, block, tuple(block_rows), categories, code_lists))
    return askings


def _asked(
    sample: Row,
    block: Block,
    rows: tuple[Row, ...],
    categories: Mapping[str, Mapping[str, Row]],
    code_lists: Mapping[str, Mapping[str, str]],
) -> Asked:
    row = rows[0]
    is_answer = row["role"] == "answer"
    target = Target(row["role"], row["question_id"], "" if is_answer else row["note"])
    shares: dict[str, float] = {}
    missing: dict[str, float] = defaultdict(float)
    n = 0
    if is_answer:
        meanings = categories[row["question_id"]]
        codes = code_lists.get(row["code_list"], {})
        types = {code: meanings.get(category, {}).get("missing_type", "") for code, category in codes.items()}
        if block.layout == "indicator":
            meaning = {str(i): row["category_id"] for i, row in enumerate(rows, start=1)}
        else:
            meaning = {
                code_key(code): category
                for code, category in codes.items()
                if not types[code] and category != "no_further_choice"
            }
        counts, n = block.option_counts(meaning)
        shares = {category: counts[category] / n for category in sorted(set(meaning.values()))} if n else {}
        for code, count in block.first.counts.items():
            if types.get(code):
                missing[types[code]] += count / block.n_rows
    numbers = {folded_name(row["question_number"])} | {block.stem}
    return Asked(
        sample["sample_id"],
        int(sample["wave"]),
        sample["country"],
        target,
        block,
        rows,
        shares,
        dict(missing),
        n,
        tuple(row["category_id"] for row in rows) if row["layout"] == "indicator" else (),
        frozenset(
            (numbered["kind"], int(numbered["number"]))
            for numbered in map(NUMBERED.fullmatch, numbers)
            if numbered
        ),
    )
