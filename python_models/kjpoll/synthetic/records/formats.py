"""Write raw files as an agency would deliver them, with the same bytes on any day.

Formats that keep a time stamp get the noon of the last day of fieldwork instead of the clock.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat

from kjpoll.synthetic.catalog import Catalog, SyntheticError, SyntheticSample, SyntheticVariable
from kjpoll.synthetic.records.fillers import Column
from kjpoll.synthetic.records.raw_labels import (
    code_labels,
    is_number,
    is_numeric,
    is_tagged,
    missing_codes,
    value_labels,
    variable_label,
)

Columns = dict[str, Column]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TITLES = {
    "KOR": ("한일 국민 상호인식 조사 {wave}년 (한국)", "이 자료는 공표된 결과를 재현하도록 만든 합성 자료(synthetic data)이며 실제 응답이 아님",
            "조사 기간 {start} ~ {end}, 표본 {n}명", "조사 기관 {agency}"),
    "JPN": ("日韓共同世論調査 {wave}年 (日本)", "公表された結果を再現するよう作成した合成データ(synthetic data)であり、実際の回答ではない",
            "調査期間 {start} ~ {end}、標本 {n}人", "調査機関 {agency}"),
}  # fmt: skip

# Column -> code, a number or the letter of a tagged missing one -> label.
Values = dict[str, dict[Any, str]]


def file_label(sample: SyntheticSample) -> str:
    """The label that says what the file is, within the 64 bytes of a sav header."""
    return f"synthetic data: Korea-Japan joint opinion poll, {sample.sample_id}"


def file_bytes(catalog: Catalog, sample: SyntheticSample, columns: Columns) -> bytes:
    """The content of the sample's raw file.

    ``columns`` maps each variable to its verbatim codes, in file order. Raises SyntheticError for an
    unknown format, or a text that the encoding cannot hold.
    """
    writer: Callable[[Catalog, SyntheticSample, Columns], bytes] | None = {
        "csv": _csv, "sav": _sav, "dta": _dta, "xlsx": _xlsx,
    }.get(sample.format)  # fmt: skip
    if writer is None:
        raise SyntheticError(
            f"sample {sample.sample_id}: unknown format {sample.format!r} in survey/samples; "
            "use csv, sav, dta or xlsx"
        )
    return writer(catalog, sample, columns)


def _rows(columns: Columns) -> list[tuple[str, ...]]:
    return list(zip(*columns.values(), strict=True))


def _csv(catalog: Catalog, sample: SyntheticSample, columns: Columns) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(_rows(columns))
    try:
        return text.getvalue().encode(sample.encoding)
    except UnicodeEncodeError as error:
        raise SyntheticError(
            f"sample {sample.sample_id}: {error.object[error.start : error.end]!r} cannot be written in "
            f"{sample.encoding}; use another encoding in survey/samples or another code"
        ) from error


def _described(
    catalog: Catalog, sample: SyntheticSample, columns: Columns
) -> tuple[dict[str, SyntheticVariable], set[str], dict[str, SyntheticVariable]]:
    """The variables by name, the names of those stored as numbers, and those of them that hold answers."""
    variables = {v.variable: v for v in catalog.variables[sample.sample_id]}
    numeric = {name for name, v in variables.items() if is_numeric(catalog, v, columns[name])}
    return variables, numeric, {n: v for n, v in variables.items() if n in numeric and v.role == "answer"}


def _written(write: Callable[[str], None]) -> bytearray:
    """The bytes that ``write`` leaves at the path it is given."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        write(str(path))
        return bytearray(path.read_bytes())


def _stamp(sample: SyntheticSample) -> date:
    return date.fromisoformat(sample.fieldwork_end)


def _sav(catalog: Catalog, sample: SyntheticSample, columns: Columns) -> bytes:
    variables, numeric, coded = _described(catalog, sample, columns)
    frame = pd.DataFrame(
        {
            name: pd.Series([float(c) if c else None for c in column], dtype="float64")
            if name in numeric
            else pd.Series(column, dtype=object)
            for name, column in columns.items()
        }
    )
    labels: dict[str, str | None] = {
        n: _within(variable_label(catalog, v), 255) for n, v in variables.items()
    }
    values: Values = {
        n: {k: _within(t, 119) for k, t in value_labels(catalog, v).items()} for n, v in coded.items()
    }
    missing: dict[str, list[Any]] = {n: missing_codes(catalog, v) for n, v in coded.items()}
    content = _written(
        lambda path: pyreadstat.write_sav(
            frame,
            path,
            file_label=file_label(sample),
            column_labels=labels,
            row_compress=True,
            variable_value_labels={n: t for n, t in values.items() if t},
            missing_ranges={n: codes for n, codes in missing.items() if codes},
            variable_format={n: "F8.0" for n in columns if n in numeric},
            variable_measure={n: "nominal" for n in columns},
        )
    )
    # Bytes 92 to 108 of a sav file are its creation date and time ("dd mmm yyhh:mm:ss").
    day = _stamp(sample)
    content[92:109] = f"{day.day:02d} {_MONTHS[day.month - 1]} {day.year % 100:02d}12:00:00".encode("ascii")
    return bytes(content)


