"""The code list of each matched block: a known one, or the draft of a new one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kjpoll.onboarding.profile import BLANK

from .asked import Target
from .blocks import NUMBER, Block
from .folded_text import WHOLE_NUMBER, code_key
from .match_evidence import Evidence, Fit
from .missing import FURTHER, MissingCodes, Reading
from .proposals import CodeListDraft, CodeMatch
from .schemes import Scheme

# A draft is never as sure as a list that was used, and one with an open code not at all.
DRAFT, OPEN_CODE = 0.9, 0.5
# Log likelihood by which a scheme has to fit better than its reverse, and how sure it is at most otherwise.
UNDECIDED, EVEN = 1.0, 0.75


@dataclass(frozen=True)
class Coded:
    """A block of answers with its target and how it fits; `probability` of the match."""

    block: Block
    target: Target
    fit: Fit
    probability: float

    @property
    def scheme(self) -> Scheme | None:
        return self.fit.schemes[0][0] if self.fit.schemes else None

    @property
    def certainty(self) -> float:
        """The share of the best scheme among all that read the codes in the file in different ways."""
        if not self.fit.schemes:
            return 1.0
        keys = set(map(code_key, self.block.codes))
        if self.block.layout == "indicator":
            keys = set(map(str, range(1, len(self.block.variables) + 1)))
        best = self.fit.schemes[0][1]
        weights: dict[tuple, float] = {}
        for scheme, value in self.fit.schemes:
            reading = tuple(sorted((key, one) for key, one in scheme.meaning.items() if key in keys))
            weights[reading] = max(weights.get(reading, 0.0), math.exp(min(value - best, 0.0)))
        certainty = 1 / sum(weights.values())
        return min(certainty, EVEN) if self.fits_in_reverse else certainty

    @property
    def fits_in_reverse(self) -> bool:
        """Whether the answers do not tell the direction: the reverse fits them nearly as well."""
        if (
            not self.fit.schemes
            or self.fit.schemes[0][0].relation == "label"
            or self.block.layout == "indicator"
        ):
            return False
        best, value = self.fit.schemes[0]
        turned = dict(zip(best.meaning, reversed(list(best.meaning.values())), strict=True))
        fit_odds = value + best.cost
        return len(turned) > 1 and any(
            scheme.meaning == turned and fit_odds - (odds + scheme.cost) < UNDECIDED
            for scheme, odds in self.fit.schemes[1:]
        )


def code_lists(
    cases: Sequence[Coded], evidence: Evidence, sample_id: str
) -> tuple[dict[str, CodeMatch], list[CodeListDraft]]:
    """Matches by variable name, and the drafts of the lists that the seeds do not have."""
    missing = MissingCodes(evidence)
    meanings = [_meaning_of(case, evidence, missing) for case in cases]
    readings = missing.read(
        [
            (case.block, case.target, [code for code, category in meaning.items() if category is None])
            for case, meaning in zip(cases, meanings, strict=True)
        ]
    )
    drafts: dict[str, dict[str, str]] = {}
    matches: dict[str, CodeMatch] = {}
    for case, meaning, reading in zip(cases, meanings, readings, strict=True):
        whole = {
            code: category if category is not None else reading.meaning.get(code, "")
            for code, category in meaning.items()
        }
        if whole:
            for match in _matches(case, whole, reading, evidence, sample_id, drafts):
                matches[match.variable] = match
    return matches, [
        CodeListDraft(
            name,
            tuple(
                {"code_list": name, "code": code, "category_id": category, "note": ""}
                for code, category in sorted(codes.items())
            ),
        )
        for name, codes in drafts.items()
    ]


def _meaning_of(case: Coded, evidence: Evidence, missing: MissingCodes) -> dict[str, str | None]:
    """Code -> category, None where it has to be read as a missing answer, '' where nothing tells."""
    block, scheme = case.block, case.scheme
    category_set = evidence.history.questions[case.target.question_id]["category_set"]
    categories = evidence.history.categories_of(case.target.question_id)
    found: dict[str, str | None] = {}
    for code in sorted(block.codes):
        key = code_key(code)
        # A number names nothing, even where a category's label is one.
        label = block.code_labels.get(code, "" if WHOLE_NUMBER.fullmatch(code) else code)
        if block.layout in ("number", "birth_year"):
            if (
                NUMBER.fullmatch(code)
                and key not in evidence.schemes.missing_keys(case.target.question_id)
                and _in_range(code, block, categories)
            ):
                continue
            found[code] = None
        elif block.layout == "indicator" and code in (block.chosen, block.unchosen):
            found[code] = "chosen" if code == block.chosen else "not_chosen"
        elif scheme and block.layout != "indicator" and key in scheme.meaning:
            found[code] = scheme.meaning[key]
        elif code != BLANK and label and (named := evidence.words.meaning(label, category_set)):
            kind = categories.get(named[0], {}).get("missing_type", "")
            found[code] = missing.category(case.block, case.target, kind) if kind else named[0]
        elif evidence.schemes.may_be_missing(
            key, None if block.layout == "indicator" else scheme, case.target.question_id
        ):
            found[code] = None
        else:
            found[code] = ""
    return found


def _in_range(code: str, block: Block, categories: Mapping[str, Mapping[str, str]]) -> bool:
    ranges = [
        (int(row["value_min"]), int(row["value_max"])) for row in categories.values() if row["value_min"]
    ]
    if block.layout == "birth_year":
        return int(code) > 1900 and int(code) < 2100
    return any(low <= int(code) <= high for low, high in ranges)


def _matches(
    case: Coded,
    whole: Mapping[str, str],
    reading: Reading,
    evidence: Evidence,
    sample_id: str,
    drafts: dict[str, dict[str, str]],
) -> list[CodeMatch]:
    block = case.block
    score = case.probability * reading.certainty * (1.0 if block.layout == "indicator" else case.certainty)
    name = _known(case, whole, evidence)
    relation = "known"
    if name is None:
        relation = _relation(case)
        name = _draft_name(case, whole, evidence, sample_id, drafts)
        score *= DRAFT if all(whole.values()) else OPEN_CODE
    why = _why(case, relation, reading, name)
    return [CodeMatch(variable.name, name, relation, round(score, 4), why) for variable in block.variables]


def _candidates(case: Coded, evidence: Evidence) -> list[str]:
    """Code lists that this layout of this question may have, the likeliest first."""
    used: dict[str, float] = {}
    for target, asked in evidence.history.targets.items():
        if target.role != "answer":
            continue
        same_set = (
            evidence.history.questions[target.question_id]["category_set"]
            == evidence.history.questions[case.target.question_id]["category_set"]
        )
        for one in asked:
            is_indicator = one.block.layout == "indicator"
            if is_indicator != (case.block.layout == "indicator") or not (same_set or is_indicator):
                continue
            weight = (2.0 if one.block.layout == case.block.layout else 1.0) + (
                one.country == evidence.country
            )
            weight += math.exp(-abs(one.wave - evidence.wave))
            used[one.code_list] = max(used.get(one.code_list, 0.0), weight)
    used.pop("", None)
    return sorted(used, key=lambda name: (-used[name], name))


def _known(case: Coded, whole: Mapping[str, str], evidence: Evidence) -> str | None:
    """A code list that gives each code of the file its category, with the fewest other codes."""
    fitting = []
    for place, name in enumerate(_candidates(case, evidence)):
        codes = evidence.history.code_lists.get(name, {})
        if all(category and codes.get(code) == category for code, category in whole.items()):
            fitting.append((len(codes.keys() - whole.keys()), place, name))
    return min(fitting)[2] if fitting else None


def _relation(case: Coded) -> str:
    if case.scheme is None:
        return "new"
    if case.scheme.relation in ("reversed", "shifted"):
        return case.scheme.relation
    # The answers stand as in a known list, other codes mean the missing ones.
    return "shifted" if case.scheme.relation == "known" and case.block.layout != "indicator" else "new"


def _draft_name(
    case: Coded,
    whole: Mapping[str, str],
    evidence: Evidence,
    sample_id: str,
    drafts: dict[str, dict[str, str]],
) -> str:
    """The name of the draft with these codes, made where there is none yet, the whole scheme in it."""
    codes = dict(whole)
    scheme = case.scheme
    if scheme and case.block.layout not in ("indicator", "number", "birth_year"):
        pad = max((len(code) for code in whole if code.startswith("0") and len(code) > 1), default=0)
        present = set(map(code_key, whole))
        for key, category in scheme.meaning.items():
            if key not in present and scheme.relation != "label":
                codes[key.zfill(pad)] = category
    question = evidence.history.questions[case.target.question_id]
    base = "reserved" if case.block.layout == "indicator" else question["category_set"]
    stem = f"{base}__{sample_id.lower().replace('-', '_')}"
    for number in range(1, len(drafts) + len(evidence.history.code_lists) + 2):
        name = stem if number == 1 else f"{stem}_{number}"
        if name not in evidence.history.code_lists and drafts.setdefault(name, codes) == codes:
            return name
    raise AssertionError("there are more names than lists and drafts")


def _why(case: Coded, relation: str, reading: Reading, name: str) -> str:
    scheme = case.scheme
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
        parts.append("the labels name the categories")
    elif case.fits_in_reverse:
        parts.append(
            "the direction is not certain: the file labels no code, and the answers fit both directions"
        )
    elif scheme and case.certainty < 0.8:
        parts.append(
            f"the reading is not certain ({case.certainty:.0%}): the file labels no code, and the answers "
            "fit another list nearly as well"
        )
    if reading.meaning and reading.certainty < 0.8:
        parts.append(
            "which code is which missing answer is not certain: "
            + ", ".join(
                f"{code} = {category or '?'}"
                for code, category in sorted(reading.meaning.items())
                if category != FURTHER
            )
        )
    return "; ".join(parts)
