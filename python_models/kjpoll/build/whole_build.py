"""Which run of dbt may release: a whole `dbt build`, in which every seed, model and data test passed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .build_error import BuildError

# Unit tests are about models on made rows: a build may leave them out.
COUNTED = {"seed", "snapshot", "model", "test"}
PASSED = {"success", "pass", "warn"}
SHOWN = 3
# With it a model reads no rows of its parents, which the fingerprints of samples do not know.
REFUSED = {"EMPTY": "--empty"}
REMEDY = "run `dbt build` without a selection to release"


def why_not_released(
    command: str, nodes: Collection[str], statuses: Mapping[str, str], variables: Collection[str]
) -> str | None:
    """What keeps a run from being a whole build, in one line; None where it is one.

    nodes: the unique ids of all that the project has. statuses: how each node that ran has ended. variables: those that the
    command line sets.
    """
    if command != "build":
        return f"nothing was released: `dbt {command}` is no whole build; {REMEDY}"
    if variables:
        return (
            f"nothing was released: --vars sets {', '.join(sorted(variables))} for this build alone; "
            "set it in dbt_project.yml, or build without --vars to release"
        )
    if failed := did_not_pass(statuses):
        return f"nothing was released: {_named(failed)} did not pass"
    left_out = sorted({node for node in nodes if _is_counted(node)} - statuses.keys())
    if left_out:
        return f"nothing was released: this build left out {_named(left_out)}; {REMEDY}"
    return None


def did_not_pass(statuses: Mapping[str, str]) -> list[str]:
    """The seeds, models and data tests that ran, or were skipped, and did not pass."""
    return sorted(node for node, status in statuses.items() if _is_counted(node) and status not in PASSED)


def inputs_are_digested(statuses: Mapping[str, str]) -> bool:
    """Whether intermediate.int_input_digest is of this run. Where its parents failed it is of an earlier one."""
    return statuses.get("model.kjpoll.int_input_digest") in PASSED


def _is_counted(node: str) -> bool:
    return node.partition(".")[0] in COUNTED


def refuse_flags(flags: Any) -> None:
    """Raise BuildError for an option of dbt under which a build would not be what it says."""
    for flag, option in REFUSED.items():
        if getattr(flags, flag, False):
            raise BuildError(
                f"nothing was done: {option} (or DBT_{flag}) leaves stale rows in the tables that are incremental by "
                "sample_id, so run dbt without it"
            )


def _named(nodes: list[str]) -> str:
    """How many, and the first of them: 'test not_null_x, model y and 5 more'."""
    names = [f"{node.split('.')[0]} {node.split('.')[2]}" for node in nodes[:SHOWN]]
    rest = len(nodes) - SHOWN
    return ", ".join(names) + (f" and {rest} more" if rest > 0 else "")
