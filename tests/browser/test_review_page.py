"""A whole wave is reviewed on the page by keyboard, from the delivered file to accepted rows. Some 60 s.

The wave is a made-up workbook; one proposal is made wrong first, and the person corrects it.
"""

import datetime
import os
import shutil
import threading

import pytest
from kjpoll.cli.review_page import review_server
from kjpoll.onboarding.add_wave import Delivery, add_wave
from kjpoll.onboarding.review.decisions import Decision, decide
from kjpoll.onboarding.review.survey import Survey
from selenium.webdriver.common.keys import Keys

from tests.browser.checks import visit
from tests.support.next_wave import write_next_wave
from tests.support.project import CHECKOUT

pytestmark = [pytest.mark.slow, pytest.mark.long]

SAMPLE, COUNTRY, WAVE = "KOR-2024", "KOR", 2024
WRONG, RIGHT = "current_relations_5__1to5_dk9", "current_relations_5__reversed5_dk9"
LEFT_OUT = shutil.ignore_patterns("target", "logs")
# How often Tab is pressed at most before a control has to have the focus.
MOST_TABS = 200


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory):
    """A project that has taken the file in, with one scale read the wrong way round."""
    root = tmp_path_factory.mktemp("review") / "project"
    shutil.copytree(CHECKOUT / "dbt_project", root / "dbt_project", ignore=LEFT_OUT)
    shutil.copytree(CHECKOUT / "data", root / "data")
    delivered = root.parent / "korea_2024.xlsx"
    write_next_wave(root / "data/raw/2023/KOR.sav", delivered)
    delivery = Delivery(delivered, WAVE, COUNTRY, {"synthetic": "true"})
    add_wave(root, delivery, today=datetime.date(2024, 10, 1))
    decide(root, Decision(corrected_variable="문1", settings={"code_list": WRONG}))
    return root


@pytest.fixture
def root(taken_in, tmp_path):
    """A copy of it to decide in."""
    return shutil.copytree(taken_in, tmp_path / "project")


@pytest.fixture
def address(root):
    server, address = review_server(root, None, 0)
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield address
        server.shutdown()


class Person:
    """Who has a keyboard alone."""

    def __init__(self, browser) -> None:
        self.browser = browser

    @property
    def focused(self):
        return self.browser.driver.switch_to.active_element

    def press(self, *keys: str) -> None:
        """Press keys where the focus is, and wait for the page that they lead to."""
        before = self.browser.run("return performance.timeOrigin")
        self.focused.send_keys(*keys)
        self.browser.wait(
            lambda: self.browser.run("return document.readyState") == "complete", f"{keys} led nowhere"
        )
        self.turned = self.browser.run("return performance.timeOrigin") != before

    def turn(self, *keys: str) -> None:
        """Press keys that lead to another page."""
        before = self.browser.run("return performance.timeOrigin")
        self.focused.send_keys(*keys)
        self.browser.wait(
            lambda: self.browser.run("return document.readyState === 'complete' && performance.timeOrigin") not in (False, before),
            f"{keys} led to no other page",
        )  # fmt: skip

    def reach(self, script: str) -> None:
        """Press Tab until the focused element `e` is the one of which `script` is true."""
        for _ in range(MOST_TABS):
            if self.browser.run(f"const e = document.activeElement; return {script}"):
                return
            self.focused.send_keys(Keys.TAB)
        raise AssertionError(f"Tab does not lead to what is {script}")

    def find(self, words: str) -> None:
        """Search for a block, and open the first that is found."""
        self.press("/")
        self.turn(words, Keys.ENTER)
        self.press("j")
        self.turn(Keys.ENTER)

    def title(self) -> str:
        return self.browser.text("h1")


def rows(root) -> dict[str, dict[str, str]]:
    return {row["variable"]: row for row in Survey(root).rows_of(SAMPLE)}


