"""Rows of crosswalk/variables.csv from the matches, each with its reason in words."""

from __future__ import annotations

from collections.abc import Mapping

from kjpoll.common.label_text import NUMBER_ENDS, QUESTION_NUMBER
from kjpoll.common.properties import seed_properties

from .asked import Target
from .blocks import Block
from .codes import OPEN_CODE
from .known_labels import SAME_LABEL
from .match_evidence import Evidence, Fit
from .matching import Match, Weights
from .proposals import CodeMatch, Proposal
from .reading_doubts import is_other_reading, reading_certainty

VARIABLES = seed_properties()["variables"]
WORDS = {
    "label": "the label is that of the question",
    "words": "the answers' labels name its categories",
    "layout": "the column looks like those of earlier waves",
    "shares": "the answers are distributed as in the country's nearest waves",
    "shares_elsewhere": "the answers are distributed as in another country",
    "missing": "as many answers are missing as in the nearest wave",
    "name": "columns of this name held it before",
    "number": "another country's questionnaire has it under this number",
    "asked_before": "the country was asked it in a near wave",
    "context": "its neighbours stand beside it in other waves",
}
# The same of a column that answers no question.
WORDS_OF_NO_ANSWER = WORDS | {
    "label": "the label is that of such a column",
    "layout": "what stands in it is of the kind that such columns had",
    "name": "such columns had this name before",
    "asked_before": "the country's near waves had such a column",
}
# Of a label in other words, which is no more than like it.
LIKE_LABEL = "the label is about the same, in other words"
# A reason is given where its weighted evidence is so much; three of them are read, more are not.
CONVINCING, MOST_REASONS = 0.7, 3
# Fewer strange codes are slips of the keyboard.
NOTEWORTHY = 0.02
NAMED = "the samples seed names this column"


def proposals_of(
    matched: Match, codes: Mapping[str, CodeMatch], evidence: Evidence, weights: Weights, sample_id: str
) -> list[Proposal]:
    """One proposal per column of the block."""
    block, target, fit = matched.block, matched.target, matched.fit
    proposals = []
    for number, variable in enumerate(block.variables, start=1):
        row = dict.fromkeys(VARIABLES.columns, "") | {
            "sample_id": sample_id,
            "variable": variable.name,
            "review": "proposed",
        }
        score = matched.score
        why = NAMED if block.layout in ("id", "weight") else _why(matched, evidence, weights)
        if target is None or fit is None:
            row |= {
                "role": "answer",
                "layout": block.layout if block.layout in VARIABLES.allowed["layout"] else "",
            }
            row |= {"delimiter": block.delimiter, "question_number": _number(block, "")}
        elif target.role != "answer":
            row |= {"role": target.role, "note": target.note}
        else:
            row |= _answer(block, target, fit, evidence)
            if block.layout == "indicator":
                category, certainty = _option(matched, fit, number, evidence)
                row["category_id"] = category
                score *= certainty if category else OPEN_CODE
                why += (
                    f"; column {number} of {len(block.variables)} is {category}"
                    if category
                    else "; which option the column holds is open"
                )
            if variable.name in codes:
                row["code_list"] = codes[variable.name].code_list
                # Who accepts the row accepts what its codes mean.
                if codes[variable.name].score < score:
                    score = codes[variable.name].score
                    why += f"; {codes[variable.name].why}"
        proposals.append(
            Proposal(
                row,
                round(score, 4),
                why,
                _named(matched.alternative) if matched.alternative else None,
                round(matched.alternative_probability, 4),
                fit is None,
            )
        )
    return proposals


def _named(target: Target) -> str:
    return target.question_id or target.note


def _answer(block: Block, target: Target, fit: Fit, evidence: Evidence) -> dict[str, str]:
    last = evidence.series.last(evidence.history.targets[target])
    before = last.rows[0] if last and last.country == evidence.country else {}
    return {
        "role": "answer",
        "question_id": target.question_id,
        "layout": block.layout,
        "delimiter": block.delimiter,
        "question_number": _number(block, before.get("question_number", "")),
        "comparability": _comparability(block, target, fit, evidence),
        "referent": before.get("referent", ""),
        "universe": before.get("universe", ""),
    }


def _comparability(block: Block, target: Target, fit: Fit, evidence: Evidence) -> str:
    """As in the nearest asking with the same options; 'options' where no asking had them, 'wording' where its label is none that
    the question had."""
    asked = sorted(
        evidence.history.targets[target],
        key=lambda asking: (
            asking.country != evidence.country,
            abs(asking.wave - evidence.wave),
            asking.sample_id,
        ),
    )
    if not asked:
        return "identical"
    options = set(fit.schemes[0][0].meaning.values()) if fit.schemes else None
    same = [asking for asking in asked if options is None or set(asking.shares) == options]
    if not same or fit.schemes and fit.schemes[0][0].unmet - block.apart:
        return "options"
    if block.label and not evidence.is_named(block, target):
        return "wording"
    return same[0].rows[0]["comparability"]


def _number(block: Block, last: str) -> str:
    """The number of the question: from the label, from the name, else as in the country's nearest wave."""
    if number := QUESTION_NUMBER.match(block.first.label or block.first.name):
        return number.group().strip().rstrip(NUMBER_ENDS).strip()
    if block.number and len(block.number[0]) <= 2:
        return f"{block.number[0].upper()}{block.number[1]}"
    return last


def _option(matched: Match, fit: Fit, number: int, evidence: Evidence) -> tuple[str, float]:
    """The category of an indicator column, and the share of the schemes that say so."""
    if not matched.scheme:
        return "", 1.0
    category = matched.scheme.meaning.get(str(number), "")
    agree = all(scheme.meaning.get(str(number)) == category for scheme, _ in fit.schemes)
    if agree and not is_other_reading(matched, evidence):
        return category, 1.0
    return category, reading_certainty(matched, evidence)


def _why(matched: Match, evidence: Evidence, weights: Weights) -> str:
    """The strongest evidence first; of an open column what keeps the best target from being proposed."""
    fit = matched.fit
    if fit is None:
        named, likeness = evidence.words.nearest(matched.block.label)
        if named and likeness >= SAME_LABEL:
            return f"the label is that of {_named(named)}, and the column does not look like it: see what it holds"
        if matched.alternative is None:
            return "nothing known looks like this column"
        chance = f"{_named(matched.alternative)} ({matched.alternative_probability:.0%})"
        return f"no known question fits well enough; the nearest is {chance}"
    words = WORDS if matched.target and matched.target.role == "answer" else WORDS_OF_NO_ANSWER
    if not matched.is_named:
        words = words | {"label": LIKE_LABEL}
    strength = {kind: weights.kinds[kind] * value for kind, value in fit.kinds.items() if kind in WORDS}
    strength["context"] = weights.kinds["context"] * matched.context
    strongest = sorted(strength, key=lambda kind: -strength[kind])[:MOST_REASONS]
    reasons = [words[kind] for kind in strongest if strength[kind] > CONVINCING]
    reasons += [f"but {doubt}" for doubt in matched.doubts]
    text = "; ".join(reasons) or "nothing speaks for another question, little for this one"
    if (strange := -fit.kinds.get("unknown", 0.0)) > NOTEWORTHY:
        text += f"; but {strange:.0%} of the codes are in none of its lists"
    return text
