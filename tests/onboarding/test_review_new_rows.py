"""The review makes what a new column needs: its question, categories and code list, drafted from the file where it can be."""

import pytest
from kjpoll.onboarding.review import decisions
from kjpoll.onboarding.review.decisions import Decision, decide, open_samples
from kjpoll.onboarding.review.last_step import undo
from kjpoll.onboarding.review.review_error import ReviewError

from tests.onboarding import review_project
from tests.onboarding.review_project import NEW, crosswalk, files, sample, variable, write

OLD = ("KOR-2021", "KOR-2022")
WORDS = ("Helps", "Makes no difference", "Don't know")
TRAVEL = {"topic": "travel", "answer_type": "nominal", "label_en": "About travel"}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """The small project with the files of its waves; the third has a column of words that nobody asked before, and of Q2
    nothing is known."""
    root = tmp_path / "project"
    review_project.make(root)
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    header, *lines = review_project.DELIVERED.splitlines()
    for number, sample_id in enumerate((*OLD, NEW)):
        country, wave = sample_id.split("-")
        path = root / "data" / "raw" / wave / f"{country}.csv"
        path.parent.mkdir(parents=True)
        rows = [f"{number}{line}" for line in lines]
        if sample_id == NEW:
            rows = [f"{line},{WORDS[n % 3]},{n % 2 + 4}" for n, line in enumerate(rows)]
        names = header + (",Q7,Q8" if sample_id == NEW else "")
        path.write_text("\n".join([names, *rows]) + "\n", encoding="utf-8")
    rows = [*crosswalk(NEW, review="proposed")]
    rows += [
        variable(NEW, name, layout="single", comparability="", review="proposed") for name in ("Q7", "Q8")
    ]
    rows[2] |= {"question_id": "", "code_list": "", "layout": "", "comparability": ""}
    write(root, "survey/samples", [*(sample(one) for one in OLD), sample(NEW, review="proposed")])
    write(
        root,
        "survey/waves",
        [{"wave": year, "year": year, "label_en": year} for year in ("2021", "2022", "2023")],
    )
    write(root, "crosswalk/variables", [*(row for one in OLD for row in crosswalk(one)), *rows])
    return root


def row(root, name: str) -> dict[str, str]:
    return next(row for row in decisions.Survey(root).rows_of(NEW) if row["variable"] == name)


def faults(root, name: str) -> tuple[str, ...]:
    return next(group.faults for group in open_samples(root)[0].groups if name in group.variables)


def test_the_rest_of_a_row_is_drafted_once_its_question_is_named(root):
    done = decide(root, Decision(corrected_variable="Q2", settings={"question_id": "sex"}))
    assert done == [
        "corrected Q2 of KOR-2023",
        "drafted for Q2: layout single, comparability identical",
        (
            "code list sex__1_2: 1 = male, 2 = female (sex__1_2 gives every code of the file its category; the direction is not "
            "certain: the file labels no code, and the answers fit both directions)"
        ),
    ]
    (group,) = [group for group in open_samples(root)[0].groups if group.question_id == "sex"]
    assert group.faults == () and group.why.startswith(
        "a person named the question; sex__1_2 gives every code"
    )
    decide(root, Decision(questions=["sex"]))
    assert row(root, "Q2")["review"] == "reviewed"


def test_codes_that_nothing_names_stay_open_in_a_new_list(root):
    done = decide(root, Decision(corrected_variable="Q8", settings={"question_id": "cars"}))
    assert done[-2:] == [
        "drafted the code list mood_3__kor_2023: 4 = ?, 5 = ? (no known list has these codes)",
        "open: the codes 4, 5; say what each means with --code mood_3__kor_2023 CODE CATEGORY",
    ]
    with pytest.raises(ReviewError, match="Q8: code 4 of mood_3__kor_2023 has no category"):
        decide(root, Decision(questions=["cars"]))
    decide(root, Decision(codes=[("mood_3__kor_2023", "4", "good"), ("mood_3__kor_2023", "5", "bad")]))
    decide(root, Decision(questions=["cars"]))


def test_what_the_person_sets_beside_the_question_stays(root):
    settings = {
        "question_id": "sex",
        "layout": "single",
        "comparability": "options",
        "code_list": "mood__1to3_dk9",
    }
    decide(root, Decision(corrected_variable="Q2", settings=settings))
    assert settings.items() <= row(root, "Q2").items()


