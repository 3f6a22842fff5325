"""Corruptions by an option more: the questionnaire gained one, and the crosswalk was filled in wrongly."""

from __future__ import annotations

from benchmarks.mutation.case import LISTS, SINGLE, VARIABLES, Case, NotApplicable, Row, blind, spread
from benchmarks.mutation.code_exchange import CATEGORIES, own_list

NEW = {"label_en": "Something new", "label_ko": "새 응답", "label_ja": "新しい選択肢"}
SHIFTED = ("shifted_codes", "exchanged_codes", "drift", "uncompared_question")


def _new_category(case: Case, question_id: str) -> str:
    """The option more, last in the question's set."""
    category_set = case.questions[question_id]["category_set"]
    positions = [
        int(row["position"])
        for (name, _), row in case.categories.items()
        if name == category_set and row["position"]
    ]
    case.project.append(
        CATEGORIES,
        {"category_set": category_set, "category_id": "new_option", "position": max(positions) + 1, **NEW},
    )
    return "new_option"


def _numbered(case: Case, *layouts: str) -> tuple[str, Row, list[str]]:
    """A column whose options have the numbers 1, 2, 3 ... and room for one more."""
    sample_id = case.sample()
    column = case.column(sample_id, *layouts)
    codes = sorted(case.substantive(column), key=lambda key: int(key) if key.isdigit() else 0)
    if len(codes) < 4 or [key.lstrip("0") for key in codes] != [str(n + 1) for n in range(len(codes))]:
        raise NotApplicable
    if _next(codes) in case.codes(column):
        raise NotApplicable
    return sample_id, column, codes


def _next(codes: list[str]) -> str:
    return str(len(codes) + 1).zfill(len(codes[-1]) if codes[0].startswith("0") else 1)


def _insert(case: Case, sample_id: str, column: Row, codes: list[str]) -> int:
    """The codes from some number on are one higher in the file, and some people chose what stands there now."""
    at = case.random.randrange(1, len(codes) - 1)
    higher = dict(zip(codes[at:], [*codes[at + 1 :], _next(codes)]))
    columns = case.of_question(sample_id, column["question_id"])
    with case.wave(sample_id) as wave:
        for row in columns:
            delimiter = row["delimiter"] or "\0"
            cells = [
                value and delimiter.join(higher.get(part, part) for part in value.split(delimiter))
                for value in wave.column(row["variable"])
            ]
            wave.put(row["variable"], cells)
        first = wave.at(columns[0]["variable"])
        chosen = [n for n, record in enumerate(wave.rows) if record[first] in (*codes[:at], *higher.values())]
        for n in spread(case, chosen, 0.02, 0.08):
            if columns[0]["layout"] != "ranked" or codes[at] not in [
                wave.rows[n][wave.at(c["variable"])] for c in columns
            ]:
                wave.rows[n][first] = codes[at]
    return at


def _inserted(case: Case, *layouts: str) -> str:
    sample_id, column, codes = _numbered(case, *layouts)
    at = _insert(case, sample_id, column, codes)
    own_list(case, column, case.codes(column) | {_next(codes): _new_category(case, column["question_id"])})
    return f"{sample_id} {column['question_id']}: {codes[at]} is new in the file, {_next(codes)} in the list"


@blind(*SHIFTED)
def option_inserted_and_the_list_lengthened_at_its_end(case: Case) -> str:
    return _inserted(case, *SINGLE)


@blind(*SHIFTED)
def option_inserted_in_a_list_of_several_answers(case: Case) -> str:
    return _inserted(case, "ranked", "delimited")


@blind(*SHIFTED, "unknown_code")
def option_inserted_and_the_list_left(case: Case) -> str:
    sample_id, column, codes = _numbered(case, *SINGLE)
    at = _insert(case, sample_id, column, codes)
    return f"{sample_id} {column['question_id']}: {codes[at]} is new in the file"


