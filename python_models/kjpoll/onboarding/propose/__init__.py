"""Propose what the columns and codes of a new sample mean, from the samples that were read before.

`propose` works in four steps: columns are grouped into blocks (blocks), each block is held against everything
that was asked before (evidence), all blocks are decided together (matching), and the codes are read (codes,
missing). Nothing is accepted here: every row is proposed for a person to review.
"""

from __future__ import annotations

from collections.abc import Mapping

from kjpoll.onboarding.profile import FileProfile

from .blocks import blocks_of
from .codes import Coded, code_lists
from .match_evidence import Evidence
from .matching import Weights, match, shipped_weights
from .proposals import CodeListDraft, CodeMatch, Proposal, Proposals
from .survey_history import History
from .variable_rows import proposals_of

__all__ = ["CodeListDraft", "CodeMatch", "History", "Proposal", "Proposals", "propose"]

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
    matches = match(fits, evidence, weights, PLAUSIBLE)
    kept = [of_block[one.target] if one.target else None for of_block, one in zip(fits, matches, strict=True)]
    coded = [
        Coded(block, one.target, fit, weights.score(one.probability))
        for block, one, fit in zip(blocks, matches, kept, strict=True)
        if fit is not None and one.target is not None and one.target.role == "answer"
    ]
    codes, drafts = code_lists(coded, evidence, sample_row["sample_id"])
    found: list[Proposal] = []
    for i, (block, one, fit) in enumerate(zip(blocks, matches, kept, strict=True)):
        before = matches[i - 1].target if i else None
        after = matches[i + 1].target if i + 1 < len(matches) else None
        context = evidence.beside(before, one.target) + evidence.beside(one.target, after)
        found += proposals_of(block, one, fit, codes, evidence, weights, sample_row, context)
    ordered = tuple(codes[one.row["variable"]] for one in found if one.row["variable"] in codes)
    return Proposals(sample_row["sample_id"], tuple(found), ordered, tuple(drafts))
