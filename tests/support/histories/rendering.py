"""Write the answers of a history down as an agency might: in codes, layouts and files of its own."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat

from tests.support.histories.history import ROMAN_VARIABLE, SAID_WORDS, Column, Question, SampleFile, band_of

BLANK = "<blank>"


def add_columns(sample: SampleFile, questions: dict[str, Question], rng: random.Random) -> None:
    """Draw the columns of the file."""
    prefix = "Q" if sample.format in ROMAN_VARIABLE else {"KOR": "문", "JPN": "問"}[sample.country]
    for number, question_id in enumerate(sample.answers, 1):
        sample.columns += columns_of(sample, questions[question_id], f"{prefix}{number}", rng)
    rng.shuffle(sample.columns)
    ids = [str(sample.wave * 10000 + i) for i in range(1, sample.n + 1)]
    sample.columns.insert(0, Column("ID", ids, {}, role="id"))
    text = ['그냥, "말"\n둘째 줄' if sample.country == "KOR" else 'ただ、"発言"'] + [""] * (sample.n - 1)
    sample.columns.append(Column("MEMO", text, {}, role="ignored"))
    if rng.random() < 0.5:
        sample.columns.append(Column("WT", ["0.5", "1.5"] * (sample.n // 2), {}, role="weight"))


def columns_of(sample: SampleFile, question: Question, name: str, rng: random.Random) -> list[Column]:
    answers = sample.answers[question.question_id]
    silent = question.missing + (["skipped"] if question.universe else [])
    if question.kind == "single":
        codes = draw_codes(sample, question, question.categories + silent, silent, rng)
        return [coded(name, question, "single", codes, answers)]
    if question.kind == "years":
        return years(sample, question, name, answers, silent, rng)
    layout = rng.choice(["indicator", "ranked", "delimited"])
    if layout == "indicator":
        codes = draw_codes(sample, question, ["chosen", "not_chosen", *silent], silent, rng)
        return [
            coded(f"{name}_{place}", question, "indicator", codes,
                  [a if isinstance(a, str) else "chosen" if category in a else "not_chosen" for a in answers], category)
            for place, category in enumerate(question.categories, 1)
        ]  # fmt: skip
    if layout == "ranked":
        codes = draw_codes(sample, question, [*question.categories, "no_further_choice", *silent],
                           ["no_further_choice"], rng)  # fmt: skip
        return [
            coded(
                f"{name}_{place + 1}",
                question,
                "ranked",
                codes,
                [choice(answer, place) for answer in answers],
            )
            for place in range(3)
        ]
    codes = draw_codes(sample, question, question.categories + silent, silent, rng)
    delimiter = next(
        sign for sign in rng.sample([";", "/", "|", ","], 4) if not any(sign in c for c in codes.values())
    )
    column = coded(name, question, "delimited", codes, answers)
    column.delimiter = delimiter
    column.cells = [
        blank(codes[a]) if isinstance(a, str) else delimiter.join(codes[c] for c in a) for a in answers
    ]  # fmt: skip
    return [column]


def choice(answer, place: int) -> str:
    if answer == "skipped":
        return answer
    picked = (answer,) if isinstance(answer, str) else answer
    return picked[place] if place < len(picked) else "no_further_choice"


def years(sample, question, name, answers, silent, rng) -> list[Column]:
    layout = rng.choice(["single", "number", "birth_year"])
    if layout == "single":
        codes = draw_codes(sample, question, question.categories + silent, silent, rng)
        said = [a if isinstance(a, str) else band_of(question, a) for a in answers]
        return [coded(name, question, layout, codes, said)]
    codes = dict(zip(silent, rng.sample(["9998", "9999", BLANK], len(silent))))
    cells = [
        blank(codes[a]) if isinstance(a, str) else str(a if layout == "number" else sample.wave - a)
        for a in answers
    ]
    return [Column(name, cells, {code: said for said, code in codes.items()}, question, layout)]


def coded(
    variable: str, question: Question, layout: str, codes: dict[str, str], said: list, category_id: str = ""
) -> Column:
    cells = [blank(codes[s]) for s in said] if layout != "delimited" else []
    return Column(
        variable, cells, {code: meaning for meaning, code in codes.items()}, question, layout, category_id
    )


def blank(code: str) -> str:
    return "" if code == BLANK else code


def draw_codes(
    sample: SampleFile, question: Question, meanings: list[str], may_be_blank: list[str], rng
) -> dict[str, str]:
    """A code for each meaning: numbers in any direction, letters, or the words of the questionnaire."""
    style = rng.choice(["numbers", "numbers", "reversed", "letters", "words"])
    substantive = [
        m for m in meanings if m not in SAID_WORDS[sample.country] or m in ("chosen", "not_chosen")
    ]
    others = [m for m in meanings if m not in substantive]
    if style == "words":
        words = question.labels[sample.country] | SAID_WORDS[sample.country]
        codes = {m: words[m] for m in meanings}
    elif style == "letters":
        codes = dict(zip(meanings, rng.sample("ABCDEFGHIJKLMN", len(meanings))))
    else:
        numbers = [str(i) for i in range(1, len(substantive) + 1)]
        codes = dict(zip(substantive, reversed(numbers) if style == "reversed" else numbers))
        special = (
            [".a", ".b", ".c", ".d"]
            if sample.format == "dta" and rng.random() < 0.5
            else ["97", "98", "99", "96"]
        )
        codes |= dict(zip(others, rng.sample(special, len(others))))
    if may_be_blank and rng.random() < 0.4:
        codes[rng.choice(may_be_blank)] = BLANK
    return codes


# files


def write_file(sample: SampleFile, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    {"csv": _csv, "xlsx": _xlsx, "sav": _sav, "dta": _dta}[sample.format](sample, path)


def is_number(text: str) -> bool:
    return text.replace(".", "", 1).lstrip("-").isdigit()


def _csv(sample: SampleFile, path: Path) -> None:
    with path.open("w", encoding=sample.encoding, newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.variable for column in sample.columns])
        writer.writerows(zip(*(column.cells for column in sample.columns), strict=True))


def _xlsx(sample: SampleFile, path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "data"
    for line in range(sample.header_row - 1):
        book.active.append(["조사 결과" if line == 0 else None, None, line])
    book.active.append([column.variable for column in sample.columns])
    for row in zip(*(column.cells for column in sample.columns), strict=True):
        book.active.append([(float(c) if "." in c else int(c)) if is_number(c) else c or None for c in row])
    labels = book.create_sheet("codes")
    labels.append(["variable", "code", "label"])
    for column in sample.columns:
        labels.append([column.variable, None, f"label of {column.variable}"])
        for code, label in _value_labels(sample, column).items():
            labels.append([column.variable, code, label])
    book.save(path)


def _is_numeric(column: Column) -> bool:
    texts = [*column.cells, *(code for code in column.meanings if code != BLANK)]
    return all(not text or is_number(text) or (len(text) == 2 and text[0] == ".") for text in texts)


def _value_labels(sample: SampleFile, column: Column) -> dict:
    """Labels of the number codes, in the language of the questionnaire."""
    if column.layout not in ("single", "ranked") or not _is_numeric(column):
        return {}
    words = column.question.labels[sample.country] | SAID_WORDS[sample.country]
    return {
        (code[1:] if code[0] == "." else float(code)): words[meaning]
        for code, meaning in column.meanings.items()
        if code != BLANK
    }


def _frame(sample: SampleFile) -> pd.DataFrame:
    frame = {}
    for column in sample.columns:
        if not _is_numeric(column):
            frame[column.variable] = pd.Series(column.cells, dtype=object)
        elif any(cell.startswith(".") for cell in column.cells):
            frame[column.variable] = pd.Series(
                [c[1:] if c.startswith(".") else float(c) if c else float("nan") for c in column.cells],
                dtype=object,
            )
        else:
            frame[column.variable] = pd.Series(
                [float(c) if c else float("nan") for c in column.cells], dtype="float64"
            )
    return pd.DataFrame(frame)


def _sav(sample: SampleFile, path: Path) -> None:
    labels = {c.variable: found for c in sample.columns if (found := _value_labels(sample, c))}
    missing = {
        c.variable: [float(code) for code in c.meanings if code in ("97", "98", "99")]
        for c in sample.columns
        if c.question and _is_numeric(c)
    }
    pyreadstat.write_sav(_frame(sample), path, variable_value_labels=labels,
                         missing_ranges={name: codes for name, codes in missing.items() if codes})  # fmt: skip


def _dta(sample: SampleFile, path: Path) -> None:
    labels = {c.variable: found for c in sample.columns if (found := _value_labels(sample, c))}
    tagged = {}
    for column in sample.columns:
        letters = {cell[1:] for cell in column.cells if cell.startswith(".")} | {
            code for code in labels.get(column.variable, {}) if isinstance(code, str)
        }
        if letters:
            tagged[column.variable] = sorted(letters)
    pyreadstat.write_dta(_frame(sample), path, variable_value_labels=labels, missing_user_values=tagged)
