"""Rows for the warehouse: models, their terms, effects, assumption tests, predictions, and their sensitivity."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from kjpoll.ordinal.brant import brant
from kjpoll.ordinal.effects import average_marginal_effects
from kjpoll.ordinal.proportional_odds import likelihood_ratio, score_test
from kjpoll.ordinal.term_predictions import predictions_by_term

from .design import Design
from .fit import Dropped
from .fit_cache import CachedFit, Rows
from .parameters import Parameter, parameters_of
from .specification import Specification

if TYPE_CHECKING:
    from statsmodels.miscmodels.ordinal_model import OrderedResultsWrapper

MODEL = {
    "model_id": "string",
    "variant": "string",
    "base_model_id": "string",
    "printed_table": "Int64",
    "model": "Int64",
    "series": "string",
    "first_wave": "Int64",
    "last_wave": "Int64",
    "outcome": "string",
    "formula": "string",
    "link": "string",
    "nominal_terms": "string",
    "not_freed": "string",
    "left_out": "string",
    "comparability_breaks": "string",
    "dropped_terms": "string",
    "n_sample": "Int64",
    "n_obs": "Int64",
    "n_dropped": "Int64",
    "n_dropped_dont_know": "Int64",
    "n_dropped_no_answer": "Int64",
    "n_dropped_skipped": "Int64",
    "dropped_by_term": "string",
    "log_likelihood": "Float64",
    "log_likelihood_null": "Float64",
    "pseudo_r2": "Float64",
    "chi2": "Float64",
    "chi2_kind": "string",
    "df_model": "Int64",
    "p_value_model": "Float64",
    "aic": "Float64",
    "bic": "Float64",
    "vce": "string",
    "weight": "string",
    "common_sample": "boolean",
    "converged": "boolean",
    "gradient_norm": "Float64",
    "iterations": "Int64",
    "spec_hash": "string",
    "problem": "string",
}
TERM = {
    "model_id": "string",
    "alternative_id": "string",
    "term_position": "Int64",
    "test": "string",
    "kind": "string",
    "term": "string",
    "category_id": "string",
    "reference_category": "string",
    "cut_point": "Int64",
    "value": "Float64",
    "outcome_category": "string",
    "estimate": "Float64",
    "std_error": "Float64",
    "statistic": "Float64",
    "df": "Int64",
    "p_value": "Float64",
    "stars": "string",
    "ci_low": "Float64",
    "ci_high": "Float64",
    "odds_ratio": "Float64",
    "n_obs": "Int64",
    "problem": "string",
}
SIGNIFICANT_DIGITS = {
    "p_value": 8,
    "p_value_model": 8,
    "log_likelihood": 12,
    "log_likelihood_null": 12,
    "aic": 12,
    "bic": 12,
}
USUAL_DIGITS = 10
DECIMALS = 12
NORMAL_975 = float(ndtri(0.975))


@dataclass(frozen=True)
class Fitted:
    """A fitted model: what was asked for, what was fitted on what, and what was dropped."""

    spec: Specification
    fit: CachedFit
    dropped: tuple[Dropped, ...] = ()


def model_row(fitted: Fitted) -> dict:
    """The model's own figures, keys as in MODEL."""
    (figures,) = fitted.fit.part("model", lambda results: [_counts(fitted.fit.design) | _figures(results)])
    return (
        _described(fitted.spec)
        | {
            "dropped_terms": "; ".join(f"{d.column.term}: {d.reason}" for d in fitted.dropped) or None,
            "converged": True,
        }
        | figures
    )


def _counts(design: Design) -> dict:
    return {
        "n_sample": design.n_sample,
        "n_dropped": design.n_dropped(),
        "n_dropped_dont_know": design.n_dropped("dont_know"),
        "n_dropped_no_answer": design.n_dropped("no_answer"),
        "n_dropped_skipped": design.n_dropped("skipped"),
        "dropped_by_term": json.dumps(design.dropped, separators=(",", ":")),
    }


def _figures(results: OrderedResultsWrapper) -> dict:
    return {
        "n_obs": int(results.nobs),
        "log_likelihood": results.llf,
        "log_likelihood_null": results.llnull,
        "df_model": len(results.coefficients),
        # What is left of the gradient is rounding noise: beyond nine decimals it differs between machines.
        "gradient_norm": round(float(results.gradient_norm), 9),
        "iterations": results.iterations,
    } | _model_test(results)


def _model_test(results: OrderedResultsWrapper) -> dict:
    """Whether the terms explain anything. With weights or robust errors the likelihood is a pseudo one,
    so that a Wald test stands for the likelihood-ratio test, and what rests on the likelihood is left out."""
    if not results.likelihood_is_real:
        return {"chi2": results.wald_chi2, "chi2_kind": "Wald", "p_value_model": results.wald_pvalue}
    return {
        "chi2": results.llr,
        "chi2_kind": "LR",
        "p_value_model": results.llr_pvalue,
        "pseudo_r2": results.prsquared,
        "aic": results.aic,
        "bic": results.bic,
    }


def problem_row(spec: Specification, problem: str) -> dict:
    """A derived model that has no fit, and why."""
    return _described(spec) | {"converged": False, "problem": problem}


