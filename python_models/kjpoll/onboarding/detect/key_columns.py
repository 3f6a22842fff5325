"""Which column identifies the respondents, and which holds their weights."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kjpoll.common.label_text import plain
from kjpoll.onboarding.detect.finding import DetectionError, Finding, best_of, tie

# How a column is called, in its name or its label, as `plain` gives them.
_WHOSE = (
    "(?:resp(?:ondent)?|case|sample|person|user|survey|응답자|조사|표본|대상자|고객|설문|패널|"
    "整理|通し|回答者|対象者?|調査票?|サンプル|標本|管理|個人|モニター?|回収)?"
)
_NUMBER = (
    "(?:(?:id|no|num|number|nr|seq|serial|key|idx)(?:no|num|number)?|"
    "아이디|번호|일련번호|고유번호|식별번호|순번|연번|番号|ナンバー|連番|通番)"
)
ID_NAMES = re.compile(_WHOSE + _NUMBER)
WEIGHT_NAMES = re.compile(
    "(?:(?:final|survey|sampling|sample|post|design|respondent)?"
    "(?:weights?|wts?|wgts?|pweight|pw|weightfactor|weightvar)|w|"
    "(?:최종|표본|사후|설계)?(?:가중치|가중값|웨이트)|"
    "(?:最終|標本|事後)?(?:ウェイト|ウエイト|ウェート|重み|加重)(?:値|バック値?|係数)?)(?:\\d+|(?<=t)[a-z])?"
)
MEAN_NEAR = 0.05
NAMED, FIRST, WHOLE = 0.6, 0.15, 0.1
STATISTICS = """
with typed as (
    select variable, column_position, value, try_cast(value as double) as number
    from read_parquet(?)
)
select
    variable,
    count(*) as n,
    count(value) as n_filled,
    count(distinct value) as n_distinct,
    count(number) as n_numbers,
    count(*) filter (number = floor(number)) as n_whole,
    coalesce(min(number), 0) as least,
    coalesce(avg(number), 0) as mean
from typed
group by variable, column_position
order by column_position
"""


@dataclass(frozen=True)
class FileColumn:
    """What the cells of a column are like, over the whole file."""

    name: str
    label: str | None
    position: int
    n: int
    n_filled: int
    n_distinct: int
    n_numbers: int
    n_whole: int
    least: float
    mean: float

    @property
    def identifies(self) -> bool:
        return self.n_filled == self.n == self.n_distinct

    @property
    def is_whole(self) -> bool:
        return self.n_whole == self.n

    @property
    def is_weight(self) -> bool:
        """Whether all cells are positive numbers that differ."""
        return self.n_numbers == self.n and self.least > 0 and self.n_distinct > 1

    def is_called(self, names: re.Pattern[str]) -> bool:
        return any(names.fullmatch(plain(text)) for text in (self.name, self.label or ""))


def read_columns(answers: Path, labels: dict[str, str | None]) -> list[FileColumn]:
    """The columns of a landed file, from its answers, in their order."""
    with duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as session:
        rows = session.execute(STATISTICS, [str(answers)]).fetchall()
    return [
        FileColumn(name, labels.get(name), position, *counts)
        for position, (name, *counts) in enumerate(rows, start=1)
    ]


def find_id(path: Path, columns: list[FileColumn]) -> Finding:
    """The column that identifies a respondent: filled and different in every row. Raises DetectionError."""
    unique = [column for column in columns if column.identifies]
    called = [column for column in unique if column.is_called(ID_NAMES)]
    if len(called) > 1:
        rest = [_id_candidate(column) for column in unique if column not in called]
        return tie("id_variable", [(column.name, _id_reason(column)) for column in called], rest)
    whole = [column for column in unique if column.is_whole]
    if not called and len(whole) > 1:
        rest = [_id_candidate(column) for column in unique if column not in whole]
        return tie("id_variable", [(column.name, _id_reason(column)) for column in whole], rest)
    if not called and not whole and len(unique) > 1:
        return tie("id_variable", [(column.name, _id_reason(column)) for column in unique])
    if unique:
        return best_of("id_variable", [_id_candidate(column) for column in unique])
    named = [column for column in columns if column.is_called(ID_NAMES) and column.n_filled]
    if not named:
        fix = "Ask for the file with a column that numbers the respondents"
        raise DetectionError(path, "no column is filled and different in every row", fix)
    worst = [
        (column.name, round(0.3 * column.n_distinct / column.n, 3), _id_fault(column)) for column in named
    ]
    return best_of("id_variable", worst)


def _id_candidate(column: FileColumn) -> tuple[str, float, str]:
    confidence = (
        0.1 + NAMED * column.is_called(ID_NAMES) + FIRST * (column.position == 1) + WHOLE * column.is_whole
    )
    return column.name, round(confidence, 3), _id_reason(column)


def _id_reason(column: FileColumn) -> str:
    called = f", is called {column.label or column.name!r}" if column.is_called(ID_NAMES) else ""
    whole = ", holds whole numbers" if column.is_whole else ""
    return f"column {column.position} is filled and different in all {column.n} rows{called}{whole}"


def _id_fault(column: FileColumn) -> str:
    n_empty, n_repeated = column.n - column.n_filled, column.n_filled - column.n_distinct
    return f"it is called so, but of {column.n} rows {n_empty} are empty and {n_repeated} repeat another"


def find_weight(columns: list[FileColumn]) -> Finding:
    """The column with the survey weight; None where no column is called so."""
    called = [column for column in columns if column.is_called(WEIGHT_NAMES)]
    usable = [column for column in called if column.is_weight]
    if len(usable) > 1:
        return tie("weight_variable", [(column.name, _weight_reason(column)) for column in usable])
    if usable:
        near = abs(usable[0].mean - 1) <= MEAN_NEAR
        return Finding("weight_variable", usable[0].name, 0.95 if near else 0.6, _weight_reason(usable[0]))
    alike = [
        column
        for column in columns
        if column.is_weight and not column.is_whole and abs(column.mean - 1) <= MEAN_NEAR
    ]
    why = "no column is called a weight"
    if called:
        why = f"column {called[0].name!r} is called a weight, but not all its cells are positive numbers"
    elif alike:
        why = "no column is called a weight, but one has fractions around 1 like one"
    alternatives = tuple((column.name, 0.4, _weight_reason(column)) for column in alike)
    return Finding("weight_variable", None, 0.5 if called or alike else 0.95, why, alternatives)


def _weight_reason(column: FileColumn) -> str:
    return f"column {column.position} holds positive numbers that average {column.mean:.3f}"
