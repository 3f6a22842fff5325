"""One warehouse row per model x parameter, with the model's own figures repeated in each."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
from scipy import stats

from .design import Column, Design
from .ordinal import OrdinalResults
from .specification import Specification

COLUMNS = {
    "model_id": "string", "printed_table": "int64", "model": "int64", "sample_id": "string",
    "outcome": "string", "formula": "string",
    "n_obs": "int64", "n_sample": "int64", "n_dropped": "int64", "n_dropped_dont_know": "int64",
    "n_dropped_no_answer": "int64", "n_dropped_skipped": "int64", "dropped_by_term": "string",
    "log_likelihood": "float64", "log_likelihood_null": "float64", "pseudo_r2": "float64",
    "lr_chi2": "float64", "df_model": "int64", "p_value_model": "float64", "aic": "float64",
    "bic": "float64", "vce": "string", "weight": "string", "converged": "bool",
    "gradient_norm": "float64", "iterations": "int64", "spec_hash": "string",
    "term_position": "int64", "kind": "string", "term": "string", "category_id": "string",
    "reference_category": "string", "estimate": "float64", "std_error": "float64",
    "statistic": "float64", "p_value": "float64", "stars": "string", "ci_low": "float64",
    "ci_high": "float64", "odds_ratio": "Float64",
}
SIGNIFICANT_DIGITS = 12
NORMAL_975 = float(stats.norm.ppf(0.975))


def rows_of(spec: Specification, design: Design, fit: OrdinalResults) -> list[dict]:
    """Rows of one model: the coefficients in printed order, then the cut points, ascending."""
    model = _model_figures(spec, design, fit)
    names = [("coefficient", column) for column in design.columns]
    names += [("cut_point", Column(f"cut{j}")) for j in range(1, len(fit.cut_points) + 1)]
    estimates = np.concatenate((fit.coefficients, fit.cut_points))
    return [
        model | {"term_position": position, "kind": kind, "term": column.term,
                 "category_id": column.category_id,
                 "reference_category": column.reference_category}
        | _inference(kind, float(estimate), float(std_error))
        for position, ((kind, column), estimate, std_error)
        in enumerate(zip(names, estimates, np.sqrt(np.diag(fit.covariance))), start=1)
    ]


def to_frame(rows: list[dict]) -> pd.DataFrame:
    """The rows as a frame with the columns and types of COLUMNS; floats at 12 significant
    digits, so that the last bits of a linear-algebra library do not reach the warehouse."""
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for name, kind in COLUMNS.items():
        if kind.lower() == "float64":
            frame[name] = frame[name].map(_rounded)
    return frame.astype(COLUMNS)


def stars_of(p_value: float) -> str:
    """The printed tables' marks: *** below 0.001, ** below 0.01, * below 0.05, else none."""
    return "***" if p_value < 0.001 else "**" if p_value < 0.01 else "*" if p_value < 0.05 else ""


def _model_figures(spec: Specification, design: Design, fit: OrdinalResults) -> dict:
    return {
        "model_id": spec.model_id, "printed_table": spec.printed_table, "model": spec.model,
        "sample_id": spec.sample_id, "outcome": spec.outcome, "formula": spec.formula,
        "n_obs": int(fit.nobs), "n_sample": design.n_sample, "n_dropped": design.n_dropped(),
        "n_dropped_dont_know": design.n_dropped("dont_know"),
        "n_dropped_no_answer": design.n_dropped("no_answer"),
        "n_dropped_skipped": design.n_dropped("skipped"),
        "dropped_by_term": json.dumps(design.dropped, separators=(",", ":")),
        "log_likelihood": fit.llf, "log_likelihood_null": fit.llnull,
        "pseudo_r2": fit.prsquared,
        "lr_chi2": fit.llr, "df_model": len(fit.coefficients),
        "p_value_model": fit.llr_pvalue, "aic": fit.aic, "bic": fit.bic,
        "vce": fit.vce, "weight": "none", "converged": fit.converged,
        # What is left of the gradient is rounding noise: beyond nine decimals it would differ
        # between machines.
        "gradient_norm": round(fit.gradient_norm, 9), "iterations": fit.iterations,
        "spec_hash": spec.spec_hash,
    }


def _inference(kind: str, estimate: float, std_error: float) -> dict:
    statistic = estimate / std_error
    p_value = 2 * float(stats.norm.sf(abs(statistic)))
    return {
        "estimate": estimate, "std_error": std_error, "statistic": statistic,
        "p_value": p_value, "stars": stars_of(p_value),
        "ci_low": estimate - NORMAL_975 * std_error, "ci_high": estimate + NORMAL_975 * std_error,
        "odds_ratio": float(np.exp(estimate)) if kind == "coefficient" else None,
    }


def _rounded(value: float | None) -> float | None:
    return value if pd.isna(value) else float(f"{value:.{SIGNIFICANT_DIGITS}g}")
