"""Fits cached from one build to the next: nothing is fitted twice, and nothing old is taken for new."""

from dataclasses import replace

import pandas as pd
import pytest
from kjpoll.common.file_hash import Engine
from kjpoll.regression import fit_cache
from kjpoll.regression.specification_rows import read_specifications
from regression_data import SIMULATED_TERMS, numeric, specification, together
from stage_data import ANSWERS, GROUP, LAST, NO_ALTERNATIVES, alternatives
from test_regression_stage import counted

from tests.support.long_answers import LongAnswers, run_stage

pytestmark = pytest.mark.slow

SEEDS = together(
    specification(numeric("x"), GROUP, model_id="a", **LAST),
    specification(numeric("x"), numeric("z"), model_id="b", model="2", **LAST),
)


def fitted(folder, seeds=SEEDS, answers=ANSWERS, chosen=NO_ALTERNATIVES) -> pd.DataFrame:
    return run_stage(*seeds, chosen, answers, folder)


@pytest.fixture
def fits(tmp_path):
    """(folder of cached fits, the result of the run that filled it)."""
    return tmp_path, fitted(tmp_path)


def test_nothing_is_fitted_again_and_every_figure_is_the_same(fits, monkeypatch):
    folder, first = fits
    before = (folder / fit_cache.FILE).read_bytes()
    calls = counted(monkeypatch)
    again = fitted(folder)
    assert (
        calls["build_design"]
        == calls["fit_design"]
        == calls["average_marginal_effects"]
        == calls["brant"]
        == 0
    )
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    pd.testing.assert_frame_equal(first, fitted(None), check_exact=True)
    assert (folder / fit_cache.FILE).read_bytes() == before


def test_one_changed_answer_refits_the_models_of_its_sample(fits, monkeypatch):
    folder, first = fits
    answers = ANSWERS.copy()
    asked = answers[(answers["wave"] == 1) & (answers["question_id"] == "x")]
    other = asked[asked["position"] != asked["position"].iloc[0]].iloc[0]
    answers.loc[asked.index[0], ["position", "category_id", "net"]] = other[
        ["position", "category_id", "net"]
    ]
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
def test_what_cannot_be_read_is_rebuilt(fits, content):
    folder, first = fits
    (folder / fit_cache.FILE).write_bytes(content)
    pd.testing.assert_frame_equal(first, fitted(folder), check_exact=True)
    assert len((folder / fit_cache.FILE).read_bytes()) > 1000


def test_changed_code_refits_all(fits, monkeypatch):
    folder, first = fits
    monkeypatch.setattr(fit_cache, "ENGINE", Engine((), ("numpy",)))
    calls = counted(monkeypatch)
    pd.testing.assert_frame_equal(first, fitted(folder), check_exact=True)
    assert calls["fit_design"] == 6


def test_fits_that_are_not_used_any_more_are_removed(fits):
    folder, _ = fits
    size = len((folder / fit_cache.FILE).read_bytes())
    fitted(folder, specification(numeric("x"), GROUP, model_id="a", **LAST))
    assert 0.3 < len((folder / fit_cache.FILE).read_bytes()) / size < 0.8


def decided(rows: pd.DataFrame, *, wave: int = 1, weight: str = "none") -> str:
    seeds = specification(
        numeric("x"),
        GROUP,
        model_id="a",
        weight=weight,
        vce="robust",
        first_wave=str(wave),
        last_wave=str(wave),
    )
    (spec,) = read_specifications(*seeds)
    return fit_cache.fingerprint(spec, LongAnswers(rows, {"y", "x", "group", "z"}))


def exchanged(rows: pd.DataFrame) -> pd.DataFrame:
    """Two respondents of wave 1 give each other their answers to x: every count of every question is as before."""
    asked = rows[(rows["wave"] == 1) & (rows["question_id"] == "x")]
    one, other = asked.index[0], asked.index[asked["position"] != asked["position"].iloc[0]][0]
    names = ["position", "category_id", "net", "answer_status"]
    changed = rows.copy()
    changed.loc[[one, other], names] = rows.loc[[other, one], names].to_numpy()
    return changed


def test_whatever_decides_a_fit_is_in_its_fingerprint():
    print_of = decided(ANSWERS)
    assert decided(ANSWERS.sample(frac=1, random_state=1)) == print_of
    of_wave = ANSWERS["wave"] == 1
    weights = ANSWERS.assign(weight=ANSWERS["weight"].where(~of_wave, 2.0))
    another_place = ANSWERS.copy()
    last = ANSWERS.loc[ANSWERS["question_id"] == "x", "position"].max()
    another_place.loc[(ANSWERS["question_id"] == "x") & (ANSWERS["position"] == last), "position"] += 1
    others = {
        "answers": decided(exchanged(ANSWERS)),
        "a person less": decided(
            ANSWERS[ANSWERS["respondent_id"] != ANSWERS.loc[of_wave, "respondent_id"].iloc[0]]
        ),
        "the scale": decided(another_place),
        "another wave": decided(ANSWERS, wave=5),
        "weights": decided(ANSWERS, weight="weight"),
        "other weights": decided(weights, weight="weight"),
    }
    assert len({print_of, *others.values()}) == 1 + len(others)
    # What the model does not ask for decides nothing.
    assert decided(weights) == print_of
    assert decided(exchanged(ANSWERS), wave=5) == decided(ANSWERS, wave=5)
    assert decided(ANSWERS[ANSWERS["question_id"] != "z"]) == print_of


def test_a_specification_decides_but_not_its_name():
    answers = LongAnswers(ANSWERS, {"y", "x"})
    (spec,) = read_specifications(*specification(numeric("x"), model_id="a"))
    assert fit_cache.fingerprint(replace(spec, model_id="b"), answers) == fit_cache.fingerprint(spec, answers)
    assert fit_cache.fingerprint(replace(spec, vce="robust"), answers) != fit_cache.fingerprint(spec, answers)


def test_a_model_that_cannot_be_fitted_is_not_tried_again(tmp_path, monkeypatch):
    answers = ANSWERS.drop(ANSWERS.index[(ANSWERS["wave"] == 1) & (ANSWERS["question_id"] == "x")][:2])
    first = fitted(tmp_path, answers=answers)
    problems = first.dropna(subset="problem")
    assert "2 of 300 respondents of S-1 have no row" in problems["problem"].iloc[0]
    calls = counted(monkeypatch)
    again = fitted(tmp_path, answers=answers)
    assert calls["build_design"] == 0
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    # With its answers back it is fitted.
    assert fitted(tmp_path)["problem"].isna().all()


def test_a_sample_of_another_country_is_another_model():
    """The country may be a term, though the series says which samples are meant."""
    spec = read_specifications(*SEEDS)[0]
    asked = ANSWERS.assign(series=ANSWERS["country"])
    texts = {
        LongAnswers(answers, spec.questions_read).decisive(spec)
        for answers in (asked, asked.assign(country="Z"), asked)
    }
    assert len(texts) == 2
