"""Corruptions of what the seeds say of answers: labels, nets, positions, what counts as an answer."""

from __future__ import annotations

from benchmarks.mutation.case import LISTS, SINGLE, UNIVERSES, Case, Row, blind
from benchmarks.mutation.seed_rows import alter, exchange, pair, two

CATEGORIES, QUESTIONS = "survey/categories", "survey/questions"
LABELS = ("contradicting_label", "duplicate_label")
LANGUAGES = ("label_en", "label_ko", "label_ja")


def _same_set(row: Row, other: Row) -> bool:
    return row["category_set"] == other["category_set"]


# labels


@blind(*LABELS)
def labels_of_two_categories_exchanged(case: Case) -> str:
    return two(exchange(case, CATEGORIES, _same_set, *LANGUAGES), "category_id")


@blind(*LABELS)
def labels_of_one_language_exchanged(case: Case) -> str:
    language = case.one(LANGUAGES)
    return f"{language} of " + two(exchange(case, CATEGORIES, _same_set, language), "category_id")


@blind("contradicting_variable_label")
def labels_of_two_questions_exchanged(case: Case) -> str:
    languages = case.one((LANGUAGES, *((language,) for language in LANGUAGES)))
    return two(exchange(case, QUESTIONS, lambda row, other: True, *languages), "question_id")


@blind(*LABELS, "contradicting_variable_label")
def label_of_another_meaning(case: Case) -> str:
    """A negation lost or put in, a word of degree changed: what a slip of the translator does."""
    words = (("not ", ""), ("somewhat ", "very "), ("Somewhat ", "Very "), ("good", "bad"), ("Positive", "Negative"),
             ("좋", "나쁘"), ("다소", "매우"), ("않", ""), ("やや", "非常に"), ("ない", "る"), ("良い", "悪い"), ("必要", "不要"))  # fmt: skip
    language = case.one(LANGUAGES)
    old, new = case.one(words)
    seed = case.one((CATEGORIES, QUESTIONS))
    return alter(
        case,
        seed,
        lambda row: old in row[language],
        lambda row: {language: row[language].replace(old, new, 1)},
    )


@blind(*LABELS, "implausible_cell")
def label_of_the_neighbour_taken_over(case: Case) -> str:
    language = case.one(LANGUAGES)
    rows = case.project.seed(CATEGORIES)
    one, other = pair(case, rows, _same_set)
    one[language] = other[language]
    case.project.rewrite(CATEGORIES, rows)
    return f"{language} of {two((one, other), 'category_id')}"


@blind()
def title_or_topic_of_a_question_changed(case: Case) -> str:
    topics = sorted({row["topic"] for row in case.questions.values()})
    return alter(
        case,
        QUESTIONS,
        lambda row: True,
        lambda row: {"topic": case.one(t for t in topics if t != row["topic"])},
    )


# the scale


@blind()
def net_turned(case: Case) -> str:
    """Positive and negative exchanged in a whole set."""
    rows = case.project.seed(CATEGORIES)
    turned = {"positive": "negative", "negative": "positive"}
    category_set = case.one({row["category_set"] for row in rows if row["net"] in turned})
    for row in rows:
        if row["category_set"] == category_set:
            row["net"] = turned.get(row["net"], row["net"])
    case.project.rewrite(CATEGORIES, rows)
    return category_set


@blind()
def category_moved_out_of_a_net(case: Case) -> str:
    return alter(case, CATEGORIES, lambda row: bool(row["net"]), lambda row: {"net": ""})


@blind()
def category_moved_into_a_net(case: Case) -> str:
    def fits(row: Row) -> bool:
        return not row["net"] and not row["missing_type"] and row["category_set"] != "reserved"

    return alter(case, CATEGORIES, fits, lambda _: {"net": case.one(("positive", "neither", "negative"))})


@blind()
def category_moved_to_another_net(case: Case) -> str:
    nets = ("positive", "neither", "negative")
    return alter(
        case,
        CATEGORIES,
        lambda row: row["net"] in nets,
        lambda row: {"net": case.one(n for n in nets if n != row["net"])},
    )


