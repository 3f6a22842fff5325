"""Tables as a Word document with real tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Page
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell

from kjpoll.tables.layout import Table

INDENT = Cm(0.5)
LABEL_WIDTH, MODEL_WIDTH = Cm(6), Cm(2.2)
LANGUAGE = {"en": "en-US", "ko": "ko-KR", "ja": "ja-JP"}


def word(tables: Sequence[Table]) -> bytes:
    """A .docx file: per table a caption, a table whose header row repeats on every page, and the notes."""
    document = Document()
    properties = document.core_properties
    properties.title = "; ".join(table.full_title for table in tables)
    properties.language = LANGUAGE.get(tables[0].language, tables[0].language.replace("_", "-"))
    properties.author = properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC)
    style = document.styles["Normal"]
    style.font.size = Pt(9)
    style.paragraph_format.space_after = Pt(0)
    for table in tables:
        _add(document, table)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add(document: Page, table: Table) -> None:
    caption = document.add_paragraph(table.full_title, style="Caption")
    caption.paragraph_format.keep_with_next = True
    grid = document.add_table(rows=1 + len(table.rows), cols=1 + len(table.models))
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    cells = _cells(grid)
    for cell, model in zip(cells[0][1:], table.models, strict=True):
        _write(cell, model, centred=True)
    _repeat_header(grid)
    for row, entries in zip(table.rows, cells[1:], strict=True):
        _write(entries[0], row.label, indented=row.kind == "level")
        for cell, entry in zip(entries[1:], row.cells, strict=True):
            parts = (entry.estimate + entry.stars, entry.statistic)
            _write(cell, "\n".join(part for part in parts if part), centred=True)
    _rule(cells[0], "top", 12)
    _rule(cells[0], "bottom", 6)
    for position in range(len(table.rows)):
        if table.starts_block(position):
            _rule(cells[position + 1], "top", 6)
    _rule(cells[-1], "bottom", 12)
    for note in table.notes:
        document.add_paragraph(note).runs[0].font.size = Pt(8)


def _cells(grid: WordTable) -> list[list[WordCell]]:
    """The cells by row. Widths are set on every cell: Word reads those, LibreOffice the columns' own."""
    grid.autofit = False
    widths = [LABEL_WIDTH] + [MODEL_WIDTH] * (len(grid.columns) - 1)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    rows = [list(row.cells) for row in grid.rows]
    for row in rows:
        for cell, width in zip(row, widths, strict=True):
            cell.width = width
    return rows


def _write(cell: WordCell, text: str, *, centred: bool = False, indented: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.add_run(text)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indented:
        paragraph.paragraph_format.left_indent = INDENT


def _repeat_header(grid: WordTable) -> None:
    """python-docx has no call for a repeated header row, nor for a row that may not break over pages."""
    header = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(header)
    for row in grid.rows[1:]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _rule(cells: Sequence[WordCell], edge: str, eighths: int) -> None:
    """A rule along one edge of a row; `eighths` of a point thick. python-docx has no call for borders."""
    for cell in cells:
        properties = cell._tc.get_or_add_tcPr()
        borders = properties.find(qn("w:tcBorders"))
        if borders is None:
            borders = OxmlElement("w:tcBorders")
            properties.append(borders)
        line = OxmlElement(f"w:{edge}")
        line.set(qn("w:val"), "single")
        line.set(qn("w:sz"), str(eighths))
        borders.append(line)
