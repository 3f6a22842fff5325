"""Western text in one byte a character is offered, as sure as its letters make it, and left to a person where it may be other text."""

from __future__ import annotations

from pathlib import Path

import pytest
from kjpoll.onboarding.detect.encoding import check_encoding, find_encoding
from kjpoll.onboarding.detect.finding import DetectionError

FRENCH = "ID,Q1\n1,Très favorable\n2,Plutôt défavorable\n3,déjà vu\n"
GERMAN = "ID,Frage\n1,Für Österreich möglich\n2,Weiß nicht\n3,größtenteils schön\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "wave.csv"


@pytest.mark.parametrize("text", [FRENCH, GERMAN])
def test_letters_that_latin_1_has_are_latin_1(path: Path, text: str) -> None:
    path.write_bytes(text.encode("latin-1"))
    finding = find_encoding(path)
    assert (finding.value, finding.is_tie) == ("latin-1", False)
    assert 0.95 < finding.confidence < 1 and "no other encoding fits" in finding.why
    check_encoding(path, "latin-1")
    check_encoding(path, "windows-1252")


def test_signs_that_latin_1_lacks_are_windows_1252(path: Path) -> None:
    path.write_bytes((FRENCH + "4,“été” – 3 €\n").encode("windows-1252"))
    assert find_encoding(path).value == "windows-1252"
    check_encoding(path, "windows-1252")
    with pytest.raises(DetectionError, match="line 5 has the bytes 93, which are not latin-1"):
        check_encoding(path, "latin-1")


def test_few_letters_are_not_sure_and_two_are_no_text(path: Path) -> None:
    path.write_bytes("ID,a\n1,été\n2,né\n".encode("latin-1"))
    assert find_encoding(path).confidence == 0.875
    path.write_bytes("ID,a\n1,été\n2,ne\n".encode("latin-1"))
    with pytest.raises(DetectionError):
        find_encoding(path)


def test_what_is_japanese_too_is_open(path: Path) -> None:
    path.write_bytes("ID,a\n1,élève bénéfice\n".encode("latin-1"))
    finding = find_encoding(path)
    assert finding.is_tie
    assert {value for value, _ in finding.choices} == {"latin-1", "cp932"}


@pytest.mark.parametrize("text", [FRENCH, GERMAN])
def test_the_same_text_in_utf_8_is_utf_8(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
    finding = find_encoding(path)
    assert (finding.value, finding.confidence) == ("utf-8", 1.0)
    assert not {value for value, _ in finding.choices} & {"latin-1", "windows-1252"}


@pytest.mark.parametrize(
    ("text", "encoding"), [("무응답 좋다", "cp949"), ("テスト", "cp932"), ("ﾃｽﾄ回答", "cp932")]
)
def test_korean_and_japanese_are_not_offered_as_western(path: Path, text: str, encoding: str) -> None:
    path.write_bytes(f"ID,a\n1,{text}\n".encode(encoding))
    finding = find_encoding(path)
    assert finding.value == encoding
    assert not {value for value, _ in finding.choices} & {"latin-1", "windows-1252"}


def test_an_undefined_byte_is_damage(path: Path) -> None:
    path.write_bytes((FRENCH + "4,“été”\n").encode("windows-1252") + b"5,x\x81\n")
    with pytest.raises(
        DetectionError, match=r"is windows-1252 but for 1 of \d lines .* line 6 has the bytes 81"
    ):
        find_encoding(path)
