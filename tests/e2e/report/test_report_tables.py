"""The pages of the printed tables: their numbers are the warehouse's, whatever part of it they come from."""

import csv
import io

import duckdb
import pytest
from kjpoll.report import build_site
from kjpoll.tables import numbers
from kjpoll.tables.rendered_table import render

from tests.support.page_reader import read_page

TABLES = ("1", "2")


def entries(page, table: str) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in page.rows(table)]


def values(row) -> list[float]:
    return [float(cell["data-value"]) for cell in row.cells if "data-value" in cell.attributes]


@pytest.fixture(params=TABLES)
def number(request) -> str:
    return request.param


@pytest.fixture
def page(pages, number):
    return pages[f"tables/table-{number}.html"]


@pytest.fixture
def models(warehouse, number) -> list[str]:
    return [
        name
        for (name,) in warehouse.execute(
            "select model_id from analysis.regression_model where printed_table = ? order by model", [number]
        ).fetchall()
    ]


def test_the_table_has_the_cells_of_the_verb_that_prints_it(site, built, page, number):
    printed = [
        *csv.DictReader(
            io.StringIO(render(built.release, [number], form="csv", fit_statistics=True).decode())
        )
    ]
    shown = [row for row in page.rows(f"table-{number}-printed") if row["data-kind"] != "heading"]
    assert len(shown) == len(printed) > 10
    for row, expected in zip(shown, printed, strict=True):
        assert row.cells[0].text == expected["label"]
        for place, cell in enumerate(row.cells[1:], 1):
            t = f"({expected[f't_{place}']})" if expected[f"t_{place}"] else ""
            assert cell.text == f"{expected[f'estimate_{place}']}{expected[f'stars_{place}']}{t}"
    assert (site / "tables" / f"table-{number}.csv").read_text() == render(
        built.release, [number], form="csv", fit_statistics=True
    ).decode()


def test_the_estimates_are_all_there_with_their_intervals(page, warehouse, number):
    expected = warehouse.execute(
        "select model_id, term, coalesce(category_id, ''), estimate, ci_low, ci_high "
        "from analysis.regression_term where printed_table = ? order by model, term_position",
        [number],
    ).fetchall()
    shown = [
        (row["data-model"], row["data-term"], row["data-level"], *values(row))
        for row in page.rows(f"table-{number}-estimates")
    ]
    assert shown == expected


def test_the_chart_shows_a_point_for_each_coefficient(page, warehouse, number):
    expected = warehouse.execute(
        "select 'Model ' || model, estimate, ci_low, ci_high from analysis.regression_term "
        "where printed_table = ? and kind = 'coefficient' order by all",
        [number],
    ).fetchall()
    rows = page.specifications[f"table-{number}-coefficients"]["datasets"]["rows"]
    assert sorted((row["form"], row["estimate"], row["ci_low"], row["ci_high"]) for row in rows) == expected
    text = page.by_id(f"table-{number}-coefficients")["aria-label"]
    last = max(model for model, *_ in expected)
    assert all(f"{estimate:.3f} (" in text for model, estimate, *_ in expected if model == last)


def test_the_waves_of_the_chart_are_those_of_the_fits(page, warehouse, number, models):
    expected = warehouse.execute(
        "select wave, estimate "
        "from analysis.regression_term inner join analysis.regression_model using (model_id) "
        "where kind = 'coefficient' and (base_model_id = $model or model_id = $model) "
        "and regression_model.variant <> 'partial_odds' "
        "and (term, coalesce(category_id, '')) in ("
        "select (term, coalesce(category_id, '')) from analysis.regression_term where model_id like $model || '@%') order by all",
        {"model": models[-1]},
    ).fetchall()
    rows = page.specifications[f"table-{number}-waves"]["datasets"]["rows"]
    assert sorted((row["wave"], row["estimate"]) for row in rows) == expected
    breaks = warehouse.execute(
        "select count(*) from analysis.regression_model inner join analysis.regression_term using (model_id) "
        "where base_model_id = ? and regression_model.variant = 'earlier_wave' and kind = 'coefficient' and contains(comparability_breaks, term || ' (')",
        [models[-1]],
    ).fetchone()[0]
    assert sum(row["differs"] != "" for row in rows) == breaks > 0


def test_the_marginal_effects_are_those_of_the_warehouse(page, warehouse, models):
    for model in models:
        expected = warehouse.execute(
            "select term, coalesce(category_id, ''), list(effect order by effect_position) "
            "from analysis.regression_effect where model_id = ? group by all",
            [model],
        ).fetchall()
        shown = {(row["data-term"], row["data-level"]): values(row) for row in page.rows(f"{model}-effects")}
        assert shown == {(term, level): effects for term, level, effects in expected}


