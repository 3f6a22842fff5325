"""Ordered logit and probit on statsmodels' classes, with weights that act and natural cut points.

What differs from statsmodels' OrderedModel: the parameters are the coefficients and the cut points
themselves (not a first cut point and log increments), derivatives are exact, weights are used or
refused by name, and a fit that did not reach a maximum is an error.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.base.model import LikelihoodModelResults
from statsmodels.formula.formulatools import advance_eval_env
from statsmodels.miscmodels.ordinal_model import (
    OrderedModel,
    OrderedResults,
    OrderedResultsWrapper,
)
from statsmodels.stats.contrast import ContrastResults

from .checks import check_columns, check_outcome, check_separated
from .covariance import VCE, counted, covariance_of, default_vce, design_df
from .likelihood import LINKS, Likelihood
from .newton import Maximum, NotConverged, maximise

FROM_FORMULA = {"formula", "model_spec", "missing", "missing_idx"}


class OrdinalModel(OrderedModel):
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

    def __init__(self, endog, exog=None, *, link: str = "logit", freq_weights=None,
                 sampling_weights=None, clusters=None, strata=None, **unknown) -> None:
        formula = {name: unknown.pop(name) for name in FROM_FORMULA & set(unknown)}
        if unknown:
            raise TypeError(
                f"OrdinalModel has no keyword {', '.join(sorted(unknown))}; weights are "
                "freq_weights (a row stands for f equal observations) or sampling_weights "
                "(inverse inclusion probabilities), the link is link='logit' or 'probit'")
        if link not in LINKS:
            raise ValueError(f"link is {link!r}; write {' or '.join(LINKS)}")
        self.link = link
        _check_values(endog, exog, dropped=formula.get("missing") == "drop")
        # A constant is refused with its name in fit; statsmodels' search for one costs more
        # than the fit.
        super().__init__(endog, exog, distr=link, hasconst=False, **formula)
        if self.endog.ndim == 2:    # a formula's Categorical outcome arrives as indicators
            self.endog = self.endog.argmax(axis=1)
        self.endog = np.asarray(self.endog).astype(np.intp)
        n = len(self.endog)
        self.freq_weights = _weights("freq_weights", freq_weights, n)
        if (self.freq_weights % 1 != 0).any():
            raise ValueError("freq_weights must be whole numbers; for weights that adjust a "
                             "sample use sampling_weights")
        self.sampling_weights = None
        self.weights = self.freq_weights
        if sampling_weights is not None:
            raw = _weights("sampling_weights", sampling_weights, n)
            there = self.freq_weights[raw > 0].sum()
            if not there:
                raise ValueError("no row has both a positive freq_weight and a positive "
                                 "sampling_weight")
            self.sampling_weights = raw * (there / (self.freq_weights @ raw))
            self.weights = self.freq_weights * self.sampling_weights
        self.nobs = float(self.freq_weights[self.weights > 0].sum())
        self.clusters, self.strata = (_labels(name, given, n) for name, given in
                                      (("clusters", clusters), ("strata", strata)))
        self.df_resid = self.nobs - (self.k_vars + self.k_extra)
        self.categories = [str(label) for label in self.labels] or [
            str(j) for j in range(self.k_levels)]
        # Before the likelihood: its cut points need observations on both sides.
        check_outcome(self._shares(), self.categories, model=str(self.endog_names),
                      term=str(self.endog_names))
        matrix = np.empty((n, 0)) if self.exog is None else np.asarray(self.exog, dtype=float)
        self.likelihood = Likelihood(self.endog, matrix, self.weights, link, self.k_levels)

    @classmethod
    def from_formula(cls, formula, data, subset=None, drop_cols=None, *args, **kwargs):
        """As in statsmodels; a Categorical outcome must be ordered. The keywords are those of
        the model; weights are arrays with one element per row that the formula keeps."""
        name = formula.split("~")[0].strip()
        outcome = data[name] if name in data else None
        categorical = outcome is not None and isinstance(outcome.dtype, pd.CategoricalDtype)
        if categorical and not outcome.dtype.ordered:
            raise ValueError(f"the outcome {name} is an unordered Categorical; order it")
        advance_eval_env(kwargs)
        model = super().from_formula(formula, data, subset, drop_cols, *args, **kwargs)
        if categorical:
            model.labels, model.data.ynames = outcome.cat.categories, name
        return model

    def initialize(self) -> None:
        """statsmodels computes the rank here to set degrees of freedom that are set again."""
        self.df_model = self.df_resid = np.nan

    def _initialize_labels(self, labels, k_levels=None) -> None:
        super()._initialize_labels(labels, k_levels)
        self.exog_names[self.k_vars:] = [f"cut{j}" for j in range(1, self.k_levels)]

    def fit(self, vce: str | None = None) -> OrderedResultsWrapper:
        """Maximum likelihood; the wrapped OrdinalResults.

        vce: `oim`, `robust`, `cluster` or `design` (see covariance). None takes what the data
        were declared as: design with strata, else cluster with clusters, else robust with
        sampling weights (as Stata does with pweights), else oim.
        Raises RegressionError for a design without a unique finite maximum, ValueError for a
        vce that the weights or the missing labels rule out.
        """
        vce = default_vce(self) if vce is None else vce
        if vce not in VCE:
            raise ValueError(f"vce is {vce!r}; write one of {', '.join(VCE)}")
        maximum = self._maximum()
        covariance = covariance_of(self, maximum, vce)
        return OrderedResultsWrapper(OrdinalResults(self, maximum, covariance, vce))

    def _maximum(self) -> Maximum:
        """The maximum, or the reason why there is none."""
        model, names = str(self.endog_names), self.exog_names[:self.k_vars]
        data = self.likelihood
        held = self.weights > 0
        if not held.all():
            data = Likelihood(self.endog[held], data.matrix[held], self.weights[held], self.link,
                              self.k_levels)
        check_columns(data.matrix, data.correlations(), names, self.nobs, model=model)
        try:
            return maximise(data, model=model)
        except NotConverged:
            check_separated(data.outcome, data.matrix, self.k_levels, names, model=model)
            raise

    def _shares(self) -> np.ndarray:
        """(k,) weighted observations per category."""
        return np.bincount(self.endog, self.weights, minlength=self.k_levels)

    # statsmodels' hooks, in natural parameters.

    def transform_threshold_params(self, params) -> np.ndarray:
        """The cut points between minus and plus infinity; nothing is transformed."""
        return np.concatenate(([-np.inf], np.asarray(params)[self.k_vars:], [np.inf]))

    def transform_reverse_threshold_params(self, params) -> np.ndarray:
        return np.asarray(params)[:-1]

    @property
    def start_params(self) -> np.ndarray:
        return self.likelihood.start()

    def cdf(self, x) -> np.ndarray:
        return self.likelihood.link.cdf(x)

    def prob(self, low, upp) -> np.ndarray:
        """P(low < u <= upp); both links are symmetric, so the right tail is mirrored."""
        mirrored = low > 0
        return self.cdf(np.where(mirrored, -low, upp)) - self.cdf(np.where(mirrored, -upp, low))

    def loglike(self, params) -> float:
        return self.likelihood.value(np.asarray(params))

    def loglikeobs(self, params) -> np.ndarray:
        """(n,) weighted contributions; their sum is loglike."""
        return self.weights * self.likelihood.values(np.asarray(params))

    def score(self, params) -> np.ndarray:
        return self.likelihood.gradient(np.asarray(params))

    def score_obs(self, params) -> np.ndarray:
        """(n, p + k - 1) weighted scores; their sum is score."""
        return self.weights[:, None] * self.likelihood.scores(np.asarray(params))

    def hessian(self, params) -> np.ndarray:
        return self.likelihood.hessian(np.asarray(params))


class OrdinalResults(OrderedResults):
    """Estimates, their covariance and figures of fit; params are coefficients, then cut points.

    covariance: (p + k - 1, p + k - 1) ndarray under `vce`. gradient_norm: largest absolute
    element of the gradient. With sampling weights llf is a pseudo log likelihood of weights with
    mean 1 (Stata's is of the weights as given). Under `design` pvalues, conf_int, t_test and
    wald_test are by t and the adjusted F with df_resid_inference degrees of freedom, and nobs
    counts observations with sampling weight 0; elsewhere they are normal, and nobs does not.
    """

    converged = True

    def __init__(self, model: OrdinalModel, maximum: Maximum, covariance: np.ndarray,
                 vce: str) -> None:
        base = LikelihoodModelResults(model, maximum.theta, covariance, scale=1.0)
        base.nobs = float(model.freq_weights[counted(model, vce)].sum())
        base.df_resid = base.nobs - len(maximum.theta)
        super().__init__(model, base)
        self.hasconst = 0
        self.vce, self.cov_type, self.link = vce, vce, model.link
        self.covariance = covariance
        if vce == "design":
            self.use_t, self.df_resid_inference = True, design_df(model)
        self.gradient_norm, self.iterations = maximum.gradient_norm, maximum.iterations
        self.k_levels = model.k_levels
        self.coefficients = maximum.theta[:model.k_vars]
        self.cut_points = maximum.theta[model.k_vars:]
        self.mle_retvals = {"converged": True, "iterations": maximum.iterations}
        self.llf = maximum.value
        shares = model._shares()
        self.llnull = float(shares @ np.log(shares / shares.sum()))

    llf = llnull = None     # plain attributes here; statsmodels recomputes them on demand

    @property
    def likelihood_is_real(self) -> bool:
        """Whether llf is the log likelihood of independent observations, so that twice its
        differences are chi-squared: with oim and without sampling weights, clusters or strata.
        Otherwise it is a pseudo log likelihood, and wald_pvalue tests the model."""
        declared = (self.model.sampling_weights, self.model.clusters, self.model.strata)
        return self.vce == "oim" and all(given is None for given in declared)

    @property
    def llr_pvalue(self) -> float:
        """Chi-squared with p degrees of freedom; nan unless likelihood_is_real."""
        return float(stats.chi2.sf(self.llr, self.model.k_vars)) if self.likelihood_is_real \
            else np.nan

    @property
    def wald_chi2(self) -> float:
        """All coefficients zero, under the covariance in use."""
        p = self.model.k_vars
        return float(self.coefficients @ np.linalg.solve(self.covariance[:p, :p],
                                                         self.coefficients))

    @property
    def wald_pvalue(self) -> float:
        """Of wald_chi2; under `design` by the adjusted F."""
        if self.vce == "design":
            return float(self._adjusted(self.wald_chi2, self.model.k_vars).pvalue)
        return float(stats.chi2.sf(self.wald_chi2, self.model.k_vars))

    def wald_test(self, r_matrix, cov_p=None, invcov=None, use_f=None, df_constraints=None,
                  scalar=True) -> ContrastResults:
        """As in statsmodels; under `design` its F is the adjusted one, nan with fewer sampling
        units than the constraints ask for. use_f=False gives chi-squared."""
        test = super().wald_test(r_matrix, cov_p, invcov, use_f, df_constraints, scalar)
        if self.vce != "design" or test.distribution != "F":
            return test
        return self._adjusted(test.statistic * test.df_num, test.df_num)

    def _adjusted(self, wald: float, q: float) -> ContrastResults:
        d = self.df_resid_inference
        left = d - q + 1
        return ContrastResults(F=wald * left / (q * d) if q and left > 0 else wald * np.nan,
                               df_denom=left, df_num=q)

    @property
    def score_obsv(self) -> np.ndarray:
        """Scores whose outer products add up to the sum over all observations."""
        rows = self.model.score_obs(self.params)
        return rows / np.sqrt(np.maximum(self.model.freq_weights, 1e-300))[:, None]

    def odds_ratios(self, alpha: float = 0.05) -> pd.DataFrame:
        """exp(b) per covariate: odds_ratio, std_error (delta method), ci_low, ci_high (the
        exponentials of b's limits, as Stata prints them). The logit link only."""
        if self.link != "logit":
            raise ValueError(f"odds ratios need the logit link, this model's is {self.link}")
        p = self.model.k_vars
        ratio = np.exp(self.coefficients)
        low, high = np.exp(self.conf_int(alpha)[:p]).T
        return pd.DataFrame({
            "odds_ratio": ratio, "std_error": ratio * np.sqrt(np.diag(self.covariance)[:p]),
            "ci_low": low, "ci_high": high}, index=self.model.exog_names[:p])

    def pred_table(self) -> pd.DataFrame:
        """Observed categories (rows) by the most probable one (columns), with margins, in
        weighted observations."""
        k = self.k_levels
        counts = np.zeros((k, k))
        np.add.at(counts, (self.model.endog, np.asarray(self.predict()).argmax(axis=1)),
                  self.model.weights)
        counts = np.block([[counts, counts.sum(axis=1, keepdims=True)],
                           [counts.sum(axis=0, keepdims=True), counts.sum(keepdims=True)]])
        names = [*range(k), "All"]
        return pd.DataFrame(counts, index=pd.Index(names, name="observed"),
                            columns=pd.Index(names, name="predicted"))

    def summary(self, yname=None, xname=None, title=None, alpha=0.05):
        """statsmodels' table, with the link, the covariance and the tests of the whole model."""
        table = super().summary(yname, xname, title, alpha)
        weighted = self.model.sampling_weights is not None
        p = self.model.k_vars
        if self.likelihood_is_real:
            test = f"LR chi2({p}) {self.llr:.2f}, p {self.llr_pvalue:.4g}"
        elif self.vce == "design":
            adjusted = self._adjusted(self.wald_chi2, p)
            test = (f"Adjusted Wald F({p}, {adjusted.df_denom:g}) {adjusted.statistic:.2f}, "
                    f"p {self.wald_pvalue:.4g}")
        else:
            test = f"Wald chi2({p}) {self.wald_chi2:.2f}, p {self.wald_pvalue:.4g}"
        table.add_extra_txt([f"Link {self.link}; covariance {self.vce}"
                             + ("; sampling weights" if weighted else ""),
                             f"{test}; McFadden's pseudo R2 {self.prsquared:.4f}"])
        return table


def _check_values(endog, exog, *, dropped: bool) -> None:
    """No missing and no infinite value; dropped: statsmodels leaves out rows with missing ones."""
    for role, columns in (("the outcome", _columns(endog, "y")), ("column", _columns(exog, "x"))):
        for name, column in columns:
            number = isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiub"
            if number and np.isfinite(column).all():
                continue
            bad = np.asarray(np.isinf(column) if number else
                             pd.Series(column).isin([np.inf, -np.inf]))
            if not dropped:
                bad = bad | np.asarray(pd.isna(column))
            if bad.any():
                raise ValueError(f"{role} {name} has a missing or infinite value in row "
                                 f"{int(np.flatnonzero(bad)[0])}; leave such rows out")


def _columns(given, base: str) -> list[tuple[object, np.ndarray | pd.Series]]:
    """The columns with their names, as statsmodels names them."""
    if given is None:
        return []
    if isinstance(given, pd.DataFrame):
        return [(name, given.iloc[:, j]) for j, name in enumerate(given.columns)]
    if isinstance(given, pd.Series):
        return [(base if given.name is None else given.name, given)]
    values = np.asarray(given)
    if values.ndim < 2:
        return [(base if base == "y" else "x1", np.atleast_1d(values))]
    return [(f"{base}{j}", column) for j, column in enumerate(values.T, start=1)]


def _weights(name: str, given, n: int) -> np.ndarray:
    if given is None:
        return np.ones(n)
    weights = np.asarray(given, dtype=float)
    if weights.shape != (n,):
        raise ValueError(f"{name} has the shape {weights.shape}, the outcome has {n} rows")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(f"{name} must be finite and not negative; row "
                         f"{int(np.flatnonzero(~(weights >= 0) | ~np.isfinite(weights))[0])} is not")
    if not weights.any():
        raise ValueError(f"{name} are all zero")
    return weights


def _labels(name: str, given, n: int) -> np.ndarray | None:
    """Labels as codes 0.. in order of appearance; the labels themselves are kept in `.names`."""
    if given is None:
        return None
    codes, names = pd.factorize(np.asarray(given))
    if len(codes) != n:
        raise ValueError(f"{name} has {len(codes)} rows, the outcome has {n}")
    if (codes < 0).any():
        raise ValueError(f"{name} has no label in row {int(np.flatnonzero(codes < 0)[0])}")
    return np.asarray(names)[codes]
