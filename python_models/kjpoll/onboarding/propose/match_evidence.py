"""How well a block of columns fits what it could be, kind of evidence by kind of evidence.

Every kind is a number that is 0 where there is nothing to say and grows with the fit; `weights` adds them up.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from .asked import Asked, Target
from .blocks import Block
from .folded_text import best_similarity, code_key, folded_name
from .known_labels import SAME_LABEL, KnownLabels
from .schemes import RANGES, Scheme, Schemes
from .share_fit import KnownAskings
from .survey_history import History

KINDS = (
    "open",
    "open_unlabelled",
    "label",
    "words",
    "layout",
    "unknown",
    "unused",
    "shares",
    "shares_elsewhere",
    "missing",
    "name",
    "number",
    "asked_before",
    "scheme",
    "context",
)
# Log odds for a scheme by unit of evidence: each code of it that does not occur, the share of unknown codes.
SCHEME_ODDS = {"shares": 5.0, "shares_elsewhere": 2.5, "unused": 1.5, "unknown": 100.0}
MOST_UNUSED, MOST_COST = 4, 8.0
# Years in which what an asking says fades: that the country was asked, and all else.
NEAR, FADING = 3.0, 4.0
# What an asking of the same wave, and one of another country, says beside one of the country's own.
SAME_WAVE, ELSEWHERE = 1.5, 0.4
# How often a question stands next to the one before, and next but one: one between may be asked elsewhere only.
NEXT, NEXT_BUT_ONE = 1.0, 0.3
SAME_QUESTIONNAIRE = 3
# Their codes look like those of any answer; only a column of the same name is taken for one.
DESIGN = ("stratum", "cluster")
# Layouts of what nobody answers with.
OF_CONTENT = ("stamp", "text")
# The part of its uses that a name has for a question that it was never used for.
UNUSED_NAME = 0.02


@dataclass(frozen=True)
class Fit:
    """How a block fits a target: the kinds of evidence, and the schemes by their log odds, best first."""

    kinds: dict[str, float]
    schemes: tuple[tuple[Scheme, float], ...] = ()


@dataclass(frozen=True)
class Evidence:
    """Fits the blocks of one new sample to the targets of a history."""

    history: History
    wave: int
    country: str

    @cached_property
    def series(self) -> KnownAskings:
        return KnownAskings(self.history, self.wave, self.country)

    @cached_property
    def words(self) -> KnownLabels:
        return KnownLabels(self.history)

    @cached_property
    def schemes(self) -> Schemes:
        return Schemes(self.history, self.words, self._relevance)

    def fits(self, block: Block) -> dict[Target | None, Fit]:
        """Every target that the layout allows, of a label that is word for word that of questions these alone; None is no
        known one."""
        if block.layout in ("id", "weight"):
            return {self._named(block.layout): Fit({"layout": 1.0}), None: Fit({"open": 1.0})}
        named = self.words.named_by(block.label)
        fits: dict[Target | None, Fit] = {
            target: self._fit(block, target, asked)
            for target, asked in self.history.targets.items()
            if (not named or target in named) and self._allowed(block, target, asked)
        }
        # A label that no question has says that a column is new; that there is no label says nothing.
        fits[None] = Fit({"open" if block.label else "open_unlabelled": 1.0})
        return fits

    def is_named(self, block: Block, target: Target) -> bool:
        """Whether the label of the block is that of the target, all but word for word."""
        likeness = best_similarity(block.label, self.words.of_targets.get(target, ()))
        return likeness >= SAME_LABEL and not self.words.is_of_other_word(block.label, target)

    def fit(self, block: Block, target: Target) -> Fit:
        """How a block fits a target that a person named, whatever its label and layout allow."""
        return self._fit(block, target, self.history.targets.get(target, ()))

    def other_named(self, block: Block, target: Target) -> Target | None:
        """Another target whose label is all but that of the block, and more like it than any of `target`."""
        named, likeness = self.words.nearest(block.label) if block.label else (None, 0.0)
        own = best_similarity(block.label, self.words.of_targets.get(target, ()))
        return named if named and likeness >= SAME_LABEL and likeness > own else None

    def _named(self, role: str) -> Target:
        """What the samples seed names is no guess; its note is the usual one."""
        of_role = {
            target: len(asked) for target, asked in self.history.targets.items() if target.role == role
        }
        return max(
            of_role, key=lambda target: of_role[target], default=Target(role, "", f"{role} of the respondent")
        )

    def _allowed(self, block: Block, target: Target, asked: Sequence[Asked]) -> bool:
        if target.role in DESIGN:
            name = folded_name(block.first.short_name)
            return any(folded_name(asking.block.first.short_name) == name for asking in asked)
        if target.role == "ignored":
            return self._is_no_answer(block, target, asked)
        if target.role != "answer":
            return any(asking.block.layout == block.layout for asking in asked)
        question = self.history.questions[target.question_id]
        if block.is_numeric:
            categories = self.history.categories.get(question["category_set"], {}).values()
            is_cut = question["answer_type"] != "multiple" and any(row["value_min"] for row in categories)
            return is_cut or question["answer_type"] == "numeric" and block.layout == "number"
        if block.layout == "single":
            return question["answer_type"] not in ("multiple", "numeric")
        return block.is_multiple and question["answer_type"] == "multiple"

    def _is_no_answer(self, block: Block, target: Target, asked: Sequence[Asked]) -> bool:
        """Whether a column shows that it is no answer, as this target's were: by what stands in it (moments, free text), or
        by the name or the label that one of them had. That it has numbers as those had shows nothing."""
        alike = [asking for asking in asked if asking.block.layout == block.layout]
        name = folded_name(block.first.short_name)
        return bool(alike) and (
            block.layout in OF_CONTENT
            or any(folded_name(asking.block.first.short_name) == name for asking in alike)
            or self.is_named(block, target)
        )

    def _fit(self, block: Block, target: Target, asked: Sequence[Asked]) -> Fit:
        kinds: dict[str, float] = {}
        if block.label:
            kinds["label"] = self.words.terms.likeness(block.label).get(target, 0.0)
        kinds["name"] = self._name(block, target)
        kinds |= self._numbers(block, asked)
        if asked:
            gaps = [
                abs(asking.wave - self.wave)
                for asking in asked
                if asking.country == self.country or self._is_first_of_country
            ]
            kinds["asked_before"] = math.exp(-min(gaps, default=math.inf) / NEAR)
        if target.role != "answer":
            return Fit(kinds | {"layout": 1.0})
        schemes = self.schemes.of(block, target)
        if not schemes:
            return Fit(kinds | ({"layout": 1.0} if block.is_numeric else {"scheme": -1.0}))
        ranked = []
        for scheme in schemes:
            scheme_kinds = self._of_scheme(block, target, asked, scheme)
            odds = sum(weight * scheme_kinds.get(kind, 0.0) for kind, weight in SCHEME_ODDS.items())
            ranked.append((odds - scheme.cost, scheme_kinds, scheme))
        ranked.sort(key=lambda candidate: -candidate[0])
        return Fit(kinds | ranked[0][1], tuple((scheme, value) for value, _, scheme in ranked))

    def _n_unused(self, block: Block, scheme: Scheme) -> int:
        """How many codes of the scheme nobody gave."""
        if block.layout == "indicator" or scheme.relation == "label":
            return 0
        return len(scheme.meaning.keys() - set(map(code_key, block.codes)))

    def _of_scheme(
        self, block: Block, target: Target, asked: Sequence[Asked], scheme: Scheme
    ) -> dict[str, float]:
        kinds = {
            "unused": -min(self._n_unused(block, scheme), MOST_UNUSED),
            "scheme": -min(scheme.cost, MOST_COST) / 4,
            "words": 0.5 if scheme.relation == "label" else 0.0,
        }
        counts, n = block.option_counts(scheme.meaning)
        if block.layout != "indicator" and scheme.relation != "label":
            n_strange = sum(
                n_records
                for code, n_records in block.codes.items()
                if (key := code_key(code)) not in scheme.meaning
                and not self.schemes.may_be_missing(key, block, scheme, target.question_id)
            )
            kinds["unknown"] = -n_strange / max(sum(block.codes.values()), 1)
        if n == 0 and scheme.source != RANGES:
            return kinds | {"unknown": -1.0}
        if scheme.source == RANGES:
            # Other bands have other shares.
            return kinds
        shares = {category: counts[category] / n for category in scheme.meaning.values()}
        kinds["shares"] = self.series.shares(shares, n, block, asked, here=True)
        kinds["shares_elsewhere"] = self.series.shares(shares, n, block, asked, here=False)
        kinds["missing"] = self.series.missing(block, n, asked)
        return kinds

    @cached_property
    def _is_first_of_country(self) -> bool:
        """Whether the country has no sample yet: then others' questions are likely its own."""
        return all(row["country"] != self.country for row in self.history.samples.values())

    # names and places

    @cached_property
    def _names(self) -> dict[str, dict[Target, float]]:
        weights: dict[str, dict[Target, float]] = defaultdict(lambda: defaultdict(float))
        for asked in self.history.asked.values():
            for asking in asked:
                for name in {asking.block.stem, folded_name(asking.rows[0]["question_number"])} - {""}:
                    weights[name][asking.target] += self._relevance(asking)
        return weights

    def _relevance(self, asking: Asked) -> float:
        """How much an asking says about the new file: one of the same wave in another country most."""
        if asking.wave == self.wave:
            return SAME_WAVE
        return (1.0 if asking.country == self.country else ELSEWHERE) * self._nearness(asking)

    def _nearness(self, asking: Asked) -> float:
        return math.exp(-abs(asking.wave - self.wave) / FADING)

    def _name(self, block: Block, target: Target) -> float:
        used = self._names.get(block.stem)
        if not used:
            return 0.0
        return math.log((used.get(target, 0) + UNUSED_NAME) / (sum(used.values()) + 1)) / 4 + 1

    def _numbers(self, block: Block, asked: Sequence[Asked]) -> dict[str, float]:
        """How near the question is to this number in the wave's questionnaire of another country."""
        distances = [
            abs(number - block.number[1])
            for asking in asked
            if asking.wave == self.wave and block.number
            for letters, number in asking.numbers
            if letters == block.number[0]
        ]
        return {"number": 1.0 / (1 + min(distances))} if distances else {}

    # what stands beside

    @cached_property
    def follows(self) -> dict[tuple[Target, Target], float]:
        """Log of how much oftener the second follows the first than its share of all columns says."""
        pairs: dict[tuple[Target, Target], float] = defaultdict(float)
        first: dict[Target, float] = defaultdict(float)
        for asked in self.history.asked.values():
            for i, asking in enumerate(asked):
                weight = self._nearness(asking) * (SAME_QUESTIONNAIRE if asking.wave == self.wave else 1)
                for following, part in zip(asked[i + 1 : i + 3], (NEXT, NEXT_BUT_ONE), strict=False):
                    pairs[asking.target, following.target] += part * weight
                first[asking.target] += (NEXT + NEXT_BUT_ONE) * weight
        base = 1 / max(len(self.history.targets), 1)
        return {
            (before, after): math.log((pairs.get((before, after), 0.0) + base) / (n + 1) / base)
            for before, n in first.items()
            for after in self.history.targets
        }

    def beside(self, before: Target | None, after: Target | None) -> float:
        """Evidence that the second stands right after the first; 0 where one is not known."""
        if before is None or after is None:
            return 0.0
        return self.follows.get((before, after), 0.0)
