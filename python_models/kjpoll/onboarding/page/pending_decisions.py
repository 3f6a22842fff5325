"""What a person has decided on the page and not written yet: the seeds get all of it, or nothing."""

from __future__ import annotations

import copy
import difflib
import hashlib
import hmac
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kjpoll.common.file_hash import files_hash
from kjpoll.common.json_cache import write_cache
from kjpoll.common.seed_file import read_seed
from kjpoll.onboarding.profile import raw_dir
from kjpoll.onboarding.propose import History
from kjpoll.onboarding.review.decisions import Applied, Decision, apply, changes_of
from kjpoll.onboarding.review.last_step import write_step
from kjpoll.onboarding.review.proposal_notes import notes_path
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Survey
from kjpoll.onboarding.review.transaction import FileChange, review_lock


class ChangedMeanwhileError(ReviewError):
    """A form was made from what is not there any more: another tab, another command or an editor was faster."""


@dataclass(frozen=True)
class Step:
    """One thing that a person did: `title` in words, the columns it is about, and the decisions that it consists of."""

    title: str
    variables: tuple[str, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class Pending:
    """The seeds as they are (`before`) and as they will be (`survey`). `base`: hash of the seeds and the file;
    `version`: of all that a form is made from, the steps too.

    `is_stale`: the seeds or the file changed after the steps were taken; these are then not applied.
    """

    base: str
    version: str
    before: Survey
    survey: Survey
    steps: tuple[Step, ...]
    applied: tuple[Applied, ...]
    left_open: frozenset[str]
    is_stale: bool = False


class PendingStore:
    """The pending decisions on one sample, in a file beside the notes on its proposals, so that it outlives the page.

    Every change of it names the version of what the person saw, and raises ChangedMeanwhileError where that is
    not what is there now; ReviewError, SeedError, LandingError and OSError as the review does. Nothing is changed then.
    """

    def __init__(self, root: Path, sample_id: str, history: History) -> None:
        self.root, self.sample_id, self._history = root, sample_id, history
        folder = root / "build" / "onboarding"
        self.path, self._notes = folder / f"{sample_id}.pending.json", notes_path(folder, sample_id)
        self._lock = threading.RLock()
        self._last: Pending | None = None

    def current(self) -> Pending:
        """What is pending, on the seeds and the file as they are. Writes nothing."""
        with self._lock:
            base = self._base()
            saved = self.path.read_bytes() if self.path.exists() else b""
            version = _version(base, saved)
            if self._last is None or self._last.version != version:
                saved_base, steps, left_open = _read(self.path, saved)
                before, is_stale = Survey(self.root), bool(steps) and saved_base != base
                try:
                    survey, applied = self._applied(before, () if is_stale else steps)
                except ReviewError:
                    survey, applied, is_stale = before, (), True
                self._last = Pending(base, version, before, survey, steps, applied, left_open, is_stale)
            return self._last

    def changes(self, pending: Pending) -> list[FileChange]:
        """All files that the decisions change."""
        return changes_of(self.root, pending.survey, self.path.parent, pending.applied)

    def diffs(self, pending: Pending) -> list[str]:
        """The unified diff of each file that will be written; the notes on the proposals are no part of the project."""
        return [_diff(change) for change in self.changes(pending) if change.path != self._notes]

    def add(self, seen: str, steps: Sequence[Step]) -> None:
        """Take further steps, all or none."""
        with self._unchanged(seen) as pending:
            survey, applied = self._applied(pending.survey, steps)
            decided = {name for step in steps for name in step.variables}
            steps = (*pending.steps, *steps)
            self._save(pending, survey, steps, (*pending.applied, *applied), pending.left_open - decided)

    def leave_open(self, seen: str, variables: Sequence[str]) -> None:
        """Have nothing decided of these columns: the steps about them are taken back."""
        with self._unchanged(seen) as pending:
            steps = tuple(step for step in pending.steps if not set(step.variables) & set(variables))
            self._replay(pending, steps, pending.left_open | set(variables))

    def take_back(self, seen: str, number: int) -> None:
        """Take back the step of that number, counted from 0."""
        with self._unchanged(seen) as pending:
            self._replay(pending, pending.steps[:number] + pending.steps[number + 1 :], pending.left_open)

    def discard(self, seen: str) -> None:
        """Forget all steps, also those that were taken on seeds or a file that changed meanwhile."""
        with self._unchanged(seen, may_be_stale=True):
            self.path.unlink(missing_ok=True)

    def write(self, seen: str) -> list[str]:
        """Write what the diff showed, all or nothing. Gives the files, relative to the project."""
        with self._lock, review_lock(self.root) as folder:
            pending = self.current()
            self.check(seen, pending)
            changes = self.changes(pending)
            write_step(self.root, changes, folder, f"the review of {self.sample_id} on the page")
            self.path.unlink(missing_ok=True)
        return [os.path.relpath(change.path, self.root) for change in changes if change.path != self._notes]

    @contextmanager
    def _unchanged(self, seen: str, *, may_be_stale: bool = False) -> Iterator[Pending]:
        # The lock of the review, since a second page of the same sample may be served.
        with self._lock, review_lock(self.root):
            pending = self.current()
            self.check(seen, pending, may_be_stale=may_be_stale)
            yield pending

    @staticmethod
    def check(seen: str, pending: Pending, *, may_be_stale: bool = False) -> None:
        """Raise ChangedMeanwhileError where `seen` is another version than that of `pending`, or where that is stale."""
        if not hmac.compare_digest(seen.encode(), pending.version.encode()) or (
            pending.is_stale and not may_be_stale
        ):
            raise ChangedMeanwhileError(
                "The seeds, the wave file or what is decided here changed since this page was shown. Nothing was done: "
                "reload, and decide on what is there now."
            )

    def _base(self) -> str:
        """Hash of the seeds, the wave file and the notes on the proposals."""
        seeds = self.root / "dbt_project" / "seeds"
        files = {path.relative_to(seeds).as_posix(): path for path in seeds.rglob("*.csv")}
        rows = read_seed(seeds / "survey" / "samples.csv")
        names = [row["file"] for row in rows if row["sample_id"] == self.sample_id]
        if not names:
            raise ReviewError(f"survey/samples.csv has no row of {self.sample_id} any more")
        raw_file = raw_dir(self.root) / names[0]
        if not raw_file.is_file():
            raise ReviewError(
                f"the file of {self.sample_id}, {raw_file}, is not there; put it back, or run kjpoll add-wave again"
            )
        notes = {"notes": self._notes} if self._notes.exists() else {}
        return files_hash({**files, **notes, "file": raw_file})

    def _applied(self, survey: Survey, steps: Sequence[Step]) -> tuple[Survey, tuple[Applied, ...]]:
        survey = copy.deepcopy(survey)
        decisions = [decision for step in steps for decision in step.decisions]
        return survey, tuple(
            apply(self.root, survey, self.sample_id, decision, self._history) for decision in decisions
        )

    def _replay(self, pending: Pending, steps: tuple[Step, ...], left_open: frozenset[str]) -> None:
        try:
            survey, applied = self._applied(pending.before, steps)
        except ReviewError as error:
            raise ReviewError(
                f"this cannot be taken back alone, since a later step needs it; take that one back first: {error}"
            ) from error
        self._save(pending, survey, steps, applied, left_open)

    def _save(
        self,
        pending: Pending,
        survey: Survey,
        steps: tuple[Step, ...],
        applied: tuple[Applied, ...],
        left_open: frozenset[str],
    ) -> None:
        write_cache(
            self.path,
            {
                "base": pending.base,
                "steps": [asdict(step) for step in steps],
                "left_open": sorted(left_open),
            },
        )
        version = _version(pending.base, self.path.read_bytes())
        self._last = Pending(pending.base, version, pending.before, survey, steps, applied, left_open)


def _diff(change: FileChange) -> str:
    name = f"{change.path.parent.name}/{change.path.name}"
    content = change.content.read_bytes() if isinstance(change.content, Path) else change.content
    before, after = ((text or b"").decode("utf-8").splitlines() for text in (change.before, content))
    return "\n".join(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm=""))


def _version(base: str, saved: bytes) -> str:
    return hashlib.sha256(base.encode() + saved).hexdigest()


def _read(path: Path, content: bytes) -> tuple[str, tuple[Step, ...], frozenset[str]]:
    """(base, steps, columns left open) as they were saved. Raises ReviewError where that cannot be read."""
    if not content:
        return "", (), frozenset()
    try:
        saved = json.loads(content)
        steps = tuple(_step(entry) for entry in saved["steps"])
        return saved["base"], steps, frozenset(saved["left_open"])
    except (ValueError, KeyError, TypeError) as error:
        raise ReviewError(
            f"{path}, in which the page keeps what is decided and not written yet, cannot be read; remove it, and decide again"
        ) from error


def _step(entry: Mapping[str, Any]) -> Step:
    decisions = tuple(
        Decision(
            **{**cells, **{name: [tuple(code) for code in cells[name]] for name in ("codes", "code_notes")}}
        )
        for cells in entry["decisions"]
    )
    return Step(entry["title"], tuple(entry["variables"]), decisions)