def test_another_question_takes_nothing_over_of_the_first(root):
    decide(root, Decision(corrected_variable="Q1", settings={"referent": "Abe"}))
    decide(root, Decision(corrected_variable="Q1", settings={"question_id": "cars"}))
    assert (row(root, "Q1")["referent"], row(root, "Q1")["layout"]) == ("", "single")


def test_a_new_question_with_the_categories_that_the_words_of_the_file_name(root):
    done = decide(root, Decision(new_question="travel", draft_categories="Q7", settings=TRAVEL), NEW)
    assert done == [
        (
            "drafted the categories of travel from Q7: helps (Helps), makes_no_difference (Makes no difference), "
            "dont_know (Don't know)"
        ),
        "added the question travel to survey/questions.csv",
    ]
    survey = decisions.Survey(root)
    assert [
        (name, of["position"], of["missing_type"], of["label_en"])
        for name, of in survey.own_categories_of("travel").items()
    ] == [
        ("helps", "1", "", "Helps"),
        ("makes_no_difference", "2", "", "Makes no difference"),
        ("dont_know", "", "dont_know", "Don't know"),
    ]
    done = decide(root, Decision(corrected_variable="Q7", settings={"question_id": "travel"}))
    assert done[-1] == (
        "drafted the code list travel__kor_2023: Don't know = dont_know, Helps = helps, "
        "Makes no difference = makes_no_difference (no known list has these codes; the labels name the categories)"
    )
    decide(root, Decision(questions=["travel"]))
    assert row(root, "Q7")["review"] == "reviewed"


def test_a_new_question_is_like_another(root):
    decide(root, Decision(new_question="buses", like="cars", settings={"label_en": "About buses"}))
    survey = decisions.Survey(root)
    wanted = {
        "topic": "feelings",
        "answer_type": "ordinal",
        "category_set": "mood_3",
        "label_en": "About buses",
    }
    assert wanted.items() <= survey.questions["buses"].items()
    # In the order of the seed.
    assert list(survey.questions)[:2] == ["buses", "mood"]


def test_a_category_set_is_made_category_by_category_and_a_code_list_code_by_code(root):
    decide(root, Decision(new_category=("likes", "much"), settings={"label_en": "Much", "position": "1"}))
    decide(root, Decision(new_category=("likes", "little"), settings={"label_en": "Little", "position": "2"}))
    decide(root, Decision(new_question="likes", settings=TRAVEL | {"category_set": "likes"}))
    codes = [("likes__4_5", "4", "much"), ("likes__4_5", "5", "little")]
    assert decide(root, Decision(new_code_list="likes__4_5", codes=codes)) == [
        "added the code list likes__4_5 to crosswalk/code_lists.csv"
    ]
    decide(root, Decision(code_notes=[("likes__4_5", "5", "not in order")]))
    settings = {"question_id": "likes", "code_list": "likes__4_5"}
    decide(root, Decision(corrected_variable="Q8", settings=settings, variables=["Q8"]))
    survey = decisions.Survey(root)
    assert survey.codes_of("likes__4_5") == {"4": "much", "5": "little"}
    (place,) = survey.code_lists.find(code_list="likes__4_5", code="5")
    assert survey.code_lists.rows[place]["note"] == "not in order"


def test_a_category_is_renamed_with_the_codes_that_mean_it(root):
    decide(root, Decision(new_question="travel", draft_categories="Q7", settings=TRAVEL), NEW)
    decide(root, Decision(corrected_variable="Q7", settings={"question_id": "travel"}))
    decide(
        root,
        Decision(category=("travel", "helps"), settings={"category_id": "good", "label_en": "Is of help"}),
    )
    survey = decisions.Survey(root)
    assert survey.codes_of("travel__kor_2023")["Helps"] == "good"
    assert faults(root, "Q7") == ()


