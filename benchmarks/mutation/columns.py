"""Corruptions of whole columns: names, order, direction, labels, weights."""

from __future__ import annotations

from benchmarks.mutation.case import SINGLE, VARIABLES, Case, NotApplicable, Row, cell, code, kind


def _any_column(case: Case, sample_id: str) -> Row:
    return case.one(row for row in case.variables if row["sample_id"] == sample_id and row["role"] != "id")


@kind("unknown_variable", "missing_variable")
def column_renamed(case: Case) -> str:
    sample_id = case.sample()
    old = _any_column(case, sample_id)["variable"]
    new = case.one([f"{old}_1", f"{old}x", "V001", old.swapcase() if old.swapcase() != old else f"{old} "])
    with case.wave(sample_id) as wave:
        if new in wave.header:
            raise NotApplicable
        wave.rename(old, new.strip() if wave.labels is not None else new)
    return f"{sample_id}: {old} is {new!r}"


@kind("missing_variable")
def column_dropped(case: Case) -> str:
    sample_id = case.sample()
    variable = _any_column(case, sample_id)["variable"]
    with case.wave(sample_id) as wave:
        wave.drop(variable)
    return f"{sample_id}: {variable}"


@kind("no_id_variable", "missing_variable")
def identifier_dropped(case: Case) -> str:
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        wave.drop(case.samples[sample_id]["id_variable"])
    return sample_id


@kind("unknown_variable")
def column_added(case: Case) -> str:
    sample_id = case.sample()
    with case.wave(sample_id) as wave:
        wave.add("Q99_NEW", [case.random.choice("123") for _ in wave.rows])
    return sample_id


@kind("invalid_header")
def header_repeated_or_empty(case: Case) -> str:
    sample_id = case.sample("csv", "xlsx")
    with case.wave(sample_id) as wave:
        at = case.random.randrange(1, len(wave.header) - 1)
        before, new = wave.header[at], case.one([wave.header[0], ""])
        wave.header[at] = new
    return f"{sample_id}: {before} is named {new!r}"


def _two_singles(case: Case, sample_id: str) -> tuple[str, str]:
    columns = case.columns(sample_id, *SINGLE)
    first = case.one(columns)
    alike = [c for c in columns if c["code_list"] == first["code_list"] and c is not first]
    others = [c for c in columns if c["code_list"] != first["code_list"]]
    second = case.one(alike if alike and case.random.random() < 0.7 else others)
    return first["variable"], second["variable"]


@kind(
    "swapped_variables",
    "unknown_code",
    "number_out_of_range",
    "answered_though_skipped",
    "skipped_though_asked",
)
def data_of_two_columns_swapped(case: Case) -> str:
    sample_id = case.sample()
    first, second = _two_singles(case, sample_id)
    with case.wave(sample_id) as wave:
        one, two = wave.column(first), wave.column(second)
        if one == two:
            raise NotApplicable
        wave.put(first, two)
        wave.put(second, one)
    return f"{sample_id}: {first} and {second}"


@kind(
    "swapped_variables",
    "unknown_code",
    "contradicting_label",
    "answered_though_skipped",
    "skipped_though_asked",
)
def headers_of_two_columns_swapped(case: Case) -> str:
    sample_id = case.sample()
    first, second = _two_singles(case, sample_id)
    with case.wave(sample_id) as wave:
        wave.rename(first, "\0")
        wave.rename(second, first)
        wave.rename("\0", second)
    return f"{sample_id}: {first} and {second}"


def _scale(case: Case) -> tuple[str, Row, list[str]]:
    sample_id = case.sample()
    column = case.one(
        c
        for c in case.columns(sample_id, *SINGLE)
        if case.questions[c["question_id"]]["answer_type"] == "ordinal"
    )
    codes = case.substantive(column)
    if len(codes) < 3 or len(codes) != len({case.codes(column)[key] for key in codes}):
        raise NotApplicable
    return sample_id, column, codes


def _recode(case: Case, sample_id: str, variable: str, codes: dict[str, str]) -> None:
    with case.wave(sample_id) as wave:
        before = wave.column(variable)
        after = [cell(codes.get(code(value), code(value))) for value in before]
        if before == after:
            raise NotApplicable
        wave.put(variable, after)


