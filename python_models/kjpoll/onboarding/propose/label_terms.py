"""Labels in other words: how much of what two labels are about is the same, by the synonyms of survey/synonyms.csv.

A label is taken as the concepts that its words stand for and the pairs of letters that are left; each weighs by how few
questions have it (inverse document frequency), and two labels are as like as the cosine between them (Salton, Buckley 1988,
Information Processing & Management 24).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Generic, TypeVar

from kjpoll.common.label_text import plain

Name = TypeVar("Name", bound=Hashable)
# The concept of words that say nothing of what is asked.
FILLER = "filler"
# What distinguishes a concept from a pair of letters.
CONCEPT = "concept "


@dataclass(frozen=True, eq=False)
class LabelTerms(Generic[Name]):
    """Of names with folded labels. `synonyms`: rows with a concept and a term."""

    labels: Mapping[Name, Iterable[str]]
    synonyms: Iterable[Mapping[str, str]]

    def likeness(self, label: str) -> dict[Name, float]:
        """Name -> 0 to 1, how like its likest label is to a folded one."""
        if label not in self._likeness:
            vector = self._vector(self._terms(label))
            self._likeness[label] = {
                name: max((_cosine(vector, known) for known in vectors), default=0.0)
                for name, vectors in self._vectors.items()
            }
        return self._likeness[label]

    @cached_property
    def _likeness(self) -> dict[str, dict[Name, float]]:
        return {}

    @cached_property
    def _concepts(self) -> dict[str, list[str]]:
        """Folded term -> its concepts, the longest term first."""
        concepts: dict[str, list[str]] = defaultdict(list)
        for row in self.synonyms:
            if term := plain(row["term"]):
                concepts[term].append(row["concept"])
        return dict(sorted(concepts.items(), key=lambda item: (-len(item[0]), item[0])))

    @cached_property
    def _begun(self) -> dict[str, list[str]]:
        """First letter -> terms that begin so, the longest first."""
        begun: dict[str, list[str]] = defaultdict(list)
        for term in self._concepts:
            begun[term[0]].append(term)
        return begun

    def concepts(self, label: str) -> frozenset[str]:
        """What the words of a folded label stand for, by the synonyms."""
        return frozenset(term for term in self._terms(label) if term.startswith(CONCEPT))

    def _terms(self, label: str) -> set[str]:
        terms, rest, place = set(), "", 0
        while place < len(label):
            term = next(
                (term for term in self._begun.get(label[place], ()) if label.startswith(term, place)), ""
            )
            if term:
                # Letters on either side of a term are no pair.
                terms |= {f"{CONCEPT}{concept}" for concept in self._concepts[term] if concept != FILLER}
                rest += " "
            else:
                rest += label[place]
            place += len(term) or 1
        return terms | {one + other for one, other in pairwise(rest) if one != " " != other}

    @cached_property
    def _terms_of(self) -> dict[Name, list[set[str]]]:
        return {name: [self._terms(label) for label in labels] for name, labels in self.labels.items()}

    @cached_property
    def _weights(self) -> dict[str, float]:
        used = Counter(term for terms in self._terms_of.values() for term in set().union(*terms))
        return {term: math.log((len(self._terms_of) + 1) / (n + 0.5)) for term, n in used.items()}

    def _vector(self, terms: Iterable[str]) -> dict[str, float]:
        unused = math.log(2 * (len(self._terms_of) + 1))
        return {term: self._weights.get(term, unused) for term in terms}

    @cached_property
    def _vectors(self) -> dict[Name, list[dict[str, float]]]:
        return {name: [self._vector(terms) for terms in of_name] for name, of_name in self._terms_of.items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    lengths = math.sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
    return sum(value * other.get(term, 0.0) for term, value in one.items()) / lengths if lengths else 0.0
