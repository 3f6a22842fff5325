"""The macro crosstab_tested on made answers with weights, against statsmodels."""

from itertools import combinations
from pathlib import Path

import duckdb
import jinja2
import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

pytestmark = pytest.mark.slow

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros"
FILES = (
    "engines/portable.sql",
    "statistics/percentages.sql",
    "statistics/degrees_of_freedom.sql",
    "statistics/holm.sql",
    "functions/known.sql",
    "functions/crosstab_tested.sql",
)

FUNCTIONS = "{{ create_known_question() }}; {{ create_question_of_categories() }}; {{ create_single_question() }}; {{ create_crosstab_tested() }}"
DESIGN_EFFECT = 1.25

CATEGORIES = [
    # question, category, position, net, missing_type
    ("feeling", "good", 1, "positive", None),
    ("feeling", "fair", 2, "positive", None),
    ("feeling", "bad", 3, "negative", None),
    ("feeling", "unsure", None, None, "dont_know"),
    ("region", "north", 1, None, None),
    ("region", "east", 2, None, None),
    ("region", "south", 3, None, None),
    ("region", "west", 4, None, None),
    ("region", "isle", 5, None, None),
    ("region", "silent", None, None, "no_answer"),
    ("reasons", "near", 1, None, None),
    ("reasons", "far", 2, None, None),
    ("reasons", "unsure", None, None, "dont_know"),
]
REGIONS = ["north", "east", "south", "west", "isle", "silent"]
SIZES = [400, 350, 300, 55, 20, 120]
SAMPLES = [(2020, "AAA"), (2020, "BBB"), (2021, "AAA")]


def answers() -> pd.DataFrame:
    """One row per respondent: columns wave, country, weight, region, feeling, near, far."""
    chance = np.random.default_rng(20231)
    frames = []
    for wave, country in SAMPLES:
        region = np.repeat(REGIONS, SIZES)
        lean = pd.Series(region).map(dict(zip(REGIONS, [0.2, 0.3, 0.45, 0.25, 0.3, 0.3]))).to_numpy()
        draw = chance.random(len(region))
        frames.append(pd.DataFrame({
            "wave": wave, "country": country, "region": region,
            "weight": np.round(chance.uniform(0.3, 1.9, len(region)), 6),
            "feeling": np.select([draw < lean, draw < lean + 0.2, draw < 0.95], ["good", "fair", "bad"],
                                 "unsure"),
            "near": chance.random(len(region)) < lean, "far": chance.random(len(region)) < 0.5,
        }))  # fmt: skip
    made = pd.concat(frames, ignore_index=True)
    made["respondent_id"] = [f"r{number:05d}" for number in range(len(made))]
    made["reasons_status"] = np.where(made.index % 40 == 0, "dont_know", "answered")
    # The second country's far region never says good: a row in which some pairs cannot be tested.
    made.loc[(made["country"] == "BBB") & (made["feeling"] == "good"), "feeling"] = "fair"
    return made


@pytest.fixture(scope="module")
def made():
    return answers()


@pytest.fixture(scope="module")
def connection(made):
    source = "".join((MACROS / name).read_text(encoding="utf-8") for name in FILES)
    # Outside dbt there is nothing to dispatch to, which these macros do not ask for, and no seed of languages.
    macro = (
        jinja2.Environment()
        .from_string(source + FUNCTIONS)
        .render(adapter=None, first_label=lambda: "label_en")
    )
    categories = pd.DataFrame(
        CATEGORIES, columns=["question_id", "category_id", "position", "net", "missing_type"]
    )
    with duckdb.connect() as opened:
        opened.register("made", made)
        opened.register("categories", categories)
        opened.execute("""
            create schema marts; create schema analysis;
            create table marts.dim_category as select * from categories;
            create table marts.dim_question as
            select distinct question_id, if(question_id = 'reasons', 'multiple', 'ordinal') as answer_type from categories;
            create table marts.dim_respondent as select respondent_id, country || '-' || wave as sample_id, wave, country, weight from made;
            create table marts.fct_response as
            select respondent_id, country || '-' || wave as sample_id, wave, country, question_id, category_id, net, weight
            from (unpivot (select respondent_id, wave, country, weight, region, feeling from made)
                  on region, feeling into name question_id value category_id)
            left join categories using (question_id, category_id);
            create table marts.fct_multiple_response as
            select respondent_id, country || '-' || wave as sample_id, wave, country, 'reasons' as question_id, category_id, weight,
                case when reasons_status = 'answered' then chosen end as chosen,
                reasons_status as answer_status
            from (unpivot made on near, far into name category_id value chosen);
            create table marts.dim_sample as
            select distinct country || '-' || wave as sample_id, wave, country, country as series, 1.25e0 as design_effect, false as synthetic from made;
            create schema published;
            create table published.subgroups (sample_id text, question_id text, option_id text, subgroup text, value text, pct double);
            create table analysis.topline as
            select distinct made.country || '-' || made.wave as sample_id, made.wave, made.country, question_id, category_id, 50e0 as pct, 1.25e0 as design_effect,
                null::bigint as degrees_of_freedom, 'observed' as basis
            from made, categories;
            create table analysis.topline_net as
            select distinct made.country || '-' || made.wave as sample_id, made.wave, made.country, question_id, net, 'observed' as basis from made, categories
            where net is not null;
        """)
        opened.execute(macro)
        yield opened


