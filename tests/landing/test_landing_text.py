"""Delimited files in utf-16, with other delimiters than a comma, and with lines above the header."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kjpoll.landing.limits import RECORD_BYTES
from kjpoll.landing.text_lines import DELIMITERS
from landing_files import LandingFiles, sample_row

MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
# Ċ (U+010A), ਊ (U+0A0A) and 😊 (a surrogate pair) have the byte of the line feed, or two code units.
TRICKY = "무응답 Ċ ਊ Āਅ 😊 髙～"


@pytest.fixture(params=MARKS)
def codec(request: pytest.FixtureRequest) -> str:
    return request.param


def marked(text: str, codec: str) -> bytes:
    return MARKS[codec] + text.encode(codec)


def utf_16(**changes: object) -> dict[str, object]:
    return sample_row("KOR.csv", encoding="utf-16", **changes)


def test_utf_16_is_landed_as_written(files: LandingFiles, codec: str) -> None:
    files.put("KOR.csv", marked(f'ID,문1,問2\r\n 01 ,"{TRICKY}",\r\n2,"a ""b"",\nc",1.0\r\n', codec))
    (landed,) = files.land(utf_16())
    assert files.cells(landed) == [[" 01 ", TRICKY, None], ["2", 'a "b",\nc', "1.0"]]
    assert [row["variable"] for row in files.rows(landed, "variable")] == ["ID", "문1", "問2"]


@given(
    codec=st.sampled_from(sorted(MARKS)),
    sign=st.sampled_from(sorted(DELIMITERS)),
    junk=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\r")), max_size=3),
    rows=st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))] * 2),
        min_size=1,
        max_size=6,
    ),
)
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back(
    files: LandingFiles, codec: str, sign: str, junk: list[str], rows: list[tuple[str, str]]
) -> None:
    stream = io.StringIO(newline="")
    stream.writelines(f"{line}\n" for line in junk)
    csv.writer(stream, quoting=csv.QUOTE_ALL, delimiter=DELIMITERS[sign]).writerows([("ID", "a"), *rows])
    files.put("KOR.csv", marked(stream.getvalue(), codec))
    row = utf_16(delimiter=sign, header_row=len(junk) + 1, n_expected=len(rows))
    (landed,) = files.land(row)
    assert files.cells(landed) == [[cell or None for cell in row] for row in rows]


def test_odd_byte_at_the_end(files: LandingFiles, codec: str) -> None:
    content = marked("ID,a\n1,2\n2,3\n", codec)
    files.put("KOR.csv", content[:-1])
    (problem,) = files.problems(utf_16())
    assert (problem.rule, problem.row) == ("truncated_file", 2)
    assert problem.what == "the file breaks off in line 3, its last record"


def test_a_cut_surrogate_pair(files: LandingFiles, codec: str) -> None:
    files.put("KOR.csv", marked("ID,a\n1,2\n2,😊", codec)[:-2])
    (problem,) = files.problems(utf_16())
    assert (problem.rule, problem.what) == (
        "truncated_file",
        "the file breaks off in line 3, its last record",
    )


def test_a_lone_surrogate_is_located(files: LandingFiles, codec: str) -> None:
    head = marked("ID,a,문2\n1,2,3\n2,3,", codec)
    files.put("KOR.csv", head + "\ud83d".encode(codec, "surrogatepass") + "x\n".encode(codec))
    (problem,) = files.problems(utf_16())
    assert (problem.rule, problem.row, problem.variable) == ("broken_bytes", 2, "문2")
    assert f"line 3, column 문2: bytes {'3d d8' if codec == 'utf-16-le' else 'd8 3d'}" in problem.what
    assert f"at byte {len(head)} of the file are not utf-16 text" in problem.what


def test_a_lost_byte_does_not_pass(files: LandingFiles, codec: str) -> None:
    """All that follows it is other text, line feeds included."""
    content = marked("ID,a\n1,가\n2,나\n", codec)
    files.put("KOR.csv", content[:9] + content[10:])
    (problem,) = files.problems(utf_16())
    assert problem.rule in ("truncated_file", "broken_bytes", "ragged_row", "no_rows", "malformed_record")


def test_nul_character_is_located(files: LandingFiles, codec: str) -> None:
    head = marked("ID,a\n1,2\n2,", codec)
    files.put("KOR.csv", head + "\0003\n".encode(codec))
    (problem,) = files.problems(utf_16())
    assert problem.rule == "nul_byte"
    assert problem.what == f"line 3: NUL byte at byte {len(head)} of the file"


@pytest.mark.parametrize("filling", ["가", "ਊ", "Ċ"])
def test_a_line_without_end_is_not_collected(files: LandingFiles, codec: str, filling: str) -> None:
    files.put("KOR.csv", marked("ID,a\n1," + filling * RECORD_BYTES + "\n", codec))
    (problem,) = files.problems(utf_16())
    assert (problem.rule, problem.row) == ("line_too_long", 1)
    assert problem.what == f"line 2: the record has more than {RECORD_BYTES} bytes"


@pytest.mark.parametrize(
    ("content", "rule", "says"),
    [
        (b"ID,a\n1,2\n2,3\n", "wrong_encoding", "the file is utf-8 text, not utf-16"),
        (b"\xef\xbb\xbfID,a\n1,2\n2,3\n", "wrong_encoding", "the file is utf-8-sig text, not utf-16"),
        ("ID,a\n1,무응답\n2,3\n".encode("cp949"), "wrong_encoding", "the file is cp949 text, not utf-16"),
        ("ID,a\n1,2\n2,3\n".encode("utf-16-be"), "wrong_encoding",
         "the file is utf-16-be text, not utf-16 (it has no byte order mark)"),
        (b"ID,a\n1,\xff\xff\n2,3\n", "broken_bytes", "does not begin with the byte order mark of utf-16"),
        (codecs.BOM_UTF16_LE, "empty_file", "the file is empty"),
    ],
)  # fmt: skip
def test_what_is_not_utf_16(files: LandingFiles, content: bytes, rule: str, says: str) -> None:
    files.put("KOR.csv", content)
    (problem,) = files.problems(utf_16())
    assert problem.rule == rule
    assert says in problem.what


def test_utf_16_that_the_seed_calls_something_else(files: LandingFiles, codec: str) -> None:
    files.put("KOR.csv", marked("ID,a\n1,2\n2,3\n", codec))
    (problem,) = files.problems(sample_row("KOR.csv", encoding="cp949"))
    assert problem.what == "the file is utf-16 text, not cp949"
    assert problem.fix == "Set encoding to utf-16 in the samples seed"


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_delimiters(files: LandingFiles, delimiter: str) -> None:
    sign = DELIMITERS[delimiter]
    others = "".join(delimiter for delimiter in DELIMITERS.values() if delimiter != sign)
    files.put("KOR.csv", f'ID{sign}a\n1{sign}{others}\n2{sign}"x{sign}""y"""\n'.encode())
    (landed,) = files.land(sample_row("KOR.csv", delimiter=delimiter))
    assert files.cells(landed) == [["1", others], ["2", f'x{sign}"y"']]
    assert landed.delimiter == delimiter


