"""A person accepts proposed rows, or corrects them first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kjpoll.onboarding.profile import FileProfile, profile_file, raw_dir
from kjpoll.onboarding.review import proposal_notes
from kjpoll.onboarding.review.faults import OF_AN_ANSWER, sample_faults, unknown, variable_faults
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.sample_row import check_settings, reading_of
from kjpoll.onboarding.review.survey import Row, Survey
from kjpoll.onboarding.review.transaction import review_lock, write_all

CORRECTED = ("role", *OF_AN_ANSWER, "note")


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


@dataclass(frozen=True)
class Decision:
    """What a person accepts and corrects in one sample. `accept_all`: all but columns that are to be ignored, which
    `accept_ignored` accepts. `codes`: (code list, code, category)."""

    questions: Sequence[str] = ()
    variables: Sequence[str] = ()
    accept_sample: bool = False
    accept_all: bool = False
    accept_ignored: bool = False
    corrected_variable: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    codes: Sequence[tuple[str, str, str]] = ()


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
    """Correct and accept; all of it is written, or nothing. Gives what was done, in words.

    `sample_id` may be left out where one sample alone has proposed rows. Raises ReviewError where there is
    nothing of that name to accept, or where a row to accept is still open.
    """
    with review_lock(root) as folder:
        survey = Survey(root)
        done = apply(root, survey, one_sample(survey, sample_id), decision)
        write_all(survey.changes(), folder)
    return done


def apply(root: Path, survey: Survey, sample_id: str, decision: Decision) -> list[str]:
    """Correct and accept in the rows of `survey` alone; nothing is written. Gives what was done, in words.

    Raises ReviewError as `decide` does; the survey is then of no use any more.
    """
    return [*_correct(survey, sample_id, decision), *_accept(root, survey, sample_id, decision)]


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
    sample, profile = survey.sample(sample_id), profile_of(root, survey, sample_id)
    known = proposal_notes.load(root / "build" / "onboarding", sample_id)
    grouped: dict[str, list[Row]] = {}
    for row in (survey.variables.rows[position] for position in _proposed(survey, sample_id)):
        grouped.setdefault(row["question_id"] or f"\0{row['variable']}", []).append(row)
    groups = []
    for rows in grouped.values():
        faults = [f"{row['variable']}: {fault}" for row in rows for fault in _faults(survey, row, profile)]
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
                least.score if least else None,
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
    return profile_file(path, reading_of(row))


def _faults(survey: Survey, row: Row, profile: FileProfile) -> list[str]:
    counts = {variable.name: variable.counts for variable in profile.variables}
    return variable_faults(survey, row, counts.get(row["variable"]))


def _correct(survey: Survey, sample_id: str, decision: Decision) -> list[str]:
    done = []
    if decision.settings and decision.corrected_variable is None:
        check_settings(survey, decision.settings)
        (position,) = survey.samples.find(sample_id=sample_id)
        survey.samples.replace(position, {**survey.samples.rows[position], **decision.settings})
        survey.date_wave(survey.samples.rows[position])
        done.append(f"corrected the row of {sample_id} in survey/samples.csv")
    elif decision.corrected_variable is not None:
        position = _position(survey, sample_id, decision.corrected_variable)
        _check_correction(survey, decision.settings)
        # A column that is no answer any more keeps nothing that only an answer has.
        emptied = (
            dict.fromkeys(OF_AN_ANSWER, "") if decision.settings.get("role", "answer") != "answer" else {}
        )
        survey.variables.replace(
            position, {**survey.variables.rows[position], **emptied, **decision.settings}
        )
        done.append(f"corrected {decision.corrected_variable} of {sample_id}")
    return done + [_give_code(survey, *code) for code in decision.codes]


def _check_correction(survey: Survey, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        if name not in CORRECTED:
            raise ReviewError(
                f"--set {name}={value}: there is no {name} to set; there are {', '.join(CORRECTED)}"
            )
    question_id, code_list = settings.get("question_id"), settings.get("code_list")
    if question_id and question_id not in survey.questions:
        raise ReviewError(
            f"{unknown('question', question_id, survey.questions)}; a new one needs its rows in "
            "survey/questions.csv and survey/categories.csv first"
        )
    if code_list and not survey.codes_of(code_list):
        known = {row["code_list"]: row for row in survey.code_lists.rows}
        raise ReviewError(
            f"{unknown('code list', code_list, known)}; "
            "a new one needs its rows in crosswalk/code_lists.csv first"
        )


def _give_code(survey: Survey, code_list: str, code: str, category_id: str) -> str:
    positions = survey.code_lists.find(code_list=code_list)
    if not positions:
        raise ReviewError(
            unknown("code list", code_list, {row["code_list"]: row for row in survey.code_lists.rows})
        )
    row = {"code_list": code_list, "code": code, "category_id": category_id}
    present = [position for position in positions if survey.code_lists.rows[position]["code"] == code]
    if not present:
        survey.code_lists.insert(positions[-1] + 1, row)
    elif is_settled(survey, code_list) and survey.code_lists.rows[present[0]]["category_id"]:
        raise ReviewError(
            f"code {code} of {code_list} means {survey.code_lists.rows[present[0]]['category_id']} in samples "
            "that are reviewed; give the column a code list of its own"
        )
    else:
        survey.code_lists.replace(present[0], {**survey.code_lists.rows[present[0]], **row})
    return f"code {code} of {code_list} means {category_id}"


def is_settled(survey: Survey, code_list: str) -> bool:
    """Whether reviewed samples use the code list, so that a code of it keeps its meaning."""
    return bool(survey.variables.find(code_list=code_list, review="reviewed"))


def _position(survey: Survey, sample_id: str, variable: str) -> int:
    positions = survey.variables.find(sample_id=sample_id, variable=variable, review="proposed")
    if not positions:
        known = {
            survey.variables.rows[position]["variable"]: position for position in _proposed(survey, sample_id)
        }
        raise ReviewError(f"{sample_id}: {unknown('proposed row of the column', variable, known)}")
    return positions[0]


def _accept(root: Path, survey: Survey, sample_id: str, decision: Decision) -> list[str]:
    positions = [_position(survey, sample_id, variable) for variable in decision.variables]
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
        for position in dict.fromkeys(positions):
            row = survey.variables.rows[position]
            faults += [f"{row['variable']}: {fault}" for fault in _faults(survey, row, profile)]
            survey.variables.replace(position, {**row, "review": "reviewed"})
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
