"""Covariance of the estimates: observed information, robust, clustered, and design-based.

With A the inverse of minus the Hessian and z the weighted scores, V = A M A and M is
- oim      minus the Hessian itself, so V = A;
- robust   n / (n - 1) times the sum of z z' over observations (Stata's vce(robust); n counts
           observations, so a row with frequency f counts f times);
- cluster  g / (g - 1) times the sum over the g clusters of the outer products of their totals
           (Stata's vce(cluster); no further factor, as in its maximum-likelihood commands);
- design   the sum over strata of n_h / (n_h - 1) times the outer products of the totals of the
           n_h primary sampling units about their mean (Taylor linearisation: Stata's svy with
           psu and strata, R's survey::svyolr; no finite population correction). Clusters are
           the units, or each observation is one; they nest in strata, so the same label in two
           strata is two units. A stratum with one unit has no variance estimate: an error.

As in Stata, sampling weights imply robust errors, and oim is refused with them. An observation
with sampling weight 0 is left out, as in Stata's commands with [pw=]; under design it remains a
sampled unit that adds nothing (a domain), as in Stata's svy.

Under design tests and intervals are those of Stata's svy: t with d = units - strata degrees of
freedom (`design_df`), and for q constraints the adjusted Wald test, F = (d - q + 1) / (q d) W with
q and d - q + 1. The other covariances go with the normal distribution and chi-squared.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd

from .likelihood import Likelihood
from .newton import Maximum

VCE = ("oim", "robust", "cluster", "design")


class Sampled(Protocol):
    """What a model says of its n rows: weights that multiply the likelihood (frequency times sampling weight), and
    labels of sampling units and strata, each (n,) or None."""

    likelihood: Likelihood
    weights: np.ndarray
    freq_weights: np.ndarray
    sampling_weights: np.ndarray | None
    clusters: np.ndarray | None
    strata: np.ndarray | None


def default_vce(model: Sampled) -> str:
    """The covariance that goes with what the model was given."""
    if model.strata is not None:
        return "design"
    if model.clusters is not None:
        return "cluster"
    return "oim" if model.sampling_weights is None else "robust"


def covariance_of(
    model: Sampled, maximum: Maximum, vce: str, clusters: np.ndarray | None = None
) -> np.ndarray:
    """(p + k - 1, p + k - 1) covariance of the natural parameters at the maximum.

    clusters: (n,) labels; None for the model's.
    Raises ValueError for oim with sampling weights, cluster without clusters, fewer than two
    units, and a stratum with one.
    """
    if vce == "oim":
        if model.sampling_weights is not None:
            raise ValueError("vce='oim' does not hold with sampling_weights; use robust, cluster or design")
        return maximum.covariance
    clusters = model.clusters if clusters is None else clusters
    if vce == "cluster" and clusters is None:
        raise ValueError("vce='cluster' needs clusters")
    scores = model.likelihood.scores(maximum.theta)
    if model.sampling_weights is not None:
        scores *= model.sampling_weights[:, None]
    there = counted(model, vce)
    strata = model.strata[there] if vce == "design" and model.strata is not None else None
    clusters = clusters[there] if vce in ("cluster", "design") and clusters is not None else None
    meat = _meat(scores[there], model.freq_weights[there], clusters, strata, centred=vce == "design")
    covariance = maximum.covariance @ meat @ maximum.covariance
    return np.asarray((covariance + covariance.T) / 2)


def counted(model: Sampled, vce: str) -> np.ndarray:
    """(n,) whether a row counts as observed. One with frequency 0 is nobody; one with sampling
    weight 0 is a sampled unit in a design, and else nobody."""
    return (model.freq_weights if vce == "design" else model.weights) > 0


def design_df(model: Sampled) -> float:
    """Degrees of freedom of a design: sampling units less strata."""
    there = counted(model, "design")
    strata = np.zeros(there.sum()) if model.strata is None else model.strata[there]
    if model.clusters is None:
        units = model.freq_weights[there].sum()
    else:
        units = len(pd.DataFrame({"h": strata, "i": model.clusters[there]}).drop_duplicates())
    return float(units - len(pd.unique(strata)))


def _meat(
    scores: np.ndarray,
    frequency: np.ndarray,
    clusters: np.ndarray | None,
    strata: np.ndarray | None,
    *,
    centred: bool,
) -> np.ndarray:
    """The middle of the sandwich from the scores of the units of each stratum."""
    n = len(scores)
    stratum, names = (np.zeros(n, dtype=np.intp), None) if strata is None else pd.factorize(strata)
    units, count = scores, frequency
    if clusters is not None:
        label = pd.factorize(clusters)[0]
        unit, pairs = pd.factorize(stratum * (label.max() + 1) + label)
        units = _totals(scores * frequency[:, None], unit, len(pairs))
        stratum, count = pairs // (label.max() + 1), np.ones(len(pairs))
    sizes = np.bincount(stratum, count)
    if names is not None and (sizes < 2).any():
        lonely = names[int(np.flatnonzero(sizes < 2)[0])]
        raise ValueError(
            f"stratum {lonely} has one sampling unit, so its variance cannot be "
            "estimated; merge it with another stratum"
        )
    if (sizes < 2).any():
        raise ValueError("one sampling unit alone gives no variance; at least two are needed")
    factor = np.sqrt(sizes / (sizes - 1))[stratum]
    if centred:
        means = _totals(units * count[:, None], stratum, len(sizes)) / sizes[:, None]
        units = units - means[stratum]
    weighted = units * (factor * np.sqrt(count))[:, None]
    return np.asarray(weighted.T @ weighted)


def _totals(rows: np.ndarray, label: np.ndarray, count: int) -> np.ndarray:
    return np.column_stack([np.bincount(label, column, minlength=count) for column in rows.T])
