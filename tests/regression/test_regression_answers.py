"""Patterns of answers as DuckDB groups them, against the same computed from the rows."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kjpoll.ordinal import OrdinalModel, RegressionError
from kjpoll.regression.design import build_design
from kjpoll.regression.fit import fit_design
from kjpoll.regression.model_answers import (
    FREQUENCY,
    SAMPLE_COUNTRY,
    SAMPLE_SERIES,
    WEIGHT,
    Answers,
)
from kjpoll.regression.specification_rows import read_specifications
from kjpoll.regression.stage import questions_of
from ordinal_data import statistics
from regression_data import (
    COLUMNS,
    GROUP_LEVELS,
    SIMULATED_TERMS,
    long_answers,
    numeric,
    simulated,
    specification,
)

from tests.support.long_answers import LongAnswers, fit_models

quick = settings(max_examples=15, deadline=None, derandomize=True)
STATUS = ("dont_know", "no_answer", "skipped")


def with_missing(wide: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The sample with a tenth of its cells missing, of every kind."""
    rng = np.random.default_rng(seed)
    wide = wide.copy()
    for name in wide.columns:
        at = rng.random(len(wide)) < 0.1
        wide.loc[at, name] = rng.choice(STATUS, at.sum())
    return wide


def waves(seed: int = 3, n: int = 150) -> pd.DataFrame:
    """Samples 1 to 3 of country S with missing answers and weights, and one of country T."""
    rng = np.random.default_rng(seed)
    parts = [
        long_answers(
            with_missing(simulated(n, seed + wave), seed + wave),
            GROUP_LEVELS,
            wave=wave,
            weights=rng.choice([0.5, 1.0, 2.25], n),
        )
        for wave in (1, 2, 3)
    ]
    other = parts[0].assign(country="T", respondent_id="T" + parts[0]["respondent_id"])
    return pd.concat([*parts, other], ignore_index=True)


def read(*terms, **values):
    (spec,) = read_specifications(*specification(*terms, **values))
    return spec


def served(rows, spec) -> pd.DataFrame:
    return LongAnswers(rows, questions_of([spec])).patterns(spec)


def by_pandas(rows: pd.DataFrame, spec) -> pd.DataFrame:
    """The patterns, one respondent at a time."""
    rows = rows[
        rows["country"].isin(spec.each_series) & rows["wave"].between(spec.first_wave, spec.last_wave)
    ]
    cell = rows["answer_status"] + ":" + rows["category_id"].fillna("")
    wide = rows.assign(cell=cell).pivot(
        index=["country", "wave", "respondent_id", "weight"], columns="question_id", values="cell"
    )
    names = [spec.outcome, *(term.question_id for term in spec.terms)]
    keys = ["country", "wave", *names, *(["weight"] if spec.weight == "weight" else [])]
    counted = wide.reset_index().groupby(keys).size().reset_index(name=FREQUENCY)
    counted.insert(1, SAMPLE_SERIES, counted["country"])
    return counted.rename(columns={"weight": WEIGHT, "country": SAMPLE_COUNTRY})


@quick
@given(
    st.integers(0, 10_000),
    st.sampled_from(["none", "weight"]),
    st.integers(1, 3),
    st.integers(1, 3),
    st.lists(st.sampled_from(["x", "z", "group"]), min_size=1, unique=True),
)
def test_patterns_are_those_of_pandas(seed, weight, one, other, names):
    rows = waves(seed, 60)
    spec = read(
        *(numeric(name) for name in names),
        weight=weight,
        vce="robust",
        variant="pooled",
        first_wave=min(one, other),
        last_wave=max(one, other),
    )
    found, expected = served(rows, spec), by_pandas(rows, spec)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert found[FREQUENCY].sum() == 60 * (1 + abs(one - other))


def test_only_patterns_reach_python():
    """As many rows as there are combinations, whatever the number of respondents."""
    wide = pd.concat([simulated(400)[["y", "x"]]] * 5, ignore_index=True)
    found = served(long_answers(wide), read(numeric("x")))
    assert len(found) == len(wide.drop_duplicates()) <= 20 and found[FREQUENCY].sum() == 2000


