"""The codebook: every question with all that the warehouse knows of it, found in three languages."""

import json
import re

import duckdb
import pytest
from kjpoll.report import build_site

from tests.support.page_reader import read_page

HOSTILE = "</script><script>alert('x')</script>\"'&"


@pytest.fixture(scope="module")
def questions(warehouse) -> list[str]:
    return [name for (name,) in warehouse.execute("select question_id from marts.dim_question").fetchall()]


@pytest.fixture(scope="module")
def index(site) -> dict[str, dict]:
    return read_index(site)


def read_index(site) -> dict[str, dict]:
    text = (site / "codebook" / "search-index.js").read_text(encoding="utf-8")
    found = re.fullmatch(r"window\.codebookIndex = (.*);\n", text, re.DOTALL)
    return {entry["id"]: entry for entry in json.loads(found[1])}


def of(pages, question: str):
    return pages[f"codebook/{question}.html"]


def test_every_question_has_its_page_and_its_place_in_lists_grid_and_search(pages, questions, index):
    assert {path for path in pages if path.startswith("codebook/")} == {
        "codebook/index.html",
        *(f"codebook/{question}.html" for question in questions),
    }
    first = pages["codebook/index.html"]
    linked = {element["href"] for element in first.by_id("all").all() if element.tag == "a"}
    assert linked == {f"{question}.html" for question in questions}
    assert {row["data-question"] for row in first.rows("availability")} == index.keys() == set(questions)


def test_the_grid_says_who_was_asked_in_which_form(pages, warehouse):
    expected = {}
    for question, asked, comparability in warehouse.execute(
        "select question_id, asked, comparability from marts.availability "
        "order by question_id, country desc, wave"
    ).fetchall():
        mark = "" if not asked else "●" if comparability == "identical" else comparability[0].upper()
        expected.setdefault(question, []).append(mark)
    shown = {
        row["data-question"]: [cell.text for cell in row.cells[1:]]
        for row in pages["codebook/index.html"].rows("availability")
    }
    assert shown == expected
    assert {mark for marks in expected.values() for mark in marks} > {"", "●", "W"}


def test_labels_and_categories_are_there_in_three_languages(pages, warehouse, questions):
    for question in questions:
        page = of(pages, question)
        labels = warehouse.execute(
            "select label_en, label_ko, label_ja from marts.dim_question where question_id = ?", [question]
        ).fetchone()
        languages = {text: language for language, text in page.texts}
        assert [languages[label] for label in labels] == ["en", "ko", "ja"]
        expected = warehouse.execute(
            "select category_id, coalesce(position::varchar, ''), label_en, label_ko, label_ja, "
            "coalesce(net, ''), coalesce(replace(missing_type, '_', ' '), '') from marts.dim_category where question_id = ?",
            [question],
        ).fetchall()
        shown = [
            (row["data-category"], *(cell.text for cell in row.cells[:6])) for row in page.rows("category")
        ]
        assert {
            tuple(cell.attributes.get("lang") for cell in row.cells[2:4]) for row in page.rows("category")
        } == {("ko", "ja")}
        assert sorted(shown) == sorted(expected)


def test_the_samples_have_number_code_lists_bases_and_the_reason_of_a_difference(pages, warehouse, questions):
    rows = warehouse.execute("""
        select question_id, sample_id, coalesce(question_number, ''), n_asked, n_answered, comparability,
            referent,
            (select string_agg(distinct code_list, ', ' order by code_list) from seeds.variables
             where (sample_id, question_id) = (availability.sample_id, availability.question_id)
            ) as code_list,
            (select list(note) from seeds.variables
             where (sample_id, question_id) = (availability.sample_id, availability.question_id)) as notes
        from marts.availability where asked""").fetchall()
    shown = {
        (question, row["data-sample"]): [cell.text for cell in row.cells]
        for question in questions
        for row in of(pages, question).rows("sample")
    }
    assert shown.keys() == {row[:2] for row in rows}
    for question, sample, number, asked, answered, comparability, referent, code_list, notes in rows:
        cells = shown[question, sample]
        assert cells[1:6] == [number, code_list or "", f"{asked:,}", f"{answered:,}", comparability]
        assert referent is None or referent in cells
        assert cells[-1] == "; ".join(said_of_all(notes))


def said_of_all(notes: list[str | None]) -> list[str]:
    """The phrases that every note has, in the order of the first."""
    phrases = [(note or "").split("; ") for note in notes]
    return [phrase for phrase in phrases[0] if all(phrase in others for others in phrases)]


def test_what_is_noted_of_some_columns_stands_beside_them(pages, warehouse, questions):
    rows = warehouse.execute(
        "select question_id, any_value(file), list(variable), list(variables.note) from seeds.variables "
        "inner join marts.dim_sample using (sample_id) where question_id is not null group by question_id, sample_id"
    ).fetchall()
    expected = sorted(
        (question, file, variable, phrase)
        for question, file, variables, notes in rows
        for variable, note in zip(variables, notes, strict=True)
        for phrase in (note.split("; ") if note else [])
        if phrase not in said_of_all(notes)
    )
    shown = []
    for question in questions:
        for row in of(pages, question).rows("source"):
            file, column, _ = row.cells
            variable = next(child for child in column.children if isinstance(child, str))
            for child in column.children:
                if not isinstance(child, str) and child.attributes.get("class") == "note":
                    shown += [(question, file.text, variable, phrase) for phrase in child.text.split("; ")]
    assert sorted(shown) == expected and len(expected) > 40


