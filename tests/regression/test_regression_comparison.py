"""Models of different respondents against each other: R, the stacked model, the rows and the errors."""

import numpy as np
import pandas as pd
import pytest
from inference_data import fit, parameters
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.nominal import fit_nominal
from kjpoll.regression.model_comparison import read_comparisons, wald
from regression_data import (
    FIXTURES,
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    numeric,
    simulated,
    specification,
    together,
)
from stage_data import NO_ALTERNATIVES, part

from tests.support.long_answers import run_stage

LEVELS = ["Too Little", "About Right", "Too Much"]
TERMS = ("religion", "degree", "age10", "gender")
LINKS = ("logit", "probit")
OTHER = {"series": "T", "printed_table": "2"}


def r_groups() -> pd.DataFrame:
    """R's two countries, numbers throughout."""
    people = pd.read_csv(FIXTURES / "wvs.csv")
    people = people[people["country"].isin(["Australia", "Sweden"])]
    return pd.DataFrame(
        {
            "y": people["poverty"].map(LEVELS.index),
            "religion": people["religion"].eq("yes").astype(float),
            "degree": people["degree"].eq("yes").astype(float),
            "age10": people["age"] / 10,
            "gender": people["gender"].eq("male").astype(float),
            "second": people["country"].eq("Sweden").astype(float),
        }
    )


def own_fits(link: str):
    people = r_groups()
    return [
        fit(group["y"].to_numpy(), group[list(TERMS)].to_numpy(), link)
        for _, group in people.groupby("second", sort=True)
    ]


@pytest.mark.parametrize("link", LINKS)
def test_fits_of_two_groups_and_their_test_equal_r(link):
    rows, tests = (pd.read_csv(FIXTURES / f"group_{name}.csv") for name in ("fits", "tests"))
    fits = own_fits(link)
    for results, name in zip(fits, ("Australia", "Sweden")):
        expected = rows[rows["fit"].eq(name) & rows["link"].eq(link)].set_index("column")
        got = dict(zip((*TERMS, *expected.index[:2]), parameters(results)))
        errors = dict(zip((*TERMS, *expected.index[:2]), np.sqrt(np.diag(results.covariance))))
        for column, row in expected.iterrows():
            assert got[column] == pytest.approx(row["estimate"], abs=1e-6)
            assert errors[column] == pytest.approx(row["std_error"], abs=1e-6)
    one, other = fits
    test = wald(one.coefficients - other.coefficients, one.covariance[:4, :4] + other.covariance[:4, :4])
    expected = tests[tests["link"] == link].iloc[0]
    assert test["statistic"] == pytest.approx(expected["independent"], abs=1e-6)
    assert test["df"] == expected["df"]
    # The stacked model with cut points of each group's own says the same, one with common cut points another thing.
    assert test["statistic"] == pytest.approx(expected["stacked"], abs=1e-6)
    assert abs(test["statistic"] - expected["common"]) > 0.5


@pytest.mark.parametrize("link", LINKS)
def test_the_stacked_model_with_its_own_cut_points_is_the_two_fits(link):
    expected = pd.read_csv(FIXTURES / "group_tests.csv").set_index("link").loc[link]
    people = r_groups()
    matrix = people[[*TERMS, "second"]].to_numpy()
    matrix = np.column_stack((matrix, matrix[:, :4] * matrix[:, [4]]))
    columns = [MatrixColumn(name) for name in (*TERMS, "second")]
    columns += [MatrixColumn.product(column, columns[4]) for column in columns[:4]]
    common = fit(people["y"].to_numpy(), matrix, link)
    assert common.llf == pytest.approx(expected["logLik_common"], abs=1e-7)
    free = fit_nominal(common, ["second"], columns)
    one, other = own_fits(link)
    assert free.llf == pytest.approx(one.llf + other.llf, abs=1e-7)
    assert free.llf == pytest.approx(expected["logLik_stacked"], abs=1e-6)


# In the stage

FIRST, SECOND = simulated(500, seed=21), simulated(450, seed=22)
ANSWERS = pd.concat(
    [
        long_answers(FIRST, GROUP_LEVELS),
        long_answers(SECOND, GROUP_LEVELS).assign(
            country="T", respondent_id=lambda frame: "T" + frame["respondent_id"]
        ),
    ],
    ignore_index=True,
)
BOTH = together(
    specification(*SIMULATED_TERMS, model_id="a"), specification(*SIMULATED_TERMS, model_id="b", **OTHER)
)
COLUMNS = ["comparison_id", "left_model_id", "right_model_id"]


