"""A new sample beside the last one of its country that asked the same: matched, changed, new, gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kjpoll.common.label_text import folded_label
from kjpoll.onboarding.profile import BLANK, FileProfile
from kjpoll.onboarding.propose.folded_text import folded_name
from kjpoll.onboarding.review.faults import faults_in_words, variable_faults
from kjpoll.onboarding.review.survey import Row, Survey, group_of

COMPARED = {
    "question_number": "number",
    "layout": "layout",
    "code_list": "code list",
    "comparability": "comparability",
    "referent": "referent",
    "universe": "universe",
}

# Layouts in whose cells there is one code.
ONE_CODE = ("single", "indicator", "ranked")


@dataclass(frozen=True)
class ComparisonLine:
    """A question of the sample, or a column that answers none. `status`: open, changed, new, back, matched,
    or the role of the column (id, weight, stratum, cluster, ignored). `faults` keep it from being accepted."""

    status: str
    question_id: str
    variables: tuple[str, ...]
    changes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeLine:
    """A code of a column whose list is another one than at the last asking, or that has open codes."""

    question_id: str
    variable: str
    code: str
    label: str
    n: int
    before: str
    now: str

    @property
    def differs(self) -> bool:
        return self.before != self.now


def lines_of(
    survey: Survey,
    sample_id: str,
    profiles: Mapping[str, FileProfile],
    of_labels: Mapping[str, Sequence[str]] | None = None,
) -> list[ComparisonLine]:
    """Every column of the sample in one line, the columns of a question together; open ones first. `of_labels`: variable -> what
    the labels of the file say against its row."""
    columns = {variable.name: variable for variable in profiles[sample_id].variables}
    faults = {
        row["variable"]: [
            *variable_faults(
                survey, row, columns[row["variable"]].counts if row["variable"] in columns else None
            ),
            *(of_labels or {}).get(row["variable"], ()),
        ]
        for row in survey.rows_of(sample_id)
    }
    questions = survey.questions_of(sample_id)
    seen: dict[str, list[Row]] = {}
    for row in survey.rows_of(sample_id):
        known = row if row["question_id"] in questions else {**row, "question_id": ""}
        seen.setdefault(group_of(known), []).append(row)
    lines = []
    for key, rows in seen.items():
        of_rows = [(row["variable"], fault) for row in rows for fault in faults[row["variable"]]]
        line_faults = tuple([fault for _, fault in of_rows] if len(rows) == 1 else faults_in_words(of_rows))
        names = tuple(row["variable"] for row in rows)
        if key not in questions:
            lines.append(
                ComparisonLine(
                    "open" if line_faults else rows[0]["role"], rows[0]["question_id"], names, (), line_faults
                )
            )
            continue
        status, changes = _compared(survey, sample_id, key, rows, profiles)
        lines.append(ComparisonLine("open" if line_faults else status, key, names, changes, line_faults))
    order = ("open", "changed", "new", "back", "matched")
    return sorted(lines, key=lambda line: order.index(line.status) if line.status in order else len(order))


def still_named(survey: Survey, sample_id: str) -> list[tuple[str, str]]:
    """(question, whom or what it is about) as the last asking named it: that changes with elections."""
    unchanged = []
    for question_id, rows in survey.questions_of(sample_id).items():
        last = last_asking(survey, sample_id, question_id)
        if rows[0]["referent"] and last and last[1][0]["referent"] == rows[0]["referent"]:
            unchanged.append((question_id, rows[0]["referent"]))
    return unchanged


def gone(survey: Survey, sample_id: str) -> list[str]:
    """The questions that the last wave of the series asked and this one does not."""
    here = survey.questions_of(sample_id)
    return [
        question_id
        for last in survey.earlier(sample_id)[:1]
        for question_id in survey.questions_of(last)
        if question_id not in here
    ]


def code_lines(survey: Survey, sample_id: str, profiles: Mapping[str, FileProfile]) -> list[CodeLine]:
    """Code by code, the columns whose code list is not that of the last asking or leaves a code open."""
    columns = {variable.name: variable for variable in profiles[sample_id].variables}
    lines = []
    for question_id, rows in survey.questions_of(sample_id).items():
        last = last_asking(survey, sample_id, question_id)
        compared: set[str] = set()
        for row in rows:
            now = survey.codes_of(row["code_list"])
            before = survey.codes_of(last[1][0]["code_list"]) if last else {}
            column = columns.get(row["variable"])
            if column is None or not now or row["code_list"] in compared:
                continue
            codes = [code for code in column.counts if code in now or row["layout"] in ONE_CODE]
            is_open = any(not now.get(code) for code in [*codes, *now])
            if is_open or (last and now != before):
                compared.add(row["code_list"])
                lines += [
                    CodeLine(
                        question_id,
                        column.name,
                        code,
                        column.value_labels.get(code, ""),
                        column.counts.get(code, 0),
                        before.get(code, ""),
                        now.get(code, ""),
                    )
                    for code in dict.fromkeys([*now, *codes, *before])
                ]
    return lines


def last_asking(survey: Survey, sample_id: str, question_id: str) -> tuple[str, list[Row]] | None:
    """(sample_id, rows) of the last earlier wave of the series that asked the question."""
    for earlier_id in survey.earlier(sample_id):
        if rows := survey.questions_of(earlier_id).get(question_id):
            return earlier_id, rows
    return None


def _compared(
    survey: Survey, sample_id: str, question_id: str, rows: Sequence[Row], profiles: Mapping[str, FileProfile]
) -> tuple[str, tuple[str, ...]]:
    last = last_asking(survey, sample_id, question_id)
    if last is None:
        return "new", ("never asked in this series before",)
    last_id, before = last
    changes = [
        f"{words} {_values(before, column)} -> {_values(rows, column)}"
        for column, words in COMPARED.items()
        if folded_name(_values(before, column)) != folded_name(_values(rows, column))
    ]
    lost, added = _options(before, rows)
    changes += [f"option {name} not offered any more" for name in lost] + [
        f"option {name} added" for name in added
    ]
    old, new = _wording(before[0], profiles.get(last_id)), _wording(rows[0], profiles.get(sample_id))
    if len(rows) == len(before) == 1 and old and new and folded_label(old) != folded_label(new):
        changes.append(f"wording {old!r} -> {new!r}")
    if last_id != survey.earlier(sample_id)[0]:
        return "back", (f"last asked in {last_id}", *changes)
    return ("changed" if changes else "matched"), tuple(changes)


def _values(rows: Sequence[Row], column: str) -> str:
    return ", ".join(sorted({row[column] for row in rows})) or BLANK


def _options(before: Sequence[Row], rows: Sequence[Row]) -> tuple[list[str], list[str]]:
    """Categories of indicator columns that went and came."""
    old, new = (
        [row["category_id"] for row in side if row["layout"] == "indicator"] for side in (before, rows)
    )
    if not old or not new:
        return [], []
    return [name for name in old if name not in new], [name for name in new if name not in old]


def _wording(row: Row, profile: FileProfile | None) -> str:
    columns = profile.variables if profile else ()
    return next((column.wording for column in columns if column.name == row["variable"]), "")