def _indicators(case: Case) -> tuple[str, list[Row]]:
    sample_id = case.sample()
    columns = case.of_question(sample_id, case.column(sample_id, "indicator")["question_id"])
    if len(columns) < 5:
        raise NotApplicable
    return sample_id, columns


@blind(*SHIFTED, "swapped_variables")
def indicator_inserted_and_the_following_moved_up(case: Case) -> str:
    """The column more is the last one in the crosswalk, and another one in the file."""
    sample_id, columns = _indicators(case)
    at = case.random.randrange(1, len(columns) - 1)
    names = [column["variable"] for column in columns]
    new = f"{names[-1]}a"
    back = {category: key for key, category in case.codes(columns[0]).items()}
    with case.wave(sample_id) as wave:
        before = [wave.column(name) for name in names]
        inserted = [
            (back["chosen"] if case.random.random() < 0.06 else back["not_chosen"])
            if value in (back["chosen"], back["not_chosen"])
            else value
            for value in before[at]
        ]
        wave.add(new, before[-1])
        wave.value_labels.update(
            {new: dict(wave.value_labels[names[-1]])} if names[-1] in wave.value_labels else {}
        )
        for name, cells in zip(names[at:], [inserted, *before[at:-1]]):
            wave.put(name, cells)
    category = _new_category(case, columns[0]["question_id"])
    case.project.append(VARIABLES, columns[-1] | {"variable": new, "category_id": category})
    return f"{sample_id} {columns[0]['question_id']}: {names[at]} is new in the file, {new} in the crosswalk"


@blind(*SHIFTED, "swapped_variables", "contradicting_label")
def options_of_two_indicators_exchanged_in_the_crosswalk(case: Case) -> str:
    sample_id, columns = _indicators(case)
    one, other = case.some(columns, 2, 2)
    for column, category in ((one, other["category_id"]), (other, one["category_id"])):
        case.project.change(
            VARIABLES, {"sample_id": sample_id, "variable": column["variable"]}, category_id=category
        )
    return f"{sample_id} {one['question_id']}: {one['category_id']} and {other['category_id']}"


@blind(*SHIFTED, "swapped_variables", "contradicting_label")
def options_of_the_indicators_moved_on_in_the_crosswalk(case: Case) -> str:
    """The list was filled in one row too low from some row on."""
    sample_id, columns = _indicators(case)
    at = case.random.randrange(len(columns) - 2)
    categories = [column["category_id"] for column in columns[at:]]
    for column, category in zip(columns[at:], [categories[-1], *categories[:-1]]):
        case.project.change(
            VARIABLES, {"sample_id": sample_id, "variable": column["variable"]}, category_id=category
        )
    return f"{sample_id} {columns[0]['question_id']}: from {columns[at]['variable']} on"


@blind(*SHIFTED, "contradicting_label")
def option_list_filled_in_one_row_too_low(case: Case) -> str:
    """All codes of a list of options from some number on mean the option before."""
    sample_id, column, codes = _numbered(case, *SINGLE, "ranked", "delimited")
    at = case.random.randrange(len(codes) - 2)
    meanings = case.codes(column)
    moved = [meanings[key] for key in codes[at:]]
    own_list(case, column, meanings | dict(zip(codes[at:], [moved[-1], *moved[:-1]])))
    return f"{sample_id} {column['question_id']}: from {codes[at]} on"


@blind(*SHIFTED, "contradicting_label", "duplicate_key")
def two_options_read_as_one(case: Case) -> str:
    column = case.column(case.sample(), *SINGLE, "delimited", "ranked")
    codes = case.substantive(column)
    if len(codes) < 4:
        raise NotApplicable
    one, other = case.some(codes, 2, 2)
    meanings = case.codes(column)
    if case.random.random() < 0.5:
        own_list(case, column, meanings | {one: meanings[other]})
    else:
        case.project.change(
            LISTS, {"code_list": column["code_list"], "code": one}, category_id=meanings[other]
        )
    return f"{column['sample_id']} {column['question_id']}: {one} as {other}"
