"""Decompositions as the stage computes them: of which waves, on which terms, and what is said where they cannot be."""

import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import OrdinalModel, RegressionError
from kjpoll.ordinal.decomposition import decompose
from kjpoll.regression import decompositions
from regression_data import GROUP_LEVELS, SIMULATED_TERMS, long_answers, numeric, specification, together
from stage_data import ANSWERS, CLOSE, LAST, NESTED, NO_ALTERNATIVES, WIDE, columns_of, outcome_of, part

from tests.support.long_answers import NO_DECOMPOSITIONS, run_stage

NETS = {"c1": "positive", "c2": "positive", "c3": "negative", "c4": "negative"}
FIGURES = ["estimate", "std_error"]


def staged(*rows: tuple, seeds=NESTED, answers=ANSWERS, fits_dir=None) -> pd.DataFrame:
    """The rows of the decompositions (decomposition_id, model_id, earlier_wave)."""
    chosen = pd.DataFrame(rows, columns=NO_DECOMPOSITIONS.columns)
    return part(run_stage(*seeds, NO_ALTERNATIVES, answers, fits_dir, decompositions=chosen), "decomposition")


def fit(wave: int, without: tuple[int, ...] = ()):
    people = WIDE[wave]
    return OrdinalModel(outcome_of(people), np.delete(columns_of(people), without, axis=1)).fit()


def test_both_waves_are_fitted_on_the_terms_that_both_asked():
    """Wave 1 asked all terms, wave 2 not z."""
    rows = staged(("first", "m2", "1"), ("second", "m2", "2"))
    for name, wave, without, formula in (
        ("first", 1, (), "y ~ x + z + i.group"),
        ("second", 2, (1,), "y ~ x + i.group"),
    ):
        ours = rows[(rows["decomposition_id"] == name) & (rows["grouping"] == "category")]
        later = fit(5, without)
        expected = decompose(later, fit(wave, without))
        whole = expected["term"] == ""
        np.testing.assert_allclose(
            ours.loc[ours["term"].isna(), FIGURES].to_numpy(float), expected.loc[whole, FIGURES], **CLOSE
        )
        assert set(ours["formula"]) == {formula} and set(ours["n_obs"]) == {300} == set(ours["n_obs_earlier"])
        assert set(ours["option_id"]) == {"c1", "c2", "c3", "c4"}
        assert set(ours["term"].dropna()) == {
            term.removeprefix("i.") for term in formula.removeprefix("y ~ ").split(" + ")
        }
    assert list(rows.groupby("decomposition_id")["left_out"].first().fillna("")) == ["", "z"]


def test_nets_are_sums_of_answers():
    answers = ANSWERS.assign(net=ANSWERS["category_id"].map(NETS).where(ANSWERS["question_id"] == "y"))
    rows = staged(("first", "m2", "1"), answers=answers)
    table = (
        rows[rows["term"].isna()]
        .pivot(index=["component", "reference"], columns=["grouping", "option_id"], values="estimate")
        .astype(float)
    )
    assert sorted(table["net"]) == ["negative", "positive"]
    np.testing.assert_allclose(
        table["net", "positive"], table["category", "c1"] + table["category", "c2"], atol=1e-9
    )
    assert len(table) == 9


def test_what_is_cached_is_what_is_computed(tmp_path, monkeypatch):
    rows = staged(("first", "m2", "1"), fits_dir=tmp_path)
    monkeypatch.setattr(decompositions, "_rows", None)
    pd.testing.assert_frame_equal(staged(("first", "m2", "1"), fits_dir=tmp_path), rows, check_exact=True)
    with pytest.raises(TypeError):
        staged(("other", "m2", "2"), fits_dir=tmp_path)


def test_a_wave_that_cannot_be_compared_is_a_row_with_the_reason():
    # Wave 3 did not ask the outcome, there is no wave 0, and wave 4 asked nothing but the outcome.
    rows = staged(*((f"d{wave}", "m1", str(wave)) for wave in (0, 3, 4)))
    assert list(rows["problem"]) == [
        f"model m1: no part of it was asked in S-{wave}, or there is no such sample" for wave in (0, 3, 4)
    ]
    assert rows[FIGURES].isna().all(axis=None) and list(rows["component"]) == ["change"] * 3


def test_a_level_that_one_wave_lacks_is_named():
    wide = WIDE[1].assign(group=WIDE[1]["group"].replace("c", "b"))
    answers = pd.concat(
        [long_answers(wide, GROUP_LEVELS, wave=1), long_answers(WIDE[5], GROUP_LEVELS, wave=5)]
    )
    (row,) = staged(("first", "m2", "1"), answers=answers).to_dict("records")
    assert row["problem"].startswith("model m2: group=c is in one of S-5 and S-1 only, so that")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((None, "m1", "1"), "decomposition None: decomposition_id must be filled and unique"),
        (("kept", "m1", "1"), "decomposition kept: decomposition_id must be filled and unique"),
        (("a", "m3", "1"), "decomposition a: model_id is m3; write a published model of one wave: m1, m2"),
        (("a", "several", "1"), "model_id is several; write a published model of one wave"),
        (("a", "m1", "5"), "earlier_wave is 5; write a wave before 5"),
        (("a", "m1", None), "earlier_wave is None; write a wave before 5"),
        (("a", "m1", "last"), "earlier_wave is last; write a wave before 5"),
    ],
)
def test_bad_rows_stop_the_build(row, message):
    pooled = specification(numeric("x"), model_id="several", variant="pooled", first_wave="1", last_wave="2")
    with pytest.raises(RegressionError, match=message):
        staged(("kept", "m1", "1"), row, seeds=together(NESTED, pooled))


def test_the_seed_needs_its_columns():
    with pytest.raises(RegressionError, match="regression_decompositions lacks the columns earlier_wave"):
        run_stage(
            *specification(*SIMULATED_TERMS, **LAST),
            NO_ALTERNATIVES,
            ANSWERS,
            decompositions=NO_DECOMPOSITIONS.drop(columns="earlier_wave"),
        )
