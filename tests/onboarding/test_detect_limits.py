"""Absurd and random files end in a DetectionError, and fill no memory."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kjpoll.landing.guard import GuardedReader
from kjpoll.landing.landing_sample import Sample
from kjpoll.onboarding.detect import DetectionError, detect

pytestmark = pytest.mark.slow

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
MB = 1 << 20
# Detects files one after the other and says what was found of each, and by how much the peak memory
# grew over all in MB.
MEASURE = """
import json, resource, sys
from pathlib import Path
from kjpoll.onboarding.detect import DetectionError, detect
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
says = []
for name in sys.argv[1:]:
    try:
        says.append(str({f.name: f.value for f in detect(Path(name)).findings.values()}))
    except DetectionError as error:
        says.append(str(error))
print(json.dumps([says, peak() - before]))
"""


@pytest.fixture(scope="module")
def reader() -> Iterator[GuardedReader]:
    with GuardedReader() as reader:
        yield reader


def test_absurd_files_fill_no_memory(tmp_path: Path) -> None:
    """300 MB of nothing after the beginning of each format, and a record that has no end."""
    beginnings = {
        b"ID,a\n" + b"1,2\n" * 2000: "line 2002 has more than 1048576 bytes",
        b"$FL2": "cannot be read as sav",
        b"<stata_dta>": "the file breaks off",
        b"PK\x03\x04": "is damaged",
    }
    paths = []
    for number, head in enumerate(beginnings):
        paths.append(tmp_path / f"{number}.csv")
        with paths[-1].open("wb") as stream:
            stream.write(head)
            stream.truncate(300 * MB)
    paths.append(tmp_path / "open.csv")
    paths[-1].write_bytes(b'ID,a\n1,"2\n' + (b"x" * 1_000_000 + b"\n") * 50)
    done = subprocess.run([sys.executable, "-c", MEASURE, *paths], capture_output=True, text=True, check=True)
    found, grown = json.loads(done.stdout)
    for says, expected in zip(found, [*beginnings.values(), "line 2"], strict=True):
        assert expected in says
    assert grown < 100


@pytest.mark.parametrize(
    "file", ["2014/KOR.csv", "2015/JPN.csv", "2015/KOR.sav", "2020/JPN.dta", "2016/KOR.xlsx"]
)
def test_random_damage_is_reported_or_harmless(tmp_path: Path, reader: GuardedReader, file: str) -> None:
    """Whatever is detected in spite of the damage can be landed: its cells are a row of the samples seed."""
    draw = random.Random(file)
    whole = (RAW / file).read_bytes()
    content = b"".join(whole.splitlines(keepends=True)[:60]) if file.endswith("csv") else whole
    path = tmp_path / f"wave{Path(file).suffix}"
    n_named = 0
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
            n_named += 1
            continue
        cells = {name: finding.value for name, finding in detection.findings.items()}
        Sample.from_row(cells | {"sample_id": "x", "file": path.name, "n_expected": 1})
    assert n_named
