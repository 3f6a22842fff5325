"""How each share is known, and what is said of it; counted by hand and computed again."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

# Counted from seeds/published/toplines.csv and topline_options.csv.
BY_HAND = {
    # Six numbers. In Korea in 2023 two of three answers are published, so the third follows; Japan has a fourth.
    "economic_relations": {"published": 6, "constrained": 1, "assumed": 21},
    # Of 2014 two answers of each country. There "will" is published too, so "within years" follows; and in Korea, where
    # nobody can give no answer, the don't know. Of 2015 only "will" is published, of 2013 nothing.
    "military_conflict_between": {"published": 4, "constrained": 3, "assumed": 20},
    # Of 2014 whole numbers: "soon", and a group in which the others cannot be told apart. Of 2015 "needed" and one of the
    # two answers in it, so the other follows.
    "summit_needed": {"published": 2, "rounded": 2, "constrained": 2, "assumed": 21},
}


@pytest.mark.parametrize("question", BY_HAND)
def test_the_basis_is_that_counted_by_hand(built, question):
    assert BY_HAND[question] == dict(
        built.query(
            "select basis, count(*) from analysis.topline where question_id = ? group by basis", question
        )
    )


def test_every_published_share_is_known_and_names_its_source(built):
    """Those that are contradicted included; a group that is neither a category nor a net has no row."""
    rows = built.query("""
        with shown as (
            select sample_id, question_id, category_id as option_id, basis, source_id, note from analysis.topline
            union all
            select sample_id, question_id, net, basis, source_id, note from analysis.topline_net
        )
        select printed.legibility, shown.basis, shown.source_id = printed.source_id, shown.note
        from (select * from published.toplines union all by name select * from published.demographics) as printed
        inner join shown using (sample_id, question_id, option_id)
    """)
    assert len(rows) > 550
    assert {row[1] for row in rows} == {"published", "derived", "rounded"}
    assert {row[1] for row in rows if row[0] == "rounded"} == {"rounded"}
    assert all(row[2] for row in rows if row[0] not in ("conflict",) and row[3] is None)
    assert all(row[3] for row in rows if row[0] == "conflict")


def test_what_is_assumed_has_no_error_and_no_test(built):
    for table in ("topline", "topline_net"):
        counted = built.query(
            f"select basis = 'assumed' as assumed, count(*), count(std_error), count(ci_low), count(ci_high), count(source_id) "
            f"from analysis.{table} group by all order by all"
        )
        (_, known, *of_known), (_, assumed, *of_assumed) = counted
        assert of_known == [known] * 4 and of_assumed == [0] * 4 and assumed > known > 100
    tested = built.query(
        "select distinct not_tested, count(std_error) > 0, count(p_value) > 0, count(p_adjusted) > 0 "
        "from analysis.trend group by not_tested order by all nulls first"
    )
    assert tested == [
        (None, True, True, True), ("assumed", False, False, False),
        ("comparability", False, False, False), ("first wave", False, False, False),
    ]  # fmt: skip
    assert built.query(
        "select count(*) from analysis.trend where (basis = 'assumed' or previous_basis = 'assumed') and p_value is not null"
    ) == [(0,)]


def test_joint_answers_and_unpublished_models_are_assumed(built):
    assert built.query("select distinct basis from crosstab('current_relations', 'sex')") == [("assumed",)]
    assert built.query(
        "select distinct basis, count(higher_than) + count(ci_low) from crosstab_tested('current_relations', 'sex') group by basis"
    ) == [("assumed", 0)]
    # Countries are whole samples, and shares within three age groups of Japan were published in 2016.
    assert built.query(
        "select count(higher_than) > 0 from crosstab_tested('impression_of_counterpart', 'series')"
    ) == [(True,)]
    by_age = "from crosstab_tested('impression_of_counterpart', 'age_group') where wave = 2016 and country = 'JPN' and basis = 'published'"
    assert built.query(f"select distinct category_id, by_category_id {by_age} order by all") == [
        ("positive", "age_18_19"), ("positive", "age_20_29"), ("positive", "age_60_plus"),
    ]  # fmt: skip
    assert built.query("select variant, basis, count(*) from analysis.regression_model group by all order by all") == [
        ("earlier_wave", "assumed", 105), ("hypothesis", "assumed", 12), ("partial_odds", "assumed", 7), ("pooled", "assumed", 5),
        ("published", "published", 10),
    ]  # fmt: skip


def frame(built, sql: str) -> pd.DataFrame:
    columns = [row[0] for row in built.query(f"describe {sql}")]
    return pd.DataFrame(built.query(sql), columns=columns)


@pytest.mark.parametrize("table", ["topline", "topline_net"])
def test_intervals_are_wilsons_on_the_effective_base(built, table):
    known = frame(built, f"from analysis.{table} where basis <> 'assumed'")
    np.testing.assert_allclose(known["n_effective"], known["base_n"] / 1.5)
    share = known["pct"] / 100
    np.testing.assert_allclose(
        known["std_error"], 100 * np.sqrt(share * (1 - share) / known["n_effective"]), atol=1e-12
    )
    low, high = proportion_confint(share * known["n_effective"], known["n_effective"], method="wilson")
    np.testing.assert_allclose(
        known[["ci_low", "ci_high"]], np.column_stack([100 * low, 100 * high]), atol=1e-9
    )


def test_a_question_is_tested_once_and_corrected_among_those_of_its_wave(built):
    """Computed again from the counts: chi-square of the known nets and the rest over 1.5, Holm, and the larger of the two."""
    trend = frame(built, "from analysis.trend")
    tested = trend[trend["p_value"].notna()]
    nets = frame(built, "from analysis.topline_net").set_index(["country", "question_id", "net", "wave"])
    questions = {}
    for key, rows in tested.groupby(["country", "question_id", "wave"]):
        now = [nets.loc[(row.country, row.question_id, row.net, row.wave)] for row in rows.itertuples()]
        before = [
            nets.loc[(row.country, row.question_id, row.net, row.previous_wave)] for row in rows.itertuples()
        ]
        table = np.array([[at["n"] for at in side] for side in (now, before)], dtype=float)
        rest = np.array([side[0]["base_n"] for side in (now, before)]) - table.sum(axis=1)
        table = np.column_stack([table, rest])
        table = table[:, table.sum(axis=0) > 0]
        chi_square = stats.chi2_contingency(table, correction=False).statistic / 1.5
        questions[key] = stats.chi2.sf(chi_square, table.shape[1] - 1)
    p_question = pd.Series(questions)
    adjusted = p_question.groupby(level=[0, 2]).transform(lambda p: multipletests(p, method="holm")[1])
    keys = list(zip(tested["country"], tested["question_id"], tested["wave"], strict=True))
    np.testing.assert_allclose(tested["p_question"].astype(float), p_question[keys], rtol=1e-6)
    expected = np.maximum(tested["p_value"].astype(float), adjusted[keys].to_numpy())
    np.testing.assert_allclose(tested["p_adjusted"].astype(float), expected, rtol=1e-6)
    assert (p_question.groupby(level=[0, 2]).size() > 1).any() and len(tested) > 100


def test_any_two_waves_are_compared_as_neighbours_are(built):
    neighbours = built.query(
        "select net, change, std_error, z, p_value from analysis.trend "
        "where question_id = 'impression_of_counterpart' and country = 'KOR' and wave = 2023 order by net"
    )
    assert neighbours == built.query(
        "select net, change, std_error, z, p_value from change_of('impression_of_counterpart', 2022, 2023) "
        "where country = 'KOR' order by net"
    )
    ((change, p),) = built.query(
        "select change, p_value from change_of('impression_of_counterpart', 2013, 2023) where country = 'JPN' and net = 'positive'"
    )
    assert change == pytest.approx(37.4 - 31.1) and 0.01 < p < 0.02
    # The leaders of 2021 and 2022 are other people.
    assert built.query(
        "select distinct is_comparable, p_value from change_of('impression_of_counterpart_leader', 2021, 2022)"
    ) == [(False, None)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("topline_of('impresion')", "there is no question 'impresion'"),
        ("trend_of(null)", "there is no question 'null'"),
        ("crosstab('current_relations', 'gender')", "there is no question 'gender'"),
        ("crosstab('current_relations', 'reasons_good_impression')", "takes several answers"),
        ("crosstab_tested('x', 'sex')", "there is no question 'x'"),
        ("crosstab_tested('sex', 'x')", "there is no question 'x'"),
        ("change_of('current_relations', 2013, 2024)", "there is no wave 2024"),
    ],
)
def test_a_misspelled_name_is_an_error(built, call, message):
    with pytest.raises(Exception, match=message):
        built.query(f"from {call}")


def test_each_macro_says_what_it_is(built):
    named = built.query(
        "select function_name, comment from duckdb_functions() where schema_name = 'main' and not internal and function_type like '%macro'"
    )
    assert len(named) >= 10
    assert [name for name, comment in named if not (comment or "").startswith(f"{name}(")] == []
