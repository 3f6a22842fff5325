"""A sample of the project as if it were new: hidden from the seeds, labels kept, reworded or taken out; and how
many of the proposals for it are right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from kjpoll.common.label_text import QUESTION_NUMBER
from kjpoll.onboarding.profile import BLANK, FileProfile
from kjpoll.onboarding.propose import History
from kjpoll.onboarding.propose.asked import Target
from kjpoll.onboarding.propose.match_evidence import Evidence
from kjpoll.onboarding.propose.proposals import Proposals

from tests.support.project import CHECKOUT

Row = Mapping[str, str]
SURE = 0.8
COMPARED = ("role", "question_id", "layout", "category_id")


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
    "reworded": Situation("all other samples; labels reworded", "reworded", _itself, False),
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


def hide(sample_id: str, name: str) -> Hidden | None:
    """The sample in a situation; None where no sample is left."""
    situation, row = SITUATIONS[name], project().samples[sample_id]
    hidden = {one for one, other in project().samples.items() if situation.hides(other, row)}
    if hidden == set(project().samples):
        return None
    evidence = _evidence(frozenset(hidden), int(row["wave"]), row["country"])
    return Hidden(row, relabelled(project().profiles[sample_id], situation.labels), evidence)


def relabelled(profile: FileProfile, labels: str) -> FileProfile:
    """The profile with its labels kept, taken out, or reworded: a fifth of the letters missing or others."""
    if labels == "kept":
        return profile
    changed = [
        replace(variable, label=None, value_labels={})
        if labels == "taken out"
        else replace(
            variable,
            label=_reworded(variable.label) if variable.label else None,
            value_labels={code: _reworded(text) for code, text in variable.value_labels.items()},
        )
        for variable in profile.variables
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


def judge(hidden: Hidden, found: Proposals) -> Counter[str]:
    """How many proposals of each kind there are, and how many of them are right.

    A column is `new` where its question, or what it is beside questions, stands in no sample of the history:
    it is right when it is left open. A code list is right where all codes of the file mean what the seed says.
    """
    sample_id = hidden.row["sample_id"]
    seed = {row["variable"]: row for row in project().seeds["variables"] if row["sample_id"] == sample_id}
    lists = found.new_code_lists | hidden.history.code_lists
    matches = {code_match.variable: code_match for code_match in found.code_matches}
    count: Counter[str] = Counter()
    for proposal, variable in zip(found.proposals, hidden.profile.variables, strict=True):
        row = seed[variable.name]
        is_answer = row["role"] == "answer"
        target = Target(row["role"], row["question_id"], "" if is_answer else row["note"])
        is_new = not hidden.history.targets.get(target)
        is_right = proposal.is_open if is_new else all(proposal.row[name] == row[name] for name in COMPARED)
        count["columns"] += 1
        count["right"] += is_right
        count["new"] += is_new
        count["new left open"] += is_new and is_right
        count["known"] += not is_new
        count["known right"] += not is_new and is_right
        count["proposed"] += not proposal.is_open
        count["proposed right"] += not proposal.is_open and is_right
        count["sure"] += proposal.score >= SURE
        count["sure right"] += proposal.score >= SURE and is_right
        if is_answer and row["code_list"] and not is_new:
            meant = project().code_lists[row["code_list"]]
            codes = codes_in(variable.counts, row) & meant.keys()
            one = matches.get(variable.name)
            own = lists.get(one.code_list, {}) if one else {}
            is_right = one is not None and all(own.get(code) == meant[code] for code in codes)
            count["codes"] += 1
            count["codes proposed"] += one is not None
            count["codes right"] += is_right
            if one:
                count[f"codes {one.relation}"] += 1
                count[f"codes {one.relation} right"] += is_right
                count["codes sure"] += one.score >= SURE
                count["codes sure right"] += one.score >= SURE and is_right
    return count


def codes_in(counts: Mapping[str, int], row: Mapping[str, str]) -> set[str]:
    """The codes of a column, the parts of a delimited cell one by one."""
    if row["layout"] != "delimited":
        return set(counts)
    return {
        part.strip()
        for value in counts
        for part in ([value] if value == BLANK else value.split(row["delimiter"]))
    }
