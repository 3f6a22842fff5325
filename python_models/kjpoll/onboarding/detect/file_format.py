"""What format a file has, by its first bytes, and what to do with one that the project does not read."""

from __future__ import annotations

import zipfile
from pathlib import Path

from kjpoll.landing.reading import format_of
from kjpoll.onboarding.detect.finding import DetectionError, Finding

# What files begin with that agencies send and the project does not read, and what to do with them.
UNREAD = {
    b"\xd0\xcf\x11\xe0": (
        "an Excel workbook of before 2007, or a protected one",
        "Save it as .xlsx without a password",
    ),
    b"\x1f\x8b": ("a gzip archive", "Unpack it and name the file inside"),
    b"7z\xbc\xaf": ("a 7z archive", "Unpack it and name the file inside"),
    b"Rar!": ("a rar archive", "Unpack it and name the file inside"),
    b"%PDF": ("a PDF", "Ask for the data file"),
    b"RDX": ("an R data file", "Save it as .sav, .dta or CSV UTF-8"),
    b"HEADER RECORD*******": ("a SAS transport file", "Save it as .sav, .dta or CSV UTF-8"),
    b"<!DOCTYPE": ("a web page", "Open it in a spreadsheet and save it as .xlsx"),
    b"<html": ("a web page", "Open it in a spreadsheet and save it as .xlsx"),
    b"<?xml": ("an XML file", "Open it in a spreadsheet and save it as .xlsx"),
}
NAMES = {"sav": "an SPSS file", "dta": "a Stata file", "xlsx": "an Excel workbook"}


def find_format(path: Path) -> Finding:
    """The format by what the file holds, whatever its name. Raises DetectionError."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise DetectionError(path, "it is empty", "Ask for the file again")
    for start, (what, fix) in UNREAD.items():
        if head.lstrip().lower().startswith(start.lower()):
            raise DetectionError(path, f"it is {what}, which the project does not read", fix)
    file_format = format_of(head)
    if file_format == "xlsx":
        _check_workbook(path)
    if file_format is None:
        return Finding("format", "csv", 0.99, f"it is text: it begins as none of {', '.join(NAMES.values())}")
    named = path.suffix[1:].lower()
    against = f", though its name ends in .{named}" if named != file_format else ""
    return Finding("format", file_format, 1.0, f"it begins as {NAMES[file_format]} does{against}")


def _check_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        what = f"it begins as an Excel workbook and breaks off or is damaged ({error})"
        raise DetectionError(path, what, "Ask for the file again") from error
    if "xl/workbook.xml" in members:
        return
    if "xl/workbook.bin" in members:
        raise DetectionError(path, "it is a binary Excel workbook (.xlsb)", "Save it as .xlsx")
    if "mimetype" in members:
        raise DetectionError(path, "it is an OpenDocument file", "Save it as .xlsx")
    shown = ", ".join(members[:5]) + (", ..." if len(members) > 5 else "")
    raise DetectionError(path, f"it is a zip archive of {shown}", "Unpack it and name the file inside")
