"""The published models under other choices of harmonisation, each against a fit by hand."""

import numpy as np
import pandas as pd
import pytest
from kjpoll.ordinal import OrdinalModel, RegressionError
from regression_data import (
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    numeric,
    specification,
    together,
)
from stage_data import (
    ANSWERS,
    CLOSE,
    LAST,
    NESTED,
    NO_ALTERNATIVES,
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

NETS = {"a": "positive", "b": "negative", "c": "negative"}


def missing_answers() -> pd.DataFrame:
    """Wave 5 with don't knows and no answers in every term."""
    wide = WIDE[5].copy()
    wide.loc[:24, "x"] = "dont_know"
    wide.loc[25:34, "x"] = "no_answer"
    wide.loc[20:49, "z"] = "dont_know"
    wide.loc[60:69, "group"] = "dont_know"
    return wide


MISSING = missing_answers()
TABLE = together(
    specification(numeric("x"), model_id="m1", **LAST),
    specification(numeric("x"), numeric("z"), model_id="m2", model="2", **LAST),
    specification(*SIMULATED_TERMS, model_id="m3", model="3", **LAST),
)


def respondents(*terms: str, middle: bool = False) -> pd.DataFrame:
    """Those of MISSING who enter a model of these terms."""
    wide = MISSING.replace({"x": {"dont_know": 3}, "z": {"dont_know": 5}}) if middle else MISSING
    return wide[~wide[list(terms)].isin(["dont_know", "no_answer"]).any(axis=1)]


@pytest.fixture(scope="module")
def sensitivity() -> pd.DataFrame:
    answers = long_answers(MISSING, GROUP_LEVELS, wave=5, nets=NETS)
    return staged(
        TABLE,
        answers,
        alternatives(
            ("common", None, "sample", "common", None),
            ("middle", None, "dont_know", "middle", None),
            ("by_net", "group", "coding", "net", "positive"),
            ("weighted", None, "weight", "weight", None),
        ),
    )


def test_a_common_sample_gives_all_models_of_a_table_one_n(sensitivity):
    published = figures(sensitivity)["n_obs"]
    assert list(published) == [265, 250, 240]
    people = respondents("x", "z", "group")
    for model_id, columns in (("m1", 1), ("m2", 2)):
        rows = alternative(sensitivity, "common", model_id)
        assert set(rows["n_obs"]) == {240}
        compare(rows, OrdinalModel(outcome_of(people), columns_of(people)[:, :columns]).fit())
    # The widest model is its own common sample.
    assert alternative(sensitivity, "common", "m3").empty


def test_a_dont_know_in_the_middle_keeps_the_respondent(sensitivity):
    for model_id, terms, n_obs in (
        ("m1", ["x"], 290),
        ("m2", ["x", "z"], 290),
        ("m3", ["x", "z", "group"], 280),
    ):
        people = respondents(*terms, middle=True)
        assert len(people) == n_obs
        rows = alternative(sensitivity, "middle", model_id)
        assert set(rows["n_obs"]) == {n_obs} and n_obs > figures(sensitivity)["n_obs"][model_id]
        matrix = people[terms[:2]].to_numpy(float)
        matrix = columns_of(people) if model_id == "m3" else matrix
        compare(rows, OrdinalModel(outcome_of(people), matrix).fit())


def test_a_term_by_net(sensitivity):
    people = respondents("x", "z", "group")
    rows = alternative(sensitivity, "by_net", "m3")
    matrix = np.column_stack((people[["x", "z"]].to_numpy(float), people["group"].ne("a")))
    compare(rows, OrdinalModel(outcome_of(people), matrix).fit())
    coded = rows[rows["term"] == "group"].iloc[0]
    assert (coded["category_id"], coded["reference_category"]) == ("negative", "positive")
    # It changes nothing in models without the term.
    assert set(part(sensitivity, "sensitivity").query("alternative_id == 'by_net'")["model_id"]) == {"m3"}


def test_a_dont_know_beside_nets_is_a_level_of_its_own():
    wide = MISSING.copy()
    terms = (*SIMULATED_TERMS[:2], ("group", "categorical", "a", "category"))
    result = staged(
        specification(*terms, **LAST),
        long_answers(wide, GROUP_LEVELS, wave=5, nets=NETS),
        alternatives(("by_net", "group", "coding", "net", "positive")),
    )
    people = respondents("x", "z")
    rows = alternative(result, "by_net", "m")
    assert list(rows["category_id"].dropna()) == ["negative", "not_sure"]
    matrix = np.column_stack(
        (
            people[["x", "z"]].to_numpy(float),
            people["group"].isin(["b", "c"]),
            people["group"].eq("dont_know"),
        )
    )
    compare(rows, OrdinalModel(outcome_of(people), matrix).fit())


def test_weights_of_one_give_the_published_estimates_with_robust_errors(sensitivity):
    for model_id, terms in (("m1", ["x"]), ("m3", ["x", "z", "group"])):
        rows = alternative(sensitivity, "weighted", model_id)
        published = part(sensitivity, "term", model_id)
        np.testing.assert_allclose(
            rows["estimate"].to_numpy(float), published["estimate"].to_numpy(float), **CLOSE
        )
        people = respondents(*terms)
        matrix = columns_of(people) if "z" in terms else people[["x"]].to_numpy(float)
        compare(rows, OrdinalModel(outcome_of(people), matrix).fit("robust"))
        assert (rows["std_error"] - published["std_error"]).abs().min() > 1e-6


def test_survey_weights_act():
    weights = np.random.default_rng(2).choice([0.25, 1.0, 1.5, 4.0], len(MISSING))
    answers = long_answers(MISSING, GROUP_LEVELS, wave=5, weights=weights)
    chosen = alternatives(("weighted", None, "weight", "weight", None))
    result = staged(TABLE, answers, chosen)
    people = respondents("x", "z", "group")
    direct = OrdinalModel(
        outcome_of(people), columns_of(people), sampling_weights=weights[people.index]
    ).fit()
    compare(alternative(result, "weighted", "m3"), direct)
    plain = OrdinalModel(outcome_of(people), columns_of(people)).fit()
    compare(part(result, "term", "m3"), plain)
    assert np.abs(direct.params - plain.params).max() > 0.01
    # A model that is weighted itself has no such alternative.
    seeds = specification(*SIMULATED_TERMS, weight="weight", vce="robust", **LAST)
    weighted = staged(seeds, answers, chosen)
    compare(part(weighted, "term", "m"), direct)
    assert part(weighted, "sensitivity").empty


def test_a_common_sample_by_the_flag_of_a_model():
    models, terms = TABLE
    answers = long_answers(MISSING, GROUP_LEVELS, wave=5)
    result = staged((models.assign(common_sample="true"), terms), answers)
    assert list(figures(result)["n_obs"]) == [240] * 3
    assert list(figures(result)["common_sample"]) == [True] * 3
    people = respondents("x", "z", "group")
    compare(part(result, "term", "m1"), OrdinalModel(outcome_of(people), columns_of(people)[:, :1]).fit())
    mixed = staged((models.assign(common_sample=["true", "false", "false"]), terms), answers)
    assert list(figures(mixed)["n_obs"]) == [240, 250, 240]
    # Neither the order of the seeds' rows nor that of the models reaches the drop counts.
    turned = staged((models.assign(common_sample="true").iloc[::-1], terms.iloc[::-1]), answers)
    pd.testing.assert_frame_equal(turned, result, check_exact=True)


def test_a_common_sample_takes_in_how_each_model_treats_a_dont_know():
    """A term that is don't-know-missing in one model and a category in another drops in both."""
    seeds = together(
        specification(numeric("x"), ("group", "categorical", "a", "category"), model_id="m1", **LAST),
        specification(*SIMULATED_TERMS, model_id="m2", model="2", **LAST),
    )
    models, terms = seeds
    result = staged((models.assign(common_sample="true"), terms), long_answers(MISSING, GROUP_LEVELS, wave=5))
    assert list(figures(result)["n_obs"]) == [240, 240]


def test_alternatives_that_need_what_is_not_there_are_rows():
    answers = long_answers(WIDE[5], GROUP_LEVELS, wave=5, weights=np.full(300, np.nan))
    result = staged(
        specification(*SIMULATED_TERMS, **LAST),
        answers,
        alternatives(("weighted", None, "weight", "weight", None)),
    )
    (failed,) = part(result, "sensitivity").to_dict("records")
    assert failed["problem"] == (
        "model m: 300 respondents of S-5 have no weight or a negative one; a weighted model needs one each"
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("published", None, "weight", "weight", None), "alternative_id is published"),
        (("a", "x;w", "dont_know", "middle", None), "term w: alternative a: no published model has"),
        (("a", "x;", "dont_know", "middle", None), "alternative a: term is 'x;'; write each term once"),
        (("a", "x; x", "dont_know", "middle", None), "alternative a: term is 'x; x'; write each term once"),
        (("a", "x", "vce", "robust", None), "term x: alternative a: vce is of whole models"),
        (("a", None, "vce", "cluster", None), "alternative a: vce = cluster is no choice"),
        (("a", None, "weight", "twice", None), "alternative a: weight = twice is no choice; known are"),
        (("a", None, "link", "probit", None), "alternative a: link = probit is no choice"),
        (("a", None, None, None, None), "alternative a: None = None is no choice"),
        ((None, None, "weight", "weight", None), "alternative_id is None; it must be filled"),
        (("kept", None, "weight", "weight", None), "alternative_id is kept; it must be .* unique"),
        (("a", "x", "weight", "weight", None), "term x: alternative a: weight is of whole models"),
        (("a", "w", "coding", "net", "positive"), "term w: alternative a: no published model has"),
        (("a", "group", "coding", "net", None), "term group: alternative a: .*needs a reference"),
        (("a", "group", "coding", "numeric", "a"), "term group, level a: alternative a: a numeric term"),
    ],
)
def test_bad_alternatives_stop_the_build(row, message):
    chosen = alternatives(("kept", None, "dont_know", "middle", None), row)
    with pytest.raises(RegressionError, match=message):
        staged(specification(*SIMULATED_TERMS, **LAST), ANSWERS, chosen)


