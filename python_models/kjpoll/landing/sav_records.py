"""Whether the data of a .sav end where its header says: a reader takes what the header counts and looks no further.

The layout is that of the PSPP project's description, "System File Format".
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from kjpoll.landing.problems import ReadProblem

HEADER, VALUE_BYTES = 176, 8
VARIABLE, VALUE_LABELS, LABELLED_VARIABLES, DOCUMENT, EXTENSION, END = 2, 3, 4, 6, 7, 999
DOCUMENT_LINE = 80
UNKNOWN_N = -1
# Command bytes of the compressed form: nothing, the end of the file, and a value that follows in full.
NO_VALUE, END_OF_DATA, FULL_VALUE = bytes([0]), bytes([252]), bytes([253])
DAMAGED = "Ask for the file again"


@dataclass(frozen=True)
class SavLayout:
    """`n_values`: units of 8 bytes in a record; `compression`: which of SURPLUS counts them; `n_records`: -1 where the header does not say; `start`: of the data."""

    order: str
    compression: int
    n_records: int
    n_values: int
    start: int


def check_end(path: Path) -> None:
    """Raises ReadProblem where the data hold more or less than the records that the header counts."""
    content = path.read_bytes()
    try:
        layout = _layout(content)
        surplus = SURPLUS[layout.compression](content, layout)
    except (struct.error, LookupError, ValueError, zlib.error) as error:
        what = "cannot be read as sav (its records cannot be counted)"
        raise ReadProblem("unreadable_file", what, DAMAGED) from error
    counted = f"the {layout.n_records} records that the header counts"
    if layout.n_records == UNKNOWN_N:
        counted = "the whole records"
    if surplus < 0:
        raise ReadProblem("unreadable_file", f"the file breaks off before the end of {counted}", DAMAGED)
    if surplus > 0:
        what = f"{surplus} bytes of data follow the last of {counted}"
        raise ReadProblem("leftover_bytes", what, "Ask the agency for the whole file: these may be records")


def _layout(content: bytes) -> SavLayout:
    order = "<" if struct.unpack_from("<i", content, 64)[0] in (2, 3) else ">"
    compression, _, n_records = struct.unpack_from(f"{order}3i", content, 72)
    position, n_values = HEADER, 0
    while True:
        kind, first = struct.unpack_from(f"{order}2i", content, position)
        if kind == VARIABLE:
            n_values += 1
            position += _variable_bytes(content, order, position)
        elif kind == VALUE_LABELS:
            position = _after_value_labels(content, position + 8, first)
        elif kind == LABELLED_VARIABLES:
            position += 8 + 4 * first
        elif kind == DOCUMENT:
            position += 8 + DOCUMENT_LINE * first
        elif kind == EXTENSION:
            size, count = struct.unpack_from(f"{order}2i", content, position + 8)
            position += 16 + size * count
        elif kind == END and n_values:
            return SavLayout(order, compression, n_records, n_values, position + 8)
        else:
            raise ValueError(f"record of kind {kind}")


def _variable_bytes(content: bytes, order: str, position: int) -> int:
    n_missing: int
    has_label, n_missing = struct.unpack_from(f"{order}2i", content, position + 8)
    label_bytes: int = struct.unpack_from(f"{order}i", content, position + 32)[0] if has_label else -4
    # A label is preceded by its length and fills units of 4 bytes.
    return 32 + 4 + -(-label_bytes // 4) * 4 + VALUE_BYTES * abs(n_missing)


def _after_value_labels(content: bytes, position: int, n_labels: int) -> int:
    for _ in range(n_labels):
        # A value, the length of its label in a byte, the label; the latter two fill units of 8 bytes.
        position += VALUE_BYTES + (content[position + VALUE_BYTES] // 8 + 1) * 8
    return position


def _plain_surplus(content: bytes, layout: SavLayout) -> int:
    n_bytes = len(content) - layout.start
    record_bytes = layout.n_values * VALUE_BYTES
    return (
        n_bytes % record_bytes if layout.n_records == UNKNOWN_N else n_bytes - layout.n_records * record_bytes
    )


def _bytecode_surplus(content: bytes, layout: SavLayout) -> int:
    """Each 8 command bytes stand for up to 8 values, of which those in full follow."""
    wanted = None if layout.n_records == UNKNOWN_N else layout.n_values * layout.n_records
    position, n_values, is_end = layout.start, 0, False
    while position < len(content) and not is_end and (wanted is None or n_values < wanted):
        commands, end, _ = content[position : position + 8].partition(END_OF_DATA)
        n_values += len(commands) - commands.count(NO_VALUE)
        position += 8 + VALUE_BYTES * commands.count(FULL_VALUE)
        is_end = bool(end)
    if content[position : position + 1] == END_OF_DATA and not is_end:
        position += 8
    if position > len(content):
        return len(content) - position
    n_over = n_values % layout.n_values if wanted is None else n_values - wanted
    return n_over * VALUE_BYTES if n_over < 0 else n_over * VALUE_BYTES + len(content) - position


def _zlib_surplus(content: bytes, layout: SavLayout) -> int:
    """The commands of the other form, in blocks that a trailer at the end of the file lists."""
    _, trailer, trailer_bytes = struct.unpack_from(f"{layout.order}3q", content, layout.start)
    n_blocks = struct.unpack_from(f"{layout.order}i", content, trailer + 20)[0]
    commands = bytearray()
    for number in range(n_blocks):
        _, start, _, size = struct.unpack_from(f"{layout.order}2q2i", content, trailer + 24 * (number + 1))
        commands += zlib.decompress(content[start : start + size])
    surplus = _bytecode_surplus(bytes(commands), replace(layout, start=0))
    return surplus if surplus < 0 else surplus + len(content) - trailer - trailer_bytes


SURPLUS = (_plain_surplus, _bytecode_surplus, _zlib_surplus)
