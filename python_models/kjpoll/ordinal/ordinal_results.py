"""The results of an ordinal model: inference, tests and tables on statsmodels' class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.base.model import LikelihoodModelResults
from statsmodels.miscmodels.ordinal_model import OrderedResults
from statsmodels.stats.contrast import ContrastResults
from statsmodels.tools.rng_qrng import check_random_state

from .bootstrap import Refitted, bootstrap
from .covariance import counted, design_df
from .marginal_effects import OrdinalMargins, marginal_effects
from .model_inputs import labels_of
from .newton import Maximum
from .nullable import numbers, readable
from .row_prediction import WHICH, OrdinalPrediction, predict_rows


class Estimated(Refitted, Protocol):
    """What the results read of the model besides: its link and its number of covariates."""

    link: str
    k_vars: int

    def category_counts(self) -> np.ndarray:
        """(k,) weighted observations per category."""


class OrdinalResults(OrderedResults):  # type: ignore[misc]  # statsmodels has no types
    """Estimates, their covariance and figures of fit; params are coefficients, then cut points.

    covariance: (p + k - 1, p + k - 1) ndarray under `vce`. gradient_norm: largest absolute
    element of the gradient. With sampling weights llf is a pseudo log likelihood of weights with
    mean 1 (Stata's is of the weights as given). Under `design` pvalues, conf_int, t_test and
    wald_test are by t and the adjusted F with df_resid_inference degrees of freedom, and nobs
    counts observations with sampling weight 0; elsewhere they are normal, and nobs does not.
    """

    converged = True

    def __init__(self, model: Estimated, maximum: Maximum, covariance: np.ndarray, vce: str) -> None:
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
        self.coefficients = maximum.theta[: model.k_vars]
        self.cut_points = maximum.theta[model.k_vars :]
        self.mle_retvals = {"converged": True, "iterations": maximum.iterations}
        self.llf = maximum.value
        shares = model.category_counts()
        self.llnull = float(shares @ np.log(shares / shares.sum()))

    llf: Any = None  # plain attributes here; statsmodels recomputes them on demand
    llnull: Any = None

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
        return float(stats.chi2.sf(self.llr, self.model.k_vars)) if self.likelihood_is_real else np.nan

    @property
    def wald_chi2(self) -> float:
        """All coefficients zero, under the covariance in use."""
        p = self.model.k_vars
        return float(self.coefficients @ np.linalg.solve(self.covariance[:p, :p], self.coefficients))

    @property
    def wald_pvalue(self) -> float:
        """Of wald_chi2; under `design` by the adjusted F."""
        if self.vce == "design":
            return float(self._adjusted(self.wald_chi2, self.model.k_vars).pvalue)
        return float(stats.chi2.sf(self.wald_chi2, self.model.k_vars))

    def wald_test(
        self,
        r_matrix: Any,
        cov_p: Any = None,
        invcov: Any = None,
        use_f: bool | None = None,
        df_constraints: int | None = None,
        scalar: bool = True,
    ) -> ContrastResults:
        """As in statsmodels; under `design` its F is the adjusted one, nan with fewer sampling
        units than the constraints ask for. use_f=False gives chi-squared."""
        test = super().wald_test(r_matrix, cov_p, invcov, use_f, df_constraints, scalar)
        if self.vce != "design" or test.distribution != "F":
            return test
        return self._adjusted(test.statistic * test.df_num, test.df_num)

    def _adjusted(self, wald: float, q: float) -> ContrastResults:
        d = self.df_resid_inference
        left = d - q + 1
        return ContrastResults(
            F=wald * left / (q * d) if q and left > 0 else wald * np.nan, df_denom=left, df_num=q
        )

    @property
    def score_obsv(self) -> np.ndarray:
        """Scores whose outer products add up to the sum over all observations."""
        rows = self.model.score_obs(self.params)
        return np.asarray(rows / np.sqrt(np.maximum(self.model.freq_weights, 1e-300))[:, None])

    def odds_ratios(self, alpha: float = 0.05) -> pd.DataFrame:
        """exp(b) per covariate: odds_ratio, std_error (delta method), ci_low, ci_high (the
        exponentials of b's limits, as Stata prints them). The logit link only."""
        if self.link != "logit":
            raise ValueError(f"odds ratios need the logit link, this model's is {self.link}")
        p = self.model.k_vars
        ratio = np.exp(self.coefficients)
        low, high = np.exp(self.conf_int(alpha)[:p]).T
        return pd.DataFrame(
            {
                "odds_ratio": ratio,
                "std_error": ratio * np.sqrt(np.diag(self.covariance)[:p]),
                "ci_low": low,
                "ci_high": high,
            },
            index=self.model.exog_names[:p],
        )

    def _transform_predict_exog(self, exog: Any, transform: bool = True) -> tuple[Any, Any]:
        """statsmodels' step before every prediction; NA is NaN here, as in numpy."""
        formula = getattr(self.model, "formula", None)
        if formula is None or not transform:
            exog = numbers(exog)
        elif isinstance(exog, pd.DataFrame):
            exog = readable(exog, formula)
        exog, index = super()._transform_predict_exog(exog, transform)
        return exog, index

    def get_prediction(
        self,
        exog: Any = None,
        which: str = "mean",
        transform: bool = True,
        row_labels: Any = None,
        average: bool = False,
        agg_weights: Any = None,
    ) -> OrdinalPrediction:
        """As in statsmodels: the probabilities of all categories in each row of `exog` (the model's if None), with
        standard errors and intervals. which: `mean` or `prob`, which are the same here. average: of the mean over
        the rows, weighted by agg_weights."""
        if which not in WHICH:
            raise ValueError(f"which is {which!r}; write {' or '.join(WHICH)} (predict has the others)")
        if exog is None:
            matrix, labels = self.model.exog, self.model.data.row_labels
        else:
            matrix, labels = self._transform_predict_exog(exog, transform)
        labels = labels if row_labels is None else row_labels
        return predict_rows(self, matrix, labels, average=average, weights=agg_weights)

    def get_margeff(
        self,
        at: str = "overall",
        method: str = "dydx",
        atexog: Mapping[int | str, float] | None = None,
        dummy: bool = False,
        count: bool = False,
    ) -> OrdinalMargins:
        """Marginal effects on the probability of each category, as statsmodels' discrete results give them; see
        marginal_effects for what is taken."""
        if count:
            raise ValueError(
                "count is not supported; the effect of one unit more is a difference of get_prediction"
            )
        return marginal_effects(self, at, method, atexog or {}, dummy=dummy)

    def bootstrap(
        self,
        nrep: int = 100,
        method: None = None,
        disp: object = 0,
        store: bool = True,
        rng: Any = None,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As in statsmodels: mean and standard deviation (p + k - 1,) of the estimates in `nrep` samples drawn with
        replacement, and the estimates (nrep, p + k - 1), which `store` leaves in `bootstrap_results`. Drawn are the
        clusters of the model or of cov_kwds, else the observations. rng: a seed or a numpy generator. See bootstrap
        for the errors."""
        if method is not None:
            raise ValueError(
                f"method is {method!r}; there is no choice, every sample is fitted by Newton's method"
            )
        groups = labels_of("groups", self.cov_kwds.get("groups"), len(self.model.freq_weights))
        clusters = self.model.clusters if groups is None else groups
        estimates = bootstrap(self.model, clusters, nrep, check_random_state(rng))
        if store:
            self.bootstrap_results = estimates
        return estimates.mean(axis=0), estimates.std(axis=0), estimates

    def pred_table(self) -> pd.DataFrame:
        """Observed categories (rows) by the most probable one (columns), with margins, in
        weighted observations."""
        k = self.k_levels
        counts = np.zeros((k, k))
        np.add.at(counts, (self.model.endog, np.asarray(self.predict()).argmax(axis=1)), self.model.weights)
        counts = np.block(
            [
                [counts, counts.sum(axis=1, keepdims=True)],
                [counts.sum(axis=0, keepdims=True), counts.sum(keepdims=True)],
            ]
        )
        names = [*range(k), "All"]
        return pd.DataFrame(
            counts, index=pd.Index(names, name="observed"), columns=pd.Index(names, name="predicted")
        )

    def summary(
        self,
        yname: str | None = None,
        xname: list[str] | None = None,
        title: str | None = None,
        alpha: float = 0.05,
    ) -> Any:
        """statsmodels' table, with the link, the covariance and the tests of the whole model."""
        table = super().summary(yname, xname, title, alpha)
        weighted = self.model.sampling_weights is not None
        p = self.model.k_vars
        if self.likelihood_is_real:
            test = f"LR chi2({p}) {self.llr:.2f}, p {self.llr_pvalue:.4g}"
        elif self.vce == "design":
            adjusted = self._adjusted(self.wald_chi2, p)
            test = (
                f"Adjusted Wald F({p}, {adjusted.df_denom:g}) {adjusted.statistic:.2f}, "
                f"p {self.wald_pvalue:.4g}"
            )
        else:
            test = f"Wald chi2({p}) {self.wald_chi2:.2f}, p {self.wald_pvalue:.4g}"
        table.add_extra_txt(
            [
                f"Link {self.link}; covariance {self.cov_type}" + ("; sampling weights" if weighted else ""),
                f"{test}; McFadden's pseudo R2 {self.prsquared:.4f}",
            ]
        )
        return table
