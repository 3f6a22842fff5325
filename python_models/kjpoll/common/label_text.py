"""Labels and names as they are compared: what does not tell them apart is folded away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from os.path import commonprefix

import pandas as pd
from rapidfuzz import fuzz

# 'Q3. ', '問3 ', '문 3) ' before the words of a question.
QUESTION_NUMBER = re.compile(r"^\s*(?:[A-Za-z]{0,3}|問|문|設問)\s*[0-9]+(?:[-_][0-9]+)?\s*[.):：．]?\s+")
# What may stand between the number and the words.
NUMBER_ENDS = ".):：．"
# What stands around the words of a label, and between those of a question and of an option.
MARKS = " \t\r\n　-_/|:："
LEADING_NUMBER = re.compile(r"^\s*[(\[]?[0-9]+[.):\]]\s*(?=[^0-9\s])")


def folded(text: str) -> str:
    """A text without case and full width."""
    return unicodedata.normalize("NFKC", text).casefold()


def plain(label: str) -> str:
    """A label without what does not tell labels apart: case, spaces, punctuation, full width, a leading number."""
    return "".join(letter for letter in LEADING_NUMBER.sub("", folded(label)) if letter.isalnum())


@lru_cache(maxsize=65536)
def folded_label(label: str) -> str:
    """The words of a variable label without the number of the question."""
    return plain(QUESTION_NUMBER.sub("", unicodedata.normalize("NFKC", label)))


def question_words(label: str) -> str:
    """The words of a variable label as they are written, without the number of the question and marks around them."""
    number = QUESTION_NUMBER.match(unicodedata.normalize("NFKC", f"{label.rstrip(MARKS)} "))
    length = number.end() if number else 0
    # A number in full width may be longer or shorter than the folded one.
    cut = next(
        (n for n in range(len(label)) if len(unicodedata.normalize("NFKC", label[:n])) >= length), len(label)
    )
    return label[cut:].strip(MARKS)


@lru_cache(maxsize=262144)
def similarity(label: str, second: str) -> float:
    """0 to 1: how like two folded labels are; 0 where one is empty."""
    return fuzz.ratio(label, second) / 100 if label and second else 0.0


def shared_start(labels: Iterable[str]) -> str:
    """The text with which all labels begin, up to the last break between words; labels that are equal whole."""
    texts = list(labels)
    common = commonprefix(texts)
    if all(text == common for text in texts):
        return common
    cut = max(common.rfind(mark) for mark in "/|:-_ ")
    return common[: cut + 1] if cut > 0 else common


def plain_labels(labels: Iterable[str]) -> pd.DataFrame:
    """One row per label: label, plain_label."""
    return pd.DataFrame(
        [(label, plain(label)) for label in sorted(labels)], columns=["label", "plain_label"], dtype="string"
    )
