"""Which block is which question: all blocks of a file are decided together.

The chance of a sequence of questions is that of a chain: each block adds the weighted evidence for what it
is, each pair of neighbours that for standing side by side. The forward-backward algorithm gives every block
the probability of each of its targets over all sequences (Rabiner 1989, Proceedings of the IEEE 77); the
assignment then lets no question be held by two blocks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.special import expit, logsumexp

from kjpoll.common.seed_file import read_seed

from .asked import Target
from .match_evidence import KINDS, Evidence, Fit

WEIGHTS = Path(__file__).with_name("weights.csv")
# Below this a target is as good as impossible.
FLOOR = 1e-9
# Rounds in which a question that a block holds is made unlikely for others; how sure a block is at most.
ROUNDS, MOST = 4, 1 - 1e-4


@dataclass(frozen=True)
class Weights:
    """`kinds`: weight by kind of evidence. `slope`, `intercept`: from a match's log odds to a score's."""

    kinds: Mapping[str, float]
    slope: float = 1.0
    intercept: float = 0.0

    def score(self, probability: float) -> float:
        """The probability that a match of this probability is right."""
        clipped = min(max(probability, FLOOR), 1 - FLOOR)
        return float(expit(self.intercept + self.slope * np.log(clipped / (1 - clipped))))


@cache
def shipped_weights() -> Weights:
    """The weights that benchmarks/onboarding.py fitted on all samples of the project."""
    found = {row["kind"]: float(row["weight"]) for row in read_seed(WEIGHTS)}
    return Weights({kind: found[kind] for kind in KINDS}, found["slope"], found["intercept"])


@dataclass(frozen=True)
class Match:
    """What a block is taken for (None: nothing known) and the best other target, with probabilities."""

    target: Target | None
    probability: float
    other: Target | None
    other_probability: float


def match(
    fits: Sequence[Mapping[Target | None, Fit]], evidence: Evidence, weights: Weights, plausible: float = 0.0
) -> list[Match]:
    """One match per block. `fits`: of each block the targets that it can be, None among them.

    A block whose target is less probable than `plausible` is left open.
    """
    probabilities = _probabilities(fits, evidence, weights)
    found = []
    for of_block, assigned in zip(probabilities, _assigned(probabilities), strict=True):
        target = assigned if of_block[assigned] >= plausible else None
        others = sorted(
            ((p, str(one), one) for one, p in of_block.items() if one != target and one), reverse=True
        )
        other = others[0] if others and others[0][0] > 0.001 else (0.0, "", None)
        # How sure it is that a block is open is how sure it is that it is nothing else.
        probability = of_block[target] if target else 1 - other[0]
        found.append(Match(target, probability, other[2], other[0]))
    return found


def _probabilities(
    fits: Sequence[Mapping[Target | None, Fit]], evidence: Evidence, weights: Weights
) -> list[dict[Target | None, float]]:
    """Of each block the probability of each target, that no other block holds the same question included."""
    targets = [list(of_block) for of_block in fits]
    own = [np.array([_value(fit, weights) for fit in of_block.values()]) for of_block in fits]
    links = [
        weights.kinds["context"]
        * np.array([[evidence.beside(one, other) for other in after] for one in before])
        for before, after in pairwise(targets)
    ]
    free = [np.zeros(len(values)) for values in own]
    for _ in range(ROUNDS):
        chances = _chain([values + left for values, left in zip(own, free, strict=True)], links)
        found = [
            dict(zip(names, of_block.tolist(), strict=True))
            for names, of_block in zip(targets, chances, strict=True)
        ]
        taken: dict[Target, float] = defaultdict(float)
        for of_block in found:
            for one, p in of_block.items():
                if one and one.role == "answer":
                    taken[one] += np.log1p(-min(p, MOST))
        free = [
            np.array(
                [taken[one] - np.log1p(-min(of_block[one], MOST)) if one in taken else 0.0 for one in names]
            )
            for names, of_block in zip(targets, found, strict=True)
        ]
    return found


def _chain(own: Sequence[np.ndarray], links: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The forward-backward algorithm: the probabilities of the states of each place, from the log odds of the
    states and those of two beside each other."""
    forward = [own[0]]
    for link, values in zip(links, own[1:], strict=True):
        forward.append(values + logsumexp(forward[-1][:, None] + link, axis=0))
    backward = [np.zeros(len(own[-1]))]
    for link, values in zip(reversed(links), reversed(own[1:]), strict=True):
        backward.append(logsumexp(link + (values + backward[-1])[None, :], axis=1))
    total = [one + other for one, other in zip(forward, reversed(backward), strict=True)]
    return [np.exp(values - logsumexp(values)) for values in total]


def _value(fit: Fit, weights: Weights) -> float:
    return sum(weights.kinds[kind] * value for kind, value in fit.kinds.items())


def _assigned(probabilities: Sequence[Mapping[Target | None, float]]) -> list[Target | None]:
    """The likeliest targets in which no question stands twice."""
    questions = sorted(
        {one for of_block in probabilities for one in of_block if one and one.role == "answer"}
    )
    column = {one: i for i, one in enumerate(questions)}
    # Behind the questions each block has a column of its own: for its best target that may stand twice.
    costs = np.full((len(probabilities), len(questions) + len(probabilities)), -np.log(FLOOR / 1e3))
    alone: list[Target | None] = []
    for i, of_block in enumerate(probabilities):
        free = {one: p for one, p in of_block.items() if one is None or one.role != "answer"}
        alone.append(max(free, key=lambda one: (free[one], str(one))))
        costs[i, len(questions) + i] = -np.log(max(free[alone[i]], FLOOR))
        for one, p in of_block.items():
            if one in column:
                costs[i, column[one]] = -np.log(max(p, FLOOR))
    rows, columns = linear_sum_assignment(costs)
    return [questions[c] if c < len(questions) else alone[r] for r, c in zip(rows, columns, strict=True)]