def test_the_seed_of_alternatives_needs_its_columns():
    with pytest.raises(RegressionError, match="regression_alternatives lacks the columns setting"):
        staged(NESTED, ANSWERS, NO_ALTERNATIVES.drop(columns="setting"))


def test_an_alternative_of_some_terms_leaves_the_others():
    """A don't know to x is the middle, one to z is missing."""
    answers = long_answers(MISSING, GROUP_LEVELS, wave=5)
    result = staged(
        TABLE,
        answers,
        alternatives(
            ("x", "x", "dont_know", "middle", None),
            ("both", "z; x", "dont_know", "middle", None),
            ("group", "group", "dont_know", "middle", None),
        ),
    )
    people = respondents("x", "z", middle=True)
    people = people[MISSING.loc[people.index, "z"] != "dont_know"]
    rows = alternative(result, "x", "m2")
    assert set(rows["n_obs"]) == {270} == {len(people)}
    compare(rows, OrdinalModel(outcome_of(people), people[["x", "z"]].to_numpy(float)).fit())
    people = respondents("x", "z", middle=True)
    compare(
        alternative(result, "both", "m2"),
        OrdinalModel(outcome_of(people), people[["x", "z"]].to_numpy(float)).fit(),
    )
    # A categorical term has no middle.
    assert "group" not in set(part(result, "sensitivity")["alternative_id"])


