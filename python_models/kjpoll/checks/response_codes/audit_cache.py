"""Cache what the audit found of a sample, so that a build audits only the samples of which something changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path

from kjpoll.common.file_hash import engine_hash
from kjpoll.common.json_cache import read_cache, write_cache

from .sample import CheckedSample, SampleAudit

FILE = "samples.json"
# What decides an audit but its input.
PACKAGES = ("kjpoll.checks.response_codes", "kjpoll.common")
LIBRARIES = ("great_expectations", "pandas")


class AuditCache:
    """The audits of the last build, by all that decides them: what is checked, the code, and the libraries.

    folder: where they are cached; None caches nothing. What cannot be read there is as good as absent.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / FILE
        self._before: dict[str, SampleAudit] = {}
        try:
            self._before = (
                {key: SampleAudit(**value) for key, value in read_cache(self._path).items()}
                if self._path
                else {}
            )
        except TypeError:
            pass

    def get(self, sample: CheckedSample) -> SampleAudit | None:
        """What was found where nothing has changed since."""
        return self._before.get(fingerprint(sample))

    def save(self, found: Iterable[tuple[CheckedSample, SampleAudit]]) -> None:
        """Cache these in place of those before. Raises OSError where they cannot be written."""
        now = {fingerprint(sample): outcome for sample, outcome in found}
        if self._path is not None and now != self._before:
            write_cache(self._path, {key: asdict(outcome) for key, outcome in now.items()})


def fingerprint(sample: CheckedSample) -> str:
    """SHA-256 of all that decides the audit of a sample."""
    rest = (
        _engine(),
        sample.sample_id,
        sample.n_expected,
        sample.is_judged,
        sample.cut_sets,
        list(sample.frame),
    )
    return hashlib.sha256(f"{rest}{sample.frame.to_csv(index=False, na_rep=chr(0))}".encode()).hexdigest()


@cache
def _engine() -> str:
    return engine_hash(PACKAGES, LIBRARIES)
