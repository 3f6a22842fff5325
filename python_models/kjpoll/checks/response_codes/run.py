"""Audits every sample, and puts what was found into rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from kjpoll.common.file_hash import Engine
from kjpoll.common.json_cache import read_cache, write_cache

from .sample import CheckedSample, SampleAudit, checked_samples
from .tables import AuditTables

FILE = "samples.json"
# What decides an audit but its input.
ENGINE = Engine(("kjpoll.checks.response_codes", "kjpoll.common"), ("great_expectations", "pandas"))
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
    keys = {sample.sample_id: audit_key(sample) for sample in checked}
    cache_file = None if cache_dir is None else cache_dir / FILE
    cached = read_cache(cache_file)
    audits = {sample_id: SampleAudit(**cached[key]) for sample_id, key in keys.items() if key in cached}
    new = [sample for sample in checked if sample.sample_id not in audits]
    if new:
        # It takes seconds to import, which a build with nothing new need not wait for.
        from .evaluation import evaluate

        audits |= {audit.sample_id: audit for audit in evaluate(new)}
    write_cache(cache_file, {key: asdict(audits[sample_id]) for sample_id, key in keys.items()})
    outcomes = [audits[sample.sample_id] for sample in checked]
    rows = pd.DataFrame([row for outcome in outcomes for row in outcome.rows], columns=list(ROWS)).astype(
        ROWS
    )
    return Audit(rows, outcomes)


def audit_key(sample: CheckedSample) -> str:
    """SHA-256 of all that decides the audit of a sample."""
    return ENGINE.key(
        sample.sample_id,
        sample.n_expected,
        sample.is_eligible,
        sample.cut_sets,
        sample.ranges,
        list(sample.frame),
        sample.frame.to_csv(index=False, na_rep=chr(0)),
    )