@pytest.mark.parametrize(
    ("decision", "error"),
    [
        (
            Decision(new_question="mood", settings=TRAVEL),
            "there is a question mood already; correct it with --question",
        ),
        (
            Decision(new_question="travel"),
            (
                r"nothing was written.*--like QUESTION:\n- topic is empty \(there are feelings\)\n- answer_type is empty; write one "
                r"of ordinal, nominal, multiple, numeric\n- category_set is empty .*--draft-categories COLUMN(.|\n)*- label_en is empty"
            ),
        ),
        (
            Decision(
                new_question="travel", settings=TRAVEL | {"answer_type": "ordered", "category_set": "mood_3"}
            ),
            "answer_type is 'ordered', which is none of ordinal",
        ),
        (
            Decision(new_question="travel", settings=TRAVEL | {"category_set": "travels"}),
            "category_set is 'travels', and no row.*--new-category travels ID",
        ),
        (
            Decision(new_question="travel", settings=TRAVEL | {"category_set": "sex", "value_max": "3"}),
            "value_max is 3, which is a bound of a question that is not numeric",
        ),
        (Decision(new_question="Travel", like="cars", settings=TRAVEL), "not made of a small letter"),
        (Decision(new_question="travel", like="car", settings=TRAVEL), "--like car: .*like it are cars"),
        (
            Decision(new_question="travel", settings={"colour": "red"}),
            "there is no colour to set; there are label_en, topic",
        ),
        (
            Decision(new_question="travel", draft_categories="Q9", settings=TRAVEL),
            "--draft-categories Q9: the file of KOR-2023 has no such column",
        ),
        (
            Decision(new_question="travel", draft_categories="Q8", settings=TRAVEL),
            "neither labels nor words in the column name an answer",
        ),
        (
            Decision(new_question="travel", draft_categories="Q7", settings=TRAVEL | {"category_set": "sex"}),
            "the category set sex is there already",
        ),
        (Decision(like="cars"), "--like is for a new question"),
        (Decision(new_category=("sex", "male"), settings={"label_en": "M"}), "has the category male already"),
        (Decision(new_category=("sex", "other")), "label_en is empty"),
        (
            Decision(new_category=("sex", "other"), settings={"label_en": "O", "position": "last"}),
            "position is 'last', which is no whole number",
        ),
        (
            Decision(new_category=("sex", "other"), settings={"label_en": "O", "net": "good"}),
            "net is 'good', which is none of positive, neither, negative",
        ),
        (
            Decision(new_code_list="sex__1_2", codes=[("sex__1_2", "3", "male")]),
            "a code list sex__1_2 already",
        ),
        (Decision(new_code_list="sex__a"), "say what its codes mean, each with --code sex__a CODE CATEGORY"),
        (
            Decision(new_code_list="sex__a", codes=[("sex__a", "3", "mail")]),
            "category_id is 'mail', and no row of survey/categories.csv has it; like it are male",
        ),
        (Decision(codes=[("sex__1_2", "3", "mail")]), "category_id is 'mail'"),
        (Decision(codes=[("sex__1_2", "2", "")]), "means female in samples that are reviewed"),
        (Decision(code_notes=[("sex__1_2", "3", "x")]), "no code '3' to note"),
        (Decision(question="mod", settings={"topic": "x"}), "no question 'mod'; like it are mood; a new one"),
        (
            Decision(question="mood", settings={"answer_type": "nominal"}),
            r"the question mood is that of accepted rows \(KOR-2021, KOR-2022\), whose numbers answer_type would change",
        ),
        (Decision(category=("sex", "mal"), settings={"label_en": "x"}), "no category of the set sex 'mal'"),
        (Decision(category=("sex", "male"), settings={"net": "positive"}), "that of accepted rows"),
        (Decision(question="mood"), "--question needs --set"),
        (
            Decision(question="mood", corrected_variable="Q1", settings={"topic": "x"}),
            "--set is for one row: give --column and --question one after the other",
        ),
        (
            Decision(corrected_variable="Q1", settings={"comparability": ""}),
            "comparability is empty, which is no word on how far",
        ),
        (
            Decision(corrected_variable="Q1", settings={"comparability": "same"}),
            "comparability is 'same', which is none of identical, wording",
        ),
        (Decision(settings={"design_effect": "9"}), "design_effect is 9, which is not between 1 and 5"),
        (Decision(settings={"n_expected": "many"}), "n_expected is 'many', which is no whole number"),
    ],
)
def test_what_cannot_be_made_is_named_and_nothing_is_written(root, decision, error):
    before = files(root)
    with pytest.raises(ReviewError, match=error):
        decide(root, decision, NEW)
    assert files(root) == before


def test_labels_of_a_question_that_is_asked_can_be_corrected(root):
    decide(root, Decision(question="mood", settings={"label_en": "The mood"}))
    decide(root, Decision(category=("sex", "male"), settings={"label_en": "Men"}))
    survey = decisions.Survey(root)
    assert survey.questions["mood"]["label_en"] == "The mood"
    assert survey.own_categories_of("sex")["male"]["label_en"] == "Men"


