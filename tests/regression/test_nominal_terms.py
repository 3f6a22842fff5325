"""Nominal terms in the seeds, what they change in the rows of a build, and the variants with rejected terms freed."""

import numpy as np
import pandas as pd
import pytest
from inference_data import fit
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.nominal import fit_nominal
from kjpoll.regression import fit as fit_module
from kjpoll.regression.partial_odds import rejected
from kjpoll.regression.specification_rows import read_specifications
from regression_data import (
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    numeric,
    simulated,
    specification,
    together,
)
from stage_data import CLOSE, alternative, alternatives, columns_of, figures, outcome_of, part, staged

from tests.support.long_answers import fit_models

COLUMNS = [
    MatrixColumn("x"),
    MatrixColumn("z"),
    MatrixColumn("group", "b", "a"),
    MatrixColumn("group", "c", "a"),
]
WIDE = simulated(600, seed=3)
ANSWERS = long_answers(WIDE, GROUP_LEVELS)


def direct(wide: pd.DataFrame, *nominal: str):
    return fit_nominal(fit(outcome_of(wide), columns_of(wide)), nominal, COLUMNS)


def bent(n: int = 900, seed: int = 11) -> pd.DataFrame:
    """A sample in which x acts at the first cut point alone, z and group at all of them."""
    rng = np.random.default_rng(seed)
    wide = simulated(n, seed=seed)
    x, z = (wide[name].to_numpy(float) for name in ("x", "z"))
    group = np.select([wide["group"] == "b", wide["group"] == "c"], [0.4, -0.6], 0.0)
    shared = 0.1 * z - group
    cuts = np.column_stack((0.5 - 0.8 * x + shared, 0.8 + shared, 2.0 + shared))
    return wide.assign(y=1 + (rng.logistic(size=(n, 1)) > cuts).sum(axis=1)).astype(object)


# Seeds


def test_a_nominal_term_stands_in_the_formula_and_in_no_other_models_hash():
    plain, freed, empty = (
        read_specifications(*specification(*SIMULATED_TERMS, nominal=names))[0]
        for names in ((), ("group", "x"), ("nothing",))
    )
    assert plain.formula == "y ~ x + z + i.group" and plain.nominal == ()
    assert freed.formula == "y ~ nominal(x) + z + nominal(i.group)" and freed.nominal == ("x", "group")
    # The hash that the model had before there were nominal terms.
    assert plain.spec_hash == empty.spec_hash
    assert plain.spec_hash == "be1b09993549b4c1dc419f0417677929e9301d36800ef02145feabe3fa778c40"
    other = read_specifications(*specification(*SIMULATED_TERMS, nominal=("x",)))[0]
    assert len({plain.spec_hash, freed.spec_hash, other.spec_hash}) == 3


def test_false_and_empty_are_the_same_and_other_words_are_refused():
    models, terms = specification(*SIMULATED_TERMS)
    for value in ("false", None, False):
        assert read_specifications(models, terms.assign(nominal=value))[0].nominal == ()
    assert read_specifications(models, terms.assign(nominal=True))[0].nominal == ("x", "z", "group")
    with pytest.raises(
        RegressionError,
        match="model m, term x: nominal is 'yes' in seed regression_terms; write true or false",
    ):
        read_specifications(models, terms.assign(nominal="yes"))
    with pytest.raises(RegressionError, match="seed regression_terms lacks the columns nominal"):
        read_specifications(models, terms.drop(columns="nominal"))


@pytest.mark.parametrize("cells", [{"vce": "robust"}, {"weight": "weight", "vce": "robust"}])
def test_nominal_terms_of_dependent_observations_are_refused(cells):
    seeds = specification(*SIMULATED_TERMS, nominal=("z",), **cells)
    with pytest.raises(
        RegressionError,
        match="model m, term z: a nominal term needs weight none and vce oim, not (none|weight)",
    ):
        read_specifications(*seeds)


# Rows


@pytest.fixture(scope="module")
def result() -> pd.DataFrame:
    return staged(
        specification(*SIMULATED_TERMS, nominal=("x", "group")),
        ANSWERS,
        alternatives(
            ("robust", None, "vce", "robust", None),
            ("weighted", None, "weight", "weight", None),
            ("middle", "x;z", "dont_know", "middle", None),
            ("x_by_category", "x", "coding", "categorical", "c1"),
        ),
    )


