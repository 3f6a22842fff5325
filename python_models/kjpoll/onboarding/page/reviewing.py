"""The review of one sample on the page: what is pending, and the view of it that all pages are made from."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from kjpoll.onboarding.page.pending_decisions import PendingStore
from kjpoll.onboarding.page.wave_blocks import WaveView, view_of
from kjpoll.onboarding.profile import FileProfile
from kjpoll.onboarding.propose import History
from kjpoll.onboarding.review import proposal_notes
from kjpoll.onboarding.review.decisions import one_sample, profile_of
from kjpoll.onboarding.review.label_faults import label_faults
from kjpoll.onboarding.review.survey import Survey


class Reviewing:
    """One person's review of one sample. `written`: the files of the last write, relative to the project."""

    def __init__(self, root: Path, sample_id: str | None = None) -> None:
        """Reads the wave files before the sample's: a request only looks whether its own has changed.

        Raises ReviewError, SeedError or LandingError where there is nothing to review or a file cannot be read.
        """
        self.root = root
        self.sample_id = one_sample(Survey(root), sample_id)
        self._history = History.of_project(root)
        self.store = PendingStore(root, self.sample_id, self._history)
        self.written: list[str] = []
        self._lock = threading.Lock()
        self._view: WaveView | None = None
        self.view()

    def view(self) -> WaveView:
        """The wave as it is now with what is decided of it. Writes nothing."""
        with self._lock:
            pending = self.store.current()
            if self._view is None or self._view.pending.version != pending.version:
                profiles = {
                    **self._history.profiles,
                    self.sample_id: profile_of(self.root, pending.before, self.sample_id),
                }
                notes = proposal_notes.load(self.root / "build" / "onboarding", self.sample_id)
                for applied in pending.applied:
                    notes.update(applied.rationales)
                own = profiles[self.sample_id]
                of_labels = label_faults(self.root, pending.survey, self.sample_id, own, self._history)
                self._view = view_of(pending, self.sample_id, profiles, notes, of_labels)
            return self._view

    def view_as_seen(self, seen: str) -> WaveView:
        """The view that a form was made from. Raises ChangedMeanwhileError where that is another one."""
        view = self.view()
        self.store.check(seen, view.pending)
        return view

    def profiles(self) -> Mapping[str, FileProfile]:
        """Of the sample and of those before it."""
        return {**self._history.profiles, self.sample_id: self.view().profile}

    def write(self, seen: str) -> None:
        """Write what is decided. Raises as PendingStore does."""
        self.written = self.store.write(seen)
