"""The records of the scale benchmark: as many as it says, with the shares and skips of the real ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.scale import _longer

FRAME = pd.DataFrame(
    {
        "ID": [f"{number:04d}" for number in range(100)],
        "Q1": [1, 2, 3, 9] * 25,
        # Asked of those who said 1 in Q1.
        "Q2": [5, None, None, None, 6, None, None, None] * 12 + [5, None, None, None],
        "Q3": [1, 2] * 50,
    }
)
BLOCK = {"ID": "ID", "Q1": "q1", "Q2": "q1", "Q3": "q3"}


def test_more_records_with_the_same_shares_and_skips_and_identifiers_of_their_own() -> None:
    longer = _longer(FRAME, BLOCK, "ID", 7, np.random.default_rng(1))
    assert len(longer) == longer["ID"].nunique() == 700
    pd.testing.assert_frame_equal(longer.head(100).drop(columns="ID"), FRAME.drop(columns="ID"))
    for name in ("Q1", "Q2", "Q3"):
        expected = FRAME[name].value_counts(dropna=False) * 7
        pd.testing.assert_series_equal(
            longer[name].value_counts(dropna=False).sort_index(), expected.sort_index()
        )
    assert (longer["Q2"].notna() == (longer["Q1"] == 1)).all()


def test_copies_of_a_record_are_no_duplicates() -> None:
    """Q1 = 1 goes with Q3 = 1 in every record, and in the copies by chance."""
    longer = _longer(FRAME, BLOCK, "ID", 7, np.random.default_rng(1))
    together = ((longer["Q1"] == 1) & (longer["Q3"] == 2)).sum()
    assert 40 < together < 110


def test_numbers_as_identifiers_stay_numbers() -> None:
    longer = _longer(FRAME.assign(ID=np.arange(100.0)), BLOCK, "ID", 3, np.random.default_rng(1))
    assert longer["ID"].nunique() == 300 and longer["ID"].dtype == float
