"""How likely a text is Korean, Japanese or western: what tells encodings apart that fit the same bytes.

Each writing spreads probability over classes of characters, evenly within a class. The shares are
round numbers from what the alphabets are used for; only their orders of magnitude matter.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from functools import cache

# Characters of each class, as many as the standards KS X 1001 and JIS X 0208 have.
SIZES = {
    "hangul": 2350, "rare_hangul": 8822, "jamo": 94, "kana": 169, "half_kana": 63, "kanji": 2965,
    "rare_kanji": 18000, "sign": 200, "western": 100, "strange": 100_000,
}  # fmt: skip
WRITINGS = {
    "Korean": {"hangul": 0.93, "sign": 0.05, "kanji": 0.01, "jamo": 1e-3, "rare_hangul": 1e-4},
    "Japanese": {"kana": 0.5, "kanji": 0.4, "sign": 0.05, "half_kana": 0.01, "rare_kanji": 5e-3},
    "Japanese in half-width kana": {"half_kana": 0.9, "kana": 0.02, "kanji": 0.02, "sign": 0.02},
    "western": {"western": 0.8, "sign": 0.2},
}
PRIORS = {"Korean": 0.45, "Japanese": 0.45, "Japanese in half-width kana": 0.05, "western": 0.05}
# No writing is without a character of another class.
FLOOR = 1e-5
# Text of the languages that the model is made for lies above this mean; other text, wrongly read, below.
PLAUSIBLE = -9.5


@cache
def _class_of(character: str) -> str:
    point = ord(character)
    if 0xAC00 <= point <= 0xD7A3:
        return "hangul" if _has(character, "euc_kr", 2) else "rare_hangul"
    if 0x3131 <= point <= 0x318E or 0x1100 <= point <= 0x11FF:
        return "jamo"
    if 0x3041 <= point <= 0x30FF:
        return "kana"
    if 0xFF61 <= point <= 0xFF9F:
        return "half_kana"
    if 0x4E00 <= point <= 0x9FFF:
        return "kanji" if _is_level_1(character) else "rare_kanji"
    if 0x2010 <= point <= 0x22FF or 0x2460 <= point <= 0x303F or 0xFF01 <= point <= 0xFF5E or point == 0xB7:
        return "sign"
    return "western" if 0xA0 <= point <= 0x17F else "strange"


def _has(character: str, codec: str, size: int) -> bool:
    try:
        return len(character.encode(codec)) == size
    except UnicodeEncodeError:
        return False


def _is_level_1(character: str) -> bool:
    return _has(character, "cp932", 2) and 0x88 <= character.encode("cp932")[0] <= 0x98


def classes(characters: Mapping[str, int]) -> Counter[str]:
    """How many characters of each class there are. `characters`: how often each occurs, ASCII left out."""
    counts: Counter[str] = Counter()
    for character, times in characters.items():
        counts[_class_of(character)] += times
    return counts


def log_likelihood(counts: Mapping[str, int]) -> tuple[float, str]:
    """The natural logarithm of the probability of the text, and the writing that makes it likeliest."""
    return max((_log_likelihood(counts, writing), writing) for writing in WRITINGS)


def _log_likelihood(counts: Mapping[str, int], writing: str) -> float:
    shares = WRITINGS[writing]
    each = (times * math.log(shares.get(kind, FLOOR) / SIZES[kind]) for kind, times in counts.items())
    return math.log(PRIORS[writing]) + sum(each)


def is_plausible(counts: Mapping[str, int]) -> bool:
    """Whether the text looks like one of the writings; a text without such characters does."""
    total = sum(counts.values())
    return total == 0 or log_likelihood(counts)[0] / total > PLAUSIBLE
