"""Corruptions of what the seeds mean: rows that are well formed and refer to what there is, and say what cannot be."""

from __future__ import annotations

import datetime

from benchmarks.mutation.case import LISTS, SINGLE, Case, NotApplicable, kind
from benchmarks.mutation.seeds import CATEGORIES, SAMPLES, TOPLINES

BANDS, WAIVERS = "survey/missing_bands", "crosswalk/waivers"
DAY = datetime.timedelta(days=1)


def _other_year(date: str, years: int) -> str:
    return str(datetime.date.fromisoformat(date).replace(day=1).replace(year=int(date[:4]) + years))


@kind("implausible_cell", "invalid_cell", "invalid_sample")
def fieldwork_that_ends_before_it_starts_or_is_of_another_year(case: Case) -> str:
    sample_id = case.sample()
    start, end = (case.samples[sample_id][name] for name in ("fieldwork_start", "fieldwork_end"))
    cells = case.one(
        (
            {"fieldwork_start": end, "fieldwork_end": start},
            {"fieldwork_end": str(datetime.date.fromisoformat(start) - case.random.randint(1, 40) * DAY)},
            {"fieldwork_start": str(datetime.date.fromisoformat(end) + case.random.randint(1, 40) * DAY)},
            {"fieldwork_start": _other_year(start, -1)},
            {"fieldwork_start": _other_year(start, 1), "fieldwork_end": _other_year(end, 1)},
            {"fieldwork_start": _other_year(start, -10), "fieldwork_end": _other_year(end, -10)},
        )
    )
    case.project.change(SAMPLES, {"sample_id": sample_id}, **cells)
    return f"{sample_id}: {cells}"


@kind("implausible_cell", "invalid_cell")
def design_effect_that_no_survey_has(case: Case) -> str:
    sample_id, value = case.sample(), case.one(("0", "0.15", "0.9", "-1.5", "5.5", "15", "100", "150"))
    case.project.change(SAMPLES, {"sample_id": sample_id}, design_effect=value)
    return f"{sample_id}: {value}"


@kind("implausible_cell", "invalid_cell")
def band_of_missing_shares_that_lets_everything_pass(case: Case) -> str:
    rows = case.project.seed(BANDS)
    row = case.one(rows)
    row["min_pct"], row["max_pct"] = case.one(
        (("0", "100"), ("0", "90"), ("0", "75"), ("1", "99"), ("5", "80"), ("0", "65"), ("-100", "100"))
    )
    case.project.rewrite(BANDS, rows)
    return ", ".join(row.values())


@kind("implausible_cell", "invalid_cell", "duplicate_key", "duplicate_label")
def label_of_another_category_of_the_set(case: Case) -> str:
    language = case.one(("label_en", "label_ko", "label_ja"))
    row = case.one(case.categories.values())
    key = {name: row[name] for name in ("category_set", "category_id")}
    other = case.one(
        other
        for other in case.categories.values()
        if other["category_set"] == row["category_set"] and other != row and other[language]
    )
    label = case.one((other[language], other[language].upper(), f" {other[language]}"))
    case.project.change(CATEGORIES, key, **{language: label})
    return f"{', '.join(key.values())}: {label!r}, as {other['category_id']}"


@kind("implausible_cell", "invalid_cell")
def bounds_of_a_published_number_widened(case: Case) -> str:
    rows = case.project.seed(TOPLINES)
    row = case.one(row for row in rows if row["pct"] and row["legibility"] not in ("conflict", "illegible"))
    pct = float(row["pct"])
    lower, upper = case.one(
        ((0.0, 100.0), (pct - 10, pct + 10), (pct - 2, pct + 2), (pct - 0.05, pct + 5), (pct - 6, pct), (pct - 1, pct + 1))
    )  # fmt: skip
    row["lower"], row["upper"] = f"{max(lower, 0):g}", f"{min(upper, 100):g}"
    case.project.rewrite(TOPLINES, rows)
    return f"{', '.join(list(row.values())[:4])}: {row['pct']} is {row['lower']} to {row['upper']}"


@kind("implausible_cell", "invalid_cell", "incomplete_row")
def waiver_without_a_limit(case: Case) -> str:
    sample_id = case.sample()
    today = datetime.date.today()
    whole = {
        "rule": case.one(("drift", "missing_share", "reversed_scale", "contradicting_label", "partly_asked")),
        "sample_id": sample_id,
        "question_id": case.one(case.asked(sample_id)),
        "n_max": "100",
        "reason": "known to the agency",
        "expires": str(today + 90 * DAY),
    }
    lacking = case.one(
        (
            {"question_id": ""},
            {"n_max": ""},
            {"n_max": "-1"},
            {"expires": ""},
            {"expires": str(today + 400 * DAY)},
            {"expires": "2999-12-31"},
            {"question_id": "", "n_max": ""},
        )
    )
    case.project.append(WAIVERS, whole | lacking)
    return f"{whole['rule']} {sample_id}: {lacking}"


@kind("implausible_cell", "invalid_cell")
def question_id_that_no_column_can_have(case: Case) -> str:
    question_id = case.one(case.questions)
    taken = (
        "select",
        "group",
        "order",
        "table",
        "case",
        "left",
        "respondent_id",
        "sample_id",
        "wave",
        "country",
        "age",
        "weight",
    )
    shapes = (question_id.title(), f"{question_id} ", f"2023_{question_id}", question_id.replace("_", "-") + "-", f"{question_id}é",
              f"{question_id}.1", f"_{question_id}")  # fmt: skip
    new = case.one((case.one(taken), case.one(shapes)))
    case.project.rename(question_id, new)
    return f"{question_id}: {new!r}"


@kind("unordered_codes", "contradicting_label", "reversed_scale")
def two_codes_of_an_ordinal_list_exchanged(case: Case) -> str:
    column = case.column(case.sample(), *SINGLE)
    codes = case.substantive(column)
    if case.questions[column["question_id"]]["answer_type"] != "ordinal" or len(codes) < 3:
        raise NotApplicable
    one, other = case.some(codes, 2, 2)
    if not all(code.isdigit() for code in codes):
        raise NotApplicable
    meanings = case.codes(column)
    for code, meaning in ((one, meanings[other]), (other, meanings[one])):
        case.project.change(LISTS, {"code_list": column["code_list"], "code": code}, category_id=meaning)
    return f"{column['code_list']}: {one} and {other}"
