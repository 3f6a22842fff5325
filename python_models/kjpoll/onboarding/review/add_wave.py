"""From a delivered file to rows of the seeds that wait for a person."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kjpoll.common.file_hash import file_hash
from kjpoll.onboarding.detect import Detection, Finding, detect
from kjpoll.onboarding.profile import FileProfile, profile_file, raw_dir
from kjpoll.onboarding.propose import History, Proposals, propose
from kjpoll.onboarding.review import proposal_notes
from kjpoll.onboarding.review.errors import ReviewError
from kjpoll.onboarding.review.page import page
from kjpoll.onboarding.review.report import WaveReport, report_of
from kjpoll.onboarding.review.sample_row import check_settings, reading_of, sample_row, sidecar
from kjpoll.onboarding.review.survey import Row, Survey
from kjpoll.onboarding.review.transaction import FileChange, review_lock, write_all

FOUND = (
    "format",
    "encoding",
    "delimiter",
    "sheet",
    "label_sheet",
    "header_row",
    "id_variable",
    "weight_variable",
)
Ask = Callable[[Finding], str]


@dataclass(frozen=True)
class Delivery:
    """A file, whose it is, and what the person says of it (columns of the samples seed)."""

    file: Path
    wave: int
    country: str
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def sample_id(self) -> str:
        return f"{self.country}-{self.wave}"


def add_wave(
    root: Path,
    delivery: Delivery,
    *,
    today: datetime.date,
    ask: Ask | None = None,
    dry_run: bool = False,
    report: Path | None = None,
) -> WaveReport:
    """Put the file in its place and propose the rows of its sample. All is written, or nothing.

    `root`: the project. `ask` puts a tie of the detection to a person. What the seeds already say of the
    sample stays as it is; a second run adds only what they lack. `report`: where the page goes,
    by default build/onboarding/<sample>.html; a dry run writes none by default. Raises ReviewError, SeedError,
    DetectionError or LandingError, each saying what to do.
    """
    if not delivery.file.is_file():
        raise ReviewError(f"{delivery.file} is not a file")
    if dry_run:
        with _view_of(root) as view:
            found = _proposed(view, delivery, ask)
            result = found.report(dry_run, ())
        if report:
            report.write_text(page(result), encoding="utf-8")
        return result
    with review_lock(root) as folder:
        found = _proposed(root, delivery, ask)
        changes = found.changes(root, today)
        written = tuple(_shown(root, change.path) for change in changes)
        result = found.report(dry_run, written)
        # The page and the notes are no part of the project, but belong to what was written.
        for path, content in (
            (proposal_notes.notes_path(folder, delivery.sample_id), proposal_notes.content(found.rationales)),
            (report or folder / f"{delivery.sample_id}.html", page(result).encode("utf-8")),
        ):
            before = path.read_bytes() if path.exists() else None
            if content != before:
                changes.append(FileChange(path, content, before))
        write_all(changes, folder)
    return result


@dataclass(frozen=True)
class _Found:
    """A survey in which the rows of the sample stand, and what they rest on."""

    survey: Survey
    delivery: Delivery
    detection: Detection
    profiles: Mapping[str, FileProfile]
    rationales: Mapping[str, proposal_notes.Rationale]

    def changes(self, root: Path, today: datetime.date) -> list[FileChange]:
        """The raw file first, the row of the sample last."""
        row = self.survey.sample(self.delivery.sample_id)
        raw_file = raw_dir(root) / row["file"]
        changes = []
        if not raw_file.exists():
            beside = raw_file.with_name(f"{raw_file.name}.json")
            if beside.exists():
                raise ReviewError(
                    f"{beside} describes a file that is not there; remove it and run this again"
                )
            changes += [
                FileChange(raw_file, self.delivery.file, None),
                FileChange(beside, sidecar(row, self.delivery.file, today), None),
            ]
        return changes + [
            FileChange(seed.path, seed.content(), seed.before) for seed in self.survey.changed()
        ]

    def report(self, is_dry_run: bool, written: tuple[str, ...]) -> WaveReport:
        return report_of(
            self.survey,
            self.delivery.sample_id,
            self.profiles,
            rationales=self.rationales,
            findings=tuple(self.detection.findings.values()),
            delivered_as=self.delivery.file.name,
            is_dry_run=is_dry_run,
            written=written,
        )


def _proposed(root: Path, delivery: Delivery, ask: Ask | None) -> _Found:
    survey = Survey(root)
    check_settings(survey, delivery.settings)
    if not re.fullmatch(r"[A-Z]{3}", delivery.country):
        raise ReviewError(f"the country is {delivery.country!r}; write three capital letters, as KOR")
    own = survey.sample(delivery.sample_id) if survey.has_sample(delivery.sample_id) else None
    if own:
        _check_same(root, delivery, own)
    said = (
        {name: own[name] for name in FOUND if own.get(name)}
        if own
        else {name: value for name, value in delivery.settings.items() if name in FOUND}
    )
    detection = _decided(delivery, said, ask)
    if own is None:
        values = {
            name: "" if finding.value is None else str(finding.value)
            for name, finding in detection.findings.items()
        }
        known = {name: value for name, value in values.items() if name in survey.samples.header}
        own = sample_row(survey, delivery.wave, delivery.country, known, delivery.settings)
        profile = profile_file(delivery.file, reading_of(own))
        own = {**own, "n_expected": own["n_expected"] or str(profile.n_rows)}
        survey.samples.insert(survey.samples.place_of("sample_id", delivery.sample_id), own)
    else:
        profile = profile_file(delivery.file, reading_of(own))
    history = History.of_project(root, without=frozenset({delivery.sample_id}))
    proposals = propose(own, profile, history)
    _add_rows(survey, proposals)
    profiles = {**history.profiles, delivery.sample_id: profile}
    return _Found(survey, delivery, detection, profiles, proposal_notes.rationales(proposals))


def _check_same(root: Path, delivery: Delivery, own: Row) -> None:
    """That a sample which the seeds know gets the file that it has, read as its row says."""
    there = raw_dir(root) / own["file"]
    if there.exists() and file_hash(there) != file_hash(delivery.file):
        raise ReviewError(
            f"{own['sample_id']} has another file already, {there}; if {delivery.file} replaces it, "
            f"remove the old one and its sidecar {there.name}.json, and run this again: the rows of the seeds stay"
        )
    for name, value in delivery.settings.items():
        if own[name] != value:
            raise ReviewError(
                f"--set {name}={value}: the row of {own['sample_id']} in survey/samples.csv says {own[name]!r}; "
                f"correct it with kjpoll review --sample {own['sample_id']} --set {name}={value}"
            )


def _decided(delivery: Delivery, answers: Mapping[str, str], ask: Ask | None) -> Detection:
    """The detection without a tie: each is put to the person, and what follows is detected again."""
    answers = dict(answers)
    detection = detect(delivery.file, answers=answers)
    while detection.ties:
        if ask is None:
            raise ReviewError("\n".join(_question(delivery.file, tie) for tie in detection.ties))
        tie = detection.ties[0]
        answers[tie.name] = ask(tie)
        detection = detect(delivery.file, answers=answers)
    return detection


def _question(file: Path, tie: Finding) -> str:
    can = [(tie.value, tie.why), *((value, why) for value, _, why in tie.others)]
    options = "".join(f"\n  --set {tie.name}={'' if value is None else value}   {why}" for value, why in can)
    return f"{file}: the {tie.name} cannot be told from the file; say which it is:{options}"


def _add_rows(survey: Survey, proposals: Proposals) -> None:
    """Add the rows that the seeds lack: a row that is there, proposed or not, may be a person's."""
    place = survey.variables.place_of("sample_id", proposals.sample_id)
    held = survey.variables.find(sample_id=proposals.sample_id)
    place = held[0] if held else place
    added: list[Mapping[str, str]] = []
    for proposal in proposals.proposals:
        there = survey.variables.find(sample_id=proposals.sample_id, variable=proposal.row["variable"])
        if there:
            place = there[-1] + 1
            continue
        survey.variables.insert(place, proposal.row)
        added.append(proposal.row)
        place += 1
    wanted = {row["code_list"] for row in added}
    for draft in proposals.new_code_lists:
        if draft.code_list in wanted and not survey.code_lists.find(code_list=draft.code_list):
            _add_list(survey, draft.rows)


def _add_list(survey: Survey, rows: Sequence[Mapping[str, str]]) -> None:
    place = survey.code_lists.place_of("code_list", rows[0]["code_list"])
    for row in reversed(rows):
        survey.code_lists.insert(place, row)


@contextmanager
def _view_of(root: Path) -> Iterator[Path]:
    """The project in a folder of its own, so that what the look at its files keeps is kept there."""
    with tempfile.TemporaryDirectory() as folder:
        view = Path(folder)
        (view / "dbt_project").symlink_to((root / "dbt_project").absolute())
        (view / "data").symlink_to((root / "data").absolute())
        landing = root / "build" / "landing"
        if landing.is_dir():
            shutil.copytree(landing.absolute(), view / "build" / "landing", copy_function=os.symlink)
        yield view


def _shown(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
