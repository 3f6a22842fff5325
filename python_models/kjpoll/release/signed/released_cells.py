"""What the present release has where a digest differs: cells and lines of seeds, since a digest does not tell them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb

from ..history import attached
from ..inventory import base_tables, quoted
from .changed_values import CODE, RAW_FILE, SEED_LINE, ChangedValue

# The schemas of a release that an aspect can be of.
SCHEMAS = ("marts", "seeds", "published")
RELEASED = "present_release"
# Files, lines of seeds and versions that are named.
SHOWN = 5
HASH = re.compile("[0-9a-f]{64}")


class ReleasedCells:
    """The build that `con` has open beside the present release; without one it knows nothing."""

    def __init__(self, con: duckdb.DuckDBPyConnection, is_released: bool) -> None:
        self.con, self.is_released = con, is_released
        self.build = con.execute("select current_database()").fetchall()[0][0]

    @classmethod
    @contextmanager
    def opened(cls, con: duckdb.DuckDBPyConnection, release: Path) -> Iterator[ReleasedCells]:
        """With the file `release` attached, where it is there and can be read."""
        with ExitStack() as stack:
            try:
                stack.enter_context(attached(con, release, RELEASED))
                is_released = True
            except duckdb.Error:
                is_released = False
            yield cls(con, is_released)

    def of(self, change: ChangedValue) -> tuple[str, str] | None:
        """What differs between the rows that the digest is of, there and here; None where nothing says so."""
        old, new = (self._rows(database, change) for database in (RELEASED, self.build))
        if old is None or new is None:
            return None
        gone, come = list((old - new).elements()), list((new - old).elements())
        if len(gone) == len(come) == 1:
            cells = [both for both in zip(gone[0], come[0], strict=True) if both[0] != both[1]]
            there, here = (", ".join(map(_shown, side)) for side in zip(*cells, strict=True))
            return there, here
        if gone or come:
            return f"{len(gone)} of {old.total()} rows", f"{len(come)} of {new.total()} rows"
        return None

    def _rows(self, database: str, change: ChangedValue) -> Counter[tuple] | None:
        """The covered cells of an aspect as text: how often each row of them is there."""
        if not self.is_released:
            return None
        aspects = self.con.execute(
            "select schema_name, table_name, columns, condition, sample_id, question_id, item "
            "from intermediate.int_signed_aspect inner join duckdb_tables() using (table_name) "
            "where database_name = ? and list_contains(?, schema_name) and aspect = ?",
            [database, list(SCHEMAS), change.key.aspect],
        ).fetchall()
        if len(aspects) != 1:
            return None
        schema, table, columns, condition, *keys = aspects[0]
        cells = ", ".join(f"cast({column} as varchar)" for column in columns.split())
        where = " and ".join(f"coalesce(cast({key} as varchar), '') = ?" for key in keys)
        try:
            rows = self.con.execute(
                f"select {cells} from {quoted(database, schema, table)} where ({condition}) and {where}",
                list(change.key[1:]),
            ).fetchall()
        except duckdb.BinderException:
            # A release from before a column was there.
            return None
        return Counter(rows)

    def changed_inputs(self, changes: Sequence[ChangedValue]) -> list[str]:
        """The files and lines that differ from those of the release, as quality.release_change names them."""
        if not self.is_released or ("quality", "release_change") not in base_tables(
            self.con, self.build, ["quality"]
        ):
            return []
        rows = self.con.execute(
            "select distinct sample_id, question_id, unnest(string_split(details, chr(10))) from quality.release_change"
        ).fetchall()
        samples_of: dict[str, set[str]] = {}
        for _, sample, question, _ in (change.key for change in changes):
            if sample or question:
                samples_of.setdefault(question, set()).add(sample)
        lines = sorted(
            {
                detail
                for sample, question, detail in rows
                if _cause_of(detail) in changes[0].causes
                and {sample or "", ""} & (samples_of.get(question or "", set()) | samples_of.get("", set()))
            }
        )
        rest = len(lines) - SHOWN
        return lines[:SHOWN] + ([f"and {rest} more"] if rest > 0 else [])


def _shown(cell: str | None) -> str:
    """A cell as it is listed: twelve digits tell hashes apart."""
    if not cell:
        return "empty"
    return cell[:12] if HASH.fullmatch(cell) else cell


def _cause_of(detail: str) -> str | None:
    """Which cause a line of details tells of."""
    if ": SHA-256 " in detail:
        return RAW_FILE
    if ".csv: " in detail:
        return SEED_LINE
    return CODE if detail.startswith(("code ", "engine ")) else None
