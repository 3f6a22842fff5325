"""Corruptions of what is checked: rules, waivers, bands, known changes."""

from __future__ import annotations

import datetime

from benchmarks.mutation.case import Case, NotApplicable, blind
from benchmarks.mutation.published_meaning import BOUNDS
from benchmarks.mutation.seed_rows import alter

RULES, WAIVERS, BANDS = "quality/rules", "crosswalk/waivers", "survey/missing_bands"


@blind(disarms=True)
def rule_that_only_warns(case: Case) -> str:
    return alter(case, RULES, lambda row: row["severity"] == "error", lambda _: {"severity": "warn"})


@blind("dangling_reference", "incomplete_row", disarms=True)
def rule_removed(case: Case) -> str:
    rows = case.project.seed(RULES)
    row = rows.pop(case.random.randrange(len(rows)))
    case.project.rewrite(RULES, rows)
    return row["rule"]


@blind(disarms=True)
def rule_that_may_be_waived(case: Case) -> str:
    return alter(case, RULES, lambda row: row["waivable"] == "false", lambda _: {"waivable": "true"})


@blind(disarms=True)
def rule_suppressed_by_another(case: Case) -> str:
    rules = [row["rule"] for row in case.project.seed(RULES)]
    return alter(
        case,
        RULES,
        lambda row: not row["suppressed_by"],
        lambda row: {"suppressed_by": case.one(rule for rule in rules if rule != row["rule"])},
    )


def _waiver(case: Case, **cells: str) -> str:
    sample_id = case.sample()
    rule = case.one(row["rule"] for row in case.project.seed(RULES) if row["waivable"] == "true")
    row = {
        "rule": rule,
        "sample_id": sample_id,
        "question_id": case.one(case.asked(sample_id)),
        "n_max": "40",
        "reason": "agreed with the agency by telephone",
        "expires": str(datetime.date.today() + datetime.timedelta(days=120)),
    }
    case.project.append(WAIVERS, row | cells)
    return f"{rule} {sample_id}: {cells}"


@blind(*BOUNDS, "incomplete_row", disarms=True)
def waiver_of_a_whole_sample(case: Case) -> str:
    return _waiver(case, question_id="")


@blind(*BOUNDS, "incomplete_row", disarms=True)
def waiver_without_an_upper_limit(case: Case) -> str:
    return _waiver(case, n_max=case.one(("", "999999")))


@blind(*BOUNDS, "incomplete_row", disarms=True)
def waiver_for_ever(case: Case) -> str:
    return _waiver(
        case, expires=case.one(("", "2099-12-31", str(datetime.date.today() + datetime.timedelta(days=3650))))
    )


@blind(disarms=True)
def waiver_of_what_is_not_there(case: Case) -> str:
    """Well formed, for a finding that somebody expects."""
    return _waiver(case)


@blind(*BOUNDS, disarms=True)
def band_of_missing_shares_opened(case: Case) -> str:
    return alter(case, BANDS, lambda row: True, lambda _: {"min_pct": "0", "max_pct": "100"})


@blind(*BOUNDS, disarms=True)
def band_of_missing_shares_widened(case: Case) -> str:
    by = case.one((5, 10, 20))
    return alter(case, BANDS, lambda row: True, lambda row: {"max_pct": f"{float(row['max_pct']) + by:g}"})


@blind("missing_share", *BOUNDS)
def band_of_missing_shares_narrowed(case: Case) -> str:
    return alter(
        case,
        BANDS,
        lambda row: (
            row["missing_type"] == "dont_know" and bool(row["question_id"]) and float(row["max_pct"]) >= 10
        ),
        lambda row: {"max_pct": f"{float(row['min_pct']) + 1:g}"},
    )


@blind(*BOUNDS, "unused_row", disarms=True)
def known_change_added(case: Case) -> str:
    """Of a question in a sample where nothing of the kind happened."""
    sample_id = case.sample()
    column = case.column(sample_id, "single")
    category = case.codes(column)[case.one(case.substantive(column))]
    change = case.one(("8.5", "-12", "25"))
    row = {
        "sample_id": sample_id,
        "question_id": column["question_id"],
        "category_id": category,
        "change": change,
    }
    case.project.append("survey/known_changes", row | {"reason": "assumed: much was written about it"})
    return f"{sample_id} {column['question_id']} {category}: {change}"


@blind(disarms=True)
def code_of_missing_answers_forgotten(case: Case) -> str:
    rows = case.project.seed("quality/missing_codes")
    row = rows.pop(case.random.randrange(len(rows)))
    case.project.rewrite("quality/missing_codes", rows)
    return row["code"]


@blind(disarms=True)
def row_of_the_lineage_removed(case: Case) -> str:
    rows = case.project.seed("quality/lineage")
    row = rows.pop(case.random.randrange(len(rows)))
    case.project.rewrite("quality/lineage", rows)
    if not row:
        raise NotApplicable
    return f"{row['output']} from {row['input']}"
