"""The code list of each matched block: a known one, or the draft of a new one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from kjpoll.common.code_text import PLAIN_NUMBER
from kjpoll.onboarding.profile import BLANK

from .asked import Target
from .blocks import NUMBER, Block
from .folded_text import WHOLE_NUMBER, code_key
from .match_evidence import Evidence
from .matching import UNNAMED, Match
from .missing import FURTHER, MissingCodes, Reading
from .proposals import CodeMatch
from .reading_doubts import (
    fits_in_reverse,
    given_by_nobody,
    is_other_reading,
    labels_doubt,
    reading_certainty,
)

# A draft is never as sure as a list that was used, and one with an open code not at all.
DRAFT, OPEN_CODE = 0.9, 0.5
# A reading that no label says is never surer than that of a question that none names.
UNSAID = UNNAMED
BOUNDS = (("value_min", "-inf"), ("value_max", "inf"))
# So many codes are written out.
MOST_SHOWN = 5
# A reading that is less certain is pointed out.
CERTAIN = 0.8


def code_lists(
    matches: Sequence[Match], evidence: Evidence, sample_id: str
) -> tuple[dict[str, CodeMatch], dict[str, dict[str, str]]]:
    """Code lists by variable name, and the drafts of the lists that the seeds do not have."""
    missing = MissingCodes(evidence)
    answers = [
        (matched, matched.target) for matched in matches if matched.target and matched.target.role == "answer"
    ]
    meanings = [_meaning_of(matched, target, evidence, missing) for matched, target in answers]
    readings = missing.read(
        [
            (matched.block, target, [code for code, category in meaning.items() if category is None])
            for (matched, target), meaning in zip(answers, meanings, strict=True)
        ]
    )
    drafts: dict[str, dict[str, str]] = {}
    code_matches: dict[str, CodeMatch] = {}
    for (matched, target), meaning, reading in zip(answers, meanings, readings, strict=True):
        whole = {
            code: category if category is not None else reading.meaning.get(code, "")
            for code, category in meaning.items()
        }
        if whole:
            for code_match in _code_matches(matched, target, whole, reading, evidence, sample_id, drafts):
                code_matches[code_match.variable] = code_match
    return code_matches, drafts


def _meaning_of(
    matched: Match, target: Target, evidence: Evidence, missing: MissingCodes
) -> dict[str, str | None]:
    """Code -> category, None where it has to be read as a missing answer, '' where nothing tells."""
    block, scheme = matched.block, matched.scheme
    category_set = evidence.history.questions[target.question_id]["category_set"]
    categories = evidence.history.categories_of(target.question_id)
    meaning: dict[str, str | None] = {}
    for code in sorted(block.codes):
        key = code_key(code)
        # A number names nothing, even where a category's label is one.
        label = block.code_labels.get(code, "" if WHOLE_NUMBER.fullmatch(code) else code)
        if block.is_numeric:
            if key not in evidence.schemes.missing_keys(target.question_id) and _is_number(
                code, block, evidence.history.questions[target.question_id], categories
            ):
                continue
            meaning[code] = None
        elif block.layout == "indicator" and code in (block.chosen, block.unchosen):
            meaning[code] = "chosen" if code == block.chosen else "not_chosen"
        elif scheme and block.layout != "indicator" and key in scheme.meaning:
            meaning[code] = scheme.meaning[key]
        elif code != BLANK and label and (named := evidence.words.meaning(label, category_set)):
            kind = categories.get(named[0], {}).get("missing_type", "")
            meaning[code] = missing.category(block, target, kind) if kind else named[0]
        elif scheme and key in scheme.unmet and key not in block.apart:
            meaning[code] = ""
        elif evidence.schemes.may_be_missing(
            key, block, None if block.layout == "indicator" else scheme, target.question_id
        ):
            meaning[code] = None
        else:
            meaning[code] = ""
    return meaning


def _is_number(
    code: str, block: Block, question: Mapping[str, str], categories: Mapping[str, Mapping[str, str]]
) -> bool:
    """Whether a code is one of the numbers that the question can have."""
    if question["answer_type"] == "numeric":
        low, high = (float(question[bound] or infinite) for bound, infinite in BOUNDS)
        return bool(PLAIN_NUMBER.fullmatch(code)) and low <= float(code) <= high
    if not NUMBER.fullmatch(code):
        return False
    if block.layout == "birth_year":
        return 1900 < int(code) < 2100
    return any(
        int(row["value_min"]) <= int(code) <= int(row["value_max"] or code)
        for row in categories.values()
        if row["value_min"]
    )


def _code_matches(
    matched: Match,
    target: Target,
    whole: Mapping[str, str],
    reading: Reading,
    evidence: Evidence,
    sample_id: str,
    drafts: dict[str, dict[str, str]],
) -> list[CodeMatch]:
    block = matched.block
    score = (
        matched.score
        * reading.certainty
        * (1.0 if block.layout == "indicator" else reading_certainty(matched, evidence))
    )
    if matched.scheme and matched.scheme.relation != "label" and block.layout != "indicator":
        score = min(score, UNSAID)
    name = _known(matched, target, whole, evidence)
    relation, doubled = "known", ""
    if name is None:
        relation = _relation(matched)
        name = _draft_name(matched, target, whole, evidence, sample_id, drafts)
        doubled = _doubled(whole)
        score *= OPEN_CODE if doubled or not all(whole.values()) else DRAFT
    why = _why(matched, relation, reading, name, evidence) + (f"; {doubled}" if doubled else "")
    return [CodeMatch(variable.name, name, relation, round(score, 4), why) for variable in block.variables]


def _doubled(whole: Mapping[str, str]) -> str:
    """Which codes of a list that nobody used before mean the same, in words."""
    codes: dict[str, list[str]] = {}
    for code, category in sorted(whole.items()):
        codes.setdefault(category, []).append(code)
    return "; ".join(
        f"the codes {_few(same)} {'both' if len(same) == 2 else 'all'} mean {category}"
        for category, same in sorted(codes.items())
        if category and len(same) > 1
    )


def _few(codes: Sequence[str]) -> str:
    """The codes in words, of many the first ones and how many more there are."""
    if len(codes) <= MOST_SHOWN:
        return " and ".join(codes)
    return f"{', '.join(codes[:MOST_SHOWN])} and {len(codes) - MOST_SHOWN} more"


def _candidates(matched: Match, target: Target, evidence: Evidence) -> list[str]:
    """Code lists that this layout of this question may have, the likeliest first."""
    used: dict[str, float] = {}
    questions, layout = evidence.history.questions, matched.block.layout
    for known, askings in evidence.history.targets.items():
        if known.role != "answer":
            continue
        category_sets = {
            questions[question_id]["category_set"] for question_id in (known.question_id, target.question_id)
        }
        for asked in askings:
            is_indicator = asked.block.layout == "indicator"
            if is_indicator != (layout == "indicator") or not (len(category_sets) == 1 or is_indicator):
                continue
            weight = (2.0 if asked.block.layout == layout else 1.0) + (asked.country == evidence.country)
            weight += math.exp(-abs(asked.wave - evidence.wave))
            used[asked.code_list] = max(used.get(asked.code_list, 0.0), weight)
    used.pop("", None)
    return sorted(used, key=lambda name: (-used[name], name))


def _known(matched: Match, target: Target, whole: Mapping[str, str], evidence: Evidence) -> str | None:
    """A code list that gives each code of the file its category, with the fewest other codes."""
    fitting = []
    for rank, name in enumerate(_candidates(matched, target, evidence)):
        codes = evidence.history.code_lists.get(name, {})
        if all(category and codes.get(code) == category for code, category in whole.items()):
            fitting.append((len(codes.keys() - whole.keys()), rank, name))
    return min(fitting)[2] if fitting else None


def _relation(matched: Match) -> str:
    if matched.scheme is None:
        return "new"
    if matched.scheme.relation in ("reversed", "shifted"):
        return matched.scheme.relation
    # The answers stand as in a known list, other codes mean the missing ones.
    return "shifted" if matched.scheme.relation == "known" and matched.block.layout != "indicator" else "new"


def _draft_name(
    matched: Match,
    target: Target,
    whole: Mapping[str, str],
    evidence: Evidence,
    sample_id: str,
    drafts: dict[str, dict[str, str]],
) -> str:
    """The name of the draft with these codes, made where there is none yet, the whole scheme in it."""
    codes = dict(whole)
    scheme = matched.scheme
    if scheme and not matched.block.is_numeric and matched.block.layout != "indicator":
        pad = max((len(code) for code in whole if code.startswith("0") and len(code) > 1), default=0)
        present = set(map(code_key, whole))
        for key, category in scheme.meaning.items():
            if key not in present and scheme.relation != "label":
                codes[key.zfill(pad)] = category
    question = evidence.history.questions[target.question_id]
    base = "reserved" if matched.block.layout == "indicator" else question["category_set"]
    stem = f"{base}__{sample_id.lower().replace('-', '_')}"
    for number in range(1, len(drafts) + len(evidence.history.code_lists) + 2):
        name = stem if number == 1 else f"{stem}_{number}"
        if name not in evidence.history.code_lists and drafts.setdefault(name, codes) == codes:
            return name
    raise AssertionError("there are more names than lists and drafts")


def _why(matched: Match, relation: str, reading: Reading, name: str, evidence: Evidence) -> str:
    scheme = matched.scheme
    parts = []
    if relation == "known":
        parts.append(f"{name} gives every code of the file its category")
    elif scheme is None or relation not in ("reversed", "shifted"):
        parts.append("no known list has these codes")
    elif relation == "reversed":
        parts.append(f"the answers fit the series better with the codes of {scheme.source} in reverse")
    else:
        parts.append(
            f"the answers are coded as in {scheme.source}, but other codes stand beside them"
            if scheme.relation == "known"
            else f"the codes of {scheme.source} shifted by one"
        )
    if scheme and scheme.relation == "label":
        parts.append("the labels name the categories" + (", in other words" if labels_doubt(matched) else ""))
    elif labels_doubt(matched):
        parts.append("the reading is not certain: the labels of the codes are in words that no category has")
    elif unused := given_by_nobody(matched, evidence):
        parts.append(f"the reading is not certain: the file labels no code, and nobody gave {_few(unused)}")
    elif fits_in_reverse(matched):
        parts.append(
            "the direction is not certain: the file labels no code, and the answers fit both directions"
        )
    elif matched.block.layout != "indicator" and is_other_reading(matched, evidence):
        parts.append(
            "the reading is not certain: no label says it, and the codes meant something else at the last asking"
        )
    elif scheme and reading_certainty(matched, evidence) < CERTAIN:
        parts.append(
            f"the reading is not certain ({reading_certainty(matched, evidence):.0%}): the file labels no code, and the answers "
            "fit another list nearly as well"
        )
    if reading.meaning and reading.certainty < CERTAIN:
        parts.append(
            "which code is which missing answer is not certain: "
            + ", ".join(
                f"{code} = {category or '?'}"
                for code, category in sorted(reading.meaning.items())
                if category != FURTHER
            )
        )
    return "; ".join(parts)
