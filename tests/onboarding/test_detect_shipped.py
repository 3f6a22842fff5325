"""The shipped wave files, as they are and as another agency might have sent them."""

from __future__ import annotations

import codecs
import csv
import io
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from kjpoll.landing.guard import GuardedReader
from kjpoll.landing.text_lines import DELIMITERS
from kjpoll.onboarding.detect import NAMES, detect

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).resolve().parents[2]
RAW = CHECKOUT / "data" / "raw"
with (CHECKOUT / "dbt_project/seeds/survey/samples.csv").open(encoding="utf-8", newline="") as stream:
    SAMPLES = {row["sample_id"]: row for row in csv.DictReader(stream)}
MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
TITLES = {
    "KOR": ['2024년 조사, 최종본 12" 화면', "", "한일 국민 상호인식"],
    "JPN": ['2024年調査、12" 画面', "", "日韓"],
}


@pytest.fixture(scope="module")
def reader() -> Iterator[GuardedReader]:
    with GuardedReader() as reader:
        yield reader


def seed_cells(sample_id: str, **changes: str) -> dict[str, str]:
    return {name: SAMPLES[sample_id][name] for name in NAMES} | changes


@pytest.mark.parametrize("sample_id", SAMPLES)
def test_what_the_samples_seed_says(sample_id: str, reader: GuardedReader) -> None:
    detection = detect(RAW / SAMPLES[sample_id]["file"], reader=reader)
    assert detection.cells() == seed_cells(sample_id)
    assert detection.ties == []
    assert list(detection.findings) == [name for name in NAMES if name != "header_rows"]
    assert all(finding.confidence > 0.9 for finding in detection.findings.values())


def rows_of(sample_id: str, n_rows: int) -> list[list[str]]:
    sample = SAMPLES[sample_id]
    with (RAW / sample["file"]).open(encoding=sample["encoding"], newline="") as stream:
        return list(csv.reader(stream))[:n_rows]


def written(rows: list[list[str]], encoding: str, delimiter: str, titles: Sequence[str] = ()) -> bytes:
    text = io.StringIO(newline="")
    text.writelines(f"{title}\r\n" for title in titles)
    csv.writer(text, delimiter=DELIMITERS[delimiter]).writerows(rows)
    return MARKS.get(encoding, b"") + text.getvalue().encode(encoding)


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize(
    ("sample_id", "encoding"),
    [
        (sample_id, encoding)
        for sample_id, own in (("KOR-2014", "cp949"), ("JPN-2015", "cp932"), ("KOR-2017", "cp949"))
        for encoding in (own, "utf-8", "utf-8-sig", *MARKS)
    ],
)
@pytest.mark.parametrize("titled", [False, True], ids=["plain", "titled"])
def test_written_in_another_way(
    tmp_path: Path, reader: GuardedReader, sample_id: str, encoding: str, delimiter: str, titled: bool
) -> None:
    """Another encoding and delimiter, with titles above the header; the cells hold ; | and , themselves."""
    titles = TITLES[SAMPLES[sample_id]["country"]] if titled else []
    path = tmp_path / "wave.txt"
    path.write_bytes(written(rows_of(sample_id, 80), encoding, delimiter, titles))
    detection = detect(path, reader=reader)
    expected = "utf-16" if encoding in MARKS else encoding
    if encoding in ("utf-8", "cp949") and path.read_bytes().isascii():
        expected = "utf-8"
    assert detection.cells() == seed_cells(
        sample_id,
        encoding=expected,
        delimiter="" if delimiter == "comma" else delimiter,
        header_row="4" if titled else "1",
    )
    assert detection.ties == []


def test_titles_that_a_spreadsheet_pads_with_delimiters(tmp_path: Path, reader: GuardedReader) -> None:
    rows = rows_of("KOR-2014", 80)
    padded = [["한일 조사", *[""] * (len(rows[0]) - 1)], [""] * len(rows[0])]
    path = tmp_path / "wave.csv"
    path.write_bytes(written([*padded, *rows], "cp949", "comma"))
    assert detect(path, reader=reader).cells() == seed_cells("KOR-2014", header_row="3")


@pytest.mark.parametrize("sample_id", ["KOR-2023", "KOR-2022", "KOR-2016", "KOR-2014"])
def test_the_name_of_the_file_tells_nothing(tmp_path: Path, reader: GuardedReader, sample_id: str) -> None:
    suffix = ".dta" if SAMPLES[sample_id]["format"] != "dta" else ".csv"
    path = tmp_path / f"wave{suffix}"
    shutil.copyfile(RAW / SAMPLES[sample_id]["file"], path)
    assert detect(path, reader=reader).cells() == seed_cells(sample_id)


def test_sheets_in_another_order_with_notes_before_them(tmp_path: Path, reader: GuardedReader) -> None:
    shipped = openpyxl.load_workbook(RAW / SAMPLES["KOR-2016"]["file"], read_only=True)
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "안내"
    for line in (["이 파일은"], ["조사 기간", "2016"], ["문의", "a@b.kr"]):
        notes.append(line)
    for title, sheet in {"codes": shipped["labels"], "응답 (최종)": shipped["데이터"]}.items():
        book.create_sheet(title)
        for row in sheet.iter_rows(max_row=80, values_only=True):
            book[title].append(row)
    book["응답 (최종)"].insert_rows(1, 3)
    path = tmp_path / "wave.xlsx"
    book.save(path)
    detection = detect(path, reader=reader)
    changes = {"sheet": "응답 (최종)", "label_sheet": "codes", "header_row": "7"}
    assert detection.cells() == seed_cells("KOR-2016", **changes)
    assert detection.ties == []
