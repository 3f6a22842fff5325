"""What a wave file is, from its bytes alone."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyarrow.parquet as pq

from kjpoll.landing import store
from kjpoll.landing.guard import GuardedReader
from kjpoll.landing.landing_sample import OVERRIDES, Sample
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.raw_directory import RawFile, stamped_file
from kjpoll.landing.reading import read
from kjpoll.landing.western_text import SINGLE_BYTE, WesternEvidence, western_encoding
from kjpoll.onboarding.detect.delimited import find_layout
from kjpoll.onboarding.detect.encoding import check_encoding, find_encoding, weighed
from kjpoll.onboarding.detect.file_format import find_format
from kjpoll.onboarding.detect.finding import NAMES, DetectionError, Finding
from kjpoll.onboarding.detect.key_columns import FileColumn, find_id, find_weight, read_columns
from kjpoll.onboarding.detect.text_likelihood import classes, is_plausible, log_likelihood
from kjpoll.onboarding.detect.workbook import find_sheets

LAYOUT = NAMES[:7]


@dataclass(frozen=True)
class Detection:
    """What the file is: a finding for each of NAMES, but header_rows where one row names the columns."""

    path: Path
    findings: dict[str, Finding]

    def cells(self) -> dict[str, str]:
        """The findings as cells of the samples seed; '' where the value is None."""
        return {
            name: "" if finding is None or finding.value is None else str(finding.value)
            for name in NAMES
            for finding in [self.findings.get(name)]
        }

    @property
    def ties(self) -> list[Finding]:
        """The findings that a person has to answer."""
        return [finding for finding in self.findings.values() if finding.is_tie]


def detect(
    path: Path, *, answers: Mapping[str, str] | None = None, reader: GuardedReader | None = None
) -> Detection:
    """Look into the file. `answers` gives cells of the samples seed that a person has chosen.

    Who looks into several files gives the `reader` of them all. Raises DetectionError for a file
    that cannot be a wave file, or not with these answers.
    """
    answers = dict(answers or {})
    if unknown := sorted(set(answers) - set(NAMES)):
        raise DetectionError(path, f"{unknown[0]} is nothing that a file tells", f"Answer {', '.join(NAMES)}")
    if answers.get("header_rows") and not answers.get("header_row"):
        what = "header_rows says how many rows name the columns, but not where they begin"
        raise DetectionError(path, what, "Set header_row too, to the first of them")
    try:
        if not path.is_file():
            raise DetectionError(path, "there is no such file", "Name a file that exists")
        with nullcontext(reader) if reader else GuardedReader() as guarded:
            return Detection(path, _Look(path, answers, guarded).findings())
    except ReadProblem as problem:
        raise DetectionError(path, problem.what, problem.fix) from problem
    except OSError as error:
        raise DetectionError(path, f"it cannot be read ({error})", "Make the file readable") from error


@dataclass
class _Look:
    path: Path
    answers: dict[str, str]
    reader: GuardedReader
    settled: dict[str, Finding] = field(default_factory=dict)

    def findings(self) -> dict[str, Finding]:
        self._take(self._answered("format") or find_format(self.path))
        file_format = self.settled["format"].value
        if file_format == "csv":
            self._look_at_text()
        elif file_format == "xlsx":
            self._look_at_workbook()
        for name in LAYOUT:
            if name not in self.settled and name != "header_rows":
                value, why = (
                    (1, "its names stand first") if name == "header_row" else (None, "has none to give")
                )
                self._take(Finding(name, value, 1.0, f"format {file_format}: {why}"))
        self._look_at_columns()
        return {name: self.settled[name] for name in NAMES if name in self.settled}

    def _take(self, *findings: Finding) -> None:
        for finding in findings:
            self.settled[finding.name] = self._answered(finding.name) or finding

    def _answered(self, name: str) -> Finding | None:
        if name not in self.answers:
            return None
        text = self.answers[name]
        value = int(text) if name in ("header_row", "header_rows") and text.isdecimal() else text or None
        return Finding(name, value, 1.0, "a person chose it")

    def _look_at_text(self) -> None:
        given = dict(self.answers)
        if "delimiter" in given:
            given["delimiter"] = given["delimiter"] or "comma"
        # Refuses answers that the samples seed may not hold.
        self._sample({"encoding": "utf-8"} | {name: given[name] for name in LAYOUT if name in given})
        if "encoding" in given:
            check_encoding(self.path, given["encoding"])
        self._take(self._answered("encoding") or find_encoding(self.path))
        self._take(*find_layout(self.path, str(self.settled["encoding"].value), given))

    def _look_at_workbook(self) -> None:
        outlines = self.reader.outlines(self.path)
        names = [outline.sheet for outline in outlines]
        for name in ("sheet", "label_sheet"):
            if self.answers.get(name) and self.answers[name] not in names:
                what = f"there is no sheet {self.answers[name]!r}; there are: {', '.join(names)}"
                raise DetectionError(self.path, what, f"Answer {name} with one of them")
        self._sample(
            {
                "sheet": names[0] if names else "",
                **{name: self.answers.get(name) for name in ("header_row", "header_rows")},
            }
        )
        self._take(*find_sheets(self.path, outlines, self.answers))

    def _sample(self, changes: Mapping[str, object] | None = None) -> Sample:
        """The row of the samples seed as it stands, with what only a person knows made up."""
        cells = {name: finding.value for name, finding in self.settled.items()}
        chosen = {name: value for name, value in (changes or {}).items() if value is not None}
        made_up = {"sample_id": "detected", "file": self.path.name, "id_variable": "?", "n_expected": 1}
        return Sample.from_row({"header_row": 1} | cells | chosen | made_up)

    def _look_at_columns(self) -> None:
        try:
            columns = self._columns()
        except ReadProblem:
            open_names = [finding.name for finding in self.settled.values() if finding.is_tie]
            if not open_names:
                raise
            why = f"it is not known before {' and '.join(open_names)} is chosen"
            self._take(*(Finding(name, None, 0.0, why) for name in ("id_variable", "weight_variable")))
            return
        for name in ("id_variable", "weight_variable"):
            chosen = self.answers.get(name)
            if chosen and chosen not in {column.name for column in columns}:
                shown = ", ".join(column.name for column in columns[:10])
                what = f"there is no column {chosen!r}; the {len(columns)} columns begin: {shown}"
                raise DetectionError(self.path, what, f"Answer {name} with one of them")
        self._take(self._answered("id_variable") or find_id(self.path, columns), find_weight(columns))

    def _columns(self) -> list[FileColumn]:
        """The columns as landing reads them: what landing would refuse is refused here."""
        with tempfile.TemporaryDirectory() as folder:
            if self.settled["format"].value in ("sav", "dta") and "encoding" not in self.answers:
                self._take(self._encoding_of_statistical(Path(folder)))
            sample = self._sample()
            self._land(sample, Path(folder))
            labels = {row["variable"]: row["label"] for row in self._rows(sample, Path(folder), "variable")}
            return read_columns(self._landed(sample, Path(folder), "answer"), labels)

    def _land(self, sample: Sample, folder: Path) -> None:
        if store.is_landed(folder, sample, self._raw_file.sha256):
            return
        if sample.format == "csv":
            store.write(
                read(self.path, sample), folder, sample, self._raw_file.sha256, self._raw_file.check_unchanged
            )
        else:
            self.reader.land(self._raw_file, sample, folder)

    def _encoding_of_statistical(self, folder: Path) -> Finding:
        """None where the file's own word makes sense; else the encodings with which all can be read."""
        as_named = None
        try:
            as_named = _classes(self._text(self._sample(), folder))
            if is_plausible(as_named) and not (as_named and log_likelihood(as_named)[1] == "western"):
                why = "the file names its encoding itself, and its labels make sense in it"
                return Finding("encoding", None, 1.0, why)
            # Old files name none, and are taken for western ones, in which every byte is a letter.
            fault = "by its own word its labels read as neither Korean nor Japanese"
        except ReadProblem as problem:
            if problem.rule != "broken_bytes":
                raise
            fault = "not all of it can be read in the encoding that it names itself"
        texts = {}
        for encoding in OVERRIDES:
            try:
                texts[encoding] = self._text(self._sample({"encoding": encoding}), folder)
            except ReadProblem:
                continue
        # The reader leaves out the rest of a label that it cannot decode: the whole text is the longest.
        sizes = {encoding: len(text.encode(encoding, "replace")) for encoding, text in texts.items()}
        whole = {
            encoding: _classes(text)
            for encoding, text in texts.items()
            if sizes[encoding] == max(sizes.values())
        }
        fitting = {
            encoding: counts
            for encoding, counts in whole.items()
            if counts != as_named
            and is_plausible(counts)
            and (encoding not in SINGLE_BYTE or encoding == _western_encoding(texts[encoding]))
        }
        if fitting:
            return weighed(fitting, f"{fault}, but all of it can be read so")
        if as_named is not None and is_plausible(as_named):
            return Finding("encoding", None, 0.9, "the file's own word makes its labels western text")
        fix = "Set encoding yourself, or ask for the file again"
        raise DetectionError(self.path, f"{fault}, nor in {', '.join(OVERRIDES)}", fix)

    def _text(self, sample: Sample, folder: Path) -> str:
        """The names and labels of the file."""
        self._land(sample, folder)
        rows = [row for kind in ("variable", "value_label") for row in self._rows(sample, folder, kind)]
        return "".join(text for row in rows for text in (row["variable"], row["label"]) if text)

    @cached_property
    def _raw_file(self) -> RawFile:
        return stamped_file(self.path)

    def _landed(self, sample: Sample, folder: Path, kind: str) -> Path:
        return store.landed_path(folder, sample, self._raw_file.sha256, kind)

    def _rows(self, sample: Sample, folder: Path, kind: str) -> list[dict]:
        return pq.read_table(self._landed(sample, folder, kind)).to_pylist()


def _western_encoding(text: str) -> str | None:
    evidence = WesternEvidence()
    evidence.take(text)
    return western_encoding(evidence.characters) if evidence.is_western else None


def _classes(text: str) -> Counter[str]:
    return classes(Counter(character for character in text if not character.isascii()))