def test_coefficients_stand_by_term_level_and_cut_point(result):
    rows, nominal = part(result, "term", "m"), direct(WIDE, "x", "group")
    assert list(rows["term_position"]) == list(range(1, 14))
    assert list(zip(rows["term"], rows["category_id"].fillna(""), rows["cut_point"].fillna(0))) == [
        *(("x", "", cut) for cut in (1, 2, 3)),
        ("z", "", 0),
        *(("group", level, cut) for level in ("b", "c") for cut in (1, 2, 3)),
        *((f"cut{cut}", "", 0) for cut in (1, 2, 3)),
    ]
    assert list(rows["kind"]) == ["coefficient"] * 10 + ["cut_point"] * 3
    expected = nominal.estimates().fillna({"term": "", "category_id": "", "cut": 0})
    expected = expected.set_index(["term", "category_id", "cut"])
    for row in rows.fillna({"category_id": "", "cut_point": 0}).to_dict("records"):
        is_cut = row["kind"] == "cut_point"
        key = (
            ("", "", int(row["term"][3:])) if is_cut else (row["term"], row["category_id"], row["cut_point"])
        )
        assert row["estimate"] == pytest.approx(expected.loc[key, "estimate"], rel=1e-8)
        assert row["std_error"] == pytest.approx(expected.loc[key, "std_error"], rel=1e-8)
        assert (
            pd.isna(row["odds_ratio"])
            if is_cut
            else row["odds_ratio"] == pytest.approx(np.exp(row["estimate"]))
        )


def test_the_model_has_its_figures_of_fit(result):
    row, nominal = figures(result).loc["m"], direct(WIDE, "x", "group")
    assert (row["formula"], row["nominal_terms"]) == ("y ~ nominal(x) + z + nominal(i.group)", "x, group")
    assert (row["n_obs"], row["df_model"], row["chi2_kind"]) == (600, 10, "LR")
    for column, figure in {"log_likelihood": "llf", "chi2": "llr", "aic": "aic", "bic": "bic"}.items():
        assert row[column] == pytest.approx(getattr(nominal, figure), rel=1e-9)
    counts = np.bincount(outcome_of(WIDE))
    assert row["log_likelihood_null"] == pytest.approx(counts @ np.log(counts / 600), rel=1e-9)
    assert row["pseudo_r2"] == pytest.approx(1 - row["log_likelihood"] / row["log_likelihood_null"], rel=1e-9)
    assert row["converged"] and row["gradient_norm"] < 1e-6 and pd.isna(row["not_freed"])


def test_effects_tests_and_predictions_are_there(result):
    assert len(part(result, "effect", "m")) == 4 * 4
    tests = part(result, "assumption", "m")
    assert set(tests["term"].dropna()) == {"z"}
    assert tests[tests["test"] != "brant"]["statistic"].notna().all()
    predictions = part(result, "prediction", "m")
    assert len(predictions) == (5 + 11 + 3) * 4
    assert list(predictions["term_position"]) == list(range(1, len(predictions) + 1))


def test_alternatives_free_the_same_terms_or_say_why_not(result):
    for name in ("robust", "weighted"):
        (row,) = alternative(result, name, "m").to_dict("records")
        assert (
            row["kind"] == "model"
            and "term x: a nominal term needs weight none and vce oim" in row["problem"]
        )
    rows = alternative(result, "x_by_category", "m")
    coefficients = rows[rows["term"] == "x"]
    assert list(zip(coefficients["category_id"], coefficients["cut_point"])) == [
        (f"c{level}", cut) for level in range(2, 6) for cut in (1, 2, 3)
    ]


def test_a_free_term_is_no_reason_to_drop_anybody_of_the_models_beside_it():
    """A common sample asks for the answers to the terms of a table, whether or not they are free there."""
    one = specification(numeric("x"), model_id="a", common_sample="true")
    other, freed = (
        specification(*SIMULATED_TERMS, model_id="b", model="2", nominal=names) for names in ((), ("z",))
    )
    hashes = [read_specifications(*together(one, beside))[0].spec_hash for beside in (other, freed)]
    assert hashes[0] == hashes[1]


def test_a_model_that_cannot_be_freed_stops_the_build_with_its_name():
    wide = simulated(200, seed=2)
    wide.loc[wide["group"] == "c", "y"] = 2
    with pytest.raises(RegressionError, match="model m: separated: group=c predict perfectly"):
        fit_models(*specification(*SIMULATED_TERMS, nominal=("group",)), long_answers(wide, GROUP_LEVELS))


# Variants


def test_the_rejected_term_is_freed_in_a_variant():
    wide = bent()
    result = staged(specification(*SIMULATED_TERMS), long_answers(wide, GROUP_LEVELS))
    models = figures(result)
    assert list(models.index) == ["m", "m~partial_odds"]
    row = models.loc["m~partial_odds"]
    assert (row["variant"], row["base_model_id"], row["nominal_terms"]) == ("partial_odds", "m", "x")
    assert row["formula"] == "y ~ nominal(x) + z + i.group" and pd.isna(row["printed_table"])
    assert row["n_obs"] == models.loc["m", "n_obs"] and row["spec_hash"] != models.loc["m", "spec_hash"]
    rows, nominal = part(result, "term", "m~partial_odds"), direct(wide, "x").estimates()
    np.testing.assert_allclose(
        rows[rows["term"] == "x"]["estimate"].astype(float),
        nominal[nominal["term"] == "x"]["estimate"],
        **CLOSE,
    )
    # What it was made with: x at the first cut point alone.
    first, *others = rows[rows["term"] == "x"]["estimate"].astype(float)
    assert first > 0.6 and max(map(abs, others)) < 0.3
    assert len(part(result, "prediction", "m~partial_odds")) == len(part(result, "prediction", "m"))


