"""Propose what the columns and codes of a new sample mean, from the samples that were read before.

`propose` works in five steps: columns are grouped into blocks (blocks), each block is compared with everything
that was asked before (match_evidence), all blocks are decided together (matching), the codes are read (codes,
missing), and rows are made (variable_rows). Nothing is accepted here: a person reviews every row.
"""

from __future__ import annotations

from collections.abc import Mapping

from kjpoll.onboarding.profile import FileProfile

from .blocks import blocks_of
from .codes import code_lists
from .match_evidence import Evidence
from .matching import Weights, match, shipped_weights
from .proposals import CodeMatch, Proposal, Proposals
from .survey_history import History
from .variable_rows import proposals_of

__all__ = ["CodeMatch", "History", "Proposal", "Proposals", "propose"]

# Below this probability a match is left open rather than proposed.
PLAUSIBLE = 0.35


def propose(
    sample_row: Mapping[str, str], profile: FileProfile, history: History, weights: Weights | None = None
) -> Proposals:
    """What the columns of `profile` are likely to be.

    `sample_row`: the row of the samples seed; sample_id, wave, country, id_variable and weight_variable are
    read. `weights`: those of the evidence, the shipped ones unless given.
    """
    weights = weights or shipped_weights()
    evidence = Evidence(history, int(sample_row["wave"]), sample_row["country"])
    blocks = blocks_of(profile, sample_row["id_variable"], sample_row.get("weight_variable", ""))
    fits = [evidence.fits(block) for block in blocks]
    matches = match(blocks, fits, evidence, weights, PLAUSIBLE)
    sample_id = sample_row["sample_id"]
    codes, drafts = code_lists(matches, evidence, sample_id)
    proposals = tuple(
        proposal
        for matched in matches
        for proposal in proposals_of(matched, codes, evidence, weights, sample_id)
    )
    return Proposals(sample_id, proposals, tuple(codes.values()), drafts)
