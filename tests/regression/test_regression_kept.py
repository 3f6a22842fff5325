"""Fits kept from one build to the next: nothing is fitted twice, and nothing old is taken for new."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from regression_data import SIMULATED_TERMS, numeric, specification, together
from stage_data import ANSWERS, GROUP, LAST, NO_ALTERNATIVES, alternatives
from test_regression_stage import counted

from python_models.regression import kept, run_stage
from python_models.regression.design import Column, Design
from python_models.regression.specification import read_specifications

SEEDS = together(
    specification(numeric("x"), GROUP, model_id="a", **LAST),
    specification(numeric("x"), numeric("z"), model_id="b", model="2", **LAST))


def fitted(folder, seeds=SEEDS, answers=ANSWERS, chosen=NO_ALTERNATIVES) -> pd.DataFrame:
    return run_stage(*seeds, chosen, answers, folder)


@pytest.fixture
def fits(tmp_path):
    """(folder of kept fits, the result of the run that filled it)."""
    return tmp_path, fitted(tmp_path)


def test_nothing_is_fitted_again_and_every_figure_is_the_same(fits, monkeypatch):
    folder, first = fits
    before = (folder / kept.FILE).read_bytes()
    calls = counted(monkeypatch)
    again = fitted(folder)
    assert (calls["fit_design"], calls["average_marginal_effects"], calls["brant"]) == (0, 0, 0)
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    pd.testing.assert_frame_equal(first, fitted(None), check_exact=True)
    assert (folder / kept.FILE).read_bytes() == before


def test_one_changed_answer_refits_the_models_of_its_sample(fits, monkeypatch):
    folder, first = fits
    answers = ANSWERS.copy()
    asked = answers[(answers["wave"] == 1) & (answers["question_id"] == "x")]
    other = asked[asked["position"] != asked["position"].iloc[0]].iloc[0]
    answers.loc[asked.index[0], ["position", "category_id", "net"]] = other[["position", "category_id", "net"]]
    calls = counted(monkeypatch)
    again = fitted(folder, answers=answers)
    # Both models on wave 1.
    assert calls["fit_design"] == 2
    changed = first["estimate"].fillna(-9).ne(again["estimate"].fillna(-9)) & first["part"].eq("term")
    assert set(first.loc[changed, "model_id"]) == {"a@S-1", "b@S-1"}
    pd.testing.assert_frame_equal(again, fitted(None, answers=answers), check_exact=True)


def test_another_specification_is_fitted_and_the_others_are_not(fits, monkeypatch):
    folder, _ = fits
    calls = counted(monkeypatch)
    seeds = together(SEEDS, specification(*SIMULATED_TERMS, model_id="c", model="3", **LAST))
    again = fitted(folder, seeds)
    # On waves 5 and 1; wave 2 was not asked z, and without z it is model a.
    assert calls["fit_design"] == 2
    pd.testing.assert_frame_equal(again, fitted(None, seeds), check_exact=True)


def test_a_part_that_was_not_asked_for_before_is_made_of_a_new_fit(tmp_path, monkeypatch):
    """An alternative has terms alone; as a model of its own it has effects and tests as well."""
    one = specification(numeric("x"), GROUP, model_id="a")
    chosen = alternatives(("robust", None, "vce", "robust", None))
    fitted(tmp_path, one, chosen=chosen)
    calls = counted(monkeypatch)
    robust = specification(numeric("x"), GROUP, model_id="a", vce="robust")
    again = fitted(tmp_path, robust)
    assert (calls["fit_design"], calls["average_marginal_effects"], calls["brant"]) == (1, 1, 1)
    pd.testing.assert_frame_equal(again, fitted(None, robust), check_exact=True)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1]"])
def test_what_cannot_be_read_is_made_anew(fits, content):
    folder, first = fits
    (folder / kept.FILE).write_bytes(content)
    pd.testing.assert_frame_equal(first, fitted(folder), check_exact=True)
    assert len((folder / kept.FILE).read_bytes()) > 1000


def test_changed_code_refits_all(fits, monkeypatch):
    folder, first = fits
    monkeypatch.setattr(kept, "_engine", lambda: "another")
    calls = counted(monkeypatch)
    pd.testing.assert_frame_equal(first, fitted(folder), check_exact=True)
    assert calls["fit_design"] == 6


def test_fits_that_are_not_used_any_more_are_removed(fits):
    folder, _ = fits
    size = len((folder / kept.FILE).read_bytes())
    fitted(folder, specification(numeric("x"), GROUP, model_id="a", **LAST))
    assert 0.3 < len((folder / kept.FILE).read_bytes()) / size < 0.8


def test_every_number_of_a_design_is_in_its_fingerprint():
    (spec,) = read_specifications(*specification(numeric("x"), model_id="a"))
    design = Design(np.array([0, 1]), np.array([[1.0], [2.0]]), np.array([3.0, 4.0]), None,
                    (Column("x"),), ("low", "high"), 7, {})
    others = [
        replace(design, outcome=np.array([1, 0])), replace(design, matrix=np.array([[1.0, 2.0]])),
        replace(design, matrix=np.array([[1.0], [2.5]])), replace(design, frequency=np.array([4.0, 3.0])),
        replace(design, sampling_weights=np.array([1.0, 1.0])), replace(design, levels=("high", "low")),
        replace(design, columns=(Column("y"),))]
    prints = {kept.fingerprint(spec, one) for one in (design, *others)}
    prints.add(kept.fingerprint(replace(spec, vce="robust"), design))
    assert len(prints) == len(others) + 2
    # What only labels a model does not refit it.
    assert kept.fingerprint(replace(spec, model_id="b"), design) in prints
