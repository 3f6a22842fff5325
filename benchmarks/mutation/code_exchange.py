"""Corruptions of what codes mean: two exchanged, the scale turned, an option more than the list says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from benchmarks.mutation.case import (
    LISTS,
    SINGLE,
    VARIABLES,
    Case,
    NotApplicable,
    Row,
    blind,
    cell,
    code,
    spread,
)
from benchmarks.mutation.wave_text import WaveText

EXCHANGED = ("exchanged_codes",)
LABELLED = (*EXCHANGED, "contradicting_label")
CATEGORIES = "survey/categories"
Pick = Callable[[Case, Sequence[str]], tuple[str, str]]


def _first(case: Case, codes: Sequence[str]) -> tuple[str, str]:
    return codes[0], codes[1]


def _middle(case: Case, codes: Sequence[str]) -> tuple[str, str]:
    if len(codes) < 4:
        raise NotApplicable
    at = case.random.randrange(1, len(codes) - 2)
    return codes[at], codes[at + 1]


def _last(case: Case, codes: Sequence[str]) -> tuple[str, str]:
    return codes[-2], codes[-1]


def _any(case: Case, codes: Sequence[str]) -> tuple[str, str]:
    at = case.random.randrange(len(codes) - 1)
    return codes[at], codes[at + 1]


def recoded(case: Case, sample_id: str, column: Row, means: Mapping[str, str]) -> None:
    """Put these codes in the place of those in the column, cell by cell."""
    with case.wave(sample_id) as wave:
        _recode(wave, column["variable"], means)


def _recode(wave: WaveText, variable: str, means: Mapping[str, str]) -> None:
    before = wave.column(variable)
    after = [cell(means.get(code(value), code(value))) for value in before]
    if before == after:
        raise NotApplicable
    wave.put(variable, after)


def _columns(case: Case, sample_id: str, *, ordinal: bool, least: int, most: int = 99) -> list[Row]:
    return [
        column
        for column in case.columns(sample_id, *SINGLE)
        if case.is_ordinal(column) == ordinal and least <= len(case.substantive(column)) <= most
    ]


def _exchange_in_the_data(case: Case, pick: Pick, **which) -> str:
    sample_id = case.sample()
    column = case.one(_columns(case, sample_id, **which))
    one, other = pick(case, case.substantive(column))
    recoded(case, sample_id, column, {one: other, other: one})
    return f"{sample_id} {column['variable']} ({column['question_id']}): {one} and {other}"


@blind(*EXCHANGED, "reversed_scale")
def first_two_codes_of_a_scale_exchanged(case: Case) -> str:
    return _exchange_in_the_data(case, _first, ordinal=True, least=3)


@blind(*EXCHANGED)
def middle_codes_of_a_scale_exchanged(case: Case) -> str:
    return _exchange_in_the_data(case, _middle, ordinal=True, least=4)


@blind(*EXCHANGED)
def last_two_codes_of_a_scale_exchanged(case: Case) -> str:
    return _exchange_in_the_data(case, _last, ordinal=True, least=3)


@blind(*EXCHANGED, "shifted_codes")
def neighbouring_codes_of_a_nominal_list_exchanged(case: Case) -> str:
    return _exchange_in_the_data(case, _any, ordinal=False, least=3)


@blind(*EXCHANGED, "reversed_scale", "answered_though_skipped", "skipped_though_asked")
def codes_of_two_options_exchanged(case: Case) -> str:
    sample_id = case.sample()
    column = case.one(c for c in case.columns(sample_id, *SINGLE) if len(case.substantive(c)) == 2)
    one, other = case.substantive(column)
    recoded(case, sample_id, column, {one: other, other: one})
    return f"{sample_id} {column['variable']} ({column['question_id']}): {one} and {other}"


@blind(*EXCHANGED)
def chosen_and_not_chosen_exchanged(case: Case) -> str:
    """In one column of a question of several answers."""
    sample_id = case.sample()
    column = case.column(sample_id, "indicator")
    back = {category: key for key, category in case.codes(column).items()}
    yes, no = back["chosen"], back["not_chosen"]
    recoded(case, sample_id, column, {yes: no, no: yes})
    return f"{sample_id} {column['variable']}: {column['category_id']}"


# with the labels of the file


def _relabel(wave: WaveText, variable: str, means: Mapping[str, str]) -> None:
    """Give each code the label of the code that it stands for."""
    labels = wave.value_labels.get(variable, {})
    by_code = {wave.spelled(native): native for native in labels}
    if not set(means) <= set(by_code):
        raise NotApplicable
    moved = {by_code[key]: labels[by_code[other]] for key, other in means.items()}
    if moved.items() <= labels.items():
        raise NotApplicable
    labels.update(moved)


def _labelled_column(case: Case) -> tuple[str, Row, dict[str, str]]:
    sample_id = case.sample("sav", "dta", "xlsx")
    column = case.one(c for c in case.columns(sample_id, *SINGLE) if len(case.substantive(c)) >= 2)
    one, other = case.one((_first, _any, _last))(case, case.substantive(column))
    return sample_id, column, {one: other, other: one}


def _told(sample_id: str, column: Row, means: Mapping[str, str]) -> str:
    return f"{sample_id} {column['variable']} ({column['question_id']}): {' and '.join(list(means)[:2])}"


@blind("contradicting_label")
def labels_of_neighbouring_codes_exchanged(case: Case) -> str:
    sample_id, column, means = _labelled_column(case)
    with case.wave(sample_id) as wave:
        _relabel(wave, column["variable"], means)
    return _told(sample_id, column, means)


@blind(*LABELLED)
def neighbouring_codes_exchanged_with_their_labels(case: Case) -> str:
    """The file is in itself right; the code list is not the file's."""
    sample_id, column, means = _labelled_column(case)
    with case.wave(sample_id) as wave:
        _relabel(wave, column["variable"], means)
        _recode(wave, column["variable"], means)
    return _told(sample_id, column, means)


