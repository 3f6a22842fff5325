"""Newton's method for the ordinal log likelihood, which is concave for both links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from .regression_error import RegressionError

MAX_STEPS = 40
MAX_HALVINGS = 40
SMALL_STEP = 1e-7
# Smallest eigenvalue of the information, scaled to a unit diagonal, that determines the estimates.
# Separated samples that passed for converged had at most 8e-13, others at least 0.2.
DETERMINED = 1e-9


class NotConverged(RegressionError):
    """No maximum was reached: the estimates are infinite or not determined."""


class Concave(Protocol):
    """A concave log likelihood of natural parameters theta, computed in internal ones, to_internal @ theta."""

    @property
    def to_internal(self) -> np.ndarray:
        """(m, m), invertible."""

    def start(self) -> np.ndarray:
        """(m,) natural parameters."""

    def in_order(self, internal: np.ndarray) -> bool:
        """Whether every answer that was given has a positive probability: for common effects, cut points ascend."""

    def derivatives(self, internal: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Value, gradient and Hessian in the internal parameters."""


@dataclass(frozen=True)
class Maximum:
    """The maximum in natural parameters (coefficients, then cut points).

    gradient_norm: largest absolute element of the gradient at theta.
    covariance: inverse of minus the Hessian.
    """

    theta: np.ndarray
    value: float
    gradient_norm: float
    iterations: int
    hessian: np.ndarray
    covariance: np.ndarray


def maximise(likelihood: Concave, start: np.ndarray | None = None, *, model: str = "(unnamed)") -> Maximum:
    """Maximise from `start` (natural parameters; those of likelihood.start() if None).

    A step is halved while it puts cut points out of order or lowers the likelihood. Converged
    means that a full step moved no coefficient of a standardised column, and no cut point at the
    columns' means, by 1e-7; that step is still taken, so the error left is of its square. Under
    separation the gradient vanishes but the steps do not, until what is left of the gradient is
    rounding noise: then the information is singular in the direction that separates, and an
    information matrix that is all but singular is no convergence either.
    Raises NotConverged.
    """
    to_internal = likelihood.to_internal
    at = to_internal @ (likelihood.start() if start is None else np.asarray(start, dtype=float))
    if not likelihood.in_order(at):
        raise ValueError("the start's cut points must ascend")
    value, gradient, hessian = likelihood.derivatives(at)
    for iteration in range(1, MAX_STEPS + 1):
        step = solve_scaled(-hessian, gradient, model)
        small = np.abs(step).max() < SMALL_STEP
        for _ in range(MAX_HALVINGS):
            candidate = at + step
            if likelihood.in_order(candidate):
                # A step far too long may overflow; it is refused like any other that is no gain.
                with np.errstate(all="ignore"):
                    trial = likelihood.derivatives(candidate)
                if trial[0] >= value - 1e-12 * abs(value):
                    break
            step = step / 2
        else:
            raise NotConverged("did not converge: no step raises the likelihood", model=model)
        at, (value, gradient, hessian) = candidate, trial
        if small:
            return _finish(likelihood, at, value, gradient, hessian, iteration, model)
    largest = np.abs(to_internal.T @ gradient).max()
    raise NotConverged(
        f"did not converge: largest gradient {largest:.2g} after {MAX_STEPS} Newton "
        "steps, and the estimates still move; look for sparse levels",
        model=model,
    )


def _finish(
    likelihood: Concave,
    at: np.ndarray,
    value: float,
    gradient: np.ndarray,
    hessian: np.ndarray,
    iterations: int,
    model: str,
) -> Maximum:
    to_internal = likelihood.to_internal
    if not determines(-hessian):
        raise NotConverged(
            "did not converge: the information matrix is all but singular; look for "
            "sparse levels and nearly collinear terms",
            model=model,
        )
    to_natural = np.linalg.inv(to_internal)
    covariance = to_natural @ solve_scaled(-hessian, np.eye(len(at)), model) @ to_natural.T
    return Maximum(
        theta=to_natural @ at,
        value=value,
        gradient_norm=float(np.abs(to_internal.T @ gradient).max()),
        iterations=iterations,
        hessian=to_internal.T @ hessian @ to_internal,
        covariance=(covariance + covariance.T) / 2,
    )


def determines(information: np.ndarray) -> bool:
    """Whether an information matrix, scaled to a unit diagonal, is well away from singular."""
    diagonal = np.diag(information)
    if not np.isfinite(information).all() or not (diagonal > 0).all():
        return False
    scale = np.sqrt(diagonal)
    return bool(np.linalg.eigvalsh(information / np.outer(scale, scale))[0] >= DETERMINED)


def solve_scaled(information: np.ndarray, right: np.ndarray, model: str) -> np.ndarray:
    """Cholesky on the matrix scaled to a unit diagonal."""
    diagonal = np.sqrt(np.maximum(np.diag(information), np.finfo(float).tiny))
    try:
        factor = cho_factor(information / np.outer(diagonal, diagonal))
        scale = diagonal if right.ndim == 1 else diagonal[:, None]
        return cho_solve(factor, right / scale) / scale
    except (np.linalg.LinAlgError, ValueError) as error:
        raise NotConverged(
            "did not converge: the information matrix is singular; look for "
            "collinear terms and sparse levels",
            model=model,
        ) from error
