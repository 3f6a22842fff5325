"""Another file for a sample that is there: what differs, and which rows a person has to look at again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kjpoll.common.code_text import PLAIN_NUMBER
from kjpoll.onboarding.layouts import NUMERIC
from kjpoll.onboarding.profile import (
    FileProfile,
    RecordChanges,
    VariableProfile,
    compare_records,
    profile_file,
)
from kjpoll.onboarding.review.reopening import reopen_rows
from kjpoll.onboarding.review.sample_row import reading_of
from kjpoll.onboarding.review.survey import Row, Survey
from kjpoll.onboarding.review.wordings import drop_unasked

MOST_NAMED = 5


@dataclass(frozen=True)
class Redelivery:
    """What the second file of a sample has otherwise than the first: records, columns, and of the columns in both, variable ->
    how their codes and labels differ, in words."""

    records: RecordChanges
    gone: tuple[str, ...]
    new: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    n_before: int

    def lines(self) -> list[str]:
        """All of it in words, a line each."""
        both = {id_ for ids in self.records.changed.values() for id_ in ids}
        lines = [
            (
                f"records: {_counted(self.records.gone, 'gone')}, {_counted(self.records.new, 'new')}, "
                f"{_counted(sorted(both), 'changed')}"
            ),
            (
                f"columns: {_counted(self.gone, 'gone')}, {_counted(self.new, 'new')}, "
                f"{len(self.changed)} with other codes or labels"
            ),
        ]
        lines += [f"{name}: {'; '.join(differs)}" for name, differs in self.changed.items()]
        lines += [
            f"{name}: other answers in {len(ids)} record(s)"
            for name, ids in self.records.changed.items()
            if name not in self.changed
        ]
        return lines


def compare(
    first: tuple[Path, Row], second: tuple[Path, Row], second_profile: FileProfile, rows: Sequence[Row]
) -> Redelivery:
    """Compare two files, each with its row of the samples seed. `rows`: of variables, which say what the codes of a column are.
    Raises LandingError for a file that cannot be read."""
    old_sample, new_sample = reading_of(first[1]), reading_of(second[1])
    first_profile = profile_file(first[0], old_sample)
    old = {column.name: column for column in first_profile.variables}
    new = {column.name: column for column in second_profile.variables}
    of_column = {row["variable"]: row for row in rows}
    # What an identifier is called, and which there are, is said of the records.
    ids = {old_sample.id_variable, new_sample.id_variable}
    changed = {
        name: differs
        for name, column in new.items()
        if name in old
        and name not in ids
        and (differs := tuple(_differences(old[name], column, of_column.get(name, {}))))
    }
    return Redelivery(
        compare_records((first[0], old_sample), (second[0], new_sample)),
        tuple(name for name in old if name not in new),
        tuple(name for name in new if name not in old),
        changed,
        first_profile.n_rows,
    )


def replaced_row(before: Row, cells: Mapping[str, str], settings: Mapping[str, str]) -> Row:
    """The row of samples for a file that takes the place of the one of `before`: how it is read from the `cells` that it tells, and
    what a person set."""
    file = Path(before["file"]).with_suffix(f".{cells['format']}").as_posix()
    return {**before, **cells, **settings, "file": file}


def _differences(old: VariableProfile, new: VariableProfile, row: Row) -> Iterator[str]:
    if (old.label or "") != (new.label or ""):
        yield f"label {old.label or ''!r} -> {new.label or ''!r}"
    before, after = _codes(old, row), _codes(new, row)
    for what, codes in (
        ("no longer has", [code for code in before if code not in after]),
        ("has", [code for code in after if code not in before]),
    ):
        if codes:
            shown = ", ".join(codes[:MOST_NAMED]) + (
                f" and {len(codes) - MOST_NAMED} more" * (len(codes) > MOST_NAMED)
            )
            yield f"{what} the code{'s' * (len(codes) > 1)} {shown}"
    for code in sorted(old.value_labels.keys() | new.value_labels.keys()):
        was, is_now = old.value_labels.get(code, ""), new.value_labels.get(code, "")
        if was != is_now:
            yield f"label of {code} {was!r} -> {is_now!r}"


def _codes(column: VariableProfile, row: Row) -> list[str]:
    """The codes of a column of answers, each once. Numbers are none, and what stands in a column that is no answer is none."""
    if row.get("role") != "answer":
        return []
    cells = list(column.counts)
    if row["layout"] == "delimited" and row["delimiter"]:
        parts = {part: None for cell in cells for part in cell.split(row["delimiter"])}
        return sorted(parts)
    if row["layout"] in NUMERIC:
        return [code for code in cells if code in column.value_labels or not PLAIN_NUMBER.fullmatch(code)]
    return cells


def take_over(survey: Survey, before: Row, after: Row, redelivery: Redelivery | None) -> list[str]:
    """Put the row of the second file in the place of the first one's, open again what differs, and take out the rows of columns
    that are gone; the other accepted rows stay accepted. Without a `redelivery`, where nobody can say what differs, all is
    opened. Says what was done."""
    sample_id, done = before["sample_id"], []
    accepted = survey.variables.find(sample_id=sample_id, review="reviewed")
    if redelivery is None:
        reopened = accepted
    else:
        reopened = [
            position
            for position in accepted
            if survey.variables.rows[position]["variable"] in redelivery.changed
        ]
    if reopened:
        done.append(reopen_rows(survey, sample_id, reopened))
    (position,) = survey.samples.find(sample_id=sample_id)
    if redelivery is None or any(after[name] != before[name] for name in after if name != "review"):
        if before["review"] == "reviewed":
            done.append(f"opened the row of {sample_id} in survey/samples.csv again")
        after = {**after, "review": "proposed"}
    survey.samples.replace(position, after)
    removed = [
        position
        for name in (redelivery.gone if redelivery else ())
        for position in survey.variables.find(sample_id=sample_id, variable=name)
    ]
    for position in sorted(removed, reverse=True):
        survey.variables.remove(position)
    drop_unasked(survey, sample_id)
    if removed and redelivery:
        done.append(
            f"took out the rows of {_counted(redelivery.gone, 'column(s) that the file no longer has')}"
        )
    return done


def _counted(names: Sequence[str], what: str) -> str:
    shown = ", ".join(names[:MOST_NAMED]) + ", ..." * (len(names) > MOST_NAMED)
    return f"{len(names)} {what}" + (f" ({shown})" if names else "")