def test_a_wave_is_reviewed_by_keyboard_alone(browser, root, address):
    person = Person(browser)
    browser.resize(1280, 1000)
    browser.open(address)
    before = rows(root)

    # The new column is open: it is ignored, with a note.
    person.find("기계 번역")
    person.press("i")
    person.turn("asked once, no question of the series", Keys.ENTER)

    # The scale that is read the wrong way round: its shares are out of their band, and its code list is another one.
    person.find("현재의 양국 관계")
    assert browser.all("tr.outside")
    person.press("e")
    person.reach("e.name === 'code_list'")
    person.press(RIGHT)
    person.reach("e.textContent === 'Correct and accept'")
    person.turn(Keys.ENTER)

    # Number changed: looked at, gone past and come back to, left open, then accepted all the same.
    person.find("중국에 대한 인상")
    person.turn("j")
    person.turn("k")
    assert "중국에 대한 인상" in person.title()
    person.turn("o")
    person.find("중국에 대한 인상")
    assert "left open" in browser.text("main")
    person.turn("a")

    # Whom the questions are about.
    for question, name in (
        ("impression_of_counterpart_leader", "Ishiba Shigeru"),
        ("japanese_gov_attitude", "Ishiba government"),
    ):
        person.find(question)
        person.press("e")
        person.reach("e.name === 'referent'")
        person.press(Keys.CONTROL, "a")
        person.press(name)
        person.reach("e.textContent === 'Correct and accept'")
        person.turn(Keys.ENTER)
    person.find("korean_gov_attitude")
    person.turn("a")
    # Its codes have no labels, so that nobody can be quite sure of them.
    person.find("issues_improved_past_year")
    person.turn("a")

    # What is sure at once; what is to be ignored one by one.
    person.turn("g")
    person.reach("e.textContent.startsWith('Accept all')")
    person.turn(Keys.ENTER)
    assert all(row["review"] == "proposed" for row in rows(root).values()) and rows(root) == before
    person.find("기타 의견")
    for _ in range(3):
        assert "ignored" in browser.text("main")
        person.turn("a")

    # The row of the sample, and the last step.
    assert "samples.csv" in person.title()
    for name, keys in (
        ("fieldwork_start", "08202024"),
        ("fieldwork_end", "09102024"),
        ("source_id", "genron2023_ja"),
    ):
        person.reach(f"e.name === '{name}'")
        person.press(keys)
    person.press(Keys.ESCAPE)
    person.turn("a")
    assert person.title() == "Last step" and browser.all(".diff .added")
    person.reach("e.id === 'write'")
    assert all(row["review"] == "proposed" for row in rows(root).values())
    person.turn(Keys.ENTER)
    assert "Written:" in browser.text("main") and "Nothing is open" in browser.text("main")

    after, sample = rows(root), Survey(root).sample(SAMPLE)
    assert {row["review"] for row in (*after.values(), sample)} == {"reviewed"}
    assert after["문1"]["code_list"] == RIGHT
    assert (after["문12"]["role"], after["문12"]["note"]) == (
        "ignored",
        "asked once, no question of the series",
    )
    assert (after["문7"]["referent"], after["문15"]["referent"]) == ("Ishiba Shigeru", "Ishiba government")
    assert (sample["fieldwork_start"], sample["fieldwork_end"], sample["source_id"]) == (
        "2024-08-20",
        "2024-09-10",
        "genron2023_ja",
    )
    others = [name for name in after if name not in ("문1", "문7", "문12", "문15")]
    assert [after[name] for name in others] == [{**before[name], "review": "reviewed"} for name in others]
    assert browser.console() == [] and browser.foreign() == []


def test_single_keys_can_be_turned_off(browser, address):
    person = Person(browser)
    browser.open(address)
    person.press("?")
    person.reach("e.id === 'use-keys'")
    person.press(Keys.SPACE)
    browser.open(address)
    person.press("w")
    assert not person.turned
    browser.run("localStorage.clear()")
    browser.open(address)
    person.turn("w")
    assert person.title() == "Last step"


def test_no_page_of_the_review_keeps_anybody_out(browser, address, axe):
    numbers = [0, 2, 6]
    pages = [
        "",
        "?q=nothing",
        "sample",
        "write",
        "nowhere",
        *(f"block/{number}" for number in numbers),
        "block/6?column=7#edit",
    ]
    visits = {page: visit(browser, f"{address}{page}", axe) for page in pages}
    # Chromium writes to the console what it could not load.
    visits["nowhere"].console.clear()
    for what in ("console", "foreign", "barriers", "wider"):
        assert {page: found for page, value in visits.items() if (found := getattr(value, what))} == {}


@pytest.mark.skipif(
    "KJPOLL_PICTURES" not in os.environ, reason="KJPOLL_PICTURES=1 takes the pictures of the documents"
)
def test_the_picture_of_the_document(browser, root, address):
    decide(root, Decision(corrected_variable="문1", settings={"code_list": RIGHT}))
    browser.resize(1100, 1180)
    browser.open(f"{address}block/2")
    picture = CHECKOUT / "docs" / "pictures" / "review-page.png"
    assert browser.driver.save_screenshot(picture) and picture.stat().st_size < 200_000
