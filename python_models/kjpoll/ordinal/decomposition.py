"""A difference of predicted probabilities between two samples, taken apart into composition and coefficients.

P_s(b) is the mean probability of an answer over the respondents of sample s under the parameters b. The difference
P_1(b_1) - P_0(b_0) is what the respondents' terms account for (composition, under one set of parameters) and what their
parameters do (coefficients, over one set of respondents):

reference  composition            coefficients
later      P_1(b_1) - P_0(b_1)    P_0(b_1) - P_0(b_0)
earlier    P_1(b_0) - P_0(b_0)    P_1(b_1) - P_1(b_0)
average    the mean of both: Reimers (1983, Rev. Econ. Stat. 65:570-579), Shapley's value of two factors

This is Oaxaca's and Blinder's decomposition for a non-linear outcome (Fairlie 2005, J. Econ. Soc. Meas. 30:305-316; Bauer
and Sinning 2008, Adv. Stat. Anal. 92:197-206). Parameters are coefficients and cut points together: a cut point and the
coefficient of a term change places when the zero of the term moves (Jones and Kelley 1984, Sociol. Methods Res. 12:323-343).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from .fitted_model import FittedModel
from .matrix_column import MatrixColumn
from .mean_functional import MeanFunctional, Samples, WeightedRows, mean_index, mean_probabilities
from .regression_error import RegressionError

COLUMNS = (
    "component",
    "reference",
    "term",
    "option",
    "estimate",
    "std_error",
    "statistic",
    "p_value",
    "ci_low",
    "ci_high",
    "problem",
)
LATER, EARLIER, AVERAGE = "later", "earlier", "average"
# A share of a whole that may be zero has no bounded interval (Fieller 1954, J. R. Stat. Soc. B 16:175-185).
QUANTILE = float(ndtri(0.975))
NO_SHARES = (
    "the mean of the terms under the coefficients does not differ beyond chance between the samples "
    "(|z| = {:.2f}), so that the terms have no shares in it"
)
Part = tuple[str, str, str, MeanFunctional | str]


def decompose(
    later: Any,
    earlier: Any,
    columns: Sequence[MatrixColumn] | None = None,
    *,
    levels: Sequence[object] | None = None,
    options: Sequence[Sequence[int]] | None = None,
) -> pd.DataFrame:
    """One row per component, reference, term and option, in this order, with COLUMNS.

    later, earlier, columns, levels: two fits of the same columns, as FittedModel.of reads them. options: each the places
    of the outcome categories whose probabilities it sums; each category by itself if None. option counts from 0.
    component: `later` and `earlier` (the two mean probabilities), `change`, `composition`, `coefficients`. term is empty
    but for the contributions of the terms to the composition, which add up to it: its parts in the ratio of
    (mean_1 - mean_0) b, summed over the columns of a term (Yun 2004, Econ. Lett. 82:275-280), which the choice of a
    reference level does not move. Where their sum does not differ from zero (5%) they are absent, with the reason.
    Errors by the delta method: the covariance of both estimates, and the sampling of the terms in both samples (Jann 2008,
    Stata J. 8:453-479), with which the estimates are uncorrelated where the model is right. Intervals are normal, 95%.
    Raises RegressionError where the two fits do not have the same answers and columns.
    """
    after, before = (FittedModel.of(results, columns, levels) for results in (later, earlier))
    _require_same(after, before)
    samples = {LATER: WeightedRows.of(after, later.model), EARLIER: WeightedRows.of(before, earlier.model)}
    chosen = [[place] for place in range(len(after.levels))] if options is None else options
    sums = np.array([[float(place in of) for place in range(len(after.levels))] for of in chosen])
    rows = [
        (component, reference, term, *figures)
        for component, reference, term, functional in _parts(samples)
        for figures in _figures(component, functional, sums)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _parts(samples: Samples) -> Iterator[Part]:
    """(component, reference, term, what it is or why it is not), as decompose orders them."""
    mean = {
        (over, under): mean_probabilities(samples, over, under)
        for over in (LATER, EARLIER)
        for under in (LATER, EARLIER)
    }
    later, earlier = mean[LATER, LATER], mean[EARLIER, EARLIER]
    yield LATER, "", "", later
    yield EARLIER, "", "", earlier
    yield "change", "", "", later - earlier
    composition = {of: mean[LATER, of] - mean[EARLIER, of] for of in (LATER, EARLIER)}
    coefficients = {LATER: mean[EARLIER, LATER] - earlier, EARLIER: later - mean[LATER, EARLIER]}
    for component, parts in (("composition", composition), ("coefficients", coefficients)):
        for reference in (LATER, EARLIER):
            yield component, reference, "", parts[reference]
        yield component, AVERAGE, "", _half(parts[LATER], parts[EARLIER])
    by_term = {of: _contributions(samples, of, composition[of]) for of in (LATER, EARLIER)}
    for term in samples[LATER].fitted.terms:
        for reference in (LATER, EARLIER):
            yield "composition", reference, term, by_term[reference][term]
        yield "composition", AVERAGE, term, _half(by_term[LATER][term], by_term[EARLIER][term])


def _contributions(
    samples: Samples, under: str, composition: MeanFunctional
) -> dict[str, MeanFunctional | str]:
    """The contribution of each term to the composition under the parameters of one sample."""
    fitted = samples[under].fitted

    def moved(positions: list[int]) -> MeanFunctional:
        return mean_index(samples, LATER, under, positions) - mean_index(samples, EARLIER, under, positions)

    whole = moved(list(range(len(fitted.coefficients))))
    error = float(whole.errors()[0])
    z = abs(float(whole.value[0])) / error if error > 0 else 0.0
    if z < QUANTILE:
        return dict.fromkeys(fitted.terms, NO_SHARES.format(z))
    return {
        term: composition.times_ratio(moved(positions), whole) for term, positions in fitted.terms.items()
    }


def _half(first: MeanFunctional | str, second: MeanFunctional | str) -> MeanFunctional | str:
    """Their mean, or why one of them is not there."""
    if isinstance(first, str):
        return first
    return second if isinstance(second, str) else (first + second) * 0.5


def _figures(component: str, functional: MeanFunctional | str, sums: np.ndarray) -> Iterator[tuple[Any, ...]]:
    """From option to problem, one row per option."""
    if isinstance(functional, str):
        for option in range(len(sums)):
            yield (option, *(np.nan,) * 6, functional)
        return
    combined = functional.combined(sums)
    for option, (value, error) in enumerate(zip(combined.value, combined.errors())):
        # That a probability is zero is no hypothesis.
        tested = component not in (LATER, EARLIER) and error > 0
        statistic = value / error if tested else np.nan
        limits = value - QUANTILE * error, value + QUANTILE * error
        yield (option, value, error, statistic, 2 * ndtr(-abs(statistic)), *limits, None)


def _require_same(after: FittedModel, before: FittedModel) -> None:
    if len(after.cut_points) != len(before.cut_points) or after.levels != before.levels:
        raise RegressionError(
            f"the answers differ: {', '.join(map(str, after.levels))} and {', '.join(map(str, before.levels))}",
            model=after.name,
        )
    if after.columns != before.columns:
        names = [{column.name for column in fitted.columns} for fitted in (after, before)]
        raise RegressionError(
            f"the two samples do not have the same columns: {', '.join(sorted(names[0] ^ names[1])) or 'another order'}; "
            "merge levels that one of them lacks, or leave the term out",
            model=after.name,
        )
