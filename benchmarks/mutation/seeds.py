"""Corruptions of the seeds: rows twice, gone, changed, unused, ended."""

from __future__ import annotations

import datetime

from benchmarks.mutation.case import LISTS, SINGLE, UNIVERSES, VARIABLES, Case, NotApplicable, Row, kind

CATEGORIES, QUESTIONS, SAMPLES = "survey/categories", "survey/questions", "survey/samples"
TOPLINES = "published/toplines"


def _pick(case: Case, seed: str) -> tuple[list[Row], int]:
    rows = case.project.seed(seed)
    return rows, case.random.randrange(len(rows))


def _delete(case: Case, seed: str) -> str:
    rows, at = _pick(case, seed)
    gone = rows.pop(at)
    case.project.rewrite(seed, rows)
    return f"{seed}: {', '.join(list(gone.values())[:4])}"


@kind("duplicate_key", "invalid_sample")
def seed_row_twice(case: Case) -> str:
    seed = case.one((VARIABLES, LISTS, CATEGORIES, QUESTIONS, SAMPLES, TOPLINES))
    rows, at = _pick(case, seed)
    rows.insert(at, dict(rows[at]))
    case.project.rewrite(seed, rows)
    return f"{seed}: {', '.join(list(rows[at].values())[:4])}"


@kind("unknown_variable", "incomplete_row", "no_id_variable")
def row_of_variables_deleted(case: Case) -> str:
    return _delete(case, VARIABLES)


@kind("unknown_code", "missing_code", "dangling_reference", "incomplete_row", "unfit_code", "nothing_chosen")
def row_of_code_lists_deleted(case: Case) -> str:
    return _delete(case, LISTS)


@kind(
    "dangling_reference",
    "unfit_code",
    "incomplete_row",
    "unknown_code",
    "number_out_of_range",
    "unsound_universe",
)
def row_of_categories_deleted(case: Case) -> str:
    return _delete(case, CATEGORIES)


@kind("dangling_reference", "unsound_universe")
def row_of_questions_deleted(case: Case) -> str:
    return _delete(case, QUESTIONS)


@kind("dangling_reference", "unlisted_file")
def row_of_samples_deleted(case: Case) -> str:
    return _delete(case, SAMPLES)


def _change_column(case: Case, column: Row, **cells: str) -> None:
    where = {"sample_id": column["sample_id"], "variable": column["variable"]}
    case.project.change(VARIABLES, where, **cells)


@kind(
    "incomplete_row",
    "unfit_code",
    "unsound_universe",
    "contradicts_availability",
    "dangling_reference",
    "unknown_code",
    "swapped_variables",
    "drift",
    "contradicting_label",
    "reversed_scale",
    "shifted_codes",
    "answered_though_skipped",
    "skipped_though_asked",
)
def question_of_a_column_replaced_by_another(case: Case) -> str:
    column = case.column(case.sample())
    other = case.one(name for name in case.questions if name != column["question_id"])
    _change_column(case, column, question_id=other)
    return f"{column['sample_id']} {column['variable']}: {other} instead of {column['question_id']}"


@kind("dangling_reference")
def question_of_a_column_that_is_none(case: Case) -> str:
    column = case.column(case.sample())
    wrong = case.one((column["question_id"] + "s", "no_such_question", column["question_id"].upper()))
    _change_column(case, column, question_id=wrong)
    return f"{column['sample_id']} {column['variable']}: {wrong}"


def _change_code(case: Case, code_list: str, code: str, category_id: str) -> None:
    case.project.change(LISTS, {"code_list": code_list, "code": code}, category_id=category_id)


@kind(
    "contradicting_label",
    "missing_code",
    "drift",
    "shifted_codes",
    "reversed_scale",
    "missing_share",
    "swapped_variables",
    "unfit_code",
    "incomplete_row",
    "nobody_answered",
    "reconciliation",
    "duplicate_key",
)
def code_means_another_category_of_its_set(case: Case) -> str:
    column = case.column(case.sample(), *SINGLE)
    category_set = case.questions[column["question_id"]]["category_set"]
    code = case.one(case.codes(column))
    before = case.codes(column)[code]
    other = case.one(name for owner, name in case.categories if owner == category_set and name != before)
    _change_code(case, column["code_list"], code, other)
    return f"{column['code_list']} {code}: {other} instead of {before}"


@kind("dangling_reference", "unfit_code")
def code_means_a_category_that_is_none(case: Case) -> str:
    rows, at = _pick(case, LISTS)
    wrong = case.one((rows[at]["category_id"] + "s", "no_such_category"))
    _change_code(case, rows[at]["code_list"], rows[at]["code"], wrong)
    return f"{rows[at]['code_list']} {rows[at]['code']}: {wrong}"


@kind("reversed_scale", "contradicting_label")
def code_list_replaced_by_its_reverse(case: Case) -> str:
    """By a list that the crosswalk has for other columns, or by a new one."""
    column = case.column(case.sample(), *SINGLE)
    if case.questions[column["question_id"]]["answer_type"] != "ordinal":
        raise NotApplicable
    codes = case.substantive(column)
    if len(codes) < 3:
        raise NotApplicable
    meanings = case.codes(column)
    reverse = meanings | dict(zip(codes, [meanings[code] for code in reversed(codes)]))
    twins = [name for name, other in case.lists.items() if other == reverse]
    if twins:
        twin = case.one(twins)
    else:
        twin = column["code_list"] + "_rev"
        case.project.append(
            LISTS,
            *(
                {"code_list": twin, "code": code, "category_id": category}
                for code, category in reverse.items()
            ),
        )
    _change_column(case, column, code_list=twin)
    return f"{column['sample_id']} {column['variable']}: {twin}"


