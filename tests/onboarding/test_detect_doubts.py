"""Made files in which two things fit equally well, or nothing does: no guess is made of either."""

from __future__ import annotations

import codecs
import gzip
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from kjpoll.landing.guard import GuardedReader
from kjpoll.onboarding.detect import Detection, DetectionError, Finding, detect

CHECKOUT = Path(__file__).resolve().parents[2]
RAW = CHECKOUT / "data" / "raw"
N = 40
Look = Callable[..., Detection]


@pytest.fixture(scope="module")
def reader() -> Iterator[GuardedReader]:
    with GuardedReader() as reader:
        yield reader


@pytest.fixture
def look(tmp_path: Path, reader: GuardedReader) -> Look:
    """Detect a file of this content."""

    def look(content: bytes, name: str = "wave.csv", **answers: str) -> Detection:
        path = tmp_path / name
        path.write_bytes(content)
        return detect(path, answers=answers, reader=reader)

    return look


def table(header: str, row: Callable[[int], str], n: int = N) -> str:
    return "\n".join([header, *(row(number) for number in range(1, n + 1)), ""])


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def answers_sheet(n: int = N, width: int = 4) -> list[list[Any]]:
    names = ["ID", *(f"Q{i}" for i in range(1, width))]
    return [names, *([number, *[number % 4 + 1] * (width - 1)] for number in range(1, n + 1))]


def values(finding: Finding) -> list[Any]:
    return [finding.value, *(value for value, _, _ in finding.alternatives)]


# Ties


@pytest.mark.parametrize("names", ["ID,SEQ", "번호,일련번호", "整理番号,サンプル番号", "caseid,resp_no"])
def test_two_identifiers(look: Look, names: str) -> None:
    detection = look(table(f"{names},Q1", lambda n: f"{n},{1000 - n},{n % 4}").encode())
    (finding,) = detection.ties
    assert (finding.name, sorted(values(finding))) == ("id_variable", sorted(names.split(",")))
    chosen = names.split(",")[1]
    answered = detect(detection.path, answers={"id_variable": chosen})
    assert answered.findings["id_variable"].value == chosen
    assert answered.ties == []


def test_an_identifier_by_name_beats_other_numbers_of_its_own(look: Look) -> None:
    detection = look(table("serial,start,Q1,응답자번호", lambda n: f"x{n},{n}00,{n % 4},{5000 - n}").encode())
    assert (
        detection.findings["id_variable"].value in ("serial", "응답자번호")
        and detection.findings["id_variable"].is_tie
    )
    detection = look(table("text,start,Q1,응답자번호", lambda n: f"x{n},{n}00,{n % 4},{5000 - n}").encode())
    assert detection.findings["id_variable"].value == "응답자번호"
    assert detection.ties == []
    assert {value for value, _, _ in detection.findings["id_variable"].alternatives} == {"text", "start"}


def test_two_nameless_identifiers(look: Look) -> None:
    detection = look(table("a,b,Q1", lambda n: f"{n},{1000 - n},{n % 4}").encode())
    assert [finding.name for finding in detection.ties] == ["id_variable"]


def test_an_identifier_that_repeats_is_hardly_believed(look: Look) -> None:
    detection = look(table("ID,Q1", lambda n: f"{max(n, 2)},{n % 4}").encode())
    finding = detection.findings["id_variable"]
    assert finding.value == "ID" and finding.confidence < 0.5
    assert "0 are empty and 1 repeat another" in finding.why


def test_bytes_that_are_text_in_two_encodings(look: Look) -> None:
    """ｱﾝｹｰ of a Japanese system is 금물 on a Korean one."""
    content = table("ID,Q1", lambda n: f"{n},{n % 4}").encode().replace(b"Q1", "ｱﾝｹｰ".encode("cp932"))
    detection = look(content)
    (finding,) = detection.ties
    assert (finding.name, sorted(values(finding))) == ("encoding", ["cp932", "cp949"])
    for encoding, name in (("cp932", "ｱﾝｹｰ"), ("cp949", "금물")):
        answered = look(content, encoding=encoding, id_variable="ID")
        assert answered.ties == [] and answered.findings["encoding"].value == encoding
        with pytest.raises(DetectionError, match=f"the 2 columns begin: ID, {name}"):
            look(content, encoding=encoding, id_variable="x")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("번호", "cp949"), ("問１", "cp932"), ("はい", "cp932"), ("성별 연령 지역", "cp949"),
     ("整理番号", "cp932"), ("選択", "cp932"),
     ("번호", "utf-8"), ("年齢", "utf-8"), ("café", "utf-8")],
)  # fmt: skip
def test_one_word_is_enough_where_it_tells(look: Look, text: str, encoding: str) -> None:
    content = table(f"ID,{text}", lambda n: f"{n},{n % 4}").encode(encoding)
    finding = look(content, id_variable="ID").findings["encoding"]
    assert finding.value == encoding or finding.is_tie and encoding in values(finding)
    assert text == "café" or not finding.is_tie


