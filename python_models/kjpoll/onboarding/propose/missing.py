"""Which kind of missing answer a code stands for that no answer of the question has."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from kjpoll.onboarding.profile import BLANK

from .asked import Asked, Target
from .blocks import Block
from .folded_text import code_key
from .match_evidence import Evidence

TYPES = ("dont_know", "no_answer", "skipped")
FURTHER = "no_further_choice"
# Standard deviation of the arcsine of a missing share between waves.
MOVEMENT = 0.08
# Two codes for one kind of missing answer are unusual; so is a code that one file uses for two kinds.
TWICE, OTHERWISE = 4.0, 3.0


@dataclass(frozen=True)
class Reading:
    """The category of each missing code of a block, '' where nothing tells, and how sure the reading is."""

    meaning: dict[str, str]
    certainty: float


@dataclass(frozen=True)
class MissingCodes:
    """Reads the missing codes of a file: by their shares, by their use, and alike in all its columns."""

    evidence: Evidence

    def read(self, cases: Sequence[tuple[Block, Target, Iterable[str]]]) -> list[Reading]:
        """One reading per block; of each the target and the codes without a meaning."""
        tables = [self._table(block, target, list(codes)) for block, target, codes in cases]
        # What a code means in most columns of a file it means in the others too.
        votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for table in tables:
            for code, of_code in table.items():
                best = max(of_code.values(), default=0.0)
                total = sum(math.exp(value - best) for value in of_code.values())
                for kind, value in of_code.items():
                    votes[code_key(code)][kind] += math.exp(value - best) / total
        found = []
        for (block, target, _), table in zip(cases, tables, strict=True):
            added = {
                code: {
                    kind: value
                    + OTHERWISE * votes[code_key(code)][kind] / max(sum(votes[code_key(code)].values()), 1)
                    for kind, value in of_code.items()
                }
                for code, of_code in table.items()
            }
            found.append(self._best(block, target, added))
        return found

    def _table(self, block: Block, target: Target, codes: list[str]) -> dict[str, dict[str, float]]:
        """code -> kind of missing answer that the question can have -> log likelihood."""
        asked = self.evidence.history.targets[target]
        near = self.evidence.series.nearest(asked, here=True) or self.evidence.series.nearest(
            asked, here=False
        )
        question = self.evidence.history.questions[target.question_id]
        kinds = [kind for kind in TYPES if kind != "skipped" or question["universe_question_id"]]
        found = {}
        for code in codes:
            if block.layout == "ranked" and self._grows(block, code):
                found[code] = {FURTHER: 0.0}
                continue
            share = block.first.counts.get(code, 0) / block.n_rows
            if block.layout == "delimited":
                share = sum(n for value, n in block.first.counts.items() if value == code) / block.n_rows
            found[code] = {}
            for kind in kinds:
                if not self.category(block, target, kind):
                    continue
                value = 2 * math.log(
                    (self._used[code_key(code)][kind] + 0.2) / (self._n_used[code_key(code)] + 1)
                )
                value += math.log(self._usual[kind])
                if near:
                    expected = near[0][0].missing.get(kind, 0.0)
                    gap = math.asin(math.sqrt(share)) - math.asin(math.sqrt(min(expected, 1.0)))
                    value -= gap**2 / (2 * MOVEMENT**2) if abs(gap) < 0.4 else 12.5 + (abs(gap) - 0.4) * 10
                found[code][kind] = value
        return found

    def _best(self, block: Block, target: Target, table: dict[str, dict[str, float]]) -> Reading:
        codes = list(table)
        if not codes:
            return Reading({}, 1.0)
        scored = []
        for kinds in product(*(list(table[code]) or [""] for code in codes)):
            value = sum(table[code].get(kind, 0.0) for code, kind in zip(codes, kinds, strict=True))
            value -= TWICE * sum(n - 1 for kind, n in Counter(kinds).items() if kind)
            scored.append((value, kinds))
        scored.sort(key=lambda one: -one[0])
        total = sum(math.exp(value - scored[0][0]) for value, _ in scored)
        meaning = {
            code: self.category(block, target, kind) if kind else ""
            for code, kind in zip(codes, scored[0][1], strict=True)
        }
        return Reading(meaning, 1 / total)

    def category(self, block: Block, target: Target, kind: str) -> str:
        """The category that is this kind of missing answer, '' where the question does not have it.

        It is one of the question's set; a skip, and all that indicator columns hold, is a reserved one.
        """
        if kind == FURTHER:
            return FURTHER
        history = self.evidence.history
        own = history.categories.get(history.questions[target.question_id]["category_set"], {})
        reserved = history.categories.get("reserved", {})
        found = [name for name, row in own.items() if row["missing_type"] == kind]
        if not found and kind != "skipped":
            return ""
        if block.layout == "indicator" or not found:
            found = [name for name, row in reserved.items() if row["missing_type"] == kind]
        return found[0] if found else ""

    def _grows(self, block: Block, code: str) -> bool:
        counts = [variable.counts.get(code, 0) for variable in block.variables]
        return counts == sorted(set(counts))

    @cached_property
    def _used(self) -> dict[str, dict[str, float]]:
        """code_key -> kind of missing answer -> weight of the samples that use it so."""
        found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for asked in self.evidence.history.asked.values():
            for one in asked:
                for key, kind in self._kinds_of(one):
                    found[key][kind] += (1.0 if one.country == self.evidence.country else 0.2) / 30
        return found

    @cached_property
    def _usual(self) -> dict[str, float]:
        """In how many of the country's questions each kind of missing answer occurs, as a share."""
        own = [
            one
            for asked in self.evidence.history.asked.values()
            for one in asked
            if one.n and one.country == self.evidence.country
        ]
        return {kind: (sum(kind in one.missing for one in own) + 0.5) / (len(own) + 1) for kind in TYPES}

    @cached_property
    def _n_used(self) -> dict[str, float]:
        return defaultdict(float, {key: sum(kinds.values()) for key, kinds in self._used.items()})

    def _kinds_of(self, one: Asked) -> Iterable[tuple[str, str]]:
        history = self.evidence.history
        if not one.target.question_id or not one.code_list:
            return
        categories = history.categories_of(one.target.question_id)
        for code, category in history.code_lists.get(one.code_list, {}).items():
            kind = categories.get(category, {}).get("missing_type", "")
            if kind and (code == BLANK or code in one.block.codes):
                yield code_key(code), kind
