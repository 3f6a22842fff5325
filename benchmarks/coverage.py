"""Do 95% intervals hold the true value in 95% of samples? Simulated surveys like the poll's.

    python -m benchmarks.coverage --output benchmarks/results/coverage.md

Two designs of 1,000 respondents and six terms (seven coefficients, four cut points). `equal`: everybody
has the same chance; observed information. `unequal`: the chance of taking part depends on the answer
itself, from 1 to 0.4, which shifts unweighted cut points by 0.4; sampling weights with robust errors.
Covariates and outcomes are redrawn in every replication.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from kjpoll.ordinal import OrdinalModel
from scipy import stats

from . import report
from .simulated import POLL, SURVEY, cut_points, survey

N, REPLICATIONS, SEED = 1_000, 2_000, 2023
LOWER, UPPER = 0.93, 0.97
CHANCE = np.array([1.0, 0.8, 0.6, 0.5, 0.4])  # of taking part, by answer


def equal(n: int, random: np.random.Generator) -> OrdinalModel:
    return OrdinalModel(*survey(n, POLL, random))


def unequal(n: int, random: np.random.Generator) -> OrdinalModel:
    outcome, covariates = survey(3 * n, POLL, random)
    taken = np.flatnonzero(random.random(3 * n) < CHANCE[outcome])[:n]
    return OrdinalModel(outcome[taken], covariates.iloc[taken], sampling_weights=1 / CHANCE[outcome[taken]])


def replicate(
    draw: Callable[[int, np.random.Generator], OrdinalModel], n: int, replications: int, seed: int
) -> pd.DataFrame:
    """One row per coefficient and cut point: truth, mean estimate and its bias, standard deviation of
    the estimates, mean standard error, coverage (a share) and the Monte Carlo error of the bias."""
    random = np.random.default_rng(seed)
    truth = np.concatenate(([SURVEY[name] for name in POLL], cut_points(POLL)))
    estimates, errors = np.empty((2, replications, len(truth)))
    for number in range(replications):
        results = draw(n, random).fit()
        estimates[number], errors[number] = results.params, results.bse
    held = np.abs(estimates - truth) <= stats.norm.ppf(0.975) * errors
    spread = estimates.std(axis=0, ddof=1)
    return pd.DataFrame(
        {
            "truth": truth,
            "bias": estimates.mean(axis=0) - truth,
            "bias_error": spread / replications**0.5,
            "deviation": spread,
            "standard_error": errors.mean(axis=0),
            "coverage": held.mean(axis=0),
        },
        index=[*POLL, *(f"cut{j}" for j in range(1, 5))],
    )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--output", type=Path, help="markdown file for the results")
    options = parser.parse_args(arguments)
    parts = []
    for name, draw in (("equal", equal), ("unequal", unequal)):
        begin = time.perf_counter()
        found = replicate(draw, N, options.replications, SEED)
        seconds = time.perf_counter() - begin
        low, high = found["coverage"].min(), found["coverage"].max()
        parts += [
            f"## Design `{name}`",
            (
                f"Coverage {low:.2%} to {high:.2%}; wanted {LOWER:.0%} to {UPPER:.0%}: "
                f"{'met' if LOWER <= low and high <= UPPER else 'not met'}. {seconds:.0f} s."
            ),
            report.table(
                [
                    "parameter",
                    "truth",
                    "bias",
                    "Monte Carlo error of the bias",
                    "deviation of the estimates",
                    "mean standard error",
                    "coverage",
                ],
                [
                    (
                        term,
                        f"{row.truth:.3f}",
                        f"{row.bias:.4f}",
                        f"{row.bias_error:.4f}",
                        f"{row.deviation:.4f}",
                        f"{row.standard_error:.4f}",
                        f"{row.coverage:.2%}",
                    )
                    for term, row in zip(found.index, found.itertuples())
                ],
            ),
        ]
    report.publish(
        "\n\n".join(
            [
                "# Coverage of 95% intervals",
                report.conditions(),
                (
                    f"Written by `python -m benchmarks.coverage`: {options.replications:,} replications of {N:,} "
                    f"respondents, seed {SEED}. With 2,000 replications a true coverage of 95% is seen between 94.0 and "
                    "96.0% in 19 of 20 cases. The designs: [README](../README.md)."
                ),
                *parts,
            ]
        ),
        options.output,
    )


if __name__ == "__main__":
    main()
