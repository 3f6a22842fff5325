"""Every page in a browser: silent, self-contained, open to all, on a phone and on paper."""

import base64
import functools
import os
import re
import threading
from collections import Counter
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import duckdb
import pytest
from kjpoll.report.fonts import FAMILIES

from tests.browser.checks import DESKTOP, DRAWN, PHONE, Visit, missing_on_paper, visit
from tests.support.figure_numbers import printed_numbers
from tests.support.project import CHECKOUT

pytestmark = pytest.mark.long

FIGURES = range(1, 17)
KINDS_OF_CHART = ("figure-01", "figure-06", "figure-12", "figure-15")
# Of the pages of questions, one of each kind of answer; the others are made by the same template.
KINDS = "select min(question_id) from marts.dim_question group by answer_type order by 1"


@pytest.fixture(scope="module")
def warehouse(built):
    with duckdb.connect(built.release, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def paths(site, warehouse) -> list[str]:
    """The pages to look at."""
    kinds = {f"codebook/{name}.html" for (name,) in warehouse.execute(KINDS).fetchall()}
    found = [str(path.relative_to(site)) for path in sorted(site.rglob("*.html"))]
    return [
        path for path in found if not path.startswith("codebook/") or path in kinds | {"codebook/index.html"}
    ]


@pytest.fixture(scope="module")
def visits(browser, origin, axe, paths) -> dict[str, Visit]:
    """What was wrong with each page."""
    return {path: visit(browser, f"{origin}/{path}", axe) for path in paths}


@pytest.mark.parametrize("what", ["console", "foreign", "barriers", "wider"])
def test_no_page_has(visits, what):
    assert len(visits) > 25
    assert {path: found for path, value in visits.items() if (found := getattr(value, what))} == {}


BAD = """<!doctype html><html><head>
<title>Bad</title><meta name="viewport" content="width=device-width"></head><body>
<img src="http://example.org/x.png"><div style="width: 900px">wide</div>
<script>console.error("broken"); new Worker(URL.createObjectURL(new Blob(["fetch('http://example.com/y')"])));</script>
<div class="chart" id="gone" style="display: none"><svg width="200" height="80"><line y2="5" stroke="#123456"/></svg></div>
</body></html>"""


def test_what_is_wrong_with_a_page_is_found(browser, tmp_path, axe):
    """The page comes from a server without our policy, under which it could do none of it."""
    (tmp_path / "bad.html").write_text(BAD)
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        found = visit(browser, f"http://127.0.0.1:{serving.server_port}/bad.html", axe)
        browser.wait(lambda: browser.elsewhere.requests or found.foreign, "no request came")
        foreign = found.foreign + browser.foreign()
        missing = missing_on_paper(browser)
        serving.shutdown()
    assert any("broken" in line for line in found.console)
    assert {"example.org", "example.com"} == {
        name for line in foreign for name in ("example.org", "example.com") if name in line
    }
    assert {"html-has-lang", "image-alt"} <= {line.partition(":")[0] for line in found.barriers}
    assert any("wide" in line for line in found.wider)
    assert missing == ["gone", "rgb(18, 52, 86)"]


@pytest.mark.parametrize("number", FIGURES)
def test_a_figure_shows_the_numbers_of_its_table(browser, origin, warehouse, number):
    name = f"figure-{number:02d}"
    browser.resize(*DESKTOP)
    browser.open(f"{origin}/figures/{name}.html")
    browser.wait(lambda: browser.run(DRAWN), f"{name}: not all charts were drawn")
    shown = browser.run(
        "return [...document.querySelectorAll(arguments[0])].map((row) => [row.dataset.country, Number(row.dataset.wave),"
        " row.dataset.series, ...[...row.querySelectorAll('[data-value]')].map((cell) => Number(cell.dataset.value))])",
        f"#{name}-data tbody tr",
    )
    expected = warehouse.execute(
        f"select country, wave, option_id, pct, ci_low, ci_high from analysis.figure_{number:02d} order by all"
    ).fetchall()
    # An assumed share has no interval.
    assert sorted(map(tuple, shown)) == sorted(tuple(v for v in row if v is not None) for row in expected)
    charts = browser.run(
        "return [...document.querySelectorAll('.chart[data-interactive]')].map((chart) => "
        "[chart.id, [...chart.querySelectorAll('svg text')].map((text) => text.textContent)])"
    )
    assert len(charts) == len({row[0] for row in expected})
    for chart, texts in charts:
        wanted = printed_numbers(warehouse, number, chart.rpartition("-")[2].upper())
        assert Counter(text for text in texts if re.fullmatch(r"\d+\.\d", text)) == wanted, chart
    assert missing_on_paper(browser) == []


@pytest.mark.parametrize(
    "path", ["index.html", "tables/table-1.html", "tables/table-2.html", "explorer/index.html"]
)
def test_paper_shows_every_chart(browser, origin, path):
    browser.resize(*DESKTOP)
    browser.open(f"{origin}/{path}")
    browser.wait(lambda: browser.run(DRAWN), f"{path}: not all charts were drawn")
    assert browser.run("return document.querySelectorAll('.chart svg').length") > 0
    assert missing_on_paper(browser) == []


@pytest.mark.parametrize(
    "path", ["index.html", "tables/table-1.html", *(f"figures/{name}.html" for name in KINDS_OF_CHART)]
)
def test_letters_of_charts_keep_their_size_on_a_phone(browser, origin, path):
    browser.resize(*PHONE)
    browser.open(f"{origin}/{path}")
    browser.wait(lambda: browser.run(DRAWN), f"{path}: not all charts were drawn")
    scales = browser.run(
        "return Object.fromEntries([...document.querySelectorAll('.chart[data-interactive]')].map((chart) => {"
        "const drawing = chart.querySelector('svg');"
        "return [chart.id, drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width]; }))"
    )
    assert scales and {chart: scale for chart, scale in scales.items() if scale < 0.75} == {}


def test_a_part_of_a_bar_carries_its_number_where_there_is_room(browser, origin):
    browser.resize(*PHONE)
    browser.open(f"{origin}/figures/figure-15.html")
    browser.wait(lambda: browser.run(DRAWN), "no chart")
    rooms = browser.run("""
        const box = (element) => element.getBoundingClientRect();
        const inside = (mark, x) => box(mark).left <= x && x <= box(mark).right;
        const stack = document.querySelector(".chart[data-interactive] svg .concat_0_group, .chart[data-interactive] svg");
        const bars = [...stack.querySelectorAll(".mark-rect path")];
        return [...stack.querySelectorAll(".mark-text text")].map((text) => {
          const middle = (box(text).left + box(text).right) / 2, height = (box(text).top + box(text).bottom) / 2;
          const bar = bars.find((bar) => inside(bar, middle) && box(bar).top <= height && height <= box(bar).bottom);
          return bar ? [text.textContent, box(bar).width - box(text).width] : null;
        }).filter(Boolean);""")
    # Of the Korean shares five are known.
    assert len(rooms) == 5 and [(number, room) for number, room in rooms if room < 0] == []


def test_the_grid_of_questions_fits_a_desktop(browser, origin):
    browser.resize(*DESKTOP)
    browser.open(f"{origin}/codebook/index.html")
    assert (
        browser.run(
            "const box = document.getElementById('availability').parentElement; return box.scrollWidth - box.clientWidth"
        )
        == 0
    )


@pytest.mark.parametrize("served", [True, False])
def test_korean_and_japanese_letters_come_with_the_site(browser, origin, site, served):
    browser.open(f"{origin if served else site.as_uri()}/codebook/impression_of_counterpart.html")
    loaded = browser.driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "document.fonts.ready.then((fonts) => done([...fonts].filter((font) => font.status === 'loaded')"
        ".map((font) => font.family.replaceAll('\"', ''))))"
    )
    assert sorted(loaded) == sorted(FAMILIES)