def test_ascii_is_no_tie(look: Look) -> None:
    finding = look(table("ID,Q1", lambda n: f"{n},{n % 4}").encode()).findings["encoding"]
    assert (finding.value, finding.confidence, finding.is_tie) == ("utf-8", 1.0, False)
    assert "the same in utf-8, cp949 and cp932" in finding.why


@pytest.mark.parametrize(
    ("header", "row"),
    [("ID;a,b;c,d", "{};{},{};1,2"), ("ID;a,b,c;d", "{};{},{},2;1")],
    ids=["even", "uneven"],
)
def test_two_delimiters(look: Look, header: str, row: str) -> None:
    detection = look(table(header, lambda n: row.format(n, n % 4, n % 3)).encode())
    (finding,) = [finding for finding in detection.ties if finding.name == "delimiter"]
    assert sorted(values(finding)) == ["comma", "semicolon"]
    answered = detect(detection.path, answers={"delimiter": "semicolon"})
    assert (answered.findings["delimiter"].value, answered.findings["id_variable"].value) == (
        "semicolon",
        "ID",
    )


def test_the_answer_comma(look: Look) -> None:
    content = table("ID;a,b;c,d", lambda n: f"{n};x,{n % 3};1,2").encode()
    assert look(content, delimiter="comma", id_variable="ID;a").findings["delimiter"].value == "comma"
    assert look(content, delimiter="", id_variable="ID;a").findings["delimiter"].value is None


def test_decimal_commas_are_no_delimiter(look: Look) -> None:
    detection = look(table("ID;WT;Q1", lambda n: f"{n};{n % 2},{n % 10};{n % 4}").encode())
    assert (detection.findings["delimiter"].value, detection.ties) == ("semicolon", [])


def test_names_under_names(look: Look) -> None:
    text = "번호,인상,성별\nID,Q1,SEX\n" + table("", lambda n: f"{n},{n % 4},{n % 2}").lstrip()
    detection = look(text.encode())
    (finding,) = [finding for finding in detection.ties if finding.name == "header_row"]
    assert values(finding) == [1, 2]
    assert detect(detection.path, answers={"header_row": "2"}).findings["id_variable"].value == "ID"


def test_two_data_sheets(look: Look) -> None:
    detection = look(workbook(final=answers_sheet(), draft=answers_sheet(30)))
    (finding,) = detection.ties
    assert (finding.name, values(finding)) == ("sheet", ["final", "draft"])
    assert detect(detection.path, answers={"sheet": "draft"}).ties == []


def test_a_tie_is_reported_though_its_first_candidate_cannot_be_read(look: Look) -> None:
    final = answers_sheet()
    final[20].append("beyond the header")
    detection = look(workbook(final=final, draft=answers_sheet(30)))
    assert [finding.name for finding in detection.ties] == ["sheet"]
    finding = detection.findings["id_variable"]
    assert (finding.value, finding.why) == (None, "it is not known before sheet is chosen")
    assert detect(detection.path, answers={"sheet": "draft"}).findings["id_variable"].value == "ID"
    with pytest.raises(DetectionError, match="row 21 has a value in column E, the header ends in column D"):
        detect(detection.path, answers={"sheet": "final"})


def test_two_label_sheets(look: Look) -> None:
    labels = [["variable", "code", "label"], ["Q1", None, "인상"], ["Q1", 1, "좋음"]]
    detection = look(workbook(data=answers_sheet(), labels=labels, labels_en=labels))
    (finding,) = detection.ties
    assert (finding.name, values(finding)) == ("label_sheet", ["labels", "labels_en"])
    assert (
        look(workbook(data=answers_sheet(), a=labels, b=labels), label_sheet="").findings["label_sheet"].value
        is None
    )


def test_labels_in_another_shape_are_reported(look: Look) -> None:
    codebook = [["변수", "값", "설명"], ["Q1", 1, "좋음"], ["Q2", 1, "좋음"], ["Q3", 1, "좋음"]]
    finding = look(workbook(data=answers_sheet(), codebook=codebook)).findings["label_sheet"]
    assert finding.value is None and finding.confidence <= 0.5
    assert (
        "sheet 'codebook' speaks of the columns, but its first row is not variable, code, label"
        in finding.why
    )


