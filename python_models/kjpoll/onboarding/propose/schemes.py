"""The ways in which the codes of a block may stand for the categories of a question."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kjpoll.onboarding.profile import BLANK

from .asked import Asked, Target
from .blocks import Block
from .folded_text import WHOLE_NUMBER, code_key
from .known_labels import KnownLabels
from .number_bands import bands_of, category_of
from .survey_history import History

Meaning = tuple[tuple[str, str], ...]

# Log odds against a scheme that nobody has used, beside those against the one that it is made from.
COST = {"order": 2.0, "reversed": 3.0, "shifted": 4.0}
# The part of all uses that a scheme has that was never used.
UNUSED = 0.02
MISSING_DIGITS = frozenset("6789")
# What bands of numbers are read from.
RANGES = "ranges"
# Labels have to name so much of the answers.
NAMED = 0.8


@dataclass(frozen=True)
class Scheme:
    """`meaning`: code_key (of indicator columns: the number of the column) -> category, answers only.

    `relation`: label (read from the labels), known (it was used), order (that of the categories), reversed or
    shifted; `source`: the code list or the words for it; `cost`: log odds against it before any answer; `unmet`: keys whose
    labels name nothing that the question has; `likeness`: of the label that is least like the words of its category.
    """

    meaning: Mapping[str, str]
    relation: str
    source: str
    cost: float = 0.0
    unmet: frozenset[str] = frozenset()
    likeness: float = 1.0


@dataclass(frozen=True)
class Schemes:
    """The schemes of each question of a history. `relevance`: what an asking says about the sample."""

    history: History
    words: KnownLabels
    relevance: Callable[[Asked], float]

    def of(self, block: Block, target: Target) -> list[Scheme]:
        """Every scheme for a block of answers; or the one that its labels give."""
        question = self.history.questions[target.question_id]
        if block.is_numeric:
            return []
        labelled = self.from_labels(block, target)
        if labelled:
            return [labelled]
        schemes = self._of_set[question["category_set"]]
        if block.layout == "indicator":
            columns = set(map(str, range(1, len(block.variables) + 1)))
            return [
                scheme
                for scheme in schemes
                if scheme.meaning.keys() == columns and scheme.relation in ("known", "order")
            ]
        return schemes

    def from_labels(self, block: Block, target: Target) -> Scheme | None:
        """What the labels of codes, or of columns, say; None where they leave more than a fifth open."""
        category_set = self.history.questions[target.question_id]["category_set"]
        categories = self.history.categories_of(target.question_id)
        if block.layout == "indicator":
            labels = {str(i): label for i, label in enumerate(block.part_labels, start=1) if label}
            counts = dict.fromkeys(map(str, range(1, len(block.variables) + 1)), 1)
        else:
            labels = {
                code_key(code): block.code_labels.get(code, code)
                for code in block.codes
                if code in block.code_labels or not WHOLE_NUMBER.fullmatch(code)
            }
            counts = {}
            for code, n in block.codes.items():
                if code != BLANK:
                    counts[code_key(code)] = counts.get(code_key(code), 0) + n
        bands = bands_of(labels) if any(row["value_min"] for row in categories.values()) else {}
        meaning: dict[str, str] = {}
        unmet = set()
        likeness = 1.0
        n_named = 0
        for key, label in labels.items():
            if key in bands and key in counts:
                n_named += counts[key]
                if category_id := category_of(bands[key], categories):
                    meaning[key] = category_id
                else:
                    unmet.add(key)
                continue
            named = self.words.meaning(label, category_set)
            if named is None:
                unmet.add(key)
            if named is None or key not in counts:
                continue
            n_named += counts[key]
            likeness = min(likeness, named[1])
            if not categories.get(named[0], {}).get("missing_type") and named[
                0
            ] in self.history.categories.get(category_set, {}):
                meaning[key] = named[0]
        n = sum(counts.values())
        if not (meaning or bands) or n_named < NAMED * n:
            return None
        return Scheme(
            meaning, "label", RANGES if bands else "labels", unmet=frozenset(unmet), likeness=likeness
        )

    def missing_keys(self, question_id: str) -> frozenset[str]:
        """Codes that a code list of the question's set has for a missing answer."""
        return self._missing_of_set.get(self.history.questions[question_id]["category_set"], frozenset())

    def may_be_missing(self, key: str, block: Block, scheme: Scheme | None, question_id: str) -> bool:
        """Whether a code of a block without a meaning in the scheme may stand for a missing answer."""
        if key == BLANK or key in self.history.missing_codes or key.startswith((".", "-")):
            return True
        if key in block.apart:
            return True
        if key in self.missing_keys(question_id):
            return True
        if scheme is None or key not in MISSING_DIGITS:
            return key in MISSING_DIGITS
        numbers = [int(code) for code in scheme.meaning if WHOLE_NUMBER.fullmatch(code)]
        return not numbers or int(key) > max(numbers)

    @cached_property
    def _missing_of_set(self) -> dict[str, frozenset[str]]:
        missing = {}
        for name, lists in self.history.lists_of_set.items():
            categories = {
                **self.history.categories.get("reserved", {}),
                **self.history.categories.get(name, {}),
            }
            missing[name] = frozenset(
                code_key(code)
                for code_list in lists
                for code, category in self.history.code_lists.get(code_list, {}).items()
                if categories.get(category, {}).get("missing_type")
            )
        return missing

    @cached_property
    def _of_set(self) -> dict[str, list[Scheme]]:
        sets = {row["category_set"] for row in self.history.questions.values()}
        return {name: list(self._build(name)) for name in sorted(sets)}

    def _build(self, category_set: str) -> Iterator[Scheme]:
        categories = self.history.categories.get(category_set, {})
        used: dict[Meaning, float] = {}
        ordered: dict[Meaning, float] = {}
        sources: dict[Meaning, str] = {}
        for asking in self._asked_of_set.get(category_set, []):
            meaning, source = self._meaning_of(asking, categories)
            if meaning and all(WHOLE_NUMBER.fullmatch(key) for key, _ in meaning):
                used[meaning] = used.get(meaning, 0.0) + self.relevance(asking)
                sources.setdefault(meaning, source)
            # A wave may number the answers of another one that has them in words.
            ordered.setdefault(
                _in_order({category for _, category in meaning}, categories), self.relevance(asking)
            )
        ordered.setdefault(
            _in_order({name for name, row in categories.items() if not row["missing_type"]}, categories), 0.0
        )
        seen: set[Meaning] = {()}
        total = sum(used.values()) + UNUSED
        known = [
            Scheme(dict(meaning), "known", sources[meaning], -math.log((weight + UNUSED) / (total + UNUSED)))
            for meaning, weight in used.items()
        ]
        total = sum(ordered.values()) + UNUSED
        order = [
            Scheme(
                dict(meaning),
                "order",
                "the order of the categories",
                COST["order"] - math.log((weight + UNUSED) / (total + UNUSED)),
            )
            for meaning, weight in ordered.items()
        ]
        usual = sorted(known, key=lambda scheme: scheme.cost) + sorted(order, key=lambda scheme: scheme.cost)
        # What others used goes before what could be made of it.
        made = [variant for scheme in usual for variant in _made(scheme)]
        for scheme in usual + sorted(made, key=lambda variant: variant.cost):
            key = _key(scheme.meaning)
            if key not in seen:
                seen.add(key)
                yield scheme

    def meaning_of(self, asking: Asked) -> dict[str, str]:
        """code_key, or number of the column, -> category of the answers of an asking."""
        name = self.history.questions[asking.target.question_id]["category_set"]
        return dict(self._meaning_of(asking, self.history.categories.get(name, {}))[0])

    @cached_property
    def _asked_of_set(self) -> dict[str, list[Asked]]:
        askings: dict[str, list[Asked]] = {}
        for target, asked in self.history.targets.items():
            if target.role == "answer":
                name = self.history.questions[target.question_id]["category_set"]
                askings.setdefault(name, []).extend(asked)
        return askings

    def _meaning_of(self, asking: Asked, categories: Mapping[str, Mapping[str, str]]) -> tuple[Meaning, str]:
        """What the codes, or the columns, of an asking stood for, and what says so."""
        if asking.options:
            columns = {str(i): name for i, name in enumerate(asking.options, start=1)}
            return _key(columns), f"the columns of {asking.sample_id}"
        codes = self.history.code_lists.get(asking.code_list, {})
        answers = {
            code_key(code): category
            for code, category in codes.items()
            if category in categories and not categories[category]["missing_type"]
        }
        return _key(answers), asking.code_list


def _key(meaning: Mapping[str, str]) -> Meaning:
    return tuple(sorted(meaning.items()))


def _in_order(names: Collection[str], categories: Mapping[str, Mapping[str, str]]) -> Meaning:
    """Codes 1, 2, ... for the categories in the order of the seed."""
    return _key(
        {str(i): name for i, name in enumerate((name for name in categories if name in names), start=1)}
    )


def _made(scheme: Scheme) -> Iterator[Scheme]:
    """The scheme in reverse, and counted from 0 instead of 1 or from 1 instead of 0."""
    numbers = sorted(map(int, scheme.meaning))
    if len(numbers) < 2:
        return
    turned = dict(
        zip(map(str, numbers), [scheme.meaning[str(key)] for key in reversed(numbers)], strict=True)
    )
    yield Scheme(turned, "reversed", scheme.source, scheme.cost + COST["reversed"])
    if numbers[0] in (0, 1):
        step = 1 - 2 * numbers[0]
        moved = {str(key + step): scheme.meaning[str(key)] for key in numbers}
        yield Scheme(moved, "shifted", scheme.source, scheme.cost + COST["shifted"])
