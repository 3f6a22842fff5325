"""Names and labels as they are compared: what does not distinguish them is folded away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from kjpoll.common.code_text import plain_code
from kjpoll.common.label_text import folded, plain, similarity
from kjpoll.onboarding.profile import BLANK

WORD_FOR_QUESTION = re.compile(r"^(?:問|문|設問|q)(?=[0-9])")
WHOLE_NUMBER = re.compile(r"-?[0-9]+")


@lru_cache(maxsize=65536)
def folded_name(name: str) -> str:
    """A variable name without case and full width; '問１_2', '문1_2' and 'Q01_2' are 'q1_2'."""
    text = WORD_FOR_QUESTION.sub("q", folded(name).strip())
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", text)


@lru_cache(maxsize=65536)
def code_key(code: str) -> str:
    """A code as codes are compared: '01' and '1' are equal, words are folded."""
    if code == BLANK:
        return code
    text = plain_code(code)
    if WHOLE_NUMBER.fullmatch(text):
        return text
    return text if len(text) < 3 or not any(letter.isalnum() for letter in text[1:]) else plain(text) or text


def best_similarity(label: str, known: Iterable[str]) -> float:
    """The largest similarity to any of the others."""
    return max((similarity(label, known_label) for known_label in known), default=0.0)
