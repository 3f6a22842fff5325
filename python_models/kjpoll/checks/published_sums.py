"""Which shares follow from published sums, though nobody published them.

Each published share sums some categories of a question, and all categories sum to 100 percent where a respondent gives one
answer. A share is fixed where it is a combination of these: where its indicator lies in the row space of theirs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

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
    single: dict[Any, list[Any]] = defaultdict(list)
    for option in options[options["answer_type"] != "multiple"].itertuples():
        single[option.sample_id, option.question_id].append(option)
    published: dict[Any, list[Any]] = defaultdict(list)
    for share in exact.itertuples():
        published[share.sample_id, share.question_id].append(share)
    rows = [
        (*key, option.grouping, option.option_id, ";".join(sorted({share.source_id for share in shares})))
        for key, shares in sorted(published.items())
        if key in single
        for option in _fixed([share.categories for share in shares], single[key])
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="object")


def _fixed(sums: list[str], options: list[Any]) -> list[Any]:
    """Of the options, those whose share is a combination of the sums and the whole."""
    categories = sorted(option.option_id for option in options if option.grouping == "category")
    whole = ";".join(categories)
    known = np.array([_indicator(text, categories) for text in [*sums, whole]])
    targets = np.array([_indicator(option.categories, categories) for option in options])
    combination, *_ = np.linalg.lstsq(known.T, targets.T, rcond=None)
    distance = np.linalg.norm(known.T @ combination - targets.T, axis=0)
    return [option for option, far in zip(options, distance, strict=True) if far < 1e-9]


def _indicator(text: str, categories: list[str]) -> list[float]:
    named = text.split(";")
    return [float(category in named) for category in categories]
