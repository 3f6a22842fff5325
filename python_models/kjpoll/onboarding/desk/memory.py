"""What the proposals were based on, kept beside the build so that a person sees it at the review.

The seeds hold what was decided, and no scores. The memory may be lost: a review then shows no scores.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kjpoll.common.json_cache import read_cache
from kjpoll.onboarding.propose import Proposals


@dataclass(frozen=True)
class Ground:
    """Why a column was proposed as it was. `question_id`: as proposed, '' where it was left open."""

    question_id: str
    score: float
    why: str
    alternative: str | None
    alternative_score: float
    relation: str
    code_list_why: str


def grounds(proposals: Proposals) -> dict[str, Ground]:
    """variable -> ground."""
    matches = {match.variable: match for match in proposals.code_matches}
    found = {}
    for proposal in proposals.proposals:
        match = matches.get(proposal.row["variable"])
        found[proposal.row["variable"]] = Ground(
            proposal.row["question_id"],
            proposal.score,
            proposal.why,
            proposal.alternative,
            proposal.alternative_score,
            match.relation if match else "",
            match.why if match else "",
        )
    return found


def content(grounds_of: Mapping[str, Ground]) -> bytes:
    """The file's bytes."""
    cached = {variable: asdict(ground) for variable, ground in grounds_of.items()}
    return json.dumps(cached, ensure_ascii=False, indent=1).encode("utf-8")


def recall(folder: Path, sample_id: str) -> dict[str, Ground]:
    """What `content` cached of a sample, empty where nothing usable is cached."""
    cached = read_cache(memory_path(folder, sample_id))
    try:
        return {variable: Ground(**ground) for variable, ground in cached.items()}
    except TypeError:
        return {}


def memory_path(folder: Path, sample_id: str) -> Path:
    """Where the memory of a sample is kept; `folder` is the desk's."""
    return folder / f"{sample_id}.json"
