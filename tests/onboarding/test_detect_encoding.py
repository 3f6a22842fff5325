"""One label is told apart, or called a tie: over all labels of the seeds, no encoding is guessed wrongly."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from kjpoll.onboarding.detect.encoding import find_encoding

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "survey"
HALF_WIDTH = {unicodedata.normalize("NFKC", chr(point)): chr(point) for point in range(0xFF66, 0xFF9E)}


def labels(language: str) -> list[str]:
    found = set()
    for name in ("questions", "categories"):
        with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            found |= {row[f"label_{language}"] for row in csv.DictReader(stream)}
    return sorted(label for label in found if not label.isascii())


def half_width(text: str) -> str:
    parts = unicodedata.normalize("NFD", text).replace("\u3099", "ﾞ").replace("\u309a", "ﾟ")
    return "".join(HALF_WIDTH.get(part, part) for part in parts)


def outcomes(folder: Path, texts: list[str], encoding: str) -> Counter[str]:
    """How often one text in an otherwise ASCII file is found right, a tie, or wrong."""
    found: Counter[str] = Counter()
    path = folder / "wave.csv"
    for text in texts:
        path.write_bytes(b"ID,Q1\n1," + text.encode(encoding) + b"\n")
        finding = find_encoding(path)
        if finding.is_tie:
            assert encoding in (finding.value, *(value for value, _, _ in finding.alternatives))
            found["tie"] += 1
        else:
            found["right" if finding.value == encoding else f"wrong: {text}"] += 1
    return found


@pytest.mark.parametrize(
    ("language", "encoding", "ties"),
    [("ko", "cp949", 0.06), ("ko", "utf-8", 0), ("ja", "cp932", 0), ("ja", "utf-8", 0)],
)
def test_a_single_label(tmp_path: Path, language: str, encoding: str, ties: float) -> None:
    texts = labels(language)
    found = outcomes(tmp_path, texts, encoding)
    assert set(found) <= {"right", "tie"} and found["right"] + found["tie"] == len(texts) > 300
    assert found["tie"] <= ties * len(texts)


def test_a_single_word_in_half_width_kana(tmp_path: Path) -> None:
    """Bytes that are Korean syllables as well: one word may be a tie, and is never taken for Korean."""
    words = sorted({word for label in labels("ja") for word in re.findall("[ァ-ヶー]{3,}", label)})
    found = outcomes(tmp_path, [half_width(word) for word in words], "cp932")
    assert set(found) <= {"right", "tie"} and found["right"] > found["tie"]


def test_all_words_in_half_width_kana_are_no_tie(tmp_path: Path) -> None:
    words = {word for label in labels("ja") for word in re.findall("[ァ-ヶー]{2,}", label)}
    assert outcomes(tmp_path, [half_width(" ".join(sorted(words)))], "cp932") == {"right": 1}