def test_from_the_file_system_every_page_is_the_same(browser, site, paths):
    browser.console()
    browser.foreign()
    browser.resize(*DESKTOP)
    for path in paths:
        browser.open((site / path).as_uri())
        browser.wait(lambda: browser.run(DRAWN), f"{path}: not all charts were drawn")
    assert browser.console() == [] and browser.foreign() == []


@pytest.mark.parametrize(
    ("query", "question", "shown"),
    [
        ("상대국", "impression_of_counterpart", "상대국에 대한 인상"),
        ("相手国に対する", "impression_of_counterpart", "相手国に対する印象"),
        ("처리수", "fukushima_water", "오염처리수"),
        ("fukushima", "fukushima_water", "Fukushima"),
    ],
)
def test_the_search_finds_a_question(browser, origin, query, question, shown):
    browser.open(f"{origin}/codebook/index.html")
    browser.driver.find_element("id", "query").send_keys(query)
    found = {link.get_attribute("href").rpartition("/")[2]: link for link in browser.all("#found a")}
    assert f"{question}.html" in found and len(found) < 30
    assert shown in browser.text("#found")
    found[f"{question}.html"].click()
    browser.wait(
        lambda: browser.driver.current_url.endswith(f"/{question}.html"),
        "the page of the question did not open",
    )


