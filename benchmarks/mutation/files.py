"""Corruptions of the bytes of a file, and of what stands under its name."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable

from benchmarks.mutation.case import Case, NotApplicable, kind
from tests.support.wave_edit import refresh_sidecar

ENCODINGS = ("cp949", "cp932", "utf-8", "utf-8-sig")


def _rewrite(case: Case, sample_id: str, change: Callable[[bytes], bytes]) -> None:
    path = case.path(sample_id)
    before = path.read_bytes()
    after = change(before)
    if before == after:
        raise NotApplicable
    path.write_bytes(after)
    refresh_sidecar(path)


def _lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


@kind("wrong_encoding", "byte_order_mark", "broken_bytes")
def wrong_encoding_declared(case: Case) -> str:
    sample_id = case.sample("csv")
    own = case.samples[sample_id]["encoding"]
    other = case.one(encoding for encoding in ENCODINGS if encoding != own)
    case.project.change("survey/samples", {"sample_id": sample_id}, encoding=other)
    return f"{sample_id}: {other} instead of {own}"


@kind("wrong_encoding", "broken_bytes")
def mixed_encodings(case: Case) -> str:
    """Some lines in another encoding, as after a paste."""
    sample_id = case.sample("csv")
    own = case.samples[sample_id]["encoding"].removesuffix("-sig")
    other = case.one(encoding for encoding in ("cp949", "cp932", "utf-8") if encoding != own)

    def change(content: bytes) -> bytes:
        lines = _lines(content)
        foreign = [n for n, line in enumerate(lines) if n and not line.isascii()]
        for number in case.some(foreign, 1, 20):
            try:
                lines[number] = lines[number].decode(own).encode(other)
            except UnicodeEncodeError:
                raise NotApplicable from None
        return b"".join(lines)

    _rewrite(case, sample_id, change)
    return f"{sample_id}: lines in {other}"


@kind("broken_bytes", "wrong_encoding")
def bytes_broken(case: Case) -> str:
    sample_id = case.sample("csv")

    def change(content: bytes) -> bytes:
        broken = bytearray(content)
        for _ in range(case.random.randint(1, 8)):
            broken[case.random.randrange(len(broken))] = case.random.choice((0xFF, 0xFE, 0x81, 0xC0))
        return bytes(broken)

    _rewrite(case, sample_id, change)
    return sample_id


@kind("nul_byte")
def nul_byte(case: Case) -> str:
    sample_id = case.sample("csv")

    def change(content: bytes) -> bytes:
        at = case.random.randrange(len(content))
        return content[:at] + b"\0" * case.random.randint(1, 64) + content[at:]

    _rewrite(case, sample_id, change)
    return sample_id


@kind("byte_order_mark")
def byte_order_mark(case: Case) -> str:
    """A mark that the encoding does not have, or a second one."""
    sample_id = case.sample("csv")
    mark = case.one((codecs.BOM_UTF8, codecs.BOM_UTF8, codecs.BOM_UTF16_LE))
    _rewrite(case, sample_id, lambda content: mark + content)
    return f"{sample_id}: {mark.hex(' ')}"


@kind("ragged_row")
def stray_delimiter(case: Case) -> str:
    sample_id = case.sample("csv")

    def change(content: bytes) -> bytes:
        lines = _lines(content)
        number = case.random.randrange(1, len(lines))
        # Never inside quotes, where it would be part of a cell.
        if b'"' in lines[number]:
            raise NotApplicable
        at = case.one([n for n, sign in enumerate(lines[number]) if sign == ord(",")])
        lines[number] = lines[number][:at] + b"," + lines[number][at:]
        return b"".join(lines)

    _rewrite(case, sample_id, change)
    return sample_id


@kind("ragged_row")
def field_missing_in_a_row(case: Case) -> str:
    sample_id = case.sample("csv")

    def change(content: bytes) -> bytes:
        lines = _lines(content)
        number = case.random.randrange(1, len(lines))
        if b'"' in lines[number]:
            raise NotApplicable
        fields = lines[number].split(b",")
        del fields[case.random.randrange(len(fields) - 1)]
        lines[number] = b",".join(fields)
        return b"".join(lines)

    _rewrite(case, sample_id, change)
    return sample_id


@kind("malformed_record")
def stray_quotation_mark(case: Case) -> str:
    sample_id = case.sample("csv")

    def change(content: bytes) -> bytes:
        lines = _lines(content)
        number = case.random.randrange(1, len(lines))
        if b'"' in lines[number]:
            raise NotApplicable
        first, *rest = lines[number].split(b",")
        at = case.random.randrange(len(rest) - 1)
        rest[at] = b'"' + rest[at]
        lines[number] = b",".join([first, *rest])
        return b"".join(lines)

    _rewrite(case, sample_id, change)
    return sample_id


@kind("malformed_record")
def blank_line(case: Case) -> str:
    sample_id = case.sample("csv")

    def change(content: bytes) -> bytes:
        lines = _lines(content)
        lines.insert(case.random.randrange(1, len(lines)), b"\r\n")
        return b"".join(lines)

    _rewrite(case, sample_id, change)
    return sample_id


@kind("truncated_file", "wrong_n", "ragged_row", "malformed_record", "broken_bytes", "no_rows")
def text_file_cut(case: Case) -> str:
    sample_id = case.sample("csv")
    where = {}

    def change(content: bytes) -> bytes:
        where["at"] = case.random.randrange(1, len(content))
        return content[: where["at"]]

    _rewrite(case, sample_id, change)
    return f"{sample_id}: after byte {where['at']}"


@kind("unreadable_file", "wrong_n")
def binary_file_cut(case: Case) -> str:
    sample_id = case.sample("sav", "dta", "xlsx")
    where = {}

    def change(content: bytes) -> bytes:
        where["at"] = case.random.randrange(1, len(content))
        return content[: where["at"]]

    _rewrite(case, sample_id, change)
    return f"{sample_id} ({case.samples[sample_id]['format']}): after byte {where['at']}"


@kind(
    "unreadable_file",
    "invalid_header",
    "unknown_variable",
    "missing_variable",
    "unknown_code",
    "wrong_n",
    "duplicate_respondent",
    "number_out_of_range",
    "contradicting_label",
    "wrong_sample",
    "no_id_variable",
    "broken_bytes",
    "duplicate_label",
)
def binary_file_overwritten(case: Case) -> str:
    """64 random bytes somewhere in the file."""
    sample_id = case.sample("sav", "dta", "xlsx")
    where = {}

    def change(content: bytes) -> bytes:
        where["at"] = case.random.randrange(len(content) - 64)
        return content[: where["at"]] + case.random.randbytes(64) + content[where["at"] + 64 :]

    _rewrite(case, sample_id, change)
    return f"{sample_id} ({case.samples[sample_id]['format']}): from byte {where['at']}"


@kind("unreadable_file")
def other_format_under_the_name(case: Case) -> str:
    sample_id = case.sample("sav", "dta", "xlsx")
    content = case.one(
        [b"PK\x03\x04" + case.random.randbytes(500), b"id,Q1\r\n1,2\r\n", b"<html>not found</html>"]
    )
    _rewrite(case, sample_id, lambda _: content)
    return f"{sample_id}: {content[:8]!r}"


@kind("empty_file")
def file_of_no_bytes(case: Case) -> str:
    sample_id = case.sample()
    _rewrite(case, sample_id, lambda _: b"")
    return sample_id


@kind("no_rows")
def only_a_header(case: Case) -> str:
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        wave.rows = []
    return f"{sample_id} ({case.samples[sample_id]['format']})"


@kind("too_many_columns")
def absurd_number_of_columns(case: Case) -> str:
    sample_id = case.sample("csv")

    def change(content: bytes) -> bytes:
        names = b"".join(b",N%d" % number for number in range(70_000))
        head, *lines = _lines(content)
        return b"".join(
            [
                head.rstrip(b"\r\n") + names + b"\r\n",
                *(line.rstrip(b"\r\n") + b"," * 70_000 + b"\r\n" for line in lines[:3]),
                *lines[3:],
            ]
        )

    _rewrite(case, sample_id, change)
    return sample_id


@kind("line_too_long")
def endless_line(case: Case) -> str:
    sample_id = case.sample("csv")

    def change(content: bytes) -> bytes:
        lines = _lines(content)
        number = case.random.randrange(1, len(lines))
        return b"".join([*lines[:number], b"1" * 40_000_000 + b"\r\n", *lines[number:]])

    _rewrite(case, sample_id, change)
    return sample_id


@kind("not_a_file")
def directory_under_the_name(case: Case) -> str:
    sample_id = case.sample()
    case.path(sample_id).unlink()
    case.path(sample_id).mkdir()
    return sample_id


@kind("unsafe_path")
def link_out_of_the_directory(case: Case) -> str:
    sample_id = case.sample()
    outside = case.project.root / "build" / "outside"
    outside.write_bytes(case.path(sample_id).read_bytes())
    case.path(sample_id).unlink()
    case.path(sample_id).symlink_to(os.path.relpath(outside, case.path(sample_id).parent))
    return sample_id


@kind("unsafe_path")
def name_that_leads_out(case: Case) -> str:
    sample_id = case.sample()
    case.project.change(
        "survey/samples", {"sample_id": sample_id}, file=f"../raw/{case.samples[sample_id]['file']}"
    )
    return sample_id


@kind("missing_file")
def file_missing(case: Case) -> str:
    sample_id = case.sample()
    case.path(sample_id).unlink()
    return sample_id


@kind("unlisted_file")
def file_unlisted(case: Case) -> str:
    sample_id = case.sample()
    path = case.path(sample_id)
    other = path.with_name(f"{path.stem}_final{path.suffix}")
    other.write_bytes(path.read_bytes())
    return other.name
