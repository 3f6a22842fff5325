"""Corruptions of cells: codes, numbers, skips, choices, missing answers."""

from __future__ import annotations

from benchmarks.mutation.case import (
    MULTIPLE,
    NUMBER,
    SINGLE,
    Case,
    NotApplicable,
    Row,
    cell,
    code,
    kind,
    spread,
)
from benchmarks.mutation.wave_text import WaveText

CODED = (*SINGLE, *MULTIPLE)


@kind("unknown_code")
def unknown_code_in_a_cell(case: Case) -> str:
    sample_id = case.sample()
    column = case.column(sample_id, *CODED)
    wrong = case.unknown(column)
    with case.wave(sample_id) as wave:
        at = wave.at(column["variable"])
        rows = case.some(range(len(wave.rows)), 1, 5)
        for row in rows:
            before = wave.rows[row][at]
            add = column["layout"] == "delimited" and before and case.random.random() < 0.5
            wave.rows[row][at] = f"{before}{column['delimiter']}{wrong}" if add else wrong
    return f"{sample_id} {column['variable']}: {wrong} in {len(rows)} cells"


@kind("unknown_code")
def formula_in_a_coded_cell(case: Case) -> str:
    sample_id = case.sample("csv", "xlsx")
    column = case.column(sample_id, *CODED)
    with case.wave(sample_id) as wave:
        row = case.random.choice(wave.rows)
        row[wave.at(column["variable"])] = "=cmd|' /C calc'!A0"
    return f"{sample_id} {column['variable']}"


@kind("number_out_of_range")
def age_or_birth_year_out_of_range(case: Case) -> str:
    sample_id = case.sample()
    column = case.column(sample_id, *NUMBER)
    ages, years = ("3", "12", "130", "250"), ("1799", "1850", "2022", "2050", "93")
    wrong = case.one(set(ages if column["layout"] == "number" else years) - set(case.codes(column)))
    with case.wave(sample_id) as wave:
        rows = case.some(wave.rows, 1, 8)
        for row in rows:
            row[wave.at(column["variable"])] = wrong
    return f"{sample_id} {column['variable']}: {wrong} in {len(rows)} cells"


@kind("missing_code_in_range", "drift")
def heap_of_age_99(case: Case) -> str:
    sample_id = case.sample()
    column = case.column(sample_id, "number")
    if "99" in case.codes(column):
        raise NotApplicable
    with case.wave(sample_id) as wave:
        rows = spread(case, range(len(wave.rows)), 0.01, 0.06)
        for row in rows:
            wave.rows[row][wave.at(column["variable"])] = "99"
    return f"{sample_id} {column['variable']}: {len(rows)} people of 99"


@kind("missing_share")
def answers_moved_to_a_missing_code(case: Case) -> str:
    sample_id = case.sample()
    column = case.column(sample_id, *SINGLE)
    missing = case.one(case.codes_of_type(column, "dont_know", "no_answer"))
    with case.wave(sample_id) as wave:
        at = wave.at(column["variable"])
        answered = set(case.substantive(column))
        rows = spread(case, [n for n, row in enumerate(wave.rows) if code(row[at]) in answered], 0.15, 0.5)
        for row in rows:
            wave.rows[row][at] = cell(missing)
    return f"{sample_id} {column['question_id']}: {len(rows)} answers became {missing}"


def _blank(case: Case, least: float, most: float) -> str:
    sample_id = case.sample()
    question_id = case.one(case.asked(sample_id))
    with case.wave(sample_id) as wave:
        n = round(len(wave.rows) * case.random.uniform(least, most))
        first = case.random.randint(0, len(wave.rows) - n)
        changed = 0
        for row in wave.rows[first : first + n]:
            for column in case.of_question(sample_id, question_id):
                at = wave.at(column["variable"])
                changed += row[at] is not None
                row[at] = None
        if not changed:
            raise NotApplicable
    return f"{sample_id} {question_id}: {changed} cells of rows {first + 1} to {first + n} emptied"


@kind("partly_asked", "unknown_code", "skipped_though_asked", "nothing_chosen", "missing_share")
def block_of_a_question_blanked(case: Case) -> str:
    return _blank(case, 0.1, 0.5)


