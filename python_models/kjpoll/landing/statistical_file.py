"""Read SPSS (.sav) and Stata (.dta) files with their labels, keeping every missing code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyreadstat

from kjpoll.landing.problems import ReadProblem, is_of_the_disk
from kjpoll.landing.sav_records import check_end
from kjpoll.landing.wave_table import (
    ValueLabel,
    Variable,
    WaveTable,
    block,
    check_names,
    plain_decimal,
    rows_per_block,
    value_text,
)

# As the reader's library calls them.
CODECS = {"latin-1": "ISO-8859-1", "windows-1252": "WINDOWS-1252"}
READERS = {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta}
DTA_END = b"</stata_dta>"
# What the reader says of text that it cannot convert.
NOT_TEXT = ("invalid byte sequence", "requested encoding", "codec can't decode")


def read_statistical(path: Path, file_format: str, encoding: str | None) -> WaveTable:
    """A .sav or .dta file. `encoding` overrides what the file says of itself. Raises ReadProblem.

    User-missing values of SPSS keep their code ('99'), extended missing values of Stata are
    '.a' to '.z', system missing is null. Dates stay the numbers that the file stores.
    """
    if file_format == "dta":
        _check_dta_end(path)
    _, meta = _read(path, file_format, encoding, metadataonly=True)
    names = list(meta.column_names)
    if not names:
        raise ReadProblem("empty_file", "the file has no columns", "Ask for the file again")
    check_names(names)
    if file_format == "sav":
        check_end(path)
    texts = {name: _text_of(file_format, meta.readstat_variable_types[name]) for name in names}
    variables = tuple(
        Variable(name, label or None) for name, label in zip(names, meta.column_labels, strict=True)
    )
    labels = tuple(
        ValueLabel(name, texts[name](code) or "", label)
        for name in names
        for code, label in meta.variable_value_labels.get(name, {}).items()
    )
    return WaveTable(variables, labels, _blocks(path, file_format, encoding, texts))


def _blocks(
    path: Path,
    file_format: str,
    encoding: str | None,
    texts: dict[str, Callable[[Any], str | None]],
) -> Iterator[pa.StringArray]:
    limit = rows_per_block(len(texts))
    offset = 0
    while True:
        columns, _ = _read(path, file_format, encoding, row_offset=offset, row_limit=limit)
        cells = [_column_text(columns[name], text) for name, text in texts.items()]
        n_rows = len(cells[0])
        if n_rows:
            yield block(chain.from_iterable(zip(*cells, strict=True)))
        if n_rows < limit:
            return
        offset += n_rows


def _column_text(values: list[Any], text: Callable[[Any], str | None]) -> list[str | None]:
    # A survey column has few distinct values: each is spelled once.
    spelled = {value: text(value) for value in set(values)}
    return [spelled[value] for value in values]


def _text_of(file_format: str, stored_type: str) -> Callable[[Any], str | None]:
    """The spelling of a column's values, by the type in which the file stores them."""
    if stored_type == "string":
        return value_text
    if file_format == "dta":
        return _stata_single if stored_type == "float" else _stata_number
    return value_text


def _stata_number(value: Any) -> str | None:
    # In a numeric column the reader gives an extended missing value as its bare letter.
    return f".{value}" if isinstance(value, str) else value_text(value)


def _stata_single(value: Any) -> str | None:
    # Widened to double, a single 45.1 would read 45.099998474121094.
    if isinstance(value, float) and not value.is_integer():
        return plain_decimal(str(np.float32(value)))
    return _stata_number(value)


def _read(path: Path, file_format: str, encoding: str | None, **options: Any) -> Any:
    try:
        return READERS[file_format](
            path,
            output_format="dict",
            user_missing=True,
            disable_datetime_conversion=True,
            encoding=CODECS.get(encoding or "", encoding),
            **options,
        )
    except Exception as error:
        if isinstance(error, MemoryError) or is_of_the_disk(error):
            raise
        # Crafted bytes make the reader raise whatever its own code happens to trip over.
        rule = "broken_bytes" if any(words in str(error) for words in NOT_TEXT) else "unreadable_file"
        raise ReadProblem(
            rule,
            f"cannot be read as {file_format} ({str(error) or type(error).__name__})",
            "Check the format and encoding in the samples seed, or ask for the file again",
        ) from error


def _check_dta_end(path: Path) -> None:
    # The reader takes a truncated file for a whole one; files since Stata 13 say where they end.
    with path.open("rb") as stream:
        if stream.read(11) != b"<stata_dta>":
            return
        stream.seek(-min(path.stat().st_size, 64), 2)
        if DTA_END not in stream.read():
            raise ReadProblem(
                "unreadable_file",
                f"the file breaks off: it does not end with {DTA_END.decode()}",
                "Ask for the file again",
            )
