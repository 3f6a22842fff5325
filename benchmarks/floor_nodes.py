"""Which nodes of the dbt project lead from the landed files to the two facts, found in the manifest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FACTS = ("fct_response", "fct_multiple_response")


@dataclass(frozen=True)
class Nodes:
    """Names: the models between the landed files and those that were asked for, these too; and with all that they read."""

    measured: list[str]
    needed: list[str]


def nodes_of(manifest: Path, wanted: Sequence[str] = FACTS) -> Nodes:
    """What some models are made of. Checks are left out, and what only they read: no value comes out of them.

    Raises LookupError where the manifest lacks one of the models.
    """
    content = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    nodes = {
        key: node
        for key, node in content.items()
        if node["resource_type"] in ("model", "seed") and _folder(node) != "checks"
    }
    found = [key for key, node in nodes.items() if node["name"] in wanted]
    if len(found) != len(wanted):
        raise LookupError(f"{manifest}: not all of these are models: {', '.join(wanted)}")
    needed: set[str] = set()
    waiting = found
    while waiting:
        key = waiting.pop()
        if key not in needed:
            needed.add(key)
            waiting += [parent for parent in nodes[key]["depends_on"].get("nodes", []) if parent in nodes]
    raw = {key for key in needed if _folder(nodes[key]) == "raw"}
    measured = {key for key in needed - raw if _reads(key, raw, nodes)}
    return Nodes(_names(measured, nodes), _names(needed, nodes))


def _folder(node: dict) -> str:
    """The folder of models in which a node stands, as in docs/architecture.md."""
    return Path(node["path"]).parts[0]


def _reads(key: str, raw: set[str], nodes: dict[str, dict]) -> bool:
    parents = [parent for parent in nodes[key]["depends_on"].get("nodes", []) if parent in nodes]
    return any(parent in raw or _reads(parent, raw, nodes) for parent in parents)


def _names(keys: set[str], nodes: dict[str, dict]) -> list[str]:
    return sorted(nodes[key]["name"] for key in keys)
