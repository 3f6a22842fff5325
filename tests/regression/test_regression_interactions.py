"""Interactions in models: their estimates and effects against R, their columns, names and errors."""

import numpy as np
import pandas as pd
import pytest
from inference_data import LEVELS, altered, fit, parameters
from kjpoll.ordinal import OrdinalModel, RegressionError
from kjpoll.ordinal.effects import average_marginal_effects
from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.prediction import predicted_probabilities
from kjpoll.regression.specification_rows import read_specifications
from regression_data import (
    FIXTURES,
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    numeric,
    simulated,
    specification,
)
from stage_data import part, staged
from statsmodels.tools.numdiff import approx_fprime

from tests.support.long_answers import fit_models

OUTCOME = {"wvs": ["Too Little", "About Right", "Too Much"], "beps": [1, 2, 3, 4, 5]}
MODELS = {
    "numeric": ("beps", ["Europe", "Blair", "political.knowledge", "Europe:Blair"]),
    "mixed": ("wvs", ["degree", "country", "age10", "gender", "country:age10"]),
    "categorical": ("wvs", ["degree", "country", "age10", "gender", "degree:country"]),
    "both": ("wvs", ["degree", "country", "age10", "degree:country", "country:age10"]),
}
LINKS = ("logit", "probit")


def r_data(name: str) -> tuple[pd.DataFrame, np.ndarray]:
    people = pd.read_csv(FIXTURES / f"{name}.csv")
    outcome = {"wvs": "poverty", "beps": "economic.cond.national"}[name]
    if name == "wvs":
        people["age10"] = people["age"] / 10
    return people, people[outcome].map(OUTCOME[name].index).to_numpy()


def crossed(people: pd.DataFrame, terms: list[str]) -> tuple[np.ndarray, list[MatrixColumn]]:
    """The matrix with interactions in R's order, the first part's levels fastest."""
    of_term: dict[str, list[tuple[MatrixColumn, np.ndarray]]] = {}
    for term in terms:
        if ":" in term:
            first, second = (of_term[name] for name in term.split(":"))
            of_term[term] = [(MatrixColumn.product(a, b), x * y) for b, y in second for a, x in first]
        elif term in LEVELS:
            reference, *levels = LEVELS[term]
            of_term[term] = [
                (MatrixColumn(term, level, reference), people[term].eq(level).to_numpy(float))
                for level in levels
            ]
        else:
            of_term[term] = [(MatrixColumn(term), people[term].to_numpy(float))]
    entries = [entry for term in terms for entry in of_term[term]]
    return np.column_stack([values for _, values in entries]), [column for column, _ in entries]