def test_the_frequencies_are_those_of_the_topline(pages, warehouse, questions):
    expected = warehouse.execute(
        "select question_id, country, wave, category_id, format('{:,}', n), format('{:.1f}', round(pct, 1)), basis = 'assumed' "
        "from analysis.topline"
    ).fetchall()
    shown = []
    for question in questions:
        page = of(pages, question)
        for country in ("KOR", "JPN"):
            name = f"frequency-{country.lower()}"
            if name not in page.ids:
                continue
            waves = [
                int(element.text)
                for element in page.by_id(name).all()
                if element.tag == "th" and element.attributes.get("scope") == "col" and element.text.isdigit()
            ]
            for row in page.rows(name):
                for wave, cell in zip(waves, row.cells[1:], strict=True):
                    if cell.text:
                        n, pct = (child for child in cell.children if isinstance(child, str))
                        assumed = cell.attributes.get("class") == "assumed"
                        shown.append((question, country, wave, row["data-category"], n, pct, assumed))
    assert sorted(shown) == sorted(expected)
    assert {row[-1] for row in shown} == {True, False}


def test_every_column_and_code_is_traced(pages, warehouse, questions):
    """The columns of each question, and in each all records, in spans of ages and codes as above too."""
    expected = warehouse.execute(
        "select question_id, file, variable, sum(n) from quality.provenance where question_id is not null "
        "group by all"
    ).fetchall()
    shown = []
    for question in questions:
        for row in of(pages, question).rows("source"):
            file, column, codes = row.cells
            if codes.text.startswith("as above: "):
                counts = codes.text.removeprefix("as above: ").split("; ")
            else:
                lines = "".join(
                    child if isinstance(child, str) else "\n" if child.tag == "br" else child.text
                    for child in codes.children
                ).split("\n")
                counts = [line.rpartition(", ")[2] for line in lines]
            variable = next(child for child in column.children if isinstance(child, str))
            shown.append(
                (question, file.text, variable, sum(int(count.replace(",", "")) for count in counts))
            )
    assert sorted(shown) == sorted(expected)


def test_a_code_stands_with_the_label_of_its_file_and_its_answer(pages, warehouse):
    found = warehouse.execute(
        "select file, code, raw_label, category_id, n from quality.provenance "
        "where question_id = 'impression_of_counterpart' and raw_label is not null"
    ).fetchall()
    assert found
    texts = {}
    for row in of(pages, "impression_of_counterpart").rows("source"):
        texts[row.cells[0].text] = row.cells[2].text
    for file, code, label, category, n in found:
        assert f"{code} “{label}”: {category}, {n:,}" in texts[file]


def test_the_search_index_has_labels_answers_numbers_and_columns(index, warehouse):
    for question, *labels in warehouse.execute(
        "select question_id, label_en, label_ko, label_ja from marts.dim_question"
    ).fetchall():
        assert index[question]["labels"] == labels
    for question, *labels in warehouse.execute(
        "select question_id, label_en, label_ko, label_ja from marts.dim_category where missing_type is null"
    ).fetchall():
        assert labels in index[question]["categories"]
    for key, column in (("numbers", "question_number"), ("variables", "variable")):
        for question, names in warehouse.execute(
            f"select question_id, list(distinct {column}) from quality.provenance "
            f"where question_id is not null and {column} is not null group by all"
        ).fetchall():
            assert sorted(index[question][key]) == sorted(names)


def test_text_of_the_data_stays_text(built, tmp_path):
    copy = tmp_path / "hostile.duckdb"
    copy.write_bytes(built.release.read_bytes())
    with duckdb.connect(copy) as connection:
        for column in (
            "marts.dim_question.label_en",
            "marts.dim_question.label_ko",
            "marts.dim_category.label_en",
            "marts.dim_category.label_ja",
            "quality.provenance.raw_label",
            "quality.provenance.variable",
            "seeds.variables.note",
            "marts.availability.referent",
            "seeds.regression_alternatives.note",
            "quality.reconciliation_regression.note",
        ):
            table, name = column.rsplit(".", 1)
            connection.execute(f"update {table} set {name} = ? || coalesce({name}, '')", [HOSTILE])
    build_site(copy, tmp_path / "site", modules=("tables_pages", "codebook"))
    for path in (tmp_path / "site").rglob("*.html"):
        page = read_page(path)
        assert page.scripts_of_the_page <= {"application/json", "src"}, path
        assert "<script>alert" not in path.read_text()
    page = read_page(tmp_path / "site" / "codebook" / "impression_of_counterpart.html")
    assert page.text_of("content").startswith(f"\n{HOSTILE}")
    assert HOSTILE in page.text_of("source") and HOSTILE in page.text_of("category")
    assert HOSTILE in read_page(tmp_path / "site" / "tables" / "table-1.html").text_of("table-1-readings")
    # The index is a script of its own, in which a closing tag means nothing; that it is JSON holds the label.
    assert read_index(tmp_path / "site")["impression_of_counterpart"]["labels"][0].startswith(HOSTILE)