@kind("unreviewed_row")
def row_that_nobody_reviewed(case: Case) -> str:
    column = case.one(case.variables)
    _change_column(case, column, review="proposed")
    return f"{column['sample_id']} {column['variable']}"


@kind("missing_label")
def label_emptied(case: Case) -> str:
    return _empty_label(case, case.one(("label_ko", "label_ja")))


@kind("missing_first_label")
def label_in_the_first_language_emptied(case: Case) -> str:
    return _empty_label(case, "label_en")


def _empty_label(case: Case, language: str) -> str:
    seed = case.one((QUESTIONS, CATEGORIES))
    rows, at = _pick(case, seed)
    if not rows[at][language]:
        raise NotApplicable
    rows[at][language] = ""
    case.project.rewrite(seed, rows)
    return f"{seed}: {language} of {', '.join(list(rows[at].values())[:2])}"


@kind("unused_row", "unused_code")
def row_that_nothing_uses(case: Case) -> str:
    sign = case.one(("code", "list", "question", "category"))
    if sign == "code":
        column = case.column(case.sample(), *SINGLE)
        row = {
            "code_list": column["code_list"],
            "code": "55",
            "category_id": case.one(case.codes(column).values()),
        }
        case.project.append(LISTS, row)
    elif sign == "list":
        column = case.column(case.sample(), *SINGLE)
        case.project.append(
            LISTS,
            *(
                {"code_list": "nobody_uses_it", "code": code, "category_id": category}
                for code, category in case.codes(column).items()
            ),
        )
    elif sign == "question":
        question = case.one(row for row in case.questions.values() if not row["universe"])
        case.project.append(QUESTIONS, question | {"question_id": "nobody_asks_it"})
    else:
        row = case.one(case.categories.values())
        labels = {"label_en": "none", "label_ko": "없음", "label_ja": "なし"}
        case.project.append(CATEGORIES, row | labels | {"category_set": "nobody_uses_it"})
    return sign


@kind("expired_waiver")
def waiver_that_has_ended(case: Case) -> str:
    sample_id = case.sample()
    ended = datetime.date(2020, 1, 1) + datetime.timedelta(days=case.random.randrange(1500))
    case.project.append(
        "crosswalk/waivers",
        {
            "rule": case.one(("weight_mean", "drift", "missing_share")),
            "sample_id": sample_id,
            "reason": "known to the agency",
            "expires": ended,
        },
    )
    return f"{sample_id}: {ended}"


@kind("wrong_n")
def n_expected_changed(case: Case) -> str:
    sample_id = case.sample()
    n = int(case.samples[sample_id]["n_expected"]) + case.one((-100, -1, 1, 6, 1000))
    case.project.change(SAMPLES, {"sample_id": sample_id}, n_expected=n)
    return f"{sample_id}: {n}"


@kind("invalid_cell", "incomplete_row")
def comparability_that_is_none(case: Case) -> str:
    column = case.column(case.sample())
    _change_column(case, column, comparability=case.one(("same", "identcal", "scales", "?")))
    return f"{column['sample_id']} {column['variable']}"


@kind("invalid_cell", "incomplete_row", "dangling_reference", "invalid_sample", "unsound_universe")
def cell_of_a_seed_that_may_not_be(case: Case) -> str:
    seed, name, values = case.one(
        (
            (VARIABLES, "role", ("answers", "")),
            (VARIABLES, "layout", ("multi", "")),
            (VARIABLES, "review", ("", "ok")),
            (QUESTIONS, "answer_type", ("scale", "")),
            (QUESTIONS, "category_set", ("", "no_such_set")),
            (CATEGORIES, "net", ("good",)),
            (CATEGORIES, "missing_type", ("refused",)),
            (SAMPLES, "country", ("PRK", "")),
            (SAMPLES, "format", ("xls", "")),
            (QUESTIONS, "universe", ("no_such_universe", "as_delivered")),
            (UNIVERSES, "net", ("positiv",)),
        )
    )
    rows = case.project.seed(seed)
    at = case.one(n for n, row in enumerate(rows) if row[name])
    rows[at][name] = case.one(values)
    case.project.rewrite(seed, rows)
    return f"{seed}: {name} {rows[at][name]!r} of {', '.join(list(rows[at].values())[:2])}"


@kind("reconciliation")
def published_number_changed(case: Case) -> str:
    rows = case.project.seed(TOPLINES)
    at = case.one(
        n
        for n, row in enumerate(rows)
        if row["legibility"] not in ("conflict", "illegible") and not row["lower"]
    )
    before = float(rows[at]["pct"])
    rows[at]["pct"] = f"{abs(before + case.one((-10, -1, -0.2, 0.2, 1, 10))):.1f}"
    case.project.rewrite(TOPLINES, rows)
    return f"{', '.join(list(rows[at].values())[:4])}: {rows[at]['pct']} instead of {before}"
