"""The table of changes that nobody has accepted: old and new values, by cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import duckdb

from ..errors import ReleaseError
from .changed_values import ChangedValue, unsigned_changes
from .released_cells import ReleasedCells
from .signed_files import COVERS, NET, TOPLINE, ValueKey

# Changes of an aspect that are listed of each cause.
SHOWN = 5
HEADER = ("value", "sample", "question", "item", "signed", "this build")
NOTHING = "-"
UNSIGNED = "of what was released would change, and nobody has accepted it"


def refuse_unsigned_changes(con: duckdb.DuckDBPyConnection, folder: Path, release: Path) -> None:
    """Raise ReleaseError with a table of them where the build, which `con` has open, would change signed values."""
    changes = unsigned_changes(con, folder)
    if changes:
        raise ReleaseError(listing(con, changes, release))


def listing(con: duckdb.DuckDBPyConnection, changes: Sequence[ChangedValue], release: Path) -> str:
    """The changes as text: how many, by cause the old and new values, and how to accept them.

    `con` has the build open. Where the release is there, the cells that a digest covers are shown as it has them.
    """
    lines = [f"{_counted(len(changes), 'value')} {UNSIGNED}"]
    causes = sorted({change.causes for change in changes})
    with ReleasedCells.opened(con, release) as cells:
        for cause in causes:
            of_cause = [change for change in changes if change.causes == cause]
            lines += ["", f"{'; '.join(cause)}: {_counted(len(of_cause), 'value')}"]
            lines += [f"  {line}" for line in cells.changed_inputs(of_cause)]
            lines += [f"  {line}" for line in _table(of_cause, cells)]
    names = " ".join(f'"{name}"' for name in causes[0])
    lines += [
        "",
        f'Undo what is not meant. What is: kjpoll accept {names} --reason "why" (of each cause, or --all), then build again',
    ]
    return "\n".join(lines)


def _table(changes: Sequence[ChangedValue], cells: ReleasedCells) -> Iterable[str]:
    rows: list[tuple[str, ...]] = [HEADER]
    rest: Counter[str] = Counter()
    for aspect, of_aspect in groupby(sorted(changes, key=_order), key=lambda change: change.key.aspect):
        for n, change in enumerate(of_aspect):
            if n < SHOWN:
                rows.append((*(text or NOTHING for text in change.key), *_both(change, cells)))
            else:
                rest[aspect] += 1
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
    if rest:
        yield f"and {', '.join(f'{n} more of {aspect}' for aspect, n in rest.items())}"


def _order(change: ChangedValue) -> tuple[bool, bool, ValueKey]:
    """Toplines and nets come first."""
    aspect = change.key.aspect
    return aspect != TOPLINE, aspect != NET, change.key


def _both(change: ChangedValue, cells: ReleasedCells) -> tuple[str, ...]:
    """The signed value and that of the build."""
    values = (change.signed, change.built)
    aspect = change.key.aspect
    if aspect in (TOPLINE, NET):
        return tuple(_share(*value) if value else NOTHING for value in values)
    if aspect == COVERS:
        return tuple(": ".join(value) if value else NOTHING for value in values)
    if change.signed and change.built and (known := cells.of(change)):
        return known
    return tuple(f"digest {value[0][:12]}" if value else NOTHING for value in values)


def _share(n: str, base_n: str) -> str:
    return f"{n} of {base_n} ({100 * int(n) / int(base_n):.1f}%)" if int(base_n) else f"{n} of 0"


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" + ("" if n == 1 else "s")
