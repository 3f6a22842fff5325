"""Ordered logit and probit on statsmodels' classes, with weights that act and natural cut points.

What differs from statsmodels' OrderedModel: the parameters are the coefficients and the cut points
themselves (not a first cut point and log increments), derivatives are exact, weights are used or
refused by name, and a fit that did not reach a maximum is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.miscmodels.ordinal_model import OrderedModel, OrderedResultsWrapper

from .collinearity import near_dependency, refuse, warn
from .cov_type import AskedCovariance
from .estimability import check_columns, check_outcome, check_separated
from .formula import PER_ROW, read_formula
from .likelihood import Likelihood
from .links import LINKS
from .model_inputs import check_ordered, check_values, labels_of, weights_of
from .newton import Maximum, NotConverged, maximise
from .nullable import numbers
from .ordinal_results import OrdinalResults

FROM_FORMULA = {"formula", "model_spec", "missing", "missing_idx"}


class OrdinalModel(OrderedModel):  # type: ignore[misc]  # statsmodels has no types
    """P(y <= j) = F(cut_j - x b), F logistic or normal.

    endog: (n,) ordered outcome; numbers, or an ordered pandas Categorical, whose declared
    categories must all occur. exog: (n, p) covariates without a constant, or None.
    freq_weights: (n,) whole numbers; a row with frequency f stands for f equal observations.
    sampling_weights: (n,) inverse inclusion probabilities, Stata's pweights; only their ratios
    matter, since they are scaled to a mean of 1 over the observations with a positive weight.
    clusters, strata: (n,) labels of primary sampling units and of strata.
    nobs: observations with a positive weight.
    Raises TypeError for any other keyword, ValueError for weights that cannot be and for a missing
    or infinite value of the outcome or a covariate, which it names.
    """

    endog: np.ndarray

    def __init__(
        self,
        endog: Any,
        exog: Any = None,
        *,
        link: str = "logit",
        freq_weights: Any = None,
        sampling_weights: Any = None,
        clusters: Any = None,
        strata: Any = None,
        **unknown: Any,
    ) -> None:
        formula = {name: unknown.pop(name) for name in FROM_FORMULA & set(unknown)}
        if unknown:
            raise TypeError(
                f"OrdinalModel has no keyword {', '.join(sorted(unknown))}; weights are "
                "freq_weights (a row stands for f equal observations) or sampling_weights "
                "(inverse inclusion probabilities), the link is link='logit' or 'probit'"
            )
        if link not in LINKS:
            raise ValueError(f"link is {link!r}; write {' or '.join(LINKS)}")
        self.link = link
        endog = check_ordered(endog)
        check_values(endog, exog, dropped=formula.get("missing") == "drop")
        # A constant is refused with its name in fit; statsmodels' search for one costs more
        # than the fit.
        super().__init__(endog, numbers(exog), distr=link, hasconst=False, **formula)
        outcome = np.asarray(self.endog)
        if outcome.ndim == 2:  # a formula's Categorical outcome arrives as indicators
            outcome = outcome.argmax(axis=1)
        self.endog = outcome.astype(np.intp)
        n = len(self.endog)
        self.freq_weights = weights_of("freq_weights", freq_weights, n)
        if (self.freq_weights % 1 != 0).any():
            raise ValueError(
                "freq_weights must be whole numbers; for weights that adjust a sample use sampling_weights"
            )
        self.sampling_weights: np.ndarray | None = None
        self.weights = self.freq_weights
        if sampling_weights is not None:
            raw = weights_of("sampling_weights", sampling_weights, n)
            there = self.freq_weights[raw > 0].sum()
            if not there:
                raise ValueError("no row has both a positive freq_weight and a positive sampling_weight")
            self.sampling_weights = raw * (there / (self.freq_weights @ raw))
            self.weights = self.freq_weights * self.sampling_weights
        self.nobs = float(self.freq_weights[self.weights > 0].sum())
        self.clusters, self.strata = (
            labels_of(name, given, n) for name, given in (("clusters", clusters), ("strata", strata))
        )
        self.df_resid = self.nobs - (self.k_vars + self.k_extra)
        self.categories = [str(label) for label in self.labels] or [str(j) for j in range(self.k_levels)]
        # Before the likelihood: its cut points need observations on both sides.
        check_outcome(
            self.category_counts(), self.categories, model=str(self.endog_names), term=str(self.endog_names)
        )
        matrix = np.empty((n, 0)) if self.exog is None else np.asarray(self.exog, dtype=float)
        self.likelihood = Likelihood(self.endog, matrix, self.weights, link, self.k_levels)

    @classmethod
    def from_formula(
        cls,
        formula: str,
        data: pd.DataFrame,
        subset: Any = None,
        drop_cols: Any = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """As in statsmodels: `missing` is drop or raise, and what is missing NaN, None or NA. The outcome is a
        column of numbers, an ordered Categorical, or an expression that gives numbers. The keywords are those of
        the model; weights and labels have one element per row of `data`, or per row that is kept."""
        design = read_formula(
            formula, data, subset, drop_cols, kwargs.pop("missing", "drop"), kwargs.pop("eval_env", None)
        )
        for name in PER_ROW:
            kwargs[name] = design.of_rows(kwargs.get(name))
        model = cls(design.outcome, design.matrix, *args, **design.keywords, **kwargs)
        model.formula, model.data.frame = formula, design.data
        return model

    def initialize(self) -> None:
        """statsmodels computes the rank here to set degrees of freedom that are set again."""
        self.df_model = self.df_resid = np.nan

    def _initialize_labels(self, labels: Any, k_levels: int | None = None) -> None:
        super()._initialize_labels(labels, k_levels)
        self.exog_names[self.k_vars :] = [f"cut{j}" for j in range(1, self.k_levels)]

    def fit(
        self,
        vce: str | None = None,
        *,
        cov_type: str | None = None,
        cov_kwds: Mapping[str, Any] | None = None,
        disp: object = None,
        **unknown: Any,
    ) -> OrderedResultsWrapper:
        """Maximum likelihood; the wrapped OrdinalResults.

        vce: `oim`, `robust`, `cluster` or `design` (see covariance). None takes what the data
        were declared as: design with strata, else cluster with clusters, else robust with
        sampling weights (as Stata does with pweights), else oim.
        cov_type, cov_kwds: the same by statsmodels' names and with its factors (see cov_type):
        `nonrobust`, `HC0`, `HC1`, or `cluster` with {"groups": labels}.
        disp: statsmodels' argument; nothing is printed either way.
        Raises RegressionError for a design without a unique finite maximum, ValueError for a
        covariance that the weights or the missing labels rule out, TypeError for other keywords.
        Warns (CollinearityWarning) of nearly collinear columns.
        """
        if unknown:
            raise TypeError(
                f"fit has no keyword {', '.join(sorted(unknown))}; write vce, cov_type, cov_kwds or disp. "
                "The maximum is found by Newton's method, which needs no start and no choice"
            )
        asked = AskedCovariance.of(self, vce, cov_type, cov_kwds)
        maximum = self.maximum_of()
        covariance = asked.compute(self, maximum)
        results = OrdinalResults(self, maximum, covariance, asked.vce)
        results.cov_type, results.cov_kwds = asked.name, dict(cov_kwds or {})
        return OrderedResultsWrapper(results)

    def maximum_of(self, weights: np.ndarray | None = None) -> Maximum:
        """The maximum with (n,) weights in place of the model's, or the reason why there is none."""
        model, names = str(self.endog_names), self.exog_names[: self.k_vars]
        data, given = self.likelihood, self.weights if weights is None else weights
        held = given > 0
        if weights is not None or not held.all():
            data = Likelihood(self.endog[held], data.matrix[held], given[held], self.link, self.k_levels)
        correlations = data.correlations()
        check_columns(data.matrix, correlations, names, self.nobs, model=model)
        near = near_dependency(correlations, names)
        refuse(near, model=model)
        try:
            maximum = maximise(data, model=model)
        except NotConverged as error:
            check_separated(data.outcome, data.matrix, self.k_levels, names, model=model)
            if near is None:
                raise
            raise NotConverged(f"{error.problem}; {near}", model=model, term=near.names[-1]) from error
        if weights is None:
            warn(near, model=model, stacklevel=3)
        return maximum

    def category_counts(self) -> np.ndarray:
        """(k,) weighted observations per category."""
        return np.bincount(self.endog, self.weights, minlength=self.k_levels)

    # statsmodels' hooks, in natural parameters.

    def transform_threshold_params(self, params: Any) -> np.ndarray:
        """The cut points between minus and plus infinity; nothing is transformed."""
        return np.concatenate(([-np.inf], np.asarray(params)[self.k_vars :], [np.inf]))

    def transform_reverse_threshold_params(self, params: Any) -> np.ndarray:
        return np.asarray(params)[:-1]

    @property
    def start_params(self) -> np.ndarray:
        return self.likelihood.start()

    def cdf(self, x: np.ndarray) -> np.ndarray:
        return self.likelihood.link.cumulative(x)

    def prob(self, low: np.ndarray, upp: np.ndarray) -> np.ndarray:
        """P(low < u <= upp); both links are symmetric, so the right tail is mirrored."""
        mirrored = low > 0
        return np.asarray(self.cdf(np.where(mirrored, -low, upp)) - self.cdf(np.where(mirrored, -upp, low)))

    def loglike(self, params: Any) -> float:
        return self.likelihood.value(np.asarray(params))

    def loglikeobs(self, params: Any) -> np.ndarray:
        """(n,) weighted contributions; their sum is loglike."""
        return np.asarray(self.weights * self.likelihood.values(np.asarray(params)))

    def score(self, params: Any) -> np.ndarray:
        return self.likelihood.gradient(np.asarray(params))

    def score_obs(self, params: Any) -> np.ndarray:
        """(n, p + k - 1) weighted scores; their sum is score."""
        return np.asarray(self.weights[:, None] * self.likelihood.scores(np.asarray(params)))

    def hessian(self, params: Any) -> np.ndarray:
        return self.likelihood.hessian(np.asarray(params))
