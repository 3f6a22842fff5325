"""The fonts of Korean and Japanese, cut down to the letters that a site shows."""

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from kjpoll.report.fonts import FAMILIES, FONTS, shown, style, subset


@pytest.mark.parametrize(
    ("file", "letters"), [("noto-sans-kr.woff", "상대국"), ("noto-sans-jp.woff", "あアー相。")]
)
def test_a_font_has_the_letters_shown_and_no_others(file, letters):
    # A letter that the font lacks takes nothing from the others.
    cut = subset(file, letters + "\U0001f600")
    assert {chr(code) for code in TTFont(BytesIO(cut)).getBestCmap()} == set(letters)
    assert len(cut) < 10_000


def test_a_font_is_the_same_bytes_each_time():
    make = subset.__wrapped__
    assert make("noto-sans-kr.woff", "상") == make("noto-sans-kr.woff", "상")


def test_only_what_latin_fonts_lack_is_asked_of_them():
    assert shown({"a", "é", "–", "●", "상", "あ", "大"}) == "あ大상"


def test_every_font_stands_here_and_in_the_style_sheet():
    for family, (file, _) in FAMILIES.items():
        assert (FONTS / file).is_file()
        assert f"font-family: '{family}'; src: url('fonts/{file}')" in style()
