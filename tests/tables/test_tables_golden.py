"""Each format of a small table, compared with a file that was read and kept."""

import io
import re

import docx
import pytest
from docx.oxml.ns import qn
from kjpoll.tables.rendered_table import render
from small_warehouse import MODEL


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("table.txt", {"form": "text", "fit_statistics": True}),
        ("table_ja.txt", {"form": "text", "language": "ja"}),
        ("table_ko_favourability.txt", {"form": "text", "language": "ko", "favourability": True}),
        ("favourability.txt", {"form": "text", "favourability": True}),
        ("table.csv", {"form": "csv", "fit_statistics": True}),
        ("table.tex", {"form": "latex"}),
        ("page.tex", {"form": "latex", "page": True}),
        ("table.html", {"form": "html", "fit_statistics": True}),
    ],
)
def test_a_printed_table(warehouse, golden, name, options):
    golden(name, render(warehouse.write(), ["1"], **options).decode())


def test_models_of_two_tables_side_by_side(warehouse, golden):
    golden("chosen.txt", render(warehouse.write(), ["table1_model2,pool*"]).decode())


def test_a_model_with_free_terms_beside_the_one_that_it_comes_from(warehouse, golden):
    """A numeric and a categorical term are free; another could not be."""
    model_id = "table1_model2~partial_odds"
    warehouse.rows["analysis.regression_model"].append(
        MODEL
        | {
            "model_id": model_id,
            "variant": "partial_odds",
            "base_model_id": "table1_model2",
            "basis": "assumed",
            "n_obs": 895,
            "not_freed": "age: the free effects are infinite",
        }
    )
    free = [("attitude", None, None, (-0.5, 0.25)), ("trade", "competitive", "complementary", (0.75, 0.125))]
    coefficients = [
        {
            "term": term,
            "category_id": level,
            "reference_category": reference,
            "cut_point": cut,
            "estimate": value,
        }
        for term, level, reference, estimates in free
        for cut, value in enumerate(estimates, 1)
    ]
    coefficients.append({"term": "age", "estimate": 0.1})
    cuts = [{"kind": "cut_point", "term": f"cut{cut}", "estimate": 1.0 + cut} for cut in (1, 2)]
    warehouse.rows["analysis.regression_term"] += [
        {
            "model_id": model_id,
            "variant": "partial_odds",
            "kind": "coefficient",
            "term_position": place,
            "statistic": row["estimate"] / 0.25,
            "std_error": 0.25,
            "stars": "",
        }
        | row
        for place, row in enumerate([*coefficients, *cuts], 1)
    ]
    path = warehouse.write()
    golden("partial_odds.txt", render(path, ["table1_model2*"]).decode())
    golden("partial_odds_ja.txt", render(path, ["table1_model2*"], language="ja").decode())
    turned = render(path, [model_id], favourability=True).decode()
    golden("partial_odds_favourability.txt", turned)


def test_a_page_needs_nothing_from_elsewhere(warehouse):
    page = render(warehouse.write(), ["1"], form="html").decode()
    assert not re.search(r"https?:|src=|<link|<script|@import|url\(", page)


def test_word(warehouse, golden):
    document = docx.Document(io.BytesIO(render(warehouse.write(), ["1"], form="docx")))
    [table] = document.tables
    [caption, *notes] = document.paragraphs
    assert caption.style.name == "Caption"
    assert document.core_properties.title == caption.text
    assert document.core_properties.language == "en-US"
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    grid = [
        " | ".join(cell.text.replace("\n", " / ") for cell in row.cells) + _marks(row) for row in table.rows
    ]
    golden("table_docx.txt", "\n".join([caption.text, *grid, *(note.text for note in notes)]) + "\n")


def _marks(row) -> str:
    """The rules above and below a row, and whether its label is indented."""
    edges = [
        edge
        for edge in ("top", "bottom")
        if row.cells[0]._tc.tcPr.find(f"{qn('w:tcBorders')}/{qn('w:' + edge)}") is not None
    ]
    indented = row.cells[0].paragraphs[0].paragraph_format.left_indent
    return "".join(f" [{mark}]" for mark in edges + ["indented"] * bool(indented))
