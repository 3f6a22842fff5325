"""A sample before the build: its file, its sidecar, its rows of the seeds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kjpoll.common.sidecar import sidecar_path
from kjpoll.landing import LandingError
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.raw_directory import find_raw_file, hash_raw_file
from kjpoll.onboarding.profile import raw_dir
from kjpoll.onboarding.review.decisions import OpenSample, open_samples
from kjpoll.onboarding.review.faults import FROM_THE_AGENCY
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Row, Survey

from .items import Item, State

SOURCE = "source_id"


def sample_items(root: Path, survey: Survey, sample_id: str) -> Iterator[Item]:
    """The lines of a sample that survey/samples.csv has."""
    row = survey.sample(sample_id)
    review = f"kjpoll review --sample {sample_id}"
    add = f"kjpoll add-wave FILE --wave {row['wave']} --country {row['country']}"
    if sample_id != f"{row['country']}-{row['wave']}":
        add += f" --sample {sample_id}"
    yield from _file_items(raw_dir(root), row, add)
    waiting = None
    try:
        waiting = next(iter(open_samples(root, sample_id)), None)
    except (ReviewError, LandingError) as error:
        yield Item("columns", State.NOT_YET, f"cannot be compared with the file: {error}", sample_id, review)
    else:
        yield _columns(survey, sample_id, waiting, review, add)
    is_proposed = row["review"] == "proposed"
    text = "proposed; accept it with the columns" if is_proposed else "accepted"
    yield Item("sample_row", State.OPEN if is_proposed else State.DONE, text, sample_id, review)
    yield from _facts(survey, row, is_proposed)


def _file_items(folder: Path, row: Row, add: str) -> Iterator[Item]:
    sample_id, file = row["sample_id"], row["file"]
    try:
        path = find_raw_file(folder, file)
        beside = sidecar_path(path)
    except ReadProblem as problem:
        yield Item("file", State.OPEN, f"{file}: {problem.what}", sample_id, add)
        yield Item("sidecar", State.NOT_YET, "the file comes first", sample_id)
        return
    try:
        found = hash_raw_file(path, sample_id)
    except (ReadProblem, OSError) as problem:
        what = f"{problem.what}. {problem.fix}" if isinstance(problem, ReadProblem) else str(problem)
        yield Item("file", State.DONE, f"{file} is there", sample_id)
        yield Item("sidecar", State.FAILED, what, sample_id, f"git status {folder}")
        return
    yield Item("file", State.DONE, f"{file}, {found.bytes} bytes", sample_id)
    text = f"{beside.name} is of this file" if found.stated else "none: nothing says which file it has to be"
    yield Item("sidecar", State.DONE, text, sample_id)


def _columns(survey: Survey, sample_id: str, waiting: OpenSample | None, review: str, add: str) -> Item:
    rows = survey.rows_of(sample_id)
    if not rows:
        text = "crosswalk/variables.csv has no row of the sample"
        return Item("columns", State.OPEN, text, sample_id, add)
    if waiting is None or not waiting.groups:
        return Item("columns", State.DONE, f"all {len(rows)} accepted", sample_id)
    text = "questions and columns: " + ", ".join(f"{n} {what}" for what, n in waiting.counts.items())
    faulty = [group.question_id or group.variables[0] for group in waiting.groups if group.faults]
    if faulty:
        text += f"; open: {', '.join(faulty)}"
    return Item("columns", State.OPEN, text, sample_id, review)


def _facts(survey: Survey, row: Row, is_proposed: bool) -> Iterator[Item]:
    """What only the agency knows. What a person accepted without it is no work that is left."""
    sample_id = row["sample_id"]
    lacks = [name for name in FROM_THE_AGENCY if name != SOURCE and not row[name]]
    correct = f"kjpoll review --sample {sample_id} --set "
    yield Item(
        "agency",
        State.OPEN if lacks and is_proposed else State.DONE,
        f"empty: {', '.join(lacks)}" if lacks else "complete",
        sample_id,
        f"{correct}{lacks[0]}=..." if lacks else None,
    )
    if row[SOURCE] and row[SOURCE] not in survey.sources:
        text = f"published/sources.csv has no row {row[SOURCE]}; add it"
        yield Item("source", State.OPEN, text, sample_id)
    elif row[SOURCE] or not is_proposed:
        yield Item("source", State.DONE, row[SOURCE] or "none", sample_id)
    else:
        text = "empty: source_id; its row of published/sources.csv comes first"
        yield Item("source", State.OPEN, text, sample_id, f"{correct}{SOURCE}=...")
