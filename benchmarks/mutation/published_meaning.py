"""Corruptions of published numbers and of what is compared with them."""

from __future__ import annotations

from benchmarks.mutation.case import Case, NotApplicable, Row, blind
from benchmarks.mutation.seed_rows import alter, exchange

TOPLINES, CLAIMS, CELLS = "published/toplines", "published/claims", "published/regression_tables"
BOUNDS = ("implausible_cell", "invalid_cell")
RECONCILED = "reconciliation"


def _is_compared(row: Row) -> bool:
    return row["legibility"] in ("reported", "rounded", "derived")


def _value(row: Row) -> float:
    return float(row["pct"] or (float(row["lower"]) + float(row["upper"])) / 2)


@blind(*BOUNDS)
def bounds_of_a_published_number_opened(case: Case) -> str:
    return alter(case, TOPLINES, _is_compared, lambda _: {"lower": "0", "upper": "100"})


@blind(*BOUNDS)
def bounds_of_a_published_number_widened(case: Case) -> str:
    by = case.one((0.5, 1, 2, 5))
    return alter(
        case,
        TOPLINES,
        lambda row: _is_compared(row) and bool(row["pct"]),
        lambda row: {"lower": f"{_value(row) - by:.1f}", "upper": f"{_value(row) + by:.1f}"},
    )


@blind(*BOUNDS, RECONCILED)
def bounds_narrowed_beside_the_number(case: Case) -> str:
    """A rounded number is taken for one that was cut off, or rounded up."""

    def change(row: Row) -> Row:
        lower, upper = float(row["lower"]), float(row["upper"])
        middle = (lower + upper) / 2
        return case.one(({"lower": f"{middle:g}"}, {"upper": f"{middle:g}"}))

    return alter(case, TOPLINES, lambda row: _is_compared(row) and bool(row["lower"]), change)


@blind()
def published_number_set_aside(case: Case) -> str:
    """It counts as in conflict or not legible, so that nothing is compared with it."""
    return alter(case, TOPLINES, _is_compared, lambda _: {"legibility": case.one(("conflict", "illegible"))})


@blind()
def published_number_removed(case: Case) -> str:
    seed = case.one((TOPLINES, CLAIMS, CELLS, "published/demographics", "published/subgroups"))
    rows = case.project.seed(seed)
    row = rows.pop(case.random.randrange(len(rows)))
    case.project.rewrite(seed, rows)
    return f"{seed}: {', '.join(list(row.values())[:5])}"


def _series(row: Row) -> str:
    return row["sample_id"].rpartition("-")[0]


def _wave(row: Row) -> str:
    return row["sample_id"].rpartition("-")[2]


def _option(row: Row) -> tuple[str, str]:
    return row["question_id"], row["option_id"]


@blind(RECONCILED, "drift", "shares_do_not_sum")
def published_numbers_of_two_waves_exchanged(case: Case) -> str:
    def alike(row: Row, other: Row) -> bool:
        same = _series(row) == _series(other) and _option(row) == _option(other)
        return same and row["pct"] != other["pct"] and _is_compared(row) and _is_compared(other)

    rows = exchange(case, TOPLINES, alike, "pct", "lower", "upper")
    return (
        f"{rows[0]['question_id']} {rows[0]['option_id']}: {rows[0]['sample_id']} and {rows[1]['sample_id']}"
    )


@blind(RECONCILED, "drift", "shares_do_not_sum")
def published_numbers_of_the_two_countries_exchanged(case: Case) -> str:
    def alike(row: Row, other: Row) -> bool:
        same = _wave(row) == _wave(other) and _option(row) == _option(other)
        return same and _series(row) != _series(other) and _is_compared(row) and _is_compared(other)

    rows = exchange(case, TOPLINES, alike, "pct", "lower", "upper")
    return f"{_wave(rows[0])} {rows[0]['question_id']} {rows[0]['option_id']}"


@blind(RECONCILED, *BOUNDS)
def digits_of_a_published_number_exchanged(case: Case) -> str:
    def change(row: Row) -> Row:
        digits = row["pct"].replace(".", "")
        other = digits[1] + digits[0] + digits[2:]
        return {"pct": f"{other[:-1].lstrip('0') or '0'}.{other[-1]}"}

    return alter(
        case, TOPLINES, lambda row: _is_compared(row) and len(row["pct"]) == 4 and "." in row["pct"], change
    )


@blind(*BOUNDS)
def base_of_a_published_number_changed(case: Case) -> str:
    return alter(
        case,
        TOPLINES,
        lambda row: bool(row["n_base"]),
        lambda row: {"n_base": str(int(row["n_base"]) + case.one((-500, -6, 4, 1000)))},
    )


@blind()
def source_of_a_published_number_changed(case: Case) -> str:
    sources = [row["source_id"] for row in case.project.seed("published/sources")]
    seed = case.one((TOPLINES, "published/demographics"))
    return alter(
        case,
        seed,
        _is_compared,
        lambda row: {"source_id": case.one(s for s in sources if s != row["source_id"])},
    )


@blind(RECONCILED)
def published_option_of_other_categories(case: Case) -> str:
    """What a printed line sums up."""
    rows = case.project.seed("published/topline_options")
    row = case.one(rows)
    category_set = case.questions[row["question_id"]]["category_set"]
    used = {
        r["category_id"]
        for r in rows
        if r["option_id"] == row["option_id"] and r["question_id"] == row["question_id"]
    }
    new = case.one(name for owner, name in case.categories if owner == category_set and name not in used)
    before, row["category_id"] = row["category_id"], new
    case.project.rewrite("published/topline_options", rows)
    return f"{row['question_id']} {row['option_id']}: {new} instead of {before}"


@blind(RECONCILED)
def published_statement_changed(case: Case) -> str:
    def change(row: Row) -> Row:
        value = float(row["value"]) + case.one((-10, -1, 0.3, 1, 10)) if row["value"] else None
        other_wave = str(int(row["wave"]) - 1)
        return case.one(
            ({"value": f"{value:.1f}"} if value is not None else {"wave": other_wave}, {"wave": other_wave})
        )

    return alter(case, CLAIMS, lambda row: row["measure"] == "level" or bool(row["value"]), change)


@blind(RECONCILED)
def published_coefficient_changed(case: Case) -> str:
    return alter(
        case,
        CELLS,
        lambda row: row["legibility"] == "legible" and bool(row["estimate"]),
        lambda row: case.one(
            (
                {"estimate": f"{-float(row['estimate']):.3f}"},
                {"estimate": f"{float(row['estimate']) + 0.09:.3f}"},
            )
        ),
    )


@blind()
def published_coefficient_called_illegible(case: Case) -> str:
    return alter(
        case, CELLS, lambda row: row["legibility"] == "legible", lambda _: {"legibility": "illegible"}
    )


@blind("unused_row", "dangling_reference", "implausible_cell")
def published_subgroup_that_nothing_reads(case: Case) -> str:
    """Of a question, wave or group that the sample does not have."""
    rows = case.project.seed("published/subgroups")
    row = dict(case.one(rows))
    row |= case.one(
        (
            {"sample_id": f"{_series(row)}-2014"},
            {"subgroup": "education", "value": "age_30_39"},
            {"value": "age_70_79"},
        )
    )
    if row in rows:
        raise NotApplicable
    case.project.rewrite("published/subgroups", [*rows, row])
    return ", ".join(list(row.values())[:6])
