"""Files that are read at a time give what they give one after the other: the same landed files, faults and words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from kjpoll.landing import reader_pool
from kjpoll.landing.landing_sample import Sample
from kjpoll.landing.raw_directory import RawFile
from kjpoll.landing.reader_pool import ReadingTask, n_readers
from landing_files import LandingFiles, sample_row

pytestmark = pytest.mark.slow

MB = 1_000_000


def tasks(**sizes: int) -> list[ReadingTask]:
    """Files so many bytes long, by name."""
    files = {name.replace("_", "."): size for name, size in sizes.items()}
    return [
        ReadingTask(RawFile(Path(file), "", size, (0, 0, 0)), Sample.from_row(sample_row(file)), ())
        for file, size in files.items()
    ]


@pytest.mark.parametrize(
    ("sizes", "n"),
    [
        ({}, 1),
        ({"a_csv": 15 * MB, "b_sav": 15 * MB}, 1),
        ({"a_csv": 90 * MB}, 1),
        ({"a_csv": 25 * MB, "b_sav": 25 * MB}, 2),
        ({"a_csv": MB, "b_xlsx": 2 * MB}, 2),
        ({f"a{i}_csv": 25 * MB for i in range(5)}, 3),
    ],
)
def test_several_files_are_read_at_a_time_where_it_pays(
    monkeypatch: pytest.MonkeyPatch, sizes: dict[str, int], n: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    assert n_readers(tasks(**sizes)) == n
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert n_readers(tasks(**sizes)) == 1


@pytest.fixture
def rows(files: LandingFiles) -> list[dict[str, Any]]:
    """Files of four formats, sound and faulty."""
    files.put("A.csv", b"ID,a\n1,x\n2,\n")
    files.put("B.csv", "ID,a\n1,가\n2,나\n".encode("cp949"))
    files.put("C.csv", "ID,a\n1,가\n2,나\n".encode("cp949"))
    files.put("D.csv", b"ID,a\n1,x,y\n2,z\n")
    files.put("E.csv", b"ID,a\n1,\xff\xfe\x81\n2,z\n")
    files.put("F.csv", b"ID,a\n")
    frame = pd.DataFrame({"ID": [1.0, 2.0], "a": ["가", "x"]})
    pyreadstat.write_sav(frame, files.raw / "G.sav")
    pyreadstat.write_dta(frame, files.raw / "H.dta")
    frame.to_excel(files.raw / "I.xlsx", sheet_name="data", index=False)
    (files.raw / "J.sav").write_bytes((files.raw / "G.sav").read_bytes()[:-9])
    pyreadstat.write_sav(frame.assign(a="other"), files.raw / "K.sav")
    return [
        *(sample_row(f"{name}.csv") for name in "AC"),
        sample_row("B.csv", encoding="cp949"),
        *(sample_row(f"{name}.csv") for name in "DEF"),
        *(sample_row(file) for file in ("G.sav", "H.dta", "I.xlsx", "J.sav", "missing.csv")),
        sample_row("K.sav", n_expected=3),
    ]


def at_once(monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    monkeypatch.setattr(reader_pool, "n_readers", lambda tasks: n)


def landed(files: LandingFiles) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in files.landing.iterdir()}


def test_the_same_is_landed_and_the_same_is_said(
    files: LandingFiles, rows: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch, 1)
    faults, found = files.faults(*rows), landed(files)
    assert [fault.split()[0] for fault in faults] == [
        "C.csv", "D.csv", "E.csv", "F.csv", "J.sav", "K.sav", "missing.csv"
    ]  # fmt: skip
    at_once(monkeypatch, 3)
    others = LandingFiles(files.raw, tmp_path / "landed at once")
    assert others.faults(*rows) == faults
    assert landed(others) == found


def test_a_reader_that_is_killed_takes_no_other_file_along(
    files: LandingFiles, rows: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch, 1)
    faults, found = files.faults(*rows), landed(files)
    killed = tmp_path / "killed"
    killed.mkdir()
    (killed / "sitecustomize.py").write_text(
        "import os, signal\n"
        "from kjpoll.landing import reading\n"
        "read_csv = reading.read_csv\n"
        "def read(path, *rest):\n"
        "    if path.name == 'A.csv': os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return read_csv(path, *rest)\n"
        "reading.read_csv = read\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(killed))
    at_once(monkeypatch, 2)
    others = LandingFiles(files.raw, tmp_path / "landed at once")
    first, *rest = others.faults(*rows)
    assert first == (
        "A.csv (sample A): cannot be read as csv (the reader was killed, as happens where memory runs out). "
        "Run the build again with more free memory; if it ends so again, ask for the file again."
    )
    assert rest == faults
    assert landed(others).items() < found.items() | landed(others).items()
    assert {name for name in found if name.startswith("A-")} == found.keys() - landed(others).keys()
