"""What makes a wave hard: other questions, places, options, directions and codes."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kjpoll.onboarding.profile import BLANK, VariableProfile

from tests.support.hard_wave.columns import Column
from tests.support.hidden_sample import project

# An option, and a question, that no wave had.
INSERTED = {"ko": "그때그때 다름", "ja": "場合によって異なる"}
NEW = {
    "ko": (("상대국 언어를 배운 적이 있는지", ("배우는 중", "배운 적 있음", "배운 적 없음")),),
    "ja": (("相手国の言葉を学んだことがあるか", ("学んでいる", "学んだことがある", "学んだことがない")),),
}
BANDS = ((18, 29), (30, 39), (40, 49), (50, 59), (60, 110))
BAND_TEXT = {"ko": ("{}~{}세", "{}세 이상"), "ja": ("{}〜{}歳", "{}歳以上")}


def answers(blocks: Sequence[Sequence[Column]]) -> list[int]:
    return [i for i, block in enumerate(blocks) if block[0].row and block[0].row["role"] == "answer"]


def dropped_and_new(blocks: list[list[Column]], language: str, chance: random.Random) -> list[list[Column]]:
    dropped = set(chance.sample(answers(blocks), 2))
    kept = [block for i, block in enumerate(blocks) if i not in dropped]
    for words, options in NEW[language]:
        n = sum(kept[0][0].variable.counts.values())
        counts = {str(i): n // 3 + (n % 3 if i == 1 else 0) for i in range(1, 4)}
        labels = {str(i): option for i, option in enumerate(options, start=1)}
        variable = VariableProfile("new", 0, None, labels, counts)
        kept.insert(chance.choice(answers(kept)), [Column(variable, None, dict.fromkeys(counts, ""), words)])
    return kept


def exchanged(blocks: list[list[Column]], chance: random.Random) -> list[list[Column]]:
    """Two questions on one scale have changed places; two others, too."""
    by_set: dict[str, list[int]] = {}
    for i in answers(blocks):
        if is_scale(blocks[i]):
            row = blocks[i][0].row
            assert row
            by_set.setdefault(project().questions[row["question_id"]]["category_set"], []).append(i)
    pairs = [positions for positions in by_set.values() if len(positions) > 1]
    changed = list(blocks)
    for positions in (
        chance.sample(chance.choice(pairs), 2) if pairs else [],
        chance.sample(answers(blocks), 2),
    ):
        if positions:
            one, other = positions
            changed[one], changed[other] = changed[other], changed[one]
    return changed


def is_scale(block: Sequence[Column]) -> bool:
    row = block[0].row
    if len(block) > 1 or not row or row["layout"] != "single":
        return False
    keys = scale(block[0])
    return 4 <= len(keys) <= 7 and all(key.isdigit() and len(key) == 1 for key in keys)


def missing_type(column: Column, code: str) -> str:
    """The missing type of a code, '' of an answer."""
    assert column.row
    categories = project().categories_of(column.row["question_id"])
    return categories.get(column.meaning.get(code, ""), {}).get("missing_type", "")


def scale(column: Column) -> list[str]:
    return sorted(code for code in column.meaning if not missing_type(column, code) and code != BLANK)


def _recoded(column: Column, codes: Mapping[str, str]) -> Column:
    """The column with other codes for what they meant."""
    variable = column.variable
    counts: dict[str, int] = {}
    for code, n in variable.counts.items():
        counts[codes.get(code, code)] = counts.get(codes.get(code, code), 0) + n
    labels = {codes.get(code, code): label for code, label in variable.value_labels.items()}
    return replace(
        column,
        variable=replace(variable, counts=counts, value_labels=labels),
        meaning={codes.get(code, code): category for code, category in column.meaning.items()},
    )


def turned(column: Column, language: str) -> Column:
    codes = scale(column)
    return _recoded(column, dict(zip(codes, reversed(codes), strict=True)))


def inserted(column: Column, language: str) -> Column:
    """An option in the middle of the scale, given by one in twelve of those beside it."""
    codes = scale(column)
    middle = len(codes) // 2
    later = codes[middle:]
    free = str(int(codes[-1]) + 1)
    moves = dict(zip(later, [*later[1:], free], strict=True))
    missing = {code: f"9{code}" for code in column.meaning if code == free}
    moved = _recoded(_recoded(column, missing), moves)
    counts = dict(moved.variable.counts)
    new = codes[middle]
    counts[new] = 0
    for code in [code for code in counts if code != new and not missing_type(moved, code)]:
        taken = counts[code] // 12
        counts[code], counts[new] = counts[code] - taken, counts[new] + taken
    labels = moved.variable.value_labels | {new: INSERTED[language]}
    return replace(
        moved,
        variable=replace(moved.variable, counts=counts, value_labels=labels),
        meaning={**moved.meaning, new: ""},
    )


def with_missing(column: Column, codes: Mapping[str, str], language: str, kind: str) -> Column:
    """The agency's own codes for missing answers."""
    if not column.row or column.row["layout"] == "delimited":
        return column
    recoding = {
        code: codes[missing] for code in column.meaning if (missing := missing_type(column, code)) in codes
    }
    if len(set(recoding.values())) < len(recoding) or set(recoding.values()) & set(scale(column)):
        return column
    changed = _recoded(column, recoding)
    labels = {code: label for code, label in changed.variable.value_labels.items() if code != BLANK}
    return replace(changed, variable=replace(changed.variable, value_labels=labels))


def in_bands(column: Column, language: str) -> Column:
    """Ages in bands, of which the first is coarser than any that the project has."""
    if not column.row or column.row["layout"] != "number":
        return column
    assert column.row["question_id"]
    categories = project().categories[project().questions[column.row["question_id"]]["category_set"]]
    counts: dict[str, int] = {}
    labels, meaning = {}, {}
    for code, n in column.variable.counts.items():
        if not code.isdigit():
            return column
        place = next((i for i, (low, high) in enumerate(BANDS, start=1) if low <= int(code) <= high), None)
        if place is None:
            return column
        counts[str(place)] = counts.get(str(place), 0) + n
    for i, (low, high) in enumerate(BANDS, start=1):
        closed, open_ended = BAND_TEXT[language]
        labels[str(i)] = closed.format(low, high) if high < 110 else open_ended.format(low)
        same = [
            name
            for name, row in categories.items()
            if row["value_min"] == str(low) and row["value_max"] == ("" if high == 110 else str(high))
        ]
        meaning[str(i)] = same[0] if same else ""
    return replace(
        column,
        variable=replace(column.variable, counts=counts, value_labels=labels),
        meaning=meaning,
        row={**column.row, "layout": "single"},
    )