def test_the_tests_of_proportional_odds_are_all_there(page, warehouse, number, models):
    rows = {
        (row["data-kind"], row["data-term"], row["data-level"]): row
        for row in page.rows(f"table-{number}-odds")
    }
    found = warehouse.execute(
        "select model_id, test, kind, coalesce(term, ''), coalesce(category_id, ''), chi2, df, problem "
        "from analysis.regression_assumption where list_contains(?, model_id)",
        [models],
    ).fetchall()
    absent = set()
    for model, test, kind, term, level, chi2, df, problem in found:
        cell = rows[kind, term, level].cells[1 + models.index(model)]
        if test == "score":
            assert cell.text.startswith(f"{chi2:.2f} ({df})p ")
        else:
            shown = cell.text.partition({"likelihood_ratio": "LR ", "brant": "Brant "}[test])[2]
            assert shown.startswith("absent" if problem else "p ")
            absent |= {test} if problem else set()
    assert absent
    assert sum(bool(cell.text) for row in rows.values() for cell in row.cells[1:]) == len(found) / 3


def test_each_wave_has_its_column(page, warehouse, models):
    for model in models:
        expected = warehouse.execute(
            "select sample_id, n_obs from analysis.regression_model "
            "where (base_model_id = $model or model_id = $model) and variant <> 'partial_odds' order by wave",
            {"model": model},
        ).fetchall()
        rows = {row["data-term"]: row for row in page.rows(f"{model}-waves")}
        assert [cell.text for cell in rows["sample_id"].cells[1:]] == [sample for sample, _ in expected]
        assert [cell.text for cell in rows["n_obs"].cells[1:]] == [str(n) for _, n in expected]


def test_the_range_under_other_choices_is_that_of_the_warehouse(page, warehouse, models):
    for model in models:
        expected = warehouse.execute(
            "select term, coalesce(category_id, ''), lowest, highest from analysis.regression_sensitivity "
            "where model_id = ? and kind = 'coefficient' and alternative_id = 'published' order by all",
            [model],
        ).fetchall()
        shown = [
            (row["data-term"], row["data-level"], *values(row)) for row in page.rows(f"{model}-sensitivity")
        ]
        assert sorted(shown) == expected


def test_every_cell_that_differs_from_the_print_is_listed(page, warehouse, number):
    expected = warehouse.execute(
        "select model, term, statistic from quality.reconciliation_regression "
        "where printed_table = ? and agrees is not true order by all",
        [number],
    ).fetchall()
    shown = [
        (int(row.cells[0].text), row["data-term"], row["data-statistic"])
        for row in page.rows(f"table-{number}-published")
    ]
    assert sorted(shown) == expected


def test_the_queries_give_what_is_offered(site, warehouse, number):
    queries = sorted((site / "tables").glob(f"table-{number}-*.sql"))
    assert len(queries) == 6
    for query in queries:
        cursor = warehouse.execute(query.read_text())
        names = [column[0] for column in cursor.description]
        offered = [*csv.reader(io.StringIO(query.with_suffix(".csv").read_text()))]
        assert offered[0] == names
        assert offered[1:] == [
            [
                "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
                for value in row
            ]
            for row in cursor.fetchall()
        ], query.name


def test_the_signs_are_read_as_decisions_say(pages):
    """Age goes with less favourable answers in both countries; Japan's opponents of the release do not."""
    readings = {
        number: {
            row.cells[0].text: row.cells[3].text
            for row in pages[f"tables/table-{number}.html"].rows(f"table-{number}-readings")
        }
        for number in TABLES
    }
    for number in TABLES:
        assert "goes with less favourable answers" in readings[number]["Age group"]
    assert (
        "“Oppose whatever the IAEA says” goes with more favourable answers"
        in (readings["2"]["Release of treated water at Fukushima"])
    )
    assert "means nothing" in readings["2"]["Party supported"]


def test_another_sign_and_another_choice_are_said(built, tmp_path):
    """What is said of a coefficient follows its numbers: one is turned round, a choice turns another."""
    copy = tmp_path / "turned.duckdb"
    copy.write_bytes(built.release.read_bytes())
    with duckdb.connect(copy) as connection:
        connection.execute(
            "update analysis.regression_term set estimate = -0.5 "
            "where model_id = 'table1_model5' and term = 'age_group'"
        )
        connection.execute(
            "update analysis.regression_sensitivity set estimate = -0.25, p_value = 0.001 "
            "where model_id = 'table1_model1' and term = 'japanese_gov_attitude' "
            "and alternative_id = 'robust_errors'"
        )
        connection.execute("update analysis.regression_assumption set p_value = 0.5 where kind = 'overall'")
    build_site(copy, tmp_path / "site", modules=("tables_pages",))
    page = read_page(tmp_path / "site" / "tables" / "table-1.html")
    [age] = [row for row in page.rows("table-1-readings") if row.cells[0].text == "Age group"]
    assert f"goes with more favourable answers ({numbers.estimate(-0.5)})" in age.cells[3].text
    assert (
        "Japanese government's attitude to improving relations: the other sign under robust_errors"
        in page.text
    )
    assert "No overall score test rejects it at 5%." in page.text
