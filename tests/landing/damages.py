"""Damages done to copies of the real wave files, one sample each, and the rule that names each."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Change = Callable[[bytes], bytes]
SHEET = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True)
class Damage:
    """What is done to the file of a sample, and the problem that has to be found there."""

    rule: str
    sample_id: str
    change: Change | Callable[[Path], None]
    says: str
    variable: str | None = None
    row: int | None = None
    on_path: bool = False

    @property
    def name(self) -> str:
        return f"{self.rule}-{self.sample_id}-{self.says}"


def text(encoding: str, change: Callable[[str], str], to: str | None = None) -> Change:
    return lambda content: change(content.decode(encoding)).encode(to or encoding)


def line(number: int, change: Change) -> Change:
    """Change one line, counted from 1, its line break included."""

    def changed(content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        lines[number - 1] = change(lines[number - 1])
        return b"".join(lines)

    return changed


def sheet(change: Callable[[str], str], member: str = SHEET) -> Change:
    """Change the XML of a worksheet."""

    def changed(content: bytes) -> bytes:
        out = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(content)) as old,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for info in old.infolist():
                old_xml = old.read(info)
                xml = change(old_xml.decode()).encode() if info.filename == member else old_xml
                new.writestr(info.filename, xml)
        return out.getvalue()

    return changed


def sheet_row(number: int, change: Callable[[str], str]) -> Change:
    pattern = re.compile(rf'<row r="{number}".*?</row>')
    return sheet(lambda xml: pattern.sub(lambda found: change(found[0]), xml))


def first_rows(n: int) -> Change:
    """The worksheet without its rows after the n-th."""
    return sheet(lambda xml: re.sub(rf'<row r="{n + 1}".*</row>', "", xml))


def bomb(content: bytes) -> bytes:
    """The workbook with a text of 300 MB in its strings, which zip makes small."""
    out = io.BytesIO(content)
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(300):
            member.write(b" " * (1 << 20))
    return out.getvalue()


def zip_of_text(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("answers.csv", "ID,a\n1,2\n")
    return out.getvalue()


def as_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def as_link_out(path: Path) -> None:
    elsewhere = path.parents[2] / f"elsewhere-{path.name}"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def without_last_rows(content: bytes) -> bytes:
    return b"".join(content.splitlines(keepends=True)[:-3])


FORMATS = {"csv": "KOR-2013", "sav": "KOR-2015", "dta": "JPN-2020", "xlsx": "KOR-2016"}
ANY_FORMAT = [
    Damage(rule, sample_id, change, says, on_path=True)
    for sample_id in FORMATS.values()
    for rule, change, says in (
        ("missing_file", Path.unlink, "the file is not in"),
        ("not_a_file", as_directory, "is a directory"),
        ("not_a_file", as_pipe, "is not a regular file"),
        ("unsafe_path", as_link_out, "a link leads out of the raw directory"),
    )
] + [Damage("empty_file", sample_id, lambda _: b"", "the file is empty") for sample_id in FORMATS.values()]
KOREAN, JAPANESE = ("cp949", "cp932")
CSV = [
    Damage("wrong_encoding", "KOR-2013", text(KOREAN, str, "utf-8"), "the file is utf-8 text, not cp949"),
    Damage("wrong_encoding", "KOR-2013", text(KOREAN, str, "utf-8-sig"), "the file is utf-8-sig text, not cp949"),
    Damage("wrong_encoding", "KOR-2013", text(KOREAN, str, "utf-16"), "the file is utf-16 text, not cp949"),
    Damage("wrong_encoding", "KOR-2013", text(KOREAN, str, "utf-16-le"), "the file is utf-16-le text, not cp949"),
    Damage("wrong_encoding", "JPN-2013", text(JAPANESE, str, "utf-8"), "the file is utf-8 text, not cp932"),
    Damage("wrong_encoding", "KOR-2017", text("utf-8-sig", str, "cp949"), "cp949"),
    Damage("wrong_encoding", "KOR-2020", text("utf-8-sig", str, "utf-16"), "the file is utf-16 text"),
    Damage("broken_bytes", "KOR-2013", line(7, lambda b: b.replace(b",", b",\xff\xff", 1)),
           "line 7, column 기타의견: bytes ff at byte", "기타의견", 6),
    Damage("broken_bytes", "JPN-2013", line(7, lambda b: b.replace(b",", b",\xff", 1)), "line 7, column", None, 6),
    Damage("broken_bytes", "KOR-2020", line(7, lambda b: b.replace(b",", b",\xc0\xaf", 1)), "line 7, column Q1", "Q1", 6),
    Damage("broken_bytes", "KOR-2013", line(9, lambda b: b.replace(b",", ",雪 ｱ 髙".encode(JAPANESE), 1)),
           "line 9, column 기타의견", "기타의견", 8),
    Damage("byte_order_mark", "KOR-2013", lambda b: b"\xef\xbb\xbf" + b, "begins with a UTF-8 byte order mark"),
    Damage("nul_byte", "JPN-2013", line(5, lambda b: b.replace(b",", b",\0", 1)), "line 5: NUL byte at byte", None, 4),
    Damage("malformed_record", "KOR-2013", line(5, lambda b: b.replace(b",,", b',",', 1)), "line 5", None, 4),
    Damage("malformed_record", "KOR-2020", line(5, lambda b: b.replace(b",,", b',4",', 1)),
           "line 5: a quotation mark stands inside a cell", None, 4),
    Damage("malformed_record", "KOR-2020", line(5, lambda b: b"\r\n" + b), "line 5 is blank", None, 4),
    Damage("ragged_row", "KOR-2013", line(5, lambda b: b.replace(b",", b",,", 1)), "line 5 has 78 fields", None, 4),
    Damage("ragged_row", "JPN-2013", line(6, lambda b: b.replace(b",", b"", 1)), "line 6 has", None, 5),
    Damage("truncated_file", "KOR-2013", lambda b: b[:-40], "the file breaks off in line 1005", None, 1004),
    Damage("truncated_file", "JPN-2013", lambda b: b[: b.rindex(b"\n", 0, -1) + 20], "the file breaks off", None, 1000),
    Damage("line_too_long", "KOR-2013", lambda b: b.replace(b"\r\n", b",") * 20, "line 1: the record has more"),
    Damage("line_too_long", "JPN-2013", line(9, lambda b: b.replace(b",", b"," + b"x" * (1 << 20), 1)), "line 9", None, 8),
    Damage("too_many_columns", "KOR-2013", line(1, lambda b: b[:-2] + b"".join(b",x%d" % i for i in range(10_000)) + b"\r\n"),
           "the header has 10077 columns"),
    Damage("no_rows", "KOR-2013", lambda b: b.split(b"\n")[0] + b"\n", "no data rows"),
    Damage("invalid_header", "KOR-2013", line(1, lambda b: b.replace("문2_1".encode(KOREAN), "문1".encode(KOREAN))),
           "are both named '문1'"),
    Damage("invalid_header", "KOR-2020", line(1, lambda b: b.replace(b"Q2_1,", b",", 1)), "has no name"),
    Damage("unreadable_file", "KOR-2013", zip_of_text, "it is xlsx"),
    Damage("wrong_n", "KOR-2013", without_last_rows, "the file has 1001 data rows, n_expected is 1004"),
    Damage("no_id_variable", "KOR-2020", line(1, lambda b: b.replace(b"SEQ", b"NR")), "no column 'SEQ'"),
]  # fmt: skip
CUTS = [
    Damage("unreadable_file", sample_id, lambda b, part=part: b[: int(len(b) * part)], "breaks off" if kind == "dta" or (kind, part) == ("sav", 0.98) else "cannot be read as")
    for kind, sample_id in FORMATS.items()
    if kind != "csv"
    for part in (0.1, 0.98)
]  # fmt: skip
BINARY = CUTS + [
    Damage("unreadable_file", "KOR-2015", lambda _: b"ID,a\n1,2\n", "cannot be read as sav (it is text)"),
    Damage("unreadable_file", "KOR-2015", zip_of_text, "it is xlsx"),
    Damage("unreadable_file", "JPN-2020", lambda _: b"ID,a\n1,2\n", "cannot be read as dta (it is text)"),
    Damage("unreadable_file", "KOR-2016", lambda _: b"ID,a\n1,2\n", "cannot be read as xlsx (it is text)"),
    Damage("unreadable_file", "KOR-2016", zip_of_text, "cannot be read as xlsx"),
    Damage("unreadable_file", "KOR-2016", bomb, "xl/sharedStrings.xml unpacks to 314572800 bytes"),
    Damage("leftover_bytes", "KOR-2015", lambda b: b + b[-4000:], "bytes of data follow the last of the 1010 records"),
    Damage("leftover_bytes", "KOR-2015", lambda b: b[:80] + (1009).to_bytes(4, "little") + b[84:],
           "bytes of data follow the last of the 1009 records"),
    Damage("broken_bytes", "KOR-2015", lambda b: b.replace("문".encode(), b"\xff\xfe\xfd", 1), "cannot be read as sav"),
    Damage("invalid_sample", "KOR-2016", sheet(lambda x: x.replace("데이터", "자료"), "xl/workbook.xml"), "no sheet '데이터'"),
    Damage("invalid_sample", "KOR-2016", sheet(lambda x: x.replace("labels", "codes"), "xl/workbook.xml"), "no sheet 'labels'"),
    Damage("invalid_header", "KOR-2016", sheet(lambda x: x.replace(">code<", ">value<"), "xl/worksheets/sheet2.xml"),
           "row 1 of sheet 'labels' is variable, value, label"),
    Damage("empty_file", "KOR-2016", first_rows(2), "has no row 4"),
    Damage("no_rows", "KOR-2016", first_rows(4), "no data rows"),
    Damage("wrong_n", "KOR-2016", first_rows(1000), "996 data rows, n_expected is 1010"),
    Damage("malformed_record", "KOR-2016", sheet_row(20, lambda _: ""), "row 20 is blank, but rows follow it"),
    Damage("ragged_row", "KOR-2016", sheet_row(20, lambda r: r.replace("</row>", '<c r="AZ20"><v>1</v></c></row>')),
           "row 20 has a value in column AZ"),
    Damage("invalid_header", "KOR-2016", sheet_row(4, lambda r: r.replace("&#47928;2_1<", "&#47928;1<")), "are both named '문1'"),
    Damage("too_many_columns", "KOR-2016",
           sheet_row(4, lambda r: r.replace("</row>", '<c r="ZZZ4"><v>1</v></c></row>')), "18278 columns"),
    Damage("no_id_variable", "KOR-2016", sheet_row(4, lambda r: r.replace("&#48264;&#54840;", "NR")), "no column '번호'"),
    Damage("unreadable_file", "KOR-2016", sheet_row(20, lambda r: r.replace('<row r="20"', '<row r="2000000000"')),
           "has rows after row 1048576"),
]  # fmt: skip
DAMAGES = ANY_FORMAT + CSV + BINARY
