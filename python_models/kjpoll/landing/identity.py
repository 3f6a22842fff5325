"""Whether a file is that of its sample, or of another wave or country."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kjpoll.landing.guard import GuardedReader
from kjpoll.landing.landing_sample import Sample, fact_text
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.reading import read

# A file belongs to another sample if that one explains this share of the columns, and leaves a
# quarter of what its own sample leaves. The most alike questionnaires share three quarters.
FITS = 0.8
BETTER = 4.0
FIX = "Put the file of {} in its place, or correct file in the samples seed"

# The variables of each sample by the crosswalk; empty for a sample that it does not describe yet.
Crosswalk = Mapping[str, Collection[str]]


def fit(names: Iterable[str], expected: Collection[str]) -> float:
    """The share of the columns that a file and a crosswalk have in common, 0 to 1."""
    present, wanted = set(names), set(expected)
    return len(present & wanted) / len(present | wanted) if present or wanted else 0.0


def column_names(path: Path, sample: Sample, reader: GuardedReader) -> list[str]:
    """The names of the columns, read as `sample` says; none where that cannot be done."""
    try:
        if sample.format == "csv":
            return [variable.name for variable in read(path, sample).variables]
        # A fault of the label sheet does not hide whose columns they are.
        return reader.names(path, replace(sample, label_sheet=None))
    except (ReadProblem, OSError):
        return []


def other_sample(
    path: Path,
    sample: Sample,
    names: Collection[str],
    samples: Iterable[Sample],
    crosswalk: Crosswalk,
    reader: GuardedReader,
) -> ReadProblem | None:
    """wrong_sample, if the columns are those of another sample. `names`: as read for `sample`."""
    own_fit = fit(names, crosswalk.get(sample.sample_id, ()))
    if not crosswalk.get(sample.sample_id) or own_fit >= FITS:
        return None
    fits = {
        candidate.sample_id: fit(
            column_names(path, candidate, reader), crosswalk.get(candidate.sample_id, ())
        )
        for candidate in samples
        if candidate.sample_id != sample.sample_id and candidate.format == sample.format
    }
    best = max(fits, key=lambda sample_id: fits[sample_id], default=None)
    if best is None or fits[best] < FITS or (1 - fits[best]) * BETTER > 1 - own_fit:
        return None
    return ReadProblem(
        "wrong_sample",
        f"the columns are those of {best}: the crosswalk of {best} explains {fits[best]:.0%} of "
        f"them, that of {sample.sample_id} {own_fit:.0%}",
        FIX.format(sample.sample_id),
    )


def contradicted_facts(sample: Sample, stated: Mapping[str, Any]) -> list[ReadProblem]:
    """sidecar_mismatch, if the samples seed says anything else of the sample than the sidecar of its file."""
    differing = {
        name: (fact_text(stated[name]), fact)
        for name, fact in sample.facts.items()
        if stated.get(name) is not None and fact_text(stated[name]) != fact
    }
    if not differing:
        return []
    facts = "; ".join(f"{name} is {said} there and {fact} here" for name, (said, fact) in differing.items())
    return [
        ReadProblem(
            "sidecar_mismatch",
            f"its sidecar and its row of the samples seed contradict each other: {facts}",
            f"Correct the row of {sample.sample_id}; or, where the row is right, the sidecar",
        )
    ]


def same_file(sample: Sample, twin: str) -> ReadProblem:
    """wrong_sample for a file whose bytes are those of the file of the sample `twin`."""
    return ReadProblem(
        "wrong_sample", f"the file is, byte for byte, that of {twin}", FIX.format(sample.sample_id)
    )
