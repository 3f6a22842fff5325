"""How sure it is what the codes of a matched block stand for, and what makes it doubtful."""

from __future__ import annotations

import math

from .folded_text import code_key
from .known_labels import SAME_ANSWER
from .match_evidence import Evidence
from .matching import Match
from .share_fit import RARE

# Log likelihood by which a scheme has to fit better than its reverse (20 to 1, what UNSAID claims), and how sure it is at most
# otherwise.
UNDECIDED, EVEN = 3.0, 0.75


def reading_certainty(matched: Match, evidence: Evidence) -> float:
    """The share of the best scheme among all that read the codes in the file in different ways; of a reading that nothing says,
    and that is another than the last one, EVEN at most."""
    if not matched.fit or not matched.fit.schemes:
        return 1.0
    keys = set(map(code_key, matched.block.codes))
    if matched.block.layout == "indicator":
        keys = set(map(str, range(1, len(matched.block.variables) + 1)))
    best = matched.fit.schemes[0][1]
    weights: dict[tuple, float] = {}
    for scheme, log_odds in matched.fit.schemes:
        reading = tuple(sorted((key, category) for key, category in scheme.meaning.items() if key in keys))
        weights[reading] = max(weights.get(reading, 0.0), math.exp(min(log_odds - best, 0.0)))
    certainty = 1 / sum(weights.values())
    doubts = (
        fits_in_reverse(matched),
        labels_doubt(matched),
        is_other_reading(matched, evidence),
        bool(given_by_nobody(matched, evidence)),
    )
    return min(certainty, EVEN) if any(doubts) else certainty


def labels_doubt(matched: Match) -> bool:
    """Whether the file says what its codes mean in words that are not those of the categories."""
    scheme, block = matched.scheme, matched.block
    if not scheme or block.layout == "indicator":
        return False
    if scheme.relation == "label":
        return scheme.likeness < SAME_ANSWER
    return any(scheme.meaning.get(code_key(code)) for code in block.code_labels)


def is_other_reading(matched: Match, evidence: Evidence) -> bool:
    """Of codes, or of the places of options: whether no label says what the codes mean, and they would not mean what they did when the question was last asked."""
    scheme, target = matched.scheme, matched.target
    if not scheme or not target or scheme.relation == "label":
        return False
    last = evidence.series.last(evidence.history.targets[target])
    # The columns of options are numbered, too, but are no codes.
    is_other_kind = last is None or bool(last.options) != (matched.block.layout == "indicator")
    if matched.block.layout == "indicator" and is_other_kind:
        return False
    return last is None or is_other_kind or evidence.schemes.meaning_of(last) != scheme.meaning


def given_by_nobody(matched: Match, evidence: Evidence) -> list[str]:
    """Categories that no label names and nobody gave, but more than a few did when the question was last asked: a scale that
    lacks a point is not coded as the whole one."""
    scheme, target = matched.scheme, matched.target
    if not scheme or not target or scheme.relation == "label" or matched.block.is_multiple:
        return []
    last = evidence.series.last(evidence.history.targets[target])
    given = {scheme.meaning.get(code_key(code)) for code in matched.block.codes}
    return [
        category
        for category in scheme.meaning.values()
        if category not in given and last and last.shares.get(category, 0.0) > RARE
    ]


def fits_in_reverse(matched: Match) -> bool:
    """Whether the answers leave the direction open: the reverse fits them nearly as well."""
    best = matched.scheme
    if not matched.fit or not best or best.relation == "label" or matched.block.layout == "indicator":
        return False
    turned = dict(zip(best.meaning, reversed(list(best.meaning.values())), strict=True))
    fit_odds = matched.fit.schemes[0][1] + best.cost
    return len(turned) > 1 and any(
        scheme.meaning == turned and fit_odds - (log_odds + scheme.cost) < UNDECIDED
        for scheme, log_odds in matched.fit.schemes[1:]
    )
