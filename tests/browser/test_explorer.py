"""The explorer in a browser: it answers as the warehouse does, asks nobody else, says what it cannot do."""

import csv
import time

import duckdb
import pytest
from kjpoll.tables.numbers import percent

pytestmark = pytest.mark.long

CROSSTAB = "#q=impression_of_counterpart&by=age_group&wave=2023&answer=net%3Apositive&lang=en"
UNANSWERABLE = [
    "selekt 1",
    "",
    "from 'https://example.org/x.csv'",
    "load json",
    "select '{}'::json",
    "copy (select 1) to 'x.csv'",
    "set enable_external_access = true",
]
PHONE = (360, 740)
DESKTOP = (1280, 1000)


@pytest.fixture(scope="module")
def warehouse(built):
    with duckdb.connect(built.release, read_only=True) as connection:
        yield connection


@pytest.fixture
def explorer(browser, origin):
    """explorer(hash): the page, opened with a choice."""
    browser.resize(*DESKTOP)
    browser.console()
    browser.foreign()

    def opened(choice: str = ""):
        browser.open(f"{origin}/explorer/index.html{choice}")
        return browser

    return opened


@pytest.fixture
def box(browser, origin):
    """The page as the test before left it, if it did: its database starts in seconds."""
    page = f"{origin}/explorer/index.html"
    if not browser.driver.current_url.startswith(page):
        browser.resize(*DESKTOP)
        browser.open(page)
    browser.console()
    browser.foreign()
    return browser


def ready(browser):
    browser.wait(
        lambda: browser.text("#status").startswith("Crosstab and trend are up to date"), "no crosstab came"
    )


def cells(browser, table: str) -> list[tuple]:
    """(answer, column, n, percentage as computed, as shown with its letters) of a crosstab on the page."""
    return browser.run(
        "return [...document.querySelectorAll(arguments[0] + ' td[data-pct]')].map((cell) => ["
        "cell.dataset.answer,"
        " cell.dataset.column, Number(cell.dataset.n), Number(cell.dataset.pct), cell.textContent])",
        table,
    )


def expected(warehouse, by: str, country: str | None) -> list[tuple]:
    rows = warehouse.execute(
        "select grouping || ':' || category_id, by_category_id, n, pct, higher_than "
        "from crosstab_tested('impression_of_counterpart', ?) "
        "where wave = 2023 and country is not distinct from ?",
        ["series" if by == "country" else by, country],
    ).fetchall()
    return sorted(
        (answer, column, n, pct, f"{percent(pct)}{letters or ''}") for answer, column, n, pct, letters in rows
    )


@pytest.mark.parametrize(("by", "countries"), [("age_group", ["KOR", "JPN"]), ("country", [None])])
def test_a_crosstab_is_that_of_the_warehouse(explorer, warehouse, by, countries):
    browser = explorer(CROSSTAB.replace("age_group", by))
    ready(browser)
    for country in countries:
        found = sorted(tuple(cell) for cell in cells(browser, f"#crosstab-{country or 'both'}"))
        wanted = expected(warehouse, by, country)
        assert [cell[:3] for cell in found] == [cell[:3] for cell in wanted] and wanted
        assert [cell[3] for cell in found] == pytest.approx([cell[3] for cell in wanted], abs=1e-9)
        assert [cell[4] for cell in found] == [cell[4] for cell in wanted]
    assert browser.console() == []


def test_a_topline_is_that_of_the_release(explorer, warehouse):
    browser = explorer("#q=reasons_bad_impression")
    rows = warehouse.execute(
        "select wave, 'category:' || category_id, n, pct from analysis.topline "
        "where question_id = 'reasons_bad_impression' and country = 'KOR' order by all"
    ).fetchall()
    found = browser.run(
        "return [...document.querySelectorAll('#topline-KOR td[data-n]')].map((cell) => ["
        "Number(cell.dataset.wave),"
        " cell.dataset.answer, Number(cell.dataset.n), cell.textContent])"
    )
    assert sorted(map(tuple, found)) == [(wave, answer, n, percent(pct)) for wave, answer, n, pct in rows]


