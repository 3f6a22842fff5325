"""Which language a text of a wave file is in, as far as its letters tell."""

from __future__ import annotations

import re

HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
KANA = re.compile("[\u3041-\u30ff\uff66-\uff9f]")
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
OF_COUNTRY = {"KOR": "ko", "JPN": "ja"}


def language(text: str | None, country: str) -> str | None:
    """`ko`, `ja`, or None for a text in Latin letters; Chinese characters alone are read as the country's."""
    if not text:
        return None
    if HANGUL.search(text):
        return "ko"
    if KANA.search(text):
        return "ja"
    return OF_COUNTRY.get(country) if HAN.search(text) else None
