"""Files in latin-1 and windows-1252, in which nearly every byte is some letter: what is other text does not pass for them."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from kjpoll.landing.western_text import SINGLE_BYTE
from landing_files import LandingFiles, sample_row

FRENCH = "ID,réponse,pays\n1,Très favorable,déjà vu\n2,Plutôt défavorable,à côté\n"
GERMAN = "ID,Antwort,Größe\n1,Überwiegend dafür,größer\n2,Weiß nicht,süß\n"
# Signs that windows-1252 has where latin-1 has control characters.
QUOTED = "ID,réponse,prix\n1,“Très” favorable,3 €\n2,Plutôt – défavorable,à côté\n"
UNDEFINED = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")


def cells(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()[1:]]


def western(encoding: str, **changes: object) -> dict[str, object]:
    return sample_row("FRA.csv", encoding=encoding, **changes)


@pytest.mark.parametrize(
    ("text", "encoding"), [*product((FRENCH, GERMAN), SINGLE_BYTE), (QUOTED, "windows-1252")]
)
def test_western_text_is_landed_as_written(files: LandingFiles, text: str, encoding: str) -> None:
    files.put("FRA.csv", text.encode(encoding))
    (landed,) = files.land(western(encoding))
    assert files.cells(landed) == cells(text)
    names = [row["variable"] for row in files.rows(landed, "variable")]
    assert names == text.splitlines()[0].split(",")


@pytest.mark.parametrize("byte", UNDEFINED)
@pytest.mark.parametrize("encoding", SINGLE_BYTE)
def test_a_byte_that_neither_defines_is_located(files: LandingFiles, encoding: str, byte: bytes) -> None:
    head = "ID,réponse,pays\n1,Très favorable,".encode(encoding)
    files.put("FRA.csv", head + byte + b"\n2,x,y\n")
    (problem,) = files.problems(western(encoding))
    assert (problem.rule, problem.variable) == ("broken_bytes", "pays")
    assert (
        f"line 2, column pays: bytes {byte.hex()} at byte {len(head)} of the file are not {encoding} text"
        in problem.what
    )


@pytest.mark.parametrize(
    ("text", "is_in", "declared", "says"),
    [
        (FRENCH, "utf-8", "latin-1", "utf-8 text, not latin-1"),
        (GERMAN, "utf-8", "windows-1252", "utf-8 text, not windows-1252"),
        (FRENCH, "utf-8-sig", "latin-1", "utf-8-sig text, not latin-1"),
        (QUOTED, "windows-1252", "latin-1", "windows-1252 text, not latin-1"),
        (FRENCH, "latin-1", "utf-8", "latin-1 text, not utf-8"),
        (QUOTED, "windows-1252", "utf-8", "windows-1252 text, not utf-8"),
        (GERMAN, "latin-1", "cp949", "latin-1 text, not cp949"),
        ("ID,문1\n1,무응답\n2,좋다\n", "cp949", "latin-1", "cp949 text, not latin-1"),
        ("ID,問1\n1,ｱﾝｹｰﾄ調査\n2,どちらとも言えない、無回答\n", "cp932", "windows-1252", "cp932 text, not windows-1252"),
        # A letter before an ASCII letter is a Japanese character too: a person has to look.
        ("ID,a\n1,élève\n2,bénéfice\n", "latin-1", "utf-8", "cp932 or latin-1 text, not utf-8"),
    ],
)  # fmt: skip
def test_what_the_seed_calls_something_else(
    files: LandingFiles, text: str, is_in: str, declared: str, says: str
) -> None:
    files.put("FRA.csv", text.encode(is_in))
    (problem,) = files.problems(western(declared))
    assert problem.rule == "wrong_encoding"
    assert says in problem.what
    assert problem.fix == f"Set encoding to {says.split(' text')[0]} in the samples seed"


def test_a_few_signs_of_windows_in_many_lines_are_no_damage(files: LandingFiles) -> None:
    lines = "".join(f"{number},été\n" for number in range(1, 40))
    files.put("FRA.csv", f"ID,a\n{lines}40,l’été\n".encode("windows-1252"))
    assert "is windows-1252 text, not latin-1" in files.fault(western("latin-1", n_expected=40))


@pytest.mark.parametrize("encoding", SINGLE_BYTE)
@pytest.mark.parametrize(
    "text",
    [
        "ID,a\n1,yes\n2,no\n",
        "ID,a\n1,Montréal\n2,no\n",
        "ID,a\n1,Montréal\n2,Universität\n",
        "ID,GRÖSSEÄÖÜ\n1,GrößeÄÖÜ\n2,ÑÑ\n",
        "ID,a\n1,ØÆÅ\n2,ÄÖ\n",
        "ID,a\n1,20 °C\n2,30 °C\n",
    ],
)
def test_what_may_be_western_text_is_not_called_other_text(
    files: LandingFiles, text: str, encoding: str
) -> None:
    """ASCII is every encoding; the letters of a few words, or of words in capitals, are Japanese and Korean characters too."""
    files.put("FRA.csv", text.encode(encoding))
    (landed,) = files.land(western(encoding))
    assert files.cells(landed) == cells(text)


def test_text_of_other_western_letters_passes(files: LandingFiles) -> None:
    """Signs that questionnaires seldom have are no proof of another encoding."""
    text = "ID,a\n1,ƒ ¥ ¤\n2,¼ ˜½\n"
    files.put("FRA.csv", text.encode("windows-1252"))
    (landed,) = files.land(western("windows-1252"))
    assert files.cells(landed) == cells(text)


@pytest.mark.parametrize("encoding", [None, *SINGLE_BYTE])
def test_dta_of_old_stata(files: LandingFiles, encoding: str | None) -> None:
    """Stata before 14 wrote western text in one byte a character and did not say so."""
    frame = pd.DataFrame({"ID": [1, 2], "t": ["déjà", "côté"]})
    path = files.raw / "FRA.dta"
    frame.to_stata(path, version=114, variable_labels={"t": "Réponse à côté"}, write_index=False)
    (landed,) = files.land(sample_row("FRA.dta", encoding=encoding))
    assert files.cells(landed) == [["1", "déjà"], ["2", "côté"]]
    assert [row["label"] for row in files.rows(landed, "variable")] == [None, "Réponse à côté"]


def test_small_and_large_numbers_have_no_exponent(files: LandingFiles) -> None:
    numbers = [0.00001, -2.5, 1e16]
    frame = pd.DataFrame({"ID": [1, 2, 3], "wide": numbers, "narrow": pd.array(numbers, dtype="float32")})
    frame.to_stata(files.raw / "FRA.dta", write_index=False)
    (landed,) = files.land(sample_row("FRA.dta", n_expected=3))
    assert [row[1] for row in files.cells(landed)] == ["0.00001", "-2.5", "10000000000000000"]
    assert [row[2] for row in files.cells(landed)][:2] == ["0.00001", "-2.5"]
