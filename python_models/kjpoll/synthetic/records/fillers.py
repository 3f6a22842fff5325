"""Columns of a raw file that hold no answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from kjpoll.synthetic.catalog import Catalog, SyntheticError, SyntheticSample, SyntheticVariable
from kjpoll.synthetic.records.draws import descending, integers, normals

Column = list[str]
"""The verbatim text of a raw column, one per respondent; '' is an empty cell."""

_REMARKS = {
    "KOR": ("더 자주 교류했으면 좋겠다", "역사 문제가 먼저다", "여행을 가 보고 싶다", "잘 모르겠다", "언론 보도가 아쉽다",
            "젊은 세대가 바꿀 것이다", "경제 협력이 중요하다", "특별히 없음"),
    "JPN": ("もっと交流が増えるとよい", "歴史問題が難しい", "旅行に行ってみたい", "よくわからない", "報道に問題がある",
            "若い世代に期待する", "経済の協力が大切", "特になし"),
}  # fmt: skip
_REMARK_SHARE = 7
"""Percent of respondents who leave a remark."""


def filler(catalog: Catalog, sample: SyntheticSample, variable: SyntheticVariable) -> Column:
    """A column of the sample that the pipeline ignores, as agencies ship them.

    Raises SyntheticError when synthetic/filler_columns does not say what it holds.
    """
    content = catalog.fillers.get((variable.sample_id, variable.variable), "")
    key = (variable.sample_id, variable.variable)
    if content == "interviewer":
        return [str(101 + i // 17) for i in range(sample.n_expected)]
    if content == "start_time":
        return _start_times(sample, key)
    if content == "open_text":
        phrases = _REMARKS[sample.country]
        speaks = set(
            descending(normals(sample.n_expected, *key), *key)[
                : sample.n_expected * _REMARK_SHARE // 100
            ].tolist()
        )
        which = integers(sample.n_expected, len(phrases), *key, "phrase")
        return [phrases[which[i]] if i in speaks else "" for i in range(sample.n_expected)]
    raise SyntheticError(
        f"sample {variable.sample_id}, variable {variable.variable}: an ignored column needs a row in synthetic/filler_columns with content "
        f"interviewer, start_time or open_text, not {content!r}"
    )


def _start_times(sample: SyntheticSample, key: tuple[str, str]) -> Column:
    """Starts of the interviews inside the fieldwork dates, between 9 and 20 o'clock, in row order by day."""
    first = date.fromisoformat(sample.fieldwork_start)
    days = (date.fromisoformat(sample.fieldwork_end) - first).days + 1
    minutes = integers(sample.n_expected, 11 * 60, *key)
    starts = []
    for i in range(sample.n_expected):
        nine = datetime.combine(first + timedelta(days=i * days // sample.n_expected), time(9))
        starts.append((nine + timedelta(minutes=int(minutes[i]))).strftime("%Y-%m-%d %H:%M"))
    return starts
