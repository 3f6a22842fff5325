"""The words of a questionnaire are kept when they are accepted, and name the questions of later waves."""

import csv
from dataclasses import replace

import pytest
from kjpoll.common.label_text import question_words, shared_start
from kjpoll.onboarding.profile import VariableProfile
from kjpoll.onboarding.propose import History
from kjpoll.onboarding.propose.asked import Target
from kjpoll.onboarding.propose.blocks import Block
from kjpoll.onboarding.propose.label_language import LabelLanguages
from kjpoll.onboarding.propose.match_evidence import Evidence
from kjpoll.onboarding.review import decisions
from kjpoll.onboarding.review.decisions import Decision, decide
from kjpoll.onboarding.review.last_step import undo

from tests.onboarding import review_project, small_history
from tests.onboarding.review_project import NEW, crosswalk, files, sample, write

MOOD = "Q1. How would you say that things stand with you?"
MOOD_KO = "문1. 요즘 기분이 어떠십니까"
REASONS = "Q3. Which of these do you enjoy? / "
LANGUAGES = [
    {"language": "en", "language_order": "1", "name": "English"},
    {"language": "ko", "language_order": "2", "name": "Korean"},
]


def with_labels(**labels: str | None):
    plain = review_project.profile()
    columns = [replace(one, label=labels.get(one.name)) for one in plain.variables]
    return replace(plain, variables=tuple(columns))


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Gives the small project with a third wave that is proposed, whose file has these labels."""
    root = tmp_path / "project"
    review_project.make(root)
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    (root / "data" / "raw" / "2023").mkdir(parents=True)
    (root / "data" / "raw" / "2023" / "KOR.csv").write_text(review_project.DELIVERED, encoding="utf-8")
    old = ("JPN-2022", "KOR-2021", "KOR-2022")
    write(root, "survey/samples", [*(sample(one) for one in old), sample(NEW, review="proposed")])
    waves = ("2021", "2022", "2023")
    write(root, "survey/waves", [{"wave": year, "year": year, "label_en": year} for year in waves])
    rows = [*(row for one in old for row in crosswalk(one)), *crosswalk(NEW, review="proposed")]
    write(root, "crosswalk/variables", rows)
    write(root, "report/languages", LANGUAGES)
    path = root / "dbt_project" / "seeds" / "survey" / "categories.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        categories = [{**row, "label_ko": ""} for row in csv.DictReader(stream)]
    categories[0]["label_ko"] = "요즘 기분이 아주 좋다"
    write(root, "survey/categories", categories)

    def make(**labels):
        monkeypatch.setattr(decisions, "profile_file", lambda path, row: with_labels(**labels))
        return root

    return make


def wordings(root) -> list[tuple[str, ...]]:
    path = root / "dbt_project" / "seeds" / "survey" / "wordings.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream)][1:]


def test_the_words_of_what_is_accepted_are_kept_with_language_and_source(project):
    root = project(Q1=MOOD_KO, Q3_1=f"{REASONS}Food", Q3_2=f"{REASONS}Music")
    before = files(root)
    decide(root, Decision(questions=["reasons", "sex"]))
    reasons = (NEW, "reasons", "en", "Which of these do you enjoy?", "label")
    # The file says nothing of sex.
    assert wordings(root) == [reasons]
    decide(root, Decision(questions=["mood"]))
    assert wordings(root) == [(NEW, "mood", "ko", "요즘 기분이 어떠십니까", "label"), reasons]
    undo(root)
    assert wordings(root) == [reasons]
    assert {name for name, content in files(root).items() if content != before.get(name)} == {
        "build/onboarding/last_step.zip",
        "dbt_project/seeds/crosswalk/variables.csv",
        "dbt_project/seeds/survey/wordings.csv",
    }


def test_words_in_the_header_are_kept_as_of_the_header(project, monkeypatch):
    root = project()
    file = with_labels()
    columns = [replace(one, name=MOOD) if one.name == "Q1" else one for one in file.variables]
    monkeypatch.setattr(decisions, "profile_file", lambda path, row: replace(file, variables=tuple(columns)))
    path = root / "dbt_project" / "seeds" / "crosswalk" / "variables.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"{NEW},Q1,", f"{NEW},{MOOD},"), encoding="utf-8"
    )
    decide(root, Decision(questions=["mood"]))
    assert wordings(root) == [(NEW, "mood", "en", "How would you say that things stand with you?", "header")]


def test_words_are_written_once_and_follow_the_question_of_the_column(project):
    root = project(Q1=MOOD)
    words = "How would you say that things stand with you?"
    decide(root, Decision(questions=["mood"]))
    decide(root, Decision(reopened_questions=["mood"], variables=["Q1"]), NEW)
    assert wordings(root) == [(NEW, "mood", "en", words, "label")]
    settings = {"question_id": "cars", "code_list": "mood__1to3_dk9", "comparability": "identical"}
    decide(root, Decision(reopened_variables=["Q1"], corrected_variable="Q1", settings=settings), NEW)
    assert wordings(root) == []
    decide(root, Decision(variables=["Q1"]), NEW)
    assert wordings(root) == [(NEW, "cars", "en", words, "label")]


def test_what_a_person_wrote_from_the_questionnaire_stays(project):
    root = project(Q1=MOOD)
    mine = {"sample_id": NEW, "question_id": "mood", "language": "en", "wording": "And how are you?", "source": "quest.pdf"}  # fmt: skip
    write(root, "survey/wordings", [mine])
    decide(root, Decision(questions=["mood"]))
    assert wordings(root) == [tuple(mine.values())]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Q1. Relations now", "Relations now"),
        ("問１．　今の関係", "今の関係"),
        ("Q3_", ""),
        ("Q12", ""),
        ("Relations / ", "Relations"),
        ("３つの国", "３つの国"),
        ("", ""),
    ],
)
def test_the_words_of_a_label(label, words):
    assert question_words(label) == words


def test_labels_that_are_equal_are_shared_whole():
    assert shared_start(["Threats to us", "Threats to us"]) == "Threats to us"
    assert shared_start(["Threats to us: A", "Threats to us: B"]) == "Threats to us: "


def test_the_language_of_a_text_is_told_by_its_letters():
    languages = LabelLanguages(
        [{"language": one} for one in ("en", "de", "zh-Hant")],
        [{"label_en": "Which of the things that you have", "label_de": "Welche dieser Dinge haben Sie schon",
          "label_zh_hant": "您認為現在的關係"}],
    )  # fmt: skip
    assert languages.language_of("that thing") == "en"
    assert languages.language_of("Haben Sie die Dinge schon") == "de"
    assert languages.language_of("現在的關係") == "zh-Hant"
    assert languages.language_of("Отношения") is None and languages.language_of("12") is None


UNUSUAL = "오늘날 이웃 나라를 떠올리면 어떤 느낌이 드십니까"


def worded(sample_id: str, question_id: str = "impression") -> History:
    """The made-up history, one sample of which worded a question unusually; no file has labels."""
    known = small_history.history()
    profiles = {
        name: replace(file, variables=tuple(replace(one, label=None) for one in file.variables))
        for name, file in known.profiles.items()
    }
    row = {"sample_id": sample_id, "question_id": question_id, "language": "ko", "wording": UNUSUAL, "source": "label"}  # fmt: skip
    return History({**known.seeds, "wordings": [row]}, profiles)


def next_wave() -> list[small_history.Column]:
    """The new file has the impression under another name, among columns that were all renamed."""
    columns = small_history.labelled(small_history.columns_of(2003), "KOR")
    for column in columns[1:]:
        column.name = column.name.replace("Q", "V9")
        if column.row.get("question_id") == "impression":
            column.label = f"V91. {UNUSUAL}"
            column.value_labels = {
                str(code): korean for code, _, korean, _ in small_history.GOOD_BAD.values()
            }
    return columns


def is_named(history: History) -> bool:
    block = Block((VariableProfile("V91", 2, UNUSUAL, {}, {"1": 1}),), "single")
    return Evidence(history, 2004, "KOR").is_named(block, Target("answer", "impression"))


def proposal(history: History):
    found = small_history.proposed(next_wave(), history)
    return next(one for one in found.proposals if one.row["variable"] == "V91")


def test_the_next_wave_is_recognised_by_the_same_words():
    history = worded("JPN-2003")
    assert is_named(history)
    found = proposal(history)
    assert found.row["question_id"] == "impression" and found.score > 0.95


def test_words_of_hidden_samples_and_of_what_is_open_say_nothing():
    hidden = worded("JPN-2003").without(["JPN-2003"])
    assert not is_named(hidden) and proposal(hidden).score < 0.95
    history = worded("JPN-2003")
    for row in history.seeds["variables"]:
        if row["sample_id"] == "JPN-2003":
            row["review"] = "proposed"
    assert not is_named(history)