@kind("reversed_scale")
def scale_reversed(case: Case) -> str:
    sample_id, column, codes = _scale(case)
    _recode(case, sample_id, column["variable"], dict(zip(codes, reversed(codes))))
    return f"{sample_id} {column['question_id']} ({len(codes)} points)"


@kind("shifted_codes")
def option_list_shifted_round(case: Case) -> str:
    """The last option comes first, as where a questionnaire moved it."""
    sample_id, column, codes = _options(case)
    step = case.one((1, -1))
    _recode(case, sample_id, column["variable"], dict(zip(codes, codes[step:] + codes[:step])))
    return f"{sample_id} {column['question_id']} ({len(codes)} options, by {step})"


@kind("shifted_codes", "unknown_code", "missing_share", "nobody_answered", "skipped_though_asked")
def option_list_shifted_by_one(case: Case) -> str:
    """Counted from 0 instead of 1, or from 2."""
    sample_id, column, codes = _options(case)
    if not all(key.isdigit() for key in codes):
        raise NotApplicable
    step = case.one((1, -1))
    shifted = {key: str(int(key) + step).zfill(len(key)) for key in codes}
    _recode(case, sample_id, column["variable"], shifted)
    return f"{sample_id} {column['question_id']} ({len(codes)} options, by {step})"


def _options(case: Case) -> tuple[str, Row, list[str]]:
    sample_id = case.sample()
    column = case.column(sample_id, *SINGLE)
    codes = case.substantive(column)
    if len(codes) < 3:
        raise NotApplicable
    return sample_id, column, codes


def _labelled(case: Case) -> tuple[str, Row]:
    sample_id = case.sample("sav", "dta")
    return sample_id, case.column(sample_id, *SINGLE)


@kind("contradicting_label")
def label_contradicts_the_code_list(case: Case) -> str:
    sample_id, column = _labelled(case)
    with case.wave(sample_id) as wave:
        labels = wave.labels.get(column["variable"], {})
        first, second = case.some(labels, 2, 2)
        labels[first], labels[second] = labels[second], labels[first]
    return f"{sample_id} {column['variable']}: labels of {first} and {second}"


@kind("duplicate_label", "contradicting_label")
def label_repeated(case: Case) -> str:
    sample_id, column = _labelled(case)
    with case.wave(sample_id) as wave:
        labels = wave.labels.get(column["variable"], {})
        first, second = case.some(labels, 2, 2)
        labels[first] = labels[second]
    return f"{sample_id} {column['variable']}: {first} labelled as {second}"


def add_weights(case: Case, sample_id: str, weights: list[str]) -> None:
    """Give the sample a weight column, in the file and in the seeds."""
    with case.wave(sample_id) as wave:
        wave.add("WEIGHT", weights)
    case.project.append(
        VARIABLES,
        {
            "sample_id": sample_id,
            "variable": "WEIGHT",
            "role": "weight",
            "review": "reviewed",
            "note": "weight of the respondent",
        },
    )
    case.project.change("survey/samples", {"sample_id": sample_id}, weight_variable="WEIGHT")


def sound_weights(case: Case, n: int) -> list[str]:
    """Weights between 0.5 and 2 that average 1 to the last of their six digits."""
    drawn = [case.random.uniform(0.5, 2) for _ in range(n)]
    millionths = [round(value * n * 1_000_000 / sum(drawn)) for value in drawn]
    millionths[0] += n * 1_000_000 - sum(millionths)
    return [f"{value / 1_000_000:.6f}" for value in millionths]


@kind("invalid_weight")
def weights_negative_zero_or_absent(case: Case) -> str:
    sample_id = case.sample()
    weights: list[str | None] = list(sound_weights(case, int(case.samples[sample_id]["n_expected"])))
    wrong = case.one(["-1", "0", None, "-0.4"])
    for row in case.some(range(len(weights)), 1, 5):
        weights[row] = wrong
    add_weights(case, sample_id, weights)
    return f"{sample_id}: {wrong}"


@kind("weight_mean")
def weights_scaled(case: Case) -> str:
    sample_id = case.sample()
    factor = case.one([0.5, 0.9, 1.1, 2, 100, 5000])
    weights = sound_weights(case, int(case.samples[sample_id]["n_expected"]))
    add_weights(case, sample_id, [f"{float(weight) * factor:.6f}" for weight in weights])
    return f"{sample_id}: by {factor}"
