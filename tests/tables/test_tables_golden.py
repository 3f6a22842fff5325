"""Each format of a small table, compared with a file that was read and kept."""

import io
import re

import docx
import pytest
from docx.oxml.ns import qn
from kjpoll.tables.rendered_table import render


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
