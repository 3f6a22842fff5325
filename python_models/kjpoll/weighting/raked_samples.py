"""Raked weights of the samples that the seed of population margins names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .raking import Floats, RakingMargin, rake_within

COLUMNS = {"sample_id": "object", "row": "int64", "weight": "float64", "is_trimmed": "bool"}


def raked_weights(answers: pd.DataFrame, margins: pd.DataFrame, bounds: pd.DataFrame) -> pd.DataFrame:
    """One row per respondent of a sample with margins: sample_id, row, weight, is_trimmed. Weights average one.

    answers: sample_id, row, question_id, category_id, start_weight; a row for every respondent and question of the margins,
    without a category where there is no substantive answer. margins: sample_id, question_id, category_id, share in percent.
    bounds: sample_id, lower, upper; an empty one bounds nothing.
    Whoever gave no answer to a question keeps the share that the start weights give all who gave none: the population has
    no such people, so that its shares are shares of the others.
    Nothing here is refused: the rules on margins name what is wrong with a seed, and compare the weights with it. A sample
    with a start weight that is no positive number has no row.
    """
    limits = bounds.dropna(subset=["sample_id"]).drop_duplicates("sample_id").set_index("sample_id")
    lowest = limits["lower"].astype(float).fillna(0.0)
    highest = limits["upper"].astype(float).fillna(np.inf)
    frames = [pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})]
    for sample_id, given in answers.groupby("sample_id"):
        people = given.drop_duplicates("row").sort_values("row")
        start = people["start_weight"].to_numpy(dtype=float)
        if not (np.isfinite(start) & (start > 0)).all():
            continue
        # First by the largest, whose sum with others could be infinite.
        start = start / start.max()
        start = start / start.mean()
        shares_of = dict(iter(margins[margins["sample_id"] == sample_id].groupby("question_id")))
        fitted = [
            _margin(people["row"], start, answered, shares_of[question_id])
            for question_id, answered in given.groupby("question_id")
        ]
        raked = rake_within(start, fitted, lowest.get(sample_id, 0.0), highest.get(sample_id, np.inf))
        frames.append(
            pd.DataFrame(
                {
                    "sample_id": sample_id,
                    "row": people["row"].to_numpy(),
                    "weight": raked.weights,
                    "is_trimmed": raked.trimmed,
                }
            )
        )
    return pd.concat(frames[1:] or frames, ignore_index=True)


def _margin(rows: pd.Series[int], start: Floats, answers: pd.DataFrame, shares: pd.DataFrame) -> RakingMargin:
    """The group of each respondent, the last one for those without an answer that has a share, and the groups' totals."""
    share_of = shares.dropna(subset=["category_id", "share"]).drop_duplicates("category_id")
    category_of = answers.set_index("row")["category_id"]
    groups = pd.Index(share_of["category_id"]).get_indexer(category_of.reindex(rows))
    unanswered = groups < 0
    share = np.maximum(share_of["share"].to_numpy(dtype=float), 0.0)
    whole = share.sum() or 1.0
    totals = np.append(share / whole * start[~unanswered].sum(), start[unanswered].sum())
    return RakingMargin(np.where(unanswered, len(share), groups), totals)