def compared(seeds=BOTH, answers=ANSWERS, rows=(("c", "a", "b"),)) -> pd.DataFrame:
    result = run_stage(*seeds, NO_ALTERNATIVES, answers, comparisons=pd.DataFrame(rows, columns=COLUMNS))
    return part(result, "comparison")


def matrix_of(wide: pd.DataFrame) -> np.ndarray:
    return np.column_stack(
        (wide[["x", "z"]].to_numpy(float), *(wide["group"].eq(level).astype(float) for level in "bc"))
    )


def test_differences_are_those_of_two_independent_fits():
    rows = compared()
    one, other = (fit(wide["y"].to_numpy(int) - 1, matrix_of(wide)) for wide in (FIRST, SECOND))
    coefficients = rows[rows["kind"] == "coefficient"]
    assert list(coefficients["term"]) == ["x", "z", "group", "group"]
    difference = one.coefficients - other.coefficients
    covariance = one.covariance[:4, :4] + other.covariance[:4, :4]
    np.testing.assert_allclose(coefficients["estimate"].astype(float), difference, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(
        coefficients["std_error"].astype(float), np.sqrt(np.diag(covariance)), rtol=1e-8
    )
    joint = rows[rows["kind"] == "joint"].reset_index(drop=True)
    assert list(joint["term"].fillna("")) == ["", "group"] and list(joint["df"]) == [4, 2]
    assert joint["statistic"][0] == pytest.approx(wald(difference, covariance)["statistic"], rel=1e-7)
    assert joint["statistic"][1] == pytest.approx(
        wald(difference[2:], covariance[2:, 2:])["statistic"], rel=1e-7
    )


def test_effects_are_compared_answer_by_answer():
    seeds, rows = BOTH, compared()
    effects = rows[rows["kind"] == "effect"]
    assert len(effects) == 4 * 4
    own = run_stage(*seeds, NO_ALTERNATIVES, ANSWERS)
    sides = [part(own, "effect", name)[["estimate", "std_error"]].astype(float) for name in "ab"]
    np.testing.assert_allclose(
        effects["estimate"].astype(float), sides[0]["estimate"] - sides[1]["estimate"], atol=1e-9
    )
    np.testing.assert_allclose(
        effects["std_error"].astype(float), np.hypot(sides[0]["std_error"], sides[1]["std_error"]), rtol=1e-8
    )


def test_a_difference_of_groups_that_differ_is_found_and_none_of_one_population():
    """z of one population drawn twice is within the usual bounds; another effect of x is found."""
    same = compared()
    assert same[same["kind"] == "joint"]["p_value"].iloc[0] > 1e-3
    turned = ANSWERS.copy()
    there = turned["country"].eq("T") & turned["question_id"].eq("x")
    turned.loc[there, "position"] = 6 - turned.loc[there, "position"].astype(float)
    turned.loc[there, "category_id"] = [f"c{int(p)}" for p in turned.loc[there, "position"]]
    rows = compared(answers=turned)
    assert rows[rows["kind"] == "joint"]["p_value"].iloc[0] < 1e-10


def test_models_with_other_terms_are_not_compared():
    seeds = together(
        specification(*SIMULATED_TERMS, model_id="a"),
        specification(*SIMULATED_TERMS[:2], model_id="b", **OTHER),
    )
    (row,) = compared(seeds).to_dict("records")
    assert row["kind"] == "comparison" and pd.isna(row["estimate"])
    assert row["problem"] == "the terms differ, or their coding: group"
    probit = together(
        specification(*SIMULATED_TERMS, model_id="a"),
        specification(*SIMULATED_TERMS, model_id="b", link="probit", **OTHER),
    )
    assert compared(probit)["problem"].iloc[0] == "the link of a is logit, that of b probit"


def test_a_level_of_one_side_has_no_difference_and_no_part_in_the_joint_test():
    answers = ANSWERS[
        ~(
            ANSWERS["country"].eq("T")
            & ANSWERS["respondent_id"].isin(ANSWERS[ANSWERS["category_id"].eq("c")]["respondent_id"])
        )
    ]
    rows = compared(answers=answers)
    lacking = rows[rows["category_id"].eq("c") & rows["kind"].eq("coefficient")].iloc[0]
    assert lacking["problem"] == "b has no such level among its respondents"
    assert pd.isna(lacking["estimate"]) and lacking["left_estimate"] == lacking["left_estimate"]
    assert rows[rows["kind"] == "joint"]["df"].tolist() == [3]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [("c", "a", "nobody")],
            "model nobody: comparison c .* names this model, which the build does not fit",
        ),
        ([("c", "a", "a2")], "model a: comparison c: shares the respondents of S, 1 to 1, with a2"),
        ([("c", "a", "a")], "comparison c is of a and a; name two different models"),
        ([("c", "a", None)], "comparison c is of a and None"),
        ([("c", "a", "b"), ("c", "b", "a")], "comparison_id is c; it must be filled and unique"),
        ([(None, "a", "b")], "comparison_id is None"),
    ],
)
def test_a_comparison_that_cannot_be_meant_is_an_error(rows, message):
    seeds = together(BOTH, specification(*SIMULATED_TERMS, model_id="a2", model="2"))
    with pytest.raises(RegressionError, match=message):
        compared(seeds, rows=rows)


