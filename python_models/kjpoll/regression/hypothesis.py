"""Terms on which a hypothesis rests: their effects on the nets of the outcome, and the test of all their columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr

from kjpoll.common.properties import seed_properties
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.effects import effects_with_gradients, moved_columns
from kjpoll.ordinal.fitted_model import FittedModel

from .model_comparison import covariance_rows, wald
from .result_rows import NORMAL_975, Fitted, part_rows
from .specification import Specification
from .specification_rows import text_of

if TYPE_CHECKING:
    from statsmodels.miscmodels.ordinal_model import OrderedResultsWrapper

SEED = "regression_hypotheses"


@dataclass(frozen=True)
class Hypothesis:
    """That a term of a model matters: of the model itself, and of the same on earlier waves."""

    hypothesis_id: str
    model_id: str
    term: str


def read_hypotheses(rows: pd.DataFrame, specifications: Sequence[Specification]) -> list[Hypothesis]:
    """The rows of the seed regression_hypotheses. Raises RegressionError, which names hypothesis and model, for an empty
    cell, a row that stands twice, a model that is not there and a term that it does not have, or has at every cut point."""
    columns = [name for name in seed_properties()[SEED].columns if name != "note"]
    absent = [name for name in columns if name not in rows.columns]
    if absent:
        raise RegressionError(f"seed {SEED} lacks the columns {', '.join(absent)}", model="(all)")
    by_id = {spec.model_id: spec for spec in specifications}
    hypotheses: list[Hypothesis] = []
    for row in rows.to_dict("records"):
        name, model_id, term = (text_of(row[column]) for column in columns)
        if name is None or model_id is None or term is None:
            raise RegressionError(
                f"hypothesis {name}: seed {SEED} has a row without {columns[[name, model_id, term].index(None)]}",
                model=str(model_id),
            )
        problem = None
        if model_id not in by_id:
            problem = "is no row of regression_models"
        elif term not in {own.question_id for own in by_id[model_id].terms}:
            problem = "has no such term"
        elif term in by_id[model_id].nominal:
            problem = (
                "has another coefficient of the term at every cut point; make another model, without nominal"
            )
        if problem is not None:
            raise RegressionError(f"hypothesis {name} of seed {SEED}: {problem}", model=model_id, term=term)
        if (hypothesis := Hypothesis(name, model_id, term)) in hypotheses:
            raise RegressionError(f"hypothesis {name} stands twice in seed {SEED}", model=model_id, term=term)
        hypotheses.append(hypothesis)
    return hypotheses


def terms_tested(hypotheses: Iterable[Hypothesis]) -> dict[str, set[str]]:
    """model_id -> the terms that hypotheses rest on."""
    tested: dict[str, set[str]] = {}
    for hypothesis in hypotheses:
        tested.setdefault(hypothesis.model_id, set()).add(hypothesis.term)
    return tested


def hypothesis_rows(fitted: Iterable[Fitted], tested: Mapping[str, set[str]]) -> list[dict]:
    """Of every model with a term on which a hypothesis rests, keys as in result_rows.TERM: kind `net_effect`, the average
    marginal effect on the probability of a net of the outcome (outcome_category), and `joint`, the Wald test of all columns of
    the term."""
    rows = []
    for model in fitted:
        terms = tested.get(model.spec.base_model_id or model.spec.model_id, set())
        if not terms & {term.question_id for term in model.spec.terms}:
            continue
        found = model.fit.part("net_effect", partial(net_effects, model))
        found = [*found, *_joint_tests(model)]
        rows += [
            row | {"model_id": model.spec.model_id, "term_position": position}
            for position, row in enumerate((row for row in found if row["term"] in terms), start=1)
        ]
    return rows


def net_effects(model: Fitted, results: OrderedResultsWrapper) -> list[dict]:
    """The effect of each column on each net: the sum over its answers, with the error of the sum."""
    design = model.fit.design
    fitted = FittedModel.of(results, design.columns, design.levels)
    rows = []
    for column, effects, gradients in zip(moved_columns(fitted), *effects_with_gradients(fitted)):
        for net in dict.fromkeys(net for net in design.nets if net is not None):
            of_net = np.array([other == net for other in design.nets])
            effect = float(effects[of_net].sum())
            error = float(fitted.delta_errors(gradients[of_net].sum(axis=0)[None, :])[0])
            statistic = effect / error if error > 0 else np.nan
            rows.append(
                {
                    "kind": "net_effect",
                    "term": column.term,
                    "category_id": column.category_id,
                    "reference_category": column.reference_category,
                    "outcome_category": net,
                    "estimate": effect,
                    "std_error": error,
                    "statistic": statistic,
                    "p_value": 2 * float(ndtr(-abs(statistic))),
                    "ci_low": effect - NORMAL_975 * error,
                    "ci_high": effect + NORMAL_975 * error,
                }
            )
    return rows


def _joint_tests(model: Fitted) -> list[dict]:
    coefficients = [row for row in part_rows(model, "term") if row["kind"] == "coefficient"]
    covariance = np.array([line["covariance"] for line in model.fit.part("covariance", covariance_rows)])
    rows = []
    for term in dict.fromkeys(row["term"] for row in coefficients):
        places = [place for place, row in enumerate(coefficients) if row["term"] == term]
        estimates = np.array([coefficients[place]["estimate"] for place in places])
        rows.append({"kind": "joint", "term": term} | wald(estimates, covariance[np.ix_(places, places)]))
    return rows
