"""Which block is which question: all blocks of a file are decided together.

The chance of a sequence of questions is that of a chain: each block adds the weighted evidence for what it
is, each pair of neighbours that for standing side by side. The forward-backward algorithm gives every block
the probability of each of its targets over all sequences (Rabiner 1989, Proceedings of the IEEE 77); the
assignment then lets no question be held by two blocks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.special import expit, logsumexp

from kjpoll.common.seed_file import read_seed

from .asked import Target
from .blocks import Block
from .exchanged_labels import may_be_exchanged
from .match_evidence import KINDS, Evidence, Fit
from .schemes import Scheme

WEIGHTS = Path(__file__).with_name("weights.csv")
# Below this a target is as good as impossible.
FLOOR = 1e-9
# An alternative that is less probable is not worth a person's time.
LEAST_ALTERNATIVE = 0.001
# Answers that fit a question so much worse than just any question (a fifth of the log likelihood ratio, see share_fit)
# contradict it, whatever the label says; how sure the match is at most then.
CONTRADICTED, DOUBTFUL = -1.0, 0.7
# So does a label that is hardly about what the question is about.
UNLIKE = 0.1
EXCHANGED = "it stands where another question of this scale stood, and that one here: they, or their labels, may have been exchanged"
# What the samples seed names.
NAMED_BY_SAMPLE = ("id", "weight")
# A match is as sure as this at most where no label names the question.
UNNAMED = 0.9
# Rounds in which a question that a block holds is made unlikely for others; how sure a block is at most.
ROUNDS, MOST = 4, 1 - 1e-4


@dataclass(frozen=True)
class Weights:
    """`kinds`: weight by kind of evidence. `line`, `unnamed_line`: slope and intercept from a match's log odds to a score's,
    where a label names the question and where none does."""

    kinds: Mapping[str, float]
    line: tuple[float, float] = (1.0, 0.0)
    unnamed_line: tuple[float, float] = (1.0, 0.0)

    def score(self, probability: float, is_named: bool) -> float:
        """The probability that a match of this probability is right."""
        clipped = min(max(probability, FLOOR), 1 - FLOOR)
        slope, intercept = self.line if is_named else self.unnamed_line
        score = float(expit(intercept + slope * np.log(clipped / (1 - clipped))))
        return score if is_named else min(score, UNNAMED)


@cache
def shipped_weights() -> Weights:
    """The weights that benchmarks/onboarding.py fitted on all samples of the project."""
    numbers = {row["kind"]: float(row["weight"]) for row in read_seed(WEIGHTS)}
    return Weights(
        {kind: numbers[kind] for kind in KINDS},
        (numbers["slope"], numbers["intercept"]),
        (numbers["unnamed_slope"], numbers["unnamed_intercept"]),
    )


@dataclass(frozen=True)
class Match:
    """What a block is taken for and how it fits (None: nothing known), and the best other target.

    `score`: how often matches of this probability are right, 0 of an open block, which claims nothing. `probability`: from
    order and numbers only beside what a label names; `is_named`: whether one names the target. `context`: the evidence of the neighbours.
    `doubts`: what keeps a match from being sure, in words.
    """

    block: Block
    target: Target | None
    fit: Fit | None
    probability: float
    is_named: bool
    score: float
    alternative: Target | None
    alternative_probability: float
    context: float
    doubts: tuple[str, ...] = ()

    @property
    def scheme(self) -> Scheme | None:
        """What the codes stand for as the answers fit best."""
        return self.fit.schemes[0][0] if self.fit and self.fit.schemes else None


def match(
    blocks: Sequence[Block],
    fits: Sequence[Mapping[Target | None, Fit]],
    evidence: Evidence,
    weights: Weights,
    plausible: float = 0.0,
) -> list[Match]:
    """One match per block. `fits`: of each block the targets that it can be, None among them.

    A block whose target is less probable than `plausible`, or whose label is that of another, is left open.
    """
    links = _links(fits, evidence, weights)
    proposed = _probabilities(fits, links, weights)
    targets = [
        target
        if target and of_block[target] >= plausible and not evidence.other_named(block, target)
        else None
        for block, of_block, target in zip(blocks, proposed, _assigned(proposed), strict=True)
    ]
    named = [
        block.layout in NAMED_BY_SAMPLE or target is not None and evidence.is_named(block, target)
        for block, target in zip(blocks, targets, strict=True)
    ]
    probabilities = _probabilities(*_beside_named(blocks, fits, links, named), weights)
    exchanged = may_be_exchanged(blocks, targets, evidence)
    matches = []
    for i, (block, target, of_block) in enumerate(zip(blocks, targets, probabilities, strict=True)):
        rivals = sorted(
            ((p, str(rival), rival) for rival, p in of_block.items() if rival != target and rival),
            reverse=True,
        )
        chance, _, rival = rivals[0] if rivals and rivals[0][0] > LEAST_ALTERNATIVE else (0.0, "", None)
        # How sure it is that a block is open is how sure it is that it is nothing else.
        probability = of_block[target] if target else 1 - chance
        fit = fits[i][target] if target else None
        before, after = targets[i - 1] if i else None, targets[i + 1] if i + 1 < len(targets) else None
        context = evidence.beside(before, target) + evidence.beside(target, after)
        score = weights.score(probability, named[i]) if target else 0.0
        doubts = _doubts(block, target, fit, blocks, evidence) if target and fit else ()
        if i in exchanged:
            doubts += (EXCHANGED,)
        if doubts or fit and not named[i] and fit.kinds.get("label", UNLIKE) < UNLIKE:
            score = min(score, DOUBTFUL)
        matches.append(
            Match(block, target, fit, probability, named[i], score, rival, chance, context, doubts)
        )
    return matches


def _doubts(
    block: Block, target: Target, fit: Fit, blocks: Sequence[Block], evidence: Evidence
) -> tuple[str, ...]:
    """What speaks against a match whatever its label, or in its label."""
    doubts = []
    if fit.kinds.get("shares", 0.0) < CONTRADICTED:
        doubts.append("the answers are not distributed as in the country's nearest waves")
    if target.role == "answer" and block.label:
        if sum(other.label == block.label for other in blocks) > 1:
            doubts.append("another column has the same label")
        if evidence.words.is_of_other_word(block.label, target):
            doubts.append("a word of the label is another than in the question's")
    return tuple(doubts)


def _links(
    fits: Sequence[Mapping[Target | None, Fit]], evidence: Evidence, weights: Weights
) -> list[np.ndarray]:
    """Of each two neighbours the log odds that their targets stand side by side."""
    return [
        weights.kinds["context"]
        * np.array([[evidence.beside(left, right) for right in after] for left in before])
        for before, after in pairwise(fits)
    ]


def _beside_named(
    blocks: Sequence[Block],
    fits: Sequence[Mapping[Target | None, Fit]],
    links: Sequence[np.ndarray],
    named: Sequence[bool],
) -> tuple[list[dict[Target | None, Fit]], list[np.ndarray]]:
    """Fits and links without what order and numbers say where no label names a block or one beside it: a questionnaire
    is renumbered and its questions change places."""
    beside = [
        is_named or any(named[j] for j in (i - 1, i + 1) if 0 <= j < len(named))
        for i, is_named in enumerate(named)
    ]
    placed = [
        {
            target: fit
            if is_beside
            else replace(
                fit,
                kinds={
                    kind: value
                    for kind, value in fit.kinds.items()
                    if kind != "number" and (kind != "name" or block.number is None)
                },
            )
            for target, fit in of_block.items()
        }
        for block, of_block, is_beside in zip(blocks, fits, beside, strict=True)
    ]
    kept = [link if named[i] or named[i + 1] else np.zeros_like(link) for i, link in enumerate(links)]
    return placed, kept


def _probabilities(
    fits: Sequence[Mapping[Target | None, Fit]], links: Sequence[np.ndarray], weights: Weights
) -> list[dict[Target | None, float]]:
    """Of each block the probability of each target, that no other block holds the same question included."""
    targets = [list(of_block) for of_block in fits]
    log_odds = [np.array([_value(fit, weights) for fit in of_block.values()]) for of_block in fits]
    # Log odds of each target that no other block holds it.
    unheld = [np.zeros(len(values)) for values in log_odds]
    for _ in range(ROUNDS):
        chances = _chain([values + free for values, free in zip(log_odds, unheld, strict=True)], links)
        probabilities = [
            dict(zip(names, of_block.tolist(), strict=True))
            for names, of_block in zip(targets, chances, strict=True)
        ]
        taken: dict[Target, float] = defaultdict(float)
        for of_block in probabilities:
            for target, p in of_block.items():
                if target and target.role == "answer":
                    taken[target] += np.log1p(-min(p, MOST))
        unheld = [
            np.array(
                [
                    taken[target] - np.log1p(-min(of_block[target], MOST)) if target in taken else 0.0
                    for target in names
                ]
            )
            for names, of_block in zip(targets, probabilities, strict=True)
        ]
    return probabilities


def _chain(log_odds: Sequence[np.ndarray], links: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The forward-backward algorithm: the probabilities of the states of each block, from the log odds of the
    states and those of two beside each other."""
    forward = [log_odds[0]]
    for link, values in zip(links, log_odds[1:], strict=True):
        forward.append(values + logsumexp(forward[-1][:, None] + link, axis=0))
    backward = [np.zeros(len(log_odds[-1]))]
    for link, values in zip(reversed(links), reversed(log_odds[1:]), strict=True):
        backward.append(logsumexp(link + (values + backward[-1])[None, :], axis=1))
    total = [before + after for before, after in zip(forward, reversed(backward), strict=True)]
    return [np.exp(values - logsumexp(values)) for values in total]


