"""How often is a share inside its 95% interval, when its error is estimated from few clusters?

    python -m benchmarks.interval_coverage --output benchmarks/results/interval_coverage.md    # a minute

Clusters are drawn from a population in which the share of a cluster is a beta variate; the share of the population is known.
Compared are Wilson's interval on the effective base with the normal critical value and with Student's, and two of R's
svyciprop: Korn and Graubard's (beta) and the logit interval. A sample in which the share shows no variance is left out: there
all four need another design effect.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Bounds = tuple[Floats, Floats]
ALPHA = 0.05
SHARES, CLUSTERS = (0.3, 0.1, 0.02), (6, 10, 20, 40)
# Persons in a cluster, on average, and the intraclass correlation: a design effect of about 2.5.
SIZE, CORRELATION = 50, 0.03
INTERVALS = ("Wilson, normal", "Wilson, t", "Korn and Graubard", "logit")

HEAD = (
    "`python -m benchmarks.interval_coverage`: per cent of {:,} samples whose 95% interval holds the share, and in brackets its"
    f" mean width in points. Clusters of {SIZE} persons on average, intraclass correlation {CORRELATION}."
)


@dataclass(frozen=True)
class Estimates:
    """One number per sample. `n`: persons; `degrees`: clusters less strata, of all samples."""

    share: Floats
    variance: Floats
    n: Floats
    degrees: int

    @property
    def n_effective(self) -> Floats:
        return self.share * (1 - self.share) / self.variance


def draw(share: float, n_clusters: int, n_samples: int, chance: np.random.Generator) -> Estimates:
    """Samples of one stratum; persons in a cluster are uniform from half to one and a half times SIZE."""
    sizes = chance.integers(SIZE // 2, SIZE + SIZE // 2 + 1, (n_samples, n_clusters))
    spread = 1 / CORRELATION - 1
    leanings = chance.beta(share * spread, (1 - share) * spread, sizes.shape)
    gave = chance.binomial(sizes, leanings)
    n = sizes.sum(axis=1)
    estimated = gave.sum(axis=1) / n
    scores = (gave - estimated[:, None] * sizes) / n[:, None]
    variance = n_clusters / (n_clusters - 1) * (scores**2).sum(axis=1)
    seen = variance > 1e-12
    return Estimates(estimated[seen], variance[seen], n[seen].astype(float), n_clusters - 1)


def wilson(estimates: Estimates, critical: float) -> Bounds:
    share, z2 = estimates.share, critical**2 / estimates.n_effective
    half = np.sqrt(z2 * share * (1 - share) + z2**2 / 4)
    return (share + z2 / 2 - half) / (1 + z2), (share + z2 / 2 + half) / (1 + z2)


def korn_graubard(estimates: Estimates) -> Bounds:
    t = stats.t.ppf(1 - ALPHA / 2, estimates.degrees)
    n = estimates.n_effective * (stats.t.ppf(1 - ALPHA / 2, estimates.n - 1) / t) ** 2
    x = n * estimates.share
    return stats.beta.ppf(ALPHA / 2, x, n - x + 1), stats.beta.ppf(1 - ALPHA / 2, x + 1, n - x)


def logit(estimates: Estimates) -> Bounds:
    share = estimates.share
    half = stats.t.ppf(1 - ALPHA / 2, estimates.degrees) * np.sqrt(estimates.variance) / (share * (1 - share))
    centre = np.log(share / (1 - share))
    return 1 / (1 + np.exp(half - centre)), 1 / (1 + np.exp(-half - centre))


def intervals(estimates: Estimates) -> Iterator[Bounds]:
    """In the order of INTERVALS."""
    yield wilson(estimates, float(stats.norm.ppf(1 - ALPHA / 2)))
    yield wilson(estimates, float(stats.t.ppf(1 - ALPHA / 2, estimates.degrees)))
    yield korn_graubard(estimates)
    yield logit(estimates)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=40_000, help="samples of each size [default: 40000]")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args(arguments)
    chance = np.random.default_rng(20240915)
    lines = [
        "# Coverage of intervals from few clusters",
        "",
        HEAD.format(options.samples),
        "",
        f"| share | clusters | {' | '.join(INTERVALS)} |",
        "|---|---|" + "---|" * len(INTERVALS),
    ]
    for share in SHARES:
        for n_clusters in CLUSTERS:
            estimates = draw(share, n_clusters, options.samples, chance)
            cells = [
                f"{100 * np.mean((low <= share) & (share <= high)):.1f} ({100 * np.mean(high - low):.1f})"
                for low, high in intervals(estimates)
            ]
            lines.append(f"| {100 * share:.0f}% | {n_clusters} | {' | '.join(cells)} |")
    text = "\n".join(lines) + "\n"
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