@quick
@given(
    st.integers(0, 10_000),
    st.sampled_from(["none", "weight"]),
    st.sampled_from(["oim", "robust"]),
    st.sampled_from(["logit", "probit"]),
)
def test_grouped_equals_ungrouped(seed, weight, vce, link):
    """Against a fit on one row per respondent, put together without the stage."""
    rng = np.random.default_rng(seed)
    weights = rng.choice([0.5, 1.0, 2.25], 300)
    wide = with_missing(simulated(300, seed), seed)
    vce = "robust" if weight == "weight" else vce
    spec = read(
        *SIMULATED_TERMS[:2], ("group", "categorical", "a", "category"), weight=weight, vce=vce, link=link
    )
    design = build_design(
        spec, LongAnswers(long_answers(wide, GROUP_LEVELS, weights=weights), questions_of([spec]))
    )
    kept = ~(wide[["y", "x", "z"]].isin(STATUS).any(axis=1) | wide["group"].isin(["no_answer", "skipped"]))
    people = wide[kept]
    matrix = np.column_stack(
        (
            people[["x", "z"]].to_numpy(float),
            *(people["group"].eq(level) for level in ("b", "c", "dont_know")),
        )
    )
    plain = OrdinalModel(
        people["y"].to_numpy(int) - 1,
        matrix,
        link=link,
        sampling_weights=weights[kept] if weight == "weight" else None,
    ).fit(vce)
    grouped = fit_design(spec, design)
    np.testing.assert_allclose(statistics(grouped), statistics(plain), rtol=1e-10, atol=1e-10)
    assert grouped.llf == pytest.approx(plain.llf, rel=1e-10)
    assert grouped.bic == pytest.approx(plain.bic, rel=1e-10)
    assert grouped.nobs == kept.sum() == 300 - design.n_dropped()


def test_a_relation_serves_as_a_frame_does():
    """With the types of the warehouse, from a connection that stays open."""
    rows = waves()
    spec = read(*SIMULATED_TERMS, variant="pooled", last_wave=3)
    connection = duckdb.connect()
    connection.register("given", rows)
    relation = connection.sql("""
        select respondent_id, cast(wave as smallint) as wave, country, question_id, category_id,
               cast(position as smallint) as position, cast(net as varchar) as net,
               cast(value as double) as value, answer_status, comparability, weight, 'unused' as another
        from given""")
    pd.testing.assert_frame_equal(served(relation, spec), served(rows, spec), check_dtype=False)
    seeds = specification(*SIMULATED_TERMS, variant="pooled", last_wave=3)
    pd.testing.assert_frame_equal(fit_models(*seeds, relation), fit_models(*seeds, rows))
    assert connection.sql("select count(*) from given").fetchall() == [(len(rows),)]
    connection.close()


def test_the_tables_of_a_build_serve_as_the_long_form_does():
    rows = waves()
    spec = read(*SIMULATED_TERMS, variant="pooled", last_wave=3, weight="weight", vce="robust")
    questions = sorted(questions_of([spec]))
    connection = duckdb.connect()
    connection.register("given", rows)
    cells = ", ".join(
        f"max(answer_status || ':' || coalesce(category_id, '')) filter (question_id = '{name}') as \"q_{name}\""
        for name in questions
    )
    wide = connection.sql(
        f"select respondent_id, country || '-' || wave as sample_id, wave, country, country as series, weight, {cells} "
        "from given group by all"
    )
    kinds = connection.sql(
        "select distinct * exclude (respondent_id, country, weight), country as series, country || '-' || wave as sample_id "
        "from given"
    )
    answers, long = Answers(wide, kinds, questions), LongAnswers(rows, questions)
    pd.testing.assert_frame_equal(answers.patterns(spec), long.patterns(spec), check_dtype=False)
    assert len(answers.patterns(spec)) > 1 and answers.categories == long.categories
    for column in ("weight", "q_x"):
        others = wide.project(f"* exclude ({column})")
        with pytest.raises(RegressionError, match=f"answers lack the columns {column}$"):
            Answers(others, kinds, questions)
    with pytest.raises(RegressionError, match="answers lack the columns net$"):
        Answers(wide, kinds.project("* exclude (net)"), questions)
    connection.close()


