"""Two models of different respondents: whether their coefficients and average marginal effects differ.

The respondents are not the same, so the estimates are independent and the variance of a difference is the sum of the
variances. For coefficients that is the Wald test of all interactions with the group in one model of both, with cut points
of their own (ordinal::clm(nominal = ~ group)); with common cut points the hypothesis would be another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtr

from kjpoll.common.properties import seed_properties
from kjpoll.ordinal import RegressionError

from .result_rows import Fitted, part_rows
from .specification import Specification
from .specification_rows import text_of

if TYPE_CHECKING:
    from statsmodels.miscmodels.ordinal_model import OrderedResultsWrapper

SEED = "regression_comparisons"
COMPARISON = {
    "comparison_id": "string",
    "left_estimate": "Float64",
    "left_std_error": "Float64",
    "right_estimate": "Float64",
    "right_std_error": "Float64",
}
IDENTITY = ("term", "category_id", "reference_category", "outcome_category")
Key = tuple[str | None, ...]


@dataclass(frozen=True)
class ModelComparison:
    """Two models by id; `left` less `right` is the difference."""

    comparison_id: str
    left_model_id: str
    right_model_id: str


def read_comparisons(rows: pd.DataFrame) -> list[ModelComparison]:
    """The rows of the seed regression_comparisons, in order. Raises RegressionError for an id that is empty or stands
    twice, and for a model that is not named or compared with itself."""
    columns = [name for name in seed_properties()[SEED].columns if name != "note"]
    absent = [name for name in columns if name not in rows.columns]
    if absent:
        raise RegressionError(f"seed {SEED} lacks the columns {', '.join(absent)}", model="(all)")
    comparisons: list[ModelComparison] = []
    for row in rows.to_dict("records"):
        name, left, right = (text_of(row[column]) for column in columns)
        if name is None or name in (known.comparison_id for known in comparisons):
            raise RegressionError(
                f"comparison_id is {name}; it must be filled and unique in seed {SEED}", model="(all)"
            )
        if left is None or right is None or left == right:
            raise RegressionError(
                f"comparison {name} is of {left} and {right}; name two different models in seed {SEED}",
                model="(all)",
            )
        comparisons.append(ModelComparison(name, left, right))
    return comparisons


def comparison_rows(
    comparisons: Iterable[ModelComparison], fitted: Mapping[str, Fitted], unfitted: Mapping[str, str]
) -> list[dict]:
    """The rows of all comparisons, keys as in COMPARISON and result_rows.TERM.

    fitted: by model_id. unfitted: why a model has no estimates. Where two models cannot be compared there is one row of
    kind `comparison`, which says why in `problem`.
    Raises RegressionError for a model that is not there, and for two that share respondents.
    """
    rows = []
    for comparison in comparisons:
        sides = []
        for model_id in (comparison.left_model_id, comparison.right_model_id):
            if model_id not in fitted and model_id not in unfitted:
                raise RegressionError(
                    f"comparison {comparison.comparison_id} of seed {SEED} names this model, which the build does not "
                    "fit; name one of regression_models, or one on an earlier wave as <model>@<sample>",
                    model=model_id,
                )
            sides.append(fitted.get(model_id))
        left, right = sides
        problem = "; ".join(
            f"{model_id} has no estimates: {unfitted[model_id]}"
            for model_id in (comparison.left_model_id, comparison.right_model_id)
            if model_id not in fitted
        )
        if left is None or right is None:
            found = [{"kind": "comparison", "problem": problem}]
        else:
            _require_independent(comparison, left.spec, right.spec)
            why = _unlike(left.spec, right.spec)
            found = [{"kind": "comparison", "problem": why}] if why else _compared(left, right)
        rows += [
            row | {"comparison_id": comparison.comparison_id, "term_position": position}
            for position, row in enumerate(found, start=1)
        ]
    return rows


def covariance_rows(results: OrderedResultsWrapper) -> list[dict]:
    """The covariance of the coefficients, one row per coefficient."""
    p = len(results.coefficients)
    return [{"covariance": line.tolist()} for line in np.asarray(results.covariance)[:p, :p]]


def wald(difference: np.ndarray, covariance: np.ndarray) -> dict:
    """The chi-squared statistic of `difference` (q,) being zero, with its `covariance` (q, q)."""
    statistic = float(difference @ np.linalg.solve(covariance, difference))
    return {
        "statistic": statistic,
        "df": len(difference),
        "p_value": float(chdtrc(len(difference), statistic)),
    }


def _require_independent(comparison: ModelComparison, left: Specification, right: Specification) -> None:
    shared = sorted(set(left.each_series) & set(right.each_series))
    first, last = max(left.first_wave, right.first_wave), min(left.last_wave, right.last_wave)
    if shared and first <= last:
        raise RegressionError(
            f"comparison {comparison.comparison_id}: shares the respondents of {', '.join(shared)}, {first} to {last}, "
            f"with {right.model_id}, so that their estimates are not independent; compare models of different samples",
            model=left.model_id,
        )


def _unlike(left: Specification, right: Specification) -> str | None:
    """Why coefficients of two models do not mean the same, if they do not."""
    for name in ("outcome", "link"):
        one, other = getattr(left, name), getattr(right, name)
        if one != other:
            return f"the {name} of {left.model_id} is {one}, that of {right.model_id} {other}"
    different = {term.question_id for term in set(left.terms) ^ set(right.terms)}
    if different:
        return f"the terms differ, or their coding: {', '.join(sorted(different))}"
    return None


def _compared(left: Fitted, right: Fitted) -> list[dict]:
    rows = []
    for kind, part in (("coefficient", "term"), ("effect", "effect")):
        sides = [_estimates(fitted, part) for fitted in (left, right)]
        for key in dict.fromkeys((*sides[0], *sides[1])):
            rows.append({"kind": kind} | dict(zip(IDENTITY, key)) | _difference(key, sides, left, right))
    return rows + _joint(left, right)


def _estimates(fitted: Fitted, part: str) -> dict[Key, dict]:
    return {
        tuple(row.get(name) for name in IDENTITY): row
        for row in part_rows(fitted, part)
        if row["kind"] != "cut_point"
    }


def _difference(key: Key, sides: list[dict[Key, dict]], left: Fitted, right: Fitted) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, side in zip(("left", "right"), sides):
        if key in side:
            row |= {f"{name}_estimate": side[key]["estimate"], f"{name}_std_error": side[key]["std_error"]}
    for fitted, side in zip((left, right), sides):
        if key not in side:
            return row | {"problem": f"{fitted.spec.model_id} has no such level among its respondents"}
    difference = row["left_estimate"] - row["right_estimate"]
    error = float(np.hypot(row["left_std_error"], row["right_std_error"]))
    statistic = difference / error
    return row | {
        "estimate": difference,
        "std_error": error,
        "statistic": statistic,
        "p_value": 2 * float(ndtr(-abs(statistic))),
    }


def _joint(left: Fitted, right: Fitted) -> list[dict]:
    """All coefficients that both have, and those of each term with several."""
    sides = [_estimates(fitted, "term") for fitted in (left, right)]
    common = [key for key in sides[0] if key in sides[1]]
    if not common:
        return []
    estimates, covariance = [], np.zeros((len(common), len(common)))
    for fitted, side in zip((left, right), sides):
        places = [list(side).index(key) for key in common]
        lines = fitted.fit.part("covariance", covariance_rows)
        covariance += np.array([line["covariance"] for line in lines])[np.ix_(places, places)]
        estimates.append(np.array([side[key]["estimate"] for key in common]))
    difference = estimates[0] - estimates[1]
    rows = [{"kind": "joint"} | wald(difference, covariance)]
    for term in dict.fromkeys(key[0] for key in common):
        places = [place for place, key in enumerate(common) if key[0] == term]
        if len(places) > 1:
            rows.append(
                {"kind": "joint", "term": term} | wald(difference[places], covariance[np.ix_(places, places)])
            )
    return rows
