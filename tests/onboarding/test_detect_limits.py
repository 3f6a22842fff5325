"""Absurd and random files end in a DetectionError, and fill no memory."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from python_models.landing.guard import GuardedReader
from python_models.landing.sample import Sample
from python_models.onboarding.detect import DetectionError, detect

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
MB = 1 << 20
# Detects one file and says what was found, and by how much the peak memory grew in MB.
MEASURE = """
import json, resource, sys
from pathlib import Path
from python_models.onboarding.detect import DetectionError, detect
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
try:
    says = str({f.name: f.value for f in detect(Path(sys.argv[1])).findings.values()})
except DetectionError as error:
    says = str(error)
print(json.dumps([says, peak() - before]))
"""


@pytest.fixture(scope="module")
def reader() -> Iterator[GuardedReader]:
    with GuardedReader() as reader:
        yield reader


def measured(path: Path) -> tuple[str, int]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    says, grown = json.loads(done.stdout)
    return says, grown


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"ID,a\n" + b"1,2\n" * 2000, "line 2002 has more than 1048576 bytes"),
        (b"$FL2", "cannot be read as sav"),
        (b"<stata_dta>", "the file breaks off"),
        (b"PK\x03\x04", "is damaged"),
    ],
)
def test_much_of_nothing(tmp_path: Path, head: bytes, says: str) -> None:
    path = tmp_path / "wave.csv"
    with path.open("wb") as stream:
        stream.write(head)
        stream.truncate(300 * MB)
    found, grown = measured(path)
    assert says in found and grown < 60


def test_long_lines_and_an_open_quotation_mark(tmp_path: Path) -> None:
    """Each line is short enough, and the record that the mark opens has no end."""
    path = tmp_path / "wave.csv"
    path.write_bytes(b'ID,a\n1,"2\n' + (b"x" * 1_000_000 + b"\n") * 100)
    found, grown = measured(path)
    assert found.startswith("wave.csv: ") and grown < 100


@pytest.mark.parametrize(
    "file", ["2014/KOR.csv", "2015/JPN.csv", "2015/KOR.sav", "2020/JPN.dta", "2016/KOR.xlsx"]
)
def test_random_damage_is_told_or_harmless(tmp_path: Path, reader: GuardedReader, file: str) -> None:
    """Whatever is detected in spite of the damage can be landed: its cells are a row of the samples seed."""
    draw = random.Random(file)
    whole = (RAW / file).read_bytes()
    content = b"".join(whole.splitlines(keepends=True)[:60]) if file.endswith("csv") else whole
    path = tmp_path / f"wave{Path(file).suffix}"
    told = 0
    for _ in range(25 if file.endswith("csv") else 5):
        damaged = bytearray(content)
        for _ in range(draw.randint(1, 4)):
            place = draw.randrange(len(damaged))
            damaged[place : place + draw.randint(0, 3)] = draw.randbytes(draw.randint(0, 3))
        path.write_bytes(damaged)
        try:
            detection = detect(path, reader=reader)
        except DetectionError as error:
            assert error.what and error.fix
            told += 1
            continue
        cells = {name: finding.value for name, finding in detection.findings.items()}
        Sample.from_row(cells | {"sample_id": "x", "file": path.name, "n_expected": 1})
    assert told
