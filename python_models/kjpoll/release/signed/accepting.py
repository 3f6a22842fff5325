"""Write down what is signed: what a person has accepted, and what a release has of new things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from .built_values import BuiltValues
from .changed_values import CAUSES, ChangedValue, compared, new_keys
from .signed_files import missing_files, read_signed, write_signed


@dataclass(frozen=True)
class Acceptance:
    """Who accepts changes, why, and of which causes (of CAUSES)."""

    accepted_by: str
    reason: str
    causes: Collection[str] = CAUSES


def accept(
    con: duckdb.DuckDBPyConnection, folder: Path, acceptance: Acceptance
) -> tuple[list[ChangedValue], list[ChangedValue]]:
    """Sign the changes of which every cause is accepted, in `folder`; returns them, and those that are left.

    `con` has the build open. Files that are missing are begun where all causes are accepted. Raises ReleaseError and
    OSError; what is signed is then as it was.
    """
    begun = missing_files(folder)
    signed = read_signed(folder, begin=set(acceptance.causes) == set(CAUSES))
    built = BuiltValues.of(con)
    changes = compared(signed, built)
    accepted = [change for change in changes if set(change.causes) <= set(acceptance.causes)]
    left = [change for change in changes if change not in accepted]
    for change in accepted:
        if change.built is None:
            del signed[change.key]
        else:
            signed[change.key] = change.built
    if not left:
        # While a change is left they tell why it is one.
        unreleased = new_keys(signed, built.values)
        signed = {key: cells for key, cells in signed.items() if key.aspect not in built.inputs} | {
            key: cells
            for key, cells in built.values.items()
            if key.aspect in built.inputs and key not in unreleased
        }
    counts = Counter("; ".join(change.causes) for change in accepted)
    if begun:
        counts[f"{', '.join(begun)} begun"] = 0
    write_signed(
        folder,
        signed,
        [
            (date.today().isoformat(), acceptance.accepted_by, cause, acceptance.reason, str(n))
            for cause, n in sorted(counts.items())
        ],
    )
    return accepted, left


def sign_new_values(con: duckdb.DuckDBPyConnection, folder: Path) -> list[str]:
    """Sign what a release has of new things, and the lines of seeds that its values are read by; returns the new samples.

    `con` has the released build open, which changes no signed value. Raises OSError.
    """
    signed, built = read_signed(folder), BuiltValues.of(con)
    write_signed(folder, built.values)
    before = {key.sample_id for key in signed} | {""}
    return sorted({key.sample_id for key in built.values} - before)
