"""Korean and Japanese letters as web fonts, so that they show where the reader's machine has none.

Noto Sans KR and JP, weight 400, as packed by Fontsource 5.3.0; SIL Open Font License 1.1, `fonts/OFL.txt`. The site
carries only the letters that its pages show: 110 kB in place of 2.2 MB.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
LICENCE = "OFL.txt"
FIRST = "\u3000"
# By the name that the style sheet gives it: its file, and the letters that it is asked for.
FAMILIES = {
    "Poll Korean": ("noto-sans-kr.woff", "U+3130-318F, U+AC00-D7AF"),
    "Poll Japanese": ("noto-sans-jp.woff", "U+3000-30FF, U+4E00-9FFF, U+FF00-FFEF"),
}


def style() -> str:
    """The style sheet's part that names the fonts, relative to a folder beside them."""
    return "".join(
        f"@font-face {{ font-family: '{family}'; src: url('fonts/{file}') format('woff'); "
        f"font-display: swap; unicode-range: {ranges}; }}\n"
        for family, (file, ranges) in FAMILIES.items()
    )


def shown(letters: Iterable[str]) -> str:
    """Those of some letters that no Latin font has, in order: what the fonts are subset to."""
    return "".join(sorted(letter for letter in letters if letter >= FIRST))


@cache
def subset(file: str, letters: str) -> bytes:
    """A font of which only some letters are left; those that it lacks are left out."""
    # The time of a change would be the time of now.
    font = TTFont(FONTS / file, recalcTimestamp=False)
    options = Options(layout_features=[], hinting=False)
    options.name_IDs = ["*"]
    options.flavor = "woff"
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    written = BytesIO()
    font.flavor = "woff"
    font.save(written)
    return written.getvalue()
