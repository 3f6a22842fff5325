"""The stage as a whole: derived and pooled models, what is fitted once, what stays the same."""

import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import OrdinalModel, RegressionError
from kjpoll.ordinal.brant import brant
from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.proportional_odds import likelihood_ratio, score_test
from kjpoll.regression import fit_cache, result_rows, stage
from kjpoll.regression.decompositions import DECOMPOSITION
from kjpoll.regression.model_comparison import COMPARISON
from kjpoll.regression.result_rows import MODEL, TERM
from regression_data import (
    GROUP_LEVELS,
    SEEDS,
    SIMULATED_TERMS,
    core_answers,
    long_answers,
    numeric,
    published_specifications,
    specification,
    together,
)
from stage_data import (
    ANSWERS,
    CLOSE,
    GROUP,
    LAST,
    NESTED,
    WIDE,
    alternative,
    alternatives,
    columns_of,
    compare,
    figures,
    outcome_of,
    part,
    staged,
)

from tests.support.long_answers import fit_models, run_stage

PARTS = ["model", "term", "effect", "assumption", "prediction", "sensitivity"]
KEY = ["part", "model_id", "alternative_id", "test", "kind", "term", "category_id", "cut_point", "value"]
KEY += ["outcome_category"]


@pytest.fixture(scope="module")
def earlier() -> pd.DataFrame:
    return staged(NESTED, ANSWERS)


def test_a_survey_may_have_no_models():
    models, terms = (frame[:0] for frame in specification(*SIMULATED_TERMS))
    without, with_some = run_stage(models, terms, alternatives()[:0], ANSWERS), staged(NESTED, ANSWERS)
    assert without.empty and list(without.columns) == list(with_some.columns)
    assert without.dtypes.astype(str).to_dict() == with_some.dtypes.astype(str).to_dict()


def test_earlier_waves_are_the_largest_part_that_was_asked(earlier):
    models = figures(earlier)
    assert list(models.index) == ["m1", "m2", "m1@S-1", "m1@S-2", "m2@S-1", "m2@S-2"]
    assert list(models["variant"]) == ["published"] * 2 + ["earlier_wave"] * 4
    assert list(models["base_model_id"].fillna("")) == ["", "", "m1", "m1", "m2", "m2"]
    assert models["formula"].to_dict() == {
        "m1": "y ~ x + z",
        "m2": "y ~ x + z + i.group",
        "m1@S-1": "y ~ x + z",
        "m1@S-2": "y ~ x",
        "m2@S-1": "y ~ x + z + i.group",
        "m2@S-2": "y ~ x + i.group",
    }
    assert models["left_out"].dropna().to_dict() == {"m1@S-2": "z", "m2@S-2": "z"}
    derived = models[models["variant"] == "earlier_wave"]
    assert derived[["printed_table", "model"]].isna().all(axis=None)
    assert list(derived["first_wave"]) == [1, 2] * 2 and models["converged"].all()
    for model_id, wave in (("m2@S-1", 1), ("m2@S-2", 2)):
        people = WIDE[wave]
        matrix = columns_of(people) if wave == 1 else np.delete(columns_of(people), 1, axis=1)
        compare(part(earlier, "term", model_id), OrdinalModel(outcome_of(people), matrix).fit())


def test_waves_after_the_model_and_other_countries_are_left_alone():
    seeds = specification(*SIMULATED_TERMS, first_wave="2", last_wave="2")
    answers = pd.concat([long_answers(WIDE[wave], GROUP_LEVELS, wave=wave) for wave in (1, 2, 5)])
    other = answers.assign(country="T", respondent_id="T" + answers["respondent_id"])
    result = staged(seeds, pd.concat([answers, other]))
    assert list(figures(result).index) == ["m", "m@S-1"]


def test_terms_that_an_earlier_wave_cannot_estimate_are_dropped_and_named():
    early = WIDE[1].assign(z=4)
    answers = pd.concat(
        [long_answers(early, GROUP_LEVELS, wave=1), long_answers(WIDE[5], GROUP_LEVELS, wave=5)]
    )
    result = staged(specification(*SIMULATED_TERMS, **LAST), answers)
    row = figures(result).loc["m@S-1"]
    assert row["dropped_terms"].startswith("z: constant") and pd.isna(row["left_out"])
    matrix = np.delete(columns_of(early), 1, axis=1)
    compare(part(result, "term", "m@S-1"), OrdinalModel(outcome_of(early), matrix).fit())


