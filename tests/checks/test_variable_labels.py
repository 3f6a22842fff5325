"""A label names what the seeds and most files call so; another is compared by its letters, and accuses nobody lightly."""

import pandas as pd
import pytest
from kjpoll.checks.variable_labels import contradicting_labels

QUESTIONS = pd.DataFrame(
    [
        ("sex", "Sex", "성별", "性別", "nominal", "sex"),
        ("economy", "Economic relations of the two", "한일 경제 관계의 성격", "日韓経済関係の性格", "nominal", "economy"),
        ("leader", "Impression of the leader", "상대국 정상에 대한 인상", "相手国首脳に対する印象", "ordinal", "good_bad"),
        ("country", "Impression of the country", "상대국에 대한 인상", "相手国に対する印象", "ordinal", "good_bad"),
        ("reasons", "Reasons", "인상의 이유", "印象の理由", "multiple", "reasons"),
    ],
    columns=["question_id", "label_en", "label_ko", "label_ja", "answer_type", "category_set"],
)  # fmt: skip
CATEGORIES = pd.DataFrame(
    [("reasons", "food", "Food", "음식", "食べ物"), ("reasons", "music", "Music", "음악", "音楽"), ("sex", "male", "Male", "남", "男")],
    columns=["category_set", "category_id", "label_en", "label_ko", "label_ja"],
)  # fmt: skip


def found(*columns: tuple[str, str, str, str | None, str | None, str | None]) -> list[tuple]:
    """(sample, variable, what its label names) of columns (sample, variable, role, question, choice, label)."""
    frame = pd.DataFrame(
        columns,
        columns=["sample_id", "variable", "role", "question_id", "indicator_category_id", "label"],
    )
    return [
        (row.sample_id, row.variable, "/".join(filter(None, [row.named_role, row.named_question_id, row.named_category_id])))
        for row in contradicting_labels(frame, QUESTIONS, CATEGORIES).itertuples()
    ]  # fmt: skip


def answer(label: str, question_id: str, category_id: str | None = None, sample_id: str = "A") -> tuple:
    return sample_id, "v", "answer", question_id, category_id, label


@pytest.mark.parametrize(
    ("column", "named"),
    [
        (answer("Q7. 性別", "economy"), "answer/sex"),
        (answer("SEX", "leader"), "answer/sex"),
        (answer("Q2. 상대국에 대한 인상", "leader"), "answer/country"),
        (answer("Q4. 인상의 이유 / 음식", "reasons", "music"), "answer/reasons/food"),
        (answer("음식", "reasons", "music"), "answer/reasons/food"),
        (answer("印象の理由 / 音楽", "sex"), "answer/reasons/music"),
        (answer("Q9. 日韓の経済関係の性格 (SA)", "sex"), "answer/economy"),
        (("A", "v", "id", None, None, "性別"), "answer/sex"),
    ],
)
def test_a_label_names_something_else(column, named):
    assert found(column) == [("A", "v", named)]


@pytest.mark.parametrize(
    "column",
    [
        answer("Q7. Sex", "sex"),
        answer("Q4. 인상의 이유 / 음식", "reasons", "food"),
        # The question alone, or a delimited list whose label goes on with a choice.
        answer("Q4. 인상의 이유", "reasons", "food"),
        answer("Q4. 인상의 이유 / 음식", "reasons"),
        # What no name is like, and what is like the names of two questions.
        answer("귀하의 생각은 어떻습니까", "economy"),
        answer("Q2. 상대국 정상에대한 현재의 인상", "country"),
        answer("", "sex"),
        ("A", "v", "ignored", None, None, "性別"),
    ],
)
def test_a_label_that_may_be_right(column):
    assert found(column) == []


def test_the_name_that_only_files_know_is_that_of_most_of_them():
    columns = [answer("거주 지역", "sex" if sample == "A" else "economy", None, sample) for sample in "ABC"]
    assert found(*columns) == [("A", "v", "answer/economy")]
    # Of two files that contradict each other, neither is known to be wrong.
    assert found(*columns[:2]) == []


def test_labels_that_only_count_say_nothing():
    """Three files count their columns: "Question 1" is another question in each, and contradicts none."""
    order = {"A": ("sex", "economy"), "B": ("economy", "leader"), "C": ("economy", "sex")}
    counted = [
        (sample, f"V{number}", "answer", question, None, label.format(number))
        for label in ("Question {}", "label of V{}")
        for sample, questions in order.items()
        for number, question in enumerate(questions, 1)
    ]
    assert found(*counted[:6]) == [] and found(*counted[6:]) == []
    # A name with a number before it is a name.
    numbered = answer("1日韓経済関係の性格", "economy"), answer("2日韓経済関係の性格", "sex")
    assert found(*numbered) == [("A", "v", "answer/economy")]


def test_a_choice_after_the_words_of_the_questionnaire():
    asked = "Q5. 그 나라에 좋은 인상을 갖고 계신 이유는 무엇입니까? / "
    columns = [
        ("A", f"Q5_{n}", "answer", "reasons", category, f"{asked}{n}) {word}")
        for n, (category, word) in enumerate((("music", "음식"), ("food", "음악")), start=1)
    ]
    assert found(*columns) == [("A", "Q5_1", "answer/reasons/food"), ("A", "Q5_2", "answer/reasons/music")]
    right = [
        (*column[:4], other[4], column[5]) for column, other in zip(columns, reversed(columns), strict=True)
    ]
    assert found(*right) == []