def test_a_dont_know_as_missing():
    terms = (("x", "numeric", None, "middle"), numeric("z"), ("group", "categorical", "a", "category"))
    answers = long_answers(MISSING, GROUP_LEVELS, wave=5)
    result = staged(
        specification(*terms, **LAST),
        answers,
        alternatives(
            ("missing", None, "dont_know", "missing", None), ("group", "group", "dont_know", "missing", None)
        ),
    )
    people = respondents("x", "z", "group")
    compare(alternative(result, "missing", "m"), OrdinalModel(outcome_of(people), columns_of(people)).fit())
    people = MISSING.replace({"x": {"dont_know": 3}})
    people = people[~people.isin(["dont_know", "no_answer"]).any(axis=1)]
    compare(alternative(result, "group", "m"), OrdinalModel(outcome_of(people), columns_of(people)).fit())


def test_weights_and_robust_errors_can_be_distinguished():
    weights = np.random.default_rng(2).choice([0.25, 1.0, 1.5, 4.0], len(MISSING))
    answers = long_answers(MISSING, GROUP_LEVELS, wave=5, weights=weights)
    chosen = alternatives(
        ("robust", None, "vce", "robust", None),
        ("oim", None, "vce", "oim", None),
        ("weighted", None, "weight", "weight", None),
        ("none", None, "weight", "none", None),
    )
    seeds = together(
        *(
            specification(*SIMULATED_TERMS, model_id=name, **values, **LAST)
            for name, values in (
                ("plain", {}),
                ("robust", {"vce": "robust"}),
                ("weighted", {"weight": "weight", "vce": "robust"}),
            )
        )
    )
    result = staged(seeds, answers, chosen)
    people = respondents("x", "z", "group")
    arrays = outcome_of(people), columns_of(people)
    expected = {
        "oim": OrdinalModel(*arrays).fit("oim"),
        "robust": OrdinalModel(*arrays).fit("robust"),
        "weighted": OrdinalModel(*arrays, sampling_weights=weights[people.index]).fit("robust"),
    }
    found = part(result, "sensitivity").groupby("model_id")["alternative_id"].unique().map(set).to_dict()
    assert found == {"plain": {"robust", "weighted"}, "robust": {"oim", "weighted"}, "weighted": {"none"}}
    for model_id, name, same in (
        ("plain", "robust", "robust"),
        ("plain", "weighted", "weighted"),
        ("robust", "oim", "oim"),
        ("weighted", "none", "robust"),
    ):
        compare(alternative(result, name, model_id), expected[same])