def test_pooled_waves_have_their_own_effects():
    """Against indicators of the waves by hand, with missing answers in one of them."""
    wide = {wave: WIDE[wave].copy() for wave in (1, 2, 5)}
    wide[2].loc[:20, "x"] = "no_answer"
    answers = pd.concat([long_answers(frame, GROUP_LEVELS, wave=wave) for wave, frame in wide.items()])
    seeds = specification(
        *SIMULATED_TERMS,
        ("wave", "categorical", "5", "missing"),
        variant="pooled",
        printed_table=None,
        model=None,
        last_wave="5",
    )
    result = staged(seeds, answers)
    people = pd.concat([frame.assign(wave=wave) for wave, frame in wide.items()])
    people = people[people["x"] != "no_answer"]
    matrix = np.column_stack((columns_of(people), people["wave"] == 1, people["wave"] == 2))
    rows = part(result, "term", "m")
    compare(rows, OrdinalModel(outcome_of(people), matrix).fit())
    waves = rows[rows["term"] == "wave"]
    assert list(waves["category_id"]) == ["1", "2"]
    assert list(waves["reference_category"]) == ["5", "5"]
    model = figures(result).loc["m"]
    assert (model["n_sample"], model["n_obs"], model["n_dropped_no_answer"]) == (900, 879, 21)
    assert (model["first_wave"], model["last_wave"]) == (1, 5)
    assert model["formula"] == "y ~ x + z + i.group + i.wave"
    # A pooled model has no earlier waves of its own.
    assert list(figures(result).index) == ["m"]


def test_an_earlier_wave_shares_only_what_it_asked():
    """Wave 2 was not asked z, which the narrow model shares but does not have."""
    models, terms = together(
        specification(numeric("x"), model_id="m1", **LAST),
        specification(*SIMULATED_TERMS, model_id="m2", model="2", **LAST),
    )
    result = staged((models.assign(common_sample="true"), terms), ANSWERS)
    assert figures(result)["converged"].all()
    assert list(figures(result).index) == ["m1", "m2", "m1@S-1", "m1@S-2", "m2@S-1", "m2@S-2"]


def test_a_problem_of_a_derived_model_is_a_row():
    """Nobody chose an outcome category in wave 1, and the answers have no nets."""
    early = WIDE[1].copy()
    early["y"] = early["y"].replace({3: 2})
    answers = pd.concat(
        [long_answers(early, GROUP_LEVELS, wave=1), long_answers(WIDE[5], GROUP_LEVELS, wave=5)]
    )
    chosen = alternatives(("by_net", "group", "coding", "net", "positive"))
    result = staged(specification(*SIMULATED_TERMS, **LAST), answers, chosen)
    row = figures(result).loc["m@S-1"]
    assert not row["converged"] and row["formula"] == "y ~ x + z + i.group"
    assert row["problem"].startswith("model m@S-1, term y, level c3: outcome category")
    assert pd.isna(row["n_obs"]) and part(result, "term", "m@S-1").empty
    (failed,) = alternative(result, "by_net", "m").to_dict("records")
    assert failed["kind"] == "model" and failed["problem"].startswith("model m, term group, level a:")
    assert "without a net" in failed["problem"] and pd.isna(failed["estimate"])
    # The same faults in a published or pooled model stop the build.
    for variant in ("published", "pooled"):
        seeds = specification(*SIMULATED_TERMS, variant=variant)
        with pytest.raises(RegressionError, match="model m, term y, level c3: outcome cat"):
            staged(seeds, answers)


def test_a_partly_asked_question_of_an_earlier_wave_is_a_problem_not_left_out():
    answers = ANSWERS.drop(ANSWERS.index[(ANSWERS["wave"] == 1) & (ANSWERS["question_id"] == "z")][:2])
    row = figures(staged(NESTED, answers)).loc["m1@S-1"]
    assert pd.isna(row["left_out"])
    assert "term z: 2 of 300 respondents of S-1 have no row" in row["problem"]


CALLED = {
    "build_design": fit_cache,
    "fit_dropping": stage,
    "fit_design": fit_cache,
    "average_marginal_effects": result_rows,
    "brant": result_rows,
    "likelihood_ratio": result_rows,
    "score_test": result_rows,
}


def counted(monkeypatch) -> dict[str, int]:
    """How often the stage calls what costs time."""
    calls = dict.fromkeys(CALLED, 0)

    def counting(name, original):
        def call(*args, **kwargs):
            calls[name] += 1
            return original(*args, **kwargs)

        return call

    for name, module in CALLED.items():
        monkeypatch.setattr(module, name, counting(name, getattr(module, name)))
    return calls


