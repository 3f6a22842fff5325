"""The largest part of a model that can be fitted: what is taken out, and that it leaves no trace."""

import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import RegressionError
from kjpoll.regression.design import build_design
from kjpoll.regression.fit import fit_design, fit_dropping
from kjpoll.regression.specification_rows import read_specifications
from kjpoll.regression.stage import questions_of
from ordinal_data import statistics
from regression_data import (
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    numeric,
    simulated,
    specification,
    together,
)
from stage_data import GROUP, LAST, WIDE, figures, part, staged

from tests.support.long_answers import LongAnswers

LATER = long_answers(WIDE[5], GROUP_LEVELS, wave=5)


def dropping(wide, *terms, levels=GROUP_LEVELS):
    (spec,) = read_specifications(*specification(*terms))
    answers = LongAnswers(long_answers(wide, levels), questions_of([spec]))

    def fit(part):
        design = build_design(part, answers)
        return part, design, fit_design(part, design)

    return fit_dropping(spec, fit)


def test_terms_that_cannot_be_estimated_are_dropped_and_recorded():
    wide = simulated()
    wide["w"], wide["same"] = wide["x"] + wide["z"], 4
    wide["flag"] = np.where(wide["y"] == 4, 2, 1)
    extra = tuple(numeric(name) for name in ("w", "same", "flag"))
    (spec, kept, results), dropped = dropping(wide, *SIMULATED_TERMS, *extra)
    assert [d.column.term for d in dropped] == ["same", "w", "flag"]
    assert [d.reason.split(":")[0] for d in dropped] == ["constant", "collinear", "separated"]
    (plain_spec, plain_design, plain), nothing = dropping(simulated(), *SIMULATED_TERMS)
    assert nothing == () and spec == plain_spec
    np.testing.assert_allclose(statistics(results), statistics(plain), rtol=1e-9)
    assert kept.columns == plain_design.columns


def test_a_level_at_fault_takes_its_term_along():
    wide = simulated()
    wide.loc[wide.index[wide["y"] == 4][:5], "group"] = "d"
    (_, kept, results), dropped = dropping(wide, *SIMULATED_TERMS, levels={"group": list("abcd")})
    assert [(d.column.term, d.column.category_id) for d in dropped] == [("group", "d")]
    assert list(results.params.index[:2]) == ["x", "z"] == [c.name for c in kept.columns]


def test_what_cannot_be_dropped_stays_an_error():
    with pytest.raises(RegressionError, match="term y.*: fewer than two"):
        dropping(simulated().assign(y=2), *SIMULATED_TERMS)
    with pytest.raises(RegressionError, match="model m, term x: no term remains: constant"):
        dropping(simulated().assign(x=2), numeric("x"))
    with pytest.raises(RegressionError, match=r"term y.*: fewer than two.* \(after taking out x\)"):
        dropping(simulated().assign(x="skipped", y=2), *SIMULATED_TERMS)
    with pytest.raises(RegressionError, match="model m, term y: no rows"):
        dropping(simulated().assign(y="dont_know"), *SIMULATED_TERMS)


def no_reference(wide):
    return wide.assign(group=wide["group"].replace({"a": "b"}))


def without_position(answers):
    return answers.assign(
        position=answers["position"].mask((answers["question_id"] == "x") & (answers["category_id"] == "c9"))
    )


FAULTS = {
    "reference": ("group", no_reference, "the reference category has no observations"),
    "constant": ("group", lambda wide: wide.assign(group="a"), "constant: all observations"),
    "everybody": ("x", lambda wide: wide.assign(x="skipped"), "no rows: all 300 respondents"),
    "position": ("x", lambda wide: wide.assign(x=wide["x"].replace({2: 9})), "answers have no position"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_one_term_takes_it_out_and_the_rest_is_its_own_nested_model(name):
    """Every part, formula, hash and drop count equal those of the model without the term. Missing answers
    to the term and to the others show that the term drops nobody."""
    term, spoil, reason = FAULTS[name]
    wide = spoil(WIDE[1])
    wide.loc[3:20, term] = "dont_know"
    wide.loc[15:29, "z"] = "no_answer"
    answers = without_position(pd.concat([long_answers(wide, GROUP_LEVELS, wave=1), LATER]))
    nested = tuple(t for t in SIMULATED_TERMS if t[0] != term)
    result = staged(
        together(
            specification(*SIMULATED_TERMS, model_id="full", **LAST),
            specification(*nested, model_id="part", model="2", **LAST),
        ),
        answers,
    )
    full, expected = (figures(result).loc[f"{name}@S-1"] for name in ("full", "part"))
    assert full["dropped_terms"].startswith(f"{term}: ") and reason in full["dropped_terms"]
    assert pd.isna(expected["dropped_terms"]) and pd.isna(full["left_out"])
    own = ["base_model_id", "dropped_terms"]
    pd.testing.assert_series_equal(full.drop(own), expected.drop(own), check_names=False)
    assert full["converged"] and full["n_obs"] == 285 and full["base_model_id"] == "full"
    assert term not in full["formula"] and term not in full["dropped_by_term"]
    for section in ("term", "effect", "assumption"):
        pd.testing.assert_frame_equal(
            part(result, section, "full@S-1").drop(columns="model_id"),
            part(result, section, "part@S-1").drop(columns="model_id"),
        )


def test_terms_out_at_building_and_at_fitting_together():
    wide = no_reference(WIDE[1]).assign(z=4)
    result = staged(
        specification(*SIMULATED_TERMS, **LAST), pd.concat([long_answers(wide, GROUP_LEVELS, wave=1), LATER])
    )
    row = figures(result).loc["m@S-1"]
    assert row["formula"] == "y ~ x" and row["df_model"] == 1
    assert row["dropped_terms"].split(":")[0] == "group"
    assert "; z: constant" in row["dropped_terms"]


def test_a_term_that_only_the_sample_needs_is_taken_out_too():
    """In a common sample a question of the wider model drops everybody."""
    models, terms = together(
        specification(numeric("x"), model_id="m1", **LAST),
        specification(numeric("x"), GROUP, model_id="m2", model="2", **LAST),
    )
    answers = pd.concat([long_answers(WIDE[1].assign(group="skipped"), GROUP_LEVELS, wave=1), LATER])
    result = figures(staged((models.assign(common_sample="true"), terms), answers))
    assert result["n_obs"].tolist() == [300] * 4
    assert result["dropped_terms"].notna().tolist() == [False, False, True, True]
    assert result["spec_hash"]["m1@S-1"] == result["spec_hash"]["m2@S-1"]


def test_a_published_model_loses_no_term():
    answers = pd.concat([long_answers(WIDE[1].assign(x="skipped"), GROUP_LEVELS, wave=1), LATER])
    with pytest.raises(RegressionError, match="model m, term x: no rows"):
        staged(specification(*SIMULATED_TERMS), answers)
