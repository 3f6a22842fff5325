"""On the page a person decides; the seeds get what the diff showed, by the code of the command line, or nothing."""

import difflib
import html
import re
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.onboarding.page import reviewing
from kjpoll.onboarding.page.wave_blocks import GROUPS
from kjpoll.onboarding.review.decisions import Decision, decide
from kjpoll.onboarding.review.survey import Survey

from tests.onboarding import page_visitor
from tests.onboarding.page_visitor import Visitor
from tests.onboarding.review_project import NEW, files

VARIABLES = "dbt_project/seeds/crosswalk/variables.csv"
SAMPLE = {
    "fieldwork_start": "2023-08-01",
    "fieldwork_end": "2023-08-20",
    "source_id": "book",
}


@pytest.fixture
def visitor(tmp_path, monkeypatch):
    return Visitor(page_visitor.make(tmp_path / "project", monkeypatch))


def seeds(root) -> dict[str, bytes]:
    return {name: content for name, content in files(root).items() if name.startswith("dbt_project/seeds")}


def row(root, name: str) -> dict[str, str]:
    return next(row for row in Survey(root).rows_of(NEW) if row["variable"] == name)


def test_every_column_stands_in_one_group(visitor):
    assert {name: visitor.group(name) for name in GROUPS} == {
        "open": {"Q1", "Q2"},
        "unsure": {"AGE"},
        "changed": set(),
        "moved": set(),
        "named": set(),
        "new": set(),
        "corrected": set(),
        "sure": {"ID", "Q3_1", "Q3_2"},
        "ignored": {"TEXT"},
    }


def test_a_block_shows_all_that_a_person_decides_by(visitor):
    text = visitor.get(f"block/{visitor.number('Q1')}")
    for shown in (
        "About mood",
        "Sur mood",
        "seen Q1",
        "by labels",
        "code 9 of mood__kor_2023 has no category",
        "sure (0.97)",
    ):
        assert shown in text, shown
    # A code with its records, what it means, what it meant; this wave beside the last one.
    codes = text.partition('aria-label="Codes"')[2]
    assert codes.index("400") > codes.index(">1<") and "Bad" in codes and "Good" in codes
    assert "KOR-2022" in text and text.count('class="bar now"') == 2


def test_what_moved_is_looked_at_by_itself(visitor, monkeypatch):
    """Reasons that half as many give as at the last asking: nobody accepts that with what is sure."""
    other = page_visitor.profile()
    counts = {"Q3_1": {"0": 450, "1": 50, "<blank>": 500}}
    columns = tuple(replace(one, counts=counts.get(one.name, one.counts)) for one in other.variables)
    monkeypatch.setattr(reviewing, "profile_of", lambda *row: replace(other, variables=columns))
    again = Visitor(visitor.root)
    assert again.group("moved") == {"Q3_1", "Q3_2"} and again.group("sure") == {"ID"}
    assert "<strong>outside</strong>" in again.get(f"block/{again.number('Q3_1')}")
    again.get()
    again.post("sure")
    assert again.states()["Q3_1"] == "undecided" and again.states()["ID"] == "decided"


def test_a_guess_never_looks_like_a_fact(visitor):
    text = visitor.get(f"block/{visitor.number('AGE')}")
    assert 'class="badge guess">a guess (0.60)' in text and 'id="proposed">Perhaps<' in text
    sure = visitor.get(f"block/{visitor.number('Q3_1')}")
    assert (
        'class="badge known">sure (0.97)' in sure
        and 'id="proposed">Proposed<' in sure
        and "Perhaps" not in sure
    )
    overview = visitor.get()
    assert "perhaps </em>age_group" in overview and "perhaps </em>reasons" not in overview
    nothing = visitor.get(f"block/{visitor.number('Q2')}")
    assert "nothing is proposed" in nothing and "No question is proposed." in nothing
    assert "question_id=cars#edit" in nothing


