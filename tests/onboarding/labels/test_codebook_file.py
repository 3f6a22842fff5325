"""Labels are read from what agencies send beside a wave file, whatever its form."""

import docx
import openpyxl
import pytest
from kjpoll.onboarding.detect import DetectionError
from kjpoll.onboarding.label_entry import ColumnLabels
from kjpoll.onboarding.labels.codebook_file import codebook_labels
from kjpoll.onboarding.labels.label_table import listed_codes
from kjpoll.onboarding.profile import FileProfile, VariableProfile
from kjpoll.onboarding.review.review_error import ReviewError

N = 100
SAMPLE = {"id_variable": "ID", "weight_variable": ""}
MOOD = ColumnLabels("How are you?", {"1": "Good", "2": "Bad", "9": "Don't know"})
SEX = ColumnLabels("Sex", {"1": "Male", "2": "Female"})
COUNTS = {
    "ID": {str(n): 1 for n in range(N)},
    "Q1": {"1": 50, "2": 40, "9": 10},
    "Q2": {"1": 49, "2": 51},
    "Q3_1": {"0": 60, "1": 40},
    "Q3_2": {"0": 30, "1": 70},
    "Q4": {"01": 50, "02": 50},
}


def with_columns(**counts: dict[str, int]) -> FileProfile:
    return FileProfile(
        N, tuple(VariableProfile(name, i, None, {}, of) for i, (name, of) in enumerate(counts.items(), 1))
    )


def profile(**names: str) -> FileProfile:
    columns = [(names.get(name, name), counts) for name, counts in COUNTS.items()]
    return FileProfile(
        N, tuple(VariableProfile(name, i, None, {}, of) for i, (name, of) in enumerate(columns))
    )


@pytest.fixture
def read(tmp_path):
    """Gives the labels in a file of this name and content, of the columns of the wave file."""

    def labels(content: str | bytes, name: str = "codes.csv", **names: str):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return codebook_labels(path, profile(**names), SAMPLE)

    return labels


ROWS = [
    ["Q1", "", "How are you?"],
    ["Q1", "1", "Good"],
    ["Q1", "2", "Bad"],
    ["Q1", "9", "Don't know"],
    ["Q2", "", "Sex"],
    ["Q2", "1", "Male"],
    ["Q2", "2", "Female"],
]


def in_order(rows: list[list[str]], *places: int, sign: str = ",") -> str:
    return "".join(sign.join(row[place] for place in places) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (in_order([["변수", "코드", "라벨"], *ROWS], 0, 1, 2), "utf-8"),
        (in_order([["変数名", "値", "ラベル"], *ROWS], 2, 0, 1, sign="\t"), "cp932"),
        (in_order(ROWS, 1, 2, 0, sign=";"), "utf-8-sig"),
        # The name once for its rows, and the number of the row before all.
        (in_order([[str(n), row[0] if not row[1] else "", *row[1:]] for n, row in enumerate(ROWS, 1)], 0, 1, 2, 3), "utf-8"),
        # The words of the question in each row of its codes.
        (in_order([[row[0], MOOD.label if row[0] == "Q1" else "Sex", *row[1:]] for row in ROWS if row[1]], 0, 1, 2, 3), "utf-8"),
        ("name,question,values\nQ1,How are you?,1=Good; 2=Bad; 9=Don't know\nQ2,Sex,1: Male / 2: Female\n", "utf-8"),
        ('Q1,How are you?,"1. Good\n2. Bad\n9. Don\'t know"\nQ2,Sex,"1=Male, 2=Female"\n', "utf-8"),
    ],
)  # fmt: skip
def test_the_columns_of_a_table_are_recognised_by_what_stands_in_them(read, content, encoding):
    assert read(content.encode(encoding)) == {"Q1": MOOD, "Q2": SEX}


