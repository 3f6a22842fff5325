"""Which kind of missing answer a code stands for that no answer of the question has."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kjpoll.common.properties import seed_properties
from kjpoll.onboarding.profile import BLANK

from .asked import Asked, Target
from .blocks import Block
from .folded_text import code_key
from .match_evidence import Evidence

TYPES = seed_properties()["categories"].allowed["missing_type"]
# How many readings of a column's codes together are followed up: all those of six codes with three kinds.
MOST_READINGS = 729
FURTHER = "no_further_choice"
# Standard deviation of the arcsine of a missing share between waves.
MOVEMENT = 0.08
# A gap that is larger than FAR is a change, not chance: from there on the log likelihood falls by STEEP only.
FAR, STEEP = 0.4, 10
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
        readings = []
        for (block, target, _), table in zip(cases, tables, strict=True):
            added = {
                code: {
                    kind: value
                    + OTHERWISE * votes[code_key(code)][kind] / max(sum(votes[code_key(code)].values()), 1)
                    for kind, value in of_code.items()
                }
                for code, of_code in table.items()
            }
            readings.append(self._best(block, target, added))
        return readings

    def _table(self, block: Block, target: Target, codes: list[str]) -> dict[str, dict[str, float]]:
        """code -> kind of missing answer that the question can have -> log likelihood."""
        asked = self.evidence.history.targets[target]
        last = self.evidence.series.last(asked)
        question = self.evidence.history.questions[target.question_id]
        filtered = question["universe"] or (last and last.rows[0].get("universe"))
        kinds = [kind for kind in TYPES if kind != "skipped" or filtered]
        table = {}
        for code in codes:
            if block.layout == "ranked" and self._grows(block, code):
                table[code] = {FURTHER: 0.0}
                continue
            if code == BLANK and filtered and self._always_skipped(asked):
                table[code] = {"skipped": 0.0}
                continue
            share = block.first.counts.get(code, 0) / block.n_rows
            table[code] = {}
            for kind in kinds:
                if not self.category(block, target, kind):
                    continue
                value = 2 * math.log(
                    (self._used[code_key(code)][kind] + 0.2) / (self._n_used[code_key(code)] + 1)
                )
                value += math.log(self._usual[kind])
                if last:
                    expected = last.missing.get(kind, 0.0)
                    gap = abs(math.asin(math.sqrt(share)) - math.asin(math.sqrt(min(expected, 1.0))))
                    value -= min(gap, FAR) ** 2 / (2 * MOVEMENT**2) + max(gap - FAR, 0.0) * STEEP
                table[code][kind] = value
        return table

    def _best(self, block: Block, target: Target, table: dict[str, dict[str, float]]) -> Reading:
        codes = list(table)
        if not codes:
            return Reading({}, 1.0)
        scored: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
        for code in codes:
            scored = [
                (
                    value + table[code].get(kind, 0.0) - (TWICE if kind and kind in kinds else 0.0),
                    (*kinds, kind),
                )
                for value, kinds in scored
                for kind in list(table[code]) or [""]
            ]
            scored = sorted(scored, key=lambda candidate: -candidate[0])[:MOST_READINGS]
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
        of_set = history.categories.get(history.questions[target.question_id]["category_set"], {})
        reserved = history.categories.get("reserved", {})
        names = [name for name, row in of_set.items() if row["missing_type"] == kind]
        if not names and kind != "skipped":
            return ""
        if block.layout == "indicator" or not names:
            names = [name for name, row in reserved.items() if row["missing_type"] == kind]
        return names[0] if names else ""

    def _always_skipped(self, asked: Sequence[Asked]) -> bool:
        """Whether an empty cell of the country meant in every earlier wave that the question was not put."""
        meant = {
            self.evidence.history.code_lists.get(asking.code_list, {}).get(BLANK)
            for asking in asked
            if asking.country == self.evidence.country
        }
        return meant - {None} == {"skipped"}

    def _grows(self, block: Block, code: str) -> bool:
        counts = [variable.counts.get(code, 0) for variable in block.variables]
        return counts == sorted(set(counts))

    @cached_property
    def _used(self) -> dict[str, dict[str, float]]:
        """code_key -> kind of missing answer -> weight of the samples that use it so."""
        used: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for asked in self.evidence.history.asked.values():
            for asking in asked:
                for key, kind in self._kinds_of(asking):
                    used[key][kind] += (1.0 if asking.country == self.evidence.country else 0.2) / 30
        return used

    @cached_property
    def _usual(self) -> dict[str, float]:
        """In how many of the country's questions each kind of missing answer occurs, as a share."""
        askings = [
            asking
            for asked in self.evidence.history.asked.values()
            for asking in asked
            if asking.n and asking.country == self.evidence.country
        ]
        return {
            kind: (sum(kind in asking.missing for asking in askings) + 0.5) / (len(askings) + 1)
            for kind in TYPES
        }

    @cached_property
    def _n_used(self) -> dict[str, float]:
        return defaultdict(float, {key: sum(kinds.values()) for key, kinds in self._used.items()})

    def _kinds_of(self, asking: Asked) -> Iterable[tuple[str, str]]:
        history = self.evidence.history
        if not asking.target.question_id or not asking.code_list:
            return
        categories = history.categories_of(asking.target.question_id)
        for code, category in history.code_lists.get(asking.code_list, {}).items():
            kind = categories.get(category, {}).get("missing_type", "")
            if kind and (code == BLANK or code in asking.block.codes):
                yield code_key(code), kind
