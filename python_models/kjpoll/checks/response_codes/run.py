"""Audits every sample, and puts what was found into rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .audit_cache import AuditCache
from .sample import SampleAudit, checked_samples
from .tables import AuditTables

ROWS = {
    "sample_id": "string",
    "expectation": "string",
    "rule": "string",
    "audited_column": "string",
    "success": "bool",
    "n_elements": "int64",
    "n_unexpected": "int64",
    "unexpected": "string",
}


@dataclass(frozen=True)
class Audit:
    """`rows`: one per sample and expectation, in order; `samples`: the same by sample, with their pages."""

    rows: pd.DataFrame
    samples: list[SampleAudit]


def audit(tables: AuditTables, cache_dir: Path | None = None) -> Audit:
    """Run the suite of every sample. cache_dir: where the outcome is cached from one build to the next; a sample is
    audited again only if something that is checked of it changed, or the code did.

    Raises RuntimeError where an expectation could not be evaluated.
    """
    checked = checked_samples(tables)
    cache = AuditCache(cache_dir)
    found = {sample.sample_id: outcome for sample in checked if (outcome := cache.get(sample))}
    new = [sample for sample in checked if sample.sample_id not in found]
    if new:
        # It takes seconds to import, which a build with nothing new need not wait for.
        from .evaluation import evaluate

        found |= {outcome.sample_id: outcome for outcome in evaluate(new)}
    cache.save((sample, found[sample.sample_id]) for sample in checked)
    outcomes = [found[sample.sample_id] for sample in checked]
    rows = pd.DataFrame([row for outcome in outcomes for row in outcome.rows], columns=list(ROWS)).astype(
        ROWS
    )
    return Audit(rows, outcomes)