def test_the_same_model_is_fitted_once_whatever_its_names(monkeypatch):
    calls = counted(monkeypatch)
    # The same twice at wave 5; at wave 1 as an earlier wave of both, and published too. On wave 2,
    # which was not asked z, the models with and without z are one.
    full = (numeric("x"), GROUP)
    seeds = together(
        specification(*full, model_id="a", **LAST),
        specification(*full, model_id="b", printed_table="2", **LAST),
        specification(*full, model_id="c", printed_table="3"),
        specification(*full, numeric("z"), model_id="d", model="2", **LAST),
    )
    chosen = alternatives(("weighted", None, "weight", "weight", None))
    result = staged(seeds, ANSWERS, chosen)
    models = figures(result)
    assert list(models.index) == ["a", "d", "b", "c", "a@S-1", "a@S-2", "d@S-1", "d@S-2", "b@S-1", "b@S-2"]
    assert models["spec_hash"].nunique() == 5
    # Published: a = b, c, d. Earlier: a@2 = b@2 = d@2, d@1. Weighted: a = b, c, d.
    assert calls == {
        "build_design": 8,
        "fit_dropping": 6,
        "fit_design": 8,
        "average_marginal_effects": 5,
        "brant": 5,
        "likelihood_ratio": 5,
        "score_test": 5,
    }
    for one, other in (("a", "b"), ("c", "b@S-1"), ("a@S-2", "d@S-2")):
        assert models["spec_hash"][one] == models["spec_hash"][other]
        for name in ("term", "effect", "assumption"):
            pd.testing.assert_frame_equal(
                part(result, name, one).drop(columns="model_id"),
                part(result, name, other).drop(columns="model_id"),
            )
    assert models["left_out"].dropna().to_dict() == {"d@S-2": "z"}


@pytest.fixture(scope="module")
def published() -> tuple:
    answers = pd.concat([core_answers("KOR"), core_answers("JPN")], ignore_index=True)
    chosen = pd.read_csv(SEEDS / "analysis" / "regression_alternatives.csv", dtype=str)
    # The core records have neither sex nor education.
    chosen = chosen[chosen["setting"] != "complete_cases"]
    return published_specifications(), chosen, answers


@pytest.mark.slow
def test_two_runs_give_equal_frames(published):
    """The second on shuffled rows of answers and of models, under the same alternatives."""
    (models, terms), chosen, answers = published
    first = run_stage(models, terms, chosen, answers)
    again = run_stage(
        models.iloc[::-1],
        terms.sample(frac=1, random_state=1),
        chosen,
        answers.sample(frac=1, random_state=2),
    )
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    assert list(dict.fromkeys(first["part"])) == PARTS
    assert not first.duplicated(KEY).any()
    assert set(first.columns) == {"part", *MODEL, *TERM, *COMPARISON, *DECOMPOSITION}
    tests = part(first, "assumption")
    assert first["problem"].count() == tests["problem"].count() == tests["statistic"].isna().sum() > 0
    assert set(tests.loc[tests["problem"].notna(), "test"]) == {"likelihood_ratio", "brant"}
    terms_alone = fit_models(models, terms, answers)
    asked = part(first, "term")["model_id"].isin(models["model_id"])
    assert part(first, "term")["estimate"][asked].tolist() == terms_alone["estimate"].tolist()
    # Models of a table on their common sample have one N; the weights of the core are 1.
    common = part(first, "sensitivity").query("alternative_id == 'common_sample'")
    n_obs = figures(first)["n_obs"]
    for table in (1, 2):
        rows = common[common["model_id"].str.startswith(f"table{table}")]
        widest = min(n_obs[f"table{table}_model{model}"] for model in range(1, 6))
        assert set(rows["n_obs"]) == {widest}
    weighted = part(first, "sensitivity").query("alternative_id == 'weighted'")
    merged = weighted.merge(part(first, "term"), on=["model_id", "kind", "term_position"])
    assert len(merged) == len(terms_alone)
    np.testing.assert_allclose(
        merged["estimate_x"].astype(float), merged["estimate_y"].astype(float), **CLOSE
    )