def _described(spec: Specification) -> dict:
    return {
        "model_id": spec.model_id,
        "variant": spec.variant,
        "base_model_id": spec.base_model_id,
        "printed_table": spec.printed_table,
        "model": spec.model,
        "series": spec.series,
        "first_wave": spec.first_wave,
        "last_wave": spec.last_wave,
        "outcome": spec.outcome,
        "formula": spec.formula,
        "link": spec.link,
        "nominal_terms": ", ".join(spec.nominal) or None,
        "not_freed": "; ".join(spec.not_freed) or None,
        "comparability_breaks": ", ".join(spec.comparability_breaks) or None,
        "left_out": ", ".join(spec.left_out) or None,
        "vce": spec.vce,
        "weight": spec.weight,
        "common_sample": spec.common_sample,
        "spec_hash": spec.spec_hash,
    }


def part_rows(fitted: Fitted, part: str) -> Rows:
    """The rows of one of PARTS under the model's name, of which a fit can have several; keys as in TERM."""
    rows = fitted.fit.part(part, lambda results: PARTS[part](fitted, results))
    return [row | {"model_id": fitted.spec.model_id} for row in rows]


def _terms(fitted: Fitted, results: OrderedResultsWrapper) -> list[dict]:
    """The coefficients in printed order, then the cut points, ascending."""
    return [
        {
            "term_position": position,
            "kind": parameter.kind,
            "term": parameter.column.term,
            "category_id": parameter.column.category_id,
            "reference_category": parameter.column.reference_category,
            "cut_point": parameter.cut_point,
            "n_obs": int(results.nobs),
        }
        | _inference(parameter, fitted.spec.link)
        for position, parameter in enumerate(parameters_of(results, fitted.fit.design.columns), start=1)
    ]


def _effects(fitted: Fitted, results: OrderedResultsWrapper) -> list[dict]:
    """Average marginal effects per column and outcome category."""
    frame = average_marginal_effects(results, fitted.fit.design.columns, levels=fitted.fit.design.levels)
    rows = frame.rename(columns={"effect": "estimate"})
    return [
        row | {"term_position": position, "stars": stars_of(row["p_value"])}
        for position, row in enumerate(rows.to_dict("records"), start=1)
    ]


def _assumptions(fitted: Fitted, results: OrderedResultsWrapper) -> list[dict]:
    """The three tests of proportional odds, each overall, per term and per level."""
    design = fitted.fit.design
    tested = {
        "score": score_test(results, design.columns, levels=design.levels),
        # A difference of log likelihoods: beyond eight decimals it differs between machines.
        "likelihood_ratio": likelihood_ratio(results, design.columns, levels=design.levels).round(
            {"chi2": 8}
        ),
        "brant": brant(results, design.columns, levels=design.levels),
    }
    rows = [
        row | {"test": test}
        for test, frame in tested.items()
        for row in frame.rename(columns={"chi2": "statistic"}).to_dict("records")
    ]
    return [row | {"term_position": position} for position, row in enumerate(rows, start=1)]


def _predictions(fitted: Fitted, results: OrderedResultsWrapper) -> list[dict]:
    """Predicted probabilities per term, value of it and outcome category."""
    frame = predictions_by_term(results, fitted.fit.design.columns, levels=fitted.fit.design.levels)
    rows = frame.rename(columns={"probability": "estimate"}).to_dict("records")
    return [row | {"term_position": position} for position, row in enumerate(rows, start=1)]


PARTS = {"term": _terms, "effect": _effects, "assumption": _assumptions, "prediction": _predictions}


def has_part(spec: Specification, part: str) -> bool:
    """Whether a build makes these rows of the model."""
    return part != "prediction" or spec.variant != "earlier_wave"


def to_frame(rows: list[dict], columns: dict[str, str]) -> pd.DataFrame:
    """The rows as a frame with the columns and types given; floats at 10 significant digits (p values, in
    which noise is magnified, at 8; likelihoods at 12) and 12 decimals, so that the last bits of a linear-algebra library, which
    differ between processors, do not reach the warehouse."""
    frame = pd.DataFrame(rows, columns=list(columns)).astype(object)
    frame = frame.where(frame.notna(), None)
    for name, kind in columns.items():
        if kind == "Float64":
            digits = SIGNIFICANT_DIGITS.get(name, USUAL_DIGITS)
            frame[name] = frame[name].map(lambda value, digits=digits: _rounded(value, digits))
    return frame.astype(columns)


def stars_of(p_value: float) -> str:
    """The printed tables' marks: *** below 0.001, ** below 0.01, * below 0.05, else none."""
    return "***" if p_value < 0.001 else "**" if p_value < 0.01 else "*" if p_value < 0.05 else ""


def _inference(parameter: Parameter, link: str) -> dict:
    estimate, std_error = parameter.estimate, parameter.std_error
    statistic = estimate / std_error
    p_value = 2 * float(ndtr(-abs(statistic)))
    return {
        "estimate": estimate,
        "std_error": std_error,
        "statistic": statistic,
        "p_value": p_value,
        "stars": stars_of(p_value),
        "ci_low": estimate - NORMAL_975 * std_error,
        "ci_high": estimate + NORMAL_975 * std_error,
        "odds_ratio": float(np.exp(estimate)) if (parameter.kind, link) == ("coefficient", "logit") else None,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    # A p value of 1e-90 says no more than 0, and its digits are noise.
    return None if value is None else round(float(f"{value:.{digits}g}"), DECIMALS)
