"""Land the files of a set of samples, and compare each with what is expected of it and of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kjpoll.landing import store
from kjpoll.landing.guard import GuardedReader
from kjpoll.landing.identity import (
    Crosswalk,
    column_names,
    contradicted_facts,
    fit,
    other_sample,
    same_file,
)
from kjpoll.landing.landing_sample import ENCODINGS, OVERRIDES, Sample, WaveFile
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.raw_directory import RawFile, find_raw_file, hash_raw_file
from kjpoll.landing.reader_pool import ReadingTask, read_files
from kjpoll.landing.reading import look
from kjpoll.landing.text_lines import DELIMITERS

# Faults that a sound file of another sample has when it is read as this one's.
LOOKS_FOREIGN = {
    "wrong_encoding", "broken_bytes", "byte_order_mark", "sidecar_mismatch", "invalid_sample",
    "invalid_header", "empty_file", "ragged_row", "malformed_record", "no_rows", "no_id_variable",
}  # fmt: skip
# Faults that a sound file has when it is read with a wrong delimiter.
MISPARTED = {"ragged_row", "malformed_record", "invalid_header"}


@dataclass(frozen=True)
class LandingRun:
    """One run of landing: the folders, the samples whose rows are usable, and what the crosswalk expects of each."""

    raw_dir: Path
    landing_dir: Path
    samples: list[Sample]
    crosswalk: Crosswalk
    reader: GuardedReader

    def land(self) -> tuple[list[WaveFile], dict[str, list[ReadProblem]]]:
        """The landed files in the order of the samples, and the problems of each sample."""
        wave_files: list[WaveFile] = []
        names: dict[str, list[str]] = {}
        problems: dict[str, list[ReadProblem]] = {}
        raw_files, errors = self._read()
        for sample in self.samples:
            problems[sample.sample_id] = []
            try:
                if sample.sample_id in errors:
                    raise errors[sample.sample_id]
                raw_file = raw_files[sample.sample_id]
                wave_file, names[sample.sample_id] = self._landed(sample, raw_file)
                wave_files.append(wave_file)
                problems[sample.sample_id] = self._check(
                    sample, wave_file, names[sample.sample_id], raw_file.stated
                )
            except ReadProblem as problem:
                problems[sample.sample_id] = self._reconsidered(sample, problem)
            except OSError as error:
                fix = f"Make the file readable and {self.landing_dir} writable, with room on the disk"
                what = f"cannot be read or landed ({error})"
                problems[sample.sample_id] = [ReadProblem("unreadable_disk", what, fix)]
        for sample_id, twin in self._twins(wave_files, names):
            if not any(problem.rule == "wrong_sample" for problem in problems[sample_id]):
                problems[sample_id] = [twin]
        return wave_files, problems

    def _read(self) -> tuple[dict[str, RawFile], dict[str, ReadProblem | OSError]]:
        """The file of each sample, read where it is not landed yet, and what went wrong. By sample_id."""
        raw_files: dict[str, RawFile] = {}
        errors: dict[str, ReadProblem | OSError] = {}
        tasks: list[ReadingTask] = []
        for sample in self.samples:
            try:
                path = find_raw_file(self.raw_dir, sample.file)
                look(path, sample)
                raw_file = hash_raw_file(path, sample.sample_id)
                is_landed = store.is_landed(self.landing_dir, sample, raw_file.sha256)
            except (ReadProblem, OSError) as error:
                errors[sample.sample_id] = error
                continue
            raw_files[sample.sample_id] = raw_file
            if not is_landed:
                tasks.append(ReadingTask(raw_file, sample, self._expected(sample)))
        errors.update(read_files(tasks, self.landing_dir, self.reader))
        return raw_files, errors

    def _landed(self, sample: Sample, raw_file: RawFile) -> tuple[WaveFile, list[str]]:
        """What is landed of a file, and the names of its columns."""
        names = store.read_variables(self.landing_dir, sample, raw_file.sha256)
        n_cells = store.count_answers(self.landing_dir, sample, raw_file.sha256)
        wave_file = WaveFile(
            sample_id=sample.sample_id,
            file=sample.file,
            format=sample.format,
            encoding=sample.encoding,
            delimiter=sample.delimiter,
            sheet=sample.sheet,
            label_sheet=sample.label_sheet,
            header_row=sample.header_row,
            header_rows=sample.header_rows,
            sha256=raw_file.sha256,
            bytes=raw_file.bytes,
            n_rows=n_cells // len(names),
            n_columns=len(names),
        )
        return wave_file, names

    def _expected(self, sample: Sample) -> Collection[str]:
        return self.crosswalk.get(sample.sample_id) or {sample.id_variable}

    def _check(
        self, sample: Sample, wave_file: WaveFile, names: list[str], stated: Mapping[str, Any]
    ) -> list[ReadProblem]:
        """What is wrong with a landed file, the most telling fault only where they have one cause."""
        path = self.raw_dir / sample.file
        problem = self._foreign(sample, names) or self._misread(sample, path, names)
        if problem:
            return [problem]
        problems = []
        if sample.id_variable not in names:
            shown = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
            problems.append(
                ReadProblem(
                    "no_id_variable",
                    f"there is no column {sample.id_variable!r}, which the samples seed gives as "
                    f"id_variable; the {len(names)} columns are: {shown}",
                    "Correct id_variable in the samples seed, or ask for the file again",
                )
            )
        if wave_file.n_rows != sample.n_expected:
            problems.append(
                ReadProblem(
                    "wrong_n",
                    f"the file has {wave_file.n_rows} data rows, n_expected is {sample.n_expected}",
                    "Ask for the complete file, or correct n_expected in the samples seed",
                )
            )
            # Of one cause: the number of records is the seed's or the file's fault, and not the sidecar's.
            stated = {name: fact for name, fact in stated.items() if name != "n"}
        return problems + contradicted_facts(sample, stated)

    def _reconsidered(self, sample: Sample, problem: ReadProblem) -> list[ReadProblem]:
        """The problem, or that the file is another sample's, if that explains it."""
        if problem.rule not in LOOKS_FOREIGN:
            return [problem]
        names = column_names(self.raw_dir / sample.file, sample, self.reader)
        explanation = self._foreign(sample, names)
        if explanation is None and problem.rule in MISPARTED:
            explanation = self._misread(sample, self.raw_dir / sample.file, names)
        return [explanation or problem]

    def _foreign(self, sample: Sample, names: Collection[str]) -> ReadProblem | None:
        path = self.raw_dir / sample.file
        return other_sample(path, sample, names, self.samples, self.crosswalk, self.reader)

    def _misread(self, sample: Sample, path: Path, names: list[str]) -> ReadProblem | None:
        """What the seed says wrongly, if the header makes sense with another encoding or delimiter only."""
        expected = self._expected(sample)
        fit_as_read = fit(names, expected)
        if sample.format == "xlsx" or not fit_as_read < 0.5 or sample.id_variable in names:
            return None
        for reading in _other_readings(sample):
            header = column_names(path, reading, self.reader)
            if sample.id_variable in header and fit(header, expected) > 2 * fit_as_read:
                if reading.encoding != sample.encoding:
                    rule, column, is_so = "wrong_encoding", "encoding", reading.encoding
                    was = sample.encoding or "the encoding that the file states"
                else:
                    rule, column, is_so = "invalid_sample", "delimiter", reading.layout.delimiter
                    was = sample.layout.delimiter
                return ReadProblem(
                    rule,
                    f"the header makes sense with {column} {is_so}, not with {was}",
                    f"Set {column} to {is_so} in the samples seed",
                )
        return None

    def _twins(
        self, wave_files: list[WaveFile], names: dict[str, list[str]]
    ) -> list[tuple[str, ReadProblem]]:
        """wrong_sample for the files whose bytes stand under another name too, but for the one that fits best."""
        twins = []
        samples = {sample.sample_id: sample for sample in self.samples}
        for wave_file in wave_files:
            own_fit = fit(names[wave_file.sample_id], self.crosswalk.get(wave_file.sample_id, ()))
            for twin in wave_files:
                if twin.sha256 != wave_file.sha256 or twin.file == wave_file.file:
                    continue
                if own_fit <= fit(names[twin.sample_id], self.crosswalk.get(twin.sample_id, ())):
                    sample = samples[wave_file.sample_id]
                    twins.append((sample.sample_id, same_file(sample, twin.sample_id)))
                    break
        return twins


def _other_readings(sample: Sample) -> Iterator[Sample]:
    """The same sample with each other encoding and, for a csv, with each other delimiter."""
    for encoding in ENCODINGS if sample.format == "csv" else OVERRIDES:
        if encoding != sample.encoding:
            yield replace(sample, encoding=encoding)
    if sample.format == "csv":
        for delimiter in DELIMITERS:
            if delimiter != sample.layout.delimiter:
                yield replace(sample, delimiter=delimiter)
