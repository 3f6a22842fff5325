"""Maximum likelihood for the proportional-odds model, P(y <= j) = logistic(cut_j - x b).

statsmodels' OrderedModel brings the estimates near the maximum. It keeps the first cut point and
the logarithms of the increments, and differentiates numerically; the last digits and the
covariance therefore come from Newton steps on the exact derivatives in the natural parameters.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from statsmodels.miscmodels.ordinal_model import OrderedModel

from .checks import check_design
from .design import Design
from .errors import RegressionError
from .specification import Specification

MAX_GRADIENT = 1e-6
POLISHED = 1e-8
MAX_NEWTON = 50


@dataclass(frozen=True)
class Fit:
    """Estimates in the natural parametrisation: p coefficients, then k - 1 cut points.

    covariance: (p + k - 1, p + k - 1), inverse of the observed information.
    gradient_norm: largest absolute element of the log likelihood's gradient at the estimates.
    iterations: BFGS and Newton steps together.
    """

    coefficients: np.ndarray
    cut_points: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    log_likelihood_null: float
    n_obs: int
    gradient_norm: float
    iterations: int
    converged: bool

    @property
    def std_errors(self) -> np.ndarray:
        return np.sqrt(np.diag(self.covariance))


def fit_design(spec: Specification, design: Design) -> Fit:
    """Fit one model. Raises RegressionError if the estimates do not exist, are not unique, or
    the gradient does not come below 1e-6."""
    check_design(spec, design)
    k_levels, n_coefficients = len(design.levels), design.matrix.shape[1]
    model = OrderedModel(design.outcome, design.matrix, distr="logit")
    path: list[np.ndarray] = []
    with warnings.catch_warnings():
        # The start need not be the maximum: the gradient after polishing decides.
        warnings.simplefilter("ignore")
        start = model.fit(method="bfgs", disp=0, maxiter=200, gtol=1e-2, skip_hessian=True,
                          callback=path.append)
    params = np.concatenate((start.params[:n_coefficients],
                             model.transform_threshold_params(start.params)[1:-1]))
    params, steps = _polish(params, design)

    log_likelihood, gradient, hessian = derivatives(params, design.outcome, design.matrix)
    gradient_norm = float(np.abs(gradient).max())
    information = -hessian
    if not gradient_norm < MAX_GRADIENT or np.linalg.eigvalsh(information)[0] <= 0:
        raise RegressionError(f"did not converge: largest gradient {gradient_norm:.2g} after "
                              f"{steps} Newton steps, must be below {MAX_GRADIENT:g}; look for "
                              "sparse levels", model=spec.model_id)
    counts = np.bincount(design.outcome, minlength=k_levels)
    covariance = np.linalg.inv(information)
    return Fit(
        coefficients=params[:n_coefficients],
        cut_points=params[n_coefficients:],
        covariance=(covariance + covariance.T) / 2,
        log_likelihood=log_likelihood,
        log_likelihood_null=float(counts @ np.log(counts / counts.sum())),
        n_obs=len(design.outcome),
        gradient_norm=gradient_norm,
        iterations=len(path) + steps,
        converged=True,
    )


def _polish(params: np.ndarray, design: Design) -> tuple[np.ndarray, int]:
    """Newton steps, halved while the log likelihood would fall; one more once the gradient is
    small, which takes the estimates to machine precision."""
    value, gradient, hessian = derivatives(params, design.outcome, design.matrix)
    for steps in range(MAX_NEWTON):
        last = np.abs(gradient).max() < POLISHED
        step = np.linalg.solve(-hessian, gradient)
        for _ in range(30):
            candidate = params + step
            trial = derivatives(candidate, design.outcome, design.matrix)
            if last or trial[0] >= value - 1e-12 * abs(value):
                break
            step = step / 2
        params, (value, gradient, hessian) = candidate, trial
        if last:
            break
    return params, steps + 1


def derivatives(params: np.ndarray, outcome: np.ndarray,
                matrix: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Log likelihood, gradient and Hessian in the natural parameters (coefficients, cuts).

    Returns minus infinity for cut points out of order. Formulas: McCullagh 1980, JRSS B 42:109.
    """
    n, p = matrix.shape
    cuts = params[p:]
    if (np.diff(cuts) <= 0).any():
        return -np.inf, np.zeros_like(params), -np.eye(len(params))
    linear = matrix @ params[:p]
    bounds = np.concatenate(([-np.inf], cuts, [np.inf]))
    upper, lower = bounds[outcome + 1] - linear, bounds[outcome] - linear

    # In the right tail both distribution values are near 1: mirror them to keep the difference.
    mirrored = lower > 0
    probability = np.where(mirrored, expit(-lower) - expit(-upper), expit(upper) - expit(lower))
    if (probability <= 0).any():
        return -np.inf, np.zeros_like(params), -np.eye(len(params))

    def densities(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        density = expit(at) * expit(-at)
        return density, density * (expit(-at) - expit(at))

    density_up, slope_up = densities(upper)
    density_low, slope_low = densities(lower)
    rows = np.arange(n)
    above, below = np.zeros((2, n, len(bounds)))
    above[rows, outcome + 1] = 1.0
    below[rows, outcome] = 1.0
    above = np.hstack((-matrix, above[:, 1:-1]))
    below = np.hstack((-matrix, below[:, 1:-1]))

    scores = (density_up[:, None] * above - density_low[:, None] * below) / probability[:, None]
    hessian = (above.T @ ((slope_up / probability)[:, None] * above)
               - below.T @ ((slope_low / probability)[:, None] * below)
               - scores.T @ scores)
    return float(np.log(probability).sum()), scores.sum(axis=0), hessian