def test_a_new_model_is_rows_alone():
    """Its outcome and a term are questions of no other model; the other models stay as they were."""
    rng = np.random.default_rng(1)
    wide = WIDE[5].assign(v=rng.integers(1, 4, 300), w=rng.integers(1, 3, 300)).astype(object)
    answers = pd.concat(
        [long_answers(WIDE[1], GROUP_LEVELS, wave=1), long_answers(wide, GROUP_LEVELS, wave=5)]
    )
    new = specification(
        numeric("w"), GROUP, outcome="v", model_id="new", model="3", link="probit", vce="robust", **LAST
    )
    without, result = staged(NESTED, answers), staged(together(NESTED, new), answers)
    others = result[result["model_id"] != "new"].reset_index(drop=True)
    pd.testing.assert_frame_equal(others, without, check_exact=True)
    matrix = np.column_stack((wide["w"].to_numpy(float), wide["group"].eq("b"), wide["group"].eq("c")))
    direct = OrdinalModel(wide["v"].to_numpy(int) - 1, matrix, link="probit").fit("robust")
    compare(part(result, "term", "new"), direct)
    row = figures(result).loc["new"]
    assert (row["outcome"], row["link"], row["vce"], row["formula"]) == (
        "v",
        "probit",
        "robust",
        "v ~ w + i.group",
    )
    assert len(part(result, "effect", "new")) == 3 * 3
    columns = [MatrixColumn("w"), MatrixColumn("group", "b", "a"), MatrixColumn("group", "c", "a")]
    tests = part(result, "assumption", "new")
    assert list(tests["term_position"]) == list(range(1, 16))
    for name, test in (("score", score_test), ("likelihood_ratio", likelihood_ratio), ("brant", brant)):
        rows, expected = tests[tests["test"] == name].reset_index(drop=True), test(direct, columns)
        pd.testing.assert_frame_equal(
            rows[["kind", "term", "category_id"]], expected[["kind", "term", "category_id"]]
        )
        np.testing.assert_allclose(rows["statistic"].astype(float), expected["chi2"], rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(rows["p_value"].astype(float), expected["p_value"], rtol=1e-7)


def differing(answers: pd.DataFrame, **values: str) -> pd.DataFrame:
    """The answers with `question_wave=comparability`."""
    answers = answers.copy()
    for name, value in values.items():
        question, wave = name.split("_")
        at = (answers["question_id"] == question) & (answers["wave"] == int(wave))
        answers.loc[at, "comparability"] = value
    return answers


def test_another_scale_counts_as_not_asked():
    """In wave 1 of a term, in wave 2 of the outcome."""
    result = staged(NESTED, differing(ANSWERS, z_1="scale", y_2="scale", x_1="wording"))
    models = figures(result)
    assert list(models.index) == ["m1", "m2", "m1@S-1", "m2@S-1"]
    assert models["left_out"].dropna().to_dict() == {"m1@S-1": "z", "m2@S-1": "z"}
    assert models["formula"]["m2@S-1"] == "y ~ x + i.group"
    assert models["comparability_breaks"].dropna().to_dict() == {
        "m1@S-1": "x (wording)",
        "m2@S-1": "x (wording)",
    }
    matrix = np.delete(columns_of(WIDE[1]), 1, axis=1)
    compare(part(result, "term", "m2@S-1"), OrdinalModel(outcome_of(WIDE[1]), matrix).fit())


def test_what_is_not_comparable_is_listed():
    """Of published and derived models by question, of pooled ones by wave too; not of dropped terms. It
    changes no estimate and no hash."""
    wide = {1: WIDE[1].assign(z=4), 5: WIDE[5]}
    answers = pd.concat([long_answers(frame, GROUP_LEVELS, wave=wave) for wave, frame in wide.items()])
    pooled = specification(
        *SIMULATED_TERMS, model_id="p", variant="pooled", printed_table=None, model=None, last_wave="5"
    )
    seeds = together(specification(*SIMULATED_TERMS, **LAST), pooled)
    broken = differing(answers, z_1="mode", y_1="options", x_5="wording", group_5="scale", x_1="wording")
    result, plain = staged(seeds, broken), staged(seeds, answers)
    assert figures(result)["comparability_breaks"].to_dict() == {
        "m": "x (wording), group (scale)",
        "m@S-1": "y (options), x (wording)",
        "p": "y 1 (options), x 1 (wording), x 5 (wording), z 1 (mode), group 5 (scale)",
    }
    assert plain["comparability_breaks"].isna().all()
    pd.testing.assert_frame_equal(
        result.drop(columns="comparability_breaks"), plain.drop(columns="comparability_breaks")
    )
    failing = broken.assign(
        category_id=broken["category_id"].where(
            ~((broken["wave"] == 1) & (broken["question_id"] == "y")), "c1"
        )
    )
    failing.loc[failing["category_id"].eq("c1") & failing["question_id"].eq("y"), "position"] = 1
    row = figures(staged(specification(*SIMULATED_TERMS, **LAST), failing)).loc["m@S-1"]
    assert not row["converged"] and row["comparability_breaks"] == "y (options), x (wording), z (mode)"