def test_a_trend_is_drawn_with_the_numbers_of_each_wave(explorer, warehouse):
    browser = explorer(CROSSTAB.replace("age_group", "sex"))
    ready(browser)
    browser.wait(lambda: len(browser.all("#trend .chart[data-drawn] svg")) == 2, "no charts")
    rows = warehouse.execute(
        "select wave, by_category_id, pct from crosstab_tested('impression_of_counterpart', 'sex') "
        "where country = 'KOR' and grouping = 'net' and category_id = 'positive' order by all"
    ).fetchall()
    found = browser.run(
        "return [...document.querySelectorAll('#trend-KOR td[data-pct]')].map((cell) => ["
        "Number(cell.dataset.wave),"
        " cell.dataset.column, Number(cell.dataset.pct)])"
    )
    assert [row[:2] for row in sorted(found)] == [list(row[:2]) for row in rows]
    assert [row[2] for row in sorted(found)] == pytest.approx([row[2] for row in rows])
    label = browser.all("#trend .chart")[0].get_attribute("aria-label")
    assert f"{percent(rows[-1][2])} in 2023" in label


def test_the_choice_is_kept_in_the_address_and_labels_change_language(explorer):
    browser = explorer()
    browser.choose("#q", "current_relations")
    browser.choose("#lang", "ko")
    assert "q=current_relations" in browser.driver.current_url and "lang=ko" in browser.driver.current_url
    heading = browser.all("#question-label")[0]
    assert heading.get_attribute("lang") == "ko" and any("가" <= letter <= "힣" for letter in heading.text)
    unmarked = browser.run("""
        const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
        const found = [];
        while (texts.nextNode()) {
          const around = texts.currentNode.parentElement;
          const hidden = around.closest("[aria-hidden], script, textarea");
          if (/[가-힣]/.test(texts.currentNode.data) && !hidden && around.closest("[lang]").lang !== "ko")
            found.push(texts.currentNode.data);
        }
        return found;""")
    assert unmarked == []
    again = explorer(browser.driver.current_url.partition("/explorer/index.html")[2])
    assert (
        again.text("#question-label") == heading_text(again)
        and again.run("return document.getElementById('lang').value") == "ko"
    )


def heading_text(browser) -> str:
    return browser.run("return explorer.question('current_relations').label.ko")


def ask(browser, sql: str) -> str:
    browser.run(
        "document.getElementById('sql').value = arguments[0]; document.getElementById('run').click()", sql
    )
    browser.wait(lambda: not browser.all("#stop")[0].is_displayed(), f"no answer to {sql}")
    return browser.text("#sql-status")


def test_the_box_answers_as_the_warehouse_does_and_gives_csv(box, tmp_path):
    status = ask(
        box,
        "select wave, count(*) as n, null as nothing, 'a,\"b' as text, 1.5 as half, date '2023-09-02' as day "
        "from marts.dim_respondent group by wave order by wave",
    )
    assert status.startswith("11 rows")
    assert box.text("#sql-result tbody tr:last-child") == '2023 2008 NULL a,"b 1.5 2023-09-02'
    box.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    box.run("document.querySelector('#result button').click()")
    deadline = time.monotonic() + 20
    while not (tmp_path / "result.csv").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    rows = [*csv.reader((tmp_path / "result.csv").read_text(encoding="utf-8-sig").splitlines())]
    assert len(rows) == 12 and rows[-1] == ["2023", "2008", "", 'a,"b', "1.5", "2023-09-02"]


def test_a_label_with_markup_stays_text(box):
    ask(box, 'select \'<img src=x onerror="window.struck = 1">\' as "<b>name</b>"')
    assert box.text("#sql-result td").startswith("<img")
    assert box.text("#sql-result th") == "<b>name</b>" and box.run("return window.struck") is None


