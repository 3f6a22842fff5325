"""A sample of the project as if it were new: hidden from the seeds, labels kept, reworded or taken out."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from kjpoll.onboarding.profile import FileProfile
from kjpoll.onboarding.propose import History
from kjpoll.onboarding.propose.evidence import Evidence
from kjpoll.onboarding.propose.text import QUESTION_NUMBER

from benchmarks.project import CHECKOUT

Row = Mapping[str, str]


@dataclass(frozen=True)
class Situation:
    """What there is to propose from. `hides`: whether a sample (the first row) is hidden for another one."""

    words: str
    labels: str  # as they are, reworded or taken out
    hides: Callable[[Row, Row], bool]
    is_learnt: bool = True


def _itself(one: Row, own: Row) -> bool:
    return one["sample_id"] == own["sample_id"]


def _its_wave(one: Row, own: Row) -> bool:
    return one["wave"] == own["wave"]


def _its_wave_and_later(one: Row, own: Row) -> bool:
    return int(one["wave"]) >= int(own["wave"])


SITUATIONS = {
    "others": Situation("all other samples", "kept", _itself),
    "reworded": Situation("all other samples; labels reworded", "reworded", _itself),
    "no labels": Situation("all other samples; labels taken out", "taken out", _itself),
    "alone": Situation("the other waves", "kept", _its_wave),
    "earlier": Situation("earlier waves", "kept", _its_wave_and_later, False),
    "earlier, reworded": Situation("earlier waves; labels reworded", "reworded", _its_wave_and_later, False),
    "earlier, no labels": Situation(
        "earlier waves; labels taken out", "taken out", _its_wave_and_later, False
    ),
}


@dataclass(frozen=True)
class Hidden:
    """A sample as if it were new: its row and file, and what is known without it."""

    row: Row
    profile: FileProfile
    evidence: Evidence

    @property
    def history(self) -> History:
        return self.evidence.history


@cache
def project() -> History:
    """All that the project knows."""
    return History.of_project(CHECKOUT)


@lru_cache(maxsize=100)
def _evidence(hidden: frozenset[str], wave: int, country: str) -> Evidence:
    return Evidence(project().without(hidden), wave, country)


def hide(sample_id: str, name: str, also: frozenset[str] = frozenset()) -> Hidden | None:
    """The sample in a situation, with the samples of `also` hidden too; None where no sample is left."""
    situation, row = SITUATIONS[name], project().samples[sample_id]
    hidden = {one for one, other in project().samples.items() if situation.hides(other, row)} | also
    if hidden == set(project().samples):
        return None
    evidence = _evidence(frozenset(hidden), int(row["wave"]), row["country"])
    return Hidden(row, relabelled(project().profiles[sample_id], situation.labels), evidence)


def relabelled(profile: FileProfile, labels: str) -> FileProfile:
    """The profile with its labels kept, taken out, or reworded: a fifth of the letters missing or others."""
    if labels == "kept":
        return profile
    changed = [
        replace(one, label=None, value_labels={})
        if labels == "taken out"
        else replace(
            one,
            label=_reworded(one.label) if one.label else None,
            value_labels={code: _reworded(text) for code, text in one.value_labels.items()},
        )
        for one in profile.variables
    ]
    return replace(profile, variables=tuple(changed))


def _reworded(text: str) -> str:
    """The number of the question stays, and the same text is always reworded in the same way."""
    chance = random.Random(text)
    number = QUESTION_NUMBER.match(text)
    start = number.end() if number else 0
    kept = []
    for letter in text[start:]:
        drawn = chance.random()
        if drawn > 0.2 or letter in " /":
            kept.append(letter)
        elif drawn > 0.1:
            kept.append(chance.choice(text))
    return text[:start] + "".join(kept)
