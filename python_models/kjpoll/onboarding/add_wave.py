"""From a delivered file to rows of the seeds that wait for a person."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from kjpoll.landing import LandingError
from kjpoll.onboarding.detect import NAMES, Detection, Finding, detect
from kjpoll.onboarding.kept_labels import codebook_name, kept_labels
from kjpoll.onboarding.label_entry import ColumnLabels
from kjpoll.onboarding.labels.codebook_file import codebook_labels
from kjpoll.onboarding.profile import FileProfile, profile_file, raw_dir, with_labels
from kjpoll.onboarding.propose import History, Proposals, propose
from kjpoll.onboarding.review import proposal_notes
from kjpoll.onboarding.review.delivered_file import EarlierFile, earlier_file, raw_files_of, with_labels_file
from kjpoll.onboarding.review.label_faults import label_faults
from kjpoll.onboarding.review.last_step import write_step
from kjpoll.onboarding.review.redelivery import compare, replaced_row, take_over
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.sample_row import check_settings, reading_of, sample_row
from kjpoll.onboarding.review.survey import Row, Survey
from kjpoll.onboarding.review.transaction import FileChange, review_lock
from kjpoll.onboarding.review.wave_report import WaveReport, page, report_of


@dataclass(frozen=True)
class Delivery:
    """A file, whose it is, and what the person says of it (columns of the samples seed).

    `name`: of the sample, where a country has several in a wave. `answers`: what the person chose where the file fits two
    values equally well. `replaces`: whether it is to take the place of the file that the sample has. `labels`: a codebook or
    questionnaire with labels that the file has not.
    """

    file: Path
    wave: int
    country: str
    settings: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    replaces: bool = False
    labels: Path | None = None

    @property
    def sample_id(self) -> str:
        return self.name or f"{self.country}-{self.wave}"


class UndecidedError(ReviewError):
    """The file fits several values of `ties` equally well: a person has to answer them first."""

    def __init__(self, file: Path, ties: list[Finding]) -> None:
        super().__init__("\n".join(_question(file, tie) for tie in ties))
        self.ties = ties


def add_wave(
    root: Path,
    delivery: Delivery,
    *,
    today: datetime.date,
    dry_run: bool = False,
    report: Path | None = None,
) -> WaveReport:
    """Put the file in its place and propose the rows of its sample. All is written, or nothing.

    `root`: the project. What the seeds already say of the sample stays as it is; a second run adds only what
    they lack. `report`: where the page goes, by default build/onboarding/<sample>.html; a dry run writes none
    by default. Raises UndecidedError where the file leaves open how it is read, and ReviewError,
    SeedError, DetectionError or LandingError, each saying what to do.
    """
    if not delivery.file.is_file():
        raise ReviewError(f"{delivery.file} is not a file")
    if dry_run:
        with _view_of(root) as view:
            wave_report = replace(_propose_rows(view, delivery).report, is_dry_run=True)
        if report:
            report.write_text(page(wave_report), encoding="utf-8")
        return wave_report
    with review_lock(root) as folder:
        row_before = _row_before(root, delivery)
        proposed = _propose_rows(root, delivery)
        survey, wave_report, labels = proposed.survey, proposed.report, proposed.labels
        # The raw file first, the row of the sample last.
        raw_files = raw_files_of(root, row_before, wave_report.sample, delivery.file, today, folder, survey)
        if delivery.labels:
            raw_files = with_labels_file(
                raw_files, raw_dir(root) / wave_report.sample["file"], delivery.labels.name, labels
            )
        changes = [*raw_files, *survey.changes()]
        wave_report = replace(wave_report, written=tuple(_shown(root, change.path) for change in changes))
        # The page and the notes are no part of the project, but belong to what was written.
        for path, content in (
            (
                proposal_notes.notes_path(folder, delivery.sample_id),
                proposal_notes.content(wave_report.rationales),
            ),
            (report or folder / f"{delivery.sample_id}.html", page(wave_report).encode("utf-8")),
        ):
            before = path.read_bytes() if path.exists() else None
            if content != before:
                changes.append(FileChange(path, content, before))
        write_step(root, changes, folder, f"add-wave of {delivery.sample_id}")
    return wave_report


def _row_before(root: Path, delivery: Delivery) -> Row | None:
    survey = Survey(root)
    return survey.sample(delivery.sample_id) if survey.has_sample(delivery.sample_id) else None


@dataclass(frozen=True)
class _Proposed:
    """The seeds with the rows of the sample in them, the report on these rows, and the labels that a codebook gives its columns."""

    survey: Survey
    report: WaveReport
    labels: Mapping[str, ColumnLabels]


def _propose_rows(root: Path, delivery: Delivery) -> _Proposed:
    survey = Survey(root)
    known_row = _known_row(survey, delivery)
    earlier = earlier_file(root, known_row, delivery.file) if known_row else None
    is_replaced = earlier is not None
    _check_settings(known_row, delivery, is_replaced)
    detection = _detected(known_row, delivery, is_replaced)
    if known_row and is_replaced:
        row = replaced_row(known_row, detection.cells(), delivery.settings)
    else:
        row = known_row or sample_row(
            survey,
            delivery.sample_id,
            delivery.wave,
            delivery.country,
            detection.cells(),
            delivery.settings,
        )
    profile, labels = _labelled(root, delivery, row, profile_file(delivery.file, reading_of(row)))
    done: list[str] = []
    if known_row and earlier is not None:
        row, done = _replace(survey, known_row, row, earlier, delivery, profile)
    elif not known_row:
        row = {**row, "n_expected": row["n_expected"] or str(profile.n_rows)}
        survey.samples.insert(survey.samples.position_of("sample_id", delivery.sample_id), row)
    survey.add_wave(delivery.wave)
    survey.date_wave(row)
    history = History.of_project(root, without=frozenset({delivery.sample_id}))
    proposals = propose(row, profile, history)
    _add_rows(survey, proposals)
    report = report_of(
        survey,
        delivery.sample_id,
        {**history.profiles, delivery.sample_id: profile},
        rationales=proposal_notes.rationales(proposals),
        findings=tuple(detection.findings.values()),
        delivered_as=delivery.file.name,
        of_labels=label_faults(root, survey, delivery.sample_id, profile, history),
        replaced=tuple(done),
    )
    return _Proposed(survey, report, labels)


def _labelled(
    root: Path, delivery: Delivery, row: Row, profile: FileProfile
) -> tuple[FileProfile, Mapping[str, ColumnLabels]]:
    """The profile with the labels of the codebook that comes with the file, or of the one that is kept for the sample."""
    if delivery.labels:
        labels, codebook = codebook_labels(delivery.labels, profile, row), delivery.labels.name
    else:
        raw_file = raw_dir(root) / row["file"]
        labels, codebook = kept_labels(raw_file, row["sample_id"]), codebook_name(raw_file)
    return with_labels(profile, labels, codebook), labels


def _replace(
    survey: Survey, before: Row, after: Row, earlier: EarlierFile, delivery: Delivery, profile: FileProfile
) -> tuple[Row, list[str]]:
    """The row of the file that takes the place of the first one, and what differs and was done, in words. Raises ReviewError with
    what differs where nobody said that it is to be replaced."""
    redelivery, lines = None, [earlier.why_unknown]
    if earlier.path:
        try:
            rows = survey.rows_of(before["sample_id"])
            redelivery = compare((earlier.path, before), (delivery.file, after), profile, rows)
            lines = redelivery.lines()
        except LandingError as error:
            lines = [f"the first file cannot be read, so that nothing is known to be the same: {error}"]
    if not delivery.replaces:
        raise ReviewError(
            f"{before['sample_id']} has another file already, {before['file']}. If {delivery.file} is a second sample of the wave (a "
            "form, a mode, a boost), give it a name with --sample and a series with --set series=; if it is the file once more, "
            "corrected, add --replace: the first one is kept, and what differs is opened again. What differs:\n"
            + "\n".join(f"- {line}" for line in lines)
        )
    n_before = redelivery.n_before if redelivery else None
    if "n_expected" not in delivery.settings and before["n_expected"] in (str(n_before), ""):
        after = {**after, "n_expected": str(profile.n_rows)}
    return after, [*lines, *take_over(survey, before, after, redelivery)]


def _detected(known_row: Row | None, delivery: Delivery, is_replaced: bool) -> Detection:
    """What the file is; what it leaves open is as in the row of the file that it replaces. Raises UndecidedError."""
    if known_row and not is_replaced:
        cells = {name: known_row[name] for name in NAMES if known_row.get(name)}
    else:
        cells = {name: value for name, value in delivery.settings.items() if name in NAMES}
    detection = detect(delivery.file, answers={**cells, **delivery.answers})
    if known_row and is_replaced:
        as_before = {tie.name: known_row[tie.name] for tie in detection.ties}
        if as_before:
            detection = detect(delivery.file, answers={**as_before, **cells, **delivery.answers})
    if detection.ties:
        raise UndecidedError(delivery.file, detection.ties)
    return detection


def _known_row(survey: Survey, delivery: Delivery) -> Row | None:
    """The row that the seeds have of the sample; it has to be of the wave and country that the person says."""
    check_settings(survey, delivery.settings)
    if not re.fullmatch(r"[A-Z]{3}", delivery.country):
        raise ReviewError(
            f"the country is {delivery.country!r}; write the three capital letters that it has in survey/countries.csv"
        )
    if not re.fullmatch(r"[A-Za-z0-9_-]+", delivery.sample_id):
        raise ReviewError(
            f"--sample {delivery.sample_id!r}: a sample is named with letters, digits, - and _, as {delivery.country}-{delivery.wave}-web"
        )
    if not survey.has_sample(delivery.sample_id):
        if delivery.replaces:
            raise ReviewError(
                f"there is no sample {delivery.sample_id} whose file could be replaced; leave --replace out, or name the sample with "
                "--sample"
            )
        return None
    row = survey.sample(delivery.sample_id)
    if (row["wave"], row["country"]) != (str(delivery.wave), delivery.country):
        raise ReviewError(
            f"{row['sample_id']} is the sample of {row['country']} in wave {row['wave']}; give this one another name with --sample"
        )
    return row


def _check_settings(known_row: Row | None, delivery: Delivery, is_replaced: bool) -> None:
    """Raises ReviewError where the person says something else of a file than the seeds do."""
    if known_row is None or is_replaced:
        return
    for name, value in delivery.settings.items():
        if known_row[name] != value:
            raise ReviewError(
                f"--set {name}={value}: the row of {known_row['sample_id']} in survey/samples.csv says {known_row[name]!r}; "
                f"correct it with kjpoll review --sample {known_row['sample_id']} --set {name}={value}"
            )


def _question(file: Path, tie: Finding) -> str:
    options = "".join(
        f"\n  --set {tie.name}={'' if value is None else value}   {why}" for value, why in tie.choices
    )
    return f"{file}: the file leaves the {tie.name} open; say which it is:{options}"


def _add_rows(survey: Survey, proposals: Proposals) -> None:
    """Add the rows that the seeds lack: a row that is there, proposed or not, may be a person's."""
    sample_id = proposals.sample_id
    position = next(
        iter(survey.variables.find(sample_id=sample_id)), survey.variables.position_of("sample_id", sample_id)
    )
    lists_in_use = set()
    for proposal in proposals.proposals:
        present = survey.variables.find(sample_id=sample_id, variable=proposal.row["variable"])
        if present:
            position = present[-1] + 1
            continue
        survey.variables.insert(position, proposal.row)
        lists_in_use.add(proposal.row["code_list"])
        position += 1
    for code_list, codes in proposals.new_code_lists.items():
        if code_list in lists_in_use and not survey.code_lists.find(code_list=code_list):
            position = survey.code_lists.position_of("code_list", code_list)
            for code, category_id in sorted(codes.items(), reverse=True):
                row = {"code_list": code_list, "code": code, "category_id": category_id}
                survey.code_lists.insert(position, row)


@contextmanager
def _view_of(root: Path) -> Iterator[Path]:
    """The project in a folder of its own, so that what reading its files caches is cached there."""
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