@blind(*LABELLED, "reversed_scale")
def scale_turned_with_its_labels(case: Case) -> str:
    sample_id = case.sample("sav", "dta", "xlsx")
    column = case.one(_columns(case, sample_id, ordinal=True, least=3))
    codes = case.substantive(column)
    means = dict(zip(codes, codes[::-1]))
    with case.wave(sample_id) as wave:
        _relabel(wave, column["variable"], means)
        _recode(wave, column["variable"], means)
    return f"{sample_id} {column['variable']} ({column['question_id']})"


@blind("reversed_scale")
def scale_turned(case: Case) -> str:
    sample_id = case.sample()
    column = case.one(_columns(case, sample_id, ordinal=True, least=3))
    codes = case.substantive(column)
    recoded(case, sample_id, column, dict(zip(codes, codes[::-1])))
    return f"{sample_id} {column['variable']} ({column['question_id']})"


# in the code list


def own_list(case: Case, column: Row, meanings: Mapping[str, str]) -> str:
    """Give the column a code list of its own."""
    name = column["code_list"] + "_own"
    case.project.append(
        LISTS, *({"code_list": name, "code": k, "category_id": c} for k, c in meanings.items())
    )
    for row in case.of_question(column["sample_id"], column["question_id"]):
        if row["code_list"] == column["code_list"]:
            where = {"sample_id": row["sample_id"], "variable": row["variable"]}
            case.project.change(VARIABLES, where, code_list=name)
    return name


def _exchange_in_the_list(case: Case, columns: Sequence[Row], pick: Pick) -> str:
    """In the list that other columns share, or in one of the column's own."""
    column = case.one(columns)
    codes = case.substantive(column)
    one, other = pick(case, codes)
    meanings = case.codes(column) | {one: case.codes(column)[other], other: case.codes(column)[one]}
    if case.random.random() < 0.5:
        name = own_list(case, column, meanings)
    else:
        name = column["code_list"]
        for key in (one, other):
            case.project.change(LISTS, {"code_list": name, "code": key}, category_id=meanings[key])
    return f"{column['sample_id']} {column['question_id']}: {name}, {one} and {other}"


@blind(*LABELLED, "unordered_codes")
def neighbouring_codes_of_a_scale_exchanged_in_the_list(case: Case) -> str:
    return _exchange_in_the_list(case, _columns(case, case.sample(), ordinal=True, least=3), _any)


@blind(*LABELLED, "shifted_codes")
def neighbouring_codes_of_a_nominal_question_exchanged_in_the_list(case: Case) -> str:
    return _exchange_in_the_list(case, _columns(case, case.sample(), ordinal=False, least=3), _any)


@blind(*LABELLED, "reversed_scale", "unordered_codes")
def two_options_exchanged_in_the_list(case: Case) -> str:
    columns = [c for c in case.columns(case.sample(), *SINGLE) if len(case.substantive(c)) == 2]
    return _exchange_in_the_list(case, columns, _first)


def _printed_as_a_net(case: Case, column: Row) -> list[tuple[str, str]]:
    """Pairs of codes whose categories stand in one net that was published of this question in this sample."""
    sample = case.samples[column["sample_id"]]
    printed = {
        row["option_id"]
        for row in case.project.seed("published/toplines")
        if (row["sample_id"], row["question_id"]) == (sample["sample_id"], column["question_id"])
    }
    category_set = case.questions[column["question_id"]]["category_set"]
    by_net: dict[str, list[str]] = {}
    for key in case.substantive(column):
        category = case.categories[category_set, case.codes(column)[key]]
        by_net.setdefault(category["net"], []).append(key)
    return [(codes[0], codes[1]) for net, codes in by_net.items() if net in printed and len(codes) > 1]


@blind(*EXCHANGED, "drift")
def options_within_a_published_net_exchanged(case: Case) -> str:
    sample_id = case.sample()
    column = case.column(sample_id, *SINGLE)
    one, other = case.one(_printed_as_a_net(case, column))
    recoded(case, sample_id, column, {one: other, other: one})
    return f"{sample_id} {column['variable']} ({column['question_id']}): {one} and {other}"


@blind(*EXCHANGED, "drift")
def answers_moved_within_a_published_net(case: Case) -> str:
    """The net stays what was printed, and its parts do not."""
    sample_id = case.sample()
    column = case.column(sample_id, *SINGLE)
    one, other = case.one(_printed_as_a_net(case, column))
    with case.wave(sample_id) as wave:
        at = wave.at(column["variable"])
        rows = spread(case, [n for n, row in enumerate(wave.rows) if row[at] == one], 0.5, 1)
        for row in rows:
            wave.rows[row][at] = other
    return f"{sample_id} {column['variable']} ({column['question_id']}): {len(rows)} of {one} became {other}"
