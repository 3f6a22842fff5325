"""Names and labels as they are compared: what does not distinguish them is folded away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from os.path import commonprefix

from rapidfuzz import fuzz

from kjpoll.common.label_text import folded, plain
from kjpoll.onboarding.profile import BLANK

# 'Q3. ', '問3 ', '문 3) ' before the words of a question.
QUESTION_NUMBER = re.compile(r"^\s*(?:[A-Za-z]{0,3}|問|문|設問)\s*[0-9]+(?:[-_][0-9]+)?\s*[.):：．]?\s+")
WORD_FOR_QUESTION = re.compile(r"^(?:問|문|設問|q)(?=[0-9])")
WHOLE_NUMBER = re.compile(r"-?[0-9]+")


@lru_cache(maxsize=65536)
def folded_name(name: str) -> str:
    """A variable name without case and full width; '問１_2', '문1_2' and 'Q01_2' are 'q1_2'."""
    text = WORD_FOR_QUESTION.sub("q", folded(name).strip())
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", text)


@lru_cache(maxsize=65536)
def folded_label(label: str) -> str:
    """The words of a variable label without the number of the question."""
    return plain(QUESTION_NUMBER.sub("", unicodedata.normalize("NFKC", label)))


@lru_cache(maxsize=65536)
def code_key(code: str) -> str:
    """A code as codes are compared: '01' and '1' are equal, words are folded."""
    if code == BLANK:
        return code
    text = unicodedata.normalize("NFKC", code).strip()
    if WHOLE_NUMBER.fullmatch(text):
        return str(int(text))
    return text if len(text) < 3 or not any(letter.isalnum() for letter in text[1:]) else plain(text) or text


@lru_cache(maxsize=262144)
def similarity(label: str, second: str) -> float:
    """0 to 1: how like two folded labels are; 0 where one is empty."""
    return fuzz.ratio(label, second) / 100 if label and second else 0.0


def best_similarity(label: str, known: Iterable[str]) -> float:
    """The largest similarity to any of the others."""
    return max((similarity(label, known_label) for known_label in known), default=0.0)


def shared_start(labels: Iterable[str]) -> str:
    """The text with which all labels begin, up to the last break between words."""
    common = commonprefix(list(labels))
    cut = max(common.rfind(mark) for mark in "/|:-_ ")
    return common[: cut + 1] if cut > 0 else common
