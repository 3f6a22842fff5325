"""Keep what the audit found of a sample, so that a build audits only the samples of which something changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

from kjpoll.build.kept import read_kept, write_kept

from .sample import CheckedSample, SampleAudit

FILE = "samples.json"


class KeptAudits:
    """The audits of the last build, by all that decides them: what is checked, the code, and the libraries.

    folder: where they are kept; None keeps nothing. What cannot be read there is as good as absent.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / FILE
        self._before: dict[str, SampleAudit] = {}
        try:
            self._before = (
                {key: SampleAudit(**value) for key, value in read_kept(self._path).items()}
                if self._path
                else {}
            )
        except TypeError:
            pass

    def get(self, sample: CheckedSample) -> SampleAudit | None:
        """What was found where nothing has changed since."""
        return self._before.get(fingerprint(sample))

    def save(self, found: Iterable[tuple[CheckedSample, SampleAudit]]) -> None:
        """Keep these in place of those before. Raises OSError where they cannot be written."""
        now = {fingerprint(sample): outcome for sample, outcome in found}
        if self._path is not None and now != self._before:
            write_kept(self._path, {key: asdict(outcome) for key, outcome in now.items()})


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
    digest = hashlib.sha256()
    for path in sorted(
        path for path in Path(__file__).parent.rglob("*") if path.suffix in (".py", ".j2", ".css")
    ):
        digest.update(path.read_bytes())
    for library in ("great_expectations", "pandas"):
        digest.update(f"{library}=={version(library)}".encode())
    return digest.hexdigest()