@kind(
    "nobody_answered",
    "partly_asked",
    "unknown_code",
    "skipped_though_asked",
    "nothing_chosen",
    "missing_share",
)
def whole_question_blanked(case: Case) -> str:
    return _blank(case, 1, 1)


@kind("straight_lining")
def straight_lined_block(case: Case) -> str:
    """Some give one answer to every scale with the same codes; none of them leaves a universe by it."""
    sample_id = case.sample()
    by_codes: dict[tuple[str, ...], list[Row]] = {}
    for column in case.columns(sample_id, *SINGLE):
        question = case.questions[column["question_id"]]
        if question["answer_type"] == "ordinal" and question["topic"] != "respondent":
            by_codes.setdefault(tuple(sorted(case.substantive(column))), []).append(column)
    codes, battery = case.one(item for item in by_codes.items() if len(item[1]) >= 4)
    chosen = case.one(codes)
    bound = [c for c in battery if case.filtered(c["question_id"]) or case.is_parent(c["question_id"])]
    with case.wave(sample_id) as wave:
        fitting = [
            n for n, row in enumerate(wave.rows) if all(row[wave.at(c["variable"])] == chosen for c in bound)
        ]
        rows = case.some(fitting, 100, 300)
        for row in rows:
            for column in battery:
                wave.rows[row][wave.at(column["variable"])] = chosen
    return f"{sample_id}: {len(rows)} people say {chosen} in {len(battery)} columns"


def _inside(case: Case, wave: WaveText, sample_id: str, question_id: str) -> dict[int, bool]:
    """Row -> whether the parent's answer leads into the question."""
    condition = case.condition(question_id)
    assert condition
    parent = case.one(case.of_question(sample_id, condition["question_id"]))
    category_set = case.questions[parent["question_id"]]["category_set"]

    def leads(value: str | None) -> bool:
        category = case.codes(parent).get(code(value), "")
        net = case.categories.get((category_set, category), {}).get("net")
        return bool(net and net == condition["net"] or category == condition["category_id"])

    return {number: leads(value) for number, value in enumerate(wave.column(parent["variable"]))}


def _filtered(case: Case) -> tuple[str, str, list[Row]]:
    sample_id = case.sample()
    question_id = case.one(name for name in case.asked(sample_id) if case.filtered(name))
    columns = case.of_question(sample_id, question_id)
    if any(not case.codes_of_type(column, "skipped") for column in columns):
        raise NotApplicable
    return sample_id, question_id, columns


@kind("skipped_though_asked")
def skipped_though_asked(case: Case) -> str:
    sample_id, question_id, columns = _filtered(case)
    with case.wave(sample_id) as wave:
        inside = _inside(case, wave, sample_id, question_id)
        rows = case.some([row for row, leads in inside.items() if leads], 1, 30)
        for row in rows:
            for column in columns:
                wave.rows[row][wave.at(column["variable"])] = cell(case.codes_of_type(column, "skipped")[0])
    return f"{sample_id} {question_id}: {len(rows)} records"


@kind("answered_though_skipped")
def answered_though_skipped(case: Case) -> str:
    sample_id, question_id, columns = _filtered(case)
    with case.wave(sample_id) as wave:
        inside = _inside(case, wave, sample_id, question_id)
        rows = case.some([row for row, leads in inside.items() if not leads], 1, 30)
        # Whole answers of somebody who was asked.
        donor = case.one(
            row
            for row, leads in inside.items()
            if leads
            and all(
                wave.rows[row][wave.at(column["variable"])] is not None or column["layout"] == "ranked"
                for column in columns
            )
        )
        for row in rows:
            for column in columns:
                at = wave.at(column["variable"])
                wave.rows[row][at] = wave.rows[donor][at]
    return f"{sample_id} {question_id}: {len(rows)} records"


def _several(case: Case, *layouts: str) -> tuple[str, str, list[Row]]:
    """An unfiltered multiple-answer question."""
    sample_id = case.sample()
    question_id = case.one(
        column["question_id"]
        for column in case.columns(sample_id, *layouts)
        if not case.filtered(column["question_id"])
    )
    return sample_id, question_id, case.of_question(sample_id, question_id)


