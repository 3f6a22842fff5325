"""The labels of a codebook as the project keeps them: beside the wave file, a row for each column and each code."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from kjpoll.common.sidecar import SidecarError, labels_path, read_sidecar
from kjpoll.landing import LandingError, Problem
from kjpoll.landing.label_sheet import HEADER
from kjpoll.onboarding.label_entry import ColumnLabels

# Of a sidecar: what the file was called from which the labels beside the wave file were taken.
CODEBOOK = "labels_delivered_as"


def kept_labels(raw_file: Path, sample_id: str) -> dict[str, ColumnLabels]:
    """variable -> its labels, from the file that is kept beside the wave file of a sample; empty where there is none. Raises LandingError."""
    path = labels_path(raw_file)
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            header, *rows = list(csv.reader(stream, strict=True)) or [[]]
    except (ValueError, csv.Error) as error:
        raise _broken(path, sample_id, f"cannot be read ({error})") from error
    if header != HEADER:
        raise _broken(path, sample_id, f"begins with {','.join(header)}, not {','.join(HEADER)}")
    of_variables: dict[str, str] = {}
    of_codes: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows, start=2):
        if len(row) != len(HEADER) or not row[0]:
            raise _broken(path, sample_id, f"row {number} has not the cells {','.join(HEADER)}")
        variable, code, label = row
        codes = of_codes.setdefault(variable, {})
        if code:
            codes[code] = label
        else:
            of_variables[variable] = label
    return {
        variable: ColumnLabels(of_variables.get(variable, ""), codes) for variable, codes in of_codes.items()
    }


def codebook_name(raw_file: Path) -> str:
    """What the codebook was called that gave the labels beside a wave file, as its sidecar says; else what their file is called."""
    try:
        stated = read_sidecar(raw_file) or {}
    except SidecarError:
        # Landing reports it.
        stated = {}
    return str(stated.get(CODEBOOK) or labels_path(raw_file).name)


def kept_content(labels: Mapping[str, ColumnLabels]) -> bytes:
    """What the file that is kept says."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for variable, of_column in labels.items():
        if of_column.label:
            writer.writerow([variable, "", of_column.label])
        writer.writerows([variable, code, label] for code, label in of_column.codes.items())
    return stream.getvalue().encode("utf-8")


def _broken(path: Path, sample_id: str, what: str) -> LandingError:
    fix = "Correct it, restore it from version control, or remove it and give the codebook again with kjpoll add-wave --labels"
    return LandingError([Problem("unreadable_file", str(path), sample_id, what, fix)])