def test_a_row_that_a_build_could_not_use_is_not_accepted(root):
    survey = decisions.Survey(root)
    (place,) = survey.variables.find(sample_id=NEW, variable="Q1")
    survey.variables.replace(place, {**survey.variables.rows[place], "comparability": ""})
    survey.variables.path.write_bytes(survey.variables.content())
    with pytest.raises(ReviewError, match="Q1: comparability is empty"):
        decide(root, Decision(questions=["mood"]))
    decide(root, Decision(corrected_variable="Q1", settings={"comparability": "identical"}))
    with pytest.raises(
        ReviewError,
        match=r"Q3_1: its referent is empty, that of Q3_2 is Abe; the columns of a question agree",
    ):
        decide(
            root,
            Decision(corrected_variable="Q3_2", settings={"referent": "Abe"}, questions=["reasons", "mood"]),
        )
    with pytest.raises(ReviewError, match="the column Q1 answers mood too, which has one answer"):
        decide(root, Decision(corrected_variable="Q8", settings={"question_id": "mood"}, variables=["Q8"]))
    with pytest.raises(
        ReviewError, match="its role is weight, but the weight_variable in survey/samples.csv is empty"
    ):
        decide(root, Decision(corrected_variable="Q8", settings={"role": "weight"}, variables=["Q8"]))


def test_an_accepted_row_is_opened_again_before_it_is_corrected(root):
    decide(root, Decision(questions=["mood"], accept_sample=True))
    for decision, option in (
        (Decision(corrected_variable="Q1", settings={"referent": "Abe"}), "--reopen-column Q1"),
        (Decision(settings={"mode": "online"}), "--reopen-sample"),
    ):
        with pytest.raises(ReviewError, match=f"accepted; open it again first with --sample {NEW} {option}"):
            decide(root, decision)
    with pytest.raises(ReviewError, match="name the sample with --sample"):
        decide(root, Decision(reopened_questions=["mood"]))
    done = decide(
        root, Decision(reopened_variables=["Q1"], corrected_variable="Q1", settings={"referent": "Abe"}), NEW
    )
    assert done[0] == (
        "opened 1 column(s) of KOR-2023 again; no build releases anything until that is accepted again"
    )
    assert (row(root, "Q1")["review"], row(root, "Q1")["referent"]) == ("proposed", "Abe")
    decide(root, Decision(reopen_sample=True, settings={"mode": "online"}), NEW)
    assert decisions.Survey(root).sample(NEW)["mode"] == "online"
    with pytest.raises(ReviewError, match="is open already"):
        decide(root, Decision(reopen_sample=True), NEW)
    with pytest.raises(ReviewError, match="no accepted row of the question 'moood'"):
        decide(root, Decision(reopened_questions=["moood"]), NEW)


def test_a_released_sample_is_opened_again_like_any_other(root):
    decide(root, Decision(reopened_questions=["reasons"]), "KOR-2021")
    assert [group.question_id for one in open_samples(root, "KOR-2021") for group in one.groups] == [
        "reasons"
    ]


def test_the_last_step_is_undone_and_done_again(root):
    before = files(root)
    decide(root, Decision(new_question="travel", draft_categories="Q7", settings=TRAVEL), NEW)
    after = files(root)
    (said,) = undo(root)
    assert said.startswith("undid: the review of KOR-2023 (dbt_project/seeds/survey/categories.csv, ")
    kept = "build/onboarding/last_step.zip"
    assert {name: content for name, content in files(root).items() if name != kept} == before
    assert undo(root)[0].startswith("did again: the review of KOR-2023")
    assert {name: content for name, content in files(root).items() if name != kept} == {
        name: content for name, content in after.items() if name != kept
    }


def test_nothing_is_undone_over_what_a_person_wrote_since(root):
    with pytest.raises(ReviewError, match="no step of add-wave or review to undo"):
        undo(root)
    decide(root, Decision(questions=["mood"]))
    seed = root / "dbt_project" / "seeds" / "crosswalk" / "variables.csv"
    seed.write_bytes(seed.read_bytes() + b"\n")
    before = files(root)
    with pytest.raises(
        ReviewError, match=r"variables.csv was changed after the review of KOR-2023.*nothing was written"
    ):
        undo(root)
    assert files(root) == before