def crosstab(connection, question: str, by: str) -> pd.DataFrame:
    return connection.execute("from crosstab_tested(?, ?)", [question, by]).df()


def gave(made: pd.DataFrame, grouping: str, category: str) -> pd.Series:
    """Whether each respondent gave an answer of `feeling`, or one of a net."""
    nets = {"positive": ["good", "fair"], "negative": ["bad"]}
    return made["feeling"].isin(nets[category] if grouping == "net" else [category])


def letters_of(row: pd.DataFrame) -> dict[str, str]:
    """By region, the letters that a row has to carry, from its percentages and effective bases."""
    tested = row[row["letter"].notna() & (row["base_effective"] >= 30)].sort_values("letter")
    found = []
    for one, other in combinations(tested.itertuples(), 2):
        shares, bases = (
            np.array([one.pct, other.pct]) / 100,
            np.array([one.base_effective, other.base_effective]),
        )
        if 0 < shares.sum() < 2:
            found.append((one, other, proportions_ztest(shares * bases, bases)[1]))
    letters = {region: [] for region in row["by_category_id"]}
    if found:
        significant = multipletests([p for *_, p in found], alpha=0.05, method="holm")[0]
        for (one, other, _), differs in zip(found, significant, strict=True):
            higher, lower = (one, other) if one.pct > other.pct else (other, one)
            if differs:
                letters[higher.by_category_id].append(lower.letter)
    return {region: " ".join(sorted(lower)) for region, lower in letters.items()}


def test_shares_and_effective_bases_are_weighted(connection, made):
    table = crosstab(connection, "feeling", "region")
    assert len(table) == len(SAMPLES) * len(REGIONS) * (4 + 2)
    for cell in table.itertuples():
        column = made[
            (made["wave"] == cell.wave)
            & (made["country"] == cell.country)
            & (made["region"] == cell.by_category_id)
        ]
        chosen, weight = gave(column, cell.grouping, cell.category_id), column["weight"]
        assert (cell.n, cell.base_n) == (chosen.sum(), len(column))
        assert cell.pct == pytest.approx(100 * weight[chosen].sum() / weight.sum(), abs=1e-9)
        assert cell.base_effective == pytest.approx(len(column) / DESIGN_EFFECT)


def test_intervals_are_wilsons_on_the_effective_base(connection):
    table = crosstab(connection, "feeling", "region")
    low, high = proportion_confint(
        table["pct"] / 100 * table["base_effective"], table["base_effective"], method="wilson"
    )
    np.testing.assert_allclose(table["ci_low"], 100 * low, atol=1e-9)
    np.testing.assert_allclose(table["ci_high"], 100 * high, atol=1e-9)


def test_letters_are_those_of_pooled_z_tests_with_holm_within_the_row(connection):
    table = crosstab(connection, "feeling", "region")
    rows = table.groupby(["wave", "country", "grouping", "category_id"])
    expected = {(*key, region): letters for key, row in rows for region, letters in letters_of(row).items()}
    found = {
        (cell.wave, cell.country, cell.grouping, cell.category_id, cell.by_category_id): cell.higher_than
        or ""
        for cell in table.fillna({"higher_than": ""}).itertuples()
    }
    assert found == expected
    assert {"A", "A B"} & set(found.values()) and "" in found.values()
    # Without the correction there would be more.
    uncorrected = sum(
        proportions_ztest(
            np.array([one.pct, other.pct]) / 100 * [one.base_effective, other.base_effective],
            [one.base_effective, other.base_effective])[1] < 0.05
        for _, row in rows
        for one, other in combinations(row[row["is_tested"]].itertuples(), 2)
        if 0 < one.pct + other.pct < 200
    )  # fmt: skip
    assert uncorrected > sum(len(letters.split()) for letters in found.values())


