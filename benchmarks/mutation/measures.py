"""What a rehearsed project says: findings, public facts, answers, and signed values that it would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
from kjpoll.common.properties import table_properties
from kjpoll.release.signed import unsigned_changes

from tests.support.rehearsal import FACTS, Outcome

FINDING = list(table_properties()["violation"].key)
# Where a value comes from, and what differs where a file was only saved again.
PROVENANCE = ("raw_variable", "raw_code", "sha256", "bytes")
# What readers get besides: what is the same in all of these is the same to them.
PUBLIC = (
    *FACTS,
    "dim_sample",
    "dim_question",
    "dim_universe",
    "dim_category",
    "availability",
    "topline",
    "topline_net",
    "trend",
    "cohort_topline",
    "figure_point",
    "events",
    "regression_model",
    "regression_term",
    "regression_effect",
    "regression_assumption",
    "regression_sensitivity",
    "regression_comparison",
    "regression_hypothesis",
    "regression_decomposition",
    "reconciliation_topline",
    "reconciliation_subgroup",
    "reconciliation_claim",
    "reconciliation_regression",
)
# The hash of a file, which differs where it was only saved again.
FILE = "file"


def findings(outcome: Outcome) -> set[tuple]:
    """The findings that no waiver lets pass, without their counts."""
    rows = outcome.violations
    return set(
        rows.loc[~rows["is_waived"].astype(bool), FINDING]
        .astype("string")
        .fillna("")
        .itertuples(index=False, name=None)
    )


def errors(outcome: Outcome) -> list[str]:
    """The findings that close the gate, a line each."""
    rows = outcome.violations
    rows = rows[(rows["severity"] == "error") & ~rows["is_waived"].astype(bool)].astype("string").fillna("-")
    return [
        f"{row.rule} {row.sample_id} {row.question_id} {row.variable} {row.code} n {row.n}: {row.finding}"
        for row in rows.itertuples()
    ]


def facts(outcome: Outcome, schemas: Mapping[str, str], tables: Iterable[str]) -> dict[str, tuple]:
    """Of each table the number of rows and a digest of their content, but for where it comes from."""
    digests = {}
    for name in tables:
        schema = schemas[name]
        columns = [c for c in outcome.con.table(f"{schema}.{name}").columns if c not in PROVENANCE]
        listed = ", ".join(columns)
        digest = f"cast(bit_xor(hash({listed})) as varchar), cast(sum(hash({listed})) as varchar)"
        digests[name] = outcome.con.execute(f"select count(*), {digest} from {schema}.{name}").fetchall()
    return digests


def answers(outcome: Outcome) -> pd.Series:
    """Substantive answers of each sample and question: single answers, and choices of several."""
    frame = outcome.query("""
        select sample_id || ' ' || question_id as place, count(*) as n
        from marts.fct_response where answer_status = 'answered' group by place
        union all
        select sample_id || ' ' || question_id, count(*)
        from marts.fct_multiple_response where chosen group by all""")
    return frame.set_index("place")["n"]


def unsigned(outcome: Outcome, folder: Path) -> list[str]:
    """The signed values that the outcome would change, a line each; those of a file's hash come last."""
    changes = unsigned_changes(outcome.con, folder)
    changes.sort(key=lambda change: change.key.aspect == FILE)
    return [" ".join(text for text in change.key if text) for change in changes]
