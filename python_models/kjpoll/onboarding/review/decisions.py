"""A person accepts proposed rows, or corrects them first. `Decision` says what, `decide` does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kjpoll.onboarding.profile import FileProfile, profile_file, raw_dir
from kjpoll.onboarding.propose import History
from kjpoll.onboarding.review import proposal_notes
from kjpoll.onboarding.review.correcting import correct, proposed_row
from kjpoll.onboarding.review.decision import Decision
from kjpoll.onboarding.review.delivered_file import accepted_for, check_accepted_file
from kjpoll.onboarding.review.faults import faults_in_words, sample_faults, unknown, variable_faults
from kjpoll.onboarding.review.label_faults import label_faults
from kjpoll.onboarding.review.last_step import write_step
from kjpoll.onboarding.review.proposal_notes import Rationale
from kjpoll.onboarding.review.reopening import reopen
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.sample_row import reading_of
from kjpoll.onboarding.review.survey import Row, Survey, group_of
from kjpoll.onboarding.review.transaction import FileChange, review_lock
from kjpoll.onboarding.review.wordings import drop_unasked, put_wordings

__all__ = ["Decision", "Group", "OpenSample", "decide", "open_samples"]


@dataclass(frozen=True)
class Group:
    """The proposed rows of a question, or of a column that answers none, or is to be ignored. `faults` keep them open."""

    question_id: str
    variables: tuple[str, ...]
    code_list: str
    score: float | None
    why: str
    faults: tuple[str, ...]
    is_ignored: bool = False


@dataclass(frozen=True)
class OpenSample:
    """What waits for a person in one sample: open groups first. `lacks`: of its row of samples."""

    sample_id: str
    groups: tuple[Group, ...]
    is_proposed: bool
    lacks: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """In words -> groups: those with a fault, and of the others those to be accepted and to be ignored; none that are 0."""
        faulty = sum(bool(group.faults) for group in self.groups)
        ignored = sum(group.is_ignored and not group.faults for group in self.groups)
        counts = {
            "open": faulty,
            "to be accepted": len(self.groups) - faulty - ignored,
            "to be ignored": ignored,
        }
        return {what: n for what, n in counts.items() if n}


def open_samples(root: Path, sample_id: str | None = None) -> list[OpenSample]:
    """The samples with proposed rows, or the one named. Raises ReviewError or LandingError."""
    survey = Survey(root)
    if sample_id and not survey.has_sample(sample_id):
        raise ReviewError(
            unknown("sample", sample_id, {row["sample_id"]: row for row in survey.samples.rows})
        )
    ids = [row["sample_id"] for row in survey.samples.rows if sample_id in (None, row["sample_id"])]
    return [_open(root, survey, open_id) for open_id in ids if _is_open(survey, open_id)]


def decide(root: Path, decision: Decision, sample_id: str | None = None) -> list[str]:
    """Open again, correct and accept, in this order; all of it is written, or nothing. Gives what was done, in words.

    `sample_id` may be left out where one sample alone has proposed rows. Raises ReviewError where there is
    nothing of that name to accept, or where a row to accept is still open.
    """
    with review_lock(root) as folder:
        survey = Survey(root)
        applied = apply(root, survey, sample_id, decision)
        what = f"the review of {applied.sample_id or 'shared rows'}"
        write_step(root, changes_of(root, survey, folder, [applied]), folder, what)
    return applied.done


@dataclass(frozen=True)
class Applied:
    """A decision as it was done in a survey. `done`: in words; `accepts`: whether rows were accepted; `rationales`: variable ->
    why its row is as it was drafted. `sample_id`: '' where no sample is concerned."""

    sample_id: str
    done: list[str]
    accepts: bool
    rationales: Mapping[str, Rationale]


def apply(
    root: Path, survey: Survey, sample_id: str | None, decision: Decision, history: History | None = None
) -> Applied:
    """Open again, correct and accept in the rows of `survey` alone; nothing is written.

    `history`: the accepted samples, read from the project unless given.
    Raises ReviewError as `decide` does; the survey is then of no use any more.
    """
    done = []
    if decision.reopens:
        sample_id = _named_sample(survey, sample_id)
        done += reopen(survey, sample_id, decision)
    one = one_sample(survey, sample_id) if decision.needs_sample else ""
    profile = cache(lambda: profile_of(root, survey, one))
    corrected = correct(root, survey, one, decision, profile)
    done += corrected.done
    if decision.accepts:
        done += _accept(root, survey, one, decision, history)
    drop_unasked(survey, one)
    return Applied(one or sample_id or "", done, decision.accepts, corrected.rationales)


def changes_of(root: Path, survey: Survey, folder: Path, applied: Sequence[Applied]) -> list[FileChange]:
    """All files that differ once these decisions are done in `survey`. `folder`: that of the review."""
    changes = survey.changes()
    for sample_id in dict.fromkeys(one.sample_id for one in applied if one.accepts):
        changes = [*accepted_for(raw_dir(root) / survey.sample(sample_id)["file"]), *changes]
    rationales: dict[str, dict[str, Rationale]] = {}
    for one in applied:
        if one.rationales:
            rationales.setdefault(one.sample_id, {}).update(one.rationales)
    return [*changes, *(proposal_notes.change(folder, *of_sample) for of_sample in rationales.items())]


def _named_sample(survey: Survey, sample_id: str | None) -> str:
    known = {row["sample_id"]: row for row in survey.samples.rows}
    if sample_id is None:
        raise ReviewError("say whose rows are to be opened again: name the sample with --sample")
    if sample_id not in known:
        raise ReviewError(unknown("sample", sample_id, known))
    return sample_id


def one_sample(survey: Survey, sample_id: str | None) -> str:
    """The sample of that name, or the only one with proposed rows. Raises ReviewError where it has none."""
    ids = [row["sample_id"] for row in survey.samples.rows if _is_open(survey, row["sample_id"])]
    if sample_id is None and len(ids) == 1:
        return ids[0]
    if sample_id not in ids:
        which = f"{sample_id} has no proposed rows" if sample_id else "name one with --sample"
        raise ReviewError(f"{which}; proposed rows are in {', '.join(ids) or 'no sample'}")
    return sample_id


def _is_open(survey: Survey, sample_id: str) -> bool:
    return survey.sample(sample_id)["review"] == "proposed" or bool(_proposed(survey, sample_id))


def _proposed(survey: Survey, sample_id: str) -> list[int]:
    return survey.variables.find(sample_id=sample_id, review="proposed")


def _open(root: Path, survey: Survey, sample_id: str) -> OpenSample:
    sample = survey.sample(sample_id)
    faults_of = _faults(root, survey, sample_id, profile_of(root, survey, sample_id))
    known = proposal_notes.load(root / "build" / "onboarding", sample_id)
    grouped: dict[str, list[Row]] = {}
    for row in (survey.variables.rows[position] for position in _proposed(survey, sample_id)):
        grouped.setdefault(group_of(row), []).append(row)
    groups = []
    for rows in grouped.values():
        faults = faults_in_words((row["variable"], fault) for row in rows for fault in faults_of(row))
        # A rationale for another question says nothing about the one that a person chose.
        known_rationales = [
            known[row["variable"]]
            for row in rows
            if row["variable"] in known and known[row["variable"]].question_id == row["question_id"]
        ]
        least = min(known_rationales, key=lambda rationale: rationale.score, default=None)
        groups.append(
            Group(
                rows[0]["question_id"],
                tuple(row["variable"] for row in rows),
                ", ".join(sorted({row["code_list"] for row in rows if row["code_list"]})),
                (least.score if least else 0.0) or None,
                least.why if least else rows[0]["note"],
                tuple(faults),
                rows[0]["role"] == "ignored",
            )
        )
    is_proposed = sample["review"] == "proposed"
    groups.sort(key=lambda group: not group.faults)
    return OpenSample(
        sample_id, tuple(groups), is_proposed, tuple(sample_faults(survey, sample) if is_proposed else ())
    )


def profile_of(root: Path, survey: Survey, sample_id: str) -> FileProfile:
    """What the wave file of a sample holds. Raises ReviewError where it is not there, LandingError where it cannot be read."""
    row = survey.sample(sample_id)
    path = raw_dir(root) / row["file"]
    if not path.is_file():
        raise ReviewError(
            f"the file of {sample_id}, {path}, is not there; put it back, or run kjpoll add-wave again"
        )
    check_accepted_file(row, path)
    return profile_file(path, reading_of(row))


def _faults(
    root: Path, survey: Survey, sample_id: str, profile: FileProfile, history: History | None = None
) -> Callable[[Row], list[str]]:
    """Gives what keeps a row of the sample open: what the row lacks, and what the labels of the file say against it."""
    counts = {variable.name: variable.counts for variable in profile.variables}
    of_labels = label_faults(root, survey, sample_id, profile, history)

    def of_row(row: Row) -> list[str]:
        variable = row["variable"]
        return [*variable_faults(survey, row, counts.get(variable)), *of_labels.get(variable, ())]

    return of_row


def _accept(
    root: Path, survey: Survey, sample_id: str, decision: Decision, history: History | None
) -> list[str]:
    positions = [proposed_row(survey, sample_id, variable) for variable in decision.variables]
    positions += [
        position
        for position in _proposed(survey, sample_id)
        if (
            decision.accept_ignored
            if survey.variables.rows[position]["role"] == "ignored"
            else decision.accept_all
        )
    ]
    for question_id in decision.questions:
        of_question = survey.variables.find(sample_id=sample_id, question_id=question_id, review="proposed")
        if not of_question:
            known = {
                survey.variables.rows[position]["question_id"]: position
                for position in _proposed(survey, sample_id)
            }
            raise ReviewError(f"{sample_id}: {unknown('proposed row of the question', question_id, known)}")
        positions += of_question
    done, faults = [], []
    if positions:
        profile = profile_of(root, survey, sample_id)
        faults_of = _faults(root, survey, sample_id, profile, history)
        for position in dict.fromkeys(positions):
            row = survey.variables.rows[position]
            faults += [f"{row['variable']}: {fault}" for fault in faults_of(row)]
            survey.variables.replace(position, {**row, "review": "reviewed"})
        put_wordings(
            survey,
            sample_id,
            profile,
            {survey.variables.rows[position]["question_id"] for position in positions},
        )
        done.append(f"accepted {len(set(positions))} column(s) of {sample_id}")
    (position,) = survey.samples.find(sample_id=sample_id)
    if (decision.accept_sample or decision.accept_all) and survey.samples.rows[position][
        "review"
    ] == "proposed":
        faults += [
            f"survey/samples.csv: {fault}" for fault in sample_faults(survey, survey.samples.rows[position])
        ]
        survey.samples.replace(position, {**survey.samples.rows[position], "review": "reviewed"})
        done.append(f"accepted the row of {sample_id} in survey/samples.csv")
    ignored = survey.variables.find(sample_id=sample_id, role="ignored", review="proposed")
    if decision.accept_all and ignored:
        done.append(
            f"{len(ignored)} column(s) are to be ignored: look at them, then kjpoll review --accept-ignored"
        )
    if faults:
        raise ReviewError(
            f"{sample_id} is still open; nothing was written:\n" + "\n".join(f"- {fault}" for fault in faults)
        )
    return done
