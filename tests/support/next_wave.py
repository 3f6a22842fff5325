"""A made-up file of the next wave: last wave's questionnaire with what a new year changes, asked of other
people.

Of the Korean file of 2023 it makes a workbook: the columns have Korean names and new numbers, one question is
gone, one is new, one scale runs the other way, and every respondent is put together from the answers of many
others.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat

GONE, REVERSED, AFTER = "Q11", "Q1", "Q12"
NEW_LABEL = "기계 번역이 양국 관계에 미치는 영향"
NEW_CODES = {1: "도움이 된다", 2: "변화가 없다", 3: "해가 된다"}
# Who was asked a question depends on the answer to another one: they are taken from one person.
TOGETHER = (("Q4", "Q5", "Q6"), ("Q18", "Q19", "Q20"), ("SQ1", "SQ2"))


def write_next_wave(source: Path, target: Path, n: int = 1010, seed: int = 2024) -> dict[str, str]:
    """Write the workbook from the shipped 2023/KOR.sav. Gives new column -> old column, '' for the new one."""
    old, meta = pyreadstat.read_sav(source, user_missing=True)
    labels = {name: dict(meta.variable_value_labels.get(name, {})) for name in old.columns}
    frame = _other_people(old.astype(object).where(old.notna(), None), n, np.random.default_rng(seed))
    codes = [code for code in labels[REVERSED] if 1 <= code <= 5]
    frame[REVERSED] = [6 - code if code in codes else code for code in frame[REVERSED]]
    labels[REVERSED] = {
        6 - code if code in codes else code: label for code, label in labels[REVERSED].items()
    }
    renamed, rows = {}, [("variable", "code", "label")]
    number = 0
    last = None
    for name in old.columns:
        if name == GONE:
            continue
        found = re.fullmatch(r"Q(\d+)(_\d+)?", name)
        if found and found[1] != last:
            number, last = number + 1, found[1]
        new = f"문{number}{found[2] or ''}" if found else name.replace("SQ", "배문").replace("DQ", "인구")
        renamed[new] = name
        rows += _labels(
            new, re.sub(r"^Q\d+", f"문{number}", meta.column_names_to_labels[name] or ""), labels[name]
        )
        if name == AFTER:
            number += 1
            renamed[f"문{number}"] = ""
            rows += _labels(f"문{number}", f"문{number}. {NEW_LABEL}", NEW_CODES)
    answers = pd.DataFrame({new: frame[name] if name else _new(n) for new, name in renamed.items()})
    _write(target, answers, rows)
    return renamed


def _other_people(old: pd.DataFrame, n: int, random: np.random.Generator) -> pd.DataFrame:
    """n people, each with the impression of one respondent and the answers of others who share it."""
    by_impression = {value: group.index.to_numpy() for value, group in old.groupby("Q4")}
    first = random.choice(old.index, n)
    columns = {}
    blocks: dict[str, list[str]] = {}
    for name in old.columns:
        stem = name.partition("_")[0]
        together = next((group for group in TOGETHER if stem in group), (stem,))
        blocks.setdefault(together[0], []).append(name)
    for names in blocks.values():
        donors = [random.choice(by_impression[old.at[one, "Q4"]]) for one in first]
        for name in names:
            columns[name] = old.loc[donors, name].to_numpy()
    frame = pd.DataFrame(columns)
    frame["ID"] = [f"24{number:04d}" for number in range(1, n + 1)]
    return frame


def _new(n: int) -> list[int]:
    return [place % 3 + 1 for place in range(n)]


def _labels(name: str, label: str, codes: dict) -> list[tuple]:
    return [(name, None, label), *((name, _whole(code), text) for code, text in codes.items())]


def _whole(value):
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _write(target: Path, answers: pd.DataFrame, labels: list[tuple]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "응답"
    for line in ("한일 국민 상호 인식 조사 2024", "조사 기관: 가상", ""):
        sheet.append([line])
    sheet.append(list(answers.columns))
    for row in answers.itertuples(index=False):
        sheet.append([_whole(value) for value in row])
    other = book.create_sheet("labels")
    for row in labels:
        other.append(row)
    book.save(target)
