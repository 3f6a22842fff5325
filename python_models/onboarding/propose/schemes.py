"""The ways in which the codes of a block may stand for the categories of a question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from python_models.onboarding.profile import BLANK

from .asked import Target
from .blocks import Block
from .history import History
from .text import WHOLE_NUMBER, code_key
from .words import Words

# Log odds against a scheme that nobody has used, next to one that a code list has.
COST = {"label": 0.0, "known": 0.0, "order": 2.0, "reversed": 3.0, "shifted": 4.0}
MISSING_DIGITS = frozenset("6789")


@dataclass(frozen=True)
class Scheme:
    """`meaning`: code_key (of indicator columns: the number of the column) -> category, answers only.

    `relation`: label (read from the labels), known (a code list has it), order (that of the categories),
    reversed or shifted; `source`: the code list or the words for it.
    """

    meaning: Mapping[str, str]
    relation: str
    source: str

    @property
    def cost(self) -> float:
        return COST[self.relation]


@dataclass(frozen=True)
class Schemes:
    """The schemes of each question of a history."""

    history: History
    words: Words

    def of(self, block: Block, target: Target) -> list[Scheme]:
        """Every scheme for a block of answers; the one that its labels tell alone, where they tell it."""
        question = self.history.questions[target.question_id]
        if block.layout in ("number", "birth_year"):
            return []
        told = self.from_labels(block, target)
        if told:
            return [told]
        if block.layout == "indicator":
            size = len(block.variables)
            return [one for one in self._orders[target.question_id] if len(one.meaning) == size]
        return self._of_set[question["category_set"]]

    def from_labels(self, block: Block, target: Target) -> Scheme | None:
        """What the labels of the codes, or of the columns, say; None where they leave more than a fifth open."""
        category_set = self.history.questions[target.question_id]["category_set"]
        categories = self.history.categories_of(target.question_id)
        if block.layout == "indicator":
            labels = {str(i): label for i, label in enumerate(block.part_labels, start=1) if label}
            counts = dict.fromkeys(map(str, range(1, len(block.variables) + 1)), 1)
        else:
            labels = {code_key(code): block.code_labels.get(code, code) for code in block.codes
                      if code in block.code_labels or not WHOLE_NUMBER.fullmatch(code)}
            counts = {}
            for code, n in block.codes.items():
                if code != BLANK:
                    counts[code_key(code)] = counts.get(code_key(code), 0) + n
        meaning = {}
        n_told = 0
        for key, label in labels.items():
            found = self.words.meaning(label, category_set)
            if found is None or key not in counts:
                continue
            n_told += counts[key]
            if not categories.get(found[0], {}).get("missing_type") and found[0] in self.history.categories.get(
                category_set, {}
            ):
                meaning[key] = found[0]
        n = sum(counts.values())
        if not meaning or n_told < 0.8 * n:
            return None
        return Scheme(meaning, "label", "labels")

    def missing_keys(self, question_id: str) -> frozenset[str]:
        """Codes that a code list of the question's set has for a missing answer."""
        return self._missing_of_set.get(self.history.questions[question_id]["category_set"], frozenset())

    def may_be_missing(self, key: str, scheme: Scheme | None, question_id: str) -> bool:
        """Whether a code without a meaning in the scheme may stand for a missing answer."""
        if key == BLANK or key in self.history.missing_codes or key.startswith((".", "-")):
            return True
        if key in self.missing_keys(question_id):
            return True
        if scheme is None or key not in MISSING_DIGITS:
            return False
        numbers = [int(one) for one in scheme.meaning if WHOLE_NUMBER.fullmatch(one)]
        return not numbers or int(key) > max(numbers)

    @cached_property
    def _missing_of_set(self) -> dict[str, frozenset[str]]:
        found = {}
        for name, lists in self.history.lists_of_set.items():
            categories = {**self.history.categories.get("reserved", {}), **self.history.categories.get(name, {})}
            found[name] = frozenset(
                code_key(code)
                for one in lists
                for code, category in self.history.code_lists.get(one, {}).items()
                if categories.get(category, {}).get("missing_type")
            )
        return found

    @cached_property
    def _of_set(self) -> dict[str, list[Scheme]]:
        sets = {row["category_set"] for row in self.history.questions.values()}
        return {name: list(self._build(name)) for name in sorted(sets)}

    def _build(self, category_set: str) -> Iterator[Scheme]:
        categories = self.history.categories.get(category_set, {})
        seen: set[tuple] = set()
        answers = [name for name, row in categories.items() if not row["missing_type"]]
        ranked = sorted((name for name in answers if categories[name]["position"]),
                        key=lambda name: int(categories[name]["position"]))
        known = [
            Scheme(meaning, "known", name)
            for name in self.history.lists_of_set.get(category_set, [])
            if (meaning := self._answers(name, categories))
        ]
        order = Scheme({str(i): name for i, name in enumerate(ranked, start=1)}, "order", "the order of the categories")
        for scheme in (*known, *([order] if ranked else [])):
            yield from _new(scheme, seen)
        for scheme in (*known, order):
            numbers = sorted(int(key) for key in scheme.meaning if WHOLE_NUMBER.fullmatch(key))
            if len(numbers) < 2 or len(numbers) != len(scheme.meaning):
                continue
            turned = dict(zip(map(str, numbers), [scheme.meaning[str(key)] for key in reversed(numbers)], strict=True))
            yield from _new(Scheme(turned, "reversed", scheme.source), seen)
            step = -1 if numbers[0] == 1 else 1
            moved = {str(key + step): scheme.meaning[str(key)] for key in numbers}
            yield from _new(Scheme(moved, "shifted", scheme.source), seen)

    def _answers(self, code_list: str, categories: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        return {
            code_key(code): category
            for code, category in self.history.code_lists.get(code_list, {}).items()
            if category in categories and not categories[category]["missing_type"]
        }

    @cached_property
    def _orders(self) -> dict[str, list[Scheme]]:
        """question_id -> the orders in which its options stood, in indicator columns or under codes 1, 2, ..."""
        found: dict[str, list[Scheme]] = {}
        for question_id, question in self.history.questions.items():
            schemes, seen = [], set()
            asked = self.history.targets.get(Target("answer", question_id), [])
            orders = [(one.options, f"the columns of {one.sample_id}") for one in asked if one.options]
            for scheme in self._of_set[question["category_set"]]:
                if scheme.relation in ("known", "order") and all(map(WHOLE_NUMBER.fullmatch, scheme.meaning)):
                    keys = sorted(scheme.meaning, key=int)
                    orders.append((tuple(scheme.meaning[key] for key in keys), scheme.source))
            for order, source in orders:
                if order not in seen:
                    seen.add(order)
                    meaning = {str(i): name for i, name in enumerate(order, start=1)}
                    schemes.append(Scheme(meaning, "known", source))
            found[question_id] = schemes
        return found


def _new(scheme: Scheme, seen: set[tuple]) -> Iterator[Scheme]:
    key = tuple(sorted(scheme.meaning.items()))
    if key not in seen:
        seen.add(key)
        yield scheme
