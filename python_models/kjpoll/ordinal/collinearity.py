"""Columns that are nearly collinear: which, and whether the estimates can still be computed.

Belsley, Kuh and Welsch 1980, Regression Diagnostics, chapter 3: with columns of equal length, a condition index (the
largest singular value over another) above 30 is a near dependency, and the columns in it are those of whose variance
more than half comes from it; near dependencies are taken together, since they may share a column. Their columns are
not centred and have the constant among them. Here they are centred: every cut point is a constant, and the fit is
computed in centred columns, so that a large mean costs neither digits nor precision of the coefficients.

The information is of the order of the squared matrix, so the relative rounding error of the variances is of the order
of index^2 u, u being the machine precision (Higham 2002, Accuracy and Stability of Numerical Algorithms, 10.1). Where
that is below LOST the fit goes on and warns; above, it is an error.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from statsmodels.tools.sm_exceptions import CollinearityWarning

from .regression_error import RegressionError

NEAR = 30.0
SHARE = 0.5
LOST = 1e-6


@dataclass(frozen=True)
class NearDependency:
    """The largest condition index of some columns, and the names of those in the near dependencies."""

    index: float
    names: tuple[str, ...]

    @property
    def lost(self) -> bool:
        """Whether too few digits of the standard errors remain."""
        return bool(self.index**2 * np.finfo(float).eps > LOST)

    def __str__(self) -> str:
        return f"nearly collinear: {', '.join(self.names)} (condition index {self.index:.2g})"


def near_dependency(correlations: np.ndarray, names: Sequence[str]) -> NearDependency | None:
    """The near dependencies among columns with these (p, p) correlations; None if no condition index is above NEAR."""
    if len(names) < 2:
        return None
    squares, vectors = np.linalg.eigh(correlations)
    # An eigenvalue below rounding, or negative by it, is not known any better than this.
    squares = np.maximum(squares, squares[-1] * np.finfo(float).eps)
    indices = np.sqrt(squares[-1] / squares)
    if indices[0] <= NEAR:
        return None
    variances = vectors**2 / squares
    shares = variances[:, indices > NEAR].sum(axis=1) / variances.sum(axis=1)
    return NearDependency(float(indices[0]), tuple(names[i] for i in np.flatnonzero(shares > SHARE).tolist()))


def refuse(found: NearDependency | None, *, model: str) -> None:
    """Raise RegressionError if the near dependency leaves too few digits; its term is the last of the columns."""
    if found is not None and found.lost:
        raise RegressionError(
            f"{found}: their effects cannot be told apart to {-np.log10(LOST):.0f} digits; remove one of these "
            "terms, or replace two by their sum and difference",
            model=model,
            term=found.names[-1],
        )


def warn(found: NearDependency | None, *, model: str, stacklevel: int) -> None:
    """Warn of a near dependency; stacklevel: as in warnings.warn, counted from the caller."""
    if found is not None:
        warnings.warn(
            f"model {model}: {found}; the estimates are accurate, but the data say little about each of these, "
            "and their standard errors are large",
            CollinearityWarning,
            stacklevel=stacklevel + 1,
        )