def r_fit(model: str, link: str):
    name, terms = MODELS[model]
    people, outcome = r_data(name)
    matrix, columns = crossed(people, terms)
    return fit(outcome, matrix, link), columns


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("model", MODELS)
def test_estimates_and_errors_equal_clm(model, link):
    rows = pd.read_csv(FIXTURES / "interaction_fits.csv")
    expected = rows[rows["model"].eq(model) & rows["link"].eq(link)]
    results, columns = r_fit(model, link)
    cuts = expected["column"].str.contains("|", regex=False)
    ours = parameters(results)
    for name, got in (("estimate", ours), ("std_error", np.sqrt(np.diag(results.covariance)))):
        theirs = np.concatenate((expected.loc[~cuts, name], expected.loc[cuts, name]))
        np.testing.assert_allclose(got, theirs, rtol=1e-6, atol=1e-8)
    assert results.llf == pytest.approx(expected["logLik"].iloc[0], abs=1e-8)
    plain = {column.name.replace("=", "") for column in columns}
    assert plain == set(expected.loc[~cuts, "column"])


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("model", MODELS)
def test_effects_pass_through_every_column_of_a_term_as_in_r(model, link):
    rows = pd.read_csv(FIXTURES / "interaction_effects.csv", keep_default_na=False)
    expected = rows[rows["model"].eq(model) & rows["link"].eq(link)]
    got = average_marginal_effects(*r_fit(model, link), levels=OUTCOME[MODELS[model][0]])
    key = ["term", "category_id", "outcome_category"]
    got = got.assign(
        category_id=got["category_id"].fillna(""), outcome_category=got["outcome_category"].astype(str)
    )
    both = got.merge(expected.astype({"outcome_category": str}), on=key, suffixes=("", "_r"))
    assert len(both) == len(got) == len(expected)
    np.testing.assert_allclose(both["effect"], both["effect_r"], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(both["std_error"], both["std_error_r"], rtol=1e-5, atol=1e-8)


def test_columns_that_do_not_say_what_they_multiply_give_another_effect():
    """What the test above would not forgive."""
    results, columns = r_fit("mixed", "logit")
    unsaid = [MatrixColumn(column.name) if column.parts else column for column in columns]
    right, wrong = (average_marginal_effects(results, each) for each in (columns, unsaid))
    age, alone = (frame[frame["term"] == "age10"]["effect"].to_numpy() for frame in (right, wrong))
    assert np.abs(age - alone).max() > 0.005


@pytest.mark.parametrize("model", ["numeric", "both"])
def test_errors_of_effects_equal_numerical_differentiation(model):
    results, columns = r_fit(model, "probit")

    def effect(theta):
        return average_marginal_effects(altered(results, theta), columns)["effect"].to_numpy()

    gradient = approx_fprime(parameters(results), effect, centered=True)
    numerical = np.sqrt(np.einsum("ij,jk,ik->i", gradient, results.covariance, gradient))
    np.testing.assert_allclose(average_marginal_effects(results, columns)["std_error"], numerical, rtol=1e-6)


def test_a_level_s_effect_is_the_difference_of_predictions_and_a_number_s_their_slope():
    results, columns = r_fit("both", "logit")
    effects = average_marginal_effects(results, columns)
    at = predicted_probabilities(results, [{"country": "Sweden"}, {"country": "Australia"}], columns).pivot(
        index="scenario", columns="outcome_category", values="probability"
    )
    sweden = effects[effects["category_id"].eq("Sweden")]["effect"]
    np.testing.assert_allclose(sweden, at.loc[1] - at.loc[2], atol=1e-14)
    assert not effects["term"].str.contains(":").any()
    sums = effects.fillna({"category_id": ""}).groupby(["term", "category_id"])["effect"].sum()
    assert sums.abs().max() < 1e-13


def test_an_interaction_is_no_scenario_and_a_part_without_a_column_no_effect():
    results, columns = r_fit("mixed", "logit")
    with pytest.raises(RegressionError, match="follows from its parts; give values of country, age10"):
        predicted_probabilities(results, {"country:age10": 1.0}, columns)
    people, outcome = r_data("wvs")
    matrix, columns = crossed(people, MODELS["mixed"][1])
    less = [i for i, column in enumerate(columns) if column.name != "age10"]
    with pytest.raises(RegressionError, match=r"term country:age10, level Norway: .*, age10, .*main effect"):
        average_marginal_effects(fit(outcome, matrix[:, less]), [columns[i] for i in less])


def test_get_margeff_refuses_what_it_would_take_for_separate_covariates():
    people, _ = r_data("beps")
    people = people.rename(columns={"economic.cond.national": "economy"}).assign(
        **{"a:b": people["age"] / 10}
    )
    results = OrdinalModel.from_formula("economy ~ Europe * Blair", people).fit()
    with pytest.raises(ValueError, match="the interaction Europe:Blair"):
        results.get_margeff()
    # A name with a colon is no interaction.
    OrdinalModel.from_formula('economy ~ Q("a:b") + Blair', people).fit().get_margeff()


# In the seeds

GROUP = SIMULATED_TERMS[2]
WIDE = simulated(600, seed=5)
ANSWERS = long_answers(WIDE, GROUP_LEVELS)


def interaction(name: str) -> tuple:
    return (name, "interaction", None, "missing")


def test_the_stage_fits_names_and_moves_interactions():
    seeds = specification(numeric("x"), numeric("z"), GROUP, interaction("x:z"), interaction("group:x"))
    result = staged(seeds, ANSWERS)
    terms = part(result, "term")[lambda f: f["kind"] == "coefficient"]
    assert list(terms["term"]) == ["x", "z", "group", "group", "x:z", "group:x", "group:x"]
    assert list(terms["category_id"].fillna("")) == ["", "", "b", "c", "", "b", "c"]
    assert list(terms["reference_category"].fillna("")) == ["", "", "a", "a", "", "a", "a"]
    model = part(result, "model").iloc[0]
    assert model["formula"] == "y ~ x + z + i.group + x:z + i.group:x"
    x, z = (WIDE[name].to_numpy(float) for name in "xz")
    b, c = (WIDE["group"].eq(level).to_numpy(float) for level in "bc")
    direct = fit(WIDE["y"].to_numpy(int) - 1, np.column_stack((x, z, b, c, x * z, b * x, c * x)))
    np.testing.assert_allclose(terms["estimate"].astype(float), direct.coefficients, rtol=1e-8)
    effects = part(result, "effect")
    assert set(effects["term"]) == {"x", "z", "group"}
    shift = 1e-4
    up, down = (
        predicted_probabilities(
            altered(
                direct,
                exog=np.column_stack((x + h, z, b, c, (x + h) * z, b * (x + h), c * (x + h))),
            ),
            columns=[MatrixColumn(name) for name in "abcdefg"],
        )["probability"].to_numpy()
        for h in (shift, -shift)
    )
    np.testing.assert_allclose(
        effects[effects["term"] == "x"]["estimate"].astype(float), (up - down) / (2 * shift), rtol=1e-6
    )
    tested = part(result, "assumption")
    assert {"x:z", "group:x"} <= set(tested["term"].dropna())


def test_two_categorical_terms_cross_every_level_but_the_references():
    wide = WIDE.assign(side=np.where(WIDE["x"] > 2, "right", "left"))
    levels = GROUP_LEVELS | {"side": ["left", "right"]}
    seeds = specification(GROUP, ("side", "categorical", "left", "missing"), interaction("group:side"))
    fitted = fit_models(*seeds, long_answers(wide, levels))
    rows = fitted[fitted["term"] == "group:side"]
    assert list(rows["category_id"]) == ["b:right", "c:right"]
    assert set(rows["reference_category"]) == {"a:left"}
    empty = wide[~((wide["group"] == "c") & (wide["side"] == "right"))].reset_index(drop=True)
    with pytest.raises(
        RegressionError, match="term group:side, level c:right: nobody .* has both group=c and side=right"
    ):
        fit_models(*seeds, long_answers(empty, levels))


def test_a_collinear_interaction_is_named():
    wide = WIDE.assign(w=WIDE["x"] * WIDE["z"])
    seeds = specification(numeric("x"), numeric("z"), numeric("w"), interaction("x:z"))
    with pytest.raises(RegressionError, match="term x:z: .*determined by .*w"):
        fit_models(*seeds, long_answers(wide))


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ([numeric("x"), interaction("x:z")], "term x:z: .*needs its main effects: .* for z"),
        ([numeric("x"), numeric("x:z")], "term x:z: a colon .*; write the coding interaction"),
        ([numeric("x"), interaction("z")], "term z: an interaction names two terms"),
        ([numeric("x"), numeric("z"), interaction("x:x")], "term x:x: an interaction is of two different"),
        ([numeric("x"), numeric("z"), GROUP, interaction("x:z:group")], "two different terms, a:b"),
        (
            [numeric("x"), numeric("z"), interaction("x:z"), interaction("z:x")],
            "term z:x: stands twice in the model, once in the other order",
        ),
        ([numeric("x"), numeric("z"), ("x:z", "interaction", "a", "missing")], "term x:z.*empty reference"),
        ([numeric("x"), numeric("z"), ("x:z", "interaction", None, "middle")], "write missing as dont_know"),
    ],
)
def test_what_is_no_interaction_is_an_error(terms, message):
    with pytest.raises(RegressionError, match=message):
        read_specifications(*specification(*terms))


