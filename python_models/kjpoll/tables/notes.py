"""The notes under a table: how to read it, how it was estimated, and what its data are."""

from __future__ import annotations

from collections.abc import Sequence

from kjpoll.tables.table_labels import BETWEEN_PARTS, Labels
from kjpoll.tables.warehouse import Record, ReleasedModels

VCE_NOTES = ("robust", "cluster", "design")


def write(
    source: ReleasedModels,
    models: Sequence[Record],
    terms: Sequence[Sequence[Record]],
    columns: Sequence[str],
    labels: Labels,
    *,
    printed: bool,
    favourability: bool,
) -> list[str]:
    """The notes in order; `terms` holds the term rows of each of the `models`, `columns` their headings."""
    words = labels.words
    notes = [words("t_note"), words("stars_note")]
    for outcome in dict.fromkeys(model["outcome"] for model in models):
        if ends := labels.ends(outcome):
            notes.append(
                words(
                    "favourability_note" if favourability else "direction_note",
                    outcome=labels.question(outcome),
                    first=ends[0],
                    last=ends[1],
                )
            )
    if references := _references(terms, labels):
        notes.append(words("reference_note", levels=words("semicolon").join(references)))
    if any(row["cut_point"] is not None for rows in terms for row in rows):
        notes.append(words("nominal_note"))
    notes += _estimation(models, columns, labels)
    if rejected := _rejected(source, models, columns, labels):
        notes.append(words("odds_note", terms=words("semicolon").join(rejected)))
    notes += _incomplete(models, columns, labels)
    if not printed:
        ids = (f"{column} {model['model_id']}" for column, model in zip(columns, models, strict=True))
        notes.append(words("models_note", models=words("comma").join(ids)))
    samples = list(dict.fromkeys(sample for model in models for sample in source.samples_of(model)))
    synthetic = [sample for sample in samples if source.samples[sample]["synthetic"]]
    if synthetic == samples:
        notes.append(words("synthetic_note"))
    elif synthetic:
        notes.append(words("synthetic_samples_note", samples=words("comma").join(synthetic)))
    assumed = [column for column, model in zip(columns, models, strict=True) if model["basis"] == "assumed"]
    if assumed:
        notes.append(words("assumed_note", columns=words("comma").join(assumed)))
    return notes


def _references(terms: Sequence[Sequence[Record]], labels: Labels) -> list[str]:
    """Those of an interaction are those of its terms, which stand in the table too."""
    pairs = dict.fromkeys(
        (row["term"], row["reference_category"])
        for rows in terms
        for row in rows
        if row["category_id"] is not None
        and row["reference_category"] is not None
        and BETWEEN_PARTS not in row["term"]
    )
    return [f"{labels.question(term)} = {labels.level(term, level)}" for term, level in pairs]


def _rejected(
    source: ReleasedModels, models: Sequence[Record], columns: Sequence[str], labels: Labels
) -> list[str]:
    """Where proportional odds are rejected: all terms together first, then each term, with its models."""
    words = labels.words
    columns_by_term: dict[str | None, list[str]] = {}
    for column, model in zip(columns, models, strict=True):
        for test in source.odds.get(model["model_id"], []):
            columns_by_term.setdefault(test["term"], []).append(column)
    return [
        (words("all_terms") if term is None else labels.question(term))
        + words("in_models", words("comma").join(of_term))
        for term, of_term in sorted(columns_by_term.items(), key=lambda item: item[0] is not None)
    ]


def _incomplete(models: Sequence[Record], columns: Sequence[str], labels: Labels) -> list[str]:
    """Which models lack terms of the model that they come from, or have no estimates, and why."""
    words = labels.words
    notes = []
    for key, note in (
        ("left_out", "left_out_note"),
        ("dropped_terms", "dropped_note"),
        ("not_freed", "not_freed_note"),
        ("problem", "problem_note"),
    ):
        named = [
            f"{column} {_named(model[key], labels) if key == 'left_out' else model[key]}"
            for column, model in zip(columns, models, strict=True)
            if model.get(key)
        ]
        if named:
            notes.append(words(note, models=words("semicolon").join(named)))
    return notes


def _named(terms: str, labels: Labels) -> str:
    return labels.words("comma").join(labels.question(term) for term in terms.split(", "))


def _estimation(models: Sequence[Record], columns: Sequence[str], labels: Labels) -> list[str]:
    """What departs from observed information and no weight, and in which models if not in all."""
    words = labels.words
    columns_by_note: dict[tuple[str, str], list[str]] = {}
    for model, column in zip(models, columns, strict=True):
        if model["vce"] in VCE_NOTES:
            columns_by_note.setdefault((model["vce"], ""), []).append(column)
        if model["weight"] not in (None, "", "none"):
            columns_by_note.setdefault(("weight_note", model["weight"]), []).append(column)
    return [
        words(
            key,
            weight=weight,
            models="" if len(of_note) == len(models) else words("in_models", words("comma").join(of_note)),
        )
        for (key, weight), of_note in columns_by_note.items()
    ]
