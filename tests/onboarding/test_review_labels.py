"""What the labels of a file say against a row keeps it from being accepted, one by one or with --all."""

from dataclasses import replace

import pytest
from kjpoll.onboarding.profile import VariableProfile
from kjpoll.onboarding.review import decisions
from kjpoll.onboarding.review.decisions import Decision, decide, open_samples
from kjpoll.onboarding.review.review_error import ReviewError

from tests.onboarding import review_project
from tests.onboarding.review_project import NEW, crosswalk, files, profile, sample, variable, write

ASKED = "Q3. Why do you see them as you do? / "


def labelled(labels: dict[str, str], codes: dict[str, dict[str, str]] | None = None, *more: VariableProfile):
    """The file with these labels of columns and of their codes, and with further columns."""
    plain = profile(**labels)
    columns = tuple(
        replace(column, value_labels=(codes or {}).get(column.name, {})) for column in plain.variables
    )
    return replace(plain, variables=(*columns, *more))


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Gives the small project with a third wave that is proposed, its file as `labelled` has it, and its rows as changed."""
    root = tmp_path / "project"
    review_project.make(root)
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    (root / "data" / "raw" / "2023").mkdir(parents=True)
    (root / "data" / "raw" / "2023" / "KOR.csv").write_text(review_project.DELIVERED, encoding="utf-8")

    def make(file, rows=None, waivers=()):
        monkeypatch.setattr(decisions, "profile_file", lambda path, row: file)
        old = ("JPN-2022", "KOR-2021", "KOR-2022")
        write(root, "survey/samples", [*(sample(one) for one in old), sample(NEW, review="proposed")])
        waves = ("2021", "2022", "2023")
        write(root, "survey/waves", [{"wave": year, "year": year, "label_en": year} for year in waves])
        new = rows or crosswalk(NEW, review="proposed")
        write(root, "crosswalk/variables", [*(row for one in old for row in crosswalk(one)), *new])
        if waivers:
            write(root, "crosswalk/waivers", list(waivers))
        return root

    return make


def refused(root, decision: Decision) -> str:
    before = files(root)
    with pytest.raises(ReviewError) as error:
        decide(root, decision)
    assert files(root) == before
    return str(error.value)


def with_cars() -> list[dict[str, str]]:
    """The rows of a questionnaire that asks of the mood, then of cars, on the same scale."""
    rows = crosswalk(NEW, review="proposed")
    return [
        *rows,
        variable(NEW, "Q9", question_id="cars", code_list="mood__1to3_dk9", review="proposed"),
    ]


def test_two_questions_that_changed_places_are_not_accepted_with_all(project):
    """Labels and answers of both stand at the other column; the scale is the same, so that every code means something."""
    moved = VariableProfile("Q9", 6, "Q9. About mood", {}, {"1": 400, "3": 500, "9": 100})
    root = project(labelled({"Q1": "Q1. About cars"}, None, moved), with_cars())
    said = refused(root, Decision(accept_all=True))
    assert "Q1: the file labels it 'Q1. About cars', which names cars" in said
    assert "Q9: the file labels it 'Q9. About mood', which names mood" in said
    assert "KOR-2023 is still open; nothing was written" in said
    assert "which names cars" in refused(root, Decision(questions=["mood"]))
    # Each with its own question they go through.
    for name, question_id in (("Q1", "cars"), ("Q9", "mood")):
        settings = {"question_id": question_id, "code_list": "mood__1to3_dk9"}
        decide(root, Decision(corrected_variable=name, settings=settings))
    decide(root, Decision(questions=["cars", "mood"]))


def test_two_questions_that_were_left_open_are_not_accepted_with_all(project):
    rows = with_cars()
    for row in rows:
        if row["question_id"] in ("cars", "mood"):
            row.update(question_id="", code_list="")
    moved = VariableProfile("Q9", 6, "Q9. About mood", {}, {"1": 400, "3": 500, "9": 100})
    root = project(labelled({"Q1": "Q1. About cars"}, None, moved), rows)
    said = refused(root, Decision(accept_all=True))
    assert "Q1: it has no question" in said and "Q9: it has no question" in said
    assert [group.variables for group in open_samples(root)[0].groups if group.faults] == [("Q1",), ("Q9",)]


@pytest.mark.parametrize("asked", [ASKED, "", "Q3. About reasons: "])
def test_options_in_another_order_than_their_labels_are_not_accepted(project, asked):
    root = project(labelled({"Q3_1": f"{asked}Music", "Q3_2": f"{asked}Food"}))
    said = refused(root, Decision(accept_all=True))
    assert f"Q3_1: the file labels it '{asked}Music', which names reasons, music" in said
    assert f"Q3_2: the file labels it '{asked}Food', which names reasons, food" in said
    assert "Q3_1" in refused(root, Decision(questions=["reasons"]))


def test_options_in_the_order_of_their_labels_are_accepted(project):
    root = project(labelled({"Q3_1": f"{ASKED}Food", "Q3_2": f"{ASKED}Music"}))
    decide(root, Decision(questions=["reasons"]))


def test_the_label_of_the_chosen_code_names_the_option(project):
    codes = {"Q3_1": {"1": "Music", "0": "not chosen"}, "Q3_2": {"1": "Food", "0": "not chosen"}}
    said = refused(project(labelled({}, codes)), Decision(questions=["reasons"]))
    assert "Q3_1: the file labels code 1 'Music', which names music, but ticks calls it chosen" in said
    right = {"Q3_1": {"1": "Food", "0": "not chosen"}, "Q3_2": {"1": "Music", "0": "not chosen"}}
    decide(project(labelled({}, right)), Decision(questions=["reasons"]))


def test_codes_in_the_old_order_are_not_accepted(project):
    """The list runs as in the last wave, and the file labels its codes the other way round."""
    root = project(labelled({}, {"Q1": {"1": "Bad", "3": "Good", "9": "Dont_Know"}}))
    said = refused(root, Decision(accept_all=True))
    assert "Q1: the file labels code 1 'Bad', which names bad, but mood__1to3_dk9 calls it good" in said
    assert "Q1: the file labels code 3 'Good', which names good" in said and "code 9" not in said


def test_delimited_options_in_the_old_order_are_not_accepted(project):
    many = VariableProfile(
        "Q5", 6, "Q5. Which", {"1": "Music", "2": "Food"}, {"1": 300, "1,2": 200, "2": 500}
    )
    row = variable(NEW, "Q5", question_id="reasons", layout="delimited", delimiter=",", code_list="options",
                   review="proposed")  # fmt: skip
    rows = [one for one in crosswalk(NEW, review="proposed") if one["question_id"] != "reasons"]
    root = project(labelled({}, None, many), [*rows, row])
    decide(
        root, Decision(new_code_list="options", codes=[("options", "1", "food"), ("options", "2", "music")])
    )
    said = refused(root, Decision(variables=["Q5"]))
    assert "Q5: the file labels code 1 'Music', which names music, but options calls it food" in said
    decide(root, Decision(codes=[("options", "1", "music"), ("options", "2", "food")], variables=["Q5"]))


def test_a_waiver_lets_a_wrong_label_pass_as_at_the_gate(project):
    waiver = {"rule": "contradicting_label", "sample_id": NEW, "question_id": "", "variable": "Q1", "code": "",
              "n_max": "1000", "reason": "misprint", "expires": "2999-01-01"}  # fmt: skip
    file = labelled({}, {"Q1": {"1": "Bad"}})
    assert "Q1" in refused(
        project(file, waivers=[waiver | {"expires": "2020-01-01"}]), Decision(questions=["mood"])
    )
    assert "Q1" in refused(
        project(file, waivers=[waiver | {"sample_id": "KOR-2022"}]), Decision(questions=["mood"])
    )
    assert "Q1" in refused(project(file, waivers=[waiver | {"code": "3"}]), Decision(questions=["mood"]))
    decide(project(file, waivers=[waiver]), Decision(questions=["mood"]))