def test_a_term_that_is_taken_out_takes_its_interactions_along():
    (spec,) = read_specifications(*specification(numeric("x"), numeric("z"), GROUP, interaction("x:z")))
    assert [term.question_id for term in spec.without("x").terms] == ["z", "group"]
    assert [term.question_id for term in spec.without("x:z").terms] == ["x", "z", "group"]
    assert spec.questions == ("y", "x", "z", "group")


def test_an_earlier_wave_without_a_part_leaves_the_interaction_out():
    early = long_answers(simulated(500, seed=2).drop(columns="z"), GROUP_LEVELS, wave=1)
    late = long_answers(simulated(500, seed=3), GROUP_LEVELS, wave=2)
    seeds = specification(
        numeric("x"),
        numeric("z"),
        GROUP,
        interaction("x:z"),
        interaction("group:x"),
        first_wave="2",
        last_wave="2",
    )
    models = part(staged(seeds, pd.concat([early, late], ignore_index=True)), "model").set_index("model_id")
    assert models.loc["m@S-1", "left_out"] == "z, x:z"
    assert models.loc["m@S-1", "formula"] == "y ~ x + i.group + i.group:x"


def test_specifications_without_interactions_keep_their_hash():
    """As they were before there were interactions, so that a model fitted then is known as the same."""
    (spec,) = read_specifications(*specification(*SIMULATED_TERMS))
    assert spec.spec_hash == "be1b09993549b4c1dc419f0417677929e9301d36800ef02145feabe3fa778c40"