PICTURES = {
    "overview": ("index.html", 1060),
    "figure": ("figures/figure-03.html", 760),
    "table": ("tables/table-1.html", 1100),
    "codebook": ("codebook/impression_of_counterpart.html", 900),
    "explorer": (
        "explorer/index.html#q=impression_of_counterpart&by=age_group&wave=2023&answer=net%3Apositive&lang=en",
        1250,
    ),
}


@pytest.mark.skipif(
    "KJPOLL_PICTURES" not in os.environ, reason="KJPOLL_PICTURES=1 takes the pictures of the documents"
)
@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_of_the_documents(browser, origin, name):
    path, height = PICTURES[name]
    browser.resize(1100, height)
    browser.open(f"{origin}/{path}")
    browser.wait(lambda: browser.run(DRAWN), f"{path}: not all charts were drawn")
    if name == "explorer":
        browser.wait(lambda: browser.all("#crosstab td[data-pct]"), "no crosstab")
    picture = CHECKOUT / "docs" / "pictures" / f"{name}.png"
    picture.parent.mkdir(exist_ok=True)
    assert browser.driver.save_screenshot(picture) and picture.stat().st_size < 200_000


def test_the_search_finds_nothing_where_there_is_nothing(browser, origin):
    browser.open(f"{origin}/codebook/index.html")
    browser.driver.find_element("id", "query").send_keys("없는말")
    assert browser.text("#count") == "No question found." and not browser.all("#found a")


def test_the_keyboard_reaches_the_text_past_the_navigation(browser, origin):
    browser.open(f"{origin}/figures/figure-01.html")
    body = browser.driver.find_element("css selector", "body")
    body.send_keys("\ue004")
    assert browser.run("return document.activeElement.className") == "skip"
    browser.driver.switch_to.active_element.send_keys("\ue007")
    assert browser.run("return location.hash.slice(1) === document.querySelector('main').id")


SAVED = """
const done = arguments[arguments.length - 1];
URL.createObjectURL = (blob) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result);
  reader.readAsDataURL(blob);
  return "#";
};
document.querySelector("button[data-png]").click();
"""


def test_a_chart_is_saved_as_a_picture(browser, origin):
    browser.open(f"{origin}/figures/figure-01.html")
    browser.wait(lambda: browser.run(DRAWN), "no chart")
    head = base64.b64decode(browser.driver.execute_async_script(SAVED).partition(",")[2])[:24]
    width, height = (int.from_bytes(head[at : at + 4]) for at in (16, 20))
    assert head[:8] == b"\x89PNG\r\n\x1a\n" and width > 1500 and height > 600
