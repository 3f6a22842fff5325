"""What the value labels of the wave files mean."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kjpoll.common.frames import rows
from kjpoll.common.label_text import plain
from kjpoll.common.languages import label_columns

Names = dict[tuple[str, str], set[str]]


def names_of(categories: pd.DataFrame) -> Names:
    """(category set, plain label) -> what the label means there: a kind of missing answer, else a category.

    A missing answer goes by the labels of every set.
    """
    names: Names = {}
    columns = label_columns(categories.columns)
    for row in rows(categories):
        is_missing = isinstance(row.missing_type, str)
        for column in columns:
            label = getattr(row, column)
            if isinstance(label, str):
                for category_set in (row.category_set, *(["reserved"] if is_missing else [])):
                    meaning = row.missing_type if is_missing else row.category_id
                    names.setdefault((category_set, plain(label)), set()).add(meaning)
    return names


def named_meaning(code: Any, names: Names) -> str | None:
    """What the label of a code of a code list means; None where no category has it.

    `code`: plain_label, meaning and category_set of the code, layout of its column and, of an indicator column,
    what it stands for (`indicator_meaning`), which is what the label of its code for "chosen" may say.
    """
    stands_for_category = code.layout != "indicator" or code.meaning == "chosen"
    of_set = names.get((code.category_set, code.plain_label), set()) if stands_for_category else set()
    reserved = names.get(("reserved", code.plain_label), set())
    if code.meaning in of_set | reserved or code.layout == "indicator" and code.indicator_meaning in of_set:
        return str(code.meaning)
    return next((min(meanings) for meanings in (of_set, reserved) if len(meanings) == 1), None)