@blind("unordered_codes", "reversed_scale")
def positions_of_neighbours_exchanged(case: Case) -> str:
    def neighbours(row: Row, other: Row) -> bool:
        positions = row["position"], other["position"]
        return _same_set(row, other) and all(positions) and abs(int(positions[0]) - int(positions[1])) == 1

    return two(exchange(case, CATEGORIES, neighbours, "position"), "category_id")


@blind("missing_share", "incomplete_row", "implausible_cell", "invalid_cell")
def missing_answer_counted_as_an_answer(case: Case) -> str:
    """In the category set, last on the scale."""
    sizes: dict[str, int] = {}
    for row in case.categories.values():
        if row["position"]:
            sizes[row["category_set"]] = max(sizes.get(row["category_set"], 0), int(row["position"]))
    return alter(
        case,
        CATEGORIES,
        lambda row: row["missing_type"] in ("dont_know", "no_answer") and row["category_set"] in sizes,
        lambda row: {"missing_type": "", "position": str(sizes[row["category_set"]] + 1)},
    )


@blind("missing_share", "incomplete_row", "implausible_cell", "invalid_cell")
def answer_counted_as_missing(case: Case) -> str:
    return alter(
        case,
        CATEGORIES,
        lambda row: bool(row["position"]) and row["category_set"] != "reserved",
        lambda _: {"missing_type": case.one(("dont_know", "no_answer")), "position": "", "net": ""},
    )


@blind("missing_share")
def no_answer_and_dont_know_exchanged(case: Case) -> str:
    rows = case.project.seed(LISTS)
    other = {"dont_know": "no_answer", "no_answer": "dont_know"}
    code_list = case.one(name for name, means in case.lists.items() if set(other) <= set(means.values()))
    for row in rows:
        if row["code_list"] == code_list:
            row["category_id"] = other.get(row["category_id"], row["category_id"])
    case.project.rewrite(LISTS, rows)
    return code_list


@blind("missing_share", "contradicting_label", "duplicate_key", "drift")
def dont_know_read_as_the_middle_answer(case: Case) -> str:
    sample_id = case.sample()
    column = case.one(
        c
        for c in case.columns(sample_id, *SINGLE)
        if case.codes_of_type(c, "dont_know") and len(case.substantive(c)) % 2 and case.is_ordinal(c)
    )
    codes, key = case.substantive(column), case.codes_of_type(column, "dont_know")[0]
    middle = case.codes(column)[codes[len(codes) // 2]]
    case.project.change(LISTS, {"code_list": column["code_list"], "code": key}, category_id=middle)
    return f"{column['code_list']} {key}: {middle}"


@blind("invalid_cell", "implausible_cell", "unordered_codes")
def ordinal_and_nominal_exchanged(case: Case) -> str:
    kinds = {"ordinal": "nominal", "nominal": "ordinal"}
    return alter(
        case,
        QUESTIONS,
        lambda row: row["answer_type"] in kinds,
        lambda row: {"answer_type": kinds[row["answer_type"]]},
    )


@blind("number_out_of_range", "implausible_cell", "invalid_cell", "drift")
def age_groups_cut_elsewhere(case: Case) -> str:
    """20 to 29 becomes 20 to 30, and the next group begins with 31."""
    rows = case.project.seed(CATEGORIES)
    groups = [row for row in rows if row["value_min"]]
    at = case.random.randrange(len(groups) - 1)
    by = case.one((1, -1, 5))
    groups[at]["value_max"] = str(int(groups[at]["value_max"]) + by)
    groups[at + 1]["value_min"] = str(int(groups[at + 1]["value_min"]) + by)
    case.project.rewrite(CATEGORIES, rows)
    return f"{groups[at]['category_id']} to {groups[at]['value_max']}"


@blind("answered_though_skipped", "skipped_though_asked", "unsound_universe")
def filter_of_a_question_turned(case: Case) -> str:
    turned = {"positive": "negative", "negative": "positive"}
    return alter(
        case,
        UNIVERSES,
        lambda row: row["net"] in turned,
        lambda row: {"net": turned[row["net"]]},
    )


@blind()
def category_said_to_exclude_the_others(case: Case) -> str:
    sets = {row["category_set"] for row in case.questions.values() if row["answer_type"] == "multiple"}
    return alter(
        case,
        CATEGORIES,
        lambda row: row["category_set"] in sets and not row["missing_type"],
        lambda _: {"exclusive": "true"},
    )
