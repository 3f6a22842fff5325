"""What the words of labels mean: question labels by target, answer labels by category set."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from kjpoll.common.label_text import folded_label, plain, similarity
from kjpoll.common.languages import label_columns

from .asked import Target
from .folded_text import WHOLE_NUMBER, best_similarity
from .survey_history import History

# Below this two labels are not taken for the same answer.
SAME_ANSWER = 0.8
# From here on two labels are taken for those of one question.
SAME_LABEL = 0.9
# So few letters are the beginning of an answer, 'M' of 'Male'.
INITIAL = 2


@dataclass(frozen=True)
class KnownLabels:
    """The labels of a history, folded."""

    history: History

    @cached_property
    def of_targets(self) -> dict[Target, frozenset[str]]:
        """Labels of the question in all languages, and those of the columns that held it."""
        labels_by_target: dict[Target, set[str]] = defaultdict(set)
        for question_id, row in self.history.questions.items():
            labels_by_target[Target("answer", question_id)] |= {
                folded_label(row[name]) for name in label_columns(row)
            }
        for target, asked in self.history.targets.items():
            labels_by_target[target] |= {asking.block.label for asking in asked}
        return {target: frozenset(labels - {""}) for target, labels in labels_by_target.items()}

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
                like = similarity(wanted, word)
                if like >= SAME_ANSWER and (best is None or like > best[1]):
                    best = category_id, like
        if best is None and len(wanted) <= INITIAL:
            begun = {
                category_id
                for word, category_id in self.of_sets.get(category_set, {}).items()
                if word.startswith(wanted)
            }
            return (begun.pop(), SAME_ANSWER) if len(begun) == 1 else None
        return best
