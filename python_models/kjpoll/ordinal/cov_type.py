"""statsmodels' names of covariances, in terms of ours: fit(cov_type=..., cov_kwds=...).

With n observations, g clusters and k parameters (coefficients and cut points), the middle of the sandwich is

cov_type     sum of                      times                            vce with another factor
nonrobust    (the inverse information)                                    oim
HC0          squared scores              1                                robust: n / (n - 1)
HC1          squared scores              n / (n - k)                      robust
cluster      squared totals of clusters  g / (g - 1) x (n - 1) / (n - k)  cluster: g / (g - 1)
             without use_correction      1

They are statsmodels' but for one: its likelihood models compute HC0 whatever HC they are asked for (base.covtype), and
HC1 is MacKinnon and White's 1985 here (J. Econometrics 29:305-325), as in its linear models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .covariance import VCE, Sampled, counted, covariance_of, default_vce
from .model_inputs import labels_of
from .newton import Maximum

VCE_OF = {"nonrobust": "oim", "HC0": "robust", "HC1": "robust", "cluster": "cluster"}
CLUSTER_KEYWORDS = ("groups", "use_correction")


@dataclass(frozen=True)
class AskedCovariance:
    """The covariance that a fit is asked for. name: as it was asked for. statsmodels: whether its factor is theirs.
    clusters: (n,) labels, None for the model's. corrected: whether cluster has a factor."""

    vce: str
    name: str
    statsmodels: bool = False
    clusters: np.ndarray | None = None
    corrected: bool = True

    @classmethod
    def of(
        cls, model: Sampled, vce: str | None, cov_type: str | None, cov_kwds: Mapping[str, Any] | None
    ) -> AskedCovariance:
        """Raises ValueError for a name or keyword that is not known, and for what contradicts another."""
        if vce is not None and vce not in VCE:
            raise ValueError(f"vce is {vce!r}; write one of {', '.join(VCE)}")
        if cov_type is not None and cov_type not in VCE_OF:
            raise ValueError(
                f"cov_type is {cov_type!r}; write one of {', '.join(VCE_OF)} (HC2 and HC3 are defined by the "
                "leverages of a linear model)"
            )
        if cov_type != "cluster" and cov_kwds:
            raise ValueError(f"cov_kwds ({', '.join(cov_kwds)}) go with cov_type='cluster'")
        if cov_type is None:
            vce = default_vce(model) if vce is None else vce
            return cls(vce, vce)
        if vce is not None and (vce, cov_type) != ("oim", "nonrobust"):
            raise ValueError(
                f"vce={vce!r} and cov_type={cov_type!r} are two different covariances, if only by a factor; give one"
            )
        clusters, corrected = _clusters(model, cov_kwds or {}) if cov_type == "cluster" else (None, True)
        return cls(VCE_OF[cov_type], cov_type, cov_type != "nonrobust", clusters, corrected)

    def compute(self, model: Sampled, maximum: Maximum) -> np.ndarray:
        """(p + k - 1, p + k - 1), as covariance.covariance_of, which see for the errors."""
        covariance = covariance_of(model, maximum, self.vce, self.clusters)
        return covariance * self._factor(model, len(maximum.theta)) if self.statsmodels else covariance

    def _factor(self, model: Sampled, parameters: int) -> float:
        """That of cov_type over that of vce."""
        there = counted(model, self.vce)
        n = float(model.freq_weights[there].sum())
        if self.name == "HC0":
            return (n - 1) / n
        if self.corrected:
            if n <= parameters:
                raise ValueError(
                    f"cov_type={self.name!r} divides by observations less parameters, {n:g} less {parameters}; "
                    "use HC0, or cluster without use_correction"
                )
            return (n - 1) / (n - parameters)
        labels = model.clusters if self.clusters is None else self.clusters
        assert labels is not None  # else covariance_of has refused it
        groups = len(np.unique(labels[there]))
        return (groups - 1) / groups


def _clusters(model: Sampled, given: Mapping[str, Any]) -> tuple[np.ndarray | None, bool]:
    unknown = [name for name in given if name not in CLUSTER_KEYWORDS]
    if unknown:
        raise ValueError(f"cov_kwds has {', '.join(unknown)}; write {' or '.join(CLUSTER_KEYWORDS)}")
    groups: Any = given.get("groups")
    if groups is None and model.clusters is None:
        raise ValueError("cov_type='cluster' needs cov_kwds={'groups': ...}, a label for every row")
    if np.ndim(groups) > 1:
        raise ValueError(f"groups has {np.ndim(groups)} dimensions; clusters are of one kind, not two-way")
    labels = labels_of("groups", groups, len(model.freq_weights))
    if labels is not None and model.clusters is not None and not _same(labels, model.clusters):
        raise ValueError("groups are others than the clusters of the model; give one of them")
    return labels, bool(given.get("use_correction", True))


def _same(first: np.ndarray, second: np.ndarray) -> bool:
    pairs = {*zip(first.tolist(), second.tolist())}
    return len(pairs) == len({*first.tolist()}) == len({*second.tolist()})