def test_a_seed_without_its_columns_is_an_error():
    with pytest.raises(RegressionError, match="regression_comparisons lacks the columns right_model_id"):
        read_comparisons(pd.DataFrame(columns=COLUMNS[:2]))


def test_a_model_on_an_earlier_wave_that_has_no_estimates_says_why():
    early = long_answers(FIRST.assign(y=1), GROUP_LEVELS, wave=1)
    late = long_answers(SECOND, GROUP_LEVELS, wave=2)
    seeds = specification(*SIMULATED_TERMS, model_id="a", first_wave="2", last_wave="2")
    rows = compared(seeds, pd.concat([early, late], ignore_index=True), [("c", "a@S-1", "a")])
    assert rows["problem"].iloc[0].startswith("a@S-1 has no estimates: ")


# Several countries in one model

COUNTRY = ("country", "categorical", "S", "missing")


def stacked(*terms, **values):
    return specification(*terms, model_id="both", variant="pooled", series="T; S", **values)


def test_a_model_of_two_countries_is_a_fit_of_all_their_respondents():
    terms = (*SIMULATED_TERMS, COUNTRY, ("x:country", "interaction", None, "missing"))
    result = run_stage(*stacked(*terms), NO_ALTERNATIVES, ANSWERS)
    rows = part(result, "term")[lambda frame: frame["kind"] == "coefficient"]
    assert list(rows["term"]) == ["x", "z", "group", "group", "country", "x:country"]
    assert list(rows["category_id"].fillna("")) == ["", "", "b", "c", "T", "T"]
    wide = pd.concat([FIRST, SECOND], ignore_index=True)
    second = np.r_[np.zeros(len(FIRST)), np.ones(len(SECOND))]
    direct = fit(
        wide["y"].to_numpy(int) - 1,
        np.column_stack((matrix_of(wide), second, wide["x"].to_numpy(float) * second)),
    )
    np.testing.assert_allclose(rows["estimate"].astype(float), direct.coefficients, rtol=1e-8)
    model = part(result, "model").iloc[0]
    assert (model["series"], model["n_obs"], model["formula"]) == (
        "S;T",
        950,
        "y ~ x + z + i.group + i.country + x:i.country",
    )


def test_a_model_of_two_countries_names_what_is_wrong_with_it():
    for series, message in (("S;S", "write each series once"), ("S;", "write each series once")):
        with pytest.raises(RegressionError, match=message):
            run_stage(*specification(numeric("x"), series=series), NO_ALTERNATIVES, ANSWERS)
    lacking = ANSWERS[~(ANSWERS["country"].eq("T") & ANSWERS["question_id"].eq("z"))]
    with pytest.raises(
        RegressionError, match="term z: S and T, wave 1: not asked in T-1; leave those samples"
    ):
        run_stage(*stacked(numeric("x"), numeric("z")), NO_ALTERNATIVES, lacking)
    gone = ANSWERS.assign(
        answer_status=np.where(
            ANSWERS["country"].eq("T") & ANSWERS["question_id"].eq("z"), "no_answer", ANSWERS["answer_status"]
        )
    )
    with pytest.raises(RegressionError, match="all 450 respondents of T-1 are dropped"):
        run_stage(*stacked(numeric("x"), numeric("z")), NO_ALTERNATIVES, gone)


def test_in_a_model_of_one_country_the_country_is_a_question_like_others():
    with pytest.raises(RegressionError, match="term country: no rows: S-1 was not asked this question"):
        run_stage(*specification(numeric("x"), COUNTRY), NO_ALTERNATIVES, ANSWERS)
