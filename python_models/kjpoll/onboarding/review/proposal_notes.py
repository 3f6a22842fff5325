"""What the proposals were based on, cached beside the build so that a person sees it at the review.

The seeds hold what was decided, and no scores. The notes may be lost: a review then shows no scores.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kjpoll.common.json_cache import read_cache
from kjpoll.onboarding.propose import Proposals
from kjpoll.onboarding.review.transaction import FileChange


@dataclass(frozen=True)
class Rationale:
    """Why a column was proposed as it was. `question_id`: as proposed, '' where it was left open."""

    question_id: str
    score: float
    why: str
    alternative: str | None
    alternative_score: float


def rationales(proposals: Proposals) -> dict[str, Rationale]:
    """variable -> rationale, with the reason for the code list where there is one."""
    code_reasons = {match.variable: match.why for match in proposals.code_matches}
    return {
        proposal.row["variable"]: Rationale(
            proposal.row["question_id"],
            proposal.score,
            _with(proposal.why, code_reasons.get(proposal.row["variable"], "")),
            proposal.alternative,
            proposal.alternative_score,
        )
        for proposal in proposals.proposals
    }


def _with(why: str, of_codes: str) -> str:
    """A proposal that is no surer than its code list says the reason of that already."""
    return why if of_codes in why else f"{why}; {of_codes}"


def content(rationales_of: Mapping[str, Rationale]) -> bytes:
    """The file's bytes."""
    cached = {variable: asdict(rationale) for variable, rationale in rationales_of.items()}
    return json.dumps(cached, ensure_ascii=False, indent=1).encode("utf-8")


def load(folder: Path, sample_id: str) -> dict[str, Rationale]:
    """What `content` cached of a sample, empty where nothing usable is cached."""
    cached = read_cache(notes_path(folder, sample_id))
    try:
        return {variable: Rationale(**rationale) for variable, rationale in cached.items()}
    except TypeError:
        return {}


def change(folder: Path, sample_id: str, newer: Mapping[str, Rationale]) -> FileChange:
    """The notes of a sample with some columns' rationales in the place of the older ones."""
    path = notes_path(folder, sample_id)
    before = path.read_bytes() if path.exists() else None
    return FileChange(path, content({**load(folder, sample_id), **newer}), before)


def notes_path(folder: Path, sample_id: str) -> Path:
    """Where the notes of a sample are cached; `folder` is that of the review."""
    return folder / f"{sample_id}.json"