@kind("exclusive_choice")
def none_and_something(case: Case) -> str:
    sample_id, question_id, columns = _several(case, *MULTIPLE)
    category_set = case.questions[question_id]["category_set"]
    excluding = case.one(
        name
        for (owner, name), row in case.categories.items()
        if owner == category_set and row.get("exclusive") == "true" and not row["missing_type"]
    )
    with case.wave(sample_id) as wave:
        rows = _choose_beside(case, wave, columns, excluding)
    return f"{sample_id} {question_id}: {excluding} beside another choice in {rows} records"


@kind("contradictory_choice")
def missing_answer_beside_a_choice(case: Case) -> str:
    sample_id, question_id, columns = _several(case, *MULTIPLE)
    with case.wave(sample_id) as wave:
        if columns[0]["layout"] == "indicator":
            column = case.one(columns)
            missing = case.one(case.codes_of_type(column, "dont_know", "no_answer"))
            others = [other for other in columns if other is not column]
            rows = [
                row
                for row in wave.rows
                if any(_is_chosen(case, other, row[wave.at(other["variable"])]) for other in others)
            ]
            for row in (chosen := case.some(rows, 1, 6)):
                row[wave.at(column["variable"])] = cell(missing)
            return f"{sample_id} {question_id}: {missing} in {len(chosen)} records"
        missing = case.one(
            category
            for category in sorted(set(case.codes(columns[0]).values()))
            if case.missing_type(columns[0], category) in ("dont_know", "no_answer")
        )
        rows = _choose_beside(case, wave, columns, missing)
    return f"{sample_id} {question_id}: {missing} in {rows} records"


def _is_chosen(case: Case, column: Row, value: str | None) -> bool:
    return case.codes(column).get(code(value)) == "chosen"


def _choose_beside(case: Case, wave: WaveText, columns: list[Row], category: str) -> int:
    """Add a choice of the category to records that chose something else; how many records."""
    ats = [wave.at(column["variable"]) for column in columns]
    first = columns[0]
    if first["layout"] == "indicator":
        own = case.one(column for column in columns if column["category_id"] == category)
        yes = case.one(key for key, meaning in case.codes(own).items() if meaning == "chosen")
        rows = [
            row
            for row in wave.rows
            if any(_is_chosen(case, column, row[at]) for column, at in zip(columns, ats) if column is not own)
            and not _is_chosen(case, own, row[wave.at(own["variable"])])
        ]
        for row in (chosen := case.some(rows, 1, 6)):
            row[wave.at(own["variable"])] = yes
        return len(chosen)
    added = case.one(
        key for key, meaning in case.codes(first).items() if meaning == category and key != "<blank>"
    )
    answers = set(case.substantive(first)) - {added}
    if first["layout"] == "delimited":
        rows = [
            row for row in wave.rows if row[ats[0]] and set(row[ats[0]].split(first["delimiter"])) <= answers
        ]
        for row in (chosen := case.some(rows, 1, 6)):
            row[ats[0]] += first["delimiter"] + added
        return len(chosen)
    free = {"<blank>", *(key for key, meaning in case.codes(first).items() if meaning == "no_further_choice")}
    rows = [
        row for row in wave.rows if row[ats[0]] in answers and len(ats) > 1 and code(row[ats[-1]]) in free
    ]
    for row in (chosen := case.some(rows, 1, 6)):
        row[ats[-1]] = added
    return len(chosen)


@kind("repeated_choice")
def choice_repeated(case: Case) -> str:
    sample_id, question_id, columns = _several(case, "delimited", "ranked")
    with case.wave(sample_id) as wave:
        ats = [wave.at(column["variable"]) for column in columns]
        answers = set(case.substantive(columns[0]))
        if columns[0]["layout"] == "delimited":
            rows = [row for row in wave.rows if row[ats[0]] in answers]
            for row in (chosen := case.some(rows, 1, 6)):
                row[ats[0]] += columns[0]["delimiter"] + row[ats[0]]
        else:
            free = {
                "<blank>",
                *(k for k, meaning in case.codes(columns[1]).items() if meaning == "no_further_choice"),
            }
            rows = [row for row in wave.rows if row[ats[0]] in answers and code(row[ats[1]]) in free]
            for row in (chosen := case.some(rows, 1, 6)):
                row[ats[1]] = row[ats[0]]
    return f"{sample_id} {question_id}: {len(chosen)} records"
