"""The report of a whole release: its numbers are the warehouse's, its queries run, its pages stand alone."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest
from fontTools.ttLib import TTFont
from kjpoll.report import build_site
from kjpoll.tables.numbers import percent

from tests.support.figure_numbers import printed_numbers
from tests.support.page_reader import read_page
from tests.support.project import CHECKOUT

FIGURES = range(1, 17)


def name_of(number: int) -> str:
    return f"figure-{number:02d}"


@pytest.mark.parametrize("number", FIGURES)
def test_a_figure_shows_the_numbers_of_its_table(site, pages, warehouse, number):
    expected = warehouse.execute(
        f"select country, wave, option_id, n, base_n, pct, ci_low, ci_high, basis "
        f"from analysis.figure_{number:02d} order by all"
    ).fetchall()
    page = pages[f"figures/{name_of(number)}.html"]
    shown = []
    for row in page.rows(f"{name_of(number)}-data"):
        values = [
            float(cell.attributes["data-value"]) if "data-value" in cell.attributes else None
            for cell in row.cells[5:8]
        ]
        counts = [int(cell.text.replace(",", "")) for cell in row.cells[3:5]]
        assert [cell.text for cell in row.cells[5:8]] == [percent(value) for value in values]
        shown.append(
            (
                row.attributes["data-country"],
                int(row.attributes["data-wave"]),
                row.attributes["data-series"],
                *counts,
                *values,
                row.cells[8].text,
            )
        )
    assert sorted(shown, key=str) == sorted(expected, key=str)
    assert {row[0] for row in expected} == {chart.split("-")[-1].upper() for chart in page.specifications}


@pytest.mark.parametrize("number", FIGURES)
def test_both_charts_of_a_figure_show_them_too(pages, warehouse, number):
    page = pages[f"figures/{name_of(number)}.html"]
    for chart, specification in page.specifications.items():
        country = chart.split("-")[-1].upper()
        expected = warehouse.execute(
            f"select wave, n, base_n, pct, ci_low, ci_high, basis from analysis.figure_{number:02d} "
            "where country = ? order by all",
            [country],
        ).fetchall()
        plotted = [
            tuple(row[key] for key in ("wave", "n", "base_n", "pct", "ci_low", "ci_high", "basis"))
            for row in specification["datasets"]["rows"]
        ]
        assert sorted(plotted, key=str) == sorted(expected, key=str)
        wanted = printed_numbers(warehouse, number, country)
        # No other number is printed: one that nobody published would look like one that somebody did.
        assert Counter(text for text in page.svg_texts[chart] if re.fullmatch(r"\d+\.\d", text)) == wanted, (
            chart
        )


@pytest.mark.parametrize("number", FIGURES)
def test_the_query_that_is_shown_gives_the_data_that_are_offered(site, pages, warehouse, number):
    query = (site / "figures" / f"{name_of(number)}.sql").read_text()
    assert pages[f"figures/{name_of(number)}.html"].text_of(f"{name_of(number)}-sql") == query
    offered = [*csv.reader(io.StringIO((site / "figures" / f"{name_of(number)}.csv").read_text()))]
    answer = warehouse.execute(query)
    header = [column[0] for column in answer.description]
    rows = [
        ["true" if v is True else "false" if v is False else "" if v is None else str(v) for v in row]
        for row in answer.fetchall()
    ]
    assert offered == [header, *rows]
    assert len(rows) == warehouse.execute(f"select count(*) from analysis.figure_{number:02d}").fetchone()[0]


def test_the_query_runs_in_a_client_of_duckdb_1(site, built):
    query = site / "figures" / "figure-01.sql"
    answer = subprocess.run(
        [Path(sys.executable).with_name("duckdb"), "-readonly", "-csv", built.release],
        stdin=query.open(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    offered = (site / "figures" / "figure-01.csv").read_text()
    assert [row.split(",")[:6] for row in answer.splitlines()] == [
        row.split(",")[:6] for row in offered.splitlines()
    ]


def test_the_breaks_are_those_of_the_trends(pages, warehouse):
    expected = warehouse.execute("""
        select distinct figure, country, wave from analysis.trend
        inner join seeds.figures using (question_id)
        where comparability_break and previous_wave >= first_wave and wave <= last_wave order by all
    """).fetchall()
    trends = {
        row[0]
        for row in warehouse.execute(
            "select distinct figure from analysis.trend inner join seeds.figures using (question_id)"
        ).fetchall()
    }
    shown = [
        (number, country, int(wave))
        for number in FIGURES
        if number in trends
        for country, wave in pages[f"figures/{name_of(number)}.html"].breaks
    ]
    assert expected and sorted(shown) == expected


def test_a_question_without_nets_breaks_where_its_wording_changes(pages):
    assert pages["figures/figure-15.html"].breaks == [("KOR", "2022"), ("JPN", "2022")]
    assert "another wording" in pages["figures/figure-15.html"].text
    for drawn in pages["figures/figure-15.html"].svg_texts.values():
        assert "Not comparable: 2021 and 2022" in drawn


def test_a_line_does_not_cross_a_break(pages):
    rows = pages["figures/figure-11.html"].specifications["figure-11-kor"]["datasets"]["rows"]
    assert {(row["wave"] > 2018, row["segment"]) for row in rows} == {(False, 0), (True, 1)}


def test_the_overview_counts_what_is_reproduced(pages, warehouse):
    text = pages["index.html"].text
    for table in ("reconciliation_topline", "reconciliation_claim", "reconciliation_regression"):
        agree, eligible = warehouse.execute(
            f"select count(*) filter (agrees), count(*) filter (eligible) from quality.{table}"
        ).fetchone()
        assert f"{agree} of {eligible} reproduced as printed" in text
    release, respondents = warehouse.execute(
        "select release_id, n_respondents from quality.release order by built_at desc limit 1"
    ).fetchone()
    assert release in text and f"{respondents:,}" in text


def test_the_quality_page_lists_all_that_differs(pages, warehouse):
    for table, shown in (("topline", "percentages"), ("regression", "cells")):
        n = warehouse.execute(
            f"select count(*) from quality.reconciliation_{table} where agrees is not true"
        ).fetchone()[0]
        assert n == len(pages["quality.html"].rows(shown)) > 0
    jumps = warehouse.execute("select count(*) from quality.drift where is_jump").fetchone()[0]
    assert jumps == len(pages["quality.html"].rows("jumps")) > 0
    rules = warehouse.execute("select count(*) from seeds.rules").fetchone()[0]
    assert rules == len(pages["quality.html"].rows("rule")) > 0


def test_the_methods_page_lists_every_sample(pages, warehouse):
    samples = warehouse.execute("select count(*) from marts.dim_sample").fetchone()[0]
    assert len(pages["methods.html"].rows("sample")) == samples > 0


def test_every_page_says_that_the_records_are_synthetic_and_of_which_release(pages, warehouse):
    release = warehouse.execute(
        "select release_id from quality.release order by built_at desc limit 1"
    ).fetchone()[0]
    for path, page in pages.items():
        assert "Synthetic records." in page.text, path
        assert f"Release {release}" in page.text, path


def test_korean_and_japanese_text_says_so(pages):
    scripts = {"ko": re.compile("[가-힣]"), "ja": re.compile("[ぁ-ゟ゠-ヿ]")}
    seen = set()
    for path, page in pages.items():
        for language, text in page.texts:
            for expected, script in scripts.items():
                if script.search(text):
                    assert language == expected, (path, text)
                    seen.add(language)
    assert seen == set(scripts)


def test_every_korean_and_japanese_letter_has_a_font_in_the_site(site):
    text = "".join(
        path.read_text(encoding="utf-8") for path in site.rglob("*") if path.suffix in (".html", ".js")
    )
    fonts = [TTFont(path).getBestCmap() for path in (site / "assets" / "fonts").glob("*.woff")]
    wanted = {letter for letter in text if re.match(r"[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]", letter)}
    assert len(wanted) > 500 and len(fonts) == 2
    assert wanted == {letter for letter in wanted if any(ord(letter) in font for font in fonts)}


def test_links_lead_somewhere(site, pages):
    for path, page in pages.items():
        for address in page.addresses:
            parts = urlsplit(address.value)
            if parts.scheme or address.value == "":
                continue
            target = (site / path).parent / unquote(parts.path) if parts.path else site / path
            assert target.is_file(), (path, address)
            if parts.fragment:
                assert parts.fragment in pages[str(target.resolve().relative_to(site.resolve()))].ids, (
                    path,
                    address,
                )


def test_nothing_is_loaded_from_elsewhere(site, pages):
    for path, page in pages.items():
        for address in page.addresses:
            if urlsplit(address.value).scheme not in ("", "data"):
                assert address.tag == "a", (path, address)
                assert address.value.startswith(("https://", "http://")), (path, address)
    for path in [*site.rglob("*.css"), *site.rglob("*.js")]:
        if (
            path.name != "vega.js"
        ):  # A library that knows the addresses of its schemas, and asks for none of them.
            text = path.read_text().replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?://|@import|url\((?!'fonts/[\w-]+\.woff'\))", text), path
    for path in site.rglob("*.svg"):
        assert not re.search(r"https?://(?!www\.w3\.org/)|<script", path.read_text()), path


def test_the_site_is_small_without_the_database(site, warehouse):
    ((questions,),) = warehouse.execute("select count(*) from marts.dim_question").fetchall()
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    assert questions > 60 and size < 80_000 * questions


def test_the_same_release_gives_the_same_bytes(site, built, tmp_path):
    again = tmp_path / "again"
    done = subprocess.run(
        [sys.executable, "-m", "kjpoll", "report", "--warehouse", built.release, "--out", again,
         "--engine", tmp_path / "none"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONHASHSEED": "4711", "TZ": "Asia/Seoul"},
        cwd=CHECKOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "The explorer has no database" in done.stderr
    assert done.stdout.startswith(f"{again}/index.html: ")
    first = {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    second = {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()}
    assert first.keys() == second.keys()
    assert [str(path) for path in first if first[path] != second[path]] == []


HOSTILE = "<script>alert('x')</script>\"'&"


def test_text_of_the_data_stays_text(built, tmp_path):
    """A label that is a script is shown in the page, the drawing and the chart's data, and is never one."""
    copy = tmp_path / "hostile.duckdb"
    copy.write_bytes(built.release.read_bytes())
    with duckdb.connect(copy) as connection:
        for column in (
            "marts.dim_category.label_en",
            "marts.dim_category.label_ko",
            "marts.dim_question.label_en",
            "marts.dim_question.label_ja",
            "seeds.figures.title",
            "seeds.rules.meaning",
            "marts.dim_sample.note",
            "published.sources.title",
        ):
            table, name = column.rsplit(".", 1)
            connection.execute(f"update {table} set {name} = ? || coalesce({name}, '')", [HOSTILE])
        connection.execute("update published.sources set url = 'javascript:alert(1)'")
        connection.execute("delete from seeds.figures where figure <> 6")
    build_site(copy, tmp_path / "site", modules=("figure_pages", "quality", "methods"))
    for path in (tmp_path / "site").rglob("*.html"):
        page = read_page(path)
        assert page.scripts_of_the_page <= {"application/json", "src"}, path
        assert "<script>alert" not in path.read_text()
        assert not any(address.value.startswith("javascript:") for address in page.addresses)
    figure = read_page(tmp_path / "site" / "figures" / "figure-06.html")
    assert HOSTILE in figure.text and HOSTILE in figure.attributes["aria-label"]
    assert any(HOSTILE in row["label"] for row in figure.specifications["figure-06-kor"]["datasets"]["rows"])
    assert json.dumps(figure.svg_texts["figure-06-kor"]).count("alert")
    assert "<script" not in (tmp_path / "site" / "figures" / "figure-06.svg").read_text()
