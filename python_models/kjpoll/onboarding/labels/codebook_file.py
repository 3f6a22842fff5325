"""Read the labels for a wave file from a codebook or questionnaire of any kind that agencies send."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from docx import Document
from docx.table import Table

from kjpoll.landing.limits import MEMBER_BYTES
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.text_lines import DELIMITERS
from kjpoll.landing.worksheet import sheet_outlines, sheet_rows
from kjpoll.onboarding.detect.encoding import find_encoding
from kjpoll.onboarding.label_entry import ColumnLabels, LabelEntry
from kjpoll.onboarding.labels.file_columns import FileColumns
from kjpoll.onboarding.labels.label_table import LabelTable
from kjpoll.onboarding.labels.questionnaire import questionnaire_entries
from kjpoll.onboarding.labels.spss_syntax import is_syntax, syntax_entries
from kjpoll.onboarding.profile import FileProfile
from kjpoll.onboarding.propose.blocks import blocks_of
from kjpoll.onboarding.review.review_error import ReviewError

READ = "csv, xlsx, SPSS syntax, docx and text are read"
ZIP, WORD, SHEETS = b"PK\x03\x04", "word/document.xml", "xl/workbook.xml"
SHOWN = 3


def codebook_labels(path: Path, profile: FileProfile, sample: Mapping[str, str]) -> dict[str, ColumnLabels]:
    """Column of the wave file -> its labels in the codebook at `path`. `profile`, `sample`: the wave file and its row of the
    samples seed. Raises ReviewError or DetectionError for a file that cannot be read or labels no column of the wave file."""
    if not path.is_file():
        raise ReviewError(f"--labels {path} is not a file")
    blocks = blocks_of(profile, sample["id_variable"], sample.get("weight_variable", ""))
    columns = FileColumns(blocks, path.name)
    with path.open("rb") as stream:
        head = stream.read(len(ZIP))
    entries, names = _of_archive(path, columns) if head == ZIP else _of_text(path, columns)
    labels = columns.labels(entries)
    if not labels:
        shown = ", ".join(names[:SHOWN]) or "nothing that could be the name of a column"
        raise ReviewError(
            f"--labels {path.name} labels no column of the wave file: it has {shown}, the wave file {', '.join(columns.names[:SHOWN])}; "
            "name the columns there as the wave file does, or leave --labels out"
        )
    return labels


def _of_archive(path: Path, columns: FileColumns) -> tuple[list[LabelEntry], list[str]]:
    """The entries of a workbook or a document, and what stands first in its rows and lines."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {member.filename: member.file_size for member in archive.infolist()}
    except (zipfile.BadZipFile, ValueError) as error:
        raise ReviewError(f"--labels {path.name} is damaged ({error}); ask for it again") from error
    if SHEETS in sizes:
        return _of_workbook(path, columns)
    if WORD not in sizes:
        raise ReviewError(f"--labels {path.name} is an archive, and neither xlsx nor docx; {READ}")
    if max(sizes.values()) > MEMBER_BYTES:
        raise ReviewError(
            f"--labels {path.name} unpacks to more than {MEMBER_BYTES} bytes; leave its pictures out"
        )
    return _of_document(path, columns)


def _of_workbook(path: Path, columns: FileColumns) -> tuple[list[LabelEntry], list[str]]:
    entries: list[LabelEntry] = []
    names: list[str] = []
    try:
        for outline in sheet_outlines(path):
            rows = [[cell or "" for cell in row] for row in sheet_rows(path, outline.sheet, "--labels")]
            entries += LabelTable(rows, columns, f"sheet {outline.sheet!r}, ").entries()
            names += _first_cells(rows)
    except ReadProblem as problem:
        raise ReviewError(f"--labels {path.name}: {problem.what}. {problem.fix}") from problem
    return entries, names


def _of_document(path: Path, columns: FileColumns) -> tuple[list[LabelEntry], list[str]]:
    """Tables that label something are read as such; what else is written, as a questionnaire."""
    entries: list[LabelEntry] = []
    lines: list[str] = []
    try:
        for part in Document(str(path)).iter_inner_content():
            if not isinstance(part, Table):
                lines += part.text.splitlines()
                continue
            rows = [[cell.text for cell in row.cells] for row in part.rows]
            of_table = LabelTable(rows, columns, "a table, ").entries()
            entries += of_table
            # Cells that were merged are given once for each.
            lines += (
                []
                if of_table
                else [line for row in rows for cell in dict.fromkeys(row) for line in cell.splitlines()]
            )
    except Exception as error:
        # Damaged bytes make zipfile and the XML parser raise nearly anything.
        if isinstance(error, MemoryError | OSError):
            raise
        raise ReviewError(
            f"--labels {path.name} cannot be read as docx ({str(error) or type(error).__name__}); save it again"
        ) from error
    return [*entries, *questionnaire_entries(lines, columns)], [line for line in lines if line.strip()]


def _of_text(path: Path, columns: FileColumns) -> tuple[list[LabelEntry], list[str]]:
    if not path.stat().st_size:
        raise ReviewError(f"--labels {path.name} is empty; ask for it again, or leave --labels out")
    encoding = find_encoding(path)
    if encoding.is_tie:
        raise ReviewError(
            f"--labels {path.name}: nothing in it tells whether it is {' or '.join(str(value) for value, _ in encoding.choices)}; save "
            "it as UTF-8"
        )
    text = path.read_text(encoding=str(encoding.value), errors="replace")
    if is_syntax(text):
        entries = syntax_entries(text, columns.names, f"--labels {path.name}")
        return entries, list(dict.fromkeys(entry.variable for entry in entries))
    rows = _rows(text)
    entries = LabelTable(rows, columns, "").entries()
    if entries:
        return entries, []
    lines = text.splitlines()
    return questionnaire_entries(lines, columns), _first_cells(rows)


def _rows(text: str) -> list[list[str]]:
    """The rows of the text, parted by the sign that gives most of them the same number of cells, and more than one."""
    tables = []
    for sign in DELIMITERS.values():
        try:
            rows = list(csv.reader(text.splitlines(keepends=True), delimiter=sign))
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if len(row) > 1)
        tables.append((max(widths.values(), default=0), rows))
    return max(tables, key=lambda table: table[0], default=(0, []))[1]


def _first_cells(rows: Sequence[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(_filled(rows)))


def _filled(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in rows[1:]:
        yield from [cell.strip()[:40] for cell in row if cell.strip()][:1]
