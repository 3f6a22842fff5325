"""Which shares follow from published sums, though nobody published them.

Each published share sums some categories of a question, and all categories sum to 100 percent where a respondent gives one
answer. A share is fixed where it is a combination of these: where its indicator lies in the row space of theirs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

KEYS = ["sample_id", "question_id"]
COLUMNS = [*KEYS, "grouping", "option_id", "source_id"]
# A sum of rounded numbers says no more than a range.
EXACT = ("published", "derived")


def constrained_shares(known: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """The categories and nets that published sums fix; columns sample_id, question_id, grouping, option_id, source_id.

    known: columns sample_id, question_id, categories, basis, source_id; one row per published share, with the categories that
    it sums joined by semicolons.
    options: columns sample_id, question_id, answer_type, grouping, option_id, categories; one row per share of a sample.
    A share that was published itself is among the results; of questions with several answers there are none.
    """
    exact = known[known["basis"].isin(EXACT)]
    single = dict(iter(options[options["answer_type"] != "multiple"].groupby(KEYS)))
    rows = [
        (*key, option.grouping, option.option_id, ";".join(sorted(set(shares["source_id"]))))
        for key, shares in exact.groupby(KEYS)
        if key in single
        for option in _fixed(shares["categories"], single[key]).itertuples()
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="object")


def _fixed(sums: pd.Series, options: pd.DataFrame) -> pd.DataFrame:
    """Of the options, those whose share is a combination of the sums and the whole."""
    categories = sorted(options.loc[options["grouping"] == "category", "option_id"])
    whole = ";".join(categories)
    known = np.array([_indicator(text, categories) for text in [*sums, whole]])
    targets = np.array([_indicator(text, categories) for text in options["categories"]])
    combination, *_ = np.linalg.lstsq(known.T, targets.T, rcond=None)
    distance = np.linalg.norm(known.T @ combination - targets.T, axis=0)
    fixed: pd.DataFrame = options[distance < 1e-9]
    return fixed


def _indicator(text: str, categories: list[str]) -> list[float]:
    return [float(category in text.split(";")) for category in categories]