def test_the_served_page_can_ask_no_other_machine_and_evaluates_no_text(box):
    refused = box.driver.execute_async_script("""
        const done = arguments[arguments.length - 1];
        const attempts = [
          () => fetch("http://example.org/x"),
          // What the driver itself runs is exempt from the policy, what a timer runs is not.
          () => new Promise((later) => setTimeout(later)).then(() => eval("1")),
          () => new Promise((started, failed) => {
            const worker = new Worker(URL.createObjectURL(new Blob(["postMessage(0)"])));
            worker.onmessage = started;
            worker.onerror = failed;
          }),
        ];
        Promise.allSettled(attempts.map(async (attempt) => attempt())).then(
          (ends) => done(ends.map((end) => end.status)));""")
    assert refused == ["rejected"] * 3
    assert box.foreign() == []
    assert sum("Content Security Policy" in line for line in box.console()) >= 2


def test_a_query_that_cannot_be_answered_says_so(box):
    for sql in UNANSWERABLE:
        status = ask(box, sql)
        assert "rows in" not in status and len(status) > 10, sql
        assert box.foreign() == [], sql
    assert ask(box, "select 1").startswith("1 row ")


def test_a_query_can_be_stopped(box):
    ask(box, "select 1")
    box.run(
        "document.getElementById('sql').value = arguments[0]; document.getElementById('run').click()",
        "select count(*) from range(1000000000) a, range(1000000) b",
    )
    box.wait(lambda: box.text("#sql-status") == "Computing …", "not begun")
    box.run("document.getElementById('stop').click()")
    box.wait(lambda: box.text("#sql-status") == "Stopped.", "not stopped")
    assert ask(box, "select 2 as two").startswith("1 row ")


# Chooses every question in turn, and waits for the chart of its trend; the questions without a number or a chart.
EVERY_QUESTION = """
const done = arguments[arguments.length - 1];
const field = document.getElementById("q");
(async () => {
  const lacking = [];
  for (const { value } of field.options) {
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    const numbers = document.querySelector("#topline td[data-n]");
    for (let tries = 0; tries < 500 && !document.querySelector("#trend .chart[data-drawn] svg"); tries++)
      await new Promise((later) => setTimeout(later, 10));
    if (!numbers || !document.querySelector("#trend .chart[data-drawn] svg")) lacking.push(value);
  }
  done([field.options.length, lacking]);
})();
"""


def test_every_question_can_be_shown_and_nothing_is_asked_elsewhere(explorer, browser):
    explorer()
    n, lacking = browser.driver.execute_async_script(EVERY_QUESTION)
    assert n > 60 and lacking == []
    browser.choose("#by", "country")
    ready(browser)
    assert browser.console() == []
    assert browser.foreign() == []


def test_a_phone_does_not_scroll_sideways(explorer, browser):
    browser.resize(*PHONE)
    browser.open(f"{browser.driver.current_url.partition('/explorer')[0]}/explorer/index.html{CROSSTAB}")
    ready(browser)
    assert browser.run("return document.documentElement.scrollWidth") <= PHONE[0]


def test_from_the_file_system_toplines_and_trends_are_there_and_the_page_says_what_is_not(browser, site):
    browser.console()
    browser.open((site / "explorer" / "index.html").as_uri() + CROSSTAB)
    assert "kjpoll report --serve" in browser.text("#no-engine")
    assert browser.all("#topline-KOR td[data-n]")
    browser.wait(lambda: browser.all("#trend .chart[data-drawn] svg"), "no chart")
    assert "needs the database" in browser.text("#crosstab")
    assert not browser.all("#run")[0].is_enabled()
    assert browser.console() == []


def test_a_server_that_unpacks_on_the_way_is_no_trouble(browser, origin):
    browser.open(f"{origin}/explorer/index.html")
    unpacked = browser.driver.execute_async_script("""
        const done = arguments[arguments.length - 1];
        const real = window.fetch;
        window.fetch = async (address) => {
          const answer = await real(address);
          return new Response(answer.body.pipeThrough(new DecompressionStream("gzip")));
        };
        explorer.ask("select 1 as one", () => {})
          .then((answer) => done(answer.rows), (error) => done(String(error)));
    """)
    assert unpacked == [[1]]


def test_the_site_with_the_database_can_be_carried(site):
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 45_000_000
