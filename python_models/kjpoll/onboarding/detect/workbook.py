"""Which sheets of a workbook hold the answers and the labels, and where the table begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kjpoll.landing.label_sheet import HEADER
from kjpoll.landing.worksheet import SheetOutline
from kjpoll.onboarding.detect.delimited import header_findings
from kjpoll.onboarding.detect.finding import DetectionError, Finding, best_of, tie
from kjpoll.onboarding.detect.header_row import Header, headers

# A second table with half the rows and half the columns of the first may be the data as well.
AS_LARGE = 0.5
# A sheet of labels speaks of so much of the columns, or it is another sheet's.
SPEAKS_OF = 0.5


@dataclass(frozen=True)
class _SheetTable:
    sheet: str
    headers: tuple[Header, ...]
    n_rows: int

    @property
    def n_columns(self) -> int:
        return len(self.headers[0].names)

    @property
    def cells(self) -> int:
        return self.n_rows * self.n_columns

    @property
    def why(self) -> str:
        return f"it has a table of {self.n_rows} rows and {self.n_columns} columns"


def find_sheets(
    path: Path, outlines: Sequence[SheetOutline], answers: Mapping[str, str]
) -> tuple[Finding, ...]:
    """The data sheet, the label sheet and the header row of a workbook, and of how many rows the header is where not of one.
    Raises DetectionError."""
    row, n_rows = (
        int(answers[name]) if answers.get(name) else None for name in ("header_row", "header_rows")
    )
    labels = [outline for outline in outlines if _is_labels(outline)]
    tables = [
        table
        for outline in outlines
        if outline.sheet == answers.get("sheet") or "sheet" not in answers and outline not in labels
        if (table := _table(outline, row, n_rows)) is not None
    ]
    if not tables:
        names = ", ".join(repr(outline.sheet) for outline in outlines) or "none"
        what = f"no sheet has a row of names above rows of answers; its sheets: {names}"
        if "sheet" in answers:
            what = (
                f"sheet {answers['sheet']!r} has no row of names above rows of answers; its sheets: {names}"
            )
        fix = "Set sheet and header_row yourself, or ask for the file again"
        raise DetectionError(path, what, fix)
    tables.sort(key=lambda table: -table.cells)
    best = tables[0]
    return _sheet(tables), _label_sheet(best, labels, outlines), *header_findings(best.headers, "row")


def _table(outline: SheetOutline, row: int | None, n_rows: int | None) -> _SheetTable | None:
    rows = list(enumerate(outline.rows, start=1))
    candidates = headers(rows, row, n_rows)
    if not candidates:
        return None
    last = candidates[0].row + candidates[0].n_rows - 1
    above = sum(any(cells) for number, cells in rows if number <= last)
    return _SheetTable(outline.sheet, candidates, outline.n_filled - above)


def _sheet(tables: list[_SheetTable]) -> Finding:
    best = tables[0]
    rivals = [
        table
        for table in tables
        if table.n_rows >= AS_LARGE * best.n_rows and table.n_columns >= AS_LARGE * best.n_columns
    ]
    total = sum(table.cells for table in tables) or 1
    rest = [
        (table.sheet, round(table.cells / total / 2, 3), table.why) for table in tables if table not in rivals
    ]
    if len(rivals) > 1:
        return tie("sheet", [(table.sheet, table.why) for table in rivals], rest)
    return best_of("sheet", [(best.sheet, round(best.cells / total, 3), best.why), *rest])


def _is_labels(outline: SheetOutline) -> bool:
    return bool(outline.rows) and outline.rows[0] == HEADER


def _label_sheet(
    data: _SheetTable, labels: Sequence[SheetOutline], outlines: Sequence[SheetOutline]
) -> Finding:
    fitting = [(outline, _spoken_of(outline, data)) for outline in labels]
    fitting = [(outline, share) for outline, share in fitting if share >= SPEAKS_OF]
    header = ", ".join(HEADER)
    if len(fitting) == 1:
        outline, share = fitting[0]
        why = f"its first row is {header}, and {share:.0%} of the variables that follow are columns"
        return Finding("label_sheet", outline.sheet, round(share, 3), why)
    if fitting:
        return tie("label_sheet", [(outline.sheet, f"its first row is {header}") for outline, _ in fitting])
    alike = [
        repr(outline.sheet)
        for outline in outlines
        if outline.sheet != data.sheet and outline.rows and _spoken_of(outline, data) >= SPEAKS_OF
    ]
    if alike:
        why = f"sheet {alike[0]} speaks of the columns, but its first row is not {header}: correct it"
        return Finding("label_sheet", None, 0.5, why)
    return Finding("label_sheet", None, 0.99, f"no sheet begins with {header} and speaks of the columns")


def _spoken_of(outline: SheetOutline, data: _SheetTable) -> float:
    """Of the variables in the first column, the share that are columns of the data."""
    named = {row[0] for row in outline.rows[1:] if row and row[0]}
    return len(named & set(data.headers[0].names)) / len(named) if named else 0.0
