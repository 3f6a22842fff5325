"""What a person looks at in one block: its columns and codes as delivered, and its answers beside the last asking's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kjpoll.onboarding.page.wave_blocks import ReviewBlock, WaveView
from kjpoll.onboarding.profile import FileProfile, VariableProfile
from kjpoll.onboarding.review.answer_shares import Asking, asking, meanings
from kjpoll.onboarding.review.comparison import last_asking
from kjpoll.onboarding.review.shared_rows import is_settled
from kjpoll.onboarding.review.survey import Row, Survey
from kjpoll.onboarding.review.toplines import Topline

# Of a column with more values (an identifier, a number, a text) the most frequent are shown.
MOST_CODES = 25
# What Asking.line holds, in its order.
COMPARED = ("comparability", "whom it is about", "the answers offered")


@dataclass(frozen=True)
class DeliveredCode:
    """A code of a block's columns. `means`: the categories; `meant`: the category at the last asking, where its code list was
    another one; `can_be_given`: whether a person may say here what it means;
    it may not be changed in a code list that reviewed samples use."""

    code_list: str
    code: str
    labels: tuple[str, ...]
    n: int
    means: tuple[str, ...]
    meant: str
    can_be_given: bool


@dataclass(frozen=True)
class DeliveredColumn:
    """A column of a block; `number`: of its row among those of the sample."""

    number: int
    row: Row
    label: str
    is_in_file: bool
    filled: int


@dataclass(frozen=True)
class AnswerShare:
    """A category in this wave and at the last asking, in percent; None where the wave has no such answers."""

    category_id: str
    n: int
    pct: float | None
    last_pct: float | None
    topline: Topline | None


@dataclass(frozen=True)
class AnswerShares:
    """The answers to a question. `last`: the sample of the last asking, '' where there is none; `not_compared`: what
    differs, so that the two are not compared."""

    shares: tuple[AnswerShare, ...]
    base: int
    last: str
    not_compared: tuple[str, ...]


def columns_of(view: WaveView, block: ReviewBlock) -> list[DeliveredColumn]:
    """The columns with their labels as delivered."""
    delivered = _delivered(view)
    numbers = {
        row["variable"]: number
        for number, row in enumerate(view.pending.survey.rows_of(view.report.sample_id))
    }
    columns = []
    for row in block.rows:
        column = delivered.get(row["variable"])
        counts = column.counts if column else {}
        columns.append(
            DeliveredColumn(
                numbers[row["variable"]],
                row,
                (column.label or "") if column else "",
                column is not None,
                sum(counts.values()),
            )
        )
    return columns


def codes_of(view: WaveView, block: ReviewBlock) -> tuple[list[DeliveredCode], int]:
    """The codes that the columns hold or their lists name, in order; and how many rarer ones are left out."""
    survey, delivered = view.pending.survey, _delivered(view)
    labels: dict[tuple[str, str], dict[str, None]] = {}
    counts: dict[tuple[str, str], int] = {}
    means: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in block.rows:
        for code, category_id in survey.codes_of(row["code_list"]).items():
            means[row["code_list"], code] = (category_id,)
        column = delivered.get(row["variable"])
        for code, n, categories in _meanings(survey, row, column):
            key = row["code_list"], code
            counts[key] = counts.get(key, 0) + n
            means.setdefault(key, tuple(categories))
        for code, label in column.value_labels.items() if column else ():
            labels.setdefault((row["code_list"], code), {})[label] = None
    meant = {line.code: line.before for line in view.report.codes if line.question_id == block.question_id}
    settled = {row["code_list"]: is_settled(survey, row["code_list"]) for row in block.rows}
    codes = [
        DeliveredCode(
            code_list,
            code,
            tuple(labels.get((code_list, code), ())),
            counts.get((code_list, code), 0),
            categories,
            meant.get(code, ""),
            bool(survey.codes_of(code_list))
            and not (settled[code_list] and survey.codes_of(code_list).get(code))
            and block.role == "answer",
        )
        for (code_list, code), categories in means.items()
    ]
    codes.sort(key=lambda one: (one.code_list, _numeric(one.code), one.code))
    frequent = set(sorted(codes, key=lambda one: -one.n)[:MOST_CODES])
    shown = [one for one in codes if one in frequent or one.code in survey.codes_of(one.code_list)]
    return shown, len(codes) - len(shown)


def shares_of(view: WaveView, profiles: Mapping[str, FileProfile], block: ReviewBlock) -> AnswerShares | None:
    """The answers beside those of the last asking; None for columns that answer no question yet."""
    survey, sample_id, question_id = view.pending.survey, view.report.sample_id, block.question_id
    if question_id not in survey.questions_of(sample_id):
        return None
    here = _asking(survey, question_id, block.rows, profiles[sample_id])
    last = last_asking(survey, sample_id, question_id)
    past = _asking(survey, question_id, last[1], profiles[last[0]]) if last and last[0] in profiles else None
    toplines = {
        topline.category_id: topline for topline in view.report.toplines if topline.question_id == question_id
    }
    names = [*here.counts, *(name for name in (past.counts if past else ()) if name not in here.counts)]
    differs = (
        tuple(what for what, one, other in zip(COMPARED, here.line, past.line, strict=True) if one != other)
        if past
        else ()
    )
    return AnswerShares(
        tuple(
            AnswerShare(
                name, here.counts.get(name, 0), _pct(here, name), _pct(past, name), toplines.get(name)
            )
            for name in names
        ),
        here.base,
        last[0] if last and past else "",
        differs,
    )


def not_compared(view: WaveView, profiles: Mapping[str, FileProfile]) -> dict[str, str]:
    """question -> why its shares are beside those of no earlier wave, in words."""
    alone = {topline.question_id for topline in view.report.toplines if not topline.series}
    why = {}
    for block in view.blocks:
        shares = shares_of(view, profiles, block) if block.question_id in alone else None
        if shares:
            differs = ", ".join(shares.not_compared)
            why[block.question_id] = (
                f"{differs}: not as in {shares.last}" if differs else "never asked in this series before"
            )
    return why


def _asking(survey: Survey, question_id: str, rows: Sequence[Row], profile: FileProfile) -> Asking:
    counts = {variable.name: variable.counts for variable in profile.variables}
    return asking(survey, question_id, rows, counts)


def _pct(asked: Asking | None, category_id: str) -> float | None:
    if asked is None or not asked.base or category_id not in asked.counts:
        return None
    return 100.0 * asked.counts[category_id] / asked.base


def _delivered(view: WaveView) -> dict[str, VariableProfile]:
    return {variable.name: variable for variable in view.profile.variables}


def _meanings(
    survey: Survey, row: Row, column: VariableProfile | None
) -> Iterator[tuple[str, int, list[str]]]:
    if column is None:
        return
    if row["role"] == "answer" and row["question_id"] in survey.questions:
        yield from meanings(survey, row, column.counts)
    else:
        for code, n in column.counts.items():
            yield code, n, [""]


def _numeric(code: str) -> tuple[bool, float]:
    """Sorts numbers by their value, and before texts."""
    try:
        return False, float(code)
    except ValueError:
        return True, 0.0