def test_what_is_accepted_is_written_only_in_the_last_step_and_is_what_the_diff_showed(visitor):
    before = files(visitor.root)
    assert visitor.decide("Q3_1", "accept") == f"block/{visitor.number('TEXT')}"
    assert seeds(visitor.root) == {name: before[name] for name in seeds(visitor.root)}
    assert visitor.states()["Q3_2"] == "decided"
    shown = visitor.get("write")
    assert visitor.post("write") == "write"
    after = files(visitor.root)
    changed = [name for name in after if not name.startswith("build/") and after[name] != before.get(name)]
    assert VARIABLES in changed
    assert diffs_of(shown) == {diff(name, before[name], after[name]) for name in changed}
    assert visitor.states()["Q3_1"] == "accepted"
    written = visitor.get("write")
    assert (
        re.search(rf"Written:</strong> .*{VARIABLES}", written)
        and "Nothing that is not written yet" in written
    )


def diff(name: str, before: bytes, after: bytes) -> tuple[str, ...]:
    short = "/".join(name.split("/")[-2:])
    lines = (content.decode().splitlines() for content in (before, after))
    return tuple(difflib.unified_diff(*lines, f"a/{short}", f"b/{short}", lineterm=""))


def diffs_of(page: str) -> set[tuple[str, ...]]:
    """The lines of each diff on the page of the last step."""
    diffs = re.findall(r'<pre class="diff.*?</pre>', page, re.DOTALL)
    line = re.compile(r'<span class="(?:added|removed|place|same)">(.*?)\n?</span>', re.DOTALL)
    return {tuple(html.unescape(text) for text in line.findall(shown)) for shown in diffs}