def test_a_workbook_with_a_sheet_for_codes_and_one_for_questions(read, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Codebook of the agency"])
    questions, codes = book.create_sheet("questions"), book.create_sheet("codes")
    for row in ROWS:
        (codes if row[1] else questions).append(
            [int(cell) if cell.isdigit() else cell for cell in row if cell]
        )
    book.save(tmp_path / "book.xlsx")
    assert read((tmp_path / "book.xlsx").read_bytes(), "codes.xlsx") == {"Q1": MOOD, "Q2": SEX}


SYNTAX = """* Labels of the agency: 'VALUE LABELS'.
GET FILE='x.sav'.
variable labels Q1 'How are'
  + ' you?' / q2 "Sex".
VALUE LABELS Q1 1 'Good' 2 "Bad" 9 'Don''t know'
  /Q2
   1 'Male'
   2 'Female'.
EXECUTE.
"""


def test_spss_syntax(read):
    assert read(SYNTAX, "labels.sps") == {"Q1": MOOD, "Q2": SEX}


def test_spss_syntax_with_several_columns_before_a_list(read):
    labels = read(
        "ADD VALUE LABELS Q1 TO Q3_1 Q4 1 'Yes.' 2 'No'.\nVARIABLE LABELS Q4 'Been there'.", "a.sps"
    )
    assert {name: of.codes for name, of in labels.items()} == {
        "Q1": {"1": "Yes.", "2": "No"},
        "Q2": {"1": "Yes.", "2": "No"},
        "Q3_1": {"1": "Yes.", "2": "No"},
        # As the wave file spells its codes.
        "Q4": {"01": "Yes.", "02": "No"},
    }
    assert labels["Q4"].label == "Been there"


QUESTIONNAIRE = """A survey of 2024

Q1. How are you?
    1) Good   2) Bad
    9) Don't know
(Ask all)
Q2. Sex
  ① Male ② Female
Q3. Which of these
do you enjoy?
  1) Food
  2) Music
Q99. What nobody delivered
  1) This
"""
ENJOYED = {
    "Q3_1": ColumnLabels("Which of these do you enjoy? / Food"),
    "Q3_2": ColumnLabels("Which of these do you enjoy? / Music"),
}


@pytest.mark.parametrize(
    "text",
    [
        QUESTIONNAIRE,
        QUESTIONNAIRE.replace("Q", "문"),
        QUESTIONNAIRE.replace("Q", "問"),
        QUESTIONNAIRE.replace("Q1.", "Ｑ１．").replace("1) Good", "1. Good").replace("2) Bad", "2. Bad"),
        QUESTIONNAIRE.replace("Q", ""),
        QUESTIONNAIRE + "Q1. is asked of all\n 1) Nonsense\n",
    ],
)
def test_a_questionnaire_as_text(read, text):
    assert read(text, "questions.txt") == {"Q1": MOOD, "Q2": SEX, **ENJOYED}


def test_a_questionnaire_as_a_document_with_a_table(read, tmp_path):
    document = docx.Document()
    for line in QUESTIONNAIRE.split("Q2.")[0].splitlines():
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=3)
    for row in ROWS[4:]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    boxed = document.add_table(rows=1, cols=1)
    boxed.cell(0, 0).text = "Q3. Which of these do you enjoy?\n1) Food\n2) Music"
    document.save(tmp_path / "quest.docx")
    labels = read((tmp_path / "quest.docx").read_bytes(), "quest.docx")
    assert labels == {"Q1": MOOD, "Q2": SEX, **ENJOYED}


def test_numbers_name_columns_that_hold_the_words_of_the_question(read):
    labels = read("문1,1,좋다\n문1,2,나쁘다\n", Q1="Q1. How are you?")
    assert labels == {"Q1. How are you?": ColumnLabels("", {"1": "좋다", "2": "나쁘다"})}


def test_options_with_labels_of_their_own_stand_below_their_question(read):
    labels = read("Q3,Which do you enjoy?\nQ3_1,Food\nQ3_2,Music\n")
    assert labels["Q3_2"].label == "Which do you enjoy? / Music"