def _value(fit: Fit, weights: Weights) -> float:
    return sum(weights.kinds[kind] * value for kind, value in fit.kinds.items())


def _assigned(probabilities: Sequence[Mapping[Target | None, float]]) -> list[Target | None]:
    """The likeliest targets in which no question stands twice."""
    questions = sorted(
        {target for of_block in probabilities for target in of_block if target and target.role == "answer"}
    )
    column = {question: i for i, question in enumerate(questions)}
    # Behind the questions each block has a column of its own: for its best target that may stand twice.
    costs = np.full((len(probabilities), len(questions) + len(probabilities)), -np.log(FLOOR / 1e3))
    best_roles: list[Target | None] = []
    for i, of_block in enumerate(probabilities):
        roles = {target: p for target, p in of_block.items() if target is None or target.role != "answer"}
        best_roles.append(max(roles, key=lambda role: (roles[role], str(role))))
        costs[i, len(questions) + i] = -np.log(max(roles[best_roles[i]], FLOOR))
        for target, p in of_block.items():
            if target in column:
                costs[i, column[target]] = -np.log(max(p, FLOOR))
    rows, columns = linear_sum_assignment(costs)
    return [questions[c] if c < len(questions) else best_roles[r] for r, c in zip(rows, columns, strict=True)]
