"""Weights by which the respondents who enter a model stand for those who do not: one over the probability of entering.

The probability is a logit of what nearly everybody answered (Seaman and White 2013, Stat. Methods Med. Res. 22:278-295). The
weights make the complete cases representative in these answers and repair what is missing at random given them, no more.

They are not stabilised: a common numerator changes nothing, since only their ratios matter. They are not trimmed either: a
few categories give no extreme ones, and trimming would trade bias for variance without need; where the smallest probability is
below SMALLEST_PROBABILITY there is no model but the reason. The errors are the robust ones of weights that are known. That
they are estimated makes the true errors smaller as a rule (Robins, Rotnitzky and Zhao 1994, J. Am. Stat. Assoc. 89:846-866).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.patterns import group

# Of 20 respondents alike at least one has to be there to stand for the others.
SMALLEST_PROBABILITY = 0.05


def complete_case_weights(
    answers: pd.DataFrame, complete: np.ndarray, frequency: np.ndarray, model_id: str
) -> np.ndarray:
    """(m,) one over the probability of being complete, for each pattern.

    answers: (m, q) what the probability depends on, a column per question, `status:category_id` in each cell: a level of
    its own for each, those without an answer included, so that a respondent who lacks one has a weight like any other.
    complete: (m,) whether the pattern is. frequency: (m,) respondents. Where everybody of a level is complete the
    probability is 1, the limit of the logit's. Raises RegressionError, which names the model and the question, where
    nobody of a level is complete, where no finite logit exists for another reason, and where a probability is below
    SMALLEST_PROBABILITY.
    """
    uncertain = _uncertain(answers, complete, model_id)
    probability = np.ones(len(complete))
    if uncertain.any():
        probability[uncertain] = _probability(
            answers[uncertain], complete[uncertain], frequency[uncertain], model_id
        )
    smallest = probability[complete].min()
    if smallest < SMALLEST_PROBABILITY:
        raise RegressionError(
            f"no weights of complete cases: some have a probability of {smallest:.4f} of being complete, and so few cannot "
            f"stand for the others (at least {SMALLEST_PROBABILITY}); merge rare levels",
            model=model_id,
        )
    return np.asarray(1 / probability)


def _uncertain(answers: pd.DataFrame, complete: np.ndarray, model_id: str) -> np.ndarray:
    """(m,) whether the pattern is of no level of which everybody is complete, nor of one without these."""
    uncertain = np.ones(len(complete), dtype=bool)
    while True:
        before = uncertain.sum()
        for question in answers:
            for level in sorted(answers[question][uncertain].unique()):
                of_level = uncertain & answers[question].eq(level).to_numpy()
                if not complete[of_level].any():
                    raise RegressionError(
                        "no weights of complete cases: nobody of the level is complete, so that nobody can stand for them; "
                        "merge the level, or take the question out of the alternative",
                        model=model_id,
                        term=str(question),
                        level=level,
                    )
                if complete[of_level].all():
                    uncertain &= ~of_level
        if uncertain.sum() == before:
            return uncertain


def _probability(
    answers: pd.DataFrame, complete: np.ndarray, frequency: np.ndarray, model_id: str
) -> np.ndarray:
    """(m,) the logit's probabilities of being complete."""
    # statsmodels takes seconds to import, which a build whose fits are all cached need not wait for.
    from kjpoll.ordinal import OrdinalModel

    columns = {
        f"{question}={level}": answers[question].eq(level).to_numpy(dtype=float)
        for question in answers
        for level in sorted(answers[question].unique())[1:]
    }
    if not columns:
        return np.full(len(complete), frequency[complete].sum() / frequency.sum())
    indicators = pd.DataFrame(columns)
    rows = group(complete.astype(int), indicators.to_numpy(), freq_weights=frequency)
    try:
        results = OrdinalModel(
            rows.outcome,
            pd.DataFrame(rows.matrix, columns=indicators.columns),
            freq_weights=rows.freq_weights,
        ).fit()
    except RegressionError as error:
        term, _, level = (error.term or "").partition("=")
        raise type(error)(
            f"no weights of complete cases: {error.problem}; merge the level, or take the question out of the alternative",
            model=model_id,
            term=term or None,
            level=level or None,
        ) from error
    return np.asarray(results.predict(indicators.to_numpy()))[:, 1]
