"""Which values of what was released a build would change, and whether a file, a line of a seed or the code does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from .built_values import BuiltValues
from .signed_files import COVERS, NET, TOPLINE, ValueKey, Values, read_signed

RAW_FILE, SEED_LINE, CODE = CAUSES = ("raw file", "seed line", "code")
# The aspect whose digest is that of a wave file.
FILE = "file"


@dataclass(frozen=True)
class ChangedValue:
    """key: whose value. signed, built: the cells of the value, None where there is none. causes: of CAUSES, in order."""

    key: ValueKey
    signed: tuple[str, ...] | None
    built: tuple[str, ...] | None
    causes: tuple[str, ...]


def unsigned_changes(con: duckdb.DuckDBPyConnection, folder: Path) -> list[ChangedValue]:
    """The signed values in `folder` (ProjectPaths.signed) that the build, which `con` has open, would change.

    The build needs analysis.topline and topline_net, marts.dim_sample, dim_universe and availability, and
    intermediate.int_signed_aspect and int_signed_digest; it need not be released. What is new is no change: a sample, or a question, category, figure,
    model or rule that no old sample has. Raises ReleaseError where a file in the folder is missing or broken.
    """
    return compared(read_signed(folder), BuiltValues.of(con))


def compared(signed: Values, built: BuiltValues) -> list[ChangedValue]:
    """The changes, sorted."""
    differing = differing_keys(signed, built.values)
    causes = Causes(differing, built)
    return [
        ChangedValue(key, signed.get(key), built.values.get(key), causes.of(key))
        for key in sorted(differing - new_keys(signed, built.values))
        if key.aspect not in built.inputs
    ]


def differing_keys(signed: Values, built: Values) -> set[ValueKey]:
    return {key for key in signed.keys() | built.keys() if signed.get(key) != built.get(key)}


def new_keys(signed: Values, built: Values) -> set[ValueKey]:
    """The values of a build that are of new things: of a sample or an aspect of which nothing is signed; or of no sample,
    but of a question or an item. What names none of these, such as the waivers of no sample, is the survey's as a whole.
    """
    samples = {key.sample_id for key in signed if key.sample_id}
    aspects = {key.item for key in signed if key.aspect == COVERS} | {TOPLINE, NET, COVERS}
    return {
        key
        for key in built.keys() - signed.keys()
        if key.aspect not in aspects
        or (key.sample_id not in samples if key.sample_id else key.question_id or key.item)
    }


class Causes:
    """Why values differ: what differs of that from which they are made; the code, where nothing does."""

    def __init__(self, differing: set[ValueKey], built: BuiltValues) -> None:
        self.built = built
        self.covers = {key.item for key in differing if key.aspect == COVERS}
        self.files = {key.sample_id for key in differing if key.aspect == FILE}
        self.lines = {(key.sample_id, key.question_id) for key in differing if key.aspect in built.inputs}
        self.samples = {sample for sample, _ in self.lines}
        self.questions = {question for _, question in self.lines}

    def of(self, key: ValueKey) -> tuple[str, ...]:
        """Of CAUSES, in order."""
        if key.aspect == COVERS or key.aspect in self.covers:
            return (CODE,)
        if key.aspect in self.built.seeds:
            return (SEED_LINE,)
        causes = [RAW_FILE] if key.sample_id in self.files else []
        if self._line_differs(key):
            causes.append(SEED_LINE)
        return tuple(causes) or (CODE,)

    def _line_differs(self, key: ValueKey) -> bool:
        """Whether a line of a seed differs by which the value may be read."""
        questions = self._with_parents(key.question_id) if key.question_id else []
        if not key.sample_id:
            return any(question in self.questions for question in questions)
        if not questions:
            return key.sample_id in self.samples
        return any(
            (sample, question) in self.lines
            for sample in (key.sample_id, "")
            for question in [*questions, ""]
        )

    def _with_parents(self, question_id: str) -> list[str]:
        """The question, and those whose answers decide who is asked it."""
        questions = [question_id]
        for question in questions:
            questions += [
                parent for parent in self.built.parents.get(question, []) if parent not in questions
            ]
        return questions
