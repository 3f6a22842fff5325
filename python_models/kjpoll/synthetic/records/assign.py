"""Hand out exact numbers of answers by rank of a latent score.

All functions work on index arrays and whole-number scores; none uses a random source but the keys that it
is given, so equal inputs give equal answers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kjpoll.synthetic.catalog import SyntheticError
from kjpoll.synthetic.records.draws import descending


def cut(order: np.ndarray, counts: Sequence[tuple[str, int]]) -> dict[int, str]:
    """Give the first ``n`` of ``order`` the first category, the next the second, and so on.

    ``order`` holds respondent indices, most favourable first; the counts must sum to its length.
    """
    labels = [category for category, n in counts for _ in range(n)]
    if len(labels) != len(order):
        raise SyntheticError(f"{len(labels)} answers for {len(order)} respondents")
    return dict(zip(order.tolist(), labels, strict=True))


def cut_with_quotas(
    order: np.ndarray,
    counts: Sequence[tuple[str, int]],
    group: set[str],
    quotas: Sequence[tuple[np.ndarray, int]],
) -> dict[int, str]:
    """As ``cut``, but with a fixed number of members of a category group inside some bands.

    ``quotas`` pairs a mask over all respondents with the number of people inside it who answer within
    ``group``, from the end of the order at which the group's categories are handed out; the bands must not
    overlap. Everything else follows the order, so margins stay exact.
    Raises SyntheticError when the bands need more or fewer people than the margins leave.
    """
    remaining = sum(n for category, n in counts if category in group)
    nearest = order if counts[0][0] in group else order[::-1]
    inside: set[int] = set()
    banded: set[int] = set()
    for mask, wanted in quotas:
        members = [i for i in nearest.tolist() if mask[i]]
        if wanted > len(members):
            raise SyntheticError(f"a published break needs {wanted} people of a band of {len(members)}")
        inside.update(members[:wanted])
        banded.update(members)
        remaining -= wanted
    free = [i for i in nearest.tolist() if i not in banded]
    if not 0 <= remaining <= len(free):
        raise SyntheticError(f"published breaks leave {remaining} answers for the {len(free)} other people")
    inside.update(free[:remaining])
    within = np.array([i for i in order.tolist() if i in inside], dtype=np.int64)
    without = np.array([i for i in order.tolist() if i not in inside], dtype=np.int64)
    return cut(within, [c for c in counts if c[0] in group]) | cut(
        without, [c for c in counts if c[0] not in group]
    )


def choose(scores: np.ndarray, counts: Sequence[int], cap: int, *key: str) -> np.ndarray:
    """A people x categories boolean matrix with exact column sums and row sums from 1 to ``cap``.

    ``scores`` is an int64 matrix of the same shape: the higher, the likelier the choice. Each category
    first takes its best-scoring people; a choice then moves from a person with too many to one with too few,
    always the move that costs the least score, until every row is within bounds.
    Raises SyntheticError when no such matrix exists.
    """
    people, options = scores.shape
    total = sum(counts)
    if not people <= total <= people * min(cap, options) or (counts and max(counts) > people):
        raise SyntheticError(
            f"{total} choices cannot be spread over {people} people with at least 1 and at most "
            f"{min(cap, options)} each and no category above {people}"
        )
    chosen = np.zeros(scores.shape, dtype=bool)
    for option, n in enumerate(counts):
        chosen[descending(scores[:, option], *key, str(option))[:n], option] = True
    sums = chosen.sum(axis=1)
    while (empty := np.flatnonzero(sums == 0)).size:
        _move(scores, chosen, sums, givers=sums >= 2, taker=int(empty[0]))
    while (full := np.flatnonzero(sums > cap)).size:
        _shed(scores, chosen, sums, giver=int(full[0]), takers=sums < cap)
    return chosen


_FAR = np.int64(1) << 60


def _move(scores, chosen, sums, givers, taker) -> None:
    """Move to ``taker`` the choice of a giver that loses the least score."""
    cost = np.where(chosen & givers[:, None] & ~chosen[taker], scores - scores[taker], _FAR)
    giver, option = divmod(int(cost.argmin()), scores.shape[1])
    _swap(chosen, sums, giver, taker, option)


def _shed(scores, chosen, sums, giver, takers) -> None:
    """Move a choice of ``giver`` to the person with room who loses the least score."""
    cost = np.where(~chosen & takers[:, None] & chosen[giver], scores[giver] - scores, _FAR)
    taker, option = divmod(int(cost.argmin()), scores.shape[1])
    _swap(chosen, sums, giver, taker, option)


def _swap(chosen, sums, giver: int, taker: int, option: int) -> None:
    chosen[giver, option] = False
    chosen[taker, option] = True
    sums[giver] -= 1
    sums[taker] += 1
