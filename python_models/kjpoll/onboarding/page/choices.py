"""What a person may choose in the forms: the allowed values of the seeds, with words beside the names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kjpoll.onboarding.page.wave_blocks import ReviewBlock
from kjpoll.onboarding.review.correcting import CORRECTED
from kjpoll.onboarding.review.faults import ALLOWED, AS_DELIVERED, FROM_THE_AGENCY
from kjpoll.onboarding.review.sample_row import FIXED
from kjpoll.onboarding.review.survey import Row, Survey

# Stands for what each of several columns has, where they differ.
AS_IT_IS = "="
# Cells that a form for all columns of a block has; the category is each column's own.
OF_A_BLOCK = tuple(name for name in CORRECTED if name != "category_id")
TITLES = {
    "role": "What the column is",
    "question_id": "Question",
    "layout": "Layout",
    "code_list": "Code list",
    "delimiter": "Text between two codes",
    "question_number": "Number in the questionnaire",
    "comparability": "Comparability",
    "referent": "Whom or what it is about",
    "universe": "Who was asked, where that differs",
    "note": "Note",
}
DAYS = ("fieldwork_start", "fieldwork_end")


@dataclass(frozen=True)
class FormField:
    """A control of a form. `options`: (group, [(value, words)]); none for a text. `kind`: of the input."""

    name: str
    title: str
    value: str
    options: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    kind: str = "text"


def block_fields(survey: Survey, block: ReviewBlock, question_id: str | None = None) -> list[FormField]:
    """The fields of a correction. `question_id`: whose code lists come first, where not the one that stands there."""
    fields = []
    for name in OF_A_BLOCK:
        values = list(dict.fromkeys(row[name] for row in block.rows))
        value = values[0] if len(values) == 1 else AS_IT_IS
        if name == "question_id" and question_id is not None:
            value = question_id
        options = _options(survey, name, question_id if question_id is not None else block.question_id)
        if options and len(values) > 1:
            options = (("", ((AS_IT_IS, f"as they are: {', '.join(values)}"),)), *options)
        elif options and value not in {option for _, group in options for option, _ in group}:
            # What stands there and is not allowed is shown, so that saving changes nothing unseen.
            options = (("", ((value, value),)), *options)
        fields.append(FormField(name, TITLES.get(name, name), value, options))
    return fields


def category_options(survey: Survey, question_id: str) -> tuple[tuple[str, str], ...]:
    """The categories of a question with their labels; none for a question that there is not."""
    if question_id not in survey.questions:
        return ()
    return tuple(
        (name, _worded(name, row[survey.label])) for name, row in survey.categories_of(question_id).items()
    )


def sample_fields(survey: Survey, sample: Row) -> tuple[list[FormField], list[tuple[str, str]]]:
    """(the fields of the row of samples that a person may set, how the file is read)."""
    # What the file itself says is set by taking it in again, since all proposals rest on it.
    reading = (
        "format",
        "encoding",
        "delimiter",
        "sheet",
        "label_sheet",
        "header_row",
        "id_variable",
        "weight_variable",
    )
    names = [*FROM_THE_AGENCY, *(name for name in survey.samples.header if name not in FROM_THE_AGENCY)]
    fields = []
    for name in names:
        if name in FIXED or name in reading:
            continue
        options: Sequence[str] = ()
        if name == "synthetic":
            options = ("true", "false")
        elif name == "source_id":
            options = sorted(survey.sources)
        fields.append(
            FormField(
                name,
                name.replace("_", " ").capitalize(),
                sample[name],
                _plain(options, sample[name]) if options else (),
                "date" if name in DAYS else "text",
            )
        )
    return fields, [(name, sample[name]) for name in (*FIXED[:-1], *reading) if sample[name]]


def _plain(names: Iterable[str], value: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    missing = () if value in names else (value,)
    listed = dict.fromkeys(("", *missing, *names))
    return (("", tuple((name, name or "(none)") for name in listed)),)


def _options(
    survey: Survey, column: str, question_id: str
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    none = ("", "(none)")
    if column in ALLOWED:
        empty = (none,) if column != "role" else ()
        return (("", (*empty, *((value, value.replace("_", " ")) for value in ALLOWED[column]))),)
    if column == "question_id":
        by_name = sorted(survey.questions.items())
        return (("", (none, *((name, _worded(name, row[survey.label])) for name, row in by_name))),)
    if column == "universe":
        return (
            (
                "",
                (("", "as the question says"), *((name, name) for name in (AS_DELIVERED, *survey.universes))),
            ),
        )
    if column == "code_list":
        return (("", (none,)), *_code_lists(survey, question_id))
    return ()


def _code_lists(survey: Survey, question_id: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """All code lists with what they say; those of the question first."""
    codes: dict[str, dict[str, str]] = {}
    for row in survey.code_lists.rows:
        codes.setdefault(row["code_list"], {})[row["code"]] = row["category_id"]
    used = {row["code_list"] for row in survey.variables.rows if row["question_id"] == question_id}
    categories = survey.categories_of(question_id) if question_id in survey.questions else {}
    fit = {name for name, means in codes.items() if categories and set(means.values()) <= set(categories)}
    groups = {
        "Used by this question": sorted(used & set(codes)),
        "All its codes are answers of this question": sorted(fit - used),
        "Others": sorted(set(codes) - used - fit),
    }
    return [
        (title, tuple((name, f"{name}: {_said(codes[name])}") for name in names))
        for title, names in groups.items()
        if names
    ]


def _said(codes: dict[str, str]) -> str:
    said = ", ".join(f"{code} {category_id or '(open)'}" for code, category_id in codes.items())
    return said if len(said) <= 100 else f"{said[:100]}..."


def _worded(name: str, label: str) -> str:
    return f"{name}: {label}" if label else name
