"""The one reader of seeds, and a seed in which only the rows that change get other bytes.

A spreadsheet's byte order mark and line ends are read, and stay. What could be read in two ways is refused: another encoding
or delimiter, and a header that is not the one declared in the properties beside the seed.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from kjpoll.common.properties import LABEL_PREFIX, declared_columns

# Released values, which dbt does not read either.
NO_SEEDS = "released"
AS_CSV = "save it as CSV UTF-8, separated by commas"
OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


class SeedError(Exception):
    """A seed that is no table; the message names it and says what to do."""


def read_seed(path: Path) -> list[dict[str, str]]:
    """The rows of a seed as texts by column, '' for an empty cell. Raises SeedError as SeedFile does."""
    return SeedFile(path).rows


def check_seeds(root: Path) -> None:
    """Raises SeedError, with a line for each, for the seeds of the project in `root` that SeedFile refuses."""
    faults = []
    for path in sorted((root / "dbt_project" / "seeds").rglob("*.csv")):
        if path.parent.name != NO_SEEDS:
            try:
                SeedFile(path)
            except SeedError as error:
                faults.append(str(error))
    if faults:
        raise SeedError("\n".join(faults))


class SeedFile:
    """The rows of a seed with the text in which each of them stands.

    `rows` are texts by column, '' for an empty cell; to change them use `insert`, `replace` and `remove`. A row that is
    not changed keeps its quotation marks and its line end, so that a person's version control shows the new
    rows alone.
    """

    def __init__(self, path: Path) -> None:
        """Raises SeedError for a file that is no table in UTF-8, or has not the columns that its properties declare."""
        self.path = path
        try:
            self.before = path.read_bytes()
            self._mark, text = self._decoded()
            self._head, *self._texts = _records(text)
            self._check_delimiter()
            self.header = _cells(self._head)
            self._check_header()
            self.rows = [self._row(number, text) for number, text in enumerate(self._texts, start=2)]
        except FileNotFoundError as error:
            raise SeedError(f"the seed {path} does not exist; restore it from version control") from error
        except (OSError, ValueError, csv.Error) as error:
            raise SeedError(
                f"the seed {path} cannot be read ({error}); restore it from version control"
            ) from error
        self._line_end = self._head[len(self._head.rstrip("\r\n")) :] or "\n"

    def find(self, **cells: str) -> list[int]:
        """The positions of the rows that hold these cells."""
        return [position for position, row in enumerate(self.rows) if cells.items() <= row.items()]

    def position_of(self, column: str, value: str) -> int:
        """Where the first row of a new group belongs in a seed that is sorted by `column`."""
        return next(
            (position for position, row in enumerate(self.rows) if row[column] > value), len(self.rows)
        )

    def insert(self, position: int, row: Mapping[str, str]) -> None:
        """Add a row before the row at `position`; columns that it does not name stay empty."""
        # A last line without a line end gets one, else the new row would be a part of it.
        if position == len(self._texts) > 0 and not self._texts[-1].endswith(("\n", "\r")):
            self._texts[-1] += self._line_end
        self.rows.insert(position, self._complete(row))
        self._texts.insert(position, self._text(self.rows[position]))

    def replace(self, position: int, row: Mapping[str, str]) -> None:
        """Put `row` where that row stands; an equal row keeps its bytes."""
        row = self._complete(row)
        if row != self.rows[position]:
            self.rows[position] = row
            self._texts[position] = self._text(row)

    def remove(self, position: int) -> None:
        """Take the row at `position` out."""
        del self.rows[position], self._texts[position]

    def content(self) -> bytes:
        """The file's bytes as they are now."""
        return self._mark + "".join([self._head, *self._texts]).encode("utf-8")

    @property
    def is_changed(self) -> bool:
        return self.content() != self.before

    def _complete(self, row: Mapping[str, str]) -> dict[str, str]:
        unknown = sorted(set(row) - set(self.header))
        if unknown:
            raise SeedError(f"the seed {self.path.name} has no column {', '.join(unknown)}")
        return {column: row.get(column, "") for column in self.header}

    def _text(self, row: Mapping[str, str]) -> str:
        stream = io.StringIO(newline="")
        csv.writer(stream, lineterminator=self._line_end).writerow([row[column] for column in self.header])
        return stream.getvalue()

    def _decoded(self) -> tuple[bytes, str]:
        """The byte order mark, empty where there is none, and the text."""
        # Not every program writes the mark of UTF-16; in UTF-8 no text has the sign.
        if self.before.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in self.before:
            raise SeedError(f"the seed {self.path} is in UTF-16; {AS_CSV}")
        mark = codecs.BOM_UTF8 if self.before.startswith(codecs.BOM_UTF8) else b""
        try:
            return mark, self.before[len(mark) :].decode("utf-8")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise SeedError(
                f"the seed {self.path} is not in UTF-8, as its line {line} shows; {AS_CSV}"
            ) from error

    def _check_delimiter(self) -> None:
        for sign, name in OTHER_DELIMITERS.items():
            if sign in self._head and "," not in self._head:
                raise SeedError(f"the seed {self.path} is separated by {name}; {AS_CSV}")

    def _check_header(self) -> None:
        if twice := sorted({column for column in self.header if self.header.count(column) > 1}):
            raise SeedError(f"the seed {self.path} has two columns {_named(twice)}; remove or rename one")
        declared = declared_columns(self.path)
        if declared is None:
            return
        columns = list(declared.columns)
        labels = [name for name in self.header if declared.has_labels and name.startswith(LABEL_PREFIX)]
        wanted = ",".join([*columns, *labels])
        lacking = [name for name in columns if name not in self.header]
        unknown = [name for name in self.header if name not in [*columns, *labels]]
        if lacking or unknown:
            faults = [f"lacks the column {_named(lacking)}"] if lacking else []
            faults += [f"has the undeclared column {_named(unknown)}"] if unknown else []
            raise SeedError(
                f"the seed {self.path} {' and '.join(faults)}; restore it from version control, or correct its header: {wanted}"
            )
        # A line that a finding shows, to be put into the seed, has the declared order.
        if self.header != [*columns, *labels]:
            raise SeedError(
                f"the seed {self.path} has its columns in another order; put them back into the order {wanted}"
            )

    def _row(self, number: int, text: str) -> dict[str, str]:
        cells = _cells(text)
        if not any(cells):
            raise SeedError(f"row {number} of the seed {self.path} is empty; remove it")
        if len(cells) != len(self.header):
            raise SeedError(
                f"row {number} of the seed {self.path} has {len(cells)} cells, "
                f"the header {len(self.header)}; correct it: {text.strip()}"
            )
        return dict(zip(self.header, cells, strict=True))


def _named(columns: Sequence[str]) -> str:
    return ", ".join(column or "without a name" for column in columns)


def _records(text: str) -> list[str]:
    """The text of each record with its line end: a quoted cell may go over several lines."""
    records, begun = [], ""
    # str.splitlines would also cut at signs that are no line end in a CSV file.
    for line in io.StringIO(text, newline=""):
        begun += line
        if begun.count('"') % 2 == 0:
            records.append(begun)
            begun = ""
    if begun:
        raise ValueError("a quotation mark is never closed")
    if not records:
        raise ValueError("it is empty")
    return records


def _cells(text: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), strict=True), [])
