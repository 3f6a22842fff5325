"""Delimited files: verbatim text in four encodings, and each way in which one is refused."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kjpoll.landing import wave_table
from landing_files import LandingFiles, sample_row

KOREAN = "무응답 / 모르겠다 뷁"
JAPANESE = "どちらともいえない ①髙～"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp949", KOREAN),
        ("cp932", JAPANESE),
        ("utf-8-sig", KOREAN + JAPANESE),
        ("utf-8", KOREAN + JAPANESE),
    ],
)
def test_text_is_landed_as_written(files: LandingFiles, encoding: str, text: str) -> None:
    content = f'ID,문1,問2\r\n 01 ,"{text}",\r\n2,"a ""b"",\nc",1.0\r\n'
    if encoding == "cp932":
        content = content.replace("문1", "問1")
    files.put("KOR.csv", content.encode(encoding))
    (landed,) = files.land(sample_row("KOR.csv", encoding=encoding))
    assert files.cells(landed) == [[" 01 ", text, None], ["2", 'a "b",\nc', "1.0"]]
    names = [row["variable"] for row in files.rows(landed, "variable")]
    assert names == ["ID", "問1" if encoding == "cp932" else "문1", "問2"]
    assert (landed.n_rows, landed.n_columns) == (2, 3)
    assert landed.bytes == len(content.encode(encoding))


def test_last_line_may_lack_its_line_feed(files: LandingFiles) -> None:
    files.put("KOR.csv", b"ID,a\n1,2\n2,3")
    (landed,) = files.land(sample_row("KOR.csv"))
    assert files.cells(landed) == [["1", "2"], ["2", "3"]]


def test_blocks_join_without_a_seam(files: LandingFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wave_table, "BLOCK_CELLS", 7)
    lines = [[str(row), str(row * row), ""] for row in range(1, 12)]
    files.put("KOR.csv", "\n".join(",".join(line) for line in [["ID", "a", "b"], *lines]).encode())
    (landed,) = files.land(sample_row("KOR.csv", n_expected=11))
    assert files.cells(landed) == [[a, b, None] for a, b, _ in lines]


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="cp949", exclude_characters="\0"))] * 2),
        min_size=1,
        max_size=8,
    )
)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back(files: LandingFiles, rows: list[tuple[str, str]]) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerows([("ID", "a"), *rows])
    files.put("KOR.csv", stream.getvalue().encode("cp949"))
    (landed,) = files.land(sample_row("KOR.csv", encoding="cp949", n_expected=len(rows)))
    assert files.cells(landed) == [[cell or None for cell in row] for row in rows]


def test_undecodable_byte_is_located(files: LandingFiles) -> None:
    head = "ID,문1,문2\n1,가,나\n2,".encode("cp949")
    files.put("2023/KOR.csv", head + b"\xff\xff,3\n")
    fault = files.fault(sample_row("2023/KOR.csv", encoding="cp949"))
    assert fault.startswith("2023/KOR.csv (sample KOR): line 3, column 문1: bytes ff")
    assert f"at byte {len(head)} of the file are not cp949 text" in fault


def test_undecodable_byte_in_a_cell_of_several_lines(files: LandingFiles) -> None:
    head = b'ID,a,b\n1,2,"x,\ny'
    files.put("KOR.csv", head + b"\xe3\n" + b'",\n')
    fault = files.fault(sample_row("KOR.csv"))
    assert f"line 3, column b: bytes e3 at byte {len(head)} of the file" in fault


def test_byte_offset_counts_the_byte_order_mark(files: LandingFiles) -> None:
    files.put("KOR.csv", b"\xef\xbb\xbfID,\xff\n1,2\n")
    fault = files.fault(sample_row("KOR.csv", encoding="utf-8-sig"))
    assert "line 1: bytes ff at byte 6 of the file" in fault


def test_byte_order_mark_is_kept_inside_the_file(files: LandingFiles) -> None:
    files.put("KOR.csv", b"\xef\xbb\xbfID,a\n\xef\xbb\xbf1,2\n2,3\n")
    (landed,) = files.land(sample_row("KOR.csv", encoding="utf-8-sig"))
    assert files.cells(landed)[0] == ["\ufeff1", "2"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "begins with a UTF-8 byte order mark. Set encoding to utf-8-sig"),
        (b"ID,a\n", "has a header and no data rows"),
        (b"ID,a,a\n1,2,3\n", "columns 2 and 3 are both named 'a'"),
        (b"ID,,a\n1,2,3\n", "column 2 of 3 has no name"),
        (b"ID, ,a\n1,2,3\n", "column 2 of 3 has no name"),
        (b"ID,a\n1,2\n3\n", "line 3 has 1 fields, the header has 2"),
        (b'ID,a\n1,"2\n2"\n3,4,5\n', "line 4 has 3 fields, the header has 2"),
        (b"ID,a\n1,2\n\n2,3\n", "line 3 is blank"),
        (b"ID,a\n1,2\n2,\x003\n", "line 3: NUL byte at byte 11 of the file"),
        ("ID,a\n1,2\n".encode("utf-16-le"), "the file is utf-16-le text, not utf-8"),
        ("ID,a\n1,2\n".encode("utf-16"), "the file is utf-16 text, not utf-8"),
        (b'ID,a\n1,2\n2,"3\n', "line 3: not a well-formed record (unexpected end of data)"),
        (b'ID,a\n1,2\n2,"3"x\n', "line 3: not a well-formed record"),
        (b"ID,a\r1,2\r2,3\r", "line 1: not a well-formed record"),
    ],
)
def test_refused(files: LandingFiles, content: bytes, expected: str) -> None:
    files.put("KOR.csv", content)
    fault = files.fault(sample_row("KOR.csv"))
    assert fault.startswith("KOR.csv (sample KOR): ")
    assert expected in fault
    assert not list(files.landing.glob("*.answer.parquet")) if files.landing.exists() else True
    assert not list(files.landing.glob("*.tmp")) if files.landing.exists() else True
