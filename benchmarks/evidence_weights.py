"""Fits the weights of the evidence, by which a new file's columns are matched with questions, on known samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from kjpoll.onboarding.propose.asked import Target
from kjpoll.onboarding.propose.match_evidence import KINDS, Evidence, Fit
from kjpoll.onboarding.propose.matching import FLOOR, Weights
from scipy.optimize import minimize
from scipy.special import logsumexp

# Keeps the weights finite where a kind of evidence never errs in the samples at hand.
RIDGE = 0.02

# The kinds of evidence for each target of a block, a row each, and the row of the true one.
Case = tuple[np.ndarray, int]


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
    bounds = [(None if kind == "open" else 0.0, None) for kind in KINDS]
    fitted = minimize(loss, np.zeros(len(KINDS)), jac=True, method="L-BFGS-B", bounds=bounds)
    return Weights(dict(zip(KINDS, fitted.x.tolist(), strict=True)))


def calibrated(weights: Weights, probabilities: Sequence[float], right: Sequence[bool]) -> Weights:
    """The same weights with scores that say how often matches of a probability were right (Platt 1999)."""
    clipped = np.clip(np.asarray(probabilities, float), FLOOR, 1 - FLOOR)
    odds = np.log(clipped / (1 - clipped))
    outcome = np.asarray(right, float)

    def loss(vector: np.ndarray) -> float:
        values = vector[0] * odds + vector[1]
        return float(np.sum(np.logaddexp(0, values) - outcome * values) + 0.05 * vector @ vector)

    slope, intercept = minimize(loss, np.array([0.5, 0.0]), method="L-BFGS-B").x
    return Weights(weights.kinds, float(slope), float(intercept))