def test_faults_name_the_delimiter(files: LandingFiles) -> None:
    files.put("KOR.csv", b"ID\ta\n1\t2\n2\t3\t4\n")
    assert "Quote the cell that holds a tab" in files.fault(sample_row("KOR.csv", delimiter="tab"))


def test_a_quotation_mark_inside_a_cell_is_refused_with_any_delimiter(files: LandingFiles) -> None:
    files.put("KOR.csv", b'ID|a\n1|2\n2|3"4\n')
    fault = files.fault(sample_row("KOR.csv", delimiter="pipe"))
    assert "line 3: a quotation mark stands inside a cell" in fault


@pytest.mark.parametrize("cells", ["2\n2;3", "2,5\n2;3"])
def test_another_delimiter_than_the_seed_gives(files: LandingFiles, cells: str) -> None:
    """The header is one column; a comma in a cell of the first row makes it ragged besides."""
    files.put("KOR.csv", f"ID;a\n1;{cells}\n".encode())
    (problem,) = files.problems(sample_row("KOR.csv"))
    assert problem.rule == "invalid_sample"
    assert problem.what == "the header makes sense with delimiter semicolon, not with comma"
    assert problem.fix == "Set delimiter to semicolon in the samples seed"


def test_lines_above_the_header(files: LandingFiles) -> None:
    head = '한일 국민 상호인식 조사, 2023년\n"표본, 1010명\n\n'.encode("cp949")
    files.put("KOR.csv", head + b"ID,a\n1,2\n2,3\n")
    (landed,) = files.land(sample_row("KOR.csv", encoding="cp949", header_row=4))
    assert files.cells(landed) == [["1", "2"], ["2", "3"]]


@pytest.mark.parametrize(
    ("tail", "says"),
    [
        (b"ID,a\n1,2\n2,3,4\n", "line 5 has 3 fields, the header has 2"),
        (b"ID,a\n1,2\n\n", "line 5 is blank. Remove the line"),
        (b"\nID,a\n1,2\n", "line 3 is blank. Correct header_row"),
        (b"ID,a\n1,2\n2,\xff\n", "line 5, column a: bytes ff at byte 18 of the file"),
        (b"", "the file has no line 3, where the header should be. Correct header_row"),
    ],
)
def test_faults_below_lines_above_the_header(files: LandingFiles, tail: bytes, says: str) -> None:
    files.put("KOR.csv", b"title\n\n" + tail)
    assert says in files.fault(sample_row("KOR.csv", header_row=3))


def test_the_encoding_is_recognised_by_the_header_below_other_lines(files: LandingFiles) -> None:
    text = "설문\n번호,문1\n1,무응답\n2,모름\n"
    files.put("KOR.csv", text.encode("cp949"))
    row = sample_row("KOR.csv", header_row=2, id_variable="번호")
    assert "the file is cp949 text, not utf-8" in files.fault(row)


def test_another_delimiter_or_header_row_lands_again(files: LandingFiles) -> None:
    files.put("KOR.csv", b"ID;a,b\n1;2,3\n2;3,4\n")
    (one,) = files.land(sample_row("KOR.csv", delimiter="semicolon"))
    (other,) = files.land(sample_row("KOR.csv", delimiter="comma", id_variable="ID;a"))
    assert files.path(one, "answer") != files.path(other, "answer")
