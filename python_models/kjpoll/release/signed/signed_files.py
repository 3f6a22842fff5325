"""The values of what was released, as files in git."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from kjpoll.common.atomic_file import replacing, sync

from ..errors import ReleaseError

TOPLINE, NET, COVERS = "topline", "net", "covers"
LOG = "accepted.csv"


class ValueKey(NamedTuple):
    """Whose value it is; an empty text for what is of no sample, of no question, or nothing besides."""

    aspect: str
    sample_id: str
    question_id: str
    item: str


class FileLayout(NamedTuple):
    """The columns of a file: those of a key, then those of its values. aspect: where all its rows are of one."""

    keys: tuple[str, ...]
    values: tuple[str, ...]
    aspect: str | None


OF_QUESTION = ("sample_id", "question_id")
COUNTS = ("n", "base_n")
FILES = {
    "toplines.csv": FileLayout((*OF_QUESTION, "category_id"), COUNTS, TOPLINE),
    "nets.csv": FileLayout((*OF_QUESTION, "net"), COUNTS, NET),
    "aspects.csv": FileLayout(("aspect",), ("table_name", "columns"), COVERS),
    "digests.csv": FileLayout(ValueKey._fields, ("sha256",), None),
}
LOG_LAYOUT = FileLayout((), ("date", "accepted_by", "cause", "reason", "n_values"), "")
Values = Mapping[ValueKey, tuple[str, ...]]


def missing_files(folder: Path) -> list[str]:
    """The files that the folder lacks."""
    return [name for name in FILES if not (folder / name).is_file()]


def read_signed(folder: Path, begin: bool = False) -> dict[ValueKey, tuple[str, ...]]:
    """What is signed. Raises ReleaseError where a file is missing, unless it is to be begun, or is no such table."""
    missing = missing_files(folder)
    if missing and not begin:
        raise ReleaseError(
            f"{folder} lacks {', '.join(missing)}, so that nothing tells whether a released value would change; restore "
            "the folder from version control. For a survey of which nothing was ever released, `kjpoll accept --all` "
            "begins with what was built"
        )
    values: dict[ValueKey, tuple[str, ...]] = {}
    for name, layout in FILES.items():
        if name in missing:
            continue
        for key, cells in _rows(folder / name, layout):
            if key in values:
                raise ReleaseError(
                    f"{folder / name}: {' '.join(filter(None, key))} stands there twice; restore it from version control"
                )
            values[key] = cells
    return values


def last_accepted(folder: Path) -> dict[str, str] | None:
    """The last line of the log of what was accepted, by column; None where there is none. Raises ReleaseError."""
    accepted = _accepted(folder / LOG)
    return dict(zip(LOG_LAYOUT.values, accepted[-1], strict=True)) if accepted else None


def write_signed(folder: Path, values: Values, accepted: Iterable[tuple[str, ...]] = ()) -> None:
    """Write the files whose content differs, sorted, and what was accepted to the end of the log.

    Raises ReleaseError where the log is broken, and OSError; the files are then as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = _accepted(folder / LOG)
    contents: dict[str, list[tuple[str, ...]]] = {LOG: [LOG_LAYOUT.values, *before, *accepted]}
    for name, layout in FILES.items():
        rows = [_cells(key, cells, layout) for key, cells in values.items() if _is_of(key, layout)]
        contents[name] = [(*layout.keys, *layout.values), *sorted(rows)]
    # None takes its place before all are on the disk.
    with ExitStack() as stack:
        for name, lines in contents.items():
            if not _holds(folder / name, lines):
                _write(stack.enter_context(replacing(folder / name)), lines)


def _accepted(log: Path) -> list[tuple[str, ...]]:
    return [cells for _, cells in _rows(log, LOG_LAYOUT)] if log.exists() else []


def _is_of(key: ValueKey, layout: FileLayout) -> bool:
    others = {other.aspect for other in FILES.values() if other.aspect}
    return key.aspect == layout.aspect if layout.aspect else key.aspect not in others


def _cells(key: ValueKey, cells: tuple[str, ...], layout: FileLayout) -> tuple[str, ...]:
    """A row of the file: of the key what its columns are for, then the values."""
    if layout.aspect is None:
        return (*key, *cells)
    return (*key[4 - len(layout.keys) :], *cells)


def _rows(path: Path, layout: FileLayout) -> Iterable[tuple[ValueKey, tuple[str, ...]]]:
    header = [*layout.keys, *layout.values]
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            first, *rows = list(csv.reader(stream, strict=True)) or [[]]
    except (OSError, ValueError, csv.Error) as error:
        raise ReleaseError(f"{path} cannot be read ({error}); restore it from version control") from error
    n_keys = len(layout.keys)
    faulty = [
        number
        for number, row in enumerate(rows, start=2)
        if len(row) != len(header) or (layout.values == COUNTS and not all(map(str.isdecimal, row[n_keys:])))
    ]
    if first != header or faulty:
        where = f"row {faulty[0]} has not" if first == header else "the header is not"
        raise ReleaseError(f"{path}: {where} {', '.join(header)}; restore it from version control")
    for row in rows:
        key = row[:n_keys] if layout.aspect is None else [layout.aspect, *[""] * (3 - n_keys), *row[:n_keys]]
        yield ValueKey(*key), tuple(row[n_keys:])


def _holds(path: Path, lines: list[tuple[str, ...]]) -> bool:
    if not path.exists():
        return False
    with path.open(encoding="utf-8", newline="") as stream:
        return list(map(tuple, csv.reader(stream))) == lines


def _write(path: Path, lines: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(lines)
    sync(path)