def test_two_weights(look: Look) -> None:
    detection = look(table("ID,wt1,wt2", lambda n: f"{n},{0.5 + n % 2},{0.9 + 0.2 * (n % 2):.1f}").encode())
    (finding,) = detection.ties
    assert (finding.name, values(finding)) == ("weight_variable", ["wt1", "wt2"])


@pytest.mark.parametrize("name", ["WT", "weight", "가중치", "ウェイト", "ウエイト値"])
def test_a_weight_by_its_name(look: Look, name: str) -> None:
    finding = look(table(f"ID,{name},Q1", lambda n: f"{n},{0.5 + n % 2},{n % 4}").encode()).findings[
        "weight_variable"
    ]
    assert finding.value == name and finding.confidence > 0.9


def test_weights_that_do_not_average_one_are_believed_less(look: Look) -> None:
    finding = look(table("ID,WT", lambda n: f"{n},{500 + n % 2}").encode()).findings["weight_variable"]
    assert finding.value == "WT" and finding.confidence < 0.8 and "average 500.500" in finding.why


def test_no_weight_is_made_of_what_is_none(look: Look) -> None:
    finding = look(table("ID,WT", lambda n: f"{n},{n % 2 - 1}").encode()).findings["weight_variable"]
    assert (
        finding.value is None and "'WT' is called a weight, but not all its cells are positive" in finding.why
    )
    finding = look(table("ID,x", lambda n: f"{n},{0.5 + n % 2}").encode()).findings["weight_variable"]
    assert finding.value is None and finding.alternatives[0][0] == "x" and not finding.is_tie


def test_a_sav_whose_own_word_is_wrong(tmp_path: Path, reader: GuardedReader) -> None:
    """Korean text in a file that calls itself utf-8."""
    path = tmp_path / "wave.sav"
    frame = pd.DataFrame({"ID": range(1, 21), "Q1": [1, 2] * 10})
    label = "상대국에 대한 인상은 어떻습니까"
    pyreadstat.write_sav(frame, path, column_labels=["a", "x" * len(label.encode("cp949"))])
    content = path.read_bytes()
    path.write_bytes(content.replace(b"x" * len(label.encode("cp949")), label.encode("cp949")))
    finding = detect(path, reader=reader).findings["encoding"]
    assert finding.value == "cp949" and not finding.is_tie
    assert "not all of it can be read in the encoding that it names itself" in finding.why


@pytest.mark.parametrize(
    ("label", "encoding"),
    [("상대국에 대한 인상은 어떻습니까", "cp949"), ("相手国に対する印象をお答えください", "cp932")],
)
def test_an_old_dta_that_names_no_encoding(
    tmp_path: Path, reader: GuardedReader, label: str, encoding: str
) -> None:
    """Each byte of it is a western letter too."""
    path = tmp_path / "wave.dta"
    held = "x" * len(label.encode(encoding))
    frame = pd.DataFrame({"ID": range(1, 21), "Q1": [1, 2] * 10})
    pyreadstat.write_dta(frame, path, column_labels=["a", held], version=12)
    path.write_bytes(path.read_bytes().replace(held.encode(), label.encode(encoding)))
    finding = detect(path, reader=reader).findings["encoding"]
    assert finding.value == encoding and not finding.is_tie
    pyreadstat.write_dta(frame, path, column_labels=["a", "number"], version=12)
    assert detect(path, reader=reader).findings["encoding"].value is None


# Errors


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return out.getvalue()