OPTIONS = "Q3. Which?\n1) Food\n2) Music\n3) Films\n"
TICKED, RATED, YES_NO = {"1": 60, "2": 40}, {"1": 50, "2": 30, "3": 20}, {"1": 10, "2": 90}


@pytest.mark.parametrize(
    ("columns", "text", "last"),
    [
        ({"Q3_1": TICKED, "Q3_2": YES_NO, "Q3_3": TICKED}, OPTIONS, ColumnLabels("Which? / Films")),
        ({"Q3_1": {"1": 9, "<blank>": 91}, "Q3_2": {"1": 8, "<blank>": 92}, "Q3_3": {"1": 5, "<blank>": 95}}, OPTIONS,
         ColumnLabels("Which? / Films")),
        # Each item is rated by the codes, or each rank holds an option.
        ({"Q3_1": RATED, "Q3_2": RATED}, OPTIONS, ColumnLabels("Which?", {"1": "Food", "2": "Music", "3": "Films"})),
        ({"Q3_1": TICKED, "Q3_2": YES_NO}, "Q3. Been there?\n1) Yes\n2) No\n", ColumnLabels("Been there?", {"1": "Yes", "2": "No"})),
        # What stands beside a column of the very name is another one.
        ({"q3_1": {"other": 2, "<blank>": 98}, "q3": RATED}, OPTIONS, ColumnLabels("Which?", {"1": "Food", "2": "Music", "3": "Films"})),
    ],
)  # fmt: skip
def test_options_label_columns_that_are_ticked_and_codes_of_others(tmp_path, columns, text, last):
    path = tmp_path / "q.txt"
    path.write_text(text, encoding="utf-8")
    labels = codebook_labels(path, with_columns(ID=COUNTS["ID"], **columns), SAMPLE)
    assert labels.pop(list(columns)[-1]) == last
    assert set(labels) == (set(columns) - {list(columns)[-1]} if "q3" not in columns else set())


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("A1,1,x\nA2,2,y\nA3,1,z\nA4,1,z\n", "a.csv",
         "--labels a.csv labels no column of the wave file: it has A2, A3, A4, the wave file ID, Q1, Q2; name the columns there"),
        ("VALUE LABELS B1 1 'x'.", "a.sps", "labels no column of the wave file: it has B1, the wave file ID"),
        ("VALUE LABELS Q1 1 'Good 2 \"Bad\".\n", "a.sps", "a.sps, line 1: the quotation mark of a label is never closed"),
        ("Q1,1,Good\nQ1,2,Bad\nQ1,01,Well\n", "a.csv", "code 01 of Q1 is 'Good' in row 1 and 'Well' in row 3; correct or remove"),
        ("Q1,How are you?\nQ1,And now?\n", "a.csv", "Q1 is 'How are you[?]' in row 1 and 'And now[?]' in row 2"),
        ("", "a.csv", "a.csv is empty"),
        (b"PK\x03\x04 cut off", "a.docx", "a.docx is damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_a_sentence(read, content, name, said):
    with pytest.raises(ReviewError, match=said):
        read(content, name)


def test_bytes_that_are_no_text_are_refused(read):
    with pytest.raises(DetectionError, match="it holds NUL bytes"):
        read(b"Q1\0\0\0,1,Good\n" * 20)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("1=Good; 2=Bad", {"1": "Good", "2": "Bad"}),
        ("1: 좋다\n2: 나쁘다", {"1": "좋다", "2": "나쁘다"}),
        ("1 = Good, or fair, 2 = Bad", {"1": "Good, or fair", "2": "Bad"}),
        ("-1=none 0=some", {"-1": "none", "0": "some"}),
        ("Asked in 2012: and 2013: too", {}),
        ("1=Good", {}),
    ],
)
def test_a_list_of_codes(cell, codes):
    assert listed_codes(cell) == codes
