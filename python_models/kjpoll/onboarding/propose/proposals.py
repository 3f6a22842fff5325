"""What is proposed: rows of the crosswalk seeds, each with a score and the reason in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Proposal:
    """One row of crosswalk/variables.csv.

    `row` has every column of the seed; review is 'proposed', question_id '' where the column is left open.
    `score` is the probability, 0 to 1, that role, question, layout and category are right; 0 of an open column, which proposes
    nothing. `alternative`: the next best question, with its probability.
    """

    row: dict[str, str]
    score: float
    why: str
    alternative: str | None
    alternative_score: float
    is_open: bool


@dataclass(frozen=True)
class CodeMatch:
    """The code list of a variable. `relation` to the lists that the question had so far: known (it is one of
    them), reversed, shifted (the same categories under other numbers) or new."""

    variable: str
    code_list: str
    relation: str
    score: float
    why: str


@dataclass(frozen=True)
class Proposals:
    """Everything proposed for one sample, variables in the order of the file.

    `new_code_lists`: for each list that no seed has, code -> category_id, '' where open.
    """

    sample_id: str
    proposals: tuple[Proposal, ...]
    code_matches: tuple[CodeMatch, ...]
    new_code_lists: dict[str, dict[str, str]]
