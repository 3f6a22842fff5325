"""What the words of labels mean: question labels by target, answer labels by category set."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from os.path import commonprefix

from kjpoll.common.label_text import folded_label, plain, similarity
from kjpoll.common.languages import label_columns

from .asked import Target
from .folded_text import WHOLE_NUMBER, best_similarity
from .label_terms import LabelTerms
from .survey_history import History

# Below this two labels are not taken for the same answer.
SAME_ANSWER = 0.8
# From here on two labels are taken for those of one question.
SAME_LABEL = 0.9
# By what they are about: so like, and so much more than the next one, two labels are of the same answer.
ABOUT_THE_SAME, APART, THE_SAME, BELOW_SAME = 0.75, 0.1, 0.999, 0.79
# So few letters are the beginning of an answer, 'M' of 'Male'.
INITIAL = 2


@dataclass(frozen=True)
class KnownLabels:
    """The labels of a history, folded."""

    history: History

    @cached_property
    def of_targets(self) -> dict[Target, frozenset[str]]:
        """Labels of the question in all languages, those of the columns that held it, and how accepted samples worded it."""
        labels_by_target: dict[Target, set[str]] = defaultdict(set)
        for question_id, row in self.history.questions.items():
            labels_by_target[Target("answer", question_id)] |= {
                folded_label(row[name]) for name in label_columns(row)
            }
        for target, asked in self.history.targets.items():
            labels_by_target[target] |= {asking.block.label for asking in asked}
        accepted = {
            (row["sample_id"], row["question_id"])
            for row in self.history.seeds["variables"]
            if row["review"] == "reviewed"
        }
        for row in self.history.seeds.get("wordings", ()):
            target = Target("answer", row["question_id"])
            if target in labels_by_target and (row["sample_id"], row["question_id"]) in accepted:
                labels_by_target[target].add(plain(row["wording"]))
        return {target: frozenset(labels - {""}) for target, labels in labels_by_target.items()}

    @cached_property
    def terms(self) -> LabelTerms[Target]:
        """The labels of questions by what their words stand for."""
        return LabelTerms(self.of_targets, self.history.seeds.get("synonyms", ()))

    @cached_property
    def _of_label(self) -> dict[str, frozenset[Target]]:
        found: dict[str, set[Target]] = defaultdict(set)
        for target, labels in self.of_targets.items():
            for label in labels:
                found[label].add(target)
        return {label: frozenset(targets) for label, targets in found.items()}

    def named_by(self, label: str) -> frozenset[Target]:
        """The targets that have this folded label word for word; none of an empty one."""
        return self._of_label.get(label, frozenset())

    def is_of_other_word(self, label: str, target: Target) -> bool:
        """Whether a folded label is that of the target but for one word that stands for something else: 'of China' and 'of the
        United States'. Who words a question anew changes more; a letter that is wrong makes no other word."""
        labels = self.of_targets.get(target, frozenset())
        known = max(labels, key=lambda one: (similarity(label, one), one), default="")
        own, other = _differing(label, known)
        if not own or not other or 2 * (len(label) - len(own)) < max(len(label), len(known)):
            return False
        meant, known_meant = self.terms.concepts(label), self.terms.concepts(known)
        # Slips of the keyboard leave letters where they were, or beside.
        is_word = min(len(own), len(other)) > 1 and not set(own) & set(other)
        return bool(meant - known_meant) or is_word and meant != known_meant

    def nearest(self, label: str) -> tuple[Target | None, float]:
        """The target with the label that is most like a folded one, and how like it is."""
        likeness = {target: best_similarity(label, labels) for target, labels in self.of_targets.items()}
        best = max(likeness, key=lambda target: (likeness[target], str(target)), default=None)
        return best, likeness[best] if best else 0.0

    @cached_property
    def of_sets(self) -> dict[str, dict[str, str]]:
        """category_set -> folded label -> category_id, from the seeds and from labels and words of files."""
        votes: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        for category_set, categories in self.history.categories.items():
            for category_id, row in categories.items():
                for name in label_columns(row):
                    votes[category_set][plain(row[name])][category_id] += 1
        for asked in self.history.asked.values():
            for asking in asked:
                if not asking.target.question_id or not asking.code_list:
                    continue
                of_set = votes[self.history.questions[asking.target.question_id]["category_set"]]
                codes = self.history.code_lists.get(asking.code_list, {})
                labels = asking.block.code_labels
                for code, category_id in codes.items():
                    text = labels.get(code, code)
                    if not WHOLE_NUMBER.fullmatch(text):
                        of_set[plain(text)][category_id] += 1
        return {
            name: {label: counts.most_common(1)[0][0] for label, counts in of_set.items() if label}
            for name, of_set in votes.items()
        }

    def meaning(self, label: str, category_set: str) -> tuple[str, float] | None:
        """The category that a label names in a set or among the reserved, and how like it is; else None.

        A letter or two name the one category whose label begins so.
        """
        key = (plain(label), category_set)
        if key not in self._meanings:
            self._meanings[key] = self._meaning(*key) if key[0] else None
        return self._meanings[key]

    @cached_property
    def _meanings(self) -> dict[tuple[str, str], tuple[str, float] | None]:
        return {}

    def _meaning(self, wanted: str, category_set: str) -> tuple[str, float] | None:
        best = None
        for name in (category_set, "reserved"):
            words = self.of_sets.get(name, {})
            if wanted in words:
                return words[wanted], 1.0
            for word, category_id in words.items():
                # 30 to 39 is not all but 20 to 29.
                like = similarity(wanted, word) if _numbers(wanted) == _numbers(word) else 0.0
                if like >= SAME_ANSWER and (best is None or like > best[1]):
                    best = category_id, like
        if best is None:
            best = self._in_other_words(wanted, category_set)
        if best is None and len(wanted) <= INITIAL:
            begun = {
                category_id
                for word, category_id in self.of_sets.get(category_set, {}).items()
                if word.startswith(wanted)
            }
            return (begun.pop(), SAME_ANSWER) if len(begun) == 1 else None
        return best

    def _in_other_words(self, wanted: str, category_set: str) -> tuple[str, float] | None:
        """The one category that a label is about by its synonyms, with how like it is."""
        if category_set not in self._answers:
            labels: dict[str, list[str]] = defaultdict(list)
            for name in ("reserved", category_set):
                for word, category_id in self.of_sets.get(name, {}).items():
                    labels[category_id].append(word)
            self._answers[category_set] = LabelTerms(labels, self.history.seeds.get("synonyms", ()))
        likeness = self._answers[category_set].likeness(wanted)
        ranked = sorted(((like, name) for name, like in likeness.items()), reverse=True)
        if not ranked or ranked[0][0] < ABOUT_THE_SAME:
            return None
        if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < APART:
            return None
        # About the same is less than the same, unless all that is said is the same.
        return ranked[0][1], 1.0 if ranked[0][0] > THE_SAME else min(ranked[0][0], BELOW_SAME)

    @cached_property
    def _answers(self) -> dict[str, LabelTerms[str]]:
        return {}


def _differing(label: str, second: str) -> tuple[str, str]:
    """What stands between the letters with which both begin and those with which both end."""
    start = len(commonprefix([label, second]))
    end = len(commonprefix([label[start:][::-1], second[start:][::-1]]))
    return label[start : len(label) - end], second[start : len(second) - end]


@lru_cache(maxsize=65536)
def _numbers(label: str) -> tuple[str, ...]:
    return tuple(re.findall("[0-9]+", label))