GOOD = table("ID,Q1", lambda n: f"{n},{n % 4}")
JAPANESE = table("番号,年齢", lambda n: f"{n},{'はい' if n % 2 else 'いいえ、違います'}")
UNREADABLE = {
    "empty": (b"", "it is empty. Ask for the file again"),
    "gzip": (gzip.compress(GOOD.encode()), "a gzip archive, which the project does not read. Unpack it"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Save it as .xlsx without a password"),
    "zip": (zipped(answers_csv=GOOD), "it is a zip archive of answers.csv. Unpack it"),
    "xlsb": (zipped(xl__workbook_bin=""), "Save it as .xlsx"),
    "ods": (zipped(mimetype="application/ods"), "OpenDocument"),
    "broken zip": (zipped(answers_csv=GOOD)[:40], "is damaged"),
    "web page": (b"\n<HTML><table>", "a web page"),
    "binary": (bytes(range(256)) * 9, "it holds NUL bytes"),
    "utf-16 without mark": (GOOD.encode("utf-16-be"), "UTF-16 without a byte order mark. Save it as CSV UTF-8"),
    "cut utf-16": (codecs.BOM_UTF16_LE + GOOD.encode("utf-16-le")[:-1],
                   "has the bytes 0a, which are not utf-16"),
    "euc-jp": (JAPANESE.encode("euc_jp"), "EUC-JP, which the project does not read. Save it as CSV UTF-8"),
    "jis": (JAPANESE.encode("iso2022_jp"), "JIS with escape codes, which the project does not read"),
    "bad bytes": (JAPANESE.encode("cp932") + b"41,\xff\n", "its text is cp932 but for 1 of"),
    "bad bytes after a mark": (b"\xef\xbb\xbf" + GOOD.encode() + b"41,\xff\n",
                               "the byte order mark of utf-8-sig, but line 42"),
    "one column": (table("ID", lambda n: f"{n}").encode(), "parts the cells (comma, semicolon, tab, pipe)"),
    "no header": (table("1,2,3", lambda n: f"{n},2,3").encode(), "no line is a row of names"),
    "prose": (b"This is a letter.\nIt has lines.\n\nBye.\n" * 20, "no line is a row of names"),
    "ragged": ((GOOD + "41,2,3\n").encode(), "line 42 has 3 fields, the header has 2"),
    "no identifier": (table("Q1,Q2", lambda n: f"{n % 3},{n % 4}").encode(),
                      "no column is filled and different"),
    "long line": (b"ID,Q1\n1," + b"x" * (1 << 21), "line 2 has more than 1048576 bytes"),
    "no table": (workbook(notes=[["hello"], ["world"]]), "no sheet has a row of names above rows of answers"),
    "no cells": (workbook(empty=[]), "no sheet has a row of names"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_unreadable(look: Look, case: str) -> None:
    content, says = UNREADABLE[case]
    with pytest.raises(DetectionError) as caught:
        look(content)
    assert str(caught.value).startswith("wave.csv: ") and says in str(caught.value)
    assert caught.value.fix


@pytest.mark.parametrize("file", ["2015/KOR.sav", "2020/JPN.dta", "2016/KOR.xlsx"])
@pytest.mark.parametrize("part", [0.1, 0.98])
def test_cut_files(look: Look, file: str, part: float) -> None:
    content = (RAW / file).read_bytes()
    with pytest.raises(DetectionError, match="[Aa]sk for"):
        look(content[: int(len(content) * part)])


def test_a_zip_bomb_is_refused(look: Look) -> None:
    out = io.BytesIO((RAW / "2016/KOR.xlsx").read_bytes())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * (70 << 20))
    with pytest.raises(DetectionError, match="unpacks to 73400320 bytes"):
        look(out.getvalue())


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(DetectionError, match="there is no such file. Name a file that exists"):
            detect(path)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"n_expected": "3"}, "n_expected is nothing that a file tells"),
        ({"format": "ods"}, "'ods'"),
        ({"format": "sav"}, "cannot be read as sav"),
        ({"encoding": "latin-2"}, "'latin-2'"),
        (
            {"encoding": "utf-16"},
            "it does not begin with the byte order mark of utf-16. Answer encoding otherwise",
        ),
        ({"encoding": "utf-8-sig", "format": "xlsx"}, "cannot be read as xlsx"),
        ({"delimiter": ";"}, "';'"),
        ({"delimiter": "tab"}, "whatever parts the cells (tab)"),
        ({"header_row": "first"}, "'first'"),
        ({"header_row": "99"}, "line 99 is no row of names"),
        ({"id_variable": "SEQ"}, "there is no column 'SEQ'; the 2 columns begin: ID, Q1"),
        ({"weight_variable": "WT"}, "there is no column 'WT'"),
        ({"sheet": "data"}, "'data'"),
    ],
)
def test_answers_that_cannot_be(look: Look, answers: dict[str, str], says: str) -> None:
    with pytest.raises(DetectionError) as caught:
        look(GOOD.encode(), **answers)
    assert says in str(caught.value)


def test_a_sheet_that_is_not_there(look: Look) -> None:
    with pytest.raises(DetectionError, match="there is no sheet 'x'; there are: data"):
        look(workbook(data=answers_sheet()), sheet="x")


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(work))
    path = tmp_path / "wave.dta"
    shutil.copyfile(RAW / "2020/JPN.dta", path)
    detect(path)
    assert list(work.iterdir()) == []
