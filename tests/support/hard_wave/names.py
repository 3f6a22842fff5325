"""The names of the columns, and where their labels stand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from tests.support.hard_wave.columns import Column, Row

NAMES = {"KOR": ("문{}", "Q{}", "a{}", "V{:03}"), "JPN": ("問{}", "Q{}", "q{}", "V{:03}")}


def named(blocks: Sequence[Sequence[Column]], sample_row: Row, chance: random.Random) -> list[Column]:
    style = chance.choice(NAMES[sample_row["country"]])
    columns, number = [], 0
    for block in blocks:
        row = block[0].row
        if row and row["role"] != "answer":
            columns += block
            continue
        number += 1
        for part, column in enumerate(block, start=1):
            name = style.format(number) + (f"_{part}" if len(block) > 1 else "")
            columns.append(replace(column, variable=replace(column.variable, name=name)))
    return [
        replace(column, variable=replace(column.variable, position=i))
        for i, column in enumerate(columns, start=1)
    ]


def labelled(column: Column, kind: str) -> Column:
    variable = column.variable
    if not column.question:
        return column
    words = f"{column.question} / {column.option}" if column.option else column.question
    if kind == "unlabelled":
        # Bands without labels stand in words.
        changed = replace(variable, label=None, value_labels={})
        if column.row and column.row["question_id"] and column.meaning and _has_bands(column):
            names = variable.value_labels
            changed = replace(changed, counts={names[code]: n for code, n in variable.counts.items()})
            return replace(
                column,
                variable=changed,
                meaning={names[code]: category for code, category in column.meaning.items()},
            )
    elif kind == "header":
        changed = replace(variable, name=f"{variable.name}. {words}", label=None, value_labels={})
        return replace(column, variable=changed)
    else:
        changed = replace(variable, label=words)
    return replace(column, variable=changed)


def _has_bands(column: Column) -> bool:
    return any("29" in label for label in column.variable.value_labels.values())