def test_rows_without_a_relation_are_not_held_up_by_another_connection():
    """Two sets of answers at once; neither sees the other's rows."""
    spec = read(numeric("x"))
    one, other = (LongAnswers(long_answers(simulated(n)), ["y", "x"]) for n in (50, 70))
    assert [a.patterns(spec)[FREQUENCY].sum() for a in (one, other)] == [50, 70]


def test_what_the_samples_asked():
    rows = waves()
    answers = LongAnswers(
        rows[~((rows["wave"] == 2) & (rows["question_id"] == "z"))], ["y", "x", "z", "wave"]
    )
    assert answers.samples() == [("S", 1), ("S", 2), ("S", 3), ("T", 1)]
    assert answers.asked("S", 1) == answers.asked("T", 1) == {"y", "x", "z"}
    assert answers.asked("S", 2) == {"y", "x"}
    # Skipped is an answer_status: the sample was asked.
    skipped = long_answers(simulated(20).assign(x="skipped"), GROUP_LEVELS)
    assert LongAnswers(skipped, ["y", "x"]).asked("S", 1) == {"y", "x"}


def test_the_middle_of_a_scale():
    answers = LongAnswers(long_answers(simulated(), GROUP_LEVELS), ["x", "y", "z", "group"])
    assert [answers.middle(name) for name in ("x", "y", "z", "group")] == [3.0, 2.5, 5.0, 2.0]


@pytest.mark.parametrize(
    "name", ["country", "weight", "respondent_id", "n", "X", "it's", 'a "b"', "q0", WEIGHT + FREQUENCY]
)
def test_any_name_of_a_question_will_do(name):
    """Such as a name of the stage's own columns, of SQL, or that of another but for case."""
    rows = long_answers(simulated(), GROUP_LEVELS)
    terms = SIMULATED_TERMS[0], SIMULATED_TERMS[2]
    plain = fit_models(*specification(*terms, numeric("z"), weight="weight", vce="robust"), rows)
    renamed = rows.assign(question_id=rows["question_id"].replace({"z": name}))
    found = fit_models(*specification(*terms, numeric(name), weight="weight", vce="robust"), renamed)
    assert list(found["term"]) == ["x", "group", "group", name, "cut1", "cut2", "cut3"]
    np.testing.assert_allclose(found["estimate"], plain["estimate"], rtol=1e-10)
    np.testing.assert_allclose(found["std_error"], plain["std_error"], rtol=1e-10)


def test_missing_rows_are_counted_per_samples():
    rows = waves()
    some = rows[(rows["country"] == "S") & (rows["wave"] > 1) & (rows["question_id"] == "z")]
    lacking = rows.drop(some.index[[4, 2, 152]])
    spec = read(*SIMULATED_TERMS, variant="pooled", last_wave=3)
    message = "model m, term z: 3 of 450 respondents of S, waves 1 to 3 have no row, the first is S-2-00003;"
    with pytest.raises(RegressionError, match=message):
        served(lacking, spec)
    assert served(lacking, read(*SIMULATED_TERMS))[FREQUENCY].sum() == 150


@pytest.mark.parametrize("same", [True, False])
def test_doubles_are_refused_wherever_they_stand(same):
    rows = waves()
    double = rows[(rows["country"] == "T") & (rows["question_id"] == "x")].iloc[[6, 3]]
    double = double if same else double.assign(category_id="c9", position=9)
    with pytest.raises(RegressionError, match="term x: respondent TS-1-00004 has 2 answers"):
        LongAnswers(pd.concat([rows, double]), ["y", "x"])
    # Not those to questions of no model: a question with several answers has several rows.
    LongAnswers(pd.concat([rows, double]), ["y", "z"])


@pytest.mark.parametrize("status", ["refused", None])
def test_an_unknown_status_is_named(status):
    rows = waves().astype({"answer_status": object})
    rows.loc[rows.index[rows["question_id"] == "z"][5], "answer_status"] = status
    with pytest.raises(RegressionError, match=f"term z: unknown answer_status {status}; known are"):
        LongAnswers(rows, ["y", "z"])
    LongAnswers(rows, ["y", "x"])


def test_each_column_is_needed():
    rows = waves()
    for name in COLUMNS:
        with pytest.raises(RegressionError, match=f"answers lack the columns {name}$"):
            LongAnswers(rows.drop(columns=name), ["y", "x"])
