"""The one reader of seeds, and a seed in which only the rows that change get other bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path


class SeedError(Exception):
    """A seed that is no table; the message names it and says what to do."""


def read_seed(path: Path) -> list[dict[str, str]]:
    """The rows of a seed as texts by column, '' for an empty cell. Raises SeedError as SeedFile does."""
    return SeedFile(path).rows


class SeedFile:
    """The rows of a seed with the text in which each of them stands.

    `rows` are texts by column, '' for an empty cell; to change them use `insert`, `replace` and `remove`. A row that is
    not changed keeps its quotation marks and its line end, so that a person's version control shows the new
    rows alone.
    """

    def __init__(self, path: Path) -> None:
        """Raises SeedError for a file that is no table in UTF-8."""
        self.path = path
        try:
            self.before = path.read_bytes()
            self._head, *self._texts = _records(self.before.decode("utf-8"))
            self.header = _cells(self._head)
            self.rows = [self._row(number, text) for number, text in enumerate(self._texts, start=2)]
        except FileNotFoundError as error:
            raise SeedError(f"the seed {path} does not exist; restore it from version control") from error
        except (OSError, ValueError, csv.Error) as error:
            raise SeedError(
                f"the seed {path} cannot be read ({error}); restore it from version control"
            ) from error
        self._line_end = "\r\n" if self._head.endswith("\r\n") else "\n"

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
        if position == len(self._texts) > 0 and not self._texts[-1].endswith("\n"):
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
        return "".join([self._head, *self._texts]).encode("utf-8")

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

    def _row(self, number: int, text: str) -> dict[str, str]:
        cells = _cells(text)
        if len(cells) != len(self.header):
            raise SeedError(
                f"row {number} of the seed {self.path} has {len(cells)} cells, "
                f"the header {len(self.header)}; correct it: {text.strip()}"
            )
        return dict(zip(self.header, cells, strict=True))


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