def test_small_columns_are_flagged_and_smaller_ones_not_tested(connection):
    table = crosstab(connection, "feeling", "region")
    flags = table.groupby("by_category_id")[["low_base", "is_tested"]].agg(["min", "max"])
    assert flags["low_base"].to_dict("list") == {
        "min": [False, True, False, False, False, True],
        "max": [False, True, False, False, False, True],
    }
    assert not table[table["by_category_id"].isin(["isle", "silent"])]["is_tested"].any()
    assert table[table["by_category_id"] == "west"]["is_tested"].all()
    assert table[~table["is_tested"]]["higher_than"].isna().all()
    letters = table.drop_duplicates("by_category_id").set_index("by_category_id")["letter"]
    assert [letters[region] for region in REGIONS[:-1]] == list("ABCDE") and pd.isna(letters["silent"])


def test_countries_are_compared_within_a_wave(connection, made):
    table = crosstab(connection, "feeling", "series")
    assert table["country"].isna().all()
    columns = table.groupby("wave")["by_category_id"].agg(lambda found: sorted(set(found)))
    assert columns.to_dict() == {2020: ["AAA", "BBB"], 2021: ["AAA"]}
    good = table[(table["wave"] == 2020) & (table["category_id"] == "good")].set_index("by_category_id")
    assert good.loc["AAA", "higher_than"] == "B" and good.loc["BBB", "pct"] == 0
    assert (
        good.loc["AAA", "n"]
        == ((made["wave"] == 2020) & (made["country"] == "AAA") & (made["feeling"] == "good")).sum()
    )


def test_multiple_answers_are_shares_of_those_asked(connection, made):
    table = crosstab(connection, "reasons", "region")
    cell = table[(table["wave"] == 2021) & (table["by_category_id"] == "south")].set_index("category_id")
    column = made[(made["wave"] == 2021) & (made["region"] == "south")]
    answered = column["reasons_status"] == "answered"
    assert cell["n"].to_dict() == {
        "near": (column["near"] & answered).sum(),
        "far": (column["far"] & answered).sum(),
        "unsure": (~answered).sum(),
    }
    assert set(cell["base_n"]) == {len(column)} and set(cell["grouping"]) == {"category"}


def test_after_z_the_letters_have_numbers(connection):
    source = (MACROS / "functions" / "crosstab_tested.sql").read_text(encoding="utf-8")
    letter = jinja2.Environment().from_string(source + "{{ column_letter('place') }}").render()
    found = connection.execute(f"select {letter} from (values (1), (26), (27), (53)) as t (place)").fetchall()
    assert [row[0] for row in found] == ["A", "Z", "A1", "A2"]


def test_what_nobody_published_of_made_up_records_has_no_interval_and_no_letter(connection):
    """The first sample is made up; of one share in it a number was published."""
    real = crosstab(connection, "feeling", "region")
    connection.execute("""
        update marts.dim_sample set synthetic = true where wave = 2020 and country = 'AAA';
        insert into published.subgroups values ('AAA-2020', 'feeling', 'good', 'region', 'south', 44.0);
    """)
    try:
        found = crosstab(connection, "feeling", "region")
    finally:
        connection.execute("update marts.dim_sample set synthetic = false; delete from published.subgroups")
    made_up = (found["wave"] == 2020) & (found["country"] == "AAA")
    printed = made_up & (found["category_id"] == "good") & (found["by_category_id"] == "south")
    assert set(found.loc[~made_up, "basis"]) == {"observed"} and list(found.loc[printed, "basis"]) == [
        "published"
    ]
    assert set(found.loc[made_up & ~printed, "basis"]) == {"assumed"}
    without = made_up & ~printed
    assert found.loc[without, ["ci_low", "ci_high", "higher_than"]].isna().all(axis=None)
    assert real.loc[without, "higher_than"].notna().any() and found.loc[printed, "ci_low"].notna().all()
    columns = ["n", "base_n", "pct", "letter"]
    pd.testing.assert_frame_equal(found[columns], real[columns])
    pd.testing.assert_frame_equal(found[~made_up], real[~made_up])
