"""Fits the weights of the evidence, by which a new file's columns are matched with questions, on known samples: each as if
it were new, and made hard, in other words that are written to be learnt from."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from kjpoll.onboarding.propose.asked import Target
from kjpoll.onboarding.propose.blocks import Block, blocks_of
from kjpoll.onboarding.propose.match_evidence import KINDS, Evidence, Fit
from kjpoll.onboarding.propose.matching import FLOOR, WEIGHTS, Weights, match
from scipy.optimize import minimize
from scipy.special import logsumexp

from tests.support.hard_wave import hard_wave
from tests.support.hidden_sample import SITUATIONS, hide, project

# Keeps the weights finite where a kind of evidence never errs in the samples at hand.
RIDGE = 0.02

# The kinds of evidence for each target of a block, a row each, and the row of the true one.
Case = tuple[np.ndarray, int]
# Hard waves that are learnt from; those with text in the header are read as the others.
LEARNT_KINDS = ("labelled", "paraphrased", "unlabelled")
# The blocks of a file, the evidence on it, of each block what it could be, and what it is.
File = tuple[list[Block], Evidence, list[dict[Target | None, Fit]], list[Target | None]]


def cases_of(
    evidence: Evidence, fits: Sequence[Mapping[Target | None, Fit]], truth: Sequence[Target | None]
) -> list[Case]:
    """What `fit_weights` learns from: of each block the evidence for its targets and the true one."""
    cases = []
    for i, (of_block, target) in enumerate(zip(fits, truth, strict=True)):
        before = truth[i - 1] if i else None
        after = truth[i + 1] if i + 1 < len(truth) else None
        table = np.array(
            [
                [
                    *(fit.kinds.get(kind, 0.0) for kind in KINDS[:-1]),
                    evidence.beside(before, one) + evidence.beside(one, after),
                ]
                for one, fit in of_block.items()
            ]
        )
        cases.append((table, list(of_block).index(target)))
    return cases


def fit_weights(cases: Sequence[Case]) -> Weights:
    """Weights under which the true targets are likeliest.

    They maximise the chance of each block's target given those of its neighbours (Besag 1975, The
    Statistician 24), in which the sum over all sequences is not needed. `calibrated` fits the scores.
    """

    def loss(vector: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = RIDGE * vector @ vector, 2 * RIDGE * vector
        for table, right in cases:
            values = table @ vector
            log_sum = logsumexp(values)
            total += log_sum - values[right]
            slope = slope + np.exp(values - log_sum) @ table - table[right]
        return total, slope

    # Evidence for a target cannot count against it; only what speaks for none of them may have either sign.
    bounds = [(None if kind.startswith("open") else 0.0, None) for kind in KINDS]
    fitted = minimize(loss, np.zeros(len(KINDS)), jac=True, method="L-BFGS-B", bounds=bounds)
    return Weights(dict(zip(KINDS, fitted.x.tolist(), strict=True)))


def calibrated(
    weights: Weights, probabilities: Sequence[float], named: Sequence[bool], right: Sequence[bool]
) -> Weights:
    """The same weights with scores that say how often matches of a probability were right (Platt 1999), by whether a label
    named the question."""
    clipped = np.clip(np.asarray(probabilities, float), FLOOR, 1 - FLOOR)
    odds = np.log(clipped / (1 - clipped))
    outcome, is_named = np.asarray(right, float), np.asarray(named, bool)

    def line(chosen: np.ndarray) -> tuple[float, float]:
        def loss(vector: np.ndarray) -> float:
            values = vector[0] * odds[chosen] + vector[1]
            return float(np.sum(np.logaddexp(0, values) - outcome[chosen] * values) + 0.05 * vector @ vector)

        slope, intercept = minimize(loss, np.array([0.5, 0.0]), method="L-BFGS-B").x
        return float(slope), float(intercept)

    return Weights(weights.kinds, line(is_named), line(~is_named))


def learn(sample_ids: Sequence[str]) -> Weights:
    """Weights and scores fitted on these samples."""
    hard = [file for sample_id in sample_ids for file in _hard_files(sample_id)]
    files = [file for sample_id in sample_ids for file in _files(sample_id)] + hard
    cases: list[Case] = []
    for _, evidence, fits, truth in files:
        cases += cases_of(evidence, fits, truth)
    weights = fit_weights(cases)
    found = [
        (matched, target)
        for blocks, evidence, fits, truth in hard
        for matched, target in zip(match(blocks, fits, evidence, weights), truth, strict=True)
        if matched.target is not None
    ]
    return calibrated(
        weights,
        [matched.probability for matched, _ in found],
        [matched.is_named for matched, _ in found],
        [matched.target == target for matched, target in found],
    )


def _files(sample_id: str) -> Iterator[File]:
    """The sample in every situation that is learnt from."""
    for name, situation in SITUATIONS.items():
        hidden = hide(sample_id, name) if situation.is_learnt else None
        if hidden is None:
            continue
        asked = project().asked[sample_id]
        columns = {variable.name: variable for variable in hidden.profile.variables}
        blocks = [
            replace(one.block, variables=tuple(columns[v.name] for v in one.block.variables)) for one in asked
        ]
        yield _file(hidden.evidence, blocks, [one.target for one in asked])


def _hard_files(sample_id: str) -> Iterator[File]:
    """The sample made hard: the scores are those of such files, since where all stands in its place any guess is right."""
    for kind in LEARNT_KINDS if hide(sample_id, "earlier") else ():
        wave = hard_wave(sample_id, kind, words="learnt")
        row = wave.hidden.row
        targets = {column.variable.name: column.target for column in wave.columns}
        blocks = blocks_of(wave.profile, row["id_variable"], row["weight_variable"])
        yield _file(wave.hidden.evidence, blocks, [targets[block.first.name] for block in blocks])


def _file(evidence: Evidence, blocks: list[Block], targets: Sequence[Target | None]) -> File:
    """With None for a target that the evidence does not know."""
    fits = [evidence.fits(block) for block in blocks]
    known = [target if target in of_block else None for target, of_block in zip(targets, fits, strict=True)]
    return blocks, evidence, fits, known


def write_weights(weights: Weights, path: Path = WEIGHTS) -> None:
    """Write the seed of weights that the package ships."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["kind", "weight"])
        numbers = {
            **weights.kinds,
            **dict(zip(("slope", "intercept"), weights.line, strict=True)),
            **dict(zip(("unnamed_slope", "unnamed_intercept"), weights.unnamed_line, strict=True)),
        }
        writer.writerows([kind, f"{number:.4f}"] for kind, number in numbers.items())
