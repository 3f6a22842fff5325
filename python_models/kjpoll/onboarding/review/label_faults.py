"""Where the labels of a file contradict the rows of its sample: what the rules contradicting_label and
contradicting_variable_label would find in a build, unless a waiver lets it pass."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from kjpoll.checks.variable_labels import contradicting_labels
from kjpoll.common.label_text import plain
from kjpoll.common.languages import label_columns
from kjpoll.onboarding.profile import FileProfile, VariableProfile
from kjpoll.onboarding.propose import History
from kjpoll.onboarding.propose.known_labels import KnownLabels
from kjpoll.onboarding.review.survey import Row, Survey

OF_COLUMN, OF_CODE = "contradicting_variable_label", "contradicting_label"
RESERVED = "reserved"
# What of an indicator column its category stands for.
CHOSEN = "chosen"


def label_faults(
    root: Path, survey: Survey, sample_id: str, profile: FileProfile, history: History | None = None
) -> dict[str, list[str]]:
    """variable -> where its label, or that of a code, names something else than its row and code list say.

    `history`: the accepted samples, read from the project unless given; what a label names is known from the seeds and from
    their files.
    """
    columns = {variable.name: variable for variable in profile.variables}
    if not any(variable.label or variable.value_labels for variable in profile.variables):
        return {}
    history = history or History.of_project(root)
    faults: dict[str, list[str]] = defaultdict(list)
    for variable, label, named in _contradicted_columns(survey, sample_id, profile, history):
        if not _is_waived(survey, OF_COLUMN, sample_id, variable, ""):
            faults[variable].append(
                f"the file labels it {label!r}, which names {named}: compare it with the questionnaire"
                f"{_or_waive(OF_COLUMN, sample_id)}"
            )
    words = KnownLabels(history).of_sets
    for row in survey.rows_of(sample_id):
        column = columns.get(row["variable"])
        if column is None or row["role"] != "answer" or row["question_id"] not in survey.questions:
            continue
        for code, label, named, category_id in _contradicted_codes(survey, row, column, words):
            if not _is_waived(survey, OF_CODE, sample_id, row["variable"], code):
                faults[row["variable"]].append(
                    f"the file labels code {code} {label!r}, which names {named}, but {row['code_list']} calls it {category_id}"
                    f"{_or_waive(OF_CODE, sample_id)}"
                )
    return dict(faults)


def _contradicted_columns(
    survey: Survey, sample_id: str, profile: FileProfile, history: History
) -> Iterator[tuple[str, str, str]]:
    """(column, label, what it names), as the build finds it in all files together."""
    profiles = {**history.profiles, sample_id: profile}
    labels = {
        (of_sample, variable.name): variable.label or ""
        for of_sample, of_file in profiles.items()
        for variable in of_file.variables
    }
    rows = [
        {
            "sample_id": row["sample_id"],
            "variable": row["variable"],
            "label": labels[row["sample_id"], row["variable"]],
            "role": row["role"],
            "question_id": row["question_id"],
            "indicator_category_id": row["category_id"],
        }
        for row in survey.variables.rows
        if (row["sample_id"], row["variable"]) in labels
        # What nobody has accepted in another sample says nothing of this one, and an open row contradicts nothing.
        and (row["sample_id"] == sample_id or row["review"] == "reviewed")
        and (row["role"] != "answer" or row["question_id"])
    ]
    found = contradicting_labels(
        pd.DataFrame(rows),
        pd.DataFrame(survey.rows_of_seed("questions")),
        pd.DataFrame(survey.rows_of_seed("categories")),
    )
    for row in found.fillna("").to_dict("records"):
        if row["sample_id"] == sample_id:
            named = row["named_question_id"] or f"a column of the role {row['named_role']}"
            yield row["variable"], row["label"], ", ".join(filter(None, (named, row["named_category_id"])))


def _contradicted_codes(
    survey: Survey, row: Row, column: VariableProfile, words: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, str, str]]:
    """(code, label, category that the label names, category of the code list)."""
    categories = survey.categories_of(row["question_id"])
    kinds = {name: category["missing_type"] for name, category in categories.items()}
    category_set = survey.questions[row["question_id"]]["category_set"]
    for code, category_id in survey.codes_of(row["code_list"]).items():
        label = column.value_labels.get(code, "")
        if not label or not category_id:
            continue
        of_set = _named(survey, category_set, label, words)
        reserved = _named(survey, RESERVED, label, words)
        meant = {category_id, row["category_id"] if category_id == CHOSEN else category_id}
        if {of_set, reserved} & meant:
            continue
        # Of an indicator column only the chosen code can carry the label of a category.
        named = reserved if row["layout"] == "indicator" and category_id != CHOSEN else of_set or reserved
        kind = kinds.get(named or "", "")
        if named and not (kind and kind == kinds.get(category_id)):
            yield code, label, named, category_id


def _named(
    survey: Survey, category_set: str, label: str, words: Mapping[str, Mapping[str, str]]
) -> str | None:
    """The category that a label names word for word: by the seeds, else by what most files call so."""
    wanted = plain(label)
    own = {
        category_id
        for category_id, category in survey.category_sets().get(category_set, {}).items()
        if wanted in {plain(category[name]) for name in label_columns(category)}
    }
    if own:
        return own.pop() if len(own) == 1 else None
    return words.get(category_set, {}).get(wanted)


def _is_waived(survey: Survey, rule: str, sample_id: str, variable: str, code: str) -> bool:
    today = datetime.date.today().isoformat()
    return any(
        waiver["rule"] == rule
        and waiver["sample_id"] == sample_id
        and waiver["variable"] in ("", variable)
        and waiver["code"] in ("", code)
        and waiver["expires"] >= today
        for waiver in survey.rows_of_seed("waivers")
    )


def _or_waive(rule: str, sample_id: str) -> str:
    return (
        f"; where the label is wrong, a row of crosswalk/waivers.csv for {rule} in {sample_id} lets it pass"
    )