def test_the_page_writes_the_same_bytes_as_the_command_line(visitor, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(visitor.root, other)
    note = "asked once, of no interest"
    settings = {"question_id": "cars", "code_list": "mood__1to3_dk9"}
    decide(other, Decision(codes=[("mood__kor_2023", "9", "dont_know")]))
    decide(other, Decision(variables=["Q1"]))
    decide(other, Decision(corrected_variable="Q2", settings=settings))
    decide(other, Decision(variables=["Q2"]))
    decide(
        other,
        Decision(variables=["AGE"], corrected_variable="AGE", settings={"role": "ignored", "note": note}),
    )
    decide(other, Decision(settings=SAMPLE))
    decide(other, Decision(accept_all=True, accept_ignored=True))

    codes = visitor.get(f"block/{visitor.number('Q1')}")
    assert '<label for="code-2">9' in codes
    visitor.decide("Q1", "correct", accept="yes", **{"column-1": "on", "code-2": "dont_know"})
    visitor.decide("Q2", "correct", accept="yes", **{"column-2": "on"}, **settings)
    visitor.decide("AGE", "ignore", note=note)
    visitor.get()
    assert visitor.post("sure") == ""
    visitor.decide("TEXT", "accept")
    visitor.get("sample")
    assert visitor.post("sample", accept="yes", **SAMPLE) == "write"
    visitor.get("write")
    visitor.post("write")
    assert seeds(visitor.root) == seeds(other)
    assert "Nothing is open" in visitor.get("write") and set(visitor.states().values()) == {"accepted"}


def test_what_cannot_be_accepted_says_why_and_keeps_what_was_entered(visitor):
    before = files(visitor.root)
    refused = visitor.decide("Q2", "accept", 422)
    assert "Q2: it has no question" in refused and 'name="column-2" checked' in refused
    assert '<details id="ignore">' in refused and '<details id="edit">' in refused
    text = visitor.decide(
        "Q2",
        "correct",
        422,
        accept="yes",
        role="answer",
        question_id="sex",
        code_list="mood__1to3_dk9",
        note="see page 3",
        **{"column-2": "on"},
    )
    assert "means good, which the question does not have" in text and 'value="see page 3"' in text
    assert '<option value="sex" selected>' in text and '<details id="edit" open>' in text
    empty = visitor.decide("Q2", "ignore", 422, note="  ")
    assert "say in the note why" in empty and '<details id="ignore" open>' in empty
    assert "tick the columns" in visitor.decide("Q2", "correct", 422, question_id="sex")
    assert "nothing in the form differs" in visitor.decide("Q2", "correct", 422, **{"column-2": "on"})
    assert "write the day as YYYY-MM-DD" in visitor.post("sample", 422, fieldwork_start="soon")
    assert files(visitor.root) == before


def test_a_corrected_block_is_no_longer_called_sure(visitor):
    assert visitor.decide(
        "Q3_1", "correct", **{"column-3": "on", "column-4": "on", "comparability": "options"}
    ) == (f"block/{visitor.number('Q3_1')}")
    assert visitor.group("corrected") == {"Q3_1", "Q3_2"}
    assert "corrected by you" in visitor.get(f"block/{visitor.number('Q3_1')}")
    assert visitor.states()["Q3_1"] == "undecided"


def test_a_column_is_split_out_of_its_block(visitor):
    number = visitor.number("Q3_2")
    form = visitor.get(f"block/{visitor.number('Q3_1')}?column={number}")
    assert f'name="column-{number}" checked' in form and f'name="column-{number - 1}" checked' not in form
    settings = {"question_id": "cars", "layout": "single", "code_list": "mood__1to3_dk9"}
    visitor.post(f"block/{number}/correct", **{f"column-{number}": "on"}, **settings)
    blocks = [block.variables for block in visitor.reviewing.view().blocks]
    assert ("Q3_1",) in blocks and ("Q3_2",) in blocks
    split = next(
        row for row in visitor.reviewing.view().pending.survey.rows_of(NEW) if row["variable"] == "Q3_2"
    )
    # The answer that it stood for goes with the layout.
    assert {name: split[name] for name in (*settings, "category_id")} == {**settings, "category_id": ""}


def test_each_column_of_a_block_gets_the_category_that_is_chosen_for_it(visitor):
    both = {"column-3": "on", "column-4": "on", "category-3": "music", "category-4": "food"}
    visitor.decide("Q3_1", "correct", accept="yes", **both)
    visitor.get("write")
    visitor.post("write")
    assert [row(visitor.root, name)["category_id"] for name in ("Q3_1", "Q3_2")] == ["music", "food"]


def test_where_columns_differ_they_keep_what_they_have(visitor):
    visitor.decide("Q3_1", "correct", note="of one alone", **{"column-3": "on"})
    page = visitor.get(f"block/{visitor.number('Q3_1')}")
    assert 'id="field-note" name="note" type="text" value="="' in page
    both = {"column-3": "on", "column-4": "on", "note": "=", "referent": "The mayor"}
    visitor.decide("Q3_1", "correct", **both)
    rows = visitor.reviewing.view().pending.survey.rows_of(NEW)
    assert [(one["note"], one["referent"]) for one in rows[3:5]] == [
        ("of one alone", "The mayor"),
        ("", "The mayor"),
    ]


def test_all_sure_takes_what_is_sure_and_unchanged_and_nothing_else(visitor):
    visitor.decide("ID", "leave")
    visitor.get()
    visitor.post("sure")
    assert visitor.states() == {
        "ID": "left",
        "Q1": "undecided",
        "Q2": "undecided",
        "Q3_1": "decided",
        "Q3_2": "decided",
        "AGE": "undecided",
        "TEXT": "undecided",
    }
    visitor.get("sample")
    assert "waits any more" in visitor.post("sure", 422)


def test_what_is_left_open_stays_proposed_and_is_named_in_the_last_step(visitor):
    visitor.decide("Q3_1", "accept")
    visitor.decide("AGE", "accept")
    visitor.decide("Q3_1", "leave")
    text = visitor.get("write")
    assert "reasons (Q3_1, Q3_2)</a>, left open" in text
    visitor.post("write")
    assert [row(visitor.root, name)["review"] for name in ("Q3_1", "AGE")] == ["proposed", "reviewed"]


def test_the_next_block_is_that_of_the_order_that_the_person_saw(visitor):
    """Though what was decided goes to another group."""
    assert visitor.decide("Q1", "ignore", note="of no interest") == f"block/{visitor.number('Q2')}"
    assert visitor.group("ignored") == {"Q1", "TEXT"}
    assert visitor.decide("Q2", "leave") == f"block/{visitor.number('AGE')}"
    assert visitor.decide("TEXT", "accept") == f"block/{visitor.number('AGE')}"
    visitor.decide("AGE", "accept")
    visitor.decide("ID", "accept")
    assert visitor.decide("Q3_1", "accept") == "sample"


def test_a_step_is_taken_back(visitor):
    visitor.decide("ID", "accept")
    visitor.decide("AGE", "accept")
    visitor.get("write")
    visitor.post("back/0")
    assert [step.variables for step in visitor.reviewing.view().pending.steps] == [("AGE",)]
    assert visitor.states()["ID"] == "undecided" and visitor.states()["AGE"] == "decided"


def test_a_step_that_a_later_one_needs_is_not_taken_back_alone(visitor):
    settings = {"question_id": "cars", "code_list": "mood__1to3_dk9"}
    visitor.decide("Q2", "correct", **{"column-2": "on"}, **settings)
    visitor.decide("Q2", "accept")
    visitor.get("write")
    assert "take that one back first" in visitor.post("back/0", 422)
    assert len(visitor.reviewing.view().pending.steps) == 2


def test_of_two_tabs_the_second_is_told_to_reload(visitor):
    number = visitor.number("AGE")
    visitor.get(f"block/{number}")
    second = visitor.seen
    visitor.post(f"block/{number}/accept")
    before = files(visitor.root)
    visitor.seen = second
    answer = visitor.post(f"block/{number}/ignore", 409, note="typed with care")
    assert "Changed meanwhile" in answer and "reload" in answer and "typed with care" in answer
    assert files(visitor.root) == before
    for path in ("write", "sure", "sample", "back/0", "discard", f"block/{number}/leave"):
        assert "Changed meanwhile" in visitor.post(path, 409, mode="web")
    assert files(visitor.root) == before
    visitor.seen = ""
    visitor.post("write", 409)


@pytest.mark.parametrize("what", ["a seed", "the file"])
def test_what_changed_meanwhile_is_not_merged(visitor, what):
    visitor.decide("AGE", "accept")
    visitor.get("write")
    if what == "a seed":
        done = CliRunner().invoke(main, ["review", "--accept-column", "ID", "--project", str(visitor.root)])
        assert done.exit_code == 0, done.output
    else:
        (visitor.root / "data/raw/2023/KOR.csv").write_text("ID,Q1\n1,1\n")
    before = files(visitor.root)
    assert "Changed meanwhile" in visitor.post("write", 409)
    text = visitor.get()
    assert "They are not applied" in text and "accept age_group (AGE)" in text
    # Not even a form that was made since does anything but discard.
    visitor.post("write", 409)
    visitor.post("sure", 409)
    assert files(visitor.root) == before
    visitor.post("discard")
    visitor.decide("AGE", "accept")
    visitor.get("write")
    visitor.post("write")
    assert row(visitor.root, "AGE")["review"] == "reviewed"
    assert row(visitor.root, "ID")["review"] == ("reviewed" if what == "a seed" else "proposed")


def test_the_last_step_has_the_shares_before_and_after(visitor):
    def text() -> str:
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", visitor.get("write"))).split())

    before = text()
    # The list of Q1 has no code for one of the answers of the last wave.
    assert (
        "mood About mood. Not compared: the answers offered: not as in KOR-2022 Good 55.6 not compared"
        in before
    )
    assert "reasons About reasons Food 50.0 (2022) 50.0 within the band" in before
    visitor.decide("Q3_1", "correct", comparability="options", **{"column-3": "on", "column-4": "on"})
    assert (
        "reasons About reasons. Not compared: comparability: not as in KOR-2022 Food 50.0 not compared"
        in text()
    )
    visitor.decide("Q2", "correct", question_id="cars", code_list="mood__1to3_dk9", **{"column-2": "on"})
    assert "cars About cars. Not compared: never asked in this series before Good" in text()


def test_what_is_decided_outlives_the_page(visitor):
    visitor.decide("AGE", "accept")
    visitor.decide("ID", "leave")
    again = Visitor(visitor.root)
    assert again.states() == visitor.states() and again.states()["AGE"] == "decided"
    again.get("write")
    again.post("write")
    assert row(visitor.root, "AGE")["review"] == "reviewed"
    assert not list((visitor.root / "build/onboarding").glob("*.pending.json"))


def test_a_file_that_is_gone_is_said_with_what_to_do(visitor):
    visitor.get()
    (visitor.root / "data/raw/2023/KOR.csv").unlink()
    text = visitor.get(status=422)
    assert "KOR.csv, is not there; put it back" in text and "Traceback" not in text


def test_damaged_pending_decisions_are_said_with_what_to_do(visitor):
    path = visitor.root / "build/onboarding/KOR-2023.pending.json"
    path.write_text('{"base": "x", "steps": [{"title": "a"}]}', encoding="utf-8")
    text = visitor.get(status=422)
    assert "KOR-2023.pending.json" in text and "remove it" in text
