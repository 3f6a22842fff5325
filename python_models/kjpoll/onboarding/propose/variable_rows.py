"""Rows of crosswalk/variables.csv from the matches, each with its reason in words."""

from __future__ import annotations

from collections.abc import Mapping

from .asked import Target
from .blocks import Block
from .codes import Coded
from .folded_text import QUESTION_NUMBER
from .match_evidence import Evidence, Fit
from .matching import Match, Weights
from .proposals import CodeMatch, Proposal

COLUMNS = (
    "sample_id",
    "variable",
    "role",
    "question_id",
    "layout",
    "category_id",
    "code_list",
    "delimiter",
    "question_number",
    "comparability",
    "about",
    "review",
    "note",
)
WORDS = {
    "label": "the label is that of the question",
    "words": "the answers' labels name its categories",
    "layout": "the column looks like those of earlier waves",
    "shares": "the answers are distributed as in the country's nearest waves",
    "shares_elsewhere": "the answers are distributed as in the other country",
    "missing": "as many answers are missing as in the nearest wave",
    "name": "columns of this name held it before",
    "number": "the other country's questionnaire has it under this number",
    "asked_before": "the country was asked it in a near wave",
    "context": "its neighbours stand beside it in other waves",
}
NAMED = "the samples seed names this column"


def proposals_of(
    block: Block,
    match: Match,
    fit: Fit | None,
    codes: Mapping[str, CodeMatch],
    evidence: Evidence,
    weights: Weights,
    sample_row: Mapping[str, str],
    context: float,
) -> list[Proposal]:
    """One proposal per column of the block. `fit`: None where the block is left open."""
    score = weights.score(match.probability)
    found = []
    for place, variable in enumerate(block.variables):
        row = dict.fromkeys(COLUMNS, "") | {
            "sample_id": sample_row["sample_id"],
            "variable": variable.name,
            "review": "proposed",
        }
        is_named = block.layout in ("id", "weight")
        own, why = score, NAMED if is_named else _why(match, fit, weights, context)
        if match.target is None or fit is None:
            row |= {"role": "answer", "layout": block.layout if _is_layout(block) else ""}
            row |= {"delimiter": block.delimiter, "question_number": _number(block, None)}
        elif match.target.role != "answer":
            row |= {"role": match.target.role, "note": match.target.note}
        else:
            row |= _answer(block, match.target, fit, evidence)
            if block.layout == "indicator":
                category, certainty = _option(block, match.target, fit, place)
                row["category_id"] = category
                own *= certainty
                why += (
                    f"; column {place + 1} of {len(block.variables)} is {category}"
                    if category
                    else ("; which option the column holds is open")
                )
            if variable.name in codes:
                row["code_list"] = codes[variable.name].code_list
        alternative = match.other.question_id or match.other.note if match.other else None
        found.append(
            Proposal(row, round(own, 4), why, alternative, round(match.other_probability, 4), fit is None)
        )
    return found


def _is_layout(block: Block) -> bool:
    return block.layout in ("single", "indicator", "ranked", "delimited", "number", "birth_year")


def _answer(block: Block, target: Target, fit: Fit, evidence: Evidence) -> dict[str, str]:
    before, is_own = _before(target, evidence)
    return {
        "role": "answer",
        "question_id": target.question_id,
        "layout": block.layout,
        "delimiter": block.delimiter,
        "question_number": _number(block, before if is_own else None),
        "comparability": _comparability(target, fit, evidence),
        "about": before.get("about", "") if is_own else "",
    }


def _before(target: Target, evidence: Evidence) -> tuple[Mapping[str, str], bool]:
    """The row of the nearest asking, and whether it is of the same country."""
    asked = evidence.history.targets[target]
    near = evidence.series.nearest(asked, here=True) or evidence.series.nearest(asked, here=False)
    return (near[0][0].rows[0], near[0][0].country == evidence.country) if near else ({}, False)


def _comparability(target: Target, fit: Fit, evidence: Evidence) -> str:
    """As in the nearest asking with the same options; 'options' where no asking had them."""
    asked = sorted(
        evidence.history.targets[target],
        key=lambda one: (one.country != evidence.country, abs(one.wave - evidence.wave), one.sample_id),
    )
    if not asked:
        return "identical"
    if not fit.schemes:
        return asked[0].rows[0]["comparability"]
    options = set(fit.schemes[0][0].meaning.values())
    same = [one for one in asked if set(one.shares) == options]
    return same[0].rows[0]["comparability"] if same else "options"


def _number(block: Block, before: Mapping[str, str] | None) -> str:
    """The number of the question: from the label, from the name, else as in the country's nearest wave."""
    label = block.first.label or ""
    if found := QUESTION_NUMBER.match(label):
        return found.group().strip().rstrip(".):：．").strip()
    if block.number and len(block.number[0]) <= 2:
        return f"{block.number[0].upper()}{block.number[1]}"
    return before["question_number"] if before else ""


def _option(block: Block, target: Target, fit: Fit, place: int) -> tuple[str, float]:
    """The category of an indicator column, and the share of the schemes that say so."""
    if not fit.schemes:
        return "", 1.0
    key = str(place + 1)
    category = fit.schemes[0][0].meaning.get(key, "")
    certainty = Coded(block, target, fit, 1.0).certainty
    agree = all(scheme.meaning.get(key) == category for scheme, _ in fit.schemes)
    return category, 1.0 if agree else certainty


def _why(match: Match, fit: Fit | None, weights: Weights, context: float) -> str:
    """The strongest evidence first; of an open column what keeps the best target from being proposed."""
    if fit is None:
        if match.other is None:
            return "nothing known looks like this column"
        name = match.other.question_id or match.other.note
        return f"no known question fits well enough; the nearest is {name} ({match.other_probability:.0%})"
    strength = {kind: weights.kinds[kind] * value for kind, value in fit.kinds.items() if kind in WORDS}
    strength["context"] = weights.kinds["context"] * context
    reasons = [
        WORDS[kind] for kind in sorted(strength, key=lambda kind: -strength[kind]) if strength[kind] > 0.7
    ][:3]
    text = "; ".join(reasons) or "nothing speaks for another question, little for this one"
    if fit.kinds.get("unknown", 0.0) < -0.02:
        text += f"; but {-fit.kinds['unknown']:.0%} of the codes are in none of its lists"
    return text
