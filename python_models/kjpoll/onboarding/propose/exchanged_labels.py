"""Labels that stand at each other's columns: of two questions on one scale no answer tells that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from .asked import Target
from .blocks import Block
from .match_evidence import Evidence

# Log odds, of order and of answers. By these the two stand better in each other's place; by less than those the answers
# speak for the labels (20 to 1, in the unit of a fit's shares, a fifth).
OUT_OF_PLACE, UNDECIDED = 2.0, 0.6


def may_be_exchanged(
    blocks: Sequence[Block], targets: Sequence[Target | None], evidence: Evidence
) -> set[int]:
    """The blocks that stand where each other's question stood, though their answers fit both questions as well: either the
    questions changed places, or their labels did."""
    by_scale: dict[str, list[int]] = {}
    for i, (block, target) in enumerate(zip(blocks, targets, strict=True)):
        if target and target.role == "answer" and block.label and not block.is_multiple:
            scale = evidence.history.questions[target.question_id]["category_set"]
            by_scale.setdefault(scale, []).append(i)
    doubtful = set()
    for i, j in (pair for of_scale in by_scale.values() for pair in combinations(of_scale, 2)):
        exchanged = list(targets)
        exchanged[i], exchanged[j] = targets[j], targets[i]
        gain = _in_place(exchanged, (i, j), evidence) - _in_place(targets, (i, j), evidence)
        if gain > OUT_OF_PLACE and (
            _answers(blocks, targets, (i, j), evidence) - _answers(blocks, exchanged, (i, j), evidence)
            < UNDECIDED
        ):
            doubtful |= {i, j}
    return doubtful


def _in_place(targets: Sequence[Target | None], places: tuple[int, int], evidence: Evidence) -> float:
    beside = {k for place in places for k in (place - 1, place) if 0 <= k < len(targets) - 1}
    return sum(evidence.beside(targets[k], targets[k + 1]) for k in beside)


def _answers(
    blocks: Sequence[Block], targets: Sequence[Target | None], places: tuple[int, int], evidence: Evidence
) -> float:
    return sum(
        evidence.fit(blocks[place], target).kinds.get("shares", 0.0)
        for place in places
        if (target := targets[place])
    )