def test_no_variant_without_a_rejection():
    assert list(figures(staged(specification(*SIMULATED_TERMS), ANSWERS)).index) == ["m"]


def test_pooled_models_have_predictions_and_earlier_waves_none_and_only_published_ones_are_freed():
    answers = pd.concat([long_answers(bent(seed=wave), GROUP_LEVELS, wave=wave) for wave in (1, 5)])
    published = specification(*SIMULATED_TERMS, first_wave="5", last_wave="5")
    pooled = specification(
        *SIMULATED_TERMS,
        ("wave", "categorical", "5", "missing"),
        model_id="p",
        variant="pooled",
        printed_table=None,
        model=None,
        last_wave="5",
    )
    result = staged(together(published, pooled), answers)
    assert list(figures(result).index) == ["m", "p", "m@S-1", "m~partial_odds"]
    predicted = part(result, "prediction")
    assert set(predicted["model_id"]) == {"m", "p", "m~partial_odds"}
    waves = predicted[(predicted["model_id"] == "p") & (predicted["term"] == "wave")]
    assert list(waves["category_id"][::4]) == ["5", "1"]


def crossing(slope: float, n: int = 1200, seed: int = 4) -> pd.DataFrame:
    """x acts at the first cut point alone and z at the last: with steep slopes the two cross where both are low."""
    rng = np.random.default_rng(seed)
    x, z = rng.integers(1, 6, n), rng.integers(1, 6, n)
    low = rng.random(n) < 1 / (1 + np.exp(slope * (x - 2)))
    high = rng.random(n) < 1 / (1 + np.exp(-slope * (z - 3)))
    y = np.where(low, 1, np.where(high, 4, rng.integers(2, 4, n)))
    return pd.DataFrame({"y": y, "x": x, "z": z}).astype(object)


X_AND_Z = specification(numeric("x"), numeric("z"))


def test_terms_are_freed_together_where_they_can_be():
    row = figures(staged(X_AND_Z, long_answers(crossing(0.5)))).loc["m~partial_odds"]
    assert row["nominal_terms"] == "x, z" and pd.isna(row["not_freed"])


def test_terms_that_cannot_be_free_together_are_freed_the_most_clearly_rejected_first():
    result = staged(X_AND_Z, long_answers(crossing(1.1)))
    tests = part(result, "assumption", "m").query("test == 'score' and kind == 'term'")
    strongest, weaker = tests.sort_values("statistic", ascending=False)["term"]
    row = figures(result).loc["m~partial_odds"]
    assert row["nominal_terms"] == strongest
    assert row["not_freed"].startswith(f"{weaker}: the free effects give ")
    assert row["converged"] and pd.isna(row["problem"])
    freed = (
        part(result, "term", "m~partial_odds").query("kind == 'coefficient'").set_index("term")["cut_point"]
    )
    assert list(freed[strongest]) == [1, 2, 3] and pd.isna(freed[weaker])


def test_a_variant_of_which_no_term_can_be_free_is_a_problem(monkeypatch):
    def never(*args, **kwargs):
        raise RegressionError("separated", model="y")

    monkeypatch.setattr(fit_module, "fit_nominal", never)
    row = figures(staged(X_AND_Z, long_answers(crossing(0.5)))).loc["m~partial_odds"]
    assert not row["converged"] and row["problem"] == "model m~partial_odds: separated"
    assert row["nominal_terms"] == "x, z"


def score_rows(**p_values: float) -> list[dict]:
    """Tests with these p values; those of the other test and of other effects do not count."""
    return [
        {"test": test, "kind": kind, "term": term, "p_value": p_value if test == "score" else 0.0}
        for test in ("score", "brant")
        for kind in ("overall", "term", "level")
        for term, p_value in p_values.items()
    ]


def test_rejected_terms_are_those_of_the_score_test_after_holms_correction():
    assert rejected(score_rows(a=0.02, b=0.001, c=0.9)) == ["b", "a"]
    # 0.026 x 2 is not below 0.05, and what comes after an acceptance is accepted.
    assert rejected(score_rows(a=0.026, b=0.001, c=0.03)) == ["b"]
    assert rejected(score_rows(a=0.02, b=0.02, c=0.02)) == []
    assert rejected(score_rows(a=0.01, b=0.01)) == ["a", "b"]
    assert rejected(score_rows(a=float("nan"), b=0.04)) == ["b"]
    assert rejected([]) == []


def test_the_same_model_under_a_name_of_its_own_is_fitted_once():
    """A variant equals the model that a seed frees."""
    seeds = together(
        specification(*SIMULATED_TERMS, model_id="a"),
        specification(*SIMULATED_TERMS, model_id="b", model="2", nominal=("x",)),
    )
    result = staged(seeds, long_answers(bent(), GROUP_LEVELS))
    models = figures(result)
    assert models["spec_hash"]["a~partial_odds"] == models["spec_hash"]["b"]
    assert models["spec_hash"].nunique() == 2
