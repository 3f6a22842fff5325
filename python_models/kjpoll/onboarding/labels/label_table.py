"""The labels in a table of a codebook, whose columns are recognised by what stands in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kjpoll.onboarding.label_entry import LabelEntry
from kjpoll.onboarding.labels.file_columns import FileColumns
from kjpoll.onboarding.propose.folded_text import WHOLE_NUMBER, code_key

Row = Sequence[str]
# '1=Good; 2=Bad', '1: 좋다 2: 나쁘다': a code and a sign, at the beginning or behind a break.
LISTED = re.compile(r"(?:^|[;,\n|/、；，\s])\s*(-?[0-9]+)\s*[=:.)：＝]\s*")
LIST_ENDS = " \t\r\n;,|/、；，"
# Fewer codes in a cell are no list of them.
LEAST_LISTED = 2
# So much of a column has to be what the column is taken for.
MOSTLY = 0.6


@dataclass(frozen=True)
class LabelTable:
    """A table, and the columns of the wave file of which it may speak. `where`: which table of the codebook, in words."""

    rows: Sequence[Row]
    columns: FileColumns
    where: str

    def entries(self) -> list[LabelEntry]:
        """What the table labels; nothing where no column of it names columns of the file, or where none has texts."""
        if self._name is None:
            return []
        texts = [place for place in range(self._width) if place not in (self._name, self._code)]
        texts = [place for place in texts if self._is_text(place)]
        return self._by_code(texts) if self._code is not None else self._by_variable(texts)

    def _by_code(self, texts: Sequence[int]) -> list[LabelEntry]:
        """A row for each code: its label differs from row to row, that of the column does not."""
        assert self._code is not None
        if not texts:
            return []
        of_codes = max(texts, key=lambda place: (len(self._different(place, coded=True)), -place))
        of_columns = [
            place
            for place in texts
            if place != of_codes and len(self._different(place)) <= len(self._different_names(place))
        ]
        entries = []
        for number, name, row in self._named_rows:
            code, where = row[self._code], f"{self.where}row {number}"
            if code:
                entries += [LabelEntry(name, code, row[of_codes], where)] if row[of_codes] else []
                question = row[of_columns[0]] if of_columns else ""
            else:
                question = row[of_columns[0]] if of_columns and row[of_columns[0]] else row[of_codes]
            if question:
                entries.append(LabelEntry(name, None, question, where))
        return entries

    def _by_variable(self, texts: Sequence[int]) -> list[LabelEntry]:
        """A row for each column: its label, and its codes in a list or none."""
        listing = [
            place for place in texts if any(listed_codes(row[place]) for _, _, row in self._named_rows)
        ]
        labels = [place for place in texts if place not in listing]
        # The question is what has most to say.
        label = max(
            labels, key=lambda place: sum(len(row[place]) for _, _, row in self._named_rows), default=None
        )
        entries = []
        for number, name, row in self._named_rows:
            where = f"{self.where}row {number}"
            if label is not None and row[label]:
                entries.append(LabelEntry(name, None, row[label], where))
            for place in listing:
                codes = listed_codes(row[place])
                entries += [LabelEntry(name, code, text, where) for code, text in codes.items()]
        return entries

    @cached_property
    def _cells(self) -> list[list[str]]:
        width = max((len(row) for row in self.rows), default=0)
        return [[*(cell.strip() for cell in row), *[""] * (width - len(row))] for row in self.rows]

    @property
    def _width(self) -> int:
        return len(self._cells[0]) if self._cells else 0

    @cached_property
    def _name(self) -> int | None:
        """The column whose cells name columns of the file; None where no column does. Names differ more than codes do."""
        named = {
            place: len({row[place] for row in self._cells if row[place] and self._is_name(row[place])})
            for place in range(self._width)
        }
        filled = {
            place: len({row[place] for row in self._cells if row[place]}) for place in range(self._width)
        }
        best = max(named, key=lambda place: (named[place] / (filled[place] or 1), named[place]), default=None)
        return best if best is not None and named[best] else None

    def _is_name(self, cell: str) -> bool:
        # A number alone may be a code or the number of a row.
        return not WHOLE_NUMBER.fullmatch(code_key(cell)) and bool(self.columns.columns_of(cell))

    @cached_property
    def _named_rows(self) -> list[tuple[int, str, list[str]]]:
        """Number, name and cells of each row that speaks of a column: a name stands for the rows below it without one."""
        assert self._name is not None
        rows, name = [], ""
        for number, row in enumerate(self._cells, start=1):
            name = row[self._name] or name
            if name and any(row) and self._is_name(name):
                rows.append((number, name, row))
        return rows

    @cached_property
    def _code(self) -> int | None:
        """The column of codes: most of its cells are codes that the column has which the row names."""
        shares = {place: self._share_of_codes(place) for place in range(self._width) if place != self._name}
        best = max(shares, key=lambda place: shares[place], default=None)
        return best if best is not None and shares[best] >= MOSTLY else None

    def _share_of_codes(self, place: int) -> float:
        found = []
        for _, name, row in self._named_rows:
            if row[place]:
                key = code_key(row[place])
                occurs = key in self.columns.codes_of(name)
                # A code that nobody gave is one too, if it looks like one.
                found.append(1.0 if occurs else 0.5 if WHOLE_NUMBER.fullmatch(key) else 0.0)
        return sum(found) / len(found) if found else 0.0

    def _is_text(self, place: int) -> bool:
        cells = [row[place] for _, _, row in self._named_rows if row[place]]
        words = [cell for cell in cells if any(letter.isalpha() for letter in cell)]
        return bool(cells) and len(words) >= MOSTLY * len(cells)

    def _different(self, place: int, coded: bool = False) -> set[tuple[str, str]]:
        return {
            (name, row[place])
            for _, name, row in self._named_rows
            if row[place] and (not coded or (self._code is not None and row[self._code]))
        }

    def _different_names(self, place: int) -> set[str]:
        return {name for _, name, row in self._named_rows if row[place]}


def listed_codes(cell: str) -> dict[str, str]:
    """code -> label of a list such as '1=Good; 2=Bad'; empty where a cell is no list."""
    found = list(LISTED.finditer(cell))
    if len(found) < LEAST_LISTED or cell[: found[0].start()].strip(LIST_ENDS):
        return {}
    ends = [match.start() for match in found[1:]] + [len(cell)]
    codes: dict[str, str] = defaultdict(str)
    for match, end in zip(found, ends, strict=True):
        codes[match[1]] = cell[match.end() : end].strip(LIST_ENDS)
    return {code: label for code, label in codes.items() if label}