def _dta(catalog: Catalog, sample: SyntheticSample, columns: Columns) -> bytes:
    variables, numeric, coded = _described(catalog, sample, columns)
    tagged = {n: [c for c in missing_codes(catalog, v) if isinstance(c, str)] for n, v in coded.items()}
    frame = pd.DataFrame(
        {
            name: _stata(column) if name in numeric else pd.Series(column, dtype=object)
            for name, column in columns.items()
        }
    )
    values: Values = {n: value_labels(catalog, v) for n, v in coded.items()}
    content = _written(
        lambda path: pyreadstat.write_dta(
            frame,
            path,
            file_label=file_label(sample),
            column_labels={n: variable_label(catalog, v)[:80] for n, v in variables.items()},
            variable_value_labels={n: t for n, t in values.items() if t},
            missing_user_values={n: letters for n, letters in tagged.items() if letters},
        )
    )
    day = _stamp(sample)
    stamp = f"{day.day:02d} {_MONTHS[day.month - 1]} {day.year} 12:00".encode("ascii")
    fixed, n_stamps = re.subn(rb"(?<=<timestamp>\x11).{17}(?=</timestamp>)", stamp, content)
    if n_stamps != 1:
        raise SyntheticError(f"sample {sample.sample_id}: the dta header has no time stamp of the known form")
    return bytes(fixed)


def _stata(column: Column) -> pd.Series:
    """A numeric column as write_dta needs it: tagged missings are letters among numbers.

    With empty cells the numbers have to be floats: beside whole numbers it writes arbitrary memory for them.
    Tags and numbers have to be categories: of an object column it looks at the first hundred cells alone, and takes
    it for text where these are tags.
    """
    number = float if "" in column else int
    values = [code[1:] if is_tagged(code) else number(code) if code else float("nan") for code in column]
    tagged = any(isinstance(value, str) for value in values)
    return pd.Series(values, dtype="category" if tagged else "float64" if "" in column else "int64")


def _within(text: str, size: int) -> str:
    """The longest beginning of ``text`` that fits ``size`` bytes of UTF-8."""
    return text.encode("utf-8")[:size].decode("utf-8", errors="ignore")


def _xlsx(catalog: Catalog, sample: SyntheticSample, columns: Columns) -> bytes:
    book = openpyxl.Workbook()
    noon = datetime.combine(_stamp(sample), datetime.min.time()).replace(hour=12)
    book.properties.title = file_label(sample)
    book.properties.creator = "synthetic"
    book.properties.created = book.properties.modified = noon
    sheet = book.active
    sheet.title = sample.sheet
    for line in _title(sample):
        sheet.append([line or None])
    sheet.append(list(columns))
    for row in _rows(columns):
        sheet.append([_cell(code) for code in row])
    if sample.label_sheet:
        labels = book.create_sheet(sample.label_sheet)
        labels.append(["variable", "code", "label"])
        for variable in catalog.variables[sample.sample_id]:
            labels.append([variable.variable, None, variable_label(catalog, variable)])
            for code, label in code_labels(catalog, variable).items():
                labels.append([variable.variable, _cell(code), label])
    saved = io.BytesIO()
    book.save(saved)
    return _repacked(saved.getvalue(), noon)


def _cell(code: str) -> int | str | None:
    return int(code) if is_number(code) else code or None


def _title(sample: SyntheticSample) -> list[str]:
    """The lines above the header; the one that says 'synthetic' stands first when there is room for one."""
    lines = [
        line.format(
            wave=sample.wave,
            start=sample.fieldwork_start,
            end=sample.fieldwork_end,
            n=sample.n_expected,
            agency=sample.agency,
        )
        for line in _TITLES[sample.country]
    ]
    room = sample.header_row - 1
    if room == 1:
        return [lines[1]]
    return (lines + [""] * room)[:room]


def _repacked(content: bytes, noon: datetime) -> bytes:
    """The same workbook with fixed entry dates and modification time."""
    packed = io.BytesIO()
    stamp = noon.strftime("%Y-%m-%dT%H:%M:%SZ").encode("ascii")
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            entry = zipfile.ZipInfo(name, date_time=noon.timetuple()[:6])
            entry.create_system = 0
            target.writestr(entry, data, compress_type=zipfile.ZIP_DEFLATED, compresslevel=6)
    return packed.getvalue()
